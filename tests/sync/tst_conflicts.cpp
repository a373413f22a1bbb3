#include "model/authority.h"
#include "model/clientcore.h"
#include "model/core/edits.h"
#include "model/wire/codec.h"
#include "tests/support/sync/memorylog.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>

using namespace patchboard;

namespace {

/// A host and windows whose lines carry something only when the test says so.
class Windows
{
public:
    struct Window
    {
        Topology topology;
        ClientReceiver receiver;
        std::unique_ptr<ClientCore> core;
        Authority::SessionId session = 0;
        QList<Notice> notices;
        QList<ClientCore::Refused> refused;
        QList<ClientCore::Hangup> hangups;
        int snapshots = 0;
        bool mute = false; ///< what it says does not get through
    };

    static constexpr Authority::SessionId kAway = ~Authority::SessionId(0);

    explicit Windows(Authority::Options options = {})
        : authority(m_board, m_log.state(), m_log, std::move(options))
    {
        for (const auto &name : {QStringLiteral("Ann"), QStringLiteral("Bob")})
            add(name);
        settle();
    }
    Window &add(const QString &author)
    {
        m_windows.push_back(std::make_unique<Window>());
        Window &window = *m_windows.back();
        window.core = std::make_unique<ClientCore>(window.topology, nullptr,
                                                   ClientCore::Options{author, {}, 256, 3000});
        connect(window);
        return window;
    }
    Window &ann() { return *m_windows.at(0); }
    Window &bob() { return *m_windows.at(1); }

    /// Everything arrives; Ann's changes first.
    void settle()
    {
        for (int round = 0; round < 12; ++round) {
            for (const auto &window : m_windows) {
                if (window->session == 0)
                    connect(*window);
                if (window->mute || window->session == kAway)
                    continue;
                for (const QByteArray &frame : window->core->takeFrames())
                    authority.receive(window->session, frame, ++m_now);
            }
            if (const CommitBatch batch = authority.takeBatch(); !batch.isEmpty()) {
                if (const QString wrong = m_log.store(batch); !wrong.isEmpty())
                    qFatal("%s", qPrintable(wrong));
                authority.committed();
            }
            for (const Authority::SessionId id : authority.behind())
                authority.pump(id);
            for (const Authority::Outgoing &out : authority.takeOutgoing()) {
                for (const auto &window : m_windows) {
                    if (out.to.contains(window->session) && !out.frame.isEmpty())
                        deliver(*window, out.frame);
                }
            }
        }
    }
    /// The window's line is cut, and comes back.
    void away(Window &window)
    {
        authority.closeSession(window.session);
        window.core->disconnected();
        window.session = kAway;
    }
    void back(Window &window) { connect(window); }
    bool equal()
    {
        return ann().topology == m_board && bob().topology == m_board &&
               ann().core->replica().pendingCount() == 0 &&
               bob().core->replica().pendingCount() == 0;
    }
    Topology &board() { return m_board; }
    MemoryLog &log() { return m_log; }

    /// The window makes a change; it must be allowed there.
    static Replica::Mine edit(Window &window, const QList<Edit> &edits)
    {
        auto mine = window.core->submit(edits, QStringLiteral("Edit"));
        if (!mine)
            qFatal("%s", qPrintable(mine.error().text));
        return *mine;
    }
    EntityId device(Window &window, const QString &name, EntityId container = 0,
                    const QString &type = QStringLiteral("ROUTER"))
    {
        EntityId id = 0;
        edit(window, edits::createDevice(
                         window.topology, {name, type, {}, container, true},
                         [&window] { return window.core->newId(); }, &id));
        return id;
    }
    EntityId container(Window &window, const QString &name, EntityId in = 0)
    {
        return device(window, name, in, QStringLiteral("POP"));
    }
    EntityId link(Window &window, EntityId a, EntityId b)
    {
        EntityId id = 0;
        edit(window,
             edits::linkDevices(
                 window.topology, a, b, [&window] { return window.core->newId(); }, 0, 0, &id));
        return id;
    }

private:
    void connect(Window &window)
    {
        window.session = authority.openSession();
        window.receiver.reset();
        window.core->connected(window.receiver.partial());
    }
    static void deliver(Window &window, const QByteArray &frame)
    {
        auto incoming = window.receiver.feed(frame);
        if (!incoming)
            qFatal("%s", qPrintable(incoming.error().text));
        window.snapshots += std::holds_alternative<ClientReceiver::Snapshot>(*incoming);
        window.core->receive(std::move(*incoming), 0);
        for (const ClientCore::Event &event : window.core->takeEvents()) {
            if (const auto *noticed = std::get_if<ClientCore::Noticed>(&event))
                window.notices += noticed->notices;
            else if (const auto *refused = std::get_if<ClientCore::Refused>(&event))
                window.refused.append(*refused);
            else if (const auto *hangup = std::get_if<ClientCore::Hangup>(&event)) {
                window.hangups.append(*hangup);
                window.session = 0;
                return;
            }
        }
    }

