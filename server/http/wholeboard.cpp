#include "model/formats/registry.h"
#include "server/http/listing.h"
#include "server/http/past.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

constexpr EnumEntry kExportFormats[] = {
    {0, "json", "json"}, {1, "graphml", "graphml"}, {2, "containerlab", "containerlab"}};

/// The format that is asked for: by name, else by a media type that Accept names (the first that
/// can be written; "*/*" names none). Null: by neither.
QString exportFormat(const Call &call, const formats::Registry &registry)
{
    if (call.query.has(u"format"))
        return QString::fromLatin1(kExportFormats[call.query.number(u"format", 0)].key);
    for (const QByteArray &each : call.request.header("accept").split(',')) {
        const QByteArray type = each.split(';').first().trimmed().toLower();
        if (type == "application/json")
            return QStringLiteral("json");
        for (const auto &format : registry.formats()) {
            if (format->mediaType() == type)
                return format->id();
        }
    }
    return {};
}

Response exportBoard(Board &board, const Call &call, const formats::Registry &registry,
                     Listing &listing)
{
    const QString id = exportFormat(call, registry);
    if (id.isNull()) {
        return invalid({{QStringLiteral("missing"),
                         {QStringLiteral("query"), QStringLiteral("format")},
                         QStringLiteral("Field required"),
                         QJsonValue()}});
    }
    const bool isJson = id == QLatin1String("json");
    QByteArray tag = revisionTag(board, board.settledRevision());
    if (!isJson) // one address may give several, by Accept
        tag = tag.chopped(1) + '.' + id.toLatin1() + '"';
    if (auto same = notModified(call.request, tag))
        return *same;
    Response response = isJson ? listing.wholeBoard(QStringLiteral("board.json"))
                               : listing.exported(*registry.byId(id));
    response.headers.emplaceBack("Vary", "Accept");
    if (response.status < 300)
        response.headers.emplaceBack("ETag", tag);
    return response;
}

Response editBoard(Board &board, const Call &call)
{
    Response response = editEntity(board, EntityKind::Board, call);
    if (response.status == 200)
        response.headers.emplaceBack("ETag", revisionTag(board, board.settledRevision()));
    return response;
}

} // namespace

void addWholeBoard(Router &router, Board &board, Listing &listing, Past &past)
{
    const QString path = QStringLiteral("/api/board");
    const auto now = ofBoard(board, [&listing](const Call &) { return listing.wholeBoard(); });
    Route &whole = router.add(
        {"GET", path, Role::Viewer, std::nullopt,
         [now, &past](const Call &call) {
             return Past::isMeant(call.query) ? past.board(call) : now(call);
         },
         QStringLiteral("Everything, at one revision: the newest, or the one that the query names "
                        "by its number or by a snapshot")});
    whole.answers(200, "Board", {404, 410, 503});
    whole.query = Past::query();
    router
        .add({"PATCH", path, Role::Editor, editShape(EntityKind::Board),
              changingBoard(board, [&board](const Call &call) { return editBoard(board, call); }),
              QStringLiteral("Changes the board's own settings")})
        .answers(200, "BoardFull", {412});
    BodyKey format = wordKey(QStringLiteral("format"), kExportFormats);
    static const formats::Registry registry;
    Route &exported = router.add(
        {"GET", QStringLiteral("/api/export"), Role::Viewer, std::nullopt,
         [&board, &listing](const Call &call) {
             return exportBoard(board, call, registry, listing);
         },
         QStringLiteral("The board as a file, in the format that the query, else Accept names")});
    exported.answers(200, "Board", {503});
    for (const auto &each : registry.formats())
        exported.answer.otherTypes.append(each->mediaType());
    exported.query = {format};
}

} // namespace patchboard::http
