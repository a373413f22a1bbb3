#include "model/clientcore.h"

#include "model/core/mutant.h"
#include "model/wire/snapshot.h"

#include <QCoreApplication>
#include <QUuid>

namespace patchboard {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct ClientText
{
    Q_DECLARE_TR_FUNCTIONS(SyncClient)
};

constexpr quint32 kPiecesAhead = 4; ///< of a board of the past, asked for at once

quint32 highestCounterIn(const QList<Edit> &edits, SiteId site)
{
    quint32 highest = 0;
    for (const Edit &edit : edits) {
        const auto *create = std::get_if<CreateEntity>(&edit);
        if (create && siteOf(create->id) == site)
            highest = std::max(highest, counterOf(create->id));
    }
    return highest;
}

} // namespace

Result<ClientReceiver::Incoming> ClientReceiver::feed(QByteArrayView frame)
{
    auto fed = m_assembler.feed(frame);
    if (!fed)
        return fed.error();
    if (!*fed)
        return Incoming();
    wire::Message &message = **fed;
    if (auto *raw = std::get_if<wire::Commits>(&message)) {
        Commits commits;
        commits.commits.reserve(raw->commits.size());
        for (const QByteArray &bytes : std::as_const(raw->commits)) {
            auto commit = wire::decodeCommit(bytes);
            if (!commit)
                return commit.error();
            commits.commits.append(std::move(*commit));
        }
        commits.encoded = std::move(raw->commits);
        commits.digestRevision = raw->digestRevision;
        commits.digest = raw->digest;
        return Incoming(std::move(commits));
    }
    if (const auto *chunk = std::get_if<wire::SnapshotChunk>(&message)) {
        if (chunk->index == 0 || chunk->hash != m_snapshotHash) {
            m_snapshotHash = chunk->hash;
            m_chunks = 0;
            m_bytes.clear();
        }
        if (chunk->index != m_chunks) {
            m_snapshotHash = 0;
            return Error{Errc::Protocol, ClientText::tr("A piece of the board is missing")};
        }
        m_bytes += chunk->bytes;
        if (++m_chunks < chunk->count)
            return Incoming();
        Snapshot snapshot;
        snapshot.revision = chunk->revision;
        snapshot.logHash = chunk->logHash;
        snapshot.bytes = std::exchange(m_bytes, {});
        m_chunks = 0;
        const bool whole = wire::hashBytes(snapshot.bytes) == std::exchange(m_snapshotHash, 0);
        if (whole && wire::isDifference(snapshot.bytes)) {
            auto difference = wire::decodeDifference(snapshot.bytes);
            if (!difference)
                return difference.error();
            return Incoming(Difference{std::move(snapshot.bytes), std::move(*difference)});
        }
        auto contents = wire::decodeSnapshot(snapshot.bytes);
        if (!whole || !contents)
            return Error{Errc::Protocol, ClientText::tr("The board arrived damaged")};
        snapshot.contents = std::move(*contents);
        return Incoming(std::move(snapshot));
    }
    if (const auto *piece = std::get_if<wire::BoardPiece>(&message); piece && !piece->error)
        return feedPiece(*piece);
    return Incoming(std::move(message));
}

Result<ClientReceiver::Incoming> ClientReceiver::feedPiece(const wire::BoardPiece &piece)
{
    Past past{piece.request, piece.revision, 0, piece.count, nullptr};
    if (piece.index == 0 || piece.request != m_piece.request) {
        m_piece = piece;
        m_piece.bytes.clear();
        m_pieces = 0;
    }
    // What belongs to a question that is no longer asked.
    if (piece.index != m_pieces || piece.hash != m_piece.hash)
        return Incoming();
    m_piece.bytes += piece.bytes;
    past.have = ++m_pieces;
    if (m_pieces < piece.count)
        return Incoming(past);
    const QByteArray bytes = std::exchange(m_piece.bytes, {});
    m_piece = {};
    m_pieces = 0;
    auto contents = wire::decodeSnapshot(bytes);
    auto board = std::make_shared<Topology>();
    if (wire::hashBytes(bytes) != piece.hash || !contents || !board->load(std::move(*contents)))
        return Error{Errc::Protocol, ClientText::tr("The board arrived damaged")};
    past.board = std::move(board);
    return Incoming(past);
}

