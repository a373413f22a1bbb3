#include "model/formats/graphml.h"

#include <QLocale>
#include <QXmlStreamWriter>

#include <map>

namespace patchboard::formats {

namespace {

/// How large a node is drawn, in scene units.
constexpr double kNodeSize = 48;
constexpr int kMostNested = 150;

/// XML has no characters below a blank but tab and line breaks, and no half characters.
QString xmlText(const QString &text)
{
    QString out = text;
    for (QChar &c : out) {
        const char16_t code = c.unicode();
        if ((code < 0x20 && code != u'\t' && code != u'\n' && code != u'\r') || code == 0xfffe ||
            code == 0xffff)
            c = QChar::ReplacementCharacter;
    }
    return out;
}

QString realText(double number)
{
    return QString::number(number, 'g', QLocale::FloatingPointShortest);
}

class GraphMlWriter
{
public:
    explicit GraphMlWriter(const Topology &topology)
        : m_topology(topology)
        , m_xml(&m_out)
    {
    }
    QByteArray write();

private:
    using Keys = std::map<QString, QString>; ///< name of an attribute: id of its key

    void declare(Keys &keys, const char *target, const QString &name, const char *type = "string");
    template <typename E>
    void declareProperties(const Topology::Table<E> &table, Keys &keys, const char *target);
    void data(const Keys &keys, const char *name, const QString &value);
    template <typename E>
    void properties(const E &entity, const Keys &keys);
    void node(EntityId id, int depth);
    void edge(const Link &link);

