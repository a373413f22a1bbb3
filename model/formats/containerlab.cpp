#include "model/formats/containerlab.h"

#include "model/formats/hints.h"
#include "model/formats/textdecoding.h"
#include "model/formats/yamltree.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <array>
#include <cmath>

namespace patchboard::formats {

namespace {

using Ref = YamlTree::Ref;

constexpr qsizetype MaxPropertyText = 8192;
constexpr double MaxLabCoordinate = 1e7;
constexpr int MaxProblemsNamed = 10;

struct KindType
{
    const char *part; ///< of the kind's name
    QLatin1String type;
};

/// The first part that the kind contains wins.
const std::array<KindType, 54> KindTypes = {{
    {"asav", devicetype::Firewall},       {"ftdv", devicetype::Firewall},
    {"ftosv", devicetype::Switch},        {"vsrx", devicetype::Firewall},
    {"fortigate", devicetype::Firewall},  {"fortinet", devicetype::Firewall},
    {"paloalto", devicetype::Firewall},   {"pan", devicetype::Firewall},
    {"checkpoint", devicetype::Firewall}, {"stormshield", devicetype::Firewall},
    {"opnsense", devicetype::Firewall},   {"pfsense", devicetype::Firewall},
    {"srlinux", devicetype::Switch},      {"srl", devicetype::Switch},
    {"ceos", devicetype::Switch},         {"veos", devicetype::Switch},
    {"sonic", devicetype::Switch},        {"cumulus", devicetype::Switch},
    {"cvx", devicetype::Switch},          {"n9kv", devicetype::Switch},
    {"nxos", devicetype::Switch},         {"vjunosswitch", devicetype::Switch},
    {"vqfx", devicetype::Switch},         {"cat9kv", devicetype::Switch},
    {"aoscx", devicetype::Switch},        {"aruba", devicetype::Switch},
    {"saos", devicetype::Switch},         {"ocnos", devicetype::Router},
    {"bridge", devicetype::Switch},       {"sros", devicetype::Router},
    {"srsim", devicetype::Router},        {"xrd", devicetype::Router},
    {"xrv", devicetype::Router},          {"csr", devicetype::Router},
    {"c8000", devicetype::Router},        {"iol", devicetype::Router},
    {"vios", devicetype::Router},         {"crpd", devicetype::Router},
    {"vmx", devicetype::Router},          {"vjunos", devicetype::Router},
    {"rare", devicetype::Router},         {"vyos", devicetype::Router},
    {"frr", devicetype::Router},          {"ros", devicetype::Router},
    {"vrp", devicetype::Router},          {"bng", devicetype::Router},
    {"6wind", devicetype::Router},        {"sdwan", devicetype::Router},
    {"ixia", devicetype::Server},         {"generic_vm", devicetype::Server},
    {"k8s", devicetype::Server},          {"openbsd", devicetype::Host},
    {"freebsd", devicetype::Host},        {"ext-container", devicetype::Host},
}};

/// Parts of image names that tell a routing daemon from a host.
const std::array<const char *, 7> RouterImages = {"frr",   "bird",   "quagga", "vyos",
                                                  "gobgp", "exabgp", "crpd"};

bool isPseudoNode(const QString &name)
{
    return name == QLatin1String("host") || name == QLatin1String("mgmt-net") ||
           name == QLatin1String("macvlan") || name == QLatin1String("vxlan") ||
           name == QLatin1String("vxlan-stitch") || name == QLatin1String("dummy");
}

bool hasTemplateMark(QStringView text)
{
    return text.contains(QLatin1String("{{")) || text.contains(QLatin1String("{%"));
}

class ContainerlabReader
{
    Q_DECLARE_TR_FUNCTIONS(patchboard::formats::Containerlab)

public:
    ContainerlabReader(const YamlTree &tree, const ReadContext &context)
        : m_tree(tree)
        , m_context(context)
    {
    }

    ReadResult read();

private:
    struct Endpoint
    {
        QString node;
        QString interface;
        qint64 line = 0;
        QMap<QString, QString> properties;
    };

    bool refuse(const QString &text, qint64 line);
    bool opened(Ref map);
    bool sectionAsMap(Ref parent, const char *name, const QString &path, Ref *section);
    qint64 lineOf(Ref ref) const { return ref == YamlTree::None ? 0 : m_tree.at(ref).line; }

