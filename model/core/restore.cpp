#include "model/core/restore.h"

#include <QSet>

#include <algorithm>

namespace patchboard::edits {

namespace {

/// One restore in the making.
class PastRestorer
{
public:
    PastRestorer(const Topology &past, const Topology &now, const IdSource &newId)
        : m_past(past)
        , m_now(now)
        , m_newId(newId)
    {
    }

    QList<Edit> run(const QList<EntityId> &ids)
    {
        const bool all = ids.isEmpty();
        all ? collectAll() : collect(ids);
        m_isWanted = QSet<EntityId>(m_wanted.cbegin(), m_wanted.cend());
        for (const EntityId id : std::as_const(m_wanted)) {
            findStandIn(id);
            if (!m_standIns.contains(id) && !m_fresh.contains(id) && !m_now.contains(id) &&
                !m_now.removedEntity(id))
                m_fresh.insert(id, m_newId());
        }
        // Most of a board is to the letter what it was. Whatever refers to something that is gone
        // is not: it was changed, or went, with that.
        m_wanted.removeIf([this](EntityId id) { return isAsItWas(id); });
        if (all) {
            removeWhatCameSince();
        }
        const qsizetype lifted = m_edits.size();
        bringBack();
        create(true);
        makeRoomForNames();
        // A container must be one before it holds anything, and nothing may hold itself meanwhile.
        for (const EntityId id : std::as_const(m_wanted)) {
            set(id, [&](Field field) {
                return (field == Field::DeviceType && isContainer(id)) ||
                       (field == Field::TypeContainer && isContainerType(id));
            });
        }
        takeOutOfContainers();
        create(false);
        for (const EntityId id : std::as_const(m_wanted))
            set(id, [](Field field) { return field == Field::Container; });
        for (const EntityId id : std::as_const(m_wanted))
            set(id, [](Field) { return true; });
        // What was there once may come back, whatever the rules are.
        if (m_now.board().linkPolicy == LinkPolicy::Enforce && (m_makes || changesTypes()) &&
            (all || !breaksLinks())) {
            m_edits.insert(lifted,
                           setField(kBoardId, Field::LinkPolicy, qint64(LinkPolicy::Advise)));
            const LinkPolicy then = all ? m_past.board().linkPolicy : LinkPolicy::Enforce;
            if (then == LinkPolicy::Enforce)
                m_edits.append(setField(kBoardId, Field::LinkPolicy, qint64(then)));
            m_done[kBoardId][Field::LinkPolicy] = true;
        }
        if (all) {
            set(kBoardId, [](Field) { return true; });
            if (!m_typesToRemove.isEmpty())
                m_edits.append(RemoveEntities{m_typesToRemove, false});
        }
        return m_edits;
    }

private:
    void collectAll()
    {
        m_wanted = m_past.customTypes().ids() + devicesByDepth(m_past.devices().ids()) +
                   m_past.interfaces().ids() + m_past.links().ids();
    }

    void collect(const QList<EntityId> &ids)
    {
        QSet<EntityId> devices;
        QSet<EntityId> ports;
        QSet<EntityId> links;
        QSet<EntityId> types;
        for (const EntityId id : ids) {
            if (m_past.device(id))
                devices.insert(id);
            else if (m_past.interface(id))
                ports.insert(id);
            else if (m_past.link(id))
                links.insert(id);
        }
        for (const EntityId id : std::as_const(devices)) {
            for (const EntityId port : m_past.interfacesOf(id))
                ports.insert(port);
            for (const EntityId link : m_past.linksOfDevice(id))
                links.insert(link);
            // A type that the board has no longer comes with its device.
            for (const EntityId type : m_past.customTypes().ids()) {
                if (m_past.customType(type)->key == m_past.device(id)->type &&
                    !m_now.knowsType(m_past.device(id)->type))
                    types.insert(type);
            }
        }
        const auto sorted = [](const QSet<EntityId> &set) {
            QList<EntityId> list(set.cbegin(), set.cend());
            std::sort(list.begin(), list.end());
            return list;
        };
        const auto isThere = [&](EntityId port) {
            return m_now.interface(port) || ports.contains(port);
        };
        for (auto it = ports.begin(); it != ports.end();) {
            const EntityId device = m_past.interface(*it)->device;
            it = m_now.device(device) || devices.contains(device) ? std::next(it) : ports.erase(it);
        }
        for (auto it = links.begin(); it != links.end();) {
            const Link *link = m_past.link(*it);
            it = isThere(link->a) && isThere(link->b) ? std::next(it) : links.erase(it);
        }
        m_wanted = sorted(types) + devicesByDepth(sorted(devices)) + sorted(ports) + sorted(links);
    }

