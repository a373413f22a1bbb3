#include "model/searchindex.h"

#include "model/entitytext.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace patchboard {

namespace {

constexpr char kFieldEnd = '\x1f';
constexpr char kRowEnd = '\n';

/// Appends @a text case-folded as UTF-8, with control characters as spaces.
void appendFolded(std::string &out, QStringView text)
{
    const size_t before = out.size();
    for (const QChar c : text) {
        const char16_t code = c.unicode();
        if (code >= 0x80) { // the rare way
            out.resize(before);
            QByteArray bytes = text.toString().toCaseFolded().toUtf8();
            for (char &byte : bytes) {
                if (byte >= 0 && byte < ' ')
                    byte = ' ';
            }
            out.append(bytes.constData(), size_t(bytes.size()));
            return;
        }
        const bool upper = code >= u'A' && code <= u'Z';
        out.push_back(code < u' ' ? ' ' : char(upper ? code + 32 : code));
    }
}

void appendField(std::string &out, QStringView text)
{
    if (text.isEmpty())
        return;
    appendFolded(out, text);
    out.push_back(kFieldEnd);
}

/// The fields that are set and not written by other means.
template <typename E>
void appendFields(std::string &out, EntityKind kind, const E &entity)
{
    for (const FieldInfo &info : fieldsOf(kind)) {
        switch (info.type) {
        case ValueType::Text:
            if (info.field == Field::Name || info.field == Field::DeviceType ||
                info.field == Field::Label)
                continue; // in the title, or as words for people
            break;
        case ValueType::Real:
        case ValueType::Integer:
        case ValueType::Time:
            break;
        default:
            continue; // statuses and references come as words, flags and places nobody looks for
        }
        const Value value = fieldOf(entity, info.field);
        if (isNull(value))
            continue;
        if (const QString *text = std::get_if<QString>(&value))
            appendField(out, *text);
        else
            appendField(out, displayText(info, value));
    }
    const Properties &properties = entity.remarks->properties;
    for (auto it = properties.cbegin(); it != properties.cend(); ++it) {
        appendField(out, it.key());
        appendField(out, it.value());
    }
}

} // namespace

SearchIndex::Query SearchIndex::parse(const QString &text)
{
    Query query;
    for (const QString &word : text.simplified().split(u' ', Qt::SkipEmptyParts)) {
        std::string folded;
        appendFolded(folded, word);
        query.words.emplace_back(folded.data(), qsizetype(folded.size()));
    }
    // The longest first: it is the one to look for, the others are then checked.
    std::stable_sort(query.words.begin(), query.words.end(),
                     [](const auto &a, const auto &b) { return a.size() > b.size(); });
    return query;
}

SearchIndex::SearchIndex(const Topology &topology)
    : m_topology(topology)
{
    m_topology.addObserver(this);
}

SearchIndex::~SearchIndex()
{
    m_topology.removeObserver(this);
}

SearchIndex::Block *SearchIndex::blockOf(EntityKind kind)
{
    if (kind != EntityKind::Device && kind != EntityKind::Interface && kind != EntityKind::Link)
        return nullptr;
    return &m_blocks[size_t(kind) - size_t(EntityKind::Device)];
}

qsizetype SearchIndex::slotCount(EntityKind kind) const
{
    switch (kind) {
    case EntityKind::Device:
        return qsizetype(m_topology.devices().slots().size());
    case EntityKind::Interface:
        return qsizetype(m_topology.interfaces().slots().size());
    case EntityKind::Link:
        return qsizetype(m_topology.links().slots().size());
    default:
        return 0;
    }
}

quint32 SearchIndex::slotOf(EntityKind kind, EntityId id) const
{
    if (kind == EntityKind::Device)
        return quint32(m_topology.devices().slotOf(id));
    if (kind == EntityKind::Interface)
        return quint32(m_topology.interfaces().slotOf(id));
    return quint32(m_topology.links().slotOf(id));
}

EntityId SearchIndex::idInSlot(EntityKind kind, quint32 slot) const
{
    switch (kind) {
    case EntityKind::Device:
        return m_topology.devices().slots()[slot].id;
    case EntityKind::Interface:
        return m_topology.interfaces().slots()[slot].id;
    case EntityKind::Link:
        return m_topology.links().slots()[slot].id;
    default:
        return 0;
    }
}

