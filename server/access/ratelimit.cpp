#include "server/access/ratelimit.h"

#include <cmath>

namespace patchboard::access {

namespace {

constexpr qsizetype kMostBuckets = 4096; ///< then those that are full are forgotten

} // namespace

std::optional<int> RateLimit::take(const QHostAddress &address, qint64 now)
{
    if (m_perSecond <= 0)
        return std::nullopt;
    const double rate = m_perSecond;
    const double burst = 2 * rate;
    const auto level = [&](const Bucket &bucket) {
        return std::min(burst, bucket.left + rate * double(now - bucket.filled) / 1000.0);
    };
    if (m_buckets.size() >= kMostBuckets && !m_buckets.contains(address))
        m_buckets.removeIf([&](const auto &it) { return level(it.value()) >= burst; });
    auto it = m_buckets.find(address);
    if (it == m_buckets.end())
        it = m_buckets.insert(address, {burst, now});
    it->left = level(*it);
    it->filled = now;
    if (it->left >= 1) {
        it->left -= 1;
        return std::nullopt;
    }
    return std::max(1, int(std::ceil((1 - it->left) / rate)));
}

} // namespace patchboard::access
