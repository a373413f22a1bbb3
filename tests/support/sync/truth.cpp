#include "tests/support/sync/truth.h"

#include "model/wire/codec.h"

using namespace patchboard;

QString brokenReference(const Topology &topology)
{
    QSet<QString> names;
    for (const Device &device : topology.devices().slots()) {
        if (device.id == 0)
            continue;
        if (names.contains(device.name))
            return QStringLiteral("two devices are called %1").arg(device.name);
        names.insert(device.name);
        if (!topology.knowsType(device.type))
            return QStringLiteral("%1 is of a type that does not exist").arg(device.name);
        qsizetype depth = 0;
        for (const Device *inner = &device; inner->container != 0; ++depth) {
            const Device *container = topology.device(inner->container);
            if (!container)
                return QStringLiteral("%1 lies in something that does not exist").arg(inner->name);
            if (!topology.isContainer(*container))
                return QStringLiteral("%1 is no container and holds something")
                    .arg(container->name);
            if (depth > topology.devices().size())
                return QStringLiteral("%1 lies in itself").arg(device.name);
            inner = container;
        }
    }
    QSet<std::pair<EntityId, QString>> ports;
    for (const Interface &interface : topology.interfaces().slots()) {
        if (interface.id == 0)
            continue;
        if (!topology.device(interface.device))
            return QStringLiteral("an interface has no device");
        const std::pair port(interface.device, interface.name);
        if (ports.contains(port))
            return QStringLiteral("two interfaces of one device are called %1").arg(interface.name);
        ports.insert(port);
    }
    for (const Link &link : topology.links().slots()) {
        if (link.id != 0 && (!topology.interface(link.a) || !topology.interface(link.b)))
            return QStringLiteral("a link has no end");
    }
    return {};
}

Truth::Truth(const QHash<QString, Asked> &asked, const QHash<int, QSet<SiteId>> &sites)
    : m_asked(asked)
    , m_sites(sites)
    , m_board(std::make_unique<Topology>())
    , m_emptyDigest(m_board->digest())
{
}

quint64 Truth::digestAt(quint64 revision) const
{
    return revision == 0 ? m_emptyDigest : m_digests.at(qsizetype(revision) - 1);
}

quint64 Truth::hashAt(quint64 revision) const
{
    return revision == 0 ? 0 : m_hashes.at(qsizetype(revision) - 1);
}

QString Truth::add(const QByteArray &entry, quint64 hash, const StoredOutcome *outcome)
{
    const auto commit = wire::decodeCommit(entry);
    if (!commit)
        return QStringLiteral("the log cannot be read");
    if (commit->revision != revision() + 1)
        return QStringLiteral("the log has a hole");
    if (wire::extendLogHash(hashAt(revision()), entry) != hash)
        return QStringLiteral("the hash of the log is wrong");
    if (outcome && (outcome->site != commit->site || outcome->cseq != commit->cseq ||
                    outcome->revision != commit->revision || outcome->refusal))
        return QStringLiteral("%1: its outcome is another change's").arg(commit->label);
    if (m_labels.contains(commit->label) && !m_ambiguous.contains(commit->label))
        return QStringLiteral("%1 took effect twice").arg(commit->label);
    m_labels.insert(commit->label);
    const auto asked = m_asked.constFind(commit->label);
    const ApplyContext context{{commit->site, commit->cseq}, commit->revision, commit->time};
    for (const Edit &edit : commit->edits) {
        if (const QString wrong =
                checkEdit(*commit, edit, asked == m_asked.cend() ? nullptr : &*asked, outcome);
            !wrong.isEmpty())
            return wrong;
        if (const auto *set = std::get_if<SetFields>(&edit)) {
            // What was set before something went and came back is not what anybody counts on; and
            // a copy that was away meanwhile does not know who had set it.
            const auto entity = m_board->entity(set->id);
            const quint64 made = entity ? baseOf(*entity).createdRevision : 0;
            for (const FieldChange &field : set->fields) {
                const auto writer = m_board->writerOf(set->id, field.key);
                const Value old = m_board->value(set->id, field.key);
                if (writer && writer->writer.site != commit->site &&
                    writer->revision > std::max(commit->base, made) && old != field.value)
                    m_losses[commit->revision].append(
                        {writer->writer.site, set->id, field.key, old});
            }
        }
        if (const auto applied = m_board->apply({edit}, context); !applied)
            return QStringLiteral("the log cannot be applied: ") + applied.error().text;
    }
    m_digests.append(m_board->digest());
    m_hashes.append(hash);
    return {};
}

