#pragma once

#include "server/http/router.h"

namespace patchboard::http {

/// The description of the interface, OpenAPI 3.1: paths from the table of routes, shapes from the
/// field registry.
QByteArray openApi(const QList<Route> &routes);

/// /openapi.json, and /docs, which shows it. To be added last.
void addDescription(Router &router);

} // namespace patchboard::http