ClientCore::ClientCore(Topology &topology, ClientStore *store, Options options)
    : m_replica(topology)
    , m_topology(topology)
    , m_store(store)
    , m_options(std::move(options))
{
    m_profile = QUuid::createUuid().toString(QUuid::WithoutBraces);
}

template <typename E>
void ClientCore::raise(E event)
{
    m_events.append(Event(std::move(event)));
}

Result<void> ClientCore::start()
{
    if (!m_store)
        return {};
    const ClientStore::Identity identity = m_store->identity();
    m_profile = identity.profile;
    m_lastSession = identity.session;
    m_counter = identity.counter;
    m_replica.setSite(identity.site, identity.lastIssued + 1);
    Result<void> result;
    auto cached = m_store->cached();
    if (!cached) {
        result = cached.error();
    } else if (*cached) {
        ClientStore::Cached &copy = **cached;
        auto contents = wire::decodeSnapshot(copy.snapshot);
        quint64 logHash = copy.logHash;
        bool sound = contents.ok() && m_replica.load(std::move(*contents), copy.revision, 0).ok();
        QList<Commit> commits;
        for (qsizetype i = 0; sound && i < copy.news.size(); ++i) {
            const QByteArray &bytes = copy.news.at(i);
            if (wire::isDifference(bytes)) {
                const auto difference = wire::decodeDifference(bytes);
                sound = m_replica.applyCommits(std::exchange(commits, {})).ok() &&
                        difference.ok() && m_replica.merge(*difference, 0).ok();
                logHash = sound ? difference->logHash : 0;
                continue;
            }
            auto commit = wire::decodeCommit(bytes);
            sound = commit.ok();
            if (sound && commit->revision > copy.revision) {
                logHash = wire::extendLogHash(logHash, bytes);
                commits.append(std::move(*commit));
            }
        }
        sound = sound && m_replica.applyCommits(commits).ok();
        (void)m_replica.takeLosses(); // told when they came
        if (sound) {
            m_epoch = copy.epoch;
            m_logHash = logHash;
            m_ready = true;
        } else {
            result =
                Error{Errc::Storage, ClientText::tr("The copy of the board on this computer is "
                                                    "damaged")};
            m_ready = false;
            (void)m_replica.load({}, 0, 0);
        }
    }
    auto pending = m_store->pending();
    if (!pending) {
        result = pending.error();
    } else {
        for (const Change &change : std::as_const(*pending)) {
            m_counter = std::max(m_counter, highestCounterIn(change.edits, change.site));
            m_replica.reinstate(change);
        }
    }
    return result;
}

// My changes

EntityId ClientCore::newId()
{
    const SiteId site = m_replica.site();
    m_counter = std::max(m_counter, m_topology.highestCounter(site)) + 1;
    return makeId(site, m_counter);
}

Result<Replica::Mine> ClientCore::submit(const QList<Edit> &edits, const QString &label,
                                         quint64 gesture)
{
    if (m_readOnly)
        return Error{Errc::Forbidden, ClientText::tr("You may only look at this board")};
    if (!m_ready || m_replica.site() == 0)
        return Error{Errc::Unavailable, ClientText::tr("The board has not been loaded yet")};
    if (edits.size() > wire::kMaxStagedEdits)
        return Error{Errc::TooLarge, ClientText::tr("The change has too many parts")};
    auto mine = m_replica.submit(edits, m_options.author, label, gesture);
    if (!mine)
        return mine;
    const quint64 cseq = mine->change.cseq;
    Result<void> kept;
    if (mine->body.size() > wire::kMaxMessageBytes - wire::kMaxPartBytes)
        kept = Error{Errc::TooLarge, ClientText::tr("The change is too large to be sent")};
    else if (m_store)
        kept = m_store->append(mine->change, mine->body, m_counter);
    if (!kept) {
        m_replica.withdraw(cseq);
        return kept.error();
    }
    sendPending();
    raise(StateChanged());
    return mine;
}

