#pragma once

#include <QByteArray>
#include <QString>

namespace patchboard::server {

/// How a request that named itself was answered: who sends it again, not knowing whether it
/// arrived, gets the same answer, and nothing is done twice.
struct KeptAnswer
{
    QString author;     ///< whose request it was; keys of others are other keys
    QString key;        ///< how it named itself
    QByteArray request; ///< digest of what it asked for
    int status = 0;
    QByteArray contentType;
    QByteArray headers; ///< "Name: value" lines
    QByteArray body;
    qint64 time = 0; ///< ms since 1970 UTC

    bool operator==(const KeptAnswer &) const = default;
};

/// For how long an answer is kept, in ms.
inline constexpr qint64 kAnswerKeptMs = 24LL * 60 * 60 * 1000;

} // namespace patchboard::server