    /// The key of a type that devices have cannot change, and no two have the same: another type
    /// that has the key now stands in for it, or a new one is made.
    void findStandIn(EntityId id)
    {
        const CustomType *type = m_past.customType(id);
        const CustomType *same = m_now.customType(id);
        if (!type || (same && same->key == type->key))
            return;
        const RemovedEntity *grave = m_now.removedEntity(id);
        if (!same && grave)
            same = std::get_if<CustomType>(&grave->entity);
        for (const EntityId other : m_now.customTypes().ids()) {
            if (m_now.customType(other)->key == type->key) {
                m_standIns.insert(id, other);
                m_stays.insert(other);
                return;
            }
        }
        if (same && same->key != type->key)
            m_fresh.insert(id, m_newId());
    }

    /// Containers before what lies in them.
    [[nodiscard]] QList<EntityId> devicesByDepth(const QList<EntityId> &ids) const
    {
        QList<std::pair<int, EntityId>> order;
        for (const EntityId id : ids) {
            int depth = 0;
            for (EntityId up = m_past.device(id)->container; up != 0;
                 up = m_past.device(up)->container)
                ++depth;
            order.append({depth, id});
        }
        std::sort(order.begin(), order.end());
        QList<EntityId> out;
        for (const auto &[depth, id] : std::as_const(order))
            out.append(id);
        return out;
    }

    [[nodiscard]] bool isAsItWas(EntityId id) const
    {
        const auto same = [](const auto *was, const auto *is) { return is && *was == *is; };
        if (const Interface *port = m_past.interface(id))
            return same(port, m_now.interface(id));
        if (const Device *device = m_past.device(id))
            return same(device, m_now.device(id));
        const Link *link = m_past.link(id);
        return link && same(link, m_now.link(id));
    }

    [[nodiscard]] bool isContainer(EntityId id) const
    {
        const Device *device = m_past.device(id);
        return device && m_past.isContainer(*device);
    }
    [[nodiscard]] bool isContainerType(EntityId id) const
    {
        const CustomType *type = m_past.customType(id);
        return type && type->container;
    }

    [[nodiscard]] bool changesType(EntityId id) const
    {
        const Device *was = m_past.device(id);
        const Device *is = m_now.device(id);
        return was && is && was->type != is->type;
    }
    [[nodiscard]] bool changesTypes() const
    {
        return std::any_of(m_wanted.cbegin(), m_wanted.cend(),
                           [this](EntityId id) { return changesType(id); });
    }

    /// Whether a link of what changes its type would be against the rules, that now is not and was
    /// not then: it has come since, or its other end has another type since. That is not for a
    /// restore to allow.
    [[nodiscard]] bool breaksLinks() const
    {
        const auto breaks = [this](EntityId link) {
            const auto [a, b] = m_now.endsOf(link);
            const auto allowed = [](const QString &one, const QString &other) {
                return !linkRule(one, other).isEmpty();
            };
            const auto then = [this](EntityId id) {
                return (m_isWanted.contains(id) ? m_past : m_now).device(id)->type;
            };
            const auto isOfThen = [this](EntityId id) {
                return m_past.device(id) && (m_isWanted.contains(id) || !changesType(id));
            };
            return allowed(m_now.device(a)->type, m_now.device(b)->type) &&
                   !allowed(then(a), then(b)) && !(m_past.link(link) && isOfThen(a) && isOfThen(b));
        };
        return std::any_of(m_wanted.cbegin(), m_wanted.cend(), [&](EntityId id) {
            if (!changesType(id))
                return false;
            const QList<EntityId> links = m_now.linksOfDevice(id);
            return std::any_of(links.cbegin(), links.cend(), breaks);
        });
    }