quint64 ClientCore::lastAcked() const
{
    return m_replica.pending().empty() ? m_replica.nextCseq() - 1
                                       : m_replica.pending().front().change.cseq - 1;
}

/// Some of my changes are no longer pending.
void ClientCore::changesGone()
{
    if (m_store)
        m_store->forget(lastAcked());
    settleSite();
    sendPending();
}

void ClientCore::sendPending()
{
    if (m_phase < Phase::CatchingUp)
        return;
    const auto &pending = m_replica.pending();
    const auto after = [&pending](quint64 cseq) {
        return std::upper_bound(
                   pending.cbegin(), pending.cend(), cseq,
                   [](quint64 number, const auto &p) { return number < p.change.cseq; }) -
               pending.cbegin();
    };
    // Those that clashed are answered; they wait only for their new numbers.
    const qsizetype window = m_options.window + m_clashes.size();
    for (qsizetype next = after(m_sentUpTo); next < qsizetype(pending.size()) && next < window;
         ++next) {
        const Replica::Pending &mine = pending[size_t(next)];
        // Under the old site only what became of old changes can be asked.
        if (m_nextSite != 0 && mine.change.cseq > m_decided)
            return;
        m_sentUpTo = mine.change.cseq;
        if (mutant(Mutant::CrossedOutWhenSent) && m_store)
            m_store->forget(m_sentUpTo);
        if (mutant(Mutant::ResentAnew)) {
            Change anew = mine.change;
            anew.base = m_replica.revision();
            send(wire::Submit{wire::encodeChange(anew)});
            continue;
        }
        send(wire::Submit{mine.body});
    }
}

/// Moves to the new site as soon as it is known which of the old one's changes were taken.
void ClientCore::settleSite()
{
    if (m_nextSite == 0)
        return;
    for (const Replica::Pending &pending : m_replica.pending()) {
        if (pending.change.cseq <= m_decided && !m_clashes.contains(pending.change.cseq))
            return;
    }
    const SiteId site = std::exchange(m_nextSite, 0);
    m_clashes.clear();
    m_decided = 0;
    m_sentUpTo = 0;
    const QList<Change> changes = m_replica.moveToSite(site);
    m_counter = 0;
    for (const Change &change : changes)
        m_counter = std::max(m_counter, highestCounterIn(change.edits, site));
    if (m_store) {
        auto kept =
            m_store->moveToSite(site, m_session, changes, m_replica.nextCseq() - 1, m_counter);
        if (!kept)
            hangUp(kept.error(), -1);
    }
}

Result<void> ClientCore::compact()
{
    if (!m_store || !m_ready || m_epoch.isEmpty())
        return {};
    QByteArray bytes;
    m_replica.withConfirmed(
        [&bytes](const Topology &confirmed) { bytes = wire::encodeSnapshot(confirmed); });
    return m_store->setSnapshot(m_epoch, m_replica.revision(), m_logHash, bytes);
}

void ClientCore::sendPresence(const wire::Presence &presence)
{
    if (m_phase >= Phase::CatchingUp)
        send(presence);
}

// The connection

