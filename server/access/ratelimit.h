#pragma once

#include <QHash>
#include <QHostAddress>

#include <optional>

namespace patchboard::access {

/// How many requests an address may make: so many a second, twice as many in a burst.
class RateLimit
{
public:
    /// @a perSecond 0: no limit.
    explicit RateLimit(int perSecond)
        : m_perSecond(perSecond)
    {
    }
    /// Counts a request. nullopt: it may be; else after how many seconds one may be again. @a now:
    /// ms of any clock that does not go back.
    std::optional<int> take(const QHostAddress &address, qint64 now);

private:
    struct Bucket
    {
        double left = 0;
        qint64 filled = 0;
    };
    int m_perSecond;
    QHash<QHostAddress, Bucket> m_buckets;
};

} // namespace patchboard::access