    bool readTopology(Ref topology);
    bool readNodes(Ref nodes, Ref defaults, Ref kinds, Ref groups);
    bool readNode(const YamlTree::Entry &entry, Ref defaults, Ref kinds, Ref groups);
    void takeProperty(QMap<QString, QString> &properties, const QString &name, Ref value,
                      int depth);
    QString deviceType(const QString &kind, const QString &group, const QString &image,
                       const QString &icon, const QString &role) const;
    bool readLinks(Ref links);
    void readLink(Ref link);
    void problem(qint64 line, const QString &text);
    std::optional<Endpoint> endpointOf(Ref ref);
    DocumentInterface *interfaceOf(const Endpoint &endpoint);
    void takeOneEnded(const Endpoint &endpoint, const QString &type, const QString &target,
                      qint64 line);
    void readAnnotations();
    void warnOfUnreadDuplicates();

    const YamlTree &m_tree;
    const ReadContext &m_context;
    std::optional<ReadError> m_error;
    WarningCollector m_warnings;
    QSet<Ref> m_opened;
    QHash<QString, qsizetype> m_nodeAt;
    QHash<QString, QHash<QString, qsizetype>> m_interfaceAt;
    QStringList m_problems;
    qint64 m_firstProblemLine = 0;
    int m_problemCount = 0;
    Document m_document;
};

bool ContainerlabReader::refuse(const QString &text, qint64 line)
{
    if (!m_error)
        m_error = ReadError{text, line};
    return false;
}

/// Every map whose keys mean something to us: a key that is there twice is ambiguous.
bool ContainerlabReader::opened(Ref map)
{
    if (map == YamlTree::None)
        return true;
    m_opened.insert(map);
    const YamlTree::Node &node = m_tree.at(map);
    if (!node.duplicates.empty()) {
        const YamlTree::Duplicate &twice = node.duplicates.front();
        return refuse(tr("“%1” is there twice: in line %2 and again in line %3.")
                          .arg(twice.key)
                          .arg(twice.firstLine)
                          .arg(twice.line),
                      twice.line);
    }
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        const YamlTree::Node &key = m_tree.at(node.items[i]);
        if (key.kind == YamlTree::Kind::Map || key.kind == YamlTree::Kind::Sequence) {
            return refuse(
                tr("Line %1 has a key that is not text; if it is a template ({{ … }}), render "
                   "it first.")
                    .arg(key.line),
                key.line);
        }
    }
    return true;
}

/// The named part of a map, which may be missing or null, but nothing else than a map.
bool ContainerlabReader::sectionAsMap(Ref parent, const char *name, const QString &path,
                                      Ref *section)
{
    *section = m_tree.value(parent, QLatin1String(name));
    if (m_tree.isNull(*section)) {
        *section = YamlTree::None;
        return true;
    }
    if (!m_tree.isMap(*section))
        return refuse(tr("%1 in line %2: expected a mapping.").arg(path).arg(lineOf(*section)),
                      lineOf(*section));
    return opened(*section);
}

ReadResult ContainerlabReader::read()
{
    const Ref root = m_tree.root();
    if (m_tree.isNull(root))
        return ReadError{tr("The key topology is missing: the file holds nothing."), 1};
    if (!m_tree.isMap(root))
        return ReadError{
            tr("Line %1: expected a mapping with the keys name and topology.").arg(lineOf(root)),
            lineOf(root)};
    if (!opened(root))
        return *m_error;
    const Ref topology = m_tree.value(root, QLatin1String("topology"));
    if (m_tree.isNull(topology))
        return ReadError{tr("The key topology is missing."),
                         lineOf(topology) > 0 ? lineOf(topology) : 1};
    if (!m_tree.isMap(topology))
        return ReadError{tr("topology in line %1: expected a mapping.").arg(lineOf(topology)),
                         lineOf(topology)};
    for (const YamlTree::Entry &entry : m_tree.entries(root)) {
        if (entry.key == QLatin1String("name"))
            m_document.title = m_tree.text(entry.value);
        else if (entry.key != QLatin1String("topology") &&
                 !entry.key.startsWith(QLatin1String("x-")))
            takeProperty(m_document.properties, entry.key, entry.value, 0);
    }
    if (m_tree.secondDocumentLine() > 0)
        m_warnings.add(tr("further documents"), m_tree.secondDocumentLine(),
                       tr("The file holds more than one YAML document; only the first was read."));
    if (!readTopology(topology))
        return *m_error;
    readAnnotations();
    warnOfUnreadDuplicates();
    m_document.warnings = m_warnings.take();
    m_context.control.report(1.0);
    return std::move(m_document);
}

bool ContainerlabReader::readTopology(Ref topology)
{
    if (!opened(topology))
        return false;
    Ref defaults, kinds, groups, nodes;
    if (!sectionAsMap(topology, "defaults", QStringLiteral("topology.defaults"), &defaults) ||
        !sectionAsMap(topology, "kinds", QStringLiteral("topology.kinds"), &kinds) ||
        !sectionAsMap(topology, "groups", QStringLiteral("topology.groups"), &groups)) {
        return false;
    }
    const Ref rawNodes = m_tree.value(topology, QLatin1String("nodes"));
    if (rawNodes == YamlTree::None)
        return refuse(tr("The key topology.nodes is missing."), lineOf(topology));
    if (!sectionAsMap(topology, "nodes", QStringLiteral("topology.nodes"), &nodes))
        return false;
    if (nodes == YamlTree::None || m_tree.at(nodes).items.empty())
        m_warnings.add(tr("no nodes"), lineOf(rawNodes),
                       tr("topology.nodes is empty: there is nothing to import."));
    else if (!readNodes(nodes, defaults, kinds, groups))
        return false;
    const Ref links = m_tree.value(topology, QLatin1String("links"));
    if (m_tree.isNull(links))
        return true;
    if (!m_tree.isSequence(links))
        return refuse(tr("topology.links in line %1: expected a list.").arg(lineOf(links)),
                      lineOf(links));
    return readLinks(links);
}

bool ContainerlabReader::readNodes(Ref nodes, Ref defaults, Ref kinds, Ref groups)
{
    int count = 0;
    for (const YamlTree::Entry &entry : m_tree.entries(nodes)) {
        if (++count % 1024 == 0 && m_context.control.isCancelled()) {
            refuse(tr("Cancelled."), 0);
            m_error->cancelled = true;
            return false;
        }
        if (!readNode(entry, defaults, kinds, groups))
            return false;
    }
    return true;
}

bool ContainerlabReader::readNode(const YamlTree::Entry &entry, Ref defaults, Ref kinds, Ref groups)
{
    const qint64 line = lineOf(entry.keyNode);
    if (entry.key.isEmpty())
        return refuse(tr("The node in line %1 has no name.").arg(line), line);
    const Ref own = m_tree.isNull(entry.value) ? YamlTree::None : entry.value;
    if (own != YamlTree::None && !m_tree.isMap(own))
        return refuse(tr("Node %1 in line %2: expected a mapping.").arg(entry.key).arg(lineOf(own)),
                      lineOf(own));
    if (!opened(own))
        return false;

    const auto textOf = [this](Ref map, const char *key) {
        return m_tree.text(m_tree.value(map, QLatin1String(key)));
    };
    const auto layerOf = [this](Ref section, const QString &name, Ref *layer) {
        *layer = YamlTree::None;
        if (section == YamlTree::None || name.isEmpty())
            return true;
        for (const YamlTree::Entry &each : m_tree.entries(section)) {
            if (each.key == name && m_tree.isMap(each.value)) {
                *layer = each.value;
                return opened(each.value);
            }
        }
        return true;
    };
    // The group may come from the kind and the kind from the group.
    QString group = textOf(own, "group");
    Ref groupLayer;
    if (!layerOf(groups, group, &groupLayer))
        return false;
    QString kind = textOf(own, "kind");
    if (kind.isEmpty())
        kind = textOf(groupLayer, "kind");
    if (kind.isEmpty())
        kind = textOf(defaults, "kind");
    Ref kindLayer;
    if (!layerOf(kinds, kind, &kindLayer))
        return false;
    if (group.isEmpty()) {
        group = textOf(kindLayer, "group");
        if (group.isEmpty())
            group = textOf(defaults, "group");
        if (!layerOf(groups, group, &groupLayer))
            return false;
    }

    DocumentNode node;
    node.key = entry.key;
    node.name = entry.key;
    node.line = line;
    // From the weakest to the strongest; a scalar replaces, labels and variables join.
    const std::array<Ref, 4> layers = {defaults, kindLayer, groupLayer, own};
    for (const Ref layer : layers) {
        for (const YamlTree::Entry &each : m_tree.entries(layer)) {
            const bool joins =
                each.key == QLatin1String("labels") || each.key == QLatin1String("env");
            // Lists and deeper settings of a whole kind stay with the kind.
            if (layer == own || joins || m_tree.isScalar(each.value))
                takeProperty(node.properties, each.key, each.value, 0);
        }
    }
    if (!kind.isEmpty())
        node.properties.insert(QStringLiteral("kind"), kind);
    if (!group.isEmpty())
        node.properties.insert(QStringLiteral("group"), group);
    for (const QString &key : {QStringLiteral("mgmt-ipv4"), QStringLiteral("mgmt_ipv4"),
                               QStringLiteral("mgmt-ipv6"), QStringLiteral("mgmt_ipv6")}) {
        if (node.managementAddress.isEmpty() && node.properties.contains(key))
            node.managementAddress = node.properties.take(key);
    }
    const auto label = [&node](const char *name) {
        return node.properties.value(QLatin1String("labels.") + QLatin1String(name));
    };
    const QString x = label("graph-posX");
    const QString y = label("graph-posY");
    if (!x.isEmpty() || !y.isEmpty()) {
        const auto px = finiteNumber(x);
        const auto py = finiteNumber(y);
        if (px && py && std::abs(*px) <= MaxLabCoordinate && std::abs(*py) <= MaxLabCoordinate) {
            node.position = QPointF(*px, *py);
            node.properties.remove(QStringLiteral("labels.graph-posX"));
            node.properties.remove(QStringLiteral("labels.graph-posY"));
        } else {
            m_warnings.add(
                tr("unusable coordinates"), line,
                tr("The place of node %1 (x = “%2”, y = “%3”) is not usable; it is placed "
                   "automatically.")
                    .arg(node.name, x.left(30), y.left(30)));
        }
    }
    bool ok = false;
    const int level = label("graph-level").toInt(&ok);
    if (ok && level >= 0 && level < 1000)
        node.tier = level;
    const QString image = node.properties.value(QStringLiteral("image"));
    node.type = deviceType(kind, group, image, label("graph-icon"), label("role"));
    // Words such as spine and leaf order the rows when no level does.
    if (node.tier < 0) {
        for (const QString &word : {group, label("role"), label("graph-icon"), node.name}) {
            if (node.tier < 0)
                node.tier = tierFromText(word);
        }
    }
    if (hasTemplateMark(node.name))
        m_warnings.add(
            tr("templates"), line,
            tr("The name of node %1 holds a template; it is taken as it stands.").arg(node.name));
    m_nodeAt.insert(node.key, m_document.nodes.size());
    m_document.nodes.append(std::move(node));
    return true;
}

/// Scalars as they are, lists of scalars line by line, maps under dotted names, anything deeper as
/// JSON: what is not understood is kept, so that it is there when the lab is written again.
void ContainerlabReader::takeProperty(QMap<QString, QString> &properties, const QString &name,
                                      Ref value, int depth)
{
    if (m_tree.isNull(value))
        return;
    const auto tooLong = [&] {
        m_warnings.add(tr("long values"), lineOf(value),
                       tr("The value of %1 was not taken: it is longer than %2 characters.")
                           .arg(name.left(80))
                           .arg(MaxPropertyText));
    };
    if (m_tree.isScalar(value)) {
        const QString &text = m_tree.at(value).text;
        if (text.size() > MaxPropertyText)
            tooLong();
        else
            properties.insert(name, text);
        return;
    }
    const std::vector<Ref> &items = m_tree.at(value).items;
    if (m_tree.isSequence(value)) {
        QString joined;
        for (const Ref item : items) {
            if (!m_tree.isScalar(item) || m_tree.at(item).text.contains(QLatin1Char('\n')) ||
                joined.size() > MaxPropertyText) {
                joined.clear();
                break;
            }
            joined +=
                joined.isEmpty() ? m_tree.at(item).text : QLatin1Char('\n') + m_tree.at(item).text;
        }
        if (!joined.isEmpty()) {
            properties.insert(name, joined);
            return;
        }
    } else if (depth == 0 && items.size() <= 400) {
        const std::vector<YamlTree::Entry> entries = m_tree.entries(value);
        if (entries.size() <= 200) {
            for (const YamlTree::Entry &entry : entries)
                takeProperty(properties, name + QLatin1Char('.') + entry.key, entry.value,
                             depth + 1);
            return;
        }
    }
    if (items.empty())
        return;
    if (const auto json = m_tree.json(value, MaxPropertyText))
        properties.insert(name, *json);
    else
        tooLong();
}

QString ContainerlabReader::deviceType(const QString &kind, const QString &group,
                                       const QString &image, const QString &icon,
                                       const QString &role) const
{
    QString hint = deviceTypeFromText(icon);
    if (hint.isEmpty())
        hint = deviceTypeFromText(role);
    if (hint.isEmpty())
        hint = deviceTypeFromText(group);
    const QString lower = kind.toLower();
    QString byKind;
    for (const KindType &each : KindTypes) {
        if (lower.contains(QLatin1String(each.part))) {
            byKind = each.type;
            break;
        }
    }
    const bool linux = lower == QLatin1String("linux");
    if (linux) {
        // An image that routes is a router whatever group it stands in, but for what icons say.
        const QString imageName = image.section(QLatin1Char('/'), -1).toLower();
        if (hint.isEmpty() || hint == devicetype::Host || hint == devicetype::Server) {
            for (const char *part : RouterImages) {
                if (imageName.contains(QLatin1String(part)))
                    return devicetype::Router;
            }
        }
        return hint.isEmpty() ? QString(devicetype::Host) : hint;
    }
    // A firewall stays one in the group "leaf"; routers and switches are what their role says.
    if (byKind == devicetype::Firewall || lower.endsWith(QLatin1String("bridge")))
        return byKind;
    if (!hint.isEmpty())
        return hint;
    return byKind.isEmpty() ? QString(devicetype::Generic) : byKind;
}

void ContainerlabReader::problem(qint64 line, const QString &text)
{
    if (m_problemCount++ == 0)
        m_firstProblemLine = line;
    if (m_problemCount <= MaxProblemsNamed)
        m_problems.append(tr("line %1: %2").arg(line).arg(text));
}

bool ContainerlabReader::readLinks(Ref links)
{
    int count = 0;
    const std::vector<Ref> &items = m_tree.at(links).items;
    for (const Ref item : items) {
        if (++count % 1024 == 0) {
            m_context.control.report(0.5 + 0.5 * count / double(items.size()));
            if (m_context.control.isCancelled()) {
                refuse(tr("Cancelled."), 0);
                m_error->cancelled = true;
                return false;
            }
        }
        if (m_tree.isMap(item) && !opened(item))
            return false;
        readLink(item);
    }
    if (m_problemCount == 0)
        return true;
    QString text = tr("%n link(s) cannot be read – ", nullptr, m_problemCount) +
                   m_problems.join(QStringLiteral("; "));
    if (m_problemCount > MaxProblemsNamed)
        text += QStringLiteral("; …");
    return refuse(text, m_firstProblemLine);
}

/// `node:interface`, or a map with the keys node and interface.
std::optional<ContainerlabReader::Endpoint> ContainerlabReader::endpointOf(Ref ref)
{
    Endpoint endpoint;
    endpoint.line = lineOf(ref);
    if (m_tree.isScalar(ref)) {
        const QString &text = m_tree.at(ref).text;
        const qsizetype colon = text.indexOf(QLatin1Char(':'));
        if (colon < 0 && isPseudoNode(text.trimmed())) {
            endpoint.node = text.trimmed();
            return endpoint;
        }
        if (colon < 0) {
            problem(
                endpoint.line,
                tr("the endpoint “%1” has no colon, expected node:interface").arg(text.left(80)));
            return std::nullopt;
        }
        endpoint.node = text.left(colon).trimmed();
        endpoint.interface = text.mid(colon + 1).trimmed();
        if (endpoint.node.isEmpty() ||
            (endpoint.interface.isEmpty() && !isPseudoNode(endpoint.node))) {
            problem(endpoint.line,
                    endpoint.node.isEmpty()
                        ? tr("the endpoint “%1” names no node").arg(text.left(80))
                        : tr("the endpoint “%1” names no interface").arg(text.left(80)));
            return std::nullopt;
        }
        return endpoint;
    }
    if (!m_tree.isMap(ref)) {
        problem(endpoint.line, tr("an endpoint is neither text nor a mapping"));
        return std::nullopt;
    }
    if (!opened(ref)) {
        // Reported by its own message: a key is there twice.
        const YamlTree::Node &node = m_tree.at(ref);
        problem(node.line, m_error->text);
        m_error.reset();
        return std::nullopt;
    }
    for (const YamlTree::Entry &entry : m_tree.entries(ref)) {
        if (entry.key == QLatin1String("node"))
            endpoint.node = m_tree.text(entry.value).trimmed();
        else if (entry.key == QLatin1String("interface"))
            endpoint.interface = m_tree.text(entry.value).trimmed();
        else
            takeProperty(endpoint.properties, entry.key, entry.value, 0);
    }
    if (endpoint.node.isEmpty() || (endpoint.interface.isEmpty() && !isPseudoNode(endpoint.node))) {
        problem(endpoint.line, endpoint.node.isEmpty() ? tr("an endpoint names no node")
                                                       : tr("an endpoint names no interface"));
        return std::nullopt;
    }
    return endpoint;
}

/// The interface of a declared node, made when it is new; null for a node that is not declared.
DocumentInterface *ContainerlabReader::interfaceOf(const Endpoint &endpoint)
{
    const auto at = m_nodeAt.constFind(endpoint.node);
    if (at == m_nodeAt.constEnd())
        return nullptr;
    DocumentNode &node = m_document.nodes[*at];
    QHash<QString, qsizetype> &known = m_interfaceAt[endpoint.node];
    auto found = known.constFind(endpoint.interface);
    if (found == known.constEnd()) {
        DocumentInterface interface;
        interface.name = endpoint.interface;
        if (hasTemplateMark(interface.name))
            m_warnings.add(tr("templates"), endpoint.line,
                           tr("The interface “%1” holds a template; it is taken as it stands.")
                               .arg(interface.name.left(80)));
        found = known.insert(endpoint.interface, node.interfaces.size());
        node.interfaces.append(interface);
    }
    DocumentInterface &interface = node.interfaces[*found];
    for (auto it = endpoint.properties.cbegin(); it != endpoint.properties.cend(); ++it)
        interface.properties.insert(it.key(), it.value());
    for (const QString &key : {QStringLiteral("ipv4"), QStringLiteral("ipv6")}) {
        if (interface.address.isEmpty() && interface.properties.contains(key))
            interface.address = interface.properties.take(key);
    }
    return &interface;
}

/// A link that ends outside the lab: its inner end is an interface that says where it goes.
void ContainerlabReader::takeOneEnded(const Endpoint &endpoint, const QString &type,
                                      const QString &target, qint64 line)
{
    const QString goal = target.isEmpty() ? type : type + QLatin1Char(':') + target;
    DocumentInterface *interface = interfaceOf(endpoint);
    if (!interface) {
        m_warnings.add(tr("links to nodes that do not exist"), line,
                       tr("A link was not taken: there is no node %1.").arg(endpoint.node));
        return;
    }
    interface->properties.insert(QStringLiteral("connects-to"), goal);
    m_warnings.add(tr("links out of the lab"), line,
                   tr("The link from %1:%2 to %3 leaves the lab: it is kept as a property of the "
                      "interface.")
                       .arg(endpoint.node, endpoint.interface, goal));
}

void ContainerlabReader::readLink(Ref item)
{
    const qint64 line = lineOf(item);
    if (!m_tree.isMap(item)) {
        problem(line, tr("expected a mapping with endpoints"));
        return;
    }
    const QString type = m_tree.text(m_tree.value(item, QLatin1String("type")));
    Ref endpoints = m_tree.value(item, QLatin1String("endpoints"));
    Ref single = m_tree.value(item, QLatin1String("endpoint"));
    // The one end of a link out of the lab is also written as a list of one.
    for (Ref *const each : {&endpoints, &single}) {
        if (m_tree.isSequence(*each) && m_tree.at(*each).items.size() == 1 &&
            (each == &single || isPseudoNode(type))) {
            single = m_tree.at(*each).items.front();
            endpoints = YamlTree::None;
            break;
        }
    }
    QMap<QString, QString> properties;
    QStringList targetParts;
    Ref ipv4 = YamlTree::None, ipv6 = YamlTree::None;
    for (const YamlTree::Entry &entry : m_tree.entries(item)) {
        if (entry.key == QLatin1String("endpoints") || entry.key == QLatin1String("endpoint"))
            continue;
        if (m_tree.isNull(endpoints) &&
            (entry.key == QLatin1String("host-interface") || entry.key == QLatin1String("remote") ||
             entry.key == QLatin1String("vni"))) {
            targetParts.append(m_tree.text(entry.value));
        }
        if (entry.key == QLatin1String("ipv4") && m_tree.isSequence(entry.value))
            ipv4 = entry.value;
        else if (entry.key == QLatin1String("ipv6") && m_tree.isSequence(entry.value))
            ipv6 = entry.value;
        else
            takeProperty(properties, entry.key, entry.value, 0);
    }

    if (m_tree.isNull(endpoints)) {
        if (m_tree.isNull(single)) {
            problem(line, tr("a link without endpoints"));
            return;
        }
        auto endpoint = endpointOf(single);
        if (!endpoint)
            return;
        for (auto it = properties.cbegin(); it != properties.cend(); ++it) {
            if (it.key() != QLatin1String("type"))
                endpoint->properties.insert(it.key(), it.value());
        }
        takeOneEnded(*endpoint, type.isEmpty() ? QStringLiteral("host") : type,
                     targetParts.join(QLatin1Char('/')), line);
        return;
    }
    if (!m_tree.isSequence(endpoints)) {
        problem(lineOf(endpoints), tr("endpoints is not a list"));
        return;
    }
    const std::vector<Ref> &ends = m_tree.at(endpoints).items;
    if (ends.size() != 2) {
        problem(line, tr("%n endpoint(s), expected two", nullptr, int(ends.size())));
        return;
    }
    auto a = endpointOf(ends[0]);
    auto b = endpointOf(ends[1]);
    if (!a || !b)
        return;
    const auto address = [this](Ref list, std::size_t index, const char *name, Endpoint &end) {
        if (list == YamlTree::None || m_tree.at(list).items.size() <= index)
            return;
        const QString text = m_tree.text(m_tree.at(list).items[index]);
        if (!text.isEmpty())
            end.properties.insert(QLatin1String(name), text);
    };
    address(ipv4, 0, "ipv4", *a);
    address(ipv4, 1, "ipv4", *b);
    address(ipv6, 0, "ipv6", *a);
    address(ipv6, 1, "ipv6", *b);

    const bool aKnown = m_nodeAt.contains(a->node);
    const bool bKnown = m_nodeAt.contains(b->node);
    if (aKnown && bKnown) {
        interfaceOf(*a);
        interfaceOf(*b);
        DocumentLink link;
        link.line = line;
        link.a = a->node;
        link.aInterface = a->interface;
        link.b = b->node;
        link.bInterface = b->interface;
        link.label = properties.take(QStringLiteral("labels.label"));
        link.properties = properties;
        m_document.links.append(link);
        return;
    }
    const Endpoint &inner = aKnown ? *a : *b;
    const Endpoint &outer = aKnown ? *b : *a;
    if (isPseudoNode(outer.node)) {
        takeOneEnded(inner, outer.node, outer.interface, line);
        return;
    }
    interfaceOf(inner);
    m_warnings.add(tr("links to nodes that do not exist"), line,
                   tr("The link %1:%2 – %3:%4 was not taken: there is no node %5.")
                       .arg(a->node, a->interface, b->node, b->interface, outer.node));
}

/// Positions and icons that containerlab's editor stores beside the file.
void ContainerlabReader::readAnnotations()
{
    if (!m_context.sidecar)
        return;
    const QString suffix = QStringLiteral(".annotations.json");
    const auto bytes = m_context.sidecar(suffix);
    if (!bytes || bytes->trimmed().isEmpty())
        return;
    QJsonParseError error;
    const QJsonDocument json = QJsonDocument::fromJson(*bytes, &error);
    if (!json.isObject()) {
        m_warnings.add(tr("annotations"), 0,
                       tr("The annotations in %1 were not taken: %2")
                           .arg(m_context.fileName + suffix, error.errorString()));
        return;
    }
    const QJsonArray nodes = json.object().value(QLatin1String("nodeAnnotations")).toArray();
    for (const auto &value : nodes) {
        const QJsonObject annotation = value.toObject();
        const auto at = m_nodeAt.constFind(annotation.value(QLatin1String("id")).toString());
        if (at == m_nodeAt.constEnd())
            continue;
        DocumentNode &node = m_document.nodes[*at];
        const QJsonObject position = annotation.value(QLatin1String("position")).toObject();
        const QJsonValue x = position.value(QLatin1String("x"));
        const QJsonValue y = position.value(QLatin1String("y"));
        if (x.isDouble() && y.isDouble() && std::abs(x.toDouble()) <= MaxLabCoordinate &&
            std::abs(y.toDouble()) <= MaxLabCoordinate) {
            node.position = QPointF(x.toDouble(), y.toDouble());
        }
        const QString type = deviceTypeFromText(annotation.value(QLatin1String("icon")).toString());
        if (!type.isEmpty())
            node.type = type;
    }
}

/// In settings that we only keep, the last of two equal keys counts, as in most YAML readers.
void ContainerlabReader::warnOfUnreadDuplicates()
{
    for (std::size_t i = 0; i < m_tree.size(); ++i) {
        const Ref ref = static_cast<Ref>(i);
        if (m_opened.contains(ref))
            continue;
        for (const YamlTree::Duplicate &twice : m_tree.at(ref).duplicates) {
            m_warnings.add(tr("keys that are there twice"), twice.line,
                           tr("“%1” is there twice, first in line %2; the last counts.")
                               .arg(twice.key.left(80))
                               .arg(twice.firstLine));
        }
    }
}

/// Line of the first template mark that stands alone or is not in quotes, 0 if there is none.
qint64 templateLine(const QString &text)
{
    qint64 line = 0;
    qint64 inside = 0;
    for (const QStringView each : QStringView(text).split(QLatin1Char('\n'))) {
        ++line;
        const QStringView trimmed = each.trimmed();
        if (trimmed.startsWith(QLatin1Char('#')))
            continue;
        if (trimmed.startsWith(QLatin1String("{{")) || trimmed.startsWith(QLatin1String("{%")))
            return line;
        if (inside == 0 && hasTemplateMark(trimmed))
            inside = line;
    }
    return inside;
}

} // namespace

