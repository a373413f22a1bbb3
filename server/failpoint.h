#pragma once

#include <QByteArray>

#include <csignal>

namespace patchboard::server {

/// Ends the process, as SIGKILL does, when it comes to a named place for the Nth time. Tests name
/// the place in PATCHBOARD_FAILPOINT=name:N; without the build option PATCHBOARD_FAILPOINTS, which
/// belongs to the tests, there is nothing here.
///
/// before_transaction, in_transaction, after_commit_before_ack, amid_telling (some of the frames of
/// a turn are sent).
#ifdef PATCHBOARD_FAILPOINTS
inline void failPoint(const char *name)
{
    static const QByteArray wanted = qgetenv("PATCHBOARD_FAILPOINT");
    if (wanted.isEmpty())
        return;
    static const qsizetype colon = wanted.indexOf(':');
    static int left = wanted.mid(colon + 1).toInt();
    if (QByteArrayView(wanted).first(std::max<qsizetype>(0, colon)) == name && --left == 0)
        std::raise(SIGKILL);
}
#else
inline void failPoint(const char *) {}
#endif

} // namespace patchboard::server
