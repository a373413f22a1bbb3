#include "server/http/resources.h"

namespace patchboard::http {

void addHealth(Router &router)
{
    router
        .add({"GET", QStringLiteral("/health"), Role::Anybody, std::nullopt,
              [](const Call &) {
                  return json(200, "{\"status\":\"healthy\",\"service\":\"patchboard\","
                                   "\"version\":\"" PATCHBOARD_VERSION "\"}");
              },
              QStringLiteral("Says that the host answers")})
        .answers(200, "Health");
}

} // namespace patchboard::http
