#include "model/formats/graphml.h"

#include "model/core/catalogue.h"
#include "model/formats/hints.h"
#include "model/formats/textdecoding.h"

#include <QCoreApplication>
#include <QRectF>
#include <QSet>
#include <QXmlStreamReader>
#include <QtNumeric>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace patchboard::formats {

namespace {

constexpr int MaxGraphNesting = 200;
constexpr int MaxElementNesting = 1000;
/// Beyond this a coordinate is a mistake of the file, not a place.
constexpr double MaxCoordinate = 1e7;

class GraphMlReader
{
    Q_DECLARE_TR_FUNCTIONS(patchboard::formats::GraphMl)

public:
    GraphMlReader(const QString &text, const ReadContext &context)
        : m_xml(text)
        , m_text(text)
        , m_context(context)
    {
    }

    ReadResult read(const QString &remark);

private:
    struct Key
    {
        QString name;
        QString type;
        QString target; ///< for="…"
        std::optional<QString> defaultValue;
        qint64 line = 0;
    };

    struct Label
    {
        QString text;
        QString place; ///< of a node label `t`, `b`, `c` …; of an edge label `source`, `target` or
                       ///< empty
    };

    struct Value
    {
        QString key;
        QString text;
        qint64 line = 0;
    };

    /// What the data elements of one node, edge, port or graph held.
    struct Content
    {
        QList<Value> values;
        QList<Label> labels;
        std::optional<QRectF> geometry;
        bool badGeometry = false;
        bool group = false;
    };

    struct RawPort
    {
        QString name; ///< with those of the ports around it
        QString own;
        Content content;
    };

    struct RawNode
    {
        DocumentNode node;
        Content content;
        QList<RawPort> ports;
        bool hasGraph = false;
    };

    struct RawEdge
    {
        QString source, sourcePort, target, targetPort;
        bool directed = false;
        Content content;
        qint64 line = 0;
    };

    struct RawHyperedge
    {
        struct End
        {
            QString node, port;
        };
        QString id;
        QList<End> ends;
        Content content;
        qint64 line = 0;
    };

    struct Attribute
    {
        QString name;
        QString value;
        qint64 line = 0;
    };

    bool refuse(const QString &text, qint64 line, qint64 column = 0);
    bool refuseXml();
    bool tick();
    bool checkDoctype();
    QString required(const char *attribute, const QString &element);

    bool readDocument();
    bool readKey();
    bool readGraph(const QString &parent, int depth);
    bool readNode(const QString &parent, int depth);
    bool readEdge();
    bool readHyperedge();
    bool readPort(QList<RawPort> &ports, const QString &prefix, int depth);
    bool readData(Content &content);
    bool skip();

    QList<Attribute> attributesOf(const Content &content, const char *target);
    void checkType(const Key &key, const Value &value);
    void finishNode(RawNode &raw);
    void finishPositions();
    void finishEdge(RawEdge &raw);
    void finishHyperedge(RawHyperedge &raw);
    QString interfaceOn(const QString &nodeKey, const QString &text);