void SearchIndex::write(EntityKind kind, quint32 slot, std::string &out) const
{
    out.clear();
    switch (kind) {
    case EntityKind::Device: {
        const Device &device = m_topology.devices().slots()[slot];
        appendField(out, device.name);
        const DeviceTypeInfo *type = builtinType(device.type);
        appendField(out, device.type);
        appendField(out, type ? type->label : m_topology.typeInfo(device.type).label);
        appendField(out, statusLabel(device.state.effective()));
        if (const Device *container = m_topology.device(device.container))
            appendField(out, container->name);
        appendFields(out, kind, device);
        break;
    }
    case EntityKind::Interface: {
        const Interface &interface = m_topology.interfaces().slots()[slot];
        appendField(out, interface.name);
        appendField(out, interfaceTitle(m_topology, interface.id));
        appendField(out, typeTitle(m_topology, interface.id));
        appendField(out, statusLabel(interface.state.effective()));
        appendFields(out, kind, interface);
        break;
    }
    case EntityKind::Link: {
        const Link &link = m_topology.links().slots()[slot];
        const QString ends = linkEnds(m_topology, link);
        const QString &label = link.details->label;
        appendField(out, label.isEmpty() ? ends : label);
        if (!label.isEmpty())
            appendField(out, ends);
        appendField(out, statusLabel(link.state.effective()));
        appendFields(out, kind, link);
        break;
    }
    default:
        break;
    }
    out.push_back(kRowEnd);
}

// The block

void SearchIndex::build(EntityKind kind, Block &block)
{
    block = Block();
    block.built = true;
    const quint32 count = quint32(slotCount(kind));
    block.rows.resize(count);
    block.places.reserve(count);
    block.text.reserve(size_t(count) * 64);
    std::string text;
    for (quint32 slot = 0; slot < count; ++slot) {
        if (idInSlot(kind, slot) == 0)
            continue;
        write(kind, slot, text);
        put(block, slot, text);
    }
}

void SearchIndex::put(Block &block, quint32 slot, const std::string &text)
{
    Row &row = block.rows[slot];
    if (row.capacity < text.size()) {
        erase(block, row);
        block.unused += row.capacity;
        row.offset = quint32(block.text.size());
        row.capacity = quint32(text.size());
        block.text.append(text);
        block.places.push_back({row.offset, slot});
    } else {
        erase(block, row);
        std::memcpy(block.text.data() + row.offset, text.data(), text.size());
    }
    row.length = quint32(text.size());
    for (const char byte : text)
        ++block.histogram[quint8(byte)];
}

void SearchIndex::erase(Block &block, Row &row)
{
    for (quint32 i = 0; i < row.length; ++i) {
        char &byte = block.text[row.offset + i];
        --block.histogram[quint8(byte)];
        byte = '\0';
    }
    row.length = 0;
}

void SearchIndex::refresh(EntityKind kind, Block &block)
{
    const size_t count = size_t(slotCount(kind));
    std::sort(block.stale.begin(), block.stale.end());
    block.stale.erase(std::unique(block.stale.begin(), block.stale.end()), block.stale.end());
    if (!block.built || block.stale.size() > count / 2 ||
        block.unused > block.text.size() / 2 + 65536) {
        build(kind, block);
        return;
    }
    block.rows.resize(std::max(count, block.rows.size()));
    if (block.someRemoved) {
        for (quint32 slot = 0; slot < quint32(count); ++slot) {
            if (block.rows[slot].length != 0 && idInSlot(kind, slot) == 0)
                erase(block, block.rows[slot]);
        }
        block.someRemoved = false;
    }
    std::string text;
    for (const quint32 slot : block.stale) {
        if (slot >= count || idInSlot(kind, slot) == 0)
            continue;
        write(kind, slot, text);
        put(block, slot, text);
    }
    block.stale.clear();
}

void SearchIndex::prepare(EntityKind kind)
{
    if (Block *block = blockOf(kind))
        refresh(kind, *block);
}

// Changes

void SearchIndex::topologyReset(const Topology &)
{
    m_blocks = {};
}

void SearchIndex::touch(EntityKind kind, EntityId id)
{
    Block *block = blockOf(kind);
    if (!block || !block->built)
        return;
    if (block->stale.size() > size_t(slotCount(kind))) // more notes than rows: read all of them
        block->built = false;
    else
        block->stale.push_back(slotOf(kind, id));
}

/// Others that are found by this name.
void SearchIndex::touchName(EntityKind kind, EntityId id)
{
    if (kind == EntityKind::Device) {
        for (const EntityId child : m_topology.childrenOf(id))
            touch(EntityKind::Device, child);
        for (const EntityId interface : m_topology.interfacesOf(id)) {
            touch(EntityKind::Interface, interface);
            touchName(EntityKind::Interface, interface);
        }
    } else if (kind == EntityKind::Interface) {
        for (const EntityId link : m_topology.linksOf(id))
            touch(EntityKind::Link, link);
    }
}

