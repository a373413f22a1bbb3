#pragma once

#include "model/core/edits.h"
#include "model/sync/session.h"
#include "model/topologymodel.h"
#include "tests/model/randomedits.h"

/// A session without an authority, for tests of windows: edits take effect at once, as site 1, and
/// what a host would do is called by the test (setState(), edit() of somebody else, refuse()).
class MemorySession final : public patchboard::Session
{
public:
    MemorySession()
    {
        m_status.state = patchboard::ConnectionState::Live;
        m_status.server = QStringLiteral("this computer");
        m_status.ready = true;
        patchboard::Person self;
        self.id = 1;
        self.name = m_author;
        self.self = true;
        m_people.append(self);
    }

    /// Fills it with the demo board, as if somebody had long ago.
    void loadDemo()
    {
        quint32 counter = 0;
        const auto edits =
            patchboard::edits::demoBoard([&counter] { return patchboard::makeId(0, ++counter); });
        applyAs(0, edits);
    }

    [[nodiscard]] const patchboard::Topology &topology() const override { return m_topology; }
    [[nodiscard]] patchboard::TopologyModel *model() override { return &m_model; }
    [[nodiscard]] patchboard::SessionStatus status() const override
    {
        patchboard::SessionStatus status = m_status;
        if (status.retryInMs > 0)
            status.retryInMs = std::max<qint64>(1, status.retryInMs - m_sincePlanned.elapsed());
        return status;
    }
    [[nodiscard]] QList<patchboard::Person> people() const override { return m_people; }
    [[nodiscard]] QString author() const override { return m_author; }
    [[nodiscard]] patchboard::EntityId newId() override
    {
        return patchboard::makeId(1, ++m_counter);
    }

    patchboard::Result<patchboard::Submitted>
    submit(const QList<patchboard::Edit> &edits, const QString &label, quint64 gesture = 0) override
    {
        if (m_status.readOnly) {
            return patchboard::Error{patchboard::Errc::Forbidden,
                                     QStringLiteral("This board is read-only")};
        }
        patchboard::Change change;
        change.site = 1;
        change.cseq = m_cseq + 1;
        change.base = m_revision;
        change.gesture = gesture;
        change.author = m_author;
        change.label = label;
        change.edits = edits;
        const bool live = m_status.state == patchboard::ConnectionState::Live;
        auto done = m_topology.submit(
            change, {{1, change.cseq}, live ? m_revision + 1 : 0, live ? ++m_time : 0});
        if (!done)
            return done.error();
        ++m_cseq;
        submitted.append(change);
        if (live)
            m_status.revision = ++m_revision;
        else
            ++m_status.pending;
        patchboard::Submitted out;
        out.writer = {1, change.cseq};
        out.undo = patchboard::undoEdits(done->applied, out.writer);
        out.notices = done->expansion.notices;
        out.expansion = done->expansion;
        m_applied.insert(change.cseq, {label, done->applied});
        Q_EMIT statusChanged();
        return out;
    }

    void reconnectNow() override
    {
        ++reconnects;
        m_status.pending = 0;
        setState(patchboard::ConnectionState::Live);
    }
    void workOffline() override { setState(patchboard::ConnectionState::Offline); }
    void setPointer(std::optional<QPointF> scenePosition) override { pointer = scenePosition; }
    void setSelection(const QList<patchboard::EntityId> &ids) override { selection = ids; }
    void setDrag(quint64 gesture,
                 const QList<std::pair<patchboard::EntityId, QPointF>> &devices) override
    {
        dragGesture = gesture;
        drag = devices;
    }
    void endDrag() override
    {
        dragGesture = 0;
        drag.clear();
    }
    void setView(const QRectF &scene) override { view = scene; }
    void setFollowing(quint64 person) override { following = person; }
    [[nodiscard]] quint64 newGesture() override { return ++m_gesture; }
    [[nodiscard]] QByteArray kept(const QString &name) const override { return m_kept.value(name); }
    void keep(const QString &name, const QByteArray &bytes) override { m_kept.insert(name, bytes); }

