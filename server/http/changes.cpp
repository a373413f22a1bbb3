#include "server/http/changes.h"

#include "model/wire/codec.h"
#include "server/http/resources.h"

#include <map>

namespace patchboard::http {

namespace {

constexpr qint64 kMostChanges = 1000;
constexpr qint64 kUsualChanges = 500;
constexpr qint64 kLongestWait = 60; ///< s
constexpr int kSweepMs = 250;
constexpr qint64 kAnswerBytes = 4 * 1024 * 1024; ///< of the log, in one answer; one change at least
constexpr qint64 kAtOnceBytes = 128 * 1024;      ///< of the log: more is written by another thread

/// What a field is called; the same in every kind that has it.
const FieldInfo *infoOf(Field field)
{
    static const std::map<Field, const FieldInfo *> infos = [] {
        std::map<Field, const FieldInfo *> out;
        for (const FieldInfo &info : fieldRegistry())
            out.emplace(info.field, &info);
        return out;
    }();
    const auto it = infos.find(field);
    return it == infos.end() ? nullptr : it->second;
}

/// {"name": …, "x": …, "y": …, "properties": {…}}
template <typename List>
void appendFields(QByteArray &out, const List &fields)
{
    QByteArray properties;
    char separator = '{';
    for (const auto &field : fields) {
        if (field.key.field == Field::Property) {
            properties += properties.isEmpty() ? '{' : ',';
            appendText(properties, field.key.property);
            properties += ':';
            if (const QString *text = std::get_if<QString>(&field.value))
                appendText(properties, *text);
            else
                properties += "null";
            continue;
        }
        const FieldInfo *info = infoOf(field.key.field);
        if (!info)
            continue;
        out += separator;
        separator = ',';
        if (const QPointF *place = std::get_if<QPointF>(&field.value)) {
            out += "\"x\":" + realText(place->x()) + ",\"y\":" + realText(place->y());
        } else {
            out += '"' + QByteArray(info->key) + "\":";
            appendValue(out, *info, field.value);
        }
    }
    if (!properties.isEmpty()) {
        out += separator;
        separator = ',';
        out += "\"properties\":" + properties + '}';
    }
    out += separator == '{' ? "{}" : "}";
}

void appendEdit(QByteArray &out, const Edit &edit)
{
    if (const auto *create = std::get_if<CreateEntity>(&edit)) {
        out += "{\"op\":\"create\",\"kind\":\"" + kindWord(create->kind) +
               "\",\"id\":" + QByteArray::number(create->id) + ",\"fields\":";
        appendFields(out, create->fields);
        out += '}';
    } else if (const auto *set = std::get_if<SetFields>(&edit)) {
        out += "{\"op\":\"update\",\"id\":" + QByteArray::number(set->id) + ",\"fields\":";
        appendFields(out, set->fields);
        out += '}';
    } else if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
        bool first = true;
        for (const EntityId id : remove->ids) {
            if (!std::exchange(first, false))
                out += ',';
            out += "{\"op\":\"delete\",\"id\":" + QByteArray::number(id) + '}';
        }
    }
}

void appendCommit(QByteArray &out, const Commit &commit)
{
    out += "{\"revision\":" + QByteArray::number(commit.revision) + ",\"time\":\"" +
           timeText(commit.time) + "\",\"author\":";
    appendText(out, commit.author);
    out += ",\"label\":";
    appendText(out, commit.label);
    out += ",\"edits\":[";
    bool first = true;
    for (const Edit &edit : commit.edits) {
        if (!std::exchange(first, false))
            out += ',';
        appendEdit(out, edit);
    }
    out += "]}";
}

/// @a head: all up to the list of changes. An entry that cannot be read is a damaged log.
Result<QByteArray> changesJson(QByteArray head, const QList<QByteArray> &entries)
{
    QByteArray out = std::move(head) + "\"changes\":[";
    bool first = true;
    for (const QByteArray &entry : entries) {
        const auto commit = wire::decodeCommit(entry);
        if (!commit)
            return commit.error();
        if (!std::exchange(first, false))
            out += ',';
        appendCommit(out, *commit);
    }
    return out + "]}";
}

} // namespace

Changes::Changes(Board &board, Background &background)
    : m_board(board)
    , m_background(background)
{
    m_wake.setSingleShot(true);
    m_wake.setInterval(0);
    connect(&m_wake, &QTimer::timeout, this, &Changes::answerWaiting);
    m_sweep.setInterval(kSweepMs);
    connect(&m_sweep, &QTimer::timeout, this, &Changes::answerWaiting);
}

