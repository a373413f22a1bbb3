#include "server/http/past.h"

#include "model/core/restore.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"
#include "server/http/snapshots.h"
#include "server/store/history.h"

#include <QPointer>
#include <QSet>

#include <atomic>
#include <limits>

namespace patchboard::http {

namespace {

constexpr int kMostLooks = 4; ///< boards of the past that are being made at once
constexpr qsizetype kKeptTexts = 2;
constexpr int kForgetTextsMs = 10'000;
constexpr qsizetype kMostRestored = 5000; ///< ids of a request
constexpr int kLongestName = 1024;

constexpr QLatin1String kRevisionKey("revision");
constexpr QLatin1String kSnapshotKey("snapshot");

/// What a change comes to, of the edits that it really is.
struct Tally
{
    QSet<EntityId> made;
    QSet<EntityId> removed;
    QSet<EntityId> updated;

    explicit Tally(const QList<Edit> &edits)
    {
        for (const Edit &edit : edits) {
            if (const auto *create = std::get_if<CreateEntity>(&edit)) {
                made.insert(create->id);
            } else if (const auto *set = std::get_if<SetFields>(&edit)) {
                updated.insert(set->id);
            } else if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
                for (const EntityId id : remove->ids) {
                    // What came with something else, and was not to come.
                    if (!made.remove(id))
                        removed.insert(id);
                    updated.remove(id);
                }
            }
        }
        updated.subtract(made);
    }
};

Response tooManyLooks()
{
    return problem(503, QStringLiteral("Too many boards of the past at once"));
}

} // namespace

struct Past::Found
{
    std::atomic_bool unwanted = false; ///< nobody waits for it any more
    std::optional<Error> error;
    quint64 oldest = 0; ///< if there is no such board: the first one that there is
    QByteArray text;
    Topology board;

    /// Fills @a topology, or says what is wrong.
    bool find(const Result<std::unique_ptr<server::History>> &past, quint64 revision,
              Topology &topology)
    {
        if (unwanted) {
            error = Error{Errc::Cancelled, {}};
            return false;
        }
        const auto ok = past ? (*past)->boardAt(revision, topology) : Result<void>(past.error());
        if (ok)
            return true;
        error = ok.error();
        if (past && error->code == Errc::NotFound) {
            const auto first = (*past)->oldest();
            oldest = first ? *first : std::numeric_limits<quint64>::max();
        }
        return false;
    }
};

struct Past::Restore
{
    Request request;
    quint64 revision = 0;
    QList<EntityId> ids; ///< empty: the whole board
    bool dry = false;
    bool named = false; ///< by an Idempotency-Key
    bool left = false;  ///< whoever asked did not wait
    std::shared_ptr<Found> found = std::make_shared<Found>();
    std::shared_ptr<LaterAnswer> answer = std::make_shared<LaterAnswer>();
};

Past::Past(Board &board, Listing &listing, OnceOnly &onceOnly)
    : m_board(board)
    , m_listing(listing)
    , m_onceOnly(onceOnly)
{
    m_forget.setSingleShot(true);
    m_forget.setInterval(kForgetTextsMs);
    connect(&m_forget, &QTimer::timeout, this, [this] { m_texts.clear(); });
}

Past::~Past()
{
    finish();
}

void Past::finish()
{
    const Response ending = problem(503, QStringLiteral("The host is stopping"));
    const auto makings = std::exchange(m_making, {});
    for (const Making &making : makings) {
        making.found->unwanted = true;
        for (const auto &answer : making.waiting)
            answer->give(ending);
    }
    for (const auto &restore : std::as_const(m_restores)) {
        restore->found->unwanted = true;
        restore->left = true;
        restore->answer->give(ending);
    }
}

BodyShape Past::query()
{
    return {numberKey(kRevisionKey, 0, qint64(kMaxEntityId)),
            textKey(kSnapshotKey, false, false, kLongestName)};
}

bool Past::isMeant(const Body &query)
{
    return query.has(u"revision") || query.has(u"snapshot");
}

