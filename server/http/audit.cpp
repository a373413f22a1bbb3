#include "server/http/resources.h"

#include <QDateTime>

namespace patchboard::http {

namespace {

constexpr qint64 kUsualEntries = 100;
constexpr qint64 kMostEntries = 10'000;

QByteArray entryJson(const server::AuditEntry &entry)
{
    const auto text = [](const char *key, const QString &value) {
        QByteArray out = QByteArray(",\"") + key + "\":";
        if (value.isEmpty())
            return out + "null";
        appendText(out, value);
        return out;
    };
    return "{\"revision\":" + QByteArray::number(entry.revision) +
           ",\"act\":" + (entry.act == 0 ? "null" : QByteArray::number(entry.act)) +
           ",\"time\":\"" +
           QDateTime::fromMSecsSinceEpoch(entry.time, Qt::UTC)
               .toString(Qt::ISODateWithMs)
               .toLatin1() +
           '"' + text("author", entry.author) + text("token", entry.token) +
           text("address", entry.address) + text("label", entry.label) + '}';
}

} // namespace

void addAudit(Router &router, Board &board)
{
    Route &route = router.add(
        {"GET", QStringLiteral("/api/audit"), Role::Admin, std::nullopt,
         [&board](const Call &call) {
             const qint64 limit = call.query.number(u"limit", kUsualEntries);
             (void)board.settledRevision(); // what has come before this is told
             // One more than asked for says whether there are more.
             auto entries = board.audit(
                 {quint64(call.query.number(u"since", 0)), quint64(call.query.number(u"act", 0))},
                 qsizetype(limit) + 1);
             if (!entries)
                 return problem(entries.error());
             const bool more = entries->size() > limit;
             if (more)
                 entries->removeLast();
             QByteArray out = "{\"entries\":[";
             for (const server::AuditEntry &entry : std::as_const(*entries)) {
                 if (!out.endsWith('['))
                     out += ',';
                 out += entryJson(entry);
             }
             out += more ? "],\"more\":true}" : "],\"more\":false}";
             return json(200, out);
         },
         QStringLiteral("Who did what, when and from where: changes after a revision, and acts "
                        "that are none")});
    route.answers(200, "Audit", {503});
    route.query = {numberKey(QStringLiteral("since"), 0, qint64(kMaxEntityId)),
                   numberKey(QStringLiteral("act"), 0, qint64(kMaxEntityId)),
                   numberKey(QStringLiteral("limit"), 1, kMostEntries)};
}

} // namespace patchboard::http
