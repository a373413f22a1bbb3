#pragma once

#include "model/core/change.h"
#include "model/core/result.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <optional>

class QLockFile;
class QSqlDatabase;

namespace patchboard {

/// What a client must not lose, in one SQLite file per board and profile: its pending changes, its
/// site and counters, and the confirmed state as last seen, to start from without a connection.
///
/// append() returns when the change would survive SIGKILL (WAL); with setPowerSafe(true), also a
/// power failure (each append waits for the disk). confirmed() and forget() are gathered and
/// written by flush() in one transaction: what is lost of them is learnt again from the authority.
/// One thread.
class Journal
{
public:
    ~Journal();
    Journal(const Journal &) = delete;
    Journal &operator=(const Journal &) = delete;

    /// Opens or makes `<folder>/<name>.journal`; while another process has that one open,
    /// `<name>-2.journal` and so on: each window process edits as a site of its own. A file that is
    /// damaged is put aside as `*.damaged-N` and a new one is begun; see setAside().
    static Result<std::unique_ptr<Journal>> open(const QString &folder, const QString &name);
    /// A name for the journal of a board: `ws://host:5001` or a path of a file, made fit for a file
    /// system.
    static QString nameFor(const QString &address);

    [[nodiscard]] const QString &path() const { return m_path; }
    /// Where a damaged file was put; empty if there was none.
    [[nodiscard]] const QString &setAside() const { return m_setAside; }

    struct Identity
    {
        QString profile; ///< uuid of this file
        SiteId site = 0; ///< 0 = none leased yet
        quint64 lastAcked = 0;
        quint64 lastIssued = 0;
        quint32 counter = 0; ///< the greatest counter of an id that was used in a change
        quint64 session = 0; ///< of the last connection
    };
    [[nodiscard]] const Identity &identity() const { return m_identity; }

    /// The confirmed state as last seen; nullopt if there is none.
    struct Cached
    {
        QString epoch;
        quint64 revision = 0; ///< of the snapshot
        quint64 logHash = 0;
        QByteArray snapshot;
        QList<QByteArray> commits; ///< encoded, after it
    };
    [[nodiscard]] Result<std::optional<Cached>> cached();
    /// In order.
    [[nodiscard]] Result<QList<Change>> pending();

    /// Keeps a change. @a counter: the greatest counter of an id used so far.
    Result<void> append(const Change &change, const QByteArray &encoded, quint32 counter);
    /// The newest change was taken back.
    Result<void> withdraw(quint64 cseq);
    /// Changes up to this one have been answered.
    void forget(quint64 cseq);
    /// A commit, as encoded, was applied to the confirmed state.
    void confirmed(quint64 revision, const QByteArray &commit);
    /// Writes what forget() and confirmed() gathered.
    Result<void> flush();
    [[nodiscard]] qint64 gatheredBytes() const { return m_gatheredBytes; }
    /// Commits since the snapshot, and their size.
    [[nodiscard]] qint64 cachedCommits() const { return m_cachedCommits; }
    [[nodiscard]] qint64 cachedBytes() const { return m_cachedBytes; }

    /// Replaces the cached state.
    Result<void> setSnapshot(const QString &epoch, quint64 revision, quint64 logHash,
                             const QByteArray &snapshot);
    Result<void> setSession(SiteId site, quint64 session);
    /// Another site was leased: @a changes replaces all that is pending.
    Result<void> moveToSite(SiteId site, quint64 session, const QList<Change> &changes,
                            quint32 counter);

    /// Each append() waits for the disk. Off by default.
    void setPowerSafe(bool on);

private:
    Journal() = default;
    Result<void> openFile();
    Result<void> run(const QString &sql);
    Result<void> writeIdentity();
    QSqlDatabase database() const;

    QString m_path;
    QString m_setAside;
    QString m_connection;
    std::unique_ptr<QLockFile> m_lock;
    Identity m_identity;
    QList<std::pair<quint64, QByteArray>> m_gathered;
    qint64 m_gatheredBytes = 0;
    quint64 m_forget = 0;
    qint64 m_cachedCommits = 0;
    qint64 m_cachedBytes = 0;
    bool m_powerSafe = false;
};

} // namespace patchboard
