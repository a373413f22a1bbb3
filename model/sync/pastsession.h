#pragma once

#include "model/sync/session.h"
#include "model/topologymodel.h"

namespace patchboard {

/// A board of the past, to look at: a session without anybody else, that takes no changes.
class PastSession final : public Session
{
    Q_OBJECT
public:
    /// @a live: the session of the board as it is now, for its names; it is not kept.
    PastSession(std::shared_ptr<Topology> board, quint64 revision, const Session &live);

    [[nodiscard]] const Topology &topology() const override { return *m_board; }
    [[nodiscard]] TopologyModel *model() override { return &m_model; }
    [[nodiscard]] SessionStatus status() const override { return m_status; }
    [[nodiscard]] QList<Person> people() const override { return {}; }
    [[nodiscard]] QString author() const override { return m_author; }
    [[nodiscard]] EntityId newId() override { return 0; }
    Result<Submitted> submit(const QList<Edit> &edits, const QString &label,
                             quint64 gesture = 0) override;
    void reconnectNow() override {}
    void workOffline() override {}
    void setPointer(std::optional<QPointF>) override {}
    void setSelection(const QList<EntityId> &) override {}
    void setDrag(quint64, const QList<std::pair<EntityId, QPointF>> &) override {}
    void endDrag() override {}
    void setView(const QRectF &) override {}
    void setFollowing(quint64) override {}
    [[nodiscard]] quint64 newGesture() override { return 0; }

private:
    std::shared_ptr<Topology> m_board;
    TopologyModel m_model;
    SessionStatus m_status;
    QString m_author;
};

} // namespace patchboard