    void removeWhatCameSince()
    {
        RemoveEntities remove;
        const auto add = [&](const QList<EntityId> &ids, QList<EntityId> &to) {
            for (const EntityId id : ids) {
                const bool replaced = m_standIns.contains(id) || m_fresh.contains(id);
                if ((replaced || !m_past.contains(id)) && !m_stays.contains(id)) {
                    to.append(id);
                    m_removed.insert(id);
                }
            }
        };
        add(m_now.links().ids(), remove.ids);
        add(m_now.interfaces().ids(), remove.ids);
        add(m_now.devices().ids(), remove.ids);
        add(m_now.customTypes().ids(), m_typesToRemove);
        if (!remove.ids.isEmpty())
            m_edits.append(std::move(remove));
    }

    /// What was removed and is still known; and of what comes back with it, what was not there.
    void bringBack()
    {
        RestoreEntities restore;
        for (const EntityId id : std::as_const(m_wanted)) {
            if (isLost(id))
                restore.ids.append(id);
        }
        if (restore.ids.isEmpty())
            return;
        m_makes = true;
        m_edits.append(restore);
        QSet<EntityId> back(restore.ids.cbegin(), restore.ids.cend());
        QSet<std::pair<EntityId, QString>> names;
        const auto noteName = [&](const Entity &entity) {
            const auto *port = std::get_if<Interface>(&entity);
            const auto *device = std::get_if<Device>(&entity);
            if (!port && !device)
                return;
            const std::pair<EntityId, QString> name(port ? port->device : 0,
                                                    port ? port->name : device->name);
            const EntityId holder = port ? m_now.interfaceByName(name.first, name.second)
                                         : m_now.deviceByName(name.second);
            m_namesMeet = m_namesMeet || holder != 0 || names.contains(name);
            names.insert(name);
        };
        for (const EntityId id : std::as_const(restore.ids))
            noteName(m_now.removedEntity(id)->entity);
        RemoveEntities extra;
        // Interfaces of devices first, then the links of all interfaces.
        for (const EntityKind kind : {EntityKind::Interface, EntityKind::Link}) {
            for (const auto &grave : m_now.removedEntities()) {
                const EntityId id = baseOf(grave->entity).id;
                if (kindOf(grave->entity) != kind || back.contains(id))
                    continue;
                const auto *port = std::get_if<Interface>(&grave->entity);
                const auto *link = std::get_if<Link>(&grave->entity);
                const QList<EntityId> owners =
                    port ? QList<EntityId>{port->device} : QList<EntityId>{link->a, link->b};
                const bool comes = std::any_of(owners.cbegin(), owners.cend(), [&](EntityId owner) {
                    const RemovedEntity *with = m_now.removedEntity(owner);
                    return back.contains(owner) && with && with->revision == grave->revision &&
                           (grave->revision != 0 || with->remover == grave->remover);
                });
                if (!comes)
                    continue;
                back.insert(id);
                extra.ids.append(id);
                noteName(grave->entity);
            }
        }
        if (!extra.ids.isEmpty())
            m_edits.append(std::move(extra));
    }

    [[nodiscard]] bool isLost(EntityId id) const
    {
        return !m_now.contains(id) && !m_standIns.contains(id) && m_now.removedEntity(id);
    }

    /// Two that have changed names with each other would be in each other's way. And where one that
    /// comes back meets its name, it gets another, which may be that of the next: then all of them
    /// are named anew.
    void makeRoomForNames()
    {
        const auto step = [this](EntityId id) {
            m_edits.append(setField(id, Field::Name, QStringLiteral("~%1").arg(id)));
            m_renamed.insert(id);
        };
        for (const EntityId id : std::as_const(m_wanted)) {
            const Device *device = m_past.device(id);
            const Interface *port = m_past.interface(id);
            if ((!device && !port) || m_fresh.contains(id))
                continue;
            const QString name = device ? device->name : port->name;
            if (isLost(id)) {
                const Entity &grave = m_now.removedEntity(id)->entity;
                const QString was = std::get<QString>(fieldOf(grave, Field::Name));
                if (was != name || m_namesMeet)
                    step(id);
            } else if (m_now.value(id, Field::Name) != Value(name)) {
                step(id);
            }
        }
    }

    void takeOutOfContainers()
    {
        for (const EntityId id : std::as_const(m_wanted)) {
            const Device *device = m_past.device(id);
            if (!device || m_fresh.contains(id))
                continue;
            const EntityId held = containerNow(id);
            if ((held != device->container || m_removed.contains(held)) && held != 0) {
                m_edits.append(setField(id, Field::Container, Value()));
                m_out.insert(id);
            }
        }
    }
    [[nodiscard]] EntityId containerNow(EntityId id) const
    {
        if (const Device *device = m_now.device(id))
            return device->container;
        const RemovedEntity *grave = m_now.removedEntity(id);
        const auto *device = grave ? std::get_if<Device>(&grave->entity) : nullptr;
        return device ? device->container : 0;
    }