void ClientCore::connected(const ClientReceiver::Partial &partial)
{
    m_replica.forgetAnswers();
    if (mutant(Mutant::PendingLost))
        m_replica.withdraw(m_replica.nextCseq() - 1);
    wire::Hello hello;
    hello.profile = m_profile;
    hello.token = m_options.token;
    hello.site = m_replica.site();
    hello.resume = m_lastSession;
    hello.lastAcked = lastAcked();
    hello.lastIssued = m_replica.nextCseq() - 1;
    hello.author = m_options.author;
    hello.epoch = m_epoch;
    hello.revision = m_replica.revision();
    hello.logHash = m_logHash;
    hello.snapshotHash = partial.hash;
    hello.snapshotChunks = partial.chunks;
    hello.anew = m_needsNewSite;
    hello.features = {wire::kHistoryFeature, wire::kDifferenceFeature};
    m_frames.clear();
    send(hello);
    m_phase = Phase::Greeting;
    raise(StateChanged());
}

void ClientCore::disconnected()
{
    m_phase = Phase::Apart;
    m_session = 0;
    m_nextSite = 0;
    m_clashes.clear();
    m_frames.clear();
    m_board = {};
    for (const quint64 request : std::exchange(m_open, {}))
        raise(AskFailed{request, {Errc::Unavailable, ClientText::tr("There is no connection")}});
    if (!m_peers.isEmpty()) {
        m_peers.clear();
        raise(PeopleChanged());
    }
    raise(StateChanged());
}

void ClientCore::hangUp(const Error &error, qint64 retryAfter)
{
    disconnected();
    raise(Hangup{error, retryAfter});
}

/// This copy is not the authority's: fetch it anew.
void ClientCore::diverged(const Error &error)
{
    m_epoch.clear();
    hangUp(error, 0);
}

void ClientCore::send(const wire::Message &message)
{
    m_frames += wire::toFrames(wire::encode(message), m_partCounter);
}

void ClientCore::receive(ClientReceiver::Incoming incoming, qint64 now)
{
    if (m_phase == Phase::Apart)
        return;
    if (auto *commits = std::get_if<ClientReceiver::Commits>(&incoming)) {
        receiveCommits(*commits);
    } else if (auto *snapshot = std::get_if<ClientReceiver::Snapshot>(&incoming)) {
        receiveSnapshot(std::move(*snapshot));
    } else if (const auto *difference = std::get_if<ClientReceiver::Difference>(&incoming)) {
        receiveDifference(*difference);
    } else if (const auto *past = std::get_if<ClientReceiver::Past>(&incoming)) {
        receivePast(*past);
    } else if (auto *message = std::get_if<wire::Message>(&incoming)) {
        if (const auto *welcome = std::get_if<wire::Welcome>(message)) {
            receiveWelcome(*welcome);
        } else if (const auto *outcomes = std::get_if<wire::Outcomes>(message)) {
            for (const wire::Outcome &outcome : outcomes->outcomes) {
                if (m_phase != Phase::Apart)
                    receiveOutcome(outcome);
            }
        } else if (const auto *want = std::get_if<wire::Want>(message)) {
            if (want->cseq <= lastAcked()) {
                hangUp({Errc::Protocol, ClientText::tr("The host asks for a change that it has")},
                       1000);
            } else {
                // A change of mine that was refused may be unknown to a host that was restored from
                // a backup: nothing takes its place.
                const auto &pending = m_replica.pending();
                const auto next =
                    std::find_if(pending.cbegin(), pending.cend(),
                                 [want](const auto &p) { return p.change.cseq >= want->cseq; });
                const quint64 until =
                    next == pending.cend() ? m_replica.nextCseq() : next->change.cseq;
                Change nothing;
                nothing.site = m_replica.site();
                for (nothing.cseq = want->cseq; nothing.cseq < until; ++nothing.cseq)
                    send(wire::Submit{wire::encodeChange(nothing)});
                m_sentUpTo = until - 1;
                sendPending();
            }
        } else if (const auto *people = std::get_if<wire::People>(message)) {
            receivePeople(*people, now);
        } else if (std::holds_alternative<wire::HistoryPage>(*message) ||
                   std::holds_alternative<wire::BoardPiece>(*message) ||
                   std::holds_alternative<wire::NamedSnapshots>(*message)) {
            receiveHistory(*message);
        } else if (const auto *ping = std::get_if<wire::Ping>(message)) {
            send(wire::Pong{ping->nonce});
        } else if (const auto *failure = std::get_if<wire::Failure>(message)) {
            hangUp(failure->error, failure->fatal ? -1 : std::max<qint64>(failure->retryAfter, 0));
        } else if (const auto *bye = std::get_if<wire::Bye>(message)) {
            hangUp({Errc::Unavailable, bye->reason}, 0);
        } else if (!std::holds_alternative<wire::Pong>(*message)) {
            hangUp({Errc::Protocol, ClientText::tr("The host does not follow the protocol")}, -1);
        }
    }
}

