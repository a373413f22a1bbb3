#pragma once

#include "model/core/change.h"
#include "model/core/topology.h"
#include "model/wire/messages.h"

#include <QObject>

#include <memory>

namespace patchboard {

class TopologyModel;

/// How the copy at hand stands to the authority. Reconnecting: it is being asked, or answers and
/// what was missed is on its way; Offline: it does not answer, or nobody asks it (retryInMs tells
/// which).
enum class ConnectionState : quint8 { Live, Reconnecting, Offline };

struct SessionStatus
{
    ConnectionState state = ConnectionState::Offline;
    QString detail;       ///< why it is not live, for people; empty if live
    qint64 retryInMs = 0; ///< until the next attempt, while Offline; 0 = none is planned
    qint64 pending = 0;   ///< changes of mine that the authority has not acknowledged
    quint64 revision = 0; ///< of the confirmed state
    QString server;       ///< "this computer", or host:port
    bool ready = false;   ///< there is a board to look at (from the authority, or a cached copy)
    bool readOnly = false;
    bool asksForToken = false; ///< the host lets nobody in without one, or not with this one
};

/// Somebody who has the board open; one entry per connection.
struct Person
{
    quint64 id = 0; ///< of the connection; unique while it lasts
    QString name;
    quint32 colour = 0; ///< index of the palette of people's colours
    bool self = false;
    std::optional<QPointF> pointer; ///< scene units
    QList<EntityId> selection;
    quint64 gesture = 0;                      ///< id of a live drag; 0 = none
    QList<std::pair<EntityId, QPointF>> drag; ///< where the dragged devices are shown
    std::optional<QRectF> view;               ///< what they see of the board; scene units
    quint64 following = 0;                    ///< whose view they follow; 0 = nobody's
};

/// What submit() did at once.
struct Submitted
{
    Writer writer;         ///< site and cseq of the change
    QList<Edit> undo;      ///< guarded edits that take it back
    QList<Notice> notices; ///< names fixed up and the like, as far as known here
    Expansion expansion;
};

/// The one interface that the user interface knows: a board that can be read, edited and watched,
/// wherever its authority runs. All calls and signals on the thread that made it.
class Session : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Confirmed state and my pending changes together: what is shown.
    [[nodiscard]] virtual const Topology &topology() const = 0;
    /// The item model over topology(); it also signals deltas (TopologyModel::changed, reset).
    [[nodiscard]] virtual TopologyModel *model() = 0;
    [[nodiscard]] virtual SessionStatus status() const = 0;
    [[nodiscard]] virtual QList<Person> people() const = 0;
    [[nodiscard]] virtual QString author() const = 0;

    /// A fresh id of this replica's site.
    [[nodiscard]] virtual EntityId newId() = 0;
    /// Checks and applies a change here at once, keeps it on disk, sends it when there is a
    /// connection.
    /// @a label is for people ("Move 12 devices"); @a gesture the id of the live drag that it ends.
    virtual Result<Submitted> submit(const QList<Edit> &edits, const QString &label,
                                     quint64 gesture = 0) = 0;

    /// Ends a wait for the next attempt to connect.
    virtual void reconnectNow() = 0;
    /// Closes the connection and stays offline until reconnectNow().
    virtual void workOffline() = 0;

    // Presence; may be called at every mouse move, it is throttled inside.
    virtual void setPointer(std::optional<QPointF> scenePosition) = 0;
    virtual void setSelection(const QList<EntityId> &ids) = 0;
    virtual void setDrag(quint64 gesture, const QList<std::pair<EntityId, QPointF>> &devices) = 0;
    virtual void endDrag() = 0;
    /// The part of the board that is seen here; has an area.
    virtual void setView(const QRectF &scene) = 0;
    /// Whose view is followed here; 0 = nobody's.
    virtual void setFollowing(quint64 person) = 0;
    /// A number for a new live drag, unique on the board for practical purposes.
    [[nodiscard]] virtual quint64 newGesture() = 0;

    // History. Each question returns a number, which its answer carries; 0: nobody can be asked
    // now.

    /// There is a host that can be asked.
    [[nodiscard]] virtual bool hasHistory() const { return false; }
    /// The changes before revision @a before (0 = from the newest on), the newest first, at most
    /// @a limit, with @a text in their author or label.
    virtual quint64 askHistory(quint64 before, quint32 limit, const QString &text)
    {
        Q_UNUSED(before)
        Q_UNUSED(limit)
        Q_UNUSED(text)
        return 0;
    }
    /// The board as it was after a revision. The one asked last counts; others are not answered.
    virtual quint64 askBoard(quint64 revision)
    {
        Q_UNUSED(revision)
        return 0;
    }
    /// Names revision @a revision (@a id 0), renames a snapshot, or forgets it (no name).
    virtual quint64 editSnapshot(quint64 id, const QString &name, quint64 revision = 0)
    {
        Q_UNUSED(id)
        Q_UNUSED(name)
        Q_UNUSED(revision)
        return 0;
    }
    [[nodiscard]] virtual QList<wire::NamedSnapshot> namedSnapshots() const { return {}; }

    /// What the user interface keeps beside the pending changes, by name, on this machine; empty if
    /// there is nothing, or nothing is kept here. It is written with the news that it is about.
    [[nodiscard]] virtual QByteArray kept(const QString &name) const
    {
        Q_UNUSED(name)
        return {};
    }
    virtual void keep(const QString &name, const QByteArray &bytes)
    {
        Q_UNUSED(name)
        Q_UNUSED(bytes)
    }

Q_SIGNALS:
    void statusChanged();
    void historyArrived(const patchboard::wire::HistoryPage &page);
    void boardArrived(quint64 request, quint64 revision,
                      const std::shared_ptr<patchboard::Topology> &board);
    void askFailed(quint64 request, const patchboard::Error &error);
    /// @a request: an edit that is done now; 0 = somebody else's.
    void namedSnapshotsChanged(quint64 request);
    void peopleChanged();
    /// The authority refused one of my changes; it has been taken back here.
    void refused(quint64 cseq, const QString &label, const patchboard::Error &error);
    /// The authority took it, but decided something (names, skipped parts, overwritten values); or,
    /// with cseq 0 and no label, somebody who had not seen a change of mine has undone it.
    void noticed(quint64 cseq, const QString &label, const QList<patchboard::Notice> &notices);
};

} // namespace patchboard
