#include "model/formats/import.h"

#include "model/layout/geometry.h"
#include "model/layout/helper.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace patchboard::formats {

namespace {

class DocumentImporter
{
    Q_DECLARE_TR_FUNCTIONS(patchboard::formats::Import)

public:
    DocumentImporter(const Document &document, const Topology &topology,
                     const edits::IdSource &newId, const ImportOptions &options)
        : m_document(document)
        , m_topology(topology)
        , m_newId(newId)
        , m_options(options)
    {
    }

    Import run();

private:
    void setBoard();
    void makeDevices();
    void makeInterfaces();
    void makeLinks();

    QString freeName(const QString &wanted, qint64 line);
    EntityId interfaceFor(const QString &nodeKey, const QString &name);
    EntityId makeInterface(EntityId device, const DocumentInterface &interface);
    void set(CreateEntity &create, Field field, const Value &value, qint64 line,
             const QString &what);
    void setProperties(EntityKind kind, QList<FieldValue> &fields,
                       const QMap<QString, QString> &properties, qint64 line, const QString &what);
    static Value reference(EntityId id) { return qint64(id); }

    struct Made
    {
        EntityId id = 0;
        QHash<QString, EntityId> interfaces;
        int nextNumber = 0;
    };

    const Document &m_document;
    const Topology &m_topology;
    const edits::IdSource &m_newId;
    const ImportOptions &m_options;
    WarningCollector m_warnings;
    QHash<QString, Made> m_made;
    QSet<QString> m_names;
    QHash<QString, int> m_lastNumber;
    QList<Edit> m_interfaceEdits;
    Import m_import;
};

/// Adds a field if the board takes the value; says so if it does not.
void DocumentImporter::set(CreateEntity &create, Field field, const Value &value, qint64 line,
                           const QString &what)
{
    const FieldInfo *info = fieldInfo(create.kind, field);
    const Result<void> fits = checkValue(*info, value);
    if (fits)
        create.fields.append({field, value});
    else
        m_warnings.add(tr("values beyond the limits of a board"), line,
                       tr("%1: %2; it was not taken.").arg(what.left(80), fits.error().text));
}

void DocumentImporter::setProperties(EntityKind kind, QList<FieldValue> &fields,
                                     const QMap<QString, QString> &properties, qint64 line,
                                     const QString &what)
{
    Q_UNUSED(kind)
    for (auto it = properties.cbegin(); it != properties.cend(); ++it) {
        const Result<void> fits = checkProperty(it.key(), it.value());
        if (fits)
            fields.append({{Field::Property, it.key()}, it.value()});
        else
            m_warnings.add(tr("values beyond the limits of a board"), line,
                           tr("%1: %2; it was not taken.").arg(what.left(80), fits.error().text));
    }
}

/// The title and what is said of the whole network go to the board, unless it has a life already.
void DocumentImporter::setBoard()
{
    if (m_topology.devices().size() > 0)
        return;
    QList<FieldValue> fields;
    if (!m_document.title.trimmed().isEmpty() &&
        checkValue(*fieldInfo(EntityKind::Board, Field::Title), m_document.title.trimmed())) {
        fields.append({Field::Title, m_document.title.trimmed()});
    }
    setProperties(EntityKind::Board, fields, m_document.properties, 0, tr("Board"));
    if (fields.isEmpty())
        return;
    SetFields change;
    change.id = kBoardId;
    for (const FieldValue &field : std::as_const(fields))
        change.fields.append({field.key, field.value, {}});
    m_import.edits.append(change);
}

QString DocumentImporter::freeName(const QString &wanted, qint64 line)
{
    // Longer names than a board takes are cut; the limit is far beyond what a picture can show.
    const auto longest = qsizetype(fieldInfo(EntityKind::Device, Field::Name)->maximum);
    QString name = wanted;
    if (name.size() > longest) {
        name.truncate(longest - 20);
        m_warnings.add(
            tr("names that are too long"), line,
            tr("A name of %1 characters was cut to %2.").arg(wanted.size()).arg(name.size()));
    }
    const auto taken = [this](const QString &each) {
        return m_names.contains(each) || m_topology.deviceByName(each) != 0;
    };
    if (taken(name)) {
        int &number = m_lastNumber[name];
        number = std::max(number, 1);
        QString numbered;
        do {
            numbered = QStringLiteral("%1-%2").arg(name).arg(++number);
        } while (taken(numbered));
        m_warnings.add(tr("names that are there twice"), line,
                       tr("There is a device “%1” already; this one is named “%2”.")
                           .arg(name.left(80), numbered.left(80)));
        name = numbered;
    }
    m_names.insert(name);
    return name;
}

void DocumentImporter::makeDevices()
{
    // Where the import comes: as it is, or beside what is there.
    layout::Points places;
    for (const DocumentNode &node : m_document.nodes)
        places.push_back(node.position.value_or(QPointF()));
    const QRectF own = layout::boundsOf(places);
    QPointF shift;
    if (m_options.centre) {
        shift = *m_options.centre - own.center();
    } else if (m_topology.devices().size() > 0) {
        layout::Points others;
        for (const Device &device : m_topology.devices().slots()) {
            if (device.id != 0)
                others.push_back(device.position);
        }
        const QRectF there = layout::boundsOf(others);
        shift = QPointF(there.right() + 2 * layout::SpacingX - own.left(),
                        there.center().y() - own.center().y());
    }

    // Containers first, each before what lies in it; a reader keeps parents before children.
    for (const bool containers : {true, false}) {
        for (qsizetype i = 0; i < m_document.nodes.size(); ++i) {
            const DocumentNode &node = m_document.nodes.at(i);
            if (node.container != containers)
                continue;
            CreateEntity create{EntityKind::Device, m_newId(), {}};
            const QString name = freeName(node.name, node.line);
            m_made[node.key].id = create.id;
            create.fields.append({Field::Name, name});
            create.fields.append({Field::DeviceType, node.type});
            create.fields.append({Field::Position, places[size_t(i)] + shift});
            create.fields.append({Field::Status, qint64(m_options.status)});
            if (!node.parentKey.isEmpty()) {
                if (const EntityId parent = m_made.value(node.parentKey).id)
                    create.fields.append({Field::Container, reference(parent)});
            }
            if (!node.managementAddress.isEmpty())
                set(create, Field::Address, node.managementAddress, node.line, name);
            if (!node.notes.isEmpty())
                set(create, Field::Notes, node.notes, node.line, name);
            setProperties(EntityKind::Device, create.fields, node.properties, node.line, name);
            m_import.devices.append(create.id);
            m_import.edits.append(std::move(create));
        }
    }
}

EntityId DocumentImporter::makeInterface(EntityId device, const DocumentInterface &interface)
{
    CreateEntity create{EntityKind::Interface, m_newId(), {}};
    const auto longest = qsizetype(fieldInfo(EntityKind::Interface, Field::Name)->maximum);
    create.fields.append({Field::Name, interface.name.left(longest)});
    create.fields.append({Field::Device, reference(device)});
    if (const auto type = interfaceTypeFromKey(interface.type))
        create.fields.append({Field::InterfaceType, qint64(*type)});
    create.fields.append({Field::Status, qint64(m_options.status)});
    if (!interface.address.isEmpty())
        set(create, Field::Address, interface.address, 0, interface.name);
    setProperties(EntityKind::Interface, create.fields, interface.properties, 0, interface.name);
    const EntityId id = create.id;
    m_interfaceEdits.append(std::move(create));
    return id;
}

void DocumentImporter::makeInterfaces()
{
    for (const DocumentNode &node : m_document.nodes) {
        Made &made = m_made[node.key];
        for (const DocumentInterface &interface : node.interfaces)
            made.interfaces.insert(interface.name, makeInterface(made.id, interface));
    }
}

/// The named interface, or a new one: eth0, eth1 … whatever is free on the device.
EntityId DocumentImporter::interfaceFor(const QString &nodeKey, const QString &name)
{
    Made &made = m_made[nodeKey];
    if (!name.isEmpty()) {
        if (const EntityId known = made.interfaces.value(name))
            return known;
    }
    DocumentInterface interface;
    interface.name = name;
    while (interface.name.isEmpty()) {
        const QString next = QStringLiteral("eth%1").arg(made.nextNumber++);
        if (!made.interfaces.contains(next))
            interface.name = next;
    }
    const EntityId id = makeInterface(made.id, interface);
    made.interfaces.insert(interface.name, id);
    return id;
}

void DocumentImporter::makeLinks()
{
    QList<Edit> links;
    links.reserve(m_document.links.size());
    for (const DocumentLink &link : m_document.links) {
        const EntityId a = interfaceFor(link.a, link.aInterface);
        const EntityId b = interfaceFor(link.b, link.bInterface);
        CreateEntity create{EntityKind::Link,
                            m_newId(),
                            {{Field::AInterface, reference(a)}, {Field::BInterface, reference(b)}}};
        create.fields.append({Field::Status, qint64(m_options.status)});
        const QString what = tr("Link %1 – %2").arg(link.a.left(40), link.b.left(40));
        if (!link.label.isEmpty())
            set(create, Field::Label, link.label, link.line, what);
        if (link.lengthKm)
            set(create, Field::Length, *link.lengthKm, link.line, what);
        setProperties(EntityKind::Link, create.fields, link.properties, link.line, what);
        links.append(std::move(create));
    }
    m_import.edits += m_interfaceEdits;
    m_import.edits += links;
}

Import DocumentImporter::run()
{
    setBoard();
    makeDevices();
    makeInterfaces();
    makeLinks();
    m_import.summary = summaryOf(m_document);
    m_import.summary.warnings += m_warnings.take();
    return std::move(m_import);
}

} // namespace