QString ContainerlabFormat::id() const
{
    return QStringLiteral("containerlab");
}

QString ContainerlabFormat::name() const
{
    return QStringLiteral("containerlab");
}

QStringList ContainerlabFormat::suffixes() const
{
    return {QStringLiteral("clab.yml"), QStringLiteral("clab.yaml"), QStringLiteral("yml"),
            QStringLiteral("yaml")};
}

/// A line that begins with the key topology, and not with what other YAML of that name begins.
bool ContainerlabFormat::looksLike(QByteArrayView data) const
{
    const QByteArray text = QByteArray::fromRawData(data.data(), data.size());
    if (text.left(1024).contains('\0'))
        return false;
    static const QByteArray key("topology");
    for (qsizetype at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
        if (at > 0 && text.at(at - 1) != '\n' && text.at(at - 1) != '\r' &&
            !(at == 3 && text.startsWith("\xEF\xBB\xBF"))) {
            continue;
        }
        qsizetype end = at + key.size();
        while (end < text.size() && (text.at(end) == ' ' || text.at(end) == '\t'))
            ++end;
        if (end < text.size() && text.at(end) == ':')
            return true;
    }
    return false;
}

QString ContainerlabFormat::withDefaults(const QString &text)
{
    if (!text.contains(QLatin1String("${")))
        return text;
    QString result;
    result.reserve(text.size());
    const auto isNameChar = [](QChar c) {
        return c == QLatin1Char('_') || (c >= QLatin1Char('0') && c <= QLatin1Char('9')) ||
               (c >= QLatin1Char('A') && c <= QLatin1Char('Z')) ||
               (c >= QLatin1Char('a') && c <= QLatin1Char('z'));
    };
    // A default may hold another variable: what is left open is closed by its own brace.
    int openDefaults = 0;
    int openPlain = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == QLatin1Char('\n')) {
            openDefaults = 0;
            openPlain = 0;
        }
        if (c == QLatin1Char('$') && i + 1 < text.size() && text.at(i + 1) == QLatin1Char('{')) {
            qsizetype end = i + 2;
            while (end < text.size() && isNameChar(text.at(end)))
                ++end;
            qsizetype begin = -1;
            if (end > i + 2 && end < text.size()) {
                const QChar mark = text.at(end);
                const QChar next = end + 1 < text.size() ? text.at(end + 1) : QChar();
                if (mark == QLatin1Char(':') &&
                    (next == QLatin1Char('=') || next == QLatin1Char('-')))
                    begin = end + 2;
                else if (mark == QLatin1Char('=') || mark == QLatin1Char('-'))
                    begin = end + 1;
            }
            if (begin > 0) {
                // Only if the brace closes in the same line.
                int depth = 1;
                qsizetype close = begin;
                for (; close < text.size() && text.at(close) != QLatin1Char('\n'); ++close) {
                    if (text.at(close) == QLatin1Char('{') &&
                        text.at(close - 1) == QLatin1Char('$'))
                        ++depth;
                    else if (text.at(close) == QLatin1Char('}') && --depth == 0)
                        break;
                }
                if (depth == 0) {
                    ++openDefaults;
                    i = begin - 1;
                    continue;
                }
            }
            if (openDefaults > 0)
                ++openPlain;
        } else if (c == QLatin1Char('}')) {
            if (openPlain > 0) {
                --openPlain;
            } else if (openDefaults > 0) {
                --openDefaults;
                continue;
            }
        }
        result.append(c);
    }
    return result;
}