    QXmlStreamReader m_xml;
    const QString &m_text;
    const ReadContext &m_context;
    std::optional<ReadError> m_error;
    WarningCollector m_warnings;
    QHash<QString, Key> m_keys;
    QList<QString> m_keyOrder;
    QList<RawNode> m_nodes;
    QHash<QString, qsizetype> m_nodeAt;
    QList<RawEdge> m_edges;
    QList<RawHyperedge> m_hyperedges;
    Content m_graphContent;
    QString m_graphId;
    int m_graphs = 0;
    qint64 m_elements = 0;
    QSet<QString> m_undeclared;
    /// Coordinates in degrees, beside the node they belong to.
    struct Geo
    {
        qsizetype node;
        double longitude, latitude;
    };
    QList<Geo> m_geo;
    QHash<QString, QSet<QString>> m_interfaceNames;
    QHash<std::pair<QString, QString>, QString> m_nestedPorts; ///< by node and own name
    Document m_document;
};

bool GraphMlReader::refuse(const QString &text, qint64 line, qint64 column)
{
    if (!m_error)
        m_error = ReadError{text, line, column};
    return false;
}

bool GraphMlReader::refuseXml()
{
    const qint64 line = m_xml.lineNumber();
    const qint64 column = m_xml.columnNumber() + 1;
    switch (m_xml.error()) {
    case QXmlStreamReader::PrematureEndOfDocumentError:
        return refuse(tr("Unexpected end of the file in line %1: it is cut off.").arg(line), line,
                      column);
    default:
        return refuse(tr("Not well-formed XML in line %1: %2").arg(line).arg(m_xml.errorString()),
                      line, column);
    }
}

/// Progress and cancelling, now and then.
bool GraphMlReader::tick()
{
    if (++m_elements % 2048 != 0)
        return true;
    m_context.control.report(double(m_xml.characterOffset()) / double(m_text.size() + 1) * 0.8);
    if (m_context.control.isCancelled()) {
        refuse(tr("Cancelled."), 0);
        m_error->cancelled = true;
        return false;
    }
    return true;
}

/// Refuses a DOCTYPE that declares entities before any parser expands one. A DOCTYPE that only
/// names a DTD is harmless: nothing is fetched.
bool GraphMlReader::checkDoctype()
{
    const QStringView text(m_text);
    qsizetype at = 0;
    const auto lineAt = [&](qsizetype offset) {
        return qint64(1 + text.first(offset).count(QLatin1Char('\n')));
    };
    const auto skipTo = [&](QLatin1String end) {
        const qsizetype found = text.indexOf(end, at);
        at = found < 0 ? text.size() : found + end.size();
    };
    while (at < text.size()) {
        if (text.at(at).isSpace() || text.at(at) == QChar::ByteOrderMark) {
            ++at;
        } else if (text.sliced(at).startsWith(QLatin1String("<?"))) {
            skipTo(QLatin1String("?>"));
        } else if (text.sliced(at).startsWith(QLatin1String("<!--"))) {
            skipTo(QLatin1String("-->"));
        } else {
            break;
        }
    }
    if (!text.sliced(at).startsWith(QLatin1String("<!DOCTYPE"), Qt::CaseInsensitive))
        return true;
    QChar quote;
    bool internal = false;
    for (; at < text.size(); ++at) {
        const QChar c = text.at(at);
        if (!quote.isNull()) {
            if (c == quote)
                quote = QChar();
            continue;
        }
        if (internal) {
            const QStringView rest = text.sliced(at);
            if (rest.startsWith(QLatin1String("<!--"))) {
                skipTo(QLatin1String("-->"));
                --at;
                continue;
            }
            if (rest.startsWith(QLatin1String("<!ENTITY"), Qt::CaseInsensitive) ||
                c == QLatin1Char('%')) {
                return refuse(
                    tr("The document type in line %1 declares entities. Such files are refused: "
                       "an entity can read other files or blow up the memory.")
                        .arg(lineAt(at)),
                    lineAt(at));
            }
        }
        if (c == QLatin1Char('"') || c == QLatin1Char('\''))
            quote = c;
        else if (c == QLatin1Char('['))
            internal = true;
        else if (c == QLatin1Char(']'))
            internal = false;
        else if (c == QLatin1Char('>') && !internal)
            return true;
    }
    return true; // cut off inside: the parser says so with its line
}

/// Value of an attribute that must be there; empty after a refusal.
QString GraphMlReader::required(const char *attribute, const QString &element)
{
    const QString value = m_xml.attributes().value(QLatin1String(attribute)).toString();
    if (value.isEmpty()) {
        refuse(tr("The <%1> in line %2 has no %3.")
                   .arg(element)
                   .arg(m_xml.lineNumber())
                   .arg(QLatin1String(attribute)),
               m_xml.lineNumber(), m_xml.columnNumber() + 1);
    }
    return value;
}

bool GraphMlReader::skip()
{
    int depth = 1;
    while (depth > 0) {
        switch (m_xml.readNext()) {
        case QXmlStreamReader::StartElement:
            if (!tick())
                return false;
            ++depth;
            break;
        case QXmlStreamReader::EndElement:
            --depth;
            break;
        case QXmlStreamReader::Invalid:
            return refuseXml();
        default:
            break;
        }
    }
    return true;
}

bool GraphMlReader::readDocument()
{
    if (!checkDoctype())
        return false;
    if (!m_xml.readNextStartElement())
        return m_xml.hasError() ? refuseXml() : refuse(tr("The file holds no XML element."), 1);
    if (m_xml.name() != QLatin1String("graphml")) {
        return refuse(tr("The root element is %1, expected graphml.").arg(m_xml.name()),
                      m_xml.lineNumber(), m_xml.columnNumber() + 1);
    }
    while (m_xml.readNextStartElement()) {
        if (!tick())
            return false;
        const QStringView name = m_xml.name();
        bool ok = true;
        if (name == QLatin1String("key"))
            ok = readKey();
        else if (name == QLatin1String("graph"))
            ok = readGraph({}, 0);
        else
            ok = skip(); // resources, descriptions
        if (!ok)
            return false;
    }
    if (m_xml.hasError())
        return refuseXml();
    while (!m_xml.atEnd())
        m_xml.readNext();
    if (m_xml.hasError())
        return refuseXml();
    if (m_graphs == 0)
        return refuse(tr("There is no graph element in the file."), 1);
    return true;
}

bool GraphMlReader::readKey()
{
    const QString id = required("id", QStringLiteral("key"));
    if (id.isEmpty())
        return false;
    const QXmlStreamAttributes attributes = m_xml.attributes();
    Key key;
    key.line = m_xml.lineNumber();
    key.name = attributes.value(QLatin1String("attr.name")).toString();
    key.type = attributes.value(QLatin1String("attr.type")).toString().toLower();
    key.target = attributes.value(QLatin1String("for")).toString();
    const auto known = m_keys.constFind(id);
    if (known != m_keys.constEnd()) {
        return refuse(tr("Key %1 is declared twice: in line %2 and again in line %3.")
                          .arg(id)
                          .arg(known->line)
                          .arg(key.line),
                      key.line, m_xml.columnNumber() + 1);
    }
    while (m_xml.readNextStartElement()) {
        if (m_xml.name() == QLatin1String("default")) {
            // Defaults of drawing attributes are elements; only text is a value.
            Content content;
            if (!readData(content))
                return false;
            if (!content.values.isEmpty())
                key.defaultValue = content.values.first().text;
        } else if (!skip()) {
            return false;
        }
    }
    if (m_xml.hasError())
        return refuseXml();
    m_keys.insert(id, key);
    m_keyOrder.append(id);
    return true;
}

bool GraphMlReader::readGraph(const QString &parent, int depth)
{
    if (depth > MaxGraphNesting)
        return refuse(tr("Graphs are nested more than %1 deep in line %2.")
                          .arg(MaxGraphNesting)
                          .arg(m_xml.lineNumber()),
                      m_xml.lineNumber());
    if (depth == 0 && m_graphs++ == 0)
        m_graphId = m_xml.attributes().value(QLatin1String("id")).toString();
    if (depth == 0 && m_graphs == 2)
        m_warnings.add(tr("further graphs"), m_xml.lineNumber(),
                       tr("The file holds more than one graph; all are read into one board."));
    Content nestedContent;
    while (m_xml.readNextStartElement()) {
        if (!tick())
            return false;
        const QStringView name = m_xml.name();
        bool ok = true;
        if (name == QLatin1String("node"))
            ok = readNode(parent, depth);
        else if (name == QLatin1String("edge"))
            ok = readEdge();
        else if (name == QLatin1String("data"))
            ok = readData(depth == 0 ? m_graphContent : nestedContent);
        else if (name == QLatin1String("hyperedge"))
            ok = readHyperedge();
        else
            ok = skip(); // desc, locator
        if (!ok)
            return false;
    }
    return m_xml.hasError() ? refuseXml() : true;
}

bool GraphMlReader::readNode(const QString &parent, int depth)
{
    RawNode raw;
    raw.node.key = required("id", QStringLiteral("node"));
    if (raw.node.key.isEmpty())
        return false;
    raw.node.line = m_xml.lineNumber();
    raw.node.parentKey = parent;
    raw.content.group = m_xml.attributes().hasAttribute(QLatin1String("yfiles.foldertype"));
    const auto known = m_nodeAt.constFind(raw.node.key);
    if (known != m_nodeAt.constEnd()) {
        return refuse(tr("Node %1 is there twice: in line %2 and again in line %3.")
                          .arg(raw.node.key)
                          .arg(m_nodes.at(*known).node.line)
                          .arg(raw.node.line),
                      raw.node.line, m_xml.columnNumber() + 1);
    }
    const QString key = raw.node.key;
    const qsizetype at = m_nodes.size();
    m_nodeAt.insert(key, at);
    m_nodes.append(raw); // the parent stands before its children
    while (m_xml.readNextStartElement()) {
        if (!tick())
            return false;
        const QStringView name = m_xml.name();
        bool ok = true;
        if (name == QLatin1String("data")) {
            ok = readData(raw.content);
        } else if (name == QLatin1String("port")) {
            ok = readPort(raw.ports, {}, 0);
        } else if (name == QLatin1String("graph")) {
            raw.hasGraph = true;
            ok = readGraph(key, depth + 1);
        } else if (name == QLatin1String("desc")) {
            raw.node.notes = m_xml.readElementText(QXmlStreamReader::SkipChildElements);
        } else {
            ok = skip();
        }
        if (!ok)
            return false;
    }
    if (m_xml.hasError())
        return refuseXml();
    m_nodes[at] = std::move(raw);
    return true;
}

bool GraphMlReader::readPort(QList<RawPort> &ports, const QString &prefix, int depth)
{
    if (depth > MaxGraphNesting)
        return refuse(tr("Ports are nested too deep in line %1.").arg(m_xml.lineNumber()),
                      m_xml.lineNumber());
    const QString own = required("name", QStringLiteral("port"));
    if (own.isEmpty())
        return false;
    RawPort port;
    port.own = own;
    port.name = prefix.isEmpty() ? own : prefix + QLatin1Char('/') + own;
    const qsizetype at = ports.size();
    ports.append(port);
    while (m_xml.readNextStartElement()) {
        if (!tick())
            return false;
        bool ok = true;
        if (m_xml.name() == QLatin1String("data"))
            ok = readData(port.content);
        else if (m_xml.name() == QLatin1String("port"))
            ok = readPort(ports, port.name, depth + 1);
        else
            ok = skip();
        if (!ok)
            return false;
    }
    if (m_xml.hasError())
        return refuseXml();
    ports[at] = std::move(port);
    return true;
}

bool GraphMlReader::readEdge()
{
    RawEdge edge;
    edge.line = m_xml.lineNumber();
    edge.source = required("source", QStringLiteral("edge"));
    if (edge.source.isEmpty())
        return false;
    edge.target = required("target", QStringLiteral("edge"));
    if (edge.target.isEmpty())
        return false;
    const QXmlStreamAttributes attributes = m_xml.attributes();
    edge.sourcePort = attributes.value(QLatin1String("sourceport")).toString();
    edge.targetPort = attributes.value(QLatin1String("targetport")).toString();
    edge.directed = attributes.value(QLatin1String("directed")) == QLatin1String("true");
    while (m_xml.readNextStartElement()) {
        if (!tick())
            return false;
        const QStringView name = m_xml.name();
        bool ok = true;
        if (name == QLatin1String("data")) {
            ok = readData(edge.content);
        } else if (name == QLatin1String("graph")) {
            m_warnings.add(tr("graph inside an edge"), m_xml.lineNumber(),
                           tr("A graph inside an edge was not taken."));
            ok = skip();
        } else {
            ok = skip();
        }
        if (!ok)
            return false;
    }
    if (m_xml.hasError())
        return refuseXml();
    m_edges.append(std::move(edge));
    return true;
}

bool GraphMlReader::readHyperedge()
{
    RawHyperedge edge;
    edge.line = m_xml.lineNumber();
    edge.id = m_xml.attributes().value(QLatin1String("id")).toString();
    while (m_xml.readNextStartElement()) {
        if (!tick())
            return false;
        bool ok = true;
        if (m_xml.name() == QLatin1String("endpoint")) {
            const QString node = required("node", QStringLiteral("endpoint"));
            if (node.isEmpty())
                return false;
            edge.ends.append({node, m_xml.attributes().value(QLatin1String("port")).toString()});
            ok = skip();
        } else if (m_xml.name() == QLatin1String("data")) {
            ok = readData(edge.content);
        } else {
            ok = skip();
        }
        if (!ok)
            return false;
    }
    if (m_xml.hasError())
        return refuseXml();
    m_hyperedges.append(std::move(edge));
    return true;
}

/// Text becomes a value; elements are the graphics of yEd and yFiles, known by their names wherever
/// they stand (the key that leads to them differs from writer to writer).
bool GraphMlReader::readData(Content &content)
{
    Value value;
    value.key = m_xml.attributes().value(QLatin1String("key")).toString();
    value.line = m_xml.lineNumber();
    bool complex = false;
    int depth = 0;
    int labelDepth = -1;    // of the open NodeLabel/EdgeLabel
    bool labelOpen = false; // still before its first child element
    int realizerDepth = -1;
    int activeRealizer = 0;
    int realizer = -1;
    Label label;
    bool visible = true;
    const auto takes = [&] { return realizerDepth < 0 || realizer == activeRealizer; };
    const auto number = [this](const char *attribute) {
        return finiteNumber(m_xml.attributes().value(QLatin1String(attribute)));
    };
    const auto geometry = [&](const char *x, const char *y, const char *width, const char *height) {
        if (!m_xml.attributes().hasAttribute(QLatin1String(x)) || content.geometry || !takes())
            return;
        const auto left = number(x);
        const auto top = number(y);
        const double w = number(width).value_or(0.0);
        const double h = number(height).value_or(0.0);
        if (left && top && std::abs(*left) <= MaxCoordinate && std::abs(*top) <= MaxCoordinate &&
            w >= 0 && h >= 0 && w <= MaxCoordinate && h <= MaxCoordinate) {
            content.geometry = QRectF(*left, *top, w, h);
        } else {
            content.badGeometry = true;
        }
    };
    while (true) {
        switch (m_xml.readNext()) {
        case QXmlStreamReader::Characters:
            if (depth == 0)
                value.text += m_xml.text();
            else if (labelOpen)
                label.text += m_xml.text();
            break;
        case QXmlStreamReader::StartElement: {
            if (!tick())
                return false;
            if (++depth > MaxElementNesting)
                return refuse(
                    tr("Elements are nested too deep in line %1.").arg(m_xml.lineNumber()),
                    m_xml.lineNumber());
            complex = true;
            const QStringView name = m_xml.name();
            const QXmlStreamAttributes attributes = m_xml.attributes();
            if (labelDepth >= 0) {
                labelOpen = name.endsWith(QLatin1String("Label.Text"));
                const QStringView placement = attributes.value(QLatin1String("placement"));
                if (name == QLatin1String("PreferredPlacementDescriptor")) {
                    if (placement == QLatin1String("source") ||
                        placement == QLatin1String("target"))
                        label.place = placement.toString();
                    else if (!placement.isEmpty() && placement != QLatin1String("anywhere"))
                        label.place.clear();
                }
            } else if (name == QLatin1String("NodeLabel") || name == QLatin1String("EdgeLabel") ||
                       name == QLatin1String("Label")) {
                labelDepth = depth;
                labelOpen = true;
                label = {};
                label.text = attributes.value(QLatin1String("Text")).toString();
                visible = attributes.value(QLatin1String("visible")) != QLatin1String("false");
                const QStringView position = attributes.value(QLatin1String("modelPosition"));
                if (name == QLatin1String("EdgeLabel")) {
                    const QStringView preferred =
                        attributes.value(QLatin1String("preferredPlacement"));
                    if (position == QLatin1String("shead") || position == QLatin1String("stail") ||
                        position == QLatin1String("scentr") ||
                        position == QLatin1String("source") ||
                        preferred.startsWith(QLatin1String("source"))) {
                        label.place = QStringLiteral("source");
                    } else if (position == QLatin1String("thead") ||
                               position == QLatin1String("ttail") ||
                               position == QLatin1String("tcentr") ||
                               position == QLatin1String("target") ||
                               preferred.startsWith(QLatin1String("target"))) {
                        label.place = QStringLiteral("target");
                    }
                } else {
                    label.place = position.toString();
                }
            } else if (name == QLatin1String("Geometry")) {
                geometry("x", "y", "width", "height");
            } else if (name == QLatin1String("RectD")) {
                geometry("X", "Y", "Width", "Height");
            } else if (name == QLatin1String("Realizers")) {
                realizerDepth = depth;
                activeRealizer = attributes.value(QLatin1String("active")).toInt();
                realizer = -1;
            } else if (realizerDepth >= 0 && depth == realizerDepth + 1) {
                ++realizer;
            }
            if (name == QLatin1String("GroupNode"))
                content.group = true;
            break;
        }
        case QXmlStreamReader::EndElement:
            if (depth == 0) {
                if (!complex)
                    content.values.append(value);
                return true;
            }
            if (depth == labelDepth) {
                label.text = withoutIndentation(label.text);
                if (visible && takes() && !label.text.trimmed().isEmpty())
                    content.labels.append(label);
                labelDepth = -1;
                labelOpen = false;
            } else if (labelDepth >= 0) {
                labelOpen = false;
            }
            if (depth == realizerDepth)
                realizerDepth = -1;
            --depth;
            break;
        case QXmlStreamReader::Invalid:
            return refuseXml();
        default:
            break;
        }
    }
}

void GraphMlReader::checkType(const Key &key, const Value &value)
{
    const QStringView text = QStringView(value.text).trimmed();
    bool ok = true;
    if (key.type == QLatin1String("boolean")) {
        const QString lower = text.toString().toLower();
        ok = lower == QLatin1String("true") || lower == QLatin1String("false") ||
             lower == QLatin1String("1") || lower == QLatin1String("0");
    } else if (key.type == QLatin1String("int") || key.type == QLatin1String("long") ||
               key.type == QLatin1String("integer")) {
        const auto number = finiteNumber(text);
        ok = number && std::floor(*number) == *number;
    } else if (key.type == QLatin1String("float") || key.type == QLatin1String("double")) {
        ok = finiteNumber(text).has_value();
    }
    if (!ok) {
        const QString name = key.name.isEmpty() ? value.key : key.name;
        m_warnings.add(tr("values of key %1").arg(name), value.line,
                       tr("“%1” is not a value of type %2 (key %3); it is kept as text.")
                           .arg(value.text.left(60), key.type, name));
    }
}

/// Values under the names of their keys, defaults included; what says "no value" is left out.
QList<GraphMlReader::Attribute> GraphMlReader::attributesOf(const Content &content,
                                                            const char *target)
{
    QList<Attribute> attributes;
    QSet<QString> seen;
    for (const Value &value : content.values) {
        const auto key = m_keys.constFind(value.key);
        if (key == m_keys.constEnd()) {
            if (!m_undeclared.contains(value.key)) {
                m_undeclared.insert(value.key);
                m_warnings.add(
                    tr("undeclared keys"), value.line,
                    tr("Data refers to key %1, which is not declared; its values are kept "
                       "under that name.")
                        .arg(value.key.isEmpty() ? QStringLiteral("“”") : value.key));
            }
        }
        seen.insert(value.key);
        const QString trimmed = value.text.trimmed();
        if (trimmed.isEmpty() || trimmed == QLatin1String("None"))
            continue;
        if (key != m_keys.constEnd())
            checkType(*key, value);
        QString name = key == m_keys.constEnd() || key->name.isEmpty() ? value.key : key->name;
        if (name.isEmpty())
            name = QStringLiteral("data");
        attributes.append({name, withoutIndentation(value.text), value.line});
    }
    for (const QString &id : std::as_const(m_keyOrder)) {
        const Key &key = *m_keys.constFind(id);
        if (!key.defaultValue || key.name.isEmpty() || seen.contains(id) ||
            (key.target != QLatin1String(target) && key.target != QLatin1String("all") &&
             !key.target.isEmpty())) {
            continue;
        }
        const QString trimmed = key.defaultValue->trimmed();
        if (!trimmed.isEmpty() && trimmed != QLatin1String("None"))
            attributes.append({key.name, withoutIndentation(*key.defaultValue), key.line});
    }
    return attributes;
}

bool isOneOf(const QString &lower, std::initializer_list<const char *> names)
{
    return std::any_of(names.begin(), names.end(),
                       [&](const char *name) { return lower == QLatin1String(name); });
}

/// First line of a label; the rest is returned in @a rest.
QString firstLine(const QString &text, QString *rest)
{
    const qsizetype end = text.indexOf(QLatin1Char('\n'));
    if (end < 0)
        return text;
    *rest = text.sliced(end + 1).trimmed();
    return text.first(end).trimmed();
}

/// Adds without overwriting: a second value of one name gets a number.
void addProperty(QMap<QString, QString> &properties, const QString &name, const QString &value)
{
    QString free = name;
    for (int n = 2; properties.contains(free) && properties.value(free) != value; ++n)
        free = QStringLiteral("%1 %2").arg(name).arg(n);
    properties.insert(free, value);
}

void GraphMlReader::finishNode(RawNode &raw)
{
    DocumentNode &node = raw.node;
    const qsizetype index = m_document.nodes.size();
    QString labelName, plainName, type;
    std::optional<QString> x, y, longitude, latitude;
    const QList<Attribute> attributes = attributesOf(raw.content, "node");
    for (const Attribute &attribute : attributes) {
        const QString lower = attribute.name.toLower();
        const QString trimmed = attribute.value.trimmed();
        if (lower == QLatin1String("label") && labelName.isEmpty()) {
            labelName = attribute.value;
            continue;
        }
        if (lower == QLatin1String("name") && plainName.isEmpty()) {
            plainName = attribute.value;
            continue;
        }
        if (isOneOf(lower, {"description", "notes", "note", "comment"}) && node.notes.isEmpty()) {
            node.notes = attribute.value;
            continue;
        }
        if (isOneOf(lower, {"mgmt_ip", "mgmt-ip", "management_ip", "management_address",
                            "mgmt-ipv4", "mgmt_ipv4", "ip", "ip_address", "ipaddress"}) &&
            node.managementAddress.isEmpty() && isIpAddress(trimmed)) {
            node.managementAddress = trimmed;
            continue;
        }
        if (lower == QLatin1String("x") && !x) {
            x = trimmed;
            continue;
        }
        if (lower == QLatin1String("y") && !y) {
            y = trimmed;
            continue;
        }
        if (isOneOf(lower, {"longitude", "lon", "lng", "long"}) && !longitude)
            longitude = trimmed;
        else if (isOneOf(lower, {"latitude", "lat"}) && !latitude)
            latitude = trimmed;
        if (isOneOf(lower, {"type", "device_type", "devicetype", "device type", "node_type",
                            "nodetype", "role", "kind", "category", "class"}) &&
            type.isEmpty()) {
            type = deviceTypeFromText(trimmed);
        }
        addProperty(node.properties, attribute.name, attribute.value);
    }

    // Labels of yEd: the first is the name, an address on its own is the management address, and
    // N2G puts the model below.
    QString graphicName;
    for (const Label &label : std::as_const(raw.content.labels)) {
        if (graphicName.isEmpty()) {
            QString rest;
            graphicName = firstLine(label.text, &rest);
            if (isIpAddress(rest) && node.managementAddress.isEmpty())
                node.managementAddress = rest;
            else if (!rest.isEmpty())
                addProperty(node.properties, QStringLiteral("label"), rest);
            continue;
        }
        const QString trimmed = label.text.trimmed();
        if (isIpAddress(trimmed) && node.managementAddress.isEmpty())
            node.managementAddress = trimmed;
        else if (label.place == QLatin1String("b"))
            addProperty(node.properties, QStringLiteral("model"), trimmed);
        else
            addProperty(node.properties, QStringLiteral("label"), trimmed);
        if (type.isEmpty())
            type = deviceTypeFromText(trimmed);
    }

    if (!labelName.isEmpty())
        node.name = labelName;
    else if (!graphicName.isEmpty())
        node.name = graphicName;
    else if (!plainName.isEmpty())
        node.name = plainName;
    else
        node.name = node.key;
    if (!labelName.isEmpty() && !plainName.isEmpty() && plainName != labelName)
        addProperty(node.properties, QStringLiteral("name"), plainName);
    // A file without any names is not worth a word; a name that is there but blank is.
    const auto blankName = std::find_if(
        raw.content.values.cbegin(), raw.content.values.cend(), [this](const Value &value) {
            const auto key = m_keys.constFind(value.key);
            return key != m_keys.constEnd() && key->name.toLower() == QLatin1String("label") &&
                   value.text.trimmed().isEmpty();
        });
    const bool group = raw.hasGraph || raw.content.group; // is often a mere bracket without a name
    if (labelName.isEmpty() && graphicName.isEmpty() && plainName.isEmpty() && !group) {
        const bool othersHaveNames =
            std::any_of(m_keys.cbegin(), m_keys.cend(), [](const Key &key) {
                return key.target == QLatin1String("node") &&
                       key.name.toLower() == QLatin1String("label");
            });
        if (blankName != raw.content.values.cend() || othersHaveNames)
            m_warnings.add(tr("nodes without a name"), node.line,
                           tr("Node %1 has no name; it is named after its id.").arg(node.key));
    }

    node.container = group;
    const DeviceTypeInfo *known = builtinType(type);
    if (known && known->isContainer)
        node.container = true; // a site says so itself
    else if (node.container)
        type = devicetype::Group;
    node.type = type.isEmpty() ? QString(devicetype::Generic) : type;

    if (raw.content.geometry) {
        node.position = raw.content.geometry->center();
        if (node.container && raw.content.geometry->width() > 0 &&
            raw.content.geometry->height() > 0)
            node.size = raw.content.geometry->size();
    } else if (raw.content.badGeometry) {
        m_warnings.add(
            tr("unusable coordinates"), node.line,
            tr("The place of node %1 is not usable; it is placed automatically.").arg(node.key));
    } else if (x || y) {
        const double px = x ? finiteNumber(*x).value_or(qQNaN()) : qQNaN();
        const double py = y ? finiteNumber(*y).value_or(qQNaN()) : qQNaN();
        if (std::abs(px) <= MaxCoordinate && std::abs(py) <= MaxCoordinate) {
            node.position = QPointF(px, py);
            m_document.freeScale = true;
        } else {
            m_warnings.add(
                tr("unusable coordinates"), node.line,
                tr("The place of node %1 (x = “%2”, y = “%3”) is not usable; it is placed "
                   "automatically.")
                    .arg(node.key, x.value_or(QString()).left(30), y.value_or(QString()).left(30)));
        }
    }
    if (longitude && latitude && !node.position) {
        const auto lon = finiteNumber(*longitude);
        const auto lat = finiteNumber(*latitude);
        if (lon && lat && std::abs(*lon) <= 360.0 && std::abs(*lat) <= 90.0)
            m_geo.append({index, *lon, *lat});
        else
            m_warnings.add(
                tr("unusable coordinates"), node.line,
                tr("Longitude “%1” and latitude “%2” of node %3 are no place on earth; it is "
                   "placed automatically.")
                    .arg(longitude->left(30), latitude->left(30), node.key));
    }

    QSet<QString> &taken = m_interfaceNames[node.key];
    for (const RawPort &port : std::as_const(raw.ports)) {
        if (taken.contains(port.name)) {
            m_warnings.add(
                tr("ports named twice"), node.line,
                tr("Port %1 of node %2 is there twice; one was taken.").arg(port.name, node.key));
            continue;
        }
        taken.insert(port.name);
        DocumentInterface interface;
        interface.name = port.name;
        if (port.own != port.name)
            m_nestedPorts.insert({node.key, port.own}, port.name);
        const QList<Attribute> values = attributesOf(port.content, "port");
        for (const Attribute &value : values) {
            // As the writer of this program names them.
            if (value.name == QLatin1String("interface_type") &&
                interfaceTypeFromKey(value.value.trimmed()))
                interface.type = value.value.trimmed();
            else if (value.name == QLatin1String("address"))
                interface.address = value.value.trimmed();
            else
                addProperty(interface.properties, value.name, value.value);
        }
        node.interfaces.append(interface);
    }
    m_document.nodes.append(std::move(node));
}

/// Degrees to a plane: spherical Mercator, y downwards, 100 units a degree; places beyond 85° are
/// drawn at 85°. Only used when no node has a drawn place.
void GraphMlReader::finishPositions()
{
    const bool drawn =
        std::any_of(m_document.nodes.cbegin(), m_document.nodes.cend(),
                    [](const DocumentNode &node) { return node.position.has_value(); });
    if (drawn || m_geo.isEmpty())
        return;
    constexpr double UnitsPerDegree = 100.0;
    for (const Geo &geo : std::as_const(m_geo)) {
        const double latitude = std::clamp(geo.latitude, -85.0, 85.0) * std::numbers::pi / 180.0;
        const double y =
            std::log(std::tan(std::numbers::pi / 4.0 + latitude / 2.0)) * 180.0 / std::numbers::pi;
        m_document.nodes[geo.node].position =
            QPointF(geo.longitude * UnitsPerDegree, -y * UnitsPerDegree);
    }
    m_document.freeScale = true;
}

/// Makes sure the node has that interface. The first line is the name, what follows describes it.
QString GraphMlReader::interfaceOn(const QString &nodeKey, const QString &text)
{
    if (text.trimmed().isEmpty())
        return {};
    QString rest;
    QString name = firstLine(text.trimmed(), &rest);
    QSet<QString> &taken = m_interfaceNames[nodeKey];
    if (!taken.contains(name)) // an edge names a port inside another by its own name alone
        name = m_nestedPorts.value({nodeKey, name}, name);
    if (!taken.contains(name)) {
        taken.insert(name);
        DocumentInterface interface;
        interface.name = name;
        if (!rest.isEmpty())
            interface.properties.insert(QStringLiteral("label"), rest);
        m_document.nodes[m_nodeAt.value(nodeKey)].interfaces.append(interface);
    }
    return name;
}

void GraphMlReader::finishEdge(RawEdge &raw)
{
    for (const QString &end : {raw.source, raw.target}) {
        if (!m_nodeAt.contains(end)) {
            m_warnings.add(tr("edges to nodes that do not exist"), raw.line,
                           tr("The edge from %1 to %2 was not taken: there is no node %3.")
                               .arg(raw.source, raw.target, end));
            return;
        }
    }
    if (raw.source == raw.target)
        m_warnings.add(
            tr("edges from a node to itself"), raw.line,
            tr("The edge from %1 to itself is taken as a link with both ends on one device.")
                .arg(raw.source));
    DocumentLink link;
    link.line = raw.line;
    link.a = raw.source;
    link.b = raw.target;
    QString sourceText = raw.sourcePort;
    QString targetText = raw.targetPort;
    const QList<Attribute> attributes = attributesOf(raw.content, "edge");
    for (const Attribute &attribute : attributes) {
        const QString lower = attribute.name.toLower();
        if (isOneOf(lower, {"label", "linklabel", "edge label", "name"}) && link.label.isEmpty()) {
            link.label = attribute.value.trimmed();
            continue;
        }
        if (isOneOf(lower,
                    {"source_interface", "src_interface", "source_port", "src_port", "sourceport",
                     "srcport", "src_if", "a_interface", "interface_a", "local_interface"}) &&
            sourceText.isEmpty()) {
            sourceText = attribute.value;
            continue;
        }
        if (isOneOf(lower,
                    {"target_interface", "dst_interface", "target_port", "dst_port", "targetport",
                     "dstport", "dst_if", "b_interface", "interface_b", "remote_interface"}) &&
            targetText.isEmpty()) {
            targetText = attribute.value;
            continue;
        }
        if (isOneOf(lower, {"length_km", "lengthkm", "length [km]", "distance_km"}) &&
            !link.lengthKm) {
            const auto number = finiteNumber(attribute.value);
            if (number && *number >= 0.0) {
                link.lengthKm = number;
                continue;
            }
        }
        addProperty(link.properties, attribute.name, attribute.value);
    }
    for (const Label &label : std::as_const(raw.content.labels)) {
        if (label.place == QLatin1String("source") && sourceText.isEmpty())
            sourceText = label.text;
        else if (label.place == QLatin1String("target") && targetText.isEmpty())
            targetText = label.text;
        else if (link.label.isEmpty())
            link.label = label.text.trimmed();
        else
            addProperty(link.properties, QStringLiteral("label"), label.text.trimmed());
    }
    if (raw.directed)
        link.properties.insert(QStringLiteral("directed"), QStringLiteral("true"));
    link.aInterface = interfaceOn(link.a, sourceText);
    link.bInterface = interfaceOn(link.b, targetText);
    m_document.links.append(std::move(link));
}

/// Two ends are a link; more are a segment, which becomes a device of its own with a link to each.
void GraphMlReader::finishHyperedge(RawHyperedge &raw)
{
    QList<RawHyperedge::End> ends;
    for (const RawHyperedge::End &end : std::as_const(raw.ends)) {
        if (m_nodeAt.contains(end.node))
            ends.append(end);
        else
            m_warnings.add(
                tr("edges to nodes that do not exist"), raw.line,
                tr("An end of the hyperedge was not taken: there is no node %1.").arg(end.node));
    }
    if (ends.size() < 2) {
        m_warnings.add(tr("hyperedges with fewer than two ends"), raw.line,
                       tr("The hyperedge was not taken: it has fewer than two ends."));
        return;
    }
    if (ends.size() == 2) {
        RawEdge edge;
        edge.line = raw.line;
        edge.source = ends.at(0).node;
        edge.sourcePort = ends.at(0).port;
        edge.target = ends.at(1).node;
        edge.targetPort = ends.at(1).port;
        edge.content = raw.content;
        finishEdge(edge);
        return;
    }
    DocumentNode segment;
    QString name = raw.id.isEmpty() ? tr("Segment") : raw.id;
    segment.key = name;
    for (int n = 2; m_nodeAt.contains(segment.key); ++n)
        segment.key = QStringLiteral("%1 %2").arg(name).arg(n);
    segment.name = segment.key;
    segment.type = devicetype::Switch;
    segment.line = raw.line;
    const QList<Attribute> attributes = attributesOf(raw.content, "hyperedge");
    for (const Attribute &attribute : attributes)
        addProperty(segment.properties, attribute.name, attribute.value);
    m_nodeAt.insert(segment.key, m_document.nodes.size());
    m_document.nodes.append(segment);
    for (const RawHyperedge::End &end : std::as_const(ends)) {
        RawEdge edge;
        edge.line = raw.line;
        edge.source = segment.key;
        edge.target = end.node;
        edge.targetPort = end.port;
        finishEdge(edge);
    }
    m_warnings.add(tr("hyperedges"), raw.line,
                   tr("A hyperedge with %n ends became a segment “%1” with a link to each.",
                      nullptr, int(ends.size()))
                       .arg(segment.name));
}

ReadResult GraphMlReader::read(const QString &remark)
{
    if (!remark.isEmpty())
        m_warnings.add(tr("encoding"), 1, remark);
    if (!readDocument())
        return *m_error;

    const QList<Attribute> attributes = attributesOf(m_graphContent, "graph");
    QString label, network, plainName;
    for (const Attribute &attribute : attributes) {
        const QString lower = attribute.name.toLower();
        if (lower == QLatin1String("label"))
            label = attribute.value.trimmed();
        else if (lower == QLatin1String("network"))
            network = attribute.value.trimmed();
        else if (lower == QLatin1String("name"))
            plainName = attribute.value.trimmed();
        addProperty(m_document.properties, attribute.name, attribute.value);
    }
    for (const QString &candidate : {label, network, plainName}) {
        if (m_document.title.isEmpty())
            m_document.title = candidate;
    }
    if (m_document.title.isEmpty() && m_graphId.size() > 1 && m_graphId != QLatin1String("graph"))
        m_document.title = m_graphId;

    m_document.nodes.reserve(m_nodes.size());
    for (RawNode &raw : m_nodes)
        finishNode(raw);
    finishPositions();
    m_context.control.report(0.9);
    m_document.links.reserve(m_edges.size());
    for (RawEdge &raw : m_edges)
        finishEdge(raw);
    for (RawHyperedge &raw : m_hyperedges)
        finishHyperedge(raw);
    if (m_document.nodes.isEmpty())
        m_warnings.add(tr("empty graph"), 1,
                       tr("The graph has no nodes: there is nothing to import."));
    m_document.warnings = m_warnings.take();
    m_context.control.report(1.0);
    return std::move(m_document);
}

} // namespace

