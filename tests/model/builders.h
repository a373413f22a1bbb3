#pragma once

#include "model/core/edits.h"
#include "model/core/topology.h"

#include <QTest>

/// Short words for the edits of tests. Ids of tests' entities belong to site 1.
namespace patchboard {

inline EntityId tid(quint32 counter)
{
    return makeId(1, counter);
}

inline CreateEntity newDevice(EntityId id, const QString &name, EntityId container = 0,
                              const QString &type = QStringLiteral("ROUTER"))
{
    CreateEntity create{EntityKind::Device, id, {{Field::Name, name}, {Field::DeviceType, type}}};
    if (container != 0)
        create.fields.append({Field::Container, qint64(container)});
    return create;
}
inline CreateEntity newGroup(EntityId id, const QString &name, EntityId container = 0)
{
    return newDevice(id, name, container, QStringLiteral("GROUP"));
}
inline CreateEntity newPort(EntityId id, EntityId device, const QString &name)
{
    return {EntityKind::Interface, id, {{Field::Name, name}, {Field::Device, qint64(device)}}};
}
inline CreateEntity newLink(EntityId id, EntityId a, EntityId b)
{
    return {EntityKind::Link, id, {{Field::AInterface, qint64(a)}, {Field::BInterface, qint64(b)}}};
}
inline CreateEntity newType(EntityId id, const QString &key, bool container = false)
{
    return {EntityKind::DeviceType, id, {{Field::TypeKey, key}, {Field::TypeContainer, container}}};
}

/// Submits edits of site 1 as a change of their own, numbered by itself.
inline Result<Topology::Outcome> submitEdits(Topology &topology, const QList<Edit> &edits,
                                             quint64 revision = 1, quint64 base = 1,
                                             SiteId site = 1)
{
    static quint64 cseq = 0;
    const Change change{site, ++cseq, base, 0, {}, {}, edits};
    return topology.submit(change, {{site, cseq}, revision, 1000});
}

/// The same, and the test fails if it is refused.
inline Topology::Outcome submitOk(Topology &topology, const QList<Edit> &edits,
                                  quint64 revision = 1, quint64 base = 1, SiteId site = 1)
{
    auto outcome = submitEdits(topology, edits, revision, base, site);
    if (!outcome) {
        QTest::qFail(qPrintable(outcome.error().text), __FILE__, __LINE__);
        return {};
    }
    return std::move(*outcome);
}

} // namespace patchboard