void SearchIndex::topologyChanged(const Topology &, const Delta &delta)
{
    bool typesChanged = false;
    for (const Delta::Removed &removed : delta.removed) {
        if (Block *block = blockOf(removed.kind))
            block->someRemoved = true;
        typesChanged = typesChanged || removed.kind == EntityKind::DeviceType;
    }
    for (const Delta::Created &created : delta.created) {
        touch(created.kind, created.id);
        typesChanged = typesChanged || created.kind == EntityKind::DeviceType;
    }
    for (const Delta::Changed &changed : delta.changed) {
        const bool moved = changed.fields.size() == 1 &&
                           changed.fields.constFirst() == Field::Position; // is not searched
        if (!moved)
            touch(changed.kind, changed.id);
        if (changed.fields.contains(Field::Name))
            touchName(changed.kind, changed.id);
        typesChanged = typesChanged || changed.kind == EntityKind::DeviceType;
    }
    if (typesChanged)
        m_blocks[0].built = false;
}

// Queries

/// The last place at or before @a offset; hits come in order, and most lie in one of the next rows.
std::vector<SearchIndex::Place>::const_iterator
SearchIndex::placeOf(const Block &block, std::vector<Place>::const_iterator from, quint32 offset)
{
    const auto end = block.places.cend();
    for (int steps = 0; steps < 16; ++steps, ++from) {
        if (from + 1 == end || (from + 1)->offset > offset)
            return from;
    }
    const auto after = [](quint32 wanted, const Place &place) { return wanted < place.offset; };
    return std::upper_bound(from, end, offset, after) - 1;
}

template <typename Hit>
void SearchIndex::scan(const Block &block, const Query &query, Hit hit) const
{
    const std::string_view word(query.words.front().constData(),
                                size_t(query.words.front().size()));
    // Look for the byte of the word that is rarest in this text, then at what is around it.
    size_t anchor = 0;
    for (size_t i = 1; i < word.size(); ++i) {
        if (block.histogram[quint8(word[i])] < block.histogram[quint8(word[anchor])])
            anchor = i;
    }
    const char *const begin = block.text.data();
    const size_t end = block.text.size();
    auto place = block.places.cbegin();
    for (size_t at = anchor; at < end;) {
        const void *found = std::memchr(begin + at, word[anchor], end - at);
        if (!found)
            return;
        at = size_t(static_cast<const char *>(found) - begin);
        const size_t start = at - anchor;
        if (end - start < word.size())
            return;
        if (std::memcmp(begin + start, word.data(), word.size()) != 0) {
            ++at;
            continue;
        }
        place = placeOf(block, place, quint32(start));
        const Row &row = block.rows[place->slot];
        const std::string_view text(begin + row.offset, row.length);
        const bool all =
            std::all_of(query.words.begin() + 1, query.words.end(), [&text](const QByteArray &w) {
                return text.find(std::string_view(w.constData(), size_t(w.size()))) !=
                       std::string_view::npos;
            });
        if (all)
            hit(place->slot, text);
        at = row.offset + row.length + anchor; // one hit a row is enough
    }
}

std::vector<bool> SearchIndex::matches(EntityKind kind, const Query &query)
{
    std::vector<bool> flags(size_t(slotCount(kind)), query.isEmpty());
    Block *block = blockOf(kind);
    if (!block || query.isEmpty())
        return flags;
    refresh(kind, *block);
    scan(*block, query, [&flags](quint32 slot, std::string_view) { flags[slot] = true; });
    return flags;
}

bool SearchIndex::matches(EntityId id, const Query &query) const
{
    if (query.isEmpty())
        return true;
    const auto kind = m_topology.kindOf(id);
    if (kind != EntityKind::Device && kind != EntityKind::Interface && kind != EntityKind::Link)
        return false;
    std::string text;
    write(*kind, slotOf(*kind, id), text);
    return std::all_of(query.words.begin(), query.words.end(), [&text](const QByteArray &word) {
        return text.find(word.constData(), 0, size_t(word.size())) != std::string::npos;
    });
}

QList<EntityId> SearchIndex::find(EntityKind kind, const QString &text)
{
    const Query query = parse(text);
    Block *block = blockOf(kind);
    if (!block || query.isEmpty())
        return {};
    refresh(kind, *block);
    std::string whole;
    appendFolded(whole, text.simplified());
    std::array<std::vector<EntityId>, 4> found;
    scan(*block, query, [&](quint32 slot, std::string_view row) {
        const std::string_view title = row.substr(0, row.find(kFieldEnd));
        const size_t at = title.find(whole);
        size_t rank = 3;
        if (at == 0)
            rank = title.size() == whole.size() ? 0 : 1;
        else if (at != std::string_view::npos)
            rank = 2;
        if (const EntityId id = idInSlot(kind, slot); id != 0)
            found[rank].push_back(id);
    });
    QList<EntityId> ids;
    for (std::vector<EntityId> &rank : found) {
        if (!std::is_sorted(rank.begin(), rank.end())) // slots mostly are in the order of ids
            std::sort(rank.begin(), rank.end());
        ids.append(QList<EntityId>(rank.begin(), rank.end()));
    }
    return ids;
}

} // namespace patchboard