    MemoryLog m_log;
    Topology m_board;
    qint64 m_now = 1000;
    std::vector<std::unique_ptr<Window>> m_windows;

public:
    Authority authority;
};

Edit setTo(EntityId id, Field field, const Value &value)
{
    return edits::setField(id, field, value);
}

const Notice *findNotice(const QList<Notice> &notices, Notice::Kind kind, EntityId id)
{
    const auto it = std::find_if(notices.cbegin(), notices.cend(), [&](const Notice &notice) {
        return notice.kind == kind && notice.id == id;
    });
    return it == notices.cend() ? nullptr : &*it;
}

} // namespace

/// What becomes of two changes whose authors had not seen each other's: the table of docs/sync.md,
/// row by row. Ann's change always comes first.
class TestConflicts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void differentFields();
    void oneField();
    void lostAndSetAgain();
    void lostWhileAway();
    void reparent();
    void reparentInCircles();
    void removeAndSet();
    void setAndRemove();
    void removeAndRemove();
    void removeAndLink();
    void linkAndRemove();
    void devicesOfOneName();
    void interfacesOfOneName();
    void removeContainer();
    void restoreWithAMissingEnd();
    void undoLeavesOthersValues();
    void redoIsGuardedToo();
    void aCopyThatDiffersIsFetchedAnew_data();
    void aCopyThatDiffersIsFetchedAnew();
    void whoIsTooEarlyComesAgain();
    void whoMayNotStaysAway();
    void whoMayOnlyLookIsToldOnce();
    void whoIsExpelledStaysAway();
};

void TestConflicts::differentFields()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("a"))});
    Windows::edit(w.bob(), {setTo(id, Field::Address, QStringLiteral("10.0.0.1"))});
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(id)->remarks->notes, QStringLiteral("a"));
    QCOMPARE(w.board().device(id)->address, QStringLiteral("10.0.0.1"));
    QVERIFY(w.bob().notices.isEmpty());
}

/// The later wins; its author is told the other value, and can put it back.
void TestConflicts::oneField()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("hers"))});
    Windows::edit(w.bob(), {setTo(id, Field::Notes, QStringLiteral("his"))});
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(id)->remarks->notes, QStringLiteral("his"));
    const Notice *notice = findNotice(w.bob().notices, Notice::Kind::Overwrote, id);
    QVERIFY(notice);
    QCOMPARE(notice->key, FieldKey(Field::Notes));
    QCOMPARE(notice->old, Value(QStringLiteral("hers")));
    QCOMPARE(notice->by, QStringLiteral("Ann"));
    QVERIFY(notice->at > 0);
    // She is told as well, and what was hers is kept.
    const Notice *loss = findNotice(w.ann().notices, Notice::Kind::Lost, id);
    QVERIFY(loss);
    QCOMPARE(loss->key, FieldKey(Field::Notes));
    QCOMPARE(loss->old, Value(QStringLiteral("hers")));
    QCOMPARE(loss->by, QStringLiteral("Bob"));
    QCOMPARE(loss->revision, w.authority.revision());
    QVERIFY(loss->at > notice->at);
    QCOMPARE(w.ann().notices.size(), 1);
    Windows::edit(w.bob(), {setTo(id, Field::Notes, notice->old)});
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(id)->remarks->notes, QStringLiteral("hers"));
    // Who has seen a value replaces it without a word.
    w.ann().notices.clear();
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("seen"))});
    w.bob().notices.clear();
    w.settle();
    QVERIFY(w.ann().notices.isEmpty());
    QVERIFY(w.bob().notices.isEmpty());
}

