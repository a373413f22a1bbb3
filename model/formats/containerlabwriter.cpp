#include "model/formats/containerlab.h"

#include <QSet>

namespace patchboard::formats {

namespace {

/// As a double-quoted scalar of YAML 1.2.
QString yamlText(const QString &text)
{
    QString out(u'"');
    for (const QChar c : text) {
        const char16_t code = c.unicode();
        if (c == u'\\' || c == u'"')
            out += QStringLiteral("\\") + c;
        else if (c == u'\n')
            out += QStringLiteral("\\n");
        else if (c == u'\r')
            out += QStringLiteral("\\r");
        else if (c == u'\t')
            out += QStringLiteral("\\t");
        else if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xfffe || code == 0xffff)
            out += QStringLiteral("\\u%1").arg(uint(code), 4, 16, QLatin1Char('0'));
        else
            out += c;
    }
    return out + u'"';
}

/// Names of nodes that containerlab takes: letters, digits, and "-._|" behind the first.
class NodeNames
{
public:
    QString nameOf(const Device &device)
    {
        auto known = m_names.constFind(device.id);
        if (known != m_names.cend())
            return *known;
        QString name = device.name;
        for (qsizetype i = 0; i < name.size(); ++i) {
            const char16_t code = name.at(i).unicode();
            const bool letter = (code >= u'a' && code <= u'z') || (code >= u'A' && code <= u'Z') ||
                                (code >= u'0' && code <= u'9');
            if (!letter && !(i > 0 && QStringView(u"-._|").contains(name.at(i))))
                name[i] = i > 0 ? u'-' : u'n';
        }
        const QString plain = name;
        for (int number = 2; m_taken.contains(name); ++number)
            name = QStringLiteral("%1-%2").arg(plain).arg(number);
        m_taken.insert(name);
        m_names.insert(device.id, name);
        return name;
    }
    /// The ones that need no change come first, so that nobody else takes them.
    void reserve(const Device &device)
    {
        NodeNames alone;
        if (alone.nameOf(device) == device.name)
            (void)nameOf(device);
    }

private:
    QHash<EntityId, QString> m_names;
    QSet<QString> m_taken;
};

} // namespace

QString containerlabText(const Topology &topology, const QList<EntityId> &devices,
                         const QList<EntityId> &links)
{
    NodeNames names;
    for (const EntityId id : devices)
        names.reserve(*topology.device(id));
    const QString title = topology.board().title;
    QString out = QStringLiteral("name: %1\ntopology:\n  nodes:\n")
                      .arg(yamlText(title.isEmpty() ? QStringLiteral("board") : title));
    for (const EntityId id : devices) {
        const Device *device = topology.device(id);
        if (topology.isContainer(*device))
            continue;
        const Properties &properties = device->remarks->properties;
        out += QStringLiteral("    %1:\n").arg(yamlText(names.nameOf(*device)));
        const QString kind = properties.value(QStringLiteral("kind"));
        out += QStringLiteral("      kind: %1\n")
                   .arg(kind.isEmpty() ? QStringLiteral("linux") : yamlText(kind));
        if (const QString image = properties.value(QStringLiteral("image")); !image.isEmpty())
            out += QStringLiteral("      image: %1\n").arg(yamlText(image));
        if (!device->address.isEmpty())
            out += QStringLiteral("      mgmt-ipv4: %1\n").arg(yamlText(device->address));
        out += QStringLiteral("      labels:\n        graph-icon: %1\n")
                   .arg(yamlText(topology.typeInfo(device->type).icon));
        out += QStringLiteral("        graph-posX: \"%1\"\n        graph-posY: \"%2\"\n")
                   .arg(QString::number(device->position.x(), 'g', 12),
                        QString::number(device->position.y(), 'g', 12));
    }
    if (!links.isEmpty())
        out += QStringLiteral("  links:\n");
    for (const EntityId id : links) {
        const Link *link = topology.link(id);
        const auto [a, b] = topology.endsOf(id);
        if (topology.isContainer(*topology.device(a)) || topology.isContainer(*topology.device(b)))
            continue;
        const auto endpoint = [&](EntityId port) {
            const Interface *interface = topology.interface(port);
            return yamlText(QStringLiteral("%1:%2").arg(
                names.nameOf(*topology.device(interface->device)), interface->name));
        };
        out +=
            QStringLiteral("    - endpoints: [%1, %2]\n").arg(endpoint(link->a), endpoint(link->b));
    }
    return out;
}

QByteArray ContainerlabFormat::mediaType() const
{
    return "application/yaml";
}

std::optional<QByteArray> ContainerlabFormat::write(const Topology &topology) const
{
    return containerlabText(topology, topology.devices().ids(), topology.links().ids()).toUtf8();
}

} // namespace patchboard::formats