Past::Asked Past::revisionOf(std::optional<qint64> revision, const QString &snapshot,
                             const QString &where, const QJsonValue &input)
{
    if (revision && !snapshot.isNull()) {
        return invalid({{QStringLiteral("value_error"),
                         {where, kSnapshotKey},
                         QStringLiteral("Value error, a revision or a snapshot, not both"),
                         snapshot}});
    }
    const quint64 newest = m_board.settledRevision();
    if (revision) {
        if (quint64(*revision) <= newest)
            return quint64(*revision);
        return problem(404, QStringLiteral("There is no revision %1; the board is at revision %2")
                                .arg(*revision)
                                .arg(newest));
    }
    if (snapshot.isNull()) {
        return invalid({{QStringLiteral("missing"),
                         {where, kRevisionKey},
                         QStringLiteral("Field required"),
                         input}});
    }
    if (const wire::NamedSnapshot *named = snapshotBy(m_board, snapshot))
        return named->revision;
    return problem(404, QStringLiteral("Snapshot not found"));
}

bool Past::lookBack(Board::Look work, std::function<void(Past &)> done)
{
    if (m_running >= kMostLooks)
        return false;
    // The host may outlive this.
    const bool taken = m_board.lookBack(std::move(work), [self = QPointer(this), done] {
        if (!self)
            return;
        --self->m_running;
        done(*self);
    });
    if (taken)
        ++m_running;
    return taken;
}

// To be read

Response Past::board(const Call &call)
{
    const Asked asked = revisionOf(
        call.query.has(u"revision") ? std::optional(call.query.number(u"revision", 0))
                                    : std::nullopt,
        call.query.has(u"snapshot") ? QStringLiteral("") + call.query.text(u"snapshot") : QString(),
        QStringLiteral("query"), QJsonValue());
    if (const auto *refusal = std::get_if<Response>(&asked))
        return *refusal;
    const quint64 revision = std::get<quint64>(asked);
    const QByteArray tag = revisionTag(m_board, revision);
    if (auto refusal = refusedByTag(call.request, tag))
        return *refusal;
    if (auto same = notModified(call.request, tag))
        return *same;
    if (revision == m_board.settledRevision()) {
        Response response = m_listing.wholeBoard();
        if (response.status < 300)
            response.headers.emplaceBack("ETag", tag);
        return response;
    }
    return textOf(revision);
}

Response Past::written(quint64 revision, const QByteArray &bytes) const
{
    Response response = json(200, bytes);
    response.headers.emplaceBack("ETag", revisionTag(m_board, revision));
    return response;
}

Response Past::textOf(quint64 revision)
{
    m_forget.start();
    for (const Text &text : std::as_const(m_texts)) {
        if (text.revision == revision)
            return written(revision, text.bytes);
    }
    if (!m_making.contains(revision)) {
        const auto found = std::make_shared<Found>();
        const auto work = [found, revision, epoch = m_board.epoch()](const auto &past) {
            Topology topology;
            if (found->find(past, revision, topology))
                found->text = wholeBoardText(topology, revision, epoch);
        };
        if (!lookBack(work, [found, revision](Past &self) { self.finishText(revision, found); }))
            return tooManyLooks();
        m_making.insert(revision, {found, {}});
    }
    Response promise;
    promise.later = std::make_shared<LaterAnswer>();
    promise.later->onLeft([this, revision, answer = promise.later.get()] {
        const auto making = m_making.find(revision);
        if (making == m_making.end())
            return;
        making->waiting.removeIf([answer](const auto &each) { return each.get() == answer; });
        if (making->waiting.isEmpty()) {
            making->found->unwanted = true;
            m_making.erase(making);
        }
    });
    m_making[revision].waiting.append(promise.later);
    return promise;
}

void Past::finishText(quint64 revision, const std::shared_ptr<Found> &found)
{
    if (m_making.value(revision).found != found)
        return; // all have left
    const Making making = m_making.take(revision);
    if (found->error) {
        for (const auto &answer : making.waiting)
            answer->give(failure(revision, *found));
        return;
    }
    m_texts.append({revision, found->text});
    if (m_texts.size() > kKeptTexts)
        m_texts.removeFirst();
    m_forget.start();
    for (const auto &answer : making.waiting)
        answer->give(written(revision, found->text));
}