/// Nobody is told of the loss of a value that they have set again themselves meanwhile, nor of one
/// that somebody else set to the same.
void TestConflicts::lostAndSetAgain()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("hers"))});
    Windows::edit(w.bob(), {setTo(id, Field::Notes, QStringLiteral("his")),
                            setTo(id, Field::Address, QStringLiteral("10.0.0.1"))});
    w.bob().mute = true;
    w.settle();
    Windows::edit(w.ann(), {setTo(id, Field::Address, QStringLiteral("10.0.0.1"))});
    w.settle();
    w.ann().mute = true;
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("hers again"))});
    w.bob().mute = false;
    w.settle();
    QCOMPARE(w.board().device(id)->remarks->notes, QStringLiteral("his"));
    QVERIFY(w.ann().notices.isEmpty());
    w.ann().mute = false;
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(id)->remarks->notes, QStringLiteral("hers again"));
    QVERIFY(findNotice(w.ann().notices, Notice::Kind::Overwrote, id));
    QVERIFY(findNotice(w.bob().notices, Notice::Kind::Lost, id));
}

/// A window that was away learns of it from the log.
void TestConflicts::lostWhileAway()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    w.bob().mute = true;
    Windows::edit(w.bob(), {setTo(id, Field::Notes, QStringLiteral("his"))});
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("hers"))});
    w.settle();
    w.away(w.ann());
    w.bob().mute = false;
    w.settle();
    QVERIFY(w.ann().notices.isEmpty());
    w.back(w.ann());
    w.settle();
    QVERIFY(w.equal());
    const Notice *loss = findNotice(w.ann().notices, Notice::Kind::Lost, id);
    QVERIFY(loss);
    QCOMPARE(loss->old, Value(QStringLiteral("hers")));
}

void TestConflicts::reparent()
{
    Windows w;
    const EntityId x = w.container(w.ann(), QStringLiteral("X"));
    const EntityId y = w.container(w.ann(), QStringLiteral("Y"));
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    Windows::edit(w.ann(), {setTo(id, Field::Container, qint64(x))});
    Windows::edit(w.bob(), {setTo(id, Field::Container, qint64(y))});
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(id)->container, y);
    const Notice *notice = findNotice(w.bob().notices, Notice::Kind::Overwrote, id);
    QVERIFY(notice);
    QCOMPARE(notice->old, Value(qint64(x)));
    const Notice *loss = findNotice(w.ann().notices, Notice::Kind::Lost, id);
    QVERIFY(loss);
    QCOMPARE(loss->old, Value(qint64(x)));
}

void TestConflicts::reparentInCircles()
{
    Windows w;
    const EntityId x = w.container(w.ann(), QStringLiteral("X"));
    const EntityId y = w.container(w.ann(), QStringLiteral("Y"));
    w.settle();
    Windows::edit(w.ann(), {setTo(x, Field::Container, qint64(y))});
    Windows::edit(w.bob(), {setTo(y, Field::Container, qint64(x))});
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(x)->container, y);
    QCOMPARE(w.board().device(y)->container, EntityId(0));
    QCOMPARE(w.bob().refused.size(), 1);
    QCOMPARE(w.bob().refused.at(0).error.code, Errc::Conflict);
    // The refusal has used its number up: what comes after it is not held up.
    Windows::edit(w.bob(), {setTo(y, Field::Notes, QStringLiteral("after"))});
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(y)->remarks->notes, QStringLiteral("after"));
}

void TestConflicts::removeAndSet()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    Windows::edit(w.ann(), {RemoveEntities{{id}, false}});
    Windows::edit(w.bob(), {setTo(id, Field::Notes, QStringLiteral("late"))});
    w.settle();
    QVERIFY(w.equal());
    QVERIFY(!w.board().device(id));
    const Notice *gone = findNotice(w.bob().notices, Notice::Kind::Gone, id);
    QVERIFY(gone);
    QCOMPARE(gone->old, Value(QStringLiteral("late")));
    QCOMPARE(gone->by, QStringLiteral("Ann"));
    // He is offered to bring it back.
    Windows::edit(w.bob(), {RestoreEntities{{id}}});
    w.settle();
    QVERIFY(w.equal());
    QVERIFY(w.board().device(id));
}