    [[nodiscard]] bool hasHistory() const override { return true; }
    quint64 askHistory(quint64 before, quint32 limit, const QString &text) override
    {
        patchboard::wire::HistoryPage page;
        page.request = ++m_request;
        for (auto it = m_past.crbegin(); it != m_past.crend(); ++it) {
            const patchboard::wire::HistoryEntry &entry = it->first;
            if ((before == 0 || entry.revision < before) && page.entries.size() < limit &&
                (entry.author + entry.label).contains(text, Qt::CaseInsensitive))
                page.entries.append(entry);
        }
        QMetaObject::invokeMethod(
            this, [this, page] { Q_EMIT historyArrived(page); }, Qt::QueuedConnection);
        return page.request;
    }
    quint64 askBoard(quint64 revision) override
    {
        const quint64 request = ++m_request;
        QMetaObject::invokeMethod(
            this,
            [this, request, revision] {
                for (const auto &[entry, contents] : std::as_const(m_past)) {
                    if (entry.revision == revision) {
                        auto board = std::make_shared<patchboard::Topology>();
                        (void)board->load(contents);
                        Q_EMIT boardArrived(request, revision, board);
                        return;
                    }
                }
                Q_EMIT askFailed(
                    request, {patchboard::Errc::NotFound, QStringLiteral("That revision is gone")});
            },
            Qt::QueuedConnection);
        return request;
    }
    quint64 editSnapshot(quint64 id, const QString &name, quint64 revision = 0) override
    {
        if (id == 0)
            m_named.append({quint64(m_named.size()) + 1, name,
                            revision == 0 ? m_revision : revision, m_time, m_author});
        else if (name.isEmpty())
            m_named.removeIf([id](const auto &each) { return each.id == id; });
        Q_EMIT namedSnapshotsChanged(++m_request);
        return m_request;
    }
    [[nodiscard]] QList<patchboard::wire::NamedSnapshot> namedSnapshots() const override
    {
        return m_named;
    }

    // What a host does

    /// The board as it is now becomes a revision of the past that can be asked for.
    void remember(const QString &author, const QString &label)
    {
        m_past.append({{m_revision, m_time, 1, author, label}, patchboard::contentsOf(m_topology)});
    }
    void setState(patchboard::ConnectionState state, qint64 retryInMs = 0,
                  const QString &detail = {})
    {
        m_status.state = state;
        m_status.retryInMs = retryInMs;
        m_sincePlanned.start();
        m_status.detail = detail;
        Q_EMIT statusChanged();
    }
    void setAsksForToken(bool asks, const QString &detail)
    {
        m_status.asksForToken = asks;
        m_status.detail = detail;
        Q_EMIT statusChanged();
    }
    void setServer(const QString &server)
    {
        m_status.server = server;
        Q_EMIT statusChanged();
    }
    void setReadOnly(bool readOnly)
    {
        m_status.readOnly = readOnly;
        m_model.setReadOnly(readOnly);
        Q_EMIT statusChanged();
    }
    void setReady(bool ready)
    {
        m_status.ready = ready;
        Q_EMIT statusChanged();
    }
    void setPeople(const QList<patchboard::Person> &people)
    {
        m_people = people;
        Q_EMIT peopleChanged();
    }
    /// Somebody else edits. False if the board refused it.
    bool edit(const QList<patchboard::Edit> &edits) { return applyAs(2, edits); }
    /// The authority refuses the newest change; it must be the last that was made here.
    void refuseLast(const patchboard::Error &error)
    {
        const auto taken = m_applied.take(m_cseq);
        m_topology.rollback(taken.second);
        Q_EMIT refused(m_cseq, taken.first, error);
    }

    // What the window said

    QList<patchboard::Change> submitted;
    std::optional<QPointF> pointer;
    QList<patchboard::EntityId> selection;
    QList<std::pair<patchboard::EntityId, QPointF>> drag;
    quint64 dragGesture = 0;
    QRectF view;
    quint64 following = 0;
    int reconnects = 0;

private:
    bool applyAs(patchboard::SiteId site, const QList<patchboard::Edit> &edits)
    {
        patchboard::Change change;
        change.site = site;
        change.cseq = ++m_othersCseq;
        change.base = m_revision;
        change.edits = edits;
        const auto done =
            m_topology.submit(change, {{site, change.cseq}, m_revision + 1, ++m_time});
        if (!done)
            return false;
        m_status.revision = ++m_revision;
        Q_EMIT statusChanged();
        return true;
    }

    patchboard::Topology m_topology;
    patchboard::TopologyModel m_model{m_topology};
    patchboard::SessionStatus m_status;
    QElapsedTimer m_sincePlanned;
    QList<patchboard::Person> m_people;
    QString m_author = QStringLiteral("Test Person");
    QHash<quint64, std::pair<QString, patchboard::Applied>> m_applied;
    QList<std::pair<patchboard::wire::HistoryEntry, patchboard::Topology::Contents>> m_past;
    QList<patchboard::wire::NamedSnapshot> m_named;
    quint64 m_request = 0;
    quint32 m_counter = 0;
    quint64 m_cseq = 0;
    quint64 m_othersCseq = 0;
    quint64 m_revision = 0;
    qint64 m_time = 1'700'000'000'000;
    QHash<QString, QByteArray> m_kept;
    quint64 m_gesture = 0;
};
