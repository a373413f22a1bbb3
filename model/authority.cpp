#include "model/authority.h"

#include "model/core/mutant.h"
#include "model/wire/codec.h"
#include "model/wire/snapshot.h"

#include <QCoreApplication>
#include <QRandomGenerator>

namespace patchboard {

namespace {

constexpr qint64 kStorageRetryMs = 1000;
constexpr qint64 kBusyRetryMs = 500;
constexpr qsizetype kDifferences = 4;        ///< kept for those who were cut off, and for others
constexpr quint64 kSnapshotShelfLife = 1000; ///< commits after which a newer one is encoded
constexpr quint32 kColours = 12;             ///< of people; more share
constexpr qsizetype kFrameBytes = wire::kMaxPartBytes;
constexpr quint64 kTailStep = 512;   ///< commits read from the log at a time
constexpr int kMostAsks = 32;        ///< of one session, not answered yet
constexpr qsizetype kMostNamed = 64; ///< other changes that are looked up for one

const QString kHistory = wire::kHistoryFeature;
const QString kDifference = wire::kDifferenceFeature;

/// The texts of this file; lupdate knows their context by it.
struct AuthorityText
{
    Q_DECLARE_TR_FUNCTIONS(Authority)
};

bool saysMoreThanItsCommit(const StoredOutcome &outcome)
{
    return outcome.revision == 0 || !outcome.notices.isEmpty();
}

/// A commit that does not fit into a frame with others.
bool isLong(QByteArrayView encoded)
{
    return encoded.size() > kFrameBytes;
}

wire::Outcome toWire(const StoredOutcome &outcome)
{
    return {outcome.site, outcome.cseq, outcome.revision, outcome.refusal, false, outcome.notices};
}

} // namespace

struct Authority::EncodedSnapshot
{
    std::optional<quint64> since; ///< a difference, for copies of this revision
    quint64 revision = 0;
    quint64 logHash = 0;
    quint64 hash = 0;
    QList<QByteArray> chunks;
};

/// A commit that fills several frames: they are made once, and sent to each session as fast as its
/// connection takes them.
struct Authority::LongCommit
{
    quint64 revision = 0;
    QList<QByteArray> frames;
};

struct Authority::SessionState
{
    enum class Stage : quint8 { New, Waiting, Open, Closed };

    SessionId id = 0;
    Stage stage = Stage::New;
    wire::Hello hello;
    wire::Assembler assembler;
    qint64 staged = 0;      ///< of it, as counted in m_staged
    qint64 stagedSince = 0; ///< when the first part came, and the last
    qint64 stagedLast = 0;
    quint64 number = 0;
    SiteId site = 0;
    quint64 oldLastCseq = 0; ///< of hello.site, if that could not be had
    quint32 colour = 0;
    bool readOnly = false;
    Origin origin;
    int asks = 0;                  ///< of the past, not answered yet
    quint64 wanted = 0;            ///< the cseq that was asked for; 0 = none
    qsizetype changesThisTurn = 0; ///< in the open batch

    // Sending
    bool live = false;
    bool paused = false;
    quint64 sent = 0; ///< revision, while not live
    std::shared_ptr<const EncodedSnapshot> snapshot;
    qsizetype nextChunk = 0;
    std::shared_ptr<const LongCommit> longCommit; ///< of revision sent + 1
    qsizetype nextFrame = 0;