/// Set first: whoever did is told that it went with the device, once for all that hung on it.
void TestConflicts::setAndRemove()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    const EntityId port = w.ann().topology.interfacesOf(id).front();
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("hers")),
                            setTo(port, Field::Notes, QStringLiteral("hers too"))});
    Windows::edit(w.bob(), {RemoveEntities{{id}, false}});
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.ann().notices.size(), 1);
    const Notice *loss = findNotice(w.ann().notices, Notice::Kind::LostRemoved, id);
    QVERIFY(loss);
    QCOMPARE(loss->by, QStringLiteral("Bob"));
    Windows::edit(w.ann(), {RestoreEntities{{id}}});
    w.settle();
    QCOMPARE(w.board().device(id)->remarks->notes, QStringLiteral("hers"));
    // What was seen is removed without a word.
    w.ann().notices.clear();
    Windows::edit(w.bob(), {RemoveEntities{{id}, false}});
    w.settle();
    QVERIFY(w.ann().notices.isEmpty());
}

void TestConflicts::removeAndRemove()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    const quint64 before = w.authority.revision();
    Windows::edit(w.ann(), {RemoveEntities{{id}, false}});
    Windows::edit(w.bob(), {RemoveEntities{{id}, false}});
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.authority.revision(), before + 1);
    QVERIFY(w.bob().refused.isEmpty());
}

/// Remove first: the link is left out, the rest of the paste goes in.
void TestConflicts::removeAndLink()
{
    Windows w;
    const EntityId a = w.device(w.ann(), QStringLiteral("A"));
    const EntityId b = w.device(w.ann(), QStringLiteral("B"));
    w.settle();
    Windows::edit(w.ann(), {RemoveEntities{{a}, false}});
    EntityId extra = 0;
    EntityId linked = 0;
    const auto newId = [&] { return w.bob().core->newId(); };
    QList<Edit> paste = edits::createDevice(
        w.bob().topology, {QStringLiteral("C"), QStringLiteral("ROUTER"), {}, 0, false}, newId,
        &extra);
    paste += edits::linkDevices(w.bob().topology, a, b, newId, 0, 0, &linked);
    Windows::edit(w.bob(), paste);
    w.settle();
    QVERIFY(w.equal());
    QVERIFY(w.board().device(extra));
    QVERIFY(!w.board().link(linked));
    QVERIFY(findNotice(w.bob().notices, Notice::Kind::Gone, linked));
}

/// Link first: it goes with the device.
void TestConflicts::linkAndRemove()
{
    Windows w;
    const EntityId a = w.device(w.ann(), QStringLiteral("A"));
    const EntityId b = w.device(w.ann(), QStringLiteral("B"));
    w.settle();
    const EntityId linked = w.link(w.ann(), a, b);
    const Replica::Mine removal = Windows::edit(w.bob(), {RemoveEntities{{a}, false}});
    w.settle();
    QVERIFY(w.equal());
    QVERIFY(!w.board().device(a) && !w.board().link(linked));
    QVERIFY(findNotice(w.ann().notices, Notice::Kind::LostRemoved, linked));
    QCOMPARE(w.ann().notices.size(), 1);
    // Undo of a removal brings the whole cascade back, seen or not.
    Windows::edit(w.bob(), removal.undo);
    w.settle();
    QVERIFY(w.equal());
    QVERIFY(w.board().device(a) && w.board().link(linked));
}

void TestConflicts::devicesOfOneName()
{
    Windows w;
    w.device(w.ann(), QStringLiteral("R1"));
    const EntityId his = w.device(w.bob(), QStringLiteral("R1"));
    QCOMPARE(w.bob().topology.device(his)->name, QStringLiteral("R1"));
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(his)->name, QStringLiteral("R1-2"));
    const Notice *notice = findNotice(w.bob().notices, Notice::Kind::Renamed, his);
    QVERIFY(notice);
    QCOMPARE(notice->text, QStringLiteral("R1-2"));
}

void TestConflicts::interfacesOfOneName()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    const auto port = [id](Windows::Window &window) {
        const EntityId made = window.core->newId();
        Windows::edit(window, {CreateEntity{EntityKind::Interface,
                                            made,
                                            {{Field::Name, QStringLiteral("xe9")},
                                             {Field::Device, qint64(id)}},
                                            0}});
        return made;
    };
    port(w.ann());
    const EntityId his = port(w.bob());
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().interface(his)->name, QStringLiteral("xe9-2"));
    QVERIFY(findNotice(w.bob().notices, Notice::Kind::Renamed, his));
}