void ClientCore::receiveWelcome(const wire::Welcome &welcome)
{
    if (m_phase != Phase::Greeting ||
        (welcome.catchUp != wire::CatchUp::Snapshot && welcome.epoch != m_epoch)) {
        hangUp({Errc::Protocol, ClientText::tr("The host does not follow the protocol")}, -1);
        return;
    }
    m_phase = Phase::CatchingUp;
    m_session = welcome.session;
    m_lastSession = welcome.session;
    m_serverName = welcome.server;
    m_hostHasHistory = welcome.features.contains(wire::kHistoryFeature);
    m_readOnly = welcome.readOnly;
    m_newest = welcome.revision;
    m_awaitsSnapshot =
        welcome.catchUp == wire::CatchUp::Snapshot || welcome.catchUp == wire::CatchUp::Difference;
    m_sentUpTo = 0;
    m_needsNewSite = false;
    m_decided = welcome.lastCseq;
    m_snapshotEpoch = welcome.epoch;
    Result<void> kept;
    if (welcome.site == m_replica.site() || welcome.site == 0) {
        if (m_store)
            kept = m_store->setSession(m_session);
    } else if (m_replica.pending().empty()) {
        m_replica.setSite(welcome.site, welcome.lastCseq + 1);
        m_counter = 0;
        if (m_store)
            kept = m_store->moveToSite(welcome.site, m_session, {}, welcome.lastCseq, 0);
    } else {
        m_nextSite = welcome.site;
        m_decided = welcome.oldLastCseq;
        settleSite();
    }
    if (!kept) {
        hangUp(kept.error(), -1);
        return;
    }
    sendPending();
    checkCaughtUp();
    raise(StateChanged());
}

void ClientCore::checkCaughtUp()
{
    if (m_phase != Phase::CatchingUp || m_awaitsSnapshot || m_replica.revision() < m_newest)
        return;
    m_phase = Phase::Live;
    m_ready = true;
}

bool ClientCore::applyCommits(const ClientReceiver::Commits &commits, qsizetype from, qsizetype to)
{
    if (from == to)
        return true;
    const quint64 before = m_replica.revision();
    auto mine = m_replica.applyCommits(commits.commits.mid(from, to - from));
    if (!mine) {
        diverged(mine.error());
        return false;
    }
    for (qsizetype i = from; i < to; ++i) {
        const Commit &commit = commits.commits.at(i);
        if (commit.revision <= before)
            continue;
        m_logHash = wire::extendLogHash(m_logHash, commits.encoded.at(i));
        if (m_store)
            m_store->confirmed(commit.revision, commits.encoded.at(i));
        if (commit.gesture != 0) {
            // The drop: what was a ghost is now where it was put.
            for (Peer &peer : m_peers) {
                if (peer.presence.drag && peer.presence.drag->gesture == commit.gesture) {
                    peer.presence.drag.reset();
                    raise(PeopleChanged());
                }
            }
        }
    }
    if (!mine->isEmpty())
        changesGone();
    if (const QList<Notice> losses = m_replica.takeLosses(); !losses.isEmpty())
        raise(Noticed{0, {}, losses});
    return m_phase != Phase::Apart;
}