    const Topology &m_topology;
    QByteArray m_out;
    QXmlStreamWriter m_xml;
    QList<EntityId> m_deeper; ///< lies deeper than readers go: comes out of its container
    Keys m_node;
    Keys m_edge;
    Keys m_port;
    int m_next = 0;
};

void GraphMlWriter::declare(Keys &keys, const char *target, const QString &name, const char *type)
{
    const auto [it, isNew] = keys.insert({name, QStringLiteral("d%1").arg(m_next)});
    if (!isNew)
        return;
    ++m_next;
    m_xml.writeEmptyElement(QStringLiteral("key"));
    m_xml.writeAttribute(QStringLiteral("id"), it->second);
    m_xml.writeAttribute(QStringLiteral("for"), QString::fromLatin1(target));
    m_xml.writeAttribute(QStringLiteral("attr.name"), xmlText(name));
    m_xml.writeAttribute(QStringLiteral("attr.type"), QString::fromLatin1(type));
}

template <typename E>
void GraphMlWriter::declareProperties(const Topology::Table<E> &table, Keys &keys,
                                      const char *target)
{
    for (const E &entity : table.slots()) {
        const Properties &all = entity.remarks->properties;
        for (auto it = all.cbegin(); it != all.cend(); ++it) {
            if (!keys.contains(it.key()))
                declare(keys, target, it.key());
        }
    }
}

void GraphMlWriter::data(const Keys &keys, const char *name, const QString &value)
{
    if (value.isEmpty())
        return;
    m_xml.writeStartElement(QStringLiteral("data"));
    m_xml.writeAttribute(QStringLiteral("key"), keys.at(QString::fromLatin1(name)));
    m_xml.writeCharacters(xmlText(value));
    m_xml.writeEndElement();
}

template <typename E>
void GraphMlWriter::properties(const E &entity, const Keys &keys)
{
    const Properties &all = entity.remarks->properties;
    for (auto it = all.cbegin(); it != all.cend(); ++it) {
        m_xml.writeStartElement(QStringLiteral("data"));
        m_xml.writeAttribute(QStringLiteral("key"), keys.at(it.key()));
        m_xml.writeCharacters(xmlText(it.value()));
        m_xml.writeEndElement();
    }
}

void GraphMlWriter::node(EntityId id, int depth)
{
    const Device &device = *m_topology.device(id);
    const bool container = m_topology.isContainer(device);
    m_xml.writeStartElement(QStringLiteral("node"));
    m_xml.writeAttribute(QStringLiteral("id"), QStringLiteral("n%1").arg(id));
    if (container)
        m_xml.writeAttribute(QStringLiteral("yfiles.foldertype"), QStringLiteral("group"));
    data(m_node, "label", device.name);
    data(m_node, "type", device.type);
    data(m_node, "mgmt_ip", device.address);
    data(m_node, "status", statusKey(device.state.effective()));
    data(m_node, "description", device.remarks->notes);
    properties(device, m_node);
    // Its place, as yEd draws it: from the upper left corner.
    m_xml.writeStartElement(QStringLiteral("data"));
    m_xml.writeAttribute(QStringLiteral("key"), QStringLiteral("graphics"));
    m_xml.writeStartElement(QStringLiteral("y:ShapeNode"));
    m_xml.writeEmptyElement(QStringLiteral("y:Geometry"));
    m_xml.writeAttribute(QStringLiteral("x"), realText(device.position.x() - kNodeSize / 2));
    m_xml.writeAttribute(QStringLiteral("y"), realText(device.position.y() - kNodeSize / 2));
    m_xml.writeAttribute(QStringLiteral("width"), realText(kNodeSize));
    m_xml.writeAttribute(QStringLiteral("height"), realText(kNodeSize));
    m_xml.writeTextElement(QStringLiteral("y:NodeLabel"), xmlText(device.name));
    m_xml.writeEndElement();
    m_xml.writeEndElement();
    for (const EntityId portId : m_topology.interfacesOf(id)) {
        const Interface &port = *m_topology.interface(portId);
        m_xml.writeStartElement(QStringLiteral("port"));
        m_xml.writeAttribute(QStringLiteral("name"), xmlText(port.name));
        data(m_port, "interface_type", interfaceTypeKey(port.type));
        data(m_port, "address", *port.address);
        properties(port, m_port);
        m_xml.writeEndElement();
    }
    if (container) {
        m_xml.writeStartElement(QStringLiteral("graph"));
        m_xml.writeAttribute(QStringLiteral("edgedefault"), QStringLiteral("undirected"));
        for (const EntityId child : m_topology.childrenOf(id)) {
            if (depth < kMostNested)
                node(child, depth + 1);
            else
                m_deeper.append(child);
        }
        m_xml.writeEndElement();
    }
    m_xml.writeEndElement();
}

void GraphMlWriter::edge(const Link &link)
{
    const Interface &a = *m_topology.interface(link.a);
    const Interface &b = *m_topology.interface(link.b);
    const LinkDetails &details = *link.details;
    m_xml.writeStartElement(QStringLiteral("edge"));
    m_xml.writeAttribute(QStringLiteral("id"), QStringLiteral("e%1").arg(link.id));
    m_xml.writeAttribute(QStringLiteral("source"), QStringLiteral("n%1").arg(a.device));
    m_xml.writeAttribute(QStringLiteral("target"), QStringLiteral("n%1").arg(b.device));
    m_xml.writeAttribute(QStringLiteral("sourceport"), xmlText(a.name));
    m_xml.writeAttribute(QStringLiteral("targetport"), xmlText(b.name));
    data(m_edge, "label", details.label);
    data(m_edge, "status", statusKey(link.state.effective()));
    if (details.lengthKm)
        data(m_edge, "length_km", realText(*details.lengthKm));
    data(m_edge, "physical_medium_id", details.mediumId);
    if (details.lossDb)
        data(m_edge, "link_loss_db", realText(*details.lossDb));
    data(m_edge, "description", link.remarks->notes);
    properties(link, m_edge);
    m_xml.writeEndElement();
}

QByteArray GraphMlWriter::write()
{
    m_xml.setAutoFormatting(true);
    m_xml.setAutoFormattingIndent(1);
    m_xml.writeStartDocument();
    m_xml.writeStartElement(QStringLiteral("graphml"));
    m_xml.writeDefaultNamespace(QStringLiteral("http://graphml.graphdrawing.org/xmlns"));
    m_xml.writeAttribute(QStringLiteral("xmlns:y"),
                         QStringLiteral("http://www.yworks.com/xml/graphml"));
    for (const char *name : {"label", "type", "mgmt_ip", "status", "description"})
        declare(m_node, "node", QString::fromLatin1(name));
    for (const char *name : {"interface_type", "address"})
        declare(m_port, "port", QString::fromLatin1(name));
    for (const char *name : {"label", "status", "physical_medium_id", "description"})
        declare(m_edge, "edge", QString::fromLatin1(name));
    for (const char *name : {"length_km", "link_loss_db"})
        declare(m_edge, "edge", QString::fromLatin1(name), "double");
    declareProperties(m_topology.devices(), m_node, "node");
    declareProperties(m_topology.interfaces(), m_port, "port");
    declareProperties(m_topology.links(), m_edge, "edge");
    m_xml.writeEmptyElement(QStringLiteral("key"));
    m_xml.writeAttribute(QStringLiteral("id"), QStringLiteral("graphics"));
    m_xml.writeAttribute(QStringLiteral("for"), QStringLiteral("node"));
    m_xml.writeAttribute(QStringLiteral("yfiles.type"), QStringLiteral("nodegraphics"));
    m_xml.writeStartElement(QStringLiteral("graph"));
    m_xml.writeAttribute(QStringLiteral("id"), QStringLiteral("G"));
    m_xml.writeAttribute(QStringLiteral("edgedefault"), QStringLiteral("undirected"));
    for (const EntityId id : m_topology.devices().ids()) {
        if (m_topology.device(id)->container == 0)
            node(id, 0);
    }
    for (qsizetype i = 0; i < m_deeper.size(); ++i)
        node(m_deeper.at(i), 0);
    for (const EntityId id : m_topology.links().ids())
        edge(*m_topology.link(id));
    m_xml.writeEndElement();
    m_xml.writeEndElement();
    m_xml.writeEndDocument();
    return m_out;
}

} // namespace

QByteArray GraphMlFormat::mediaType() const
{
    return "application/graphml+xml";
}

std::optional<QByteArray> GraphMlFormat::write(const Topology &topology) const
{
    return GraphMlWriter(topology).write();
}

} // namespace patchboard::formats