/// Only what the author had seen goes with it; the rest moves to the nearest container that lives.
void TestConflicts::removeContainer()
{
    Windows w;
    const EntityId outer = w.container(w.ann(), QStringLiteral("Outer"));
    const EntityId inner = w.container(w.ann(), QStringLiteral("Inner"), outer);
    const EntityId seen = w.device(w.ann(), QStringLiteral("seen"), inner);
    w.settle();
    const EntityId unseen = w.device(w.ann(), QStringLiteral("unseen"), inner);
    Windows::edit(w.bob(), {RemoveEntities{{inner}, true}});
    w.settle();
    QVERIFY(w.equal());
    QVERIFY(!w.board().device(inner) && !w.board().device(seen));
    QVERIFY(w.board().device(unseen));
    QCOMPARE(w.board().device(unseen)->container, outer);
    QVERIFY(findNotice(w.bob().notices, Notice::Kind::Moved, unseen));
    // And the other way round: put into what is gone.
    Windows::edit(w.ann(), {RemoveEntities{{outer}, false}});
    const EntityId late = w.device(w.bob(), QStringLiteral("late"), outer);
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(late)->container, EntityId(0));
    QVERIFY(findNotice(w.bob().notices, Notice::Kind::Moved, late));
}

void TestConflicts::restoreWithAMissingEnd()
{
    Windows w;
    const EntityId a = w.device(w.ann(), QStringLiteral("A"));
    const EntityId b = w.device(w.ann(), QStringLiteral("B"));
    const EntityId linked = w.link(w.ann(), a, b);
    w.settle();
    const Replica::Mine removal = Windows::edit(w.bob(), {RemoveEntities{{a}, false}});
    w.settle();
    Windows::edit(w.ann(), {RemoveEntities{{b}, false}});
    Windows::edit(w.bob(), removal.undo);
    w.settle();
    QVERIFY(w.equal());
    QVERIFY(w.board().device(a));
    QVERIFY(!w.board().link(linked));
    QVERIFY(findNotice(w.bob().notices, Notice::Kind::NotRestored, linked));
}

void TestConflicts::undoLeavesOthersValues()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    const Replica::Mine change =
        Windows::edit(w.bob(), {setTo(id, Field::Notes, QStringLiteral("his")),
                                setTo(id, Field::Address, QStringLiteral("10.0.0.1"))});
    w.settle();
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("hers"))});
    Windows::edit(w.bob(), change.undo); // before he has seen it
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(id)->remarks->notes, QStringLiteral("hers"));
    QCOMPARE(w.board().device(id)->address, QString());
    const Notice *notice = findNotice(w.bob().notices, Notice::Kind::Skipped, id);
    QVERIFY(notice);
    QCOMPARE(notice->key, FieldKey(Field::Notes));
}

void TestConflicts::redoIsGuardedToo()
{
    Windows w;
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    const Replica::Mine change =
        Windows::edit(w.bob(), {setTo(id, Field::Notes, QStringLiteral("his"))});
    const Replica::Mine undo = Windows::edit(w.bob(), change.undo);
    const Replica::Mine redo = Windows::edit(w.bob(), undo.undo);
    w.settle();
    QCOMPARE(w.board().device(id)->remarks->notes, QStringLiteral("his"));
    Windows::edit(w.bob(), redo.undo);
    w.settle();
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("hers"))});
    w.settle();
    Windows::edit(w.bob(), undo.undo);
    w.settle();
    QVERIFY(w.equal());
    QCOMPARE(w.board().device(id)->remarks->notes, QStringLiteral("hers"));
}

// Beside the table

void TestConflicts::aCopyThatDiffersIsFetchedAnew_data()
{
    QTest::addColumn<bool>("pending");
    QTest::newRow("nothing pending") << false;
    QTest::newRow("with something pending") << true;
}

/// A board that went wrong in a window says so, loudly, and is fetched.
void TestConflicts::aCopyThatDiffersIsFetchedAnew()
{
    QFETCH(bool, pending);
    Authority::Options options;
    options.digestEvery = 2;
    Windows w(options);
    const EntityId id = w.device(w.ann(), QStringLiteral("R1"));
    w.settle();
    QCOMPARE(w.authority.revision(), quint64(1));
    const int snapshots = w.bob().snapshots;
    QVERIFY(w.bob().topology.apply({setTo(id, Field::Address, QStringLiteral("broken"))},
                                   {{9, 1}, 1, 1}));
    Windows::edit(w.ann(), {setTo(id, Field::Notes, QStringLiteral("n"))});
    if (pending) {
        w.bob().mute = true;
        Windows::edit(w.bob(), {setTo(id, Field::Position, QPointF(2, 2))});
    }
    w.settle();
    QVERIFY(!w.bob().hangups.isEmpty());
    QVERIFY(w.bob().hangups.at(0).error.text.contains(QLatin1String("differed")));
    QVERIFY(w.bob().hangups.at(0).retryAfter >= 0);
    QCOMPARE(w.bob().core->replica().pendingCount(), pending ? 1 : 0);
    w.bob().mute = false;
    w.settle();
    QCOMPARE(w.bob().snapshots, snapshots + 1);
    QVERIFY(w.ann().hangups.isEmpty());
    QVERIFY(w.equal());
}