BodyShape Changes::query()
{
    BodyKey since = numberKey(QStringLiteral("since"), 0, qint64(kMaxEntityId));
    since.required = true;
    return {since, numberKey(QStringLiteral("limit"), 1, kMostChanges),
            numberKey(QStringLiteral("wait"), 0, kLongestWait)};
}

Response Changes::handle(const Call &call)
{
    const quint64 since = quint64(call.query.number(u"since", 0));
    const qint64 limit = call.query.number(u"limit", kUsualChanges);
    const qint64 wait = call.query.number(u"wait", 0);
    if (since != m_board.settledRevision() || wait == 0)
        return after(since, limit);
    Response promise;
    promise.later = std::make_shared<LaterAnswer>();
    promise.later->onLeft([this, answer = promise.later.get()] {
        m_waiting.removeIf([answer](const Waiting &w) { return w.answer.get() == answer; });
    });
    m_waiting.append({promise.later, since, limit, m_board.now() + wait * 1000});
    m_sweep.start();
    return promise;
}

void Changes::notify()
{
    if (!m_waiting.isEmpty())
        m_wake.start();
}

void Changes::finish()
{
    const QList<Waiting> all = std::exchange(m_waiting, {});
    for (const Waiting &each : all) {
        each.answer->onLeft({});
        if (const Response response = after(each.since, each.limit); !response.later)
            each.answer->give(response);
    }
}

void Changes::answerWaiting()
{
    const quint64 revision = m_board.settledRevision();
    const qint64 now = m_board.now();
    const QList<Waiting> all = std::exchange(m_waiting, {});
    for (const Waiting &each : all) {
        if (each.since == revision && each.until > now) {
            m_waiting.append(each);
            continue;
        }
        each.answer->onLeft({});
        const Response response = after(each.since, each.limit);
        if (response.later)
            response.later->passTo(each.answer);
        else
            each.answer->give(response);
    }
    if (m_waiting.isEmpty())
        m_sweep.stop();
}

Response Changes::after(quint64 since, qint64 limit)
{
    const quint64 revision = m_board.settledRevision();
    const auto oldest = m_board.oldestChange();
    if (!oldest)
        return problem(oldest.error());
    if (since > revision) {
        return outOfLog(409, QStringLiteral("This board is at revision %1").arg(revision), *oldest,
                        revision);
    }
    if (since + 1 < *oldest) {
        return outOfLog(
            410, QStringLiteral("The log begins with revision %1; read the board").arg(*oldest),
            *oldest, revision);
    }
    const quint64 last = std::min(revision, since + quint64(limit));
    QList<QByteArray> entries;
    qint64 bytes = 0;
    quint64 next = since;
    while (next < last && bytes < kAnswerBytes) {
        // As many as will fit, going by those before.
        const qint64 room =
            entries.isEmpty() ? 1 : (kAnswerBytes - bytes) / (bytes / entries.size() + 1) + 1;
        const quint64 to = std::min(last, next + quint64(std::min<qint64>(room, 64)));
        const auto more = m_board.changes(next + 1, to);
        if (!more)
            return problem(more.error());
        for (const QByteArray &entry : *more)
            bytes += entry.size();
        entries += *more;
        next = to;
    }
    QByteArray head = "{\"epoch\":";
    appendText(head, m_board.epoch());
    head += ",\"revision\":" + QByteArray::number(revision) +
            ",\"oldest\":" + QByteArray::number(*oldest) + ",\"next\":" + QByteArray::number(next) +
            ",\"more\":" + (next < revision ? "true," : "false,");
    const auto asResponse = [](const Result<QByteArray> &text) {
        return text ? json(200, *text) : problem(text.error());
    };
    if (bytes <= kAtOnceBytes)
        return asResponse(changesJson(head, entries));
    Response promise;
    promise.later = std::make_shared<LaterAnswer>();
    auto text = std::make_shared<Result<QByteArray>>(QByteArray());
    const bool taken = m_background.run(
        [text, head, entries] { *text = changesJson(head, entries); },
        [text, asResponse, answer = promise.later] { answer->give(asResponse(*text)); });
    return taken ? promise : problem(503, QStringLiteral("Too many long answers at once"));
}

void addChanges(Router &router, Changes &changes)
{
    Route &route = router.add({"GET", QStringLiteral("/api/changes"), Role::Viewer, std::nullopt,
                               [&changes](const Call &call) { return changes.handle(call); },
                               QStringLiteral("What was changed after a revision; wait (seconds) "
                                              "for it, if nothing was")});
    route.answers(200, "Changes", {409, 410, 503});
    route.query = Changes::query();
}

} // namespace patchboard::http
