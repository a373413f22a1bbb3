#pragma once

#include "model/core/edits.h"
#include "model/sync/session.h"
#include "model/topologymodel.h"

/// A session without an authority: one board in memory, edited at once. It notes what it is told of
/// presence, and others' edits and presence can be put into it.
class LocalSession : public patchboard::Session
{
public:
    LocalSession()
        : m_model(m_topology)
    {
    }

    [[nodiscard]] const patchboard::Topology &topology() const override { return m_topology; }
    [[nodiscard]] patchboard::TopologyModel *model() override { return &m_model; }
    [[nodiscard]] patchboard::SessionStatus status() const override
    {
        patchboard::SessionStatus status;
        status.state = patchboard::ConnectionState::Live;
        status.ready = true;
        status.readOnly = readOnly;
        status.server = QStringLiteral("test");
        return status;
    }
    [[nodiscard]] QList<patchboard::Person> people() const override { return m_people; }
    [[nodiscard]] QString author() const override { return QStringLiteral("Tester"); }
    [[nodiscard]] patchboard::EntityId newId() override
    {
        return patchboard::makeId(m_site, ++m_counter);
    }
    patchboard::Result<patchboard::Submitted> submit(const QList<patchboard::Edit> &edits,
                                                     const QString &label, quint64 gesture) override
    {
        patchboard::Change change;
        change.site = m_site;
        change.cseq = ++m_cseq;
        change.gesture = gesture;
        change.label = label;
        change.edits = edits;
        auto outcome = m_topology.submit(change, {{m_site, m_cseq}, ++m_revision, 1000});
        if (!outcome)
            return outcome.error();
        changes.append(change);
        patchboard::Submitted submitted;
        submitted.writer = {m_site, m_cseq};
        submitted.undo = patchboard::undoEdits(outcome->applied, submitted.writer);
        submitted.notices = outcome->expansion.notices;
        submitted.expansion = outcome->expansion;
        return submitted;
    }
    void reconnectNow() override {}
    void workOffline() override {}
    void setPointer(std::optional<QPointF> scenePosition) override { pointer = scenePosition; }
    void setSelection(const QList<patchboard::EntityId> &ids) override { selection = ids; }
    void setDrag(quint64 gesture,
                 const QList<std::pair<patchboard::EntityId, QPointF>> &devices) override
    {
        dragGesture = gesture;
        drag = devices;
        ++dragCount;
    }
    void endDrag() override
    {
        dragGesture = 0;
        drag.clear();
    }
    void setView(const QRectF &scene) override { view = scene; }
    void setFollowing(quint64 person) override { following = person; }
    [[nodiscard]] quint64 newGesture() override { return ++m_gesture; }

    /// An id for what somebody else makes.
    [[nodiscard]] patchboard::EntityId othersId() { return patchboard::makeId(9, ++m_othersIds); }
    /// A change of somebody else.
    bool arrive(const QList<patchboard::Edit> &edits)
    {
        patchboard::Change change;
        change.site = 9;
        change.cseq = ++m_othersCseq;
        change.edits = edits;
        return m_topology.submit(change, {{9, m_othersCseq}, ++m_revision, 1000}).ok();
    }
    void setPeople(const QList<patchboard::Person> &people)
    {
        m_people = people;
        Q_EMIT peopleChanged();
    }
    [[nodiscard]] patchboard::Topology &board() { return m_topology; }

    /// What was submitted here, in order.
    QList<patchboard::Change> changes;
    std::optional<QPointF> pointer;
    QList<patchboard::EntityId> selection;
    QRectF view;
    quint64 following = 0;
    quint64 dragGesture = 0;
    QList<std::pair<patchboard::EntityId, QPointF>> drag;
    int dragCount = 0;
    bool readOnly = false;

private:
    static constexpr patchboard::SiteId m_site = 1;
    patchboard::Topology m_topology;
    patchboard::TopologyModel m_model;
    QList<patchboard::Person> m_people;
    quint32 m_counter = 0;
    quint32 m_othersIds = 0;
    quint64 m_cseq = 0;
    quint64 m_othersCseq = 0;
    quint64 m_revision = 0;
    quint64 m_gesture = 0;
};