quint64 ClientCore::confirmedDigest()
{
    if (m_replica.pendingCount() == 0)
        return m_topology.digest();
    quint64 digest = 0;
    m_replica.withConfirmed([&digest](const Topology &confirmed) { digest = confirmed.digest(); });
    return digest;
}

void ClientCore::receiveCommits(const ClientReceiver::Commits &commits)
{
    if (m_phase < Phase::CatchingUp || m_awaitsSnapshot) {
        hangUp({Errc::Protocol, ClientText::tr("The host does not follow the protocol")}, -1);
        return;
    }
    // A digest is of the state after one of them.
    qsizetype split = 0;
    if (commits.digestRevision != 0) {
        while (split < commits.commits.size() &&
               commits.commits.at(split).revision <= commits.digestRevision)
            ++split;
    }
    if (!applyCommits(commits, 0, split))
        return;
    if (commits.digestRevision != 0 && commits.digestRevision == m_replica.revision() &&
        confirmedDigest() != commits.digest) {
        diverged({Errc::Protocol,
                  ClientText::tr("This copy differed from the host's and is fetched anew")});
        return;
    }
    if (!applyCommits(commits, split, commits.commits.size()))
        return;
    checkCaughtUp();
    raise(StateChanged());
}

void ClientCore::receiveSnapshot(ClientReceiver::Snapshot snapshot)
{
    if (!m_awaitsSnapshot) {
        hangUp({Errc::Protocol, ClientText::tr("The host does not follow the protocol")}, -1);
        return;
    }
    auto gone = m_replica.load(std::move(snapshot.contents), snapshot.revision, m_decided);
    Result<void> kept;
    if (gone && m_store)
        kept = m_store->setSnapshot(m_snapshotEpoch, snapshot.revision, snapshot.logHash,
                                    snapshot.bytes);
    boardArrived(gone, snapshot.logHash, kept);
}

void ClientCore::receiveDifference(const ClientReceiver::Difference &received)
{
    const wire::Difference &difference = received.difference;
    if (!m_awaitsSnapshot) {
        hangUp({Errc::Protocol, ClientText::tr("The host does not follow the protocol")}, -1);
        return;
    }
    const auto gone = m_replica.merge(difference, m_decided);
    if (gone && m_store)
        m_store->confirmed(difference.revision, received.bytes);
    boardArrived(gone, difference.logHash, {});
}

/// The confirmed state is another one. @a kept: whether it could be, if it had to.
void ClientCore::boardArrived(const Result<QList<quint64>> &gone, quint64 logHash,
                              Result<void> kept)
{
    m_awaitsSnapshot = false;
    if (!gone) {
        m_ready = false;
        diverged(gone.error());
        return;
    }
    m_logHash = logHash;
    m_epoch = m_snapshotEpoch;
    if (!kept) {
        hangUp(kept.error(), -1);
        return;
    }
    m_ready = true;
    if (!gone->isEmpty())
        changesGone();
    checkCaughtUp();
    raise(StateChanged());
}

void ClientCore::receiveOutcome(const wire::Outcome &outcome)
{
    const Replica::Pending *pending = m_replica.findPending(outcome.cseq);
    if (!pending || outcome.site != m_replica.site())
        return;
    if (outcome.clash) {
        if (m_nextSite != 0) {
            m_clashes.insert(outcome.cseq);
            settleSite();
            sendPending();
        } else {
            m_needsNewSite = true;
            hangUp({Errc::Conflict,
                    ClientText::tr(
                        "Two copies of this profile were in use; this one gets new numbers")},
                   0);
        }
        return;
    }
    const QString label = pending->change.label;
    const auto decision = m_replica.decide(outcome.cseq, outcome.refusal ? 0 : outcome.revision);
    if (outcome.refusal)
        raise(Refused{outcome.cseq, label, *outcome.refusal});
    else if (!outcome.notices.isEmpty())
        raise(Noticed{outcome.cseq, label, outcome.notices});
    if (decision == Replica::Decision::Dropped) {
        changesGone();
        raise(StateChanged());
    }
}

