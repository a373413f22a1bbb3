#include "server/http/importing.h"

#include "model/formats/import.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace patchboard::http {

namespace {

constexpr int kMostAtOnce = 4;

Response refusedFile(const formats::ReadError &error, const QString &name)
{
    return json(422, QJsonDocument(QJsonObject{{QStringLiteral("detail"), error.describe(name)},
                                               {QStringLiteral("line"), error.line},
                                               {QStringLiteral("column"), error.column}})
                         .toJson(QJsonDocument::Compact));
}

} // namespace

struct Importing::Job
{
    Request request;
    QString format;
    QString name;
    std::shared_ptr<LaterAnswer> answer = std::make_shared<LaterAnswer>();
    std::atomic_bool cancelled = false;
    bool named = false; ///< by an Idempotency-Key
    std::optional<formats::ReadResult> read;
    bool placed = false;
    QString message;
};

BodyShape Importing::query()
{
    return {textKey(QStringLiteral("format"), false, false, 64),
            textKey(QStringLiteral("name"), false, false, 255)};
}

Response Importing::handle(const Call &call)
{
    const auto missing = [](const char *type, const QJsonArray &loc, const QString &msg,
                            const QJsonValue &input) {
        return invalid({{QString::fromLatin1(type), loc, msg, input}});
    };
    auto job = std::make_shared<Job>();
    job->request = call.request;
    job->format = call.query.text(u"format");
    job->name = call.query.text(u"name");
    job->named = !call.request.header("idempotency-key").isNull();
    if (call.request.body.isEmpty()) {
        return missing("missing", {QStringLiteral("body")}, QStringLiteral("Field required"),
                       QJsonValue());
    }
    if (!job->format.isEmpty() && !m_registry.byId(job->format)) {
        QStringList words;
        for (const auto &format : m_registry.formats())
            words.append(u'\'' + format->id() + u'\'');
        return missing("enum", {QStringLiteral("query"), QStringLiteral("format")},
                       QStringLiteral("Input should be %1").arg(words.join(QStringLiteral(" or "))),
                       job->format);
    }
    if (job->named) {
        if (auto known = m_onceOnly.known(call.request))
            return *known;
    }
    if (m_running.size() >= kMostAtOnce)
        return problem(503, QStringLiteral("Too many imports at once"));

    // Who leaves before it is done has not imported anything.
    job->answer->onLeft([job_ = std::weak_ptr<Job>(job)] {
        if (const auto left = job_.lock())
            left->cancelled = true;
    });
    const bool taken = m_background.run(
        [this, job] {
            formats::ReadContext context;
            context.fileName = job->name;
            context.control.cancelled = [this, job] {
                return job->cancelled.load() || m_background.isEnding();
            };
            job->read = m_registry.read(job->request.body, context, job->format);
            if (*job->read) {
                job->placed =
                    formats::placeDocument(job->read->document(), context.control, &job->message);
            }
        },
        [this, job] { finishJob(job); });
    if (!taken)
        return problem(503, QStringLiteral("Too many long answers at once"));
    m_running.insert(job);
    if (job->named)
        m_onceOnly.begin(call.request);
    Response promise;
    promise.later = job->answer;
    return promise;
}

void Importing::finish()
{
    for (const auto &job : std::as_const(m_running)) {
        job->answer->onLeft({});
        job->answer->give(problem(503, QStringLiteral("The host is stopping")));
    }
}

void Importing::finishJob(const std::shared_ptr<Job> &job)
{
    m_running.remove(job);
    if (job->named)
        m_onceOnly.end(job->request);
    if (job->cancelled)
        return;
    if (!*job->read) {
        job->answer->give(refusedFile(job->read->error(), job->name));
        return;
    }
    if (!job->placed) {
        job->answer->give(problem(503, QStringLiteral("The import was cancelled")));
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
    const auto carryOut = [&] { return commit(*job); };
    job->answer->give(job->named ? m_onceOnly.carryOut(job->request, carryOut) : carryOut());
}

Response Importing::commit(const Job &job)
{
    const formats::Document &document = job.read->document();
    const formats::Import import =
        formats::importEdits(document, m_board.topology(), [this] { return m_board.newId(); });
    quint64 revision = m_board.settledRevision();
    if (!import.edits.isEmpty()) {
        const auto done = m_board.commit(
            import.edits, authorOf(job.request),
            QStringLiteral("Import %1").arg(job.name.isEmpty() ? document.format : job.name));
        if (!done)
            return refused(done.error());
        if (done->revision != 0)
            revision = done->revision;
    }
    const formats::Summary &summary = import.summary;
    QByteArray out = "{\"revision\":" + QByteArray::number(revision) + ",\"format\":";
    appendText(out, summary.format);
    out += ",\"devices\":" + QByteArray::number(summary.devices) +
           ",\"containers\":" + QByteArray::number(summary.containers) +
           ",\"interfaces\":" + QByteArray::number(summary.interfaces) +
           ",\"links\":" + QByteArray::number(summary.links) + ",\"device_ids\":[";
    bool first = true;
    for (const EntityId id : import.devices) {
        if (!std::exchange(first, false))
            out += ',';
        out += QByteArray::number(id);
    }
    out += "],\"warnings\":[";
    first = true;
    const auto warn = [&](qint64 line, const QString &text) {
        if (!std::exchange(first, false))
            out += ',';
        out += "{\"line\":" + (line > 0 ? QByteArray::number(line) : QByteArray("null")) +
               ",\"text\":";
        appendText(out, text);
        out += '}';
    };
    if (!job.message.isEmpty())
        warn(0, job.message);
    for (const formats::Warning &warning : summary.warnings)
        warn(warning.line, warning.text);
    return json(201, out + "]}");
}

void addImporting(Router &router, Importing &importing)
{
    Route &route = router.add(
        {"POST", QStringLiteral("/api/import"), Role::Editor, std::nullopt,
         [&importing](const Call &call) { return importing.handle(call); },
         QStringLiteral("Puts a file of another program onto the board: all of it or nothing")});
    route.answers(201, "Imported", {409, 412, 503});
    route.query = Importing::query();
    route.bodySchema = "File";
    route.later = true;
}

} // namespace patchboard::http