/// Nothing goes along with a container that whoever removed it had not seen in it.
QString Truth::checkRemoval(const Commit &commit, const RemoveEntities &remove,
                            const Asked &asked) const
{
    if (commit.site != asked.site)
        return {}; // renumbered: what it names is called something else now
    QSet<EntityId> wished;
    for (const Edit &wish : asked.edits) {
        if (const auto *wishedRemoval = std::get_if<RemoveEntities>(&wish))
            wished.unite(QSet<EntityId>(wishedRemoval->ids.cbegin(), wishedRemoval->ids.cend()));
    }
    const auto isMine = [&](SiteId site) {
        return site == commit.site || m_sites.value(asked.client).contains(site);
    };
    for (const EntityId id : remove.ids) {
        const Device *device = m_board->device(id);
        if (!device || wished.contains(id))
            continue;
        const auto writer = m_board->writerOf(id, Field::Container);
        if ((device->createdRevision > asked.base && !isMine(siteOf(id))) ||
            (writer && writer->revision > asked.base && !isMine(writer->writer.site)))
            return QStringLiteral("%1 removed what its author had not seen there")
                .arg(commit.label);
    }
    return {};
}

/// No undo of what somebody else has done since, and nothing replaced in silence.
QString Truth::checkEdit(const Commit &commit, const Edit &edit, const Asked *asked,
                         const StoredOutcome *outcome) const
{
    if (const auto *remove = std::get_if<RemoveEntities>(&edit); remove && asked)
        return checkRemoval(commit, *remove, *asked);
    const auto *set = std::get_if<SetFields>(&edit);
    if (!set || !asked)
        return {};
    bool removes = false;
    QSet<FieldKey> keys;
    for (const Edit &wish : asked->edits) {
        removes = removes || std::holds_alternative<RemoveEntities>(wish);
        const auto *wished = std::get_if<SetFields>(&wish);
        if (wished && wished->id == set->id) {
            for (const FieldChange &field : wished->fields)
                keys.insert(field.key);
        }
    }
    for (const FieldChange &field : set->fields) {
        const auto writer = m_board->writerOf(set->id, field.key);
        // A container that goes away moves what it held, whoever put it there.
        if (!keys.contains(field.key) || (removes && field.key.field == Field::Container))
            continue;
        if (!writer || writer->writer.site == commit.site ||
            m_sites.value(asked->client).contains(writer->writer.site))
            continue;
        if (asked->undo)
            return QStringLiteral("%1 reverted what somebody else wrote").arg(commit.label);
        const Value old = m_board->value(set->id, field.key);
        if (!outcome || writer->revision <= asked->base || old == field.value)
            continue;
        const bool told = std::any_of(
            outcome->notices.cbegin(), outcome->notices.cend(), [&](const Notice &notice) {
                return notice.kind == Notice::Kind::Overwrote && notice.id == set->id &&
                       notice.key == field.key && notice.old == old;
            });
        if (!told)
            return QStringLiteral("%1 replaced a value that its author had not seen, in silence")
                .arg(commit.label);
    }
    return {};
}

QString Truth::addAll(const MemoryLog &disk)
{
    for (qsizetype i = qsizetype(revision()); i < disk.entries.size(); ++i) {
        if (const QString wrong = add(disk.entries.at(i), disk.hashes.at(i), nullptr);
            !wrong.isEmpty())
            return wrong;
    }
    return {};
}