Response Past::failure(quint64 revision, const Found &found)
{
    if (found.error->code == Errc::NotFound) {
        const quint64 newest = m_board.settledRevision();
        const quint64 oldest = std::min(found.oldest, newest);
        return outOfLog(410,
                        QStringLiteral("Revision %1 is no longer kept; revision %2 is the first "
                                       "that is")
                            .arg(revision)
                            .arg(oldest),
                        oldest, newest);
    }
    // Whatever it is, it is not the request that is wrong.
    if (found.error->code != Errc::Unavailable)
        return problem({Errc::Storage, found.error->text});
    return problem(*found.error);
}

// To be restored from

Response Past::restore(const Call &call)
{
    const QString where = QStringLiteral("body");
    const QJsonObject object = call.body.object();
    const auto wrong = [&](const char *type, const QJsonArray &loc, const QString &msg,
                           const QJsonValue &input) {
        return invalid({{QString::fromLatin1(type), loc, msg, input}});
    };
    const QJsonValue snapshot = object.value(kSnapshotKey);
    QString snapshotName;
    if (snapshot.isString()) {
        snapshotName = QStringLiteral("") + snapshot.toString();
    } else if (snapshot.isDouble() && snapshot.toInteger(-1) >= 0) {
        snapshotName = QString::number(snapshot.toInteger());
    } else if (!snapshot.isUndefined()) {
        return wrong("string_type", {where, kSnapshotKey},
                     QStringLiteral("Input should be a valid string"), snapshot);
    }
    auto job = std::make_shared<Restore>();
    const QJsonValue ids = object.value(u"ids");
    const QString idsKey = QStringLiteral("ids");
    if (!ids.isUndefined()) {
        if (!ids.isArray()) {
            return wrong("list_type", {where, idsKey},
                         QStringLiteral("Input should be a valid list"), ids);
        }
        const QJsonArray list = ids.toArray();
        if (list.isEmpty()) {
            return wrong("too_short", {where, idsKey},
                         QStringLiteral("List should have at least 1 item after validation, not 0"),
                         ids);
        }
        if (list.size() > kMostRestored) {
            return wrong("too_long", {where, idsKey},
                         QStringLiteral("List should have at most %1 items after validation")
                             .arg(kMostRestored),
                         list.size());
        }
        for (qsizetype i = 0; i < list.size(); ++i) {
            const qint64 id = list[i].toInteger(-1);
            if (!list[i].isDouble() || id <= 0 || EntityId(id) > kMaxEntityId) {
                return wrong("int_type", {where, idsKey, i},
                             QStringLiteral("Input should be a valid integer"), list[i]);
            }
            job->ids.append(EntityId(id));
        }
    }
    job->request = call.request;
    job->named = !call.request.header("idempotency-key").isNull();
    if (job->named) {
        if (auto known = m_onceOnly.known(call.request))
            return *known;
    }
    const Asked asked = revisionOf(
        call.body.has(u"revision") ? std::optional(call.body.number(u"revision", 0)) : std::nullopt,
        snapshotName, where, object);
    if (const auto *refusal = std::get_if<Response>(&asked))
        return *refusal;
    job->revision = std::get<quint64>(asked);
    job->dry = call.body.flag(u"dry_run", call.query.flag(u"dry_run", false));

    const quint64 number = ++m_lastRestore;
    const auto work = [found = job->found, revision = job->revision](const auto &past) {
        (void)found->find(past, revision, found->board);
    };
    if (!lookBack(work,
                  [number, found = job->found](Past &self) { self.finishRestore(number, *found); }))
        return tooManyLooks();
    // Who leaves before it is done has not restored anything.
    job->answer->onLeft([job_ = std::weak_ptr<Restore>(job)] {
        if (const auto left = job_.lock()) {
            left->left = true;
            left->found->unwanted = true;
        }
    });
    m_restores.insert(number, job);
    if (job->named)
        m_onceOnly.begin(call.request);
    Response promise;
    promise.later = job->answer;
    return promise;
}

