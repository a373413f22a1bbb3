#pragma once

#include "model/clientstore.h"

#include <QHash>
#include <QSet>
#include <QSqlDatabase>
#include <QSqlQuery>

#include <memory>

class QLockFile;

namespace patchboard {

/// A ClientStore in one SQLite file per board and profile.
///
/// append() returns when the change survives SIGKILL (write-ahead log, synchronous=NORMAL); with
/// setPowerSafe(true), a power failure as well: then each append waits for the disk. What forget()
/// and confirmed() say is gathered until flush(), which writes it in one transaction: lost, it is
/// learnt again from the authority. One thread.
class Journal final : public ClientStore
{
public:
    ~Journal() override;
    Journal(const Journal &) = delete;
    Journal &operator=(const Journal &) = delete;

    /// Opens or makes `<folder>/<name>.journal`; while another window process has that one open,
    /// `<name>-2.journal` and so on, so that each edits as a site of its own. A file that cannot be
    /// read is put aside as `*.damaged-N` and a new one is begun; one of a newer version is
    /// refused.
    static Result<std::unique_ptr<Journal>> open(const QString &folder, const QString &name);
    /// The name of the journal of a board: its address (`ws://host:5001`, or the path of a file)
    /// made fit for a file system.
    static QString nameFor(const QString &address);

    [[nodiscard]] const QString &path() const { return m_path; }
    /// Where a damaged file was put; empty if there was none.
    [[nodiscard]] const QString &setAside() const { return m_setAside; }

    [[nodiscard]] Identity identity() const override { return m_identity; }
    Result<std::optional<Cached>> cached() override;
    Result<QList<Change>> pending() override;
    Result<void> append(const Change &change, const QByteArray &encoded, quint32 counter) override;
    void forget(quint64 cseq) override;
    void confirmed(quint64 revision, const QByteArray &commit) override;
    Result<void> setSnapshot(const QString &epoch, quint64 revision, quint64 logHash,
                             const QByteArray &snapshot) override;
    Result<void> setSession(quint64 session) override;
    Result<void> moveToSite(SiteId site, quint64 session, const QList<Change> &changes,
                            quint64 lastIssued, quint32 counter) override;

    /// Session::kept().
    [[nodiscard]] QByteArray kept(const QString &name) const { return m_kept.value(name); }
    void keep(const QString &name, const QByteArray &bytes);

    /// Writes what was gathered.
    Result<void> flush();
    [[nodiscard]] bool hasGathered() const
    {
        return m_forget != 0 || !m_gathered.isEmpty() || !m_toKeep.isEmpty();
    }
    [[nodiscard]] qint64 gatheredBytes() const { return m_gatheredBytes; }
    /// Commits after the cached snapshot, with what was gathered.
    [[nodiscard]] qint64 cachedCommits() const { return m_cachedCommits; }

    void setPowerSafe(bool on);

private:
    explicit Journal(QString path);
    Result<void> openFile();
    Result<void> readIdentity();
    Result<void> readKept();
    [[nodiscard]] Error failure(const QSqlQuery &query) const;
    Result<void> run(const QString &sql);
    /// All or nothing.
    template <typename F>
    Result<void> transaction(F body);
    Result<void> writeIdentity();
    Result<void> writeGathered();
    void close();

    QString m_path;
    QString m_setAside;
    QString m_connection;
    std::unique_ptr<QLockFile> m_lock;
    QSqlDatabase m_database;
    std::optional<QSqlQuery> m_insertChange;
    std::optional<QSqlQuery> m_insertCommit;
    Identity m_identity;
    QList<std::pair<quint64, QByteArray>> m_gathered;
    qint64 m_gatheredBytes = 0;
    QHash<QString, QByteArray> m_kept;
    QSet<QString> m_toKeep; ///< names whose bytes are not written yet
    quint64 m_forget = 0;
    qint64 m_cachedCommits = 0;
    bool m_hasSnapshot = false;
    bool m_powerSafe = false;
};

} // namespace patchboard