QString GraphMlFormat::id() const
{
    return QStringLiteral("graphml");
}

QString GraphMlFormat::name() const
{
    return QStringLiteral("GraphML");
}

QStringList GraphMlFormat::suffixes() const
{
    return {QStringLiteral("graphml")};
}

bool GraphMlFormat::looksLike(QByteArrayView data) const
{
    // Comments, a document type and a long list of namespaces may stand before or in the root tag.
    const QByteArray head = data.first(std::min<qsizetype>(data.size(), 16384)).toByteArray();
    const auto decoded = decodeXml(head.startsWith("\xFF\xFE") || head.startsWith("\xFE\xFF")
                                       ? head.first(head.size() / 2 * 2)
                                       : head);
    QString text;
    if (const auto *good = std::get_if<DecodedText>(&decoded))
        text = good->text;
    else
        text = QString::fromLatin1(head); // cut inside a character, or broken further on
    qsizetype at = 0;
    while (at < text.size()) {
        if (text.at(at).isSpace() || text.at(at) == QChar::ByteOrderMark) {
            ++at;
            continue;
        }
        const QStringView rest = QStringView(text).sliced(at);
        qsizetype end = -1;
        if (rest.startsWith(QLatin1String("<?")))
            end = rest.indexOf(QLatin1String("?>"));
        else if (rest.startsWith(QLatin1String("<!--")))
            end = rest.indexOf(QLatin1String("-->"));
        else if (rest.startsWith(QLatin1String("<!DOCTYPE"), Qt::CaseInsensitive))
            return rest.sliced(9).trimmed().startsWith(QLatin1String("graphml"));
        else if (rest.startsWith(QLatin1Char('<')))
            break;
        if (end < 0)
            return false;
        at += end + 2;
        if (rest.startsWith(QLatin1String("<!--")))
            ++at;
    }
    // <graphml …> or <prefix:graphml …>
    static const QString tag = QStringLiteral("graphml");
    const QStringView rest = QStringView(text).sliced(std::min<qsizetype>(at, text.size()));
    if (!rest.startsWith(QLatin1Char('<')))
        return false;
    qsizetype end = 1;
    while (end < rest.size() && !rest.at(end).isSpace() && rest.at(end) != QLatin1Char('>') &&
           rest.at(end) != QLatin1Char('/')) {
        ++end;
    }
    const QStringView name = rest.sliced(1, end - 1);
    return name == tag || name.endsWith(QLatin1String(":graphml"));
}

