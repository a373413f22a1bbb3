#pragma once

#include "model/optics/computedstatus.h"
#include "server/http/board.h"
#include "server/http/router.h"

#include <QHash>

/// What is computed of entities (docs/model.md), as keys that answers carry while the board wants
/// it: `optical_budget` of receivers, `health` of containers, `optical_loss_db` of fibres.
namespace patchboard::http {

/// Of one entity; nothing of most.
struct ComputedKeys
{
    std::optional<optics::Budget> budget;
    std::optional<Status> health;
    std::optional<double> lossDb;

    [[nodiscard]] bool isEmpty() const { return !budget && !health && !lossDb; }
};
ComputedKeys computedKeys(const ComputedStatus &computed, EntityId id);
/// Of all devices, or all links, that have any; for other threads.
QHash<EntityId, ComputedKeys> allComputedKeys(const ComputedStatus &computed, EntityKind kind);

/// Adds keys to an object that ends here.
void appendComputed(QByteArray &object, const ComputedKeys &keys);
/// The same, of a budget also the parts of its sum.
void appendComputed(QByteArray &object, const ComputedStatus &computed, EntityId id);

void addProblems(Router &router, Board &board);

} // namespace patchboard::http
