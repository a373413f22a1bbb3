#pragma once

#include "server/http/board.h"
#include "server/http/json.h"
#include "server/http/router.h"

namespace patchboard::server {
class Host;
}

/// The endpoints; one file each. Texts are part of the interface and are not translated.
namespace patchboard::http {

class Changes;
class Importing;
class Listing;
class Past;

void addHealth(Router &router);
void addDevices(Router &router, Board &board, Listing &listing);
void addProvisioning(Router &router, Board &board);
void addInterfaces(Router &router, Board &board, Listing &listing);
void addLinks(Router &router, Board &board, Listing &listing);
void addOverrides(Router &router, Board &board);
void addSeed(Router &router, Board &board);
void addAudit(Router &router, Board &board);
void addBatch(Router &router, Board &board);
void addChanges(Router &router, Changes &changes);
void addWholeBoard(Router &router, Board &board, Listing &listing, Past &past);
void addSnapshots(Router &router, Board &board);
void addRestoring(Router &router, Past &past);
void addImporting(Router &router, Importing &importing);
void addProbes(Router &router, const server::Host &host);
/// The live page at "/" and its files below "/page/"; nothing if it was not built in.
void addPage(Router &router);

// What they share

Response json(int status, QByteArray body);
Response entityResponse(int status, const Topology &topology, EntityId id, const Shape &shape);
/// Who makes a change, for the log of changes.
Author authorOf(const Request &request);
/// 201, with the entity and its tag.
Response createdResponse(const Board &board, EntityId id);
/// "device", "interface", "link"; as in paths and keys.
QByteArray kindWord(EntityKind kind);
/// The GET of a list and of one.
void addReading(Router &router, Board &board, Listing &listing, EntityKind kind,
                const QString &list, const QString &one);
/// "Device not found" and the like.
QString notFoundText(EntityKind kind);
/// Adds what the board decided otherwise to a list that begins with its bracket.
void appendNotice(QByteArray &list, const Notice &notice);
/// It is about a revision that the board does not have; tells which there are.
Response outOfLog(int status, const QString &text, quint64 oldest, quint64 revision);
/// The answer to a failed commit.
Response refused(const Error &error);
/// What a body says of a device's type and container that its own shape could not check.
void checkDeviceRefs(const Topology &topology, Body &body);
/// The fields of a new entity: those given, without nulls.
QList<FieldValue> givenFields(const Body &body, const BodyShape &shape);
/// What a PATCH of sets. @a place: the device's, for the half that is not given; @a author
/// and @a now: of an override.
SetFields setFieldsOf(const Body &body, EntityKind kind, EntityId id, QPointF place,
                      const QString &author, qint64 now);
/// PATCH of any editable fields; answers with the whole entity.
Response editEntity(Board &board, EntityKind kind, const Call &call);
Response removeEntity(Board &board, EntityKind kind, const Call &call);
/// 409 if the board enforces link rules and none allows these two; nullopt otherwise.
std::optional<Response> linkRuleRefusal(const Topology &topology, EntityId interfaceA,
                                        EntityId interfaceB);
std::optional<Response> linkRuleRefusal(const Topology &topology, const Device &a, const Device &b);

} // namespace patchboard::http