    // Presence: all of it, and what is news since the last tick.
    wire::Presence presence;
    wire::PersonNews news;
    bool dirty = false;
};

void LogRun::append(const Commit &commit)
{
    wire::appendCommit(m_bytes, commit);
    m_ends.append(m_bytes.size());
}

void LogRun::removeLast()
{
    m_ends.removeLast();
    m_bytes.truncate(m_ends.isEmpty() ? 0 : m_ends.constLast());
}

void LogRun::close()
{
    m_bytes.squeeze();
}

struct Authority::Batch
{
    CommitBatch data;
    std::vector<Applied> applied;
    QHash<SiteId, qsizetype> leaseAt; ///< index in data.leases
    QHash<SiteId, std::optional<SiteLease>> leasesBefore;
    std::optional<QList<wire::NamedSnapshot>> snapshotsBefore;
    QList<std::pair<SessionId, quint64>> snapshotEdits; ///< and their requests, to be answered
    std::vector<std::pair<SessionId, wire::Outcome>> outcomes; ///< to be told
    QSet<SessionId> sessions;                                  ///< have a part in it
    QList<SessionId> welcomes;                                 ///< wait for it to be welcomed
    quint64 headBefore = 0;
    quint64 hashBefore = 0;
    quint64 digestRevision = 0;
    quint64 digest = 0;
};

Authority::Authority(Topology &topology, AuthorityState state, LogSource &log, Options options)
    : m_topology(topology)
    , m_log(log)
    , m_options(std::move(options))
    , m_epoch(std::move(state.epoch))
    , m_revision(state.revision)
    , m_logHash(state.logHash)
    , m_head(state.revision)
    , m_headHash(state.logHash)
    , m_sites(std::move(state.sites))
    , m_snapshots(std::move(state.snapshots))
{
    if (!m_options.random)
        m_options.random = [] { return QRandomGenerator::system()->generate64(); };
}

Authority::Authority(Topology &topology, AuthorityState state, LogSource &log)
    : Authority(topology, std::move(state), log, Options())
{
}

Authority::~Authority() = default;

// Sessions

Authority::SessionId Authority::openSession()
{
    auto session = std::make_shared<SessionState>();
    session->id = m_nextSession++;
    m_sessions.insert(session->id, session);
    return session->id;
}

void Authority::closeSession(SessionId id)
{
    const SessionPtr session = m_sessions.take(id);
    if (session)
        forgetSession(*session);
}

void Authority::expel(SessionId id, const Error &error)
{
    if (const SessionPtr session = find(id))
        fail(*session, error, 0, true);
}

/// Takes a session out of all lists; it says and hears nothing more.
void Authority::forgetSession(SessionState &session)
{
    if (session.stage == SessionState::Stage::Closed)
        return;
    if (session.stage == SessionState::Stage::Open && !mutant(Mutant::PeopleStay))
        m_left.append(session.number);
    session.stage = SessionState::Stage::Closed;
    session.snapshot.reset();
    session.longCommit.reset();
    session.assembler = wire::Assembler();
    m_staged -= std::exchange(session.staged, 0);
    leaveLive(session);
    m_people.removeOne(session.id);
    m_dirty.removeOne(session.id);
    if (session.site != 0 && m_bySite.value(session.site) == session.id)
        m_bySite.remove(session.site);
}

void Authority::fail(SessionState &session, Error error, qint64 retryAfter, bool fatal)
{
    if (session.stage == SessionState::Stage::Closed)
        return;
    send(session, wire::Failure{std::move(error), retryAfter, fatal});
    m_outgoing.append({{session.id}, {}, Lane::Control, true});
    forgetSession(session);
}

void Authority::turnAway(SessionId id, const Error &error, qint64 retryAfter)
{
    if (const SessionPtr session = find(id))
        fail(*session, error, retryAfter);
}

void Authority::receive(SessionId id, QByteArrayView frame, qint64 now)
{
    const SessionPtr session = find(id);
    if (!session || session->stage == SessionState::Stage::Closed)
        return;
    auto fed = session->assembler.feed(frame);
    if (!fed) {
        fail(*session, fed.error(), 0, true);
        return;
    }
    noteStaged(*session, now);
    if (!*fed)
        return;
    const wire::Message &message = **fed;
    if (const auto *hello = std::get_if<wire::Hello>(&message)) {
        receiveHello(session, *hello);
    } else if (const auto *ping = std::get_if<wire::Ping>(&message)) {
        send(*session, wire::Pong{ping->nonce});
    } else if (std::holds_alternative<wire::Pong>(message)) {
        // Whoever asked for it keeps the time.
    } else if (std::holds_alternative<wire::Bye>(message)) {
        m_outgoing.append({{session->id}, {}, Lane::Control, true});
        forgetSession(*session);
    } else if (session->stage == SessionState::Stage::Open &&
               std::holds_alternative<wire::Submit>(message)) {
        receiveSubmit(*session, std::get<wire::Submit>(message), now);
    } else if (session->stage == SessionState::Stage::Open &&
               std::holds_alternative<wire::Presence>(message)) {
        receivePresence(*session, std::get<wire::Presence>(message));
    } else if (session->stage == SessionState::Stage::Open &&
               (std::holds_alternative<wire::HistoryAsk>(message) ||
                std::holds_alternative<wire::BoardAsk>(message))) {
        receiveAsk(*session, message);
    } else if (session->stage == SessionState::Stage::Open &&
               std::holds_alternative<wire::SnapshotEdit>(message)) {
        receiveSnapshotEdit(*session, std::get<wire::SnapshotEdit>(message), now);
    } else {
        fail(*session, {Errc::Protocol, AuthorityText::tr("This message does not belong here")}, 0,
             true);
    }
}

/// Keeps count of what is held of messages in parts, and within bounds: whoever holds most makes
/// room.
void Authority::noteStaged(SessionState &session, qint64 now)
{
    const qint64 staged = session.assembler.stagedBytes();
    if (session.staged == 0)
        session.stagedSince = now;
    session.stagedLast = now;
    m_staged += staged - std::exchange(session.staged, staged);
    if (staged != 0 && session.stage != SessionState::Stage::Open) {
        // A greeting fits into one frame; nothing else may come before it.
        fail(session, {Errc::Protocol, AuthorityText::tr("This message does not belong here")}, 0,
             true);
        return;
    }
    while (m_staged > m_options.stagedBytes) {
        SessionPtr most;
        for (const SessionPtr &other : std::as_const(m_sessions)) {
            if (!most || other->staged > most->staged)
                most = other;
        }
        fail(*most,
             {Errc::Unavailable, AuthorityText::tr("Too many large changes at once; trying again")},
             kStorageRetryMs);
    }
}

void Authority::expireStaged(qint64 now)
{
    if (m_staged == 0)
        return;
    for (const SessionPtr &session : m_sessions.values()) {
        if (session->staged != 0 && (now - session->stagedLast > m_options.partTimeout ||
                                     now - session->stagedSince > m_options.stageTimeout))
            fail(*session,
                 {Errc::Unavailable, AuthorityText::tr("The rest of a change is missing")},
                 kStorageRetryMs);
    }
}

void Authority::receiveHello(const SessionPtr &session, const wire::Hello &hello)
{
    if (session->stage != SessionState::Stage::New) {
        fail(*session, {Errc::Protocol, AuthorityText::tr("A second greeting")}, 0, true);
        return;
    }
    if (hello.protocolMin > wire::kProtocolMax || hello.protocolMax < wire::kProtocolMin) {
        const QString text =
            hello.protocolMin > wire::kProtocolMax
                ? AuthorityText::tr("The host is of an older version than this program")
                : AuthorityText::tr("This program is of an older version than the host");
        fail(*session, {Errc::Protocol, text}, 0, true);
        return;
    }
    if (m_admission) {
        auto admitted = m_admission(session->id, hello);
        if (!admitted) {
            // Who is only too early comes again by itself.
            const bool later = admitted.error().code == Errc::Unavailable;
            fail(*session, admitted.error(), later ? kBusyRetryMs : 0, !later);
            return;
        }
        session->readOnly = admitted->readOnly;
        session->origin = admitted->origin;
    }
    session->hello = hello;
    session->stage = SessionState::Stage::Waiting;
    leaseSite(*session);
    // What it is told must be durable: the lease, and how far its changes got.
    if (isQuiet() || mutant(Mutant::LentBeforeStored))
        welcome(*session);
    else
        (m_open && !m_open->data.isEmpty() ? m_open : m_inFlight)->welcomes.append(session->id);
}

bool Authority::isQuiet() const
{
    return !m_inFlight && (!m_open || m_open->data.isEmpty());
}

Authority::Batch &Authority::openBatch()
{
    if (!m_open) {
        m_open = std::make_unique<Batch>();
        m_open->headBefore = m_head;
        m_open->hashBefore = m_headHash;
    }
    return *m_open;
}

void Authority::keepLease(const SiteLease &lease)
{
    Batch &batch = openBatch();
    const auto before = m_sites.constFind(lease.site);
    if (!batch.leasesBefore.contains(lease.site)) {
        batch.leasesBefore.insert(lease.site,
                                  before == m_sites.cend() ? std::nullopt : std::optional(*before));
    }
    m_sites.insert(lease.site, lease);
    const auto at = batch.leaseAt.constFind(lease.site);
    if (at != batch.leaseAt.cend()) {
        batch.data.leases[*at] = lease;
    } else {
        batch.leaseAt.insert(lease.site, batch.data.leases.size());
        batch.data.leases.append(lease);
    }
}

SiteId Authority::freeSite() const
{
    SiteId highest = 0;
    for (auto it = m_sites.cbegin(); it != m_sites.cend(); ++it)
        highest = std::max(highest, it.key());
    SiteId site = highest + 1;
    // A restored backup may hold things of sites that it does not know.
    while (site <= kMaxSite && m_topology.highestCounter(site) != 0)
        ++site;
    return site;
}

void Authority::leaseSite(SessionState &session)
{
    const wire::Hello &hello = session.hello;
    // The connection before this one ends first, whatever site it was on: what is still under way
    // on it must not be decided after this client has been told how far it got. Its number alone is
    // no proof: everybody on the board knows that, but only its own copies know the profile.
    for (const SessionPtr &other : std::as_const(m_sessions)) {
        if (hello.resume != 0 && other->number == hello.resume &&
            other->hello.profile == hello.profile && !mutant(Mutant::OldLineIsHeard))
            fail(*other, {Errc::Conflict, AuthorityText::tr("Continued by another connection")});
    }
    if (hello.site != 0 && !hello.anew) {
        auto lease = m_sites.constFind(hello.site);
        const SessionPtr holder = find(m_bySite.value(hello.site));
        const bool mine = lease == m_sites.cend() || lease->profile == hello.profile;
        // Somebody went further on this site than this copy ever did: it is an old copy.
        const bool behind = lease != m_sites.cend() && lease->lastCseq > hello.lastIssued;
        // The connection before, or one whose Welcome never arrived. (Anybody else who is there on
        // this site is a second copy of the profile.)
        const bool successor =
            !holder || (hello.resume != 0 &&
                        (holder->number == hello.resume || holder->hello.resume == hello.resume));
        if (mine && ((!behind && successor) || mutant(Mutant::CopiesShareASite))) {
            if (holder && !mutant(Mutant::OldLineIsHeard))
                fail(*holder,
                     {Errc::Conflict, AuthorityText::tr("Continued by another connection")});
            session.site = hello.site;
            m_bySite.insert(hello.site, session.id);
            // A backup that was restored may not know all that it once acknowledged.
            if (lease == m_sites.cend() ||
                (lease->lastCseq < hello.lastAcked && !mutant(Mutant::BackupNotLifted)))
                keepLease({hello.site, hello.profile, hello.lastAcked});
            return;
        }
        session.oldLastCseq = lease == m_sites.cend() ? 0 : lease->lastCseq;
    } else if (hello.site != 0) {
        session.oldLastCseq = m_sites.value(hello.site).lastCseq;
    }
    if (session.readOnly)
        return; // it has nothing to number
    // A lease that was never used, of somebody who never heard of it.
    for (const SiteLease &lease : std::as_const(m_sites)) {
        if (!hello.profile.isEmpty() && lease.profile == hello.profile && lease.lastCseq == 0 &&
            lease.site != hello.site && !m_bySite.contains(lease.site) &&
            m_topology.highestCounter(lease.site) == 0) {
            session.site = lease.site;
            m_bySite.insert(lease.site, session.id);
            return;
        }
    }
    const SiteId site = freeSite();
    if (site > kMaxSite)
        return; // so many copies that none is left: this one may only look
    session.site = site;
    m_bySite.insert(site, session.id);
    keepLease({site, hello.profile, 0});
}

void Authority::welcome(SessionState &session)
{
    if (session.stage != SessionState::Stage::Waiting)
        return;
    if (session.site == 0)
        session.readOnly = true;
    session.stage = SessionState::Stage::Open;
    do
        session.number = m_options.random() >> 11; // exact as a JSON number
    while (session.number == 0);
    QSet<quint32> taken;
    for (const SessionId other : std::as_const(m_people))
        taken.insert(find(other)->colour);
    while (session.colour < kColours && taken.contains(session.colour))
        ++session.colour;
    if (session.colour == kColours)
        session.colour = quint32(session.number % kColours);

    planCatchUp(session);
    wire::Welcome welcome;
    welcome.protocol = std::min(session.hello.protocolMax, wire::kProtocolMax);
    welcome.epoch = m_epoch;
    welcome.site = session.site;
    welcome.lastCseq = m_sites.value(session.site).lastCseq;
    welcome.oldLastCseq = session.oldLastCseq;
    welcome.session = session.number;
    welcome.revision = m_revision;
    welcome.logHash = m_logHash;
    welcome.server = m_options.serverName;
    welcome.title = m_topology.board().title;
    welcome.readOnly = session.readOnly;
    welcome.features = {kHistory};
    welcome.catchUp = session.snapshot ? session.snapshot->since ? wire::CatchUp::Difference
                                                                 : wire::CatchUp::Snapshot
                      : session.sent == m_revision ? wire::CatchUp::None
                                                   : wire::CatchUp::Tail;
    send(session, welcome);

    session.news.session = session.number;
    session.news.name = session.hello.author;
    session.news.colour = session.colour;
    session.dirty = true;
    m_dirty.append(session.id);
    m_people.append(session.id);
    wire::People everybody;
    everybody.all = true;
    for (const SessionId other : std::as_const(m_people)) {
        const SessionPtr person = find(other);
        everybody.people.append(
            {person->number, false, person->hello.author, person->colour, person->presence});
    }
    emitPeople({session.id}, everybody);
    if (session.hello.features.contains(kHistory))
        send(session, wire::NamedSnapshots{0, durableSnapshots(), {}});
    catchUp(session);
}

// Catching up

std::optional<quint64> Authority::hashAt(quint64 revision)
{
    if (revision == m_revision)
        return m_logHash;
    if (revision == 0)
        return 0;
    if (const Recent *turn = recent(revision))
        return turn->logHashes.at(qsizetype(revision - turn->first));
    auto hash = m_log.logHashAt(revision);
    return hash ? *hash : std::nullopt;
}

qint64 Authority::Recent::memoryBytes() const
{
    constexpr qint64 kOverhead = 192; // of the blocks
    return entries.bytes() + entries.size() * qint64(sizeof(qsizetype) + sizeof(quint64)) +
           kOverhead;
}

const Authority::Recent *Authority::recent(quint64 revision) const
{
    const auto after =
        std::upper_bound(m_recent.cbegin(), m_recent.cend(), revision,
                         [](quint64 wanted, const Recent &turn) { return wanted < turn.first; });
    return after == m_recent.cbegin() ? nullptr : &*std::prev(after);
}

Result<QList<QByteArray>> Authority::logEntries(quint64 from, quint64 to)
{
    if (const Recent *turn = recent(from)) {
        QList<QByteArray> entries;
        for (quint64 revision = from; revision <= to; ++revision) {
            if (revision - turn->first == quint64(turn->entries.size()))
                turn = recent(revision);
            entries.append(turn->entries.at(qsizetype(revision - turn->first)).toByteArray());
        }
        return entries;
    }
    auto entries = m_log.commits(from, to);
    if (entries && quint64(entries->size()) != to - from + 1)
        return Error{Errc::Storage, AuthorityText::tr("The log has a hole")};
    return entries;
}

/// Can what came after a revision be sent change by change, and is that less than everything?
bool Authority::fitsTail(quint64 revision)
{
    if (m_revision - revision > quint64(m_options.tailCommits))
        return false;
    qint64 bytes = 0;
    for (quint64 from = revision + 1; from <= m_revision; from += kTailStep) {
        const auto entries = logEntries(from, std::min(m_revision, from + kTailStep - 1));
        if (!entries)
            return false;
        for (const QByteArray &entry : *entries)
            bytes += entry.size();
        if (bytes > m_options.tailBytes)
            return false;
    }
    return true;
}

void Authority::planCatchUp(SessionState &session)
{
    const wire::Hello &hello = session.hello;
    const bool isAncestor = hello.epoch == m_epoch && hello.revision <= m_revision &&
                            (hashAt(hello.revision) == std::optional(hello.logHash) ||
                             mutant(Mutant::HistoryNotCompared));
    if (isAncestor && fitsTail(hello.revision)) {
        session.sent = hello.revision;
        if (mutant(Mutant::TailBeginsLate) && session.sent < m_revision)
            ++session.sent;
        return;
    }
    if (!isAncestor || !shareDifference(session))
        shareSnapshot(session);
    if ((hello.snapshotHash == session.snapshot->hash || mutant(Mutant::ChunksMixed)) &&
        qsizetype(hello.snapshotChunks) < session.snapshot->chunks.size())
        session.nextChunk = qsizetype(hello.snapshotChunks);
}

/// Not much older than the board, and the log goes on from it.
bool Authority::isFresh(const EncodedSnapshot &snapshot)
{
    return m_head - snapshot.revision <= kSnapshotShelfLife &&
           (snapshot.revision > m_revision || fitsTail(snapshot.revision));
}

/// Everybody who needs one gets the same, as long as it is fresh.
void Authority::shareSnapshot(SessionState &session)
{
    if (!m_snapshot || !isFresh(*m_snapshot)) {
        auto snapshot = std::make_shared<EncodedSnapshot>();
        const QByteArray bytes = wire::encodeSnapshot(m_topology);
        // It may hold changes that are not yet durable; it is not sent before they are.
        snapshot->revision = m_head;
        snapshot->logHash = m_headHash;
        snapshot->hash = wire::hashBytes(bytes);
        snapshot->chunks = wire::snapshotChunks(bytes, m_options.chunkBytes);
        m_snapshot = std::move(snapshot);
    }
    session.snapshot = m_snapshot;
    session.nextChunk = 0;
}

/// The same for what differs from the session's state, which the log has been through. False if a
/// snapshot is as good.
bool Authority::shareDifference(SessionState &session)
{
    const quint64 since = session.hello.revision;
    if (!session.hello.features.contains(kDifference))
        return false;
    m_differences.removeIf([this](const auto &each) { return !isFresh(*each); });
    auto found = std::find_if(m_differences.cbegin(), m_differences.cend(),
                              [since](const auto &each) { return each->since == since; });
    if (found == m_differences.cend()) {
        const auto bytes = wire::encodeDifference(m_topology, since, m_head, m_headHash,
                                                  m_options.differencePercent);
        if (!bytes)
            return false;
        auto difference = std::make_shared<EncodedSnapshot>();
        difference->since = since;
        difference->revision = m_head;
        difference->logHash = m_headHash;
        difference->hash = wire::hashBytes(*bytes);
        difference->chunks = wire::snapshotChunks(*bytes, m_options.chunkBytes);
        if (m_differences.size() == kDifferences)
            m_differences.removeFirst();
        m_differences.append(std::move(difference));
        found = m_differences.cend() - 1;
    }
    session.snapshot = *found;
    session.nextChunk = 0;
    return true;
}

void Authority::pause(SessionId id)
{
    const SessionPtr session = find(id);
    if (!session || session->stage != SessionState::Stage::Open)
        return;
    session->paused = true;
    leaveLive(*session);
}

void Authority::pump(SessionId id)
{
    const SessionPtr session = find(id);
    if (!session || session->stage != SessionState::Stage::Open)
        return;
    session->paused = false;
    if (!session->live)
        catchUp(*session);
}

bool Authority::isBehind(SessionId id) const
{
    const SessionPtr session = find(id);
    return session && session->stage == SessionState::Stage::Open && !session->live;
}

QList<Authority::SessionId> Authority::behind() const
{
    QList<SessionId> ids;
    if (m_live.size() == m_people.size())
        return ids;
    for (const SessionId id : m_people) {
        if (!find(id)->live)
            ids.append(id);
    }
    return ids;
}

void Authority::goLive(SessionState &session)
{
    session.live = true;
    m_live.append(session.id);
}

void Authority::leaveLive(SessionState &session)
{
    if (!session.live)
        return;
    session.live = false;
    session.sent = m_revision;
    m_live.removeOne(session.id);
}

void Authority::catchUp(SessionState &session)
{
    qint64 budget = m_options.pumpBytes;
    while (!session.live && budget > 0) {
        if (session.longCommit) {
            sendPart(session, budget);
        } else if (session.snapshot) {
            const EncodedSnapshot &snapshot = *session.snapshot;
            if (snapshot.revision > m_revision && !mutant(Mutant::SnapshotBeforeStored))
                return; // committed() goes on
            const wire::SnapshotChunk chunk{snapshot.revision,
                                            snapshot.logHash,
                                            snapshot.hash,
                                            quint32(session.nextChunk),
                                            quint32(snapshot.chunks.size()),
                                            snapshot.chunks.at(session.nextChunk)};
            send(session, chunk, Lane::Changes);
            budget -= chunk.bytes.size();
            if (++session.nextChunk == snapshot.chunks.size()) {
                session.sent = mutant(Mutant::NoTailAfterSnapshot) ? m_revision : snapshot.revision;
                session.snapshot.reset();
            }
        } else if (session.sent < m_revision) {
            if (!sendTail(session, budget))
                return;
        } else {
            goLive(session);
        }
    }
}

/// The next frame of a commit that fills several.
void Authority::sendPart(SessionState &session, qint64 &budget)
{
    const QByteArray &frame = session.longCommit->frames.at(session.nextFrame);
    m_outgoing.append({{session.id}, frame, Lane::Changes, false});
    budget -= frame.size();
    if (++session.nextFrame == session.longCommit->frames.size()) {
        session.longCommit.reset();
        ++session.sent;
    }
}

bool Authority::sendTail(SessionState &session, qint64 &budget)
{
    const quint64 to = std::min(m_revision, session.sent + kTailStep);
    const auto entries = logEntries(session.sent + 1, to);
    if (!entries) {
        // Pruned while it waited. Coming again, it gets a snapshot.
        fail(session, {Errc::Unavailable, AuthorityText::tr("Too far behind")}, 1);
        return false;
    }
    wire::Commits commits;
    qint64 bytes = 0;
    const auto flush = [&] {
        send(session, commits, Lane::Changes);
        budget -= bytes;
        bytes = 0;
        commits.commits.clear();
    };
    for (const QByteArray &entry : *entries) {
        if (isLong(entry)) {
            if (!commits.commits.isEmpty())
                flush();
            const quint64 revision = session.sent + 1;
            session.longCommit = m_longCommit.lock();
            if (!session.longCommit || session.longCommit->revision != revision) {
                commits.commits.append(entry);
                session.longCommit = std::make_shared<const LongCommit>(
                    LongCommit{revision, wire::toFrames(wire::encode(commits), m_nextPart)});
                m_longCommit = session.longCommit;
            }
            session.nextFrame = 0;
            return true; // catchUp() sends it
        }
        commits.commits.append(entry);
        bytes += entry.size();
        ++session.sent;
        if (bytes >= kFrameBytes) {
            flush();
            if (budget <= 0)
                return false;
        }
    }
    if (!commits.commits.isEmpty())
        flush();
    return true;
}

// Changes

void Authority::receiveSubmit(SessionState &session, const wire::Submit &submit, qint64 now)
{
    auto change = wire::decodeChange(submit.change);
    if (!change) {
        fail(session, change.error(), 0, true);
        return;
    }
    const quint64 bodyHash = wire::hashBytes(submit.change);
    if (session.site != 0 && change->site == session.site) {
        const quint64 last = m_sites.value(session.site).lastCseq;
        if (change->cseq <= last && !mutant(Mutant::NoDedupe)) {
            answerDecided(session, change->site, change->cseq, bodyHash);
        } else if (session.readOnly) {
            refuse(session, *change);
        } else if (change->cseq <= last + 1) {
            decide(session, *change, bodyHash, now);
        } else if (session.wanted != last + 1) {
            session.wanted = last + 1;
            send(session, wire::Want{last + 1});
        }
    } else if (change->site != 0 && change->site == session.hello.site) {
        // It got another site, or none to write with, and asks what became of changes under the
        // old one.
        if (session.site == 0 && change->cseq > session.oldLastCseq)
            refuse(session, *change);
        else
            answerDecided(session, change->site, change->cseq, bodyHash);
    } else {
        fail(session, {Errc::Protocol, AuthorityText::tr("A change of somebody else")}, 0, true);
    }
}

/// Of somebody who may only look. It uses no number up: nothing of it is kept.
void Authority::refuse(SessionState &session, const Change &change)
{
    wire::Outcome outcome{change.site, change.cseq, 0, {}, false, {}};
    outcome.refusal = Error{Errc::Forbidden, AuthorityText::tr("You may only look at this board")};
    send(session, wire::Outcomes{{outcome}});
}

/// A change that came before gets the answer that it got then.
void Authority::answerDecided(SessionState &session, SiteId site, quint64 cseq, quint64 bodyHash)
{
    for (const Batch *batch : {m_open.get(), m_inFlight.get()}) {
        if (!batch)
            continue;
        for (const StoredOutcome &outcome : batch->data.outcomes) {
            if (outcome.site == site && outcome.cseq == cseq && outcome.bodyHash == bodyHash &&
                batch->sessions.contains(session.id))
                return; // its answer is on the way
        }
    }
    std::optional<StoredOutcome> stored;
    const auto known = m_outcomes.constFind(site);
    if (known != m_outcomes.cend() && !known->empty() && cseq >= known->front().cseq &&
        cseq <= known->back().cseq) {
        const auto it = std::lower_bound(
            known->cbegin(), known->cend(), cseq,
            [](const StoredOutcome &o, quint64 number) { return o.cseq < number; });
        if (it != known->cend() && it->cseq == cseq)
            stored = *it;
    }
    if (!stored) {
        auto kept = m_log.outcome(site, cseq);
        if (!kept) {
            fail(session, kept.error(), kStorageRetryMs);
            return;
        }
        stored = *kept;
    }
    wire::Outcome answer{site, cseq, 0, {}, false, {}};
    // Decided and not known: that was before an older backup was put back, by another copy of this
    // profile or by this one, which has forgotten it. Under a new number it is decided again.
    if (!stored || stored->bodyHash != bodyHash)
        answer.clash = true;
    else
        answer = toWire(*stored);
    send(session, wire::Outcomes{{answer}});
}

/// Two changes within a millisecond are one after the other for whoever compares times, too. A
/// flood of them does not run away from the clock; a clock that was set back is followed.
qint64 Authority::timeOfNext(qint64 now) const
{
    constexpr qint64 kMostAhead = 1000;
    constexpr qint64 kSetBack = 60'000;
    if (now > m_lastTime || m_lastTime - now > kSetBack)
        return now;
    return m_lastTime - now < kMostAhead ? m_lastTime + 1 : m_lastTime;
}

StoredOutcome Authority::carryOut(const Change &change, quint64 bodyHash, const Origin &origin,
                                  qint64 now, QList<Edit> *edits)
{
    Batch &batch = openBatch();
    StoredOutcome stored;
    stored.site = change.site;
    stored.cseq = change.cseq;
    stored.bodyHash = bodyHash;
    if (change.edits.size() > wire::kMaxStagedEdits) {
        stored.refusal = Error{Errc::TooLarge, AuthorityText::tr("The change has too many parts")};
    } else {
        const qint64 time = timeOfNext(now);
        auto outcome = m_topology.submit(change, {{change.site, change.cseq}, m_head + 1, time});
        if (!outcome) {
            stored.refusal = outcome.error();
        } else {
            stored.notices = std::move(outcome->expansion.notices);
            nameOthers(stored.notices);
            if (!outcome->expansion.edits.isEmpty()) {
                Commit commit;
                commit.revision = ++m_head;
                commit.time = m_lastTime = time;
                commit.site = change.site;
                commit.cseq = change.cseq;
                commit.gesture = change.gesture;
                commit.author = change.author;
                commit.label = change.label;
                commit.edits = std::move(outcome->expansion.edits);
                commit.bodyHash = bodyHash;
                commit.base = std::min(change.base, m_head - 1);
                stored.revision = m_head;
                LogRun &log = batch.data.encoded;
                log.append(commit);
                const QByteArrayView encoded = log.at(log.size() - 1);
                if (encoded.size() > wire::kMaxMessageBytes - wire::kMaxPartBytes) {
                    // No copy could be told of it: a restore brings back more than it says.
                    log.removeLast();
                    m_topology.rollback(outcome->applied);
                    --m_head;
                    stored.revision = 0;
                    stored.notices.clear();
                    stored.refusal = Error{Errc::TooLarge,
                                           AuthorityText::tr("The change is too large to be sent")};
                    return keepOutcome(std::move(stored));
                }
                m_headHash = wire::extendLogHash(m_headHash, encoded);
                if (edits)
                    *edits = commit.edits;
                batch.data.commits.append(std::move(commit));
                batch.data.logHashes.append(m_headHash);
                batch.data.origins.append(origin);
                batch.applied.push_back(std::move(outcome->applied));
                if (m_options.digestEvery != 0 && m_head % m_options.digestEvery == 0) {
                    batch.digestRevision = m_head;
                    batch.digest = m_topology.digest();
                }
            }
        }
    }
    return keepOutcome(std::move(stored));
}

/// Says whose the changes were that a change met, and when.
void Authority::nameOthers(QList<Notice> &notices)
{
    QHash<quint64, std::optional<Commit>> found;
    for (Notice &notice : notices) {
        if (notice.revision == 0)
            continue;
        auto other = found.constFind(notice.revision);
        if (other == found.cend()) {
            if (found.size() == kMostNamed)
                continue;
            other = found.insert(notice.revision, commitAt(notice.revision));
        }
        if (*other) {
            notice.by = (*other)->author;
            notice.at = (*other)->time;
        }
    }
    notices.removeIf([&found](const Notice &notice) {
        const std::optional<Commit> other = found.value(notice.revision);
        return notice.kind == Notice::Kind::Overwrote && notice.key.field == Field::Status &&
               other && other->site == 0 && other->author == kProbeAuthor;
    });
}

/// A commit of the log, or one on its way there.
std::optional<Commit> Authority::commitAt(quint64 revision)
{
    for (const Batch *batch : {m_open.get(), m_inFlight.get()}) {
        if (batch && revision > batch->headBefore &&
            revision - batch->headBefore <= quint64(batch->data.commits.size()))
            return batch->data.commits.at(qsizetype(revision - batch->headBefore) - 1);
    }
    if (revision == 0 || revision > m_revision)
        return std::nullopt;
    const auto entries = logEntries(revision, revision);
    const auto commit =
        entries ? wire::decodeCommit(entries->constFirst()) : Result<Commit>(entries.error());
    return commit ? std::optional(*commit) : std::nullopt;
}

StoredOutcome Authority::keepOutcome(StoredOutcome stored)
{
    // A refusal of what was made here has to be told to nobody later: it leaves no trace.
    if (stored.site == 0 && stored.refusal)
        return stored;
    if (!mutant(Mutant::OutcomeForgotten))
        openBatch().data.outcomes.append(stored);
    SiteLease lease = m_sites.value(stored.site);
    lease.site = stored.site;
    if (!stored.refusal || !mutant(Mutant::RefusalIsFree))
        lease.lastCseq = stored.cseq;
    keepLease(lease);
    return stored;
}

void Authority::decide(SessionState &session, const Change &change, quint64 bodyHash, qint64 now)
{
    if (!openBatch().sessions.contains(session.id)) {
        m_open->sessions.insert(session.id);
        session.changesThisTurn = 0;
    }
    if (++session.changesThisTurn > m_options.maxPerTurn) {
        fail(session, {Errc::Unavailable, AuthorityText::tr("Too many changes at once")},
             kStorageRetryMs);
        return;
    }
    session.wanted = 0;
    const StoredOutcome stored = carryOut(change, bodyHash, session.origin, now, nullptr);
    if (saysMoreThanItsCommit(stored))
        m_open->outcomes.emplace_back(session.id, toWire(stored));
}

Result<Authority::LocalOutcome> Authority::submitLocal(const QList<Edit> &edits,
                                                       const QString &author, const QString &label,
                                                       qint64 now, const Origin &origin)
{
    Change change;
    change.site = 0;
    change.cseq = m_sites.value(0).lastCseq + 1;
    change.base = m_head;
    change.author = author;
    change.label = label;
    change.edits = edits;
    LocalOutcome local;
    const StoredOutcome stored = carryOut(change, 0, origin, now, &local.edits);
    if (stored.refusal)
        return *stored.refusal;
    local.cseq = stored.cseq;
    local.revision = stored.revision;
    local.notices = stored.notices;
    return local;
}

EntityId Authority::newLocalId()
{
    if (m_nextLocalCounter == 0)
        m_nextLocalCounter = m_topology.highestCounter(0) + 1;
    return makeId(0, m_nextLocalCounter++);
}

// History

void Authority::receiveAsk(SessionState &session, const wire::Message &message)
{
    if (++session.asks > kMostAsks) {
        fail(session, {Errc::Unavailable, AuthorityText::tr("Too many questions at once")},
             kStorageRetryMs);
        return;
    }
    m_asks.append({session.id, message});
}

void Authority::answer(SessionId id, const wire::Message &message)
{
    const SessionPtr session = find(id);
    if (!session || session->stage != SessionState::Stage::Open)
        return;
    --session->asks;
    send(*session, message);
}

QList<wire::NamedSnapshot> Authority::durableSnapshots() const
{
    for (const Batch *batch : {m_inFlight.get(), m_open.get()}) {
        if (batch && batch->snapshotsBefore)
            return *batch->snapshotsBefore;
    }
    return m_snapshots;
}

Result<wire::NamedSnapshot> Authority::editSnapshots(const wire::SnapshotEdit &edit,
                                                     const QString &author, qint64 now,
                                                     const Origin &origin)
{
    QList<wire::NamedSnapshot> list = m_snapshots;
    const QString name = edit.name.trimmed();
    const auto old = std::find_if(list.begin(), list.end(),
                                  [&](const auto &each) { return each.id == edit.id; });
    const bool taken = std::any_of(list.cbegin(), list.cend(), [&](const auto &each) {
        return each.id != edit.id && each.name == name;
    });
    if (edit.id != 0 && old == list.end())
        return Error{Errc::NotFound, AuthorityText::tr("This snapshot is no longer there")};
    if (!name.isEmpty() && taken)
        return Error{Errc::Conflict, AuthorityText::tr("There is a snapshot of that name")};
    wire::NamedSnapshot about;
    QString label;
    if (edit.id != 0 && name.isEmpty()) {
        about = *old;
        label = QStringLiteral("Forget snapshot \"%1\" of revision %2")
                    .arg(about.name, QString::number(about.revision));
        list.erase(old);
    } else if (edit.id != 0) {
        label = QStringLiteral("Rename snapshot \"%1\" to \"%2\"").arg(old->name, name);
        old->name = name;
        about = *old;
    } else {
        if (name.isEmpty())
            return Error{Errc::BadValue, AuthorityText::tr("A snapshot needs a name")};
        if (edit.revision > m_head)
            return Error{Errc::NotFound, AuthorityText::tr("There is no such revision")};
        if (list.size() >= wire::kMaxSnapshots)
            return Error{Errc::TooLarge, AuthorityText::tr("There are too many snapshots")};
        about.id = list.isEmpty() ? 1 : list.constLast().id + 1;
        about.name = name;
        about.revision = edit.revision == 0 ? m_head : edit.revision;
        about.time = now;
        about.author = author;
        if (auto ok = checkIsKept(about.revision); !ok)
            return ok.error();
        label = QStringLiteral("Name revision %1 \"%2\"")
                    .arg(QString::number(about.revision), about.name);
        list.append(about);
    }
    Batch &batch = openBatch();
    if (!batch.snapshotsBefore)
        batch.snapshotsBefore = m_snapshots;
    m_snapshots = list;
    batch.data.snapshots = list;
    batch.data.acts.append({m_head, now, author, origin, label});
    return about;
}

/// A name for a board that cannot be made any more would stand for nothing.
Result<void> Authority::checkIsKept(quint64 revision)
{
    const bool hasName =
        std::any_of(m_snapshots.cbegin(), m_snapshots.cend(),
                    [revision](const auto &each) { return each.revision == revision; });
    if (hasName || revision == m_head)
        return {};
    const auto oldest = m_log.oldestBoard();
    if (!oldest && oldest.error().code != Errc::NotFound)
        return oldest.error();
    if (oldest && revision >= *oldest)
        return {};
    return Error{Errc::NotFound, AuthorityText::tr("Revision %1 is no longer kept").arg(revision)};
}

void Authority::receiveSnapshotEdit(SessionState &session, const wire::SnapshotEdit &edit,
                                    qint64 now)
{
    Result<void> done;
    if (session.readOnly)
        done = Error{Errc::Forbidden, AuthorityText::tr("You may only look at this board")};
    else if (auto edited = editSnapshots(edit, session.hello.author, now, session.origin); !edited)
        done = edited.error();
    if (!done) {
        send(session, wire::NamedSnapshots{edit.request, durableSnapshots(), done.error()});
        return;
    }
    m_open->sessions.insert(session.id);
    m_open->snapshotEdits.append({session.id, edit.request});
}

// Durability

CommitBatch Authority::takeBatch()
{
    if (m_inFlight || !m_open || m_open->data.isEmpty())
        return {};
    m_inFlight = std::move(m_open);
    m_inFlight->data.revision = m_head;
    m_inFlight->data.logHash = m_headHash;
    m_inFlight->data.encoded.close();
    if (mutant(Mutant::ToldBeforeStored))
        tell(*m_inFlight);
    return m_inFlight->data;
}

void Authority::committed()
{
    if (!m_inFlight)
        return;
    const std::unique_ptr<Batch> batch = std::move(m_inFlight);
    const CommitBatch &data = batch->data;
    // What fills several frames goes to everybody at their own pace.
    bool paced = false;
    for (qsizetype i = 0; i < data.encoded.size() && !paced; ++i)
        paced = isLong(data.encoded.at(i));
    QList<SessionId> behindNow;
    if (paced) {
        behindNow = m_live;
        for (const SessionId id : std::as_const(behindNow))
            leaveLive(*find(id));
    }
    m_revision = data.revision;
    m_logHash = data.logHash;
    if (!data.commits.isEmpty()) {
        m_recent.push_back({data.commits.constFirst().revision, data.encoded, data.logHashes});
        m_recentBytes += m_recent.back().memoryBytes();
    }
    while (m_recentBytes > m_options.memoryBytes && m_recent.size() > 1) {
        m_recentBytes -= m_recent.front().memoryBytes();
        m_recent.pop_front();
    }
    for (const StoredOutcome &outcome : data.outcomes) {
        if (outcome.site == 0)
            continue;
        std::deque<StoredOutcome> &known = m_outcomes[outcome.site];
        known.push_back(outcome);
        if (qsizetype(known.size()) > m_options.outcomesPerSite)
            known.pop_front();
    }

    if (!mutant(Mutant::ToldBeforeStored))
        tell(*batch);
    for (const SessionId id : std::as_const(behindNow)) {
        if (const SessionPtr session = find(id))
            catchUp(*session);
    }
    for (const SessionId id : batch->welcomes) {
        if (const SessionPtr session = find(id))
            welcome(*session);
    }
    if (m_live.size() != m_people.size()) {
        for (const SessionId id : QList<SessionId>(m_people)) {
            const SessionPtr session = find(id);
            if (session->snapshot && !session->paused &&
                session->snapshot->revision <= m_revision &&
                session->snapshot->revision > batch->headBefore)
                catchUp(*session); // it waited for this
        }
    }
}

/// First what has to be said of changes, then the changes: one that comes back finds its notices
/// already known.
void Authority::tell(const Batch &batch)
{
    const CommitBatch &data = batch.data;
    QHash<SessionId, wire::Outcomes> told;
    for (const auto &[id, outcome] : batch.outcomes)
        told[id].outcomes.append(outcome);
    for (auto it = told.cbegin(); it != told.cend(); ++it) {
        if (const SessionPtr session = find(it.key()))
            send(*session, *it);
    }
    if (data.snapshots) {
        for (const SessionId id : std::as_const(m_people)) {
            const SessionPtr session = find(id);
            if (!session->hello.features.contains(kHistory))
                continue;
            bool answered = false;
            for (const auto &[who, request] : batch.snapshotEdits) {
                if (who == id) {
                    send(*session, wire::NamedSnapshots{request, *data.snapshots, {}});
                    answered = true;
                }
            }
            if (!answered)
                send(*session, wire::NamedSnapshots{0, *data.snapshots, {}});
        }
    }
    if (!m_live.isEmpty()) {
        wire::Commits commits;
        qint64 bytes = 0;
        for (qsizetype i = 0; i < data.encoded.size(); ++i) {
            const QByteArrayView entry = data.encoded.at(i);
            commits.commits.append(QByteArray::fromRawData(entry.data(), entry.size()));
            bytes += entry.size();
            const quint64 revision = data.commits.at(i).revision;
            if (revision == batch.digestRevision) {
                commits.digestRevision = revision;
                commits.digest = batch.digest;
            }
            if (bytes >= kFrameBytes || i + 1 == data.encoded.size()) {
                emitMessage(m_live, wire::encode(commits), Lane::Changes);
                commits = {};
                bytes = 0;
            }
        }
    }
}

void Authority::takeBack(Batch &batch, const Error &error)
{
    if (!mutant(Mutant::FailureKept)) {
        for (auto it = batch.applied.crbegin(); it != batch.applied.crend(); ++it)
            m_topology.rollback(*it);
    }
    for (auto it = batch.leasesBefore.cbegin(); it != batch.leasesBefore.cend(); ++it) {
        if (*it)
            m_sites.insert(it.key(), **it);
        else
            m_sites.remove(it.key());
    }
    if (batch.snapshotsBefore)
        m_snapshots = *batch.snapshotsBefore;
    m_head = batch.headBefore;
    m_headHash = batch.hashBefore;
    QSet<SessionId> involved = batch.sessions;
    involved.unite(QSet<SessionId>(batch.welcomes.cbegin(), batch.welcomes.cend()));
    for (const SessionId id : std::as_const(involved)) {
        if (const SessionPtr session = find(id))
            fail(*session, error, kStorageRetryMs);
    }
}

void Authority::failed(const Error &error)
{
    const Error told{Errc::Storage, error.text};
    const Topology::DeltaBatch batch(m_topology);
    if (m_open)
        takeBack(*std::exchange(m_open, nullptr), told);
    if (m_inFlight)
        takeBack(*std::exchange(m_inFlight, nullptr), told);
    // Snapshots of what never was.
    const auto never = [this](const auto &snapshot) {
        return snapshot && snapshot->revision > m_revision;
    };
    if (never(m_snapshot))
        m_snapshot.reset();
    m_differences.removeIf(never);
    for (const SessionId id : QList<SessionId>(m_people)) {
        const SessionPtr session = find(id);
        if (never(session->snapshot)) {
            shareSnapshot(*session);
            if (!session->paused)
                catchUp(*session);
        }
    }
}

// Presence

void Authority::receivePresence(SessionState &session, const wire::Presence &presence)
{
    const auto take = [](auto &now, auto &news, const auto &said) {
        if (said) {
            now = said;
            news = said;
        }
    };
    take(session.presence.pointer, session.news.presence.pointer, presence.pointer);
    take(session.presence.selection, session.news.presence.selection, presence.selection);
    take(session.presence.drag, session.news.presence.drag, presence.drag);
    take(session.presence.view, session.news.presence.view, presence.view);
    take(session.presence.following, session.news.presence.following, presence.following);
    if (!session.dirty) {
        session.dirty = true;
        m_dirty.append(session.id);
    }
}

void Authority::tickPresence()
{
    if (!hasPresence())
        return;
    wire::People news;
    for (const quint64 number : std::as_const(m_left))
        news.people.append({number, true, {}, 0, {}});
    m_left.clear();
    for (const SessionId id : std::as_const(m_dirty)) {
        SessionState &session = *find(id);
        news.people.append(std::exchange(session.news, {}));
        session.news.session = session.number;
        session.dirty = false;
    }
    m_dirty.clear();
    if (!m_people.isEmpty())
        emitPeople(m_people, news);
}

QList<Authority::SessionInfo> Authority::sessions() const
{
    QList<SessionInfo> out;
    for (const SessionId id : m_people) {
        const SessionPtr session = find(id);
        out.append({id, session->number, session->site, session->hello.author, session->colour,
                    session->readOnly, session->live ? m_revision : session->sent});
    }
    return out;
}

// Sending

void Authority::send(SessionState &session, const wire::Message &message, Lane lane)
{
    if (session.stage != SessionState::Stage::Closed)
        emitMessage({session.id}, wire::encode(message), lane);
}

void Authority::emitMessage(const QList<SessionId> &to, const QByteArray &message, Lane lane)
{
    for (const QByteArray &frame : wire::toFrames(message, m_nextPart))
        m_outgoing.append({to, frame, lane, false});
}

/// In frames that can be left out one by one: a full connection drops presence.
void Authority::emitPeople(const QList<SessionId> &to, const wire::People &people)
{
    const QByteArray message = wire::encode(people);
    if (message.size() <= wire::kMaxPartBytes * 2 || people.people.size() < 2) {
        m_outgoing.append({to, message, Lane::Presence, false});
        return;
    }
    const qsizetype half = people.people.size() / 2;
    emitPeople(to, {people.all, people.people.first(half)});
    emitPeople(to, {false, people.people.sliced(half)});
}

QList<Authority::Outgoing> Authority::takeOutgoing()
{
    return std::exchange(m_outgoing, {});
}

} // namespace patchboard
