#pragma once

#include "model/sync/session.h"
#include "model/sync/transport.h"

#include <memory>

namespace patchboard {

class Journal;

/// A session over a transport: a replica, its journal, and a connection that comes back by itself.
///
/// Socket and timers of liveness live in a thread of its own, so that a busy window neither looks
/// dead to the host nor fails to notice that the host is.
class SyncClient final : public Session
{
    Q_OBJECT
public:
    struct Options
    {
        TransportFactory transport;
        QString server; ///< what SessionStatus::server says: "this computer", or host:port
        QString author;
        QString token;
        QString journalFolder; ///< empty: nothing is kept on disk (command line, tests)
        QString journalName;   ///< Journal::nameFor(address)
        bool startOffline = false;
        int pingAfter = 2000;       ///< ms of silence
        int deadAfter = 5000;       ///< ms of silence
        int backOffFirst = 250;     ///< ms
        int backOffLongest = 15000; ///< ms
        int presenceInterval = 20;  ///< ms between two presence frames
        int ghostTimeout = 3000;    ///< ms without news of a drag
        int window = 256;           ///< changes under way and not answered
    };
    /// Opens the journal, shows the cached copy if there is one (status().ready), and connects. If
    /// the journal cannot be opened, the session works without one and says so in journalError().
    explicit SyncClient(Options options, QObject *parent = nullptr);
    ~SyncClient() override;

    [[nodiscard]] const Topology &topology() const override;
    [[nodiscard]] TopologyModel *model() override;
    [[nodiscard]] SessionStatus status() const override;
    [[nodiscard]] QList<Person> people() const override;
    [[nodiscard]] QString author() const override;
    [[nodiscard]] EntityId newId() override;
    Result<Submitted> submit(const QList<Edit> &edits, const QString &label,
                             quint64 gesture = 0) override;
    void reconnectNow() override;
    void workOffline() override;
    void setPointer(std::optional<QPointF> scenePosition) override;
    void setSelection(const QList<EntityId> &ids) override;
    void setDrag(quint64 gesture, const QList<std::pair<EntityId, QPointF>> &devices) override;
    void endDrag() override;
    void setView(const QRectF &scene) override;
    void setFollowing(quint64 person) override;
    [[nodiscard]] quint64 newGesture() override;

    /// Greets with another token, at once.
    void setToken(const QString &token);

    [[nodiscard]] bool hasHistory() const override;
    quint64 askHistory(quint64 before, quint32 limit, const QString &text) override;
    quint64 askBoard(quint64 revision) override;
    quint64 editSnapshot(quint64 id, const QString &name, quint64 revision = 0) override;
    [[nodiscard]] QList<wire::NamedSnapshot> namedSnapshots() const override;
    [[nodiscard]] QByteArray kept(const QString &name) const override;
    void keep(const QString &name, const QByteArray &bytes) override;

    /// Empty if the journal works.
    [[nodiscard]] QString journalError() const;
    [[nodiscard]] const Journal *journal() const;
    [[nodiscard]] SiteId site() const;
    /// The authority's epoch of this board; empty before the first contact.
    [[nodiscard]] QString epoch() const;

Q_SIGNALS:
    /// The board was loaded for the first time, from the authority or the cached copy.
    void readyChanged();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace patchboard