void TestConflicts::whoIsTooEarlyComesAgain()
{
    Windows w;
    bool full = true;
    w.authority.setAdmissionCheck(
        [&full](Authority::SessionId, const wire::Hello &) -> Result<Authority::Admission> {
            if (full)
                return Error{Errc::Unavailable, QStringLiteral("later")};
            return Authority::Admission{};
        });
    Windows::Window &late = w.add(QStringLiteral("Cem"));
    w.settle();
    QVERIFY(!late.hangups.isEmpty());
    QVERIFY(late.hangups.constFirst().retryAfter > 0);
    full = false;
    w.settle();
    QCOMPARE(late.core->phase(), ClientCore::Phase::Live);
}

void TestConflicts::whoMayNotStaysAway()
{
    Windows w;
    w.authority.setAdmissionCheck(
        [](Authority::SessionId, const wire::Hello &) -> Result<Authority::Admission> {
            return Error{Errc::Forbidden, QStringLiteral("no")};
        });
    Windows::Window &stranger = w.add(QStringLiteral("Cem"));
    w.settle();
    QVERIFY(!stranger.hangups.isEmpty());
    QCOMPARE(stranger.hangups.constFirst().retryAfter, qint64(-1));
}

/// Somebody whose right to edit ended: what was pending is refused, once and in words, and the
/// connection stays.
void TestConflicts::whoMayOnlyLookIsToldOnce()
{
    Windows w;
    w.settle();
    const EntityId id = w.device(w.bob(), QStringLiteral("R1"));
    w.settle();
    w.bob().mute = true;
    w.edit(w.bob(), {edits::setField(id, Field::Notes, QStringLiteral("mine"))});
    const qint64 pending = w.bob().core->replica().pendingCount();
    QCOMPARE(pending, 1);
    const Authority::SessionId old = w.bob().session;
    w.authority.setAdmissionCheck(
        [](Authority::SessionId, const wire::Hello &) -> Result<Authority::Admission> {
            return Authority::Admission{true, {}};
        });
    w.authority.closeSession(old);
    w.bob().core->disconnected();
    w.bob().session = 0;
    w.bob().mute = false;
    const auto refusedBefore = w.bob().refused.size();
    const auto hangupsBefore = w.bob().hangups.size();
    w.settle();
    QVERIFY(w.bob().core->isReadOnly());
    QCOMPARE(w.bob().core->phase(), ClientCore::Phase::Live);
    QCOMPARE(w.bob().refused.size(), refusedBefore + 1);
    QCOMPARE(w.bob().refused.last().error.code, Errc::Forbidden);
    QCOMPARE(w.bob().core->replica().pendingCount(), 0);
    QCOMPARE(w.bob().hangups.size(), hangupsBefore);
    w.settle();
    QCOMPARE(w.bob().refused.size(), refusedBefore + 1);
    // What he does now is refused here already.
    const auto mine = w.bob().core->submit(
        {edits::setField(id, Field::Notes, QStringLiteral("again"))}, QStringLiteral("Edit"));
    QVERIFY(!mine.ok() && mine.error().code == Errc::Forbidden);
    QVERIFY(w.board().device(id)->remarks->notes.isEmpty());
}

/// Who was let in and may not stay is told, and stays away.
void TestConflicts::whoIsExpelledStaysAway()
{
    Windows w;
    w.settle();
    w.authority.expel(w.bob().session, {Errc::Unauthorized, QStringLiteral("gone")});
    w.bob().mute = true;
    w.settle();
    QCOMPARE(w.bob().hangups.size(), 1);
    QCOMPARE(w.bob().hangups.at(0).retryAfter, qint64(-1));
    QCOMPARE(w.bob().hangups.at(0).error.code, Errc::Unauthorized);
    QCOMPARE(w.authority.sessions().size(), 1);
    QVERIFY(w.ann().hangups.isEmpty());
}

PATCHBOARD_TEST(TestConflicts)
#include "tst_conflicts.moc"
