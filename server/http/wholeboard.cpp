#include "server/http/listing.h"
#include "server/http/preconditions.h"
#include "server/http/resources.h"

namespace patchboard::http {

namespace {

constexpr EnumEntry kExportFormats[] = {{0, "json", "json"}};

Response editBoard(Board &board, const Call &call)
{
    Response response = editEntity(board, EntityKind::Board, call);
    if (response.status == 200)
        response.headers.emplaceBack("ETag", revisionTag(board, board.settledRevision()));
    return response;
}

} // namespace

void addWholeBoard(Router &router, Board &board, Listing &listing)
{
    const QString path = QStringLiteral("/api/board");
    router
        .add({"GET", path, Role::Viewer, std::nullopt,
              ofBoard(board, [&listing](const Call &) { return listing.wholeBoard(); }),
              QStringLiteral("Everything, at one revision")})
        .answers(200, "Board", {503});
    router
        .add({"PATCH", path, Role::Editor, editShape(EntityKind::Board),
              changingBoard(board, [&board](const Call &call) { return editBoard(board, call); }),
              QStringLiteral("Changes the board's own settings")})
        .answers(200, "BoardFull", {412});
    BodyKey format = wordKey(QStringLiteral("format"), kExportFormats);
    format.required = true;
    Route &exported =
        router.add({"GET", QStringLiteral("/api/export"), Role::Viewer, std::nullopt,
                    ofBoard(board,
                            [&listing](const Call &) {
                                return listing.wholeBoard(QStringLiteral("board.json"));
                            }),
                    QStringLiteral("The board as a file")});
    exported.answers(200, "Board", {503});
    exported.query = {format};
}

} // namespace patchboard::http