bool placeDocument(Document &document, const Control &control, QString *message)
{
    layout::Graph graph;
    QHash<QString, int> index;
    index.reserve(document.nodes.size());
    graph.nodes.reserve(size_t(document.nodes.size()));
    for (const DocumentNode &node : std::as_const(document.nodes)) {
        layout::Node placed;
        placed.parent = node.parentKey.isEmpty() ? -1 : index.value(node.parentKey, -1);
        placed.container = node.container;
        placed.tier = node.tier;
        placed.place = node.position;
        index.insert(node.key, int(graph.nodes.size()));
        graph.nodes.push_back(placed);
    }
    graph.edges.reserve(size_t(document.links.size()));
    for (const DocumentLink &link : std::as_const(document.links))
        graph.edges.push_back({index.value(link.a), index.value(link.b)});
    layout::Helper helper;
    layout::Options options;
    options.engine = helper.engine();
    const auto points = layout::arrange(graph, document.freeScale, options, control);
    if (!points)
        return false;
    for (qsizetype i = 0; i < document.nodes.size(); ++i)
        document.nodes[i].position = (*points)[size_t(i)];
    document.freeScale = false;
    if (message)
        *message = helper.message();
    return true;
}

Import importEdits(const Document &document, const Topology &topology, const edits::IdSource &newId,
                   const ImportOptions &options)
{
    return DocumentImporter(document, topology, newId, options).run();
}

} // namespace patchboard::formats