ReadResult ContainerlabFormat::read(const QByteArray &data, const ReadContext &context) const
{
    const auto message = [](const char *text) {
        return QCoreApplication::translate("patchboard::formats::Containerlab", text);
    };
    if (data.isEmpty())
        return ReadError{
            message(QT_TRANSLATE_NOOP("patchboard::formats::Containerlab", "The file is empty."))};
    const auto decoded = decodeUnicode(data);
    if (const auto *error = std::get_if<ReadError>(&decoded))
        return *error;
    const QString text = withDefaults(std::get<DecodedText>(decoded).text);
    auto parsed = YamlTree::parse(text.toUtf8(), context.control);
    if (const auto *error = std::get_if<ReadError>(&parsed); error && !error->cancelled) {
        // Braces of variables without a default are taken for maps where lists and maps stand in
        // one line.
        static const QRegularExpression variable(
            QStringLiteral("\\$\\{([A-Za-z_][A-Za-z_0-9]*)\\}"));
        QString plain = text;
        plain.replace(variable, QStringLiteral("$\\1"));
        if (plain != text) {
            auto again = YamlTree::parse(plain.toUtf8(), context.control);
            if (!std::holds_alternative<ReadError>(again))
                parsed = std::move(again);
        }
    }
    if (auto *error = std::get_if<ReadError>(&parsed)) {
        const qint64 line = error->cancelled ? 0 : templateLine(text);
        if (line > 0) {
            return ReadError{message(QT_TRANSLATE_NOOP(
                                         "patchboard::formats::Containerlab",
                                         "Line %1 holds a template ({{ … }}), so this is not yet a "
                                         "topology: render the template first."))
                                 .arg(line),
                             line};
        }
        return *error;
    }
    context.control.report(0.5);
    return ContainerlabReader(std::get<YamlTree>(parsed), context).read();
}

} // namespace patchboard::formats