ReadResult GraphMlFormat::read(const QByteArray &data, const ReadContext &context) const
{
    const auto message = [](const char *text) {
        return QCoreApplication::translate("patchboard::formats::GraphMl", text);
    };
    if (data.isEmpty())
        return ReadError{
            message(QT_TRANSLATE_NOOP("patchboard::formats::GraphMl", "The file is empty."))};
    const bool wide = data.startsWith("\xFF\xFE") || data.startsWith("\xFE\xFF") ||
                      data.startsWith(QByteArrayView("<\0", 2)) ||
                      data.startsWith(QByteArrayView("\0<", 2));
    QByteArray start = data.left(1000);
    if (start.startsWith("\xEF\xBB\xBF"))
        start.remove(0, 3);
    start = start.trimmed();
    if (!wide && !start.startsWith('<'))
        return ReadError{message(QT_TRANSLATE_NOOP(
                             "patchboard::formats::GraphMl",
                             "This is not XML, so it is no GraphML: it does not begin with “<”.")),
                         1, 1};
    auto decoded = decodeXml(data);
    if (auto *error = std::get_if<ReadError>(&decoded))
        return *error;
    const DecodedText &text = std::get<DecodedText>(decoded);
    return GraphMlReader(text.text, context).read(text.remark);
}

} // namespace patchboard::formats