void Past::finishRestore(quint64 number, const Found &found)
{
    const auto job = m_restores.take(number);
    if (job->named)
        m_onceOnly.end(job->request);
    if (job->left)
        return;
    if (found.error) {
        job->answer->give(failure(job->revision, found));
        return;
    }
    // Their token may have ended meanwhile.
    if (auto refusal = m_review ? m_review(job->request.caller) : std::nullopt) {
        job->answer->give(*refusal);
        return;
    }
    // The board may have moved on since the request came.
    if (auto refusal =
            refusedByTag(job->request, revisionTag(m_board, m_board.settledRevision()))) {
        job->answer->give(*refusal);
        return;
    }
    const auto doIt = [&] { return carryOut(*job, found.board); };
    job->answer->give(job->named ? m_onceOnly.carryOut(job->request, doIt) : doIt());
}

Response Past::carryOut(const Restore &restore, const Topology &past)
{
    for (const EntityId id : restore.ids) {
        if (!past.device(id) && !past.interface(id) && !past.link(id)) {
            return problem(404, QStringLiteral("Nothing of the id %1 was on the board at "
                                               "revision %2")
                                    .arg(id)
                                    .arg(restore.revision));
        }
    }
    EntityId firstNew = 0;
    const QList<Edit> edits = edits::restoreFrom(past, m_board.topology(), restore.ids, [&] {
        const EntityId id = m_board.newId();
        firstNew = firstNew == 0 ? id : firstNew;
        return id;
    });
    const Author author = authorOf(restore.request);
    quint64 revision = m_board.settledRevision();
    QList<Edit> done;
    QList<Notice> notices;
    if (edits.isEmpty()) {
        // It is now as it was then.
    } else if (restore.dry) {
        auto expansion = m_board.check(edits, author.name, nullptr);
        if (firstNew != 0) // what was only tried out leaves no gap in the ids
            m_board.takeBackIds(firstNew);
        if (!expansion)
            return refused(expansion.error());
        done = std::move(expansion->edits);
        notices = std::move(expansion->notices);
    } else {
        const QString label =
            (restore.ids.isEmpty() ? QStringLiteral("Restore the board of revision %1")
                                   : QStringLiteral("Restore a selection of revision %1"))
                .arg(restore.revision);
        const auto committed = m_board.commit(edits, author, label);
        if (!committed)
            return refused(committed.error());
        if (committed->revision != 0)
            revision = committed->revision;
        done = committed->edits;
        notices = committed->notices;
    }
    const Tally tally(done);
    QByteArray told("[");
    for (const Notice &notice : std::as_const(notices))
        appendNotice(told, notice);
    Response response = json(200, "{\"revision\":" + QByteArray::number(revision) +
                                      ",\"from\":" + QByteArray::number(restore.revision) +
                                      ",\"dry_run\":" + (restore.dry ? "true" : "false") +
                                      ",\"restored\":" + QByteArray::number(tally.made.size()) +
                                      ",\"updated\":" + QByteArray::number(tally.updated.size()) +
                                      ",\"removed\":" + QByteArray::number(tally.removed.size()) +
                                      ",\"notices\":" + told + "]}");
    response.tried = restore.dry;
    return response;
}

void addRestoring(Router &router, Past &past)
{
    Route &route =
        router.add({"POST", QStringLiteral("/api/restore"), Role::Editor,
                    BodyShape{numberKey(kRevisionKey, 0, qint64(kMaxEntityId)),
                              flagKey(QStringLiteral("dry_run"))},
                    [&past](const Call &call) { return past.restore(call); },
                    QStringLiteral("Makes the board, or the things of these ids, what they were at "
                                   "a revision or in a snapshot: one change")});
    route.answers(200, "Restored", {404, 410, 412, 413, 503});
    route.query = {flagKey(QStringLiteral("dry_run"))};
    route.bodySchema = "Restore";
    route.later = true;
}

} // namespace patchboard::http