// History

quint64 ClientCore::askHistory(quint64 before, quint32 limit, const QString &text)
{
    if (!hasHistory())
        return 0;
    const quint64 request = ++m_lastRequest;
    m_open.insert(request);
    send(wire::HistoryAsk{request, before, limit, text});
    return request;
}

quint64 ClientCore::askBoard(quint64 revision)
{
    if (!hasHistory())
        return 0;
    m_open.remove(m_board.request);
    m_board = {++m_lastRequest, revision, 0, 0};
    m_open.insert(m_board.request);
    askPieces(1);
    return m_board.request;
}

void ClientCore::askPieces(quint32 count)
{
    while (m_board.asked < count && m_board.asked < m_board.have + kPiecesAhead)
        send(wire::BoardAsk{m_board.request, m_board.revision, m_board.asked++});
}

quint64 ClientCore::editSnapshot(quint64 id, const QString &name, quint64 revision)
{
    if (!hasHistory())
        return 0;
    const quint64 request = ++m_lastRequest;
    m_open.insert(request);
    send(wire::SnapshotEdit{request, id, name, revision});
    return request;
}

void ClientCore::receivePast(const ClientReceiver::Past &past)
{
    if (past.request != m_board.request)
        return; // something else is wanted by now
    m_board.have = past.have;
    if (!past.board) {
        askPieces(past.count);
        return;
    }
    m_open.remove(past.request);
    m_board = {};
    raise(BoardArrived{past.request, past.revision, past.board});
}

void ClientCore::receiveHistory(const wire::Message &message)
{
    if (const auto *page = std::get_if<wire::HistoryPage>(&message)) {
        if (!m_open.remove(page->request))
            return;
        if (page->error)
            raise(AskFailed{page->request, *page->error});
        else
            raise(HistoryArrived{*page});
    } else if (const auto *piece = std::get_if<wire::BoardPiece>(&message)) {
        if (piece->request != m_board.request || !m_open.remove(piece->request))
            return;
        m_board = {};
        raise(AskFailed{piece->request, *piece->error});
    } else {
        const auto &news = std::get<wire::NamedSnapshots>(message);
        if (m_open.remove(news.request) && news.error) {
            raise(AskFailed{news.request, *news.error});
        } else {
            m_snapshots = news.snapshots;
            raise(SnapshotsChanged{news.request});
        }
    }
}

// People

void ClientCore::receivePeople(const wire::People &people, qint64 now)
{
    if (people.all)
        m_peers.clear();
    for (const wire::PersonNews &news : people.people) {
        if (news.left) {
            m_peers.remove(news.session);
            continue;
        }
        Peer &peer = m_peers[news.session];
        peer.id = news.session;
        if (news.name) {
            peer.name = *news.name;
            peer.colour = news.colour;
        }
        if (news.presence.pointer)
            peer.presence.pointer = news.presence.pointer;
        if (news.presence.selection)
            peer.presence.selection = news.presence.selection;
        if (news.presence.drag) {
            peer.presence.drag = news.presence.drag;
            peer.dragNews = now;
        }
        if (news.presence.view)
            peer.presence.view = news.presence.view;
        if (news.presence.following)
            peer.presence.following = news.presence.following;
    }
    raise(PeopleChanged());
}

void ClientCore::expireGhosts(qint64 now)
{
    for (Peer &peer : m_peers) {
        if (peer.presence.drag && peer.presence.drag->gesture != 0 && !mutant(Mutant::GhostsStay) &&
            now - peer.dragNews >= m_options.ghostTimeout) {
            peer.presence.drag.reset();
            raise(PeopleChanged());
        }
    }
}

QList<QByteArray> ClientCore::takeFrames()
{
    return std::exchange(m_frames, {});
}

QList<ClientCore::Event> ClientCore::takeEvents()
{
    return std::exchange(m_events, {});
}

} // namespace patchboard