    void create(bool types)
    {
        for (const EntityId id : std::as_const(m_wanted)) {
            const auto fresh = m_fresh.constFind(id);
            if (fresh == m_fresh.cend() || (m_past.customType(id) != nullptr) != types)
                continue;
            m_makes = true;
            CreateEntity create{*m_past.kindOf(id), *fresh, {}, 0};
            for (FieldValue field : fieldsOf(*m_past.entity(id))) {
                field.value = mapped(field.key, field.value);
                create.fields.append(std::move(field));
            }
            m_edits.append(std::move(create));
        }
    }

    /// References follow what has got a new id; a container that does not come back is none.
    [[nodiscard]] Value mapped(const FieldKey &key, const Value &value) const
    {
        const FieldInfo *info = nullptr;
        for (const EntityKind kind : {EntityKind::Device, EntityKind::Interface, EntityKind::Link})
            info = info ? info : fieldInfo(kind, key.field);
        const qint64 *id = std::get_if<qint64>(&value);
        if (!info || info->type != ValueType::Reference || !id)
            return value;
        const EntityId target = EntityId(*id);
        if (m_fresh.contains(target))
            return qint64(m_fresh.value(target));
        if (key.field == Field::Container && !m_now.device(target) && !m_isWanted.contains(target))
            return Value();
        return value;
    }

    template <typename F>
    void set(EntityId id, F isMeant)
    {
        if (m_fresh.contains(id))
            return;
        const auto was = m_past.entity(id);
        const RemovedEntity *grave = m_now.removedEntity(id);
        const EntityId target = m_standIns.value(id, id);
        const auto is = isLost(id) ? std::optional<Entity>(grave->entity) : m_now.entity(target);
        if (!was || !is)
            return;
        SetFields out{target, {}};
        const auto consider = [&](const FieldKey &key, const Value &value) {
            const Value wanted = mapped(key, value);
            bool differs = fieldOf(*is, key) != wanted;
            if (key.field == Field::Container)
                differs = m_out.contains(id) || isLost(id) ? !isNull(wanted) : differs;
            if (key.field == Field::Name && m_renamed.contains(id))
                differs = true;
            if (differs && isMeant(key.field) && !std::exchange(m_done[id][key], true))
                out.fields.append({key, wanted, std::nullopt});
        };
        for (const FieldInfo &info : fieldsOf(kindOf(*was))) {
            if (info.editable)
                consider(info.field, fieldOf(*was, info.field));
        }
        const Properties &before = baseOf(*was).remarks->properties;
        const Properties &present = baseOf(*is).remarks->properties;
        for (auto it = before.cbegin(); it != before.cend(); ++it)
            consider({Field::Property, it.key()}, *it);
        for (auto it = present.cbegin(); it != present.cend(); ++it) {
            if (!before.contains(it.key()))
                consider({Field::Property, it.key()}, Value());
        }
        if (!out.fields.isEmpty())
            m_edits.append(std::move(out));
    }

    const Topology &m_past;
    const Topology &m_now;
    const IdSource &m_newId;
    QList<EntityId> m_wanted; ///< types, devices (containers first), interfaces, links
    QSet<EntityId> m_isWanted;
    QHash<EntityId, EntityId> m_fresh;    ///< of the past, and the new ids
    QHash<EntityId, EntityId> m_standIns; ///< types of the past, and those that stand in for them
    QSet<EntityId> m_stays;               ///< these
    QSet<EntityId> m_removed;
    QSet<EntityId> m_renamed; ///< have another name for a moment
    QSet<EntityId> m_out;     ///< were taken out of their containers
    QList<EntityId> m_typesToRemove;
    QHash<EntityId, QHash<FieldKey, bool>> m_done;
    bool m_makes = false;
    bool m_namesMeet = false; ///< of what comes back, with each other or with what is there
    QList<Edit> m_edits;
};

} // namespace

QList<Edit> restoreFrom(const Topology &past, const Topology &now, const QList<EntityId> &ids,
                        const IdSource &newId)
{
    return PastRestorer(past, now, newId).run(ids);
}

} // namespace patchboard::edits
