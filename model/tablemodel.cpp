#include "model/tablemodel.h"

#include "model/entitytext.h"

#include <QLocale>

#include <algorithm>
#include <bit>
#include <cstring>

namespace patchboard {

namespace {

/// More runs of rows than this are told by one reset: views spend more on each signal than on
/// reading their few visible rows again.
constexpr size_t kMaxRuns = 64;

/// Text as bytes whose order is the natural one: case and accents aside, numbers by value.
std::string naturalKey(const QString &text)
{
    const auto isPlain = [](QChar c) { return c.unicode() < 0x80; };
    if (!std::all_of(text.cbegin(), text.cend(), isPlain)) {
        QString folded = text.toCaseFolded().normalized(QString::NormalizationForm_KD);
        folded.removeIf([](QChar c) { return c.category() == QChar::Mark_NonSpacing; });
        if (!std::all_of(folded.cbegin(), folded.cend(), isPlain)) {
            const QByteArray bytes = folded.toUtf8();
            return {bytes.constData(), size_t(bytes.size())};
        }
        return naturalKey(folded);
    }
    std::string key;
    key.reserve(size_t(text.size()) + 4);
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    for (qsizetype i = 0; i < text.size();) {
        const QChar c = text.at(i);
        if (!isDigit(c)) {
            const char16_t code = c.unicode();
            key.push_back(char(code >= u'A' && code <= u'Z' ? code + 32 : code));
            ++i;
            continue;
        }
        while (i + 1 < text.size() && text.at(i) == u'0' && isDigit(text.at(i + 1)))
            ++i;
        qsizetype end = i;
        while (end < text.size() && isDigit(text.at(end)))
            ++end;
        // Longer numbers are greater: the count of digits goes first, itself in digits' place.
        qsizetype length = end - i;
        for (; length > 9; length -= 9)
            key.push_back('9' + 1);
        key.push_back(char('0' + length));
        for (; i < end; ++i)
            key.push_back(char(text.at(i).unicode()));
    }
    return key;
}

std::string orderedBytes(quint64 number)
{
    std::string key(8, '\0');
    for (size_t i = 0; i < 8; ++i)
        key[i] = char(number >> (56 - 8 * i));
    return key;
}

std::string orderedBytes(double number)
{
    const quint64 bits = std::bit_cast<quint64>(number == 0.0 ? 0.0 : number);
    return orderedBytes((bits >> 63) != 0 ? ~bits : bits | (quint64(1) << 63));
}

/// Worst first.
std::string statusRank(qint64 status)
{
    switch (Status(status)) {
    case Status::Down:
        return "0";
    case Status::Degraded:
        return "1";
    case Status::Up:
        break;
    }
    return "2";
}

bool isStatus(Field field)
{
    return field == Field::Status || field == Field::StatusOverride;
}

const StatusFields *rowState(const Topology &topology, EntityId id)
{
    if (const Device *device = topology.device(id))
        return &device->state;
    if (const Interface *interface = topology.interface(id))
        return &interface->state;
    if (const Link *link = topology.link(id))
        return &link->state;
    return nullptr;
}

/// What an editor holds: text, a flag, a number, an enumeration's value; invalid for null.
QVariant toVariant(const Value &value)
{
    if (const bool *flag = std::get_if<bool>(&value))
        return *flag;
    if (const qint64 *number = std::get_if<qint64>(&value))
        return *number;
    if (const double *real = std::get_if<double>(&value))
        return *real;
    if (const QPointF *place = std::get_if<QPointF>(&value))
        return *place;
    if (const QString *text = std::get_if<QString>(&value))
        return *text;
    return {};
}

/// The way back; nullopt if it is no such value.
std::optional<Value> toFieldValue(const FieldInfo &info, const QVariant &variant)
{
    if (!variant.isValid() || (info.nullable && variant.toString().isEmpty()))
        return Value();
    bool ok = false;
    switch (info.type) {
    case ValueType::Text:
        return variant.toString();
    case ValueType::Flag:
        return variant.toBool();
    case ValueType::Enumeration: {
        const qint64 number = variant.toLongLong(&ok);
        if (ok)
            return number;
        for (const EnumEntry &entry : info.entries) {
            if (variant.toString() == QLatin1String(entry.key))
                return entry.value;
        }
        return std::nullopt;
    }
    case ValueType::Real: {
        double number = variant.toDouble(&ok);
        if (!ok)
            number = QLocale().toDouble(variant.toString(), &ok);
        return ok ? std::optional<Value>(number) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

} // namespace

TableModel::TableModel(const Topology &topology, SearchIndex &index, EntityKind kind,
                       QObject *parent, const ComputedStatus *computed)
    : QAbstractTableModel(parent)
    , m_topology(topology)
    , m_index(index)
    , m_kind(kind)
    , m_computed(computed)
{
    for (const FieldInfo &info : fieldsOf(kind)) {
        if (!info.userVisible)
            continue;
        if (info.field == Field::Status)
            m_columns.push_back(nullptr);
        m_columns.push_back(&info);
    }
    m_computedColumns.resize(m_columns.size(), Computed::None);
    if (m_computed) {
        if (kind == EntityKind::Device)
            m_computedColumns.insert(m_computedColumns.end(),
                                     {Computed::Signal, Computed::Received, Computed::Margin,
                                      Computed::PathLoss, Computed::Health});
        else if (kind == EntityKind::Link)
            m_computedColumns.push_back(Computed::LinkLoss);
        m_columns.resize(m_computedColumns.size(), nullptr);
        m_computed->addObserver(this);
    }
    rebuild();
    m_topology.addObserver(this);
}

TableModel::~TableModel()
{
    if (m_computed)
        m_computed->removeObserver(this);
    m_topology.removeObserver(this);
}

const FieldInfo *TableModel::fieldAt(int column) const
{
    return column < 0 || column >= columnCount() ? nullptr : m_columns[size_t(column)];
}

int TableModel::columnOf(Field field) const
{
    const auto it = std::find_if(m_columns.begin(), m_columns.end(),
                                 [field](const FieldInfo *i) { return i && i->field == field; });
    return it == m_columns.end() ? -1 : int(it - m_columns.begin());
}

TableModel::Computed TableModel::computedAt(int column) const
{
    return column < 0 || column >= columnCount() ? Computed::None
                                                 : m_computedColumns[size_t(column)];
}

QString TableModel::columnKey(int column) const
{
    if (const FieldInfo *info = fieldAt(column))
        return QString::fromLatin1(info->key);
    switch (computedAt(column)) {
    case Computed::None:
        break;
    case Computed::Signal:
        return QStringLiteral("signal");
    case Computed::Received:
        return QStringLiteral("received_dbm");
    case Computed::Margin:
        return QStringLiteral("margin_db");
    case Computed::PathLoss:
        return QStringLiteral("path_loss_db");
    case Computed::Health:
        return QStringLiteral("health");
    case Computed::LinkLoss:
        return QStringLiteral("optical_loss_db");
    }
    return QStringLiteral("effective_status");
}

// Cells

std::optional<double> TableModel::computedNumber(EntityId id, Computed what) const
{
    if (what == Computed::LinkLoss) {
        const auto loss = m_computed->lossOf(id);
        return loss ? std::optional(optics::fromMillionths(loss->loss)) : std::nullopt;
    }
    const auto budget = m_computed->budgetOf(id);
    if (!budget || !budget->hasWay())
        return std::nullopt;
    switch (what) {
    case Computed::Received:
        return budget->receivedDbm;
    case Computed::Margin:
        return budget->marginDb;
    case Computed::PathLoss:
        return budget->pathLossDb;
    default:
        return std::nullopt;
    }
}

QString TableModel::computedText(EntityId id, Computed what) const
{
    if (what == Computed::Signal) {
        const auto budget = m_computed->budgetOf(id);
        return budget ? optics::signalLabel(budget->signal) : QString();
    }
    if (what == Computed::Health) {
        const auto health = m_computed->healthOf(id);
        return health ? statusLabel(*health) : QString();
    }
    const auto number = computedNumber(id, what);
    return number ? QLocale().toString(*number, 'f', 2) : QString();
}

std::string TableModel::computedKey(EntityId id, Computed what) const
{
    if (what == Computed::Signal) {
        const auto budget = m_computed->budgetOf(id);
        return budget ? std::string(1, char('9' - int(budget->signal))) : std::string();
    }
    if (what == Computed::Health) {
        const auto health = m_computed->healthOf(id);
        return health ? statusRank(qint64(*health)) : std::string();
    }
    const auto number = computedNumber(id, what);
    return number ? orderedBytes(*number) : std::string();
}

QString TableModel::cellText(EntityId id, int column) const
{
    const FieldInfo *info = m_columns[size_t(column)];
    if (const Computed what = m_computedColumns[size_t(column)]; what != Computed::None)
        return computedText(id, what);
    if (!info)
        return statusLabel(m_topology.effectiveStatus(id));
    const Value value = m_topology.value(id, info->field);
    if (info->field == Field::DeviceType)
        return typeTitle(m_topology, id);
    if (info->type == ValueType::Reference) {
        const qint64 *other = std::get_if<qint64>(&value);
        if (!other)
            return {};
        return info->target == EntityKind::Interface ? interfaceTitle(m_topology, EntityId(*other))
                                                     : entityTitle(m_topology, EntityId(*other));
    }
    return displayText(*info, value);
}

std::string TableModel::sortKey(EntityId id) const
{
    const FieldInfo *info = m_columns[size_t(m_sortColumn)];
    if (const Computed what = m_computedColumns[size_t(m_sortColumn)]; what != Computed::None)
        return computedKey(id, what);
    if (!info)
        return statusRank(qint64(m_topology.effectiveStatus(id)));
    if (info->type == ValueType::Reference || info->field == Field::DeviceType)
        return naturalKey(cellText(id, m_sortColumn));
    const Value value = m_topology.value(id, info->field);
    return std::visit(
        [info](const auto &v) -> std::string {
            using V = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<V, std::monostate>)
                return {};
            else if constexpr (std::is_same_v<V, bool>)
                return v ? "1" : "0";
            else if constexpr (std::is_same_v<V, qint64>)
                return isStatus(info->field) ? statusRank(v)
                                             : orderedBytes(quint64(v) ^ (quint64(1) << 63));
            else if constexpr (std::is_same_v<V, double>)
                return orderedBytes(v);
            else if constexpr (std::is_same_v<V, QPointF>)
                return orderedBytes(v.x()) + orderedBytes(v.y());
            else
                return naturalKey(v);
        },
        value);
}

int TableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int TableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_columns.size());
}

QModelIndex TableModel::indexOf(EntityId id, int column) const
{
    const auto it = m_entryOf.constFind(id);
    if (it == m_entryOf.cend() || !m_entries[*it].visible)
        return {};
    const quint32 row = rowOf(*it);
    if (row >= m_rows.size() || m_rows[row] != *it) // not announced yet
        return {};
    return index(int(row), column);
}

EntityId TableModel::idAt(int row) const
{
    return row < 0 || size_t(row) >= m_rows.size() ? 0 : m_entries[m_rows[size_t(row)]].id;
}

QVariant TableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.model() != this || index.column() >= columnCount())
        return {};
    const EntityId id = idAt(index);
    const StatusFields *state = rowState(m_topology, id);
    if (!state) // it has gone, and its row is about to
        return {};
    const FieldInfo *info = m_columns[size_t(index.column())];
    switch (role) {
    case Qt::DisplayRole: {
        const QString text = cellText(id, index.column());
        return text.isEmpty() ? QVariant() : QVariant(text);
    }
    case Qt::EditRole:
        return info ? toVariant(m_topology.value(id, info->field))
                    : QVariant(cellText(id, index.column()));
    case Qt::ToolTipRole:
        return entityToolTip(m_topology, id);
    case Qt::TextAlignmentRole:
        switch (computedAt(index.column())) {
        case Computed::Received:
        case Computed::Margin:
        case Computed::PathLoss:
        case Computed::LinkLoss:
            return int(Qt::AlignRight | Qt::AlignVCenter);
        default:
            break;
        }
        if (info && info->type == ValueType::Real)
            return int(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case IdRole:
        return QVariant::fromValue(id);
    case KindRole:
        return int(m_kind);
    case StatusRole:
        return int(state->status);
    case EffectiveStatusRole:
        return int(state->effective());
    case OverriddenRole:
        return state->override_.has_value();
    case TypeRole:
        if (const Device *device = m_topology.device(id))
            return device->type;
        if (const Interface *interface = m_topology.interface(id))
            return interfaceTypeKey(interface->type);
        return {};
    case IconRole:
        return iconKey(m_topology, id);
    case FieldRole:
        return info ? int(info->field) : -1;
    default:
        return {};
    }
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const FieldInfo *info = m_columns[size_t(section)];
    if (role == Qt::DisplayRole) {
        switch (computedAt(section)) {
        case Computed::None:
            break;
        case Computed::Signal:
            return tr("Optical signal");
        case Computed::Received:
            return tr("Received (dBm)");
        case Computed::Margin:
            return tr("Margin (dB)");
        case Computed::PathLoss:
            return tr("Path loss (dB)");
        case Computed::Health:
            return tr("Health");
        case Computed::LinkLoss:
            return tr("Optical loss (dB)");
        }
        return info ? info->labelWithUnit() : tr("Effective status");
    }
    if (role == FieldRole)
        return info ? int(info->field) : -1;
    return {};
}

bool TableModel::isEditable(int column) const
{
    const FieldInfo *info = fieldAt(column);
    return info && info->editable && !m_readOnly &&
           (info->type == ValueType::Text || info->type == ValueType::Flag ||
            info->type == ValueType::Enumeration || info->type == ValueType::Real);
}

Qt::ItemFlags TableModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (isEditable(index.column()))
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool TableModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const EntityId id = index.model() == this ? idAt(index) : 0;
    if (id == 0 || role != Qt::EditRole || !isEditable(index.column()) || !m_topology.contains(id))
        return false;
    const FieldInfo &info = *m_columns[size_t(index.column())];
    const auto wanted = toFieldValue(info, value);
    if (!wanted || !checkValue(info, *wanted))
        return false;
    if (m_topology.value(id, info.field) != *wanted)
        Q_EMIT editRequested(id, info.field, *wanted);
    return true;
}

// Order

bool TableModel::before(const Entry &a, const Entry &b) const
{
    if (a.key.empty() != b.key.empty())
        return b.key.empty();
    const int order = a.key.compare(b.key);
    if (order != 0)
        return (order < 0) == (m_sortOrder == Qt::AscendingOrder);
    return a.id < b.id;
}

quint32 TableModel::positionIn(const std::vector<quint32> &rows, quint32 entry) const
{
    const Entry &wanted = m_entries[entry];
    const auto it =
        std::lower_bound(rows.begin(), rows.end(), wanted,
                         [this](quint32 a, const Entry &b) { return before(m_entries[a], b); });
    return quint32(it - rows.begin());
}

quint32 TableModel::rowOf(quint32 entry) const
{
    const Entry &wanted = m_entries[entry];
    // Rows before it may have come or gone since it was last asked for.
    if (wanted.row >= m_rows.size() || m_rows[wanted.row] != entry)
        wanted.row = positionIn(m_rows, entry);
    return wanted.row;
}

quint32 TableModel::addEntry(EntityId id)
{
    quint32 entry;
    if (m_freeEntries.empty()) {
        entry = quint32(m_entries.size());
        m_entries.emplace_back();
    } else {
        entry = m_freeEntries.back();
        m_freeEntries.pop_back();
    }
    m_entries[entry].id = id;
    m_entries[entry].slot = m_index.slotOf(m_kind, id);
    m_entryOf.insert(id, entry);
    return entry;
}

void TableModel::rebuild()
{
    m_entries.clear();
    m_freeEntries.clear();
    m_entryOf.clear();
    m_order.clear();
    const auto addAll = [this](const auto &table) {
        m_entries.reserve(size_t(table.size()));
        m_entryOf.reserve(table.size());
        for (const auto &entity : table.slots()) {
            if (entity.id != 0)
                m_order.push_back(addEntry(entity.id));
        }
    };
    if (m_kind == EntityKind::Device)
        addAll(m_topology.devices());
    else if (m_kind == EntityKind::Interface)
        addAll(m_topology.interfaces());
    else if (m_kind == EntityKind::Link)
        addAll(m_topology.links());
    applyFilter();
    sortAll();
    takeRows();
}

/// Reads all keys anew and sorts all entries.
void TableModel::sortAll()
{
    // Keys mostly share a beginning (edge-…); the eight bytes after it decide most comparisons.
    const std::string *first = nullptr;
    size_t shared = 0;
    for (const quint32 entry : m_order) {
        std::string &key = m_entries[entry].key;
        key = sortKey(m_entries[entry].id);
        if (key.empty())
            continue;
        if (!first) {
            first = &key;
            shared = key.size();
        } else {
            shared = std::min(shared, key.size());
            shared = size_t(
                std::mismatch(key.begin(), key.begin() + std::ptrdiff_t(shared), first->begin())
                    .first -
                key.begin());
        }
    }
    struct Item
    {
        quint64 head; ///< up to eight bytes after what is shared
        EntityId id;
        quint32 entry;
        quint8 rest; ///< bytes after what is shared; 9: more than head holds
        bool empty;
    };
    const bool ascending = m_sortOrder == Qt::AscendingOrder;
    std::vector<Item> items;
    items.reserve(m_order.size());
    for (const quint32 entry : m_order) {
        const std::string &key = m_entries[entry].key;
        quint64 head = 0;
        for (size_t i = 0; i < 8; ++i)
            head = (head << 8) | (shared + i < key.size() ? quint8(key[shared + i]) : 0U);
        const size_t rest = key.empty() ? 0 : std::min<size_t>(9, key.size() - shared);
        items.push_back({head, m_entries[entry].id, entry, quint8(rest), key.empty()});
    }
    std::sort(items.begin(), items.end(), [this, ascending](const Item &a, const Item &b) {
        if (a.empty != b.empty)
            return b.empty;
        if (a.head != b.head)
            return (a.head < b.head) == ascending;
        if (a.rest == b.rest && a.rest <= 8) // equal keys
            return a.id < b.id;
        return before(m_entries[a.entry], m_entries[b.entry]);
    });
    for (size_t i = 0; i < items.size(); ++i)
        m_order[i] = items[i].entry;
}

void TableModel::takeRows()
{
    m_rows.clear();
    for (const quint32 entry : m_order) {
        if (!m_entries[entry].visible)
            continue;
        m_entries[entry].row = quint32(m_rows.size());
        m_rows.push_back(entry);
    }
}

void TableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= columnCount() || (column == m_sortColumn && order == m_sortOrder))
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList from = persistentIndexList();
    std::vector<quint32> entries;
    for (const QModelIndex &persistent : from)
        entries.push_back(m_rows[size_t(persistent.row())]);
    m_sortColumn = column;
    m_sortOrder = order;
    sortAll();
    takeRows();
    QModelIndexList to;
    for (qsizetype i = 0; i < from.size(); ++i)
        to.append(index(int(rowOf(entries[size_t(i)])), from.at(i).column()));
    changePersistentIndexList(from, to);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

// Filter

/// Sets which entries are visible; the rows follow.
void TableModel::applyFilter()
{
    const std::vector<bool> flags = m_index.matches(m_kind, m_filter);
    for (Entry &entry : m_entries) {
        if (entry.id != 0)
            entry.visible = flags[entry.slot];
    }
}

void TableModel::setFilter(const QString &text)
{
    const SearchIndex::Query query = SearchIndex::parse(text);
    m_filterText = text;
    if (query == m_filter)
        return;
    m_filter = query;
    applyFilter();
    // How many runs of rows come and go?
    size_t runs = 0;
    int last = 0;
    auto shown = m_rows.cbegin();
    for (const quint32 entry : m_order) {
        const bool was = shown != m_rows.cend() && *shown == entry;
        if (was)
            ++shown;
        const bool is = m_entries[entry].visible;
        const int kind = was == is ? (is ? 0 : last) : (is ? 1 : 2);
        if (kind != last && kind != 0)
            ++runs;
        last = kind;
    }
    if (runs == 0)
        return;
    if (runs > kMaxRuns) {
        beginResetModel();
        takeRows();
        endResetModel();
        return;
    }
    std::vector<quint32> gone;
    for (const quint32 entry : m_rows) {
        if (!m_entries[entry].visible)
            gone.push_back(entry);
    }
    hideRows(gone);
    // Run by run, along the order of all.
    int row = 0;
    std::vector<quint32> run;
    const auto show = [&] {
        if (run.empty())
            return;
        const int count = int(run.size());
        beginInsertRows({}, row, row + count - 1);
        m_rows.insert(m_rows.begin() + row, run.begin(), run.end());
        endInsertRows();
        row += count;
        run.clear();
    };
    for (const quint32 entry : m_order) {
        if (!m_entries[entry].visible)
            continue;
        if (size_t(row) < m_rows.size() && m_rows[size_t(row)] == entry) {
            show();
            ++row;
        } else {
            run.push_back(entry);
        }
    }
    show();
}

// Changes

void TableModel::removeFromOrder(std::vector<quint32> entries)
{
    if (entries.size() < kMaxRuns) {
        for (const quint32 entry : entries)
            m_order.erase(m_order.begin() + positionIn(m_order, entry));
        return;
    }
    std::sort(entries.begin(), entries.end());
    std::erase_if(m_order, [&entries](quint32 entry) {
        return std::binary_search(entries.begin(), entries.end(), entry);
    });
}

void TableModel::insertIntoOrder(std::vector<quint32> entries)
{
    if (entries.size() < kMaxRuns) {
        for (const quint32 entry : entries)
            m_order.insert(m_order.begin() + positionIn(m_order, entry), entry);
        return;
    }
    const auto less = [this](quint32 a, quint32 b) { return before(m_entries[a], m_entries[b]); };
    std::sort(entries.begin(), entries.end(), less);
    const auto middle = std::ptrdiff_t(m_order.size());
    m_order.insert(m_order.end(), entries.begin(), entries.end());
    std::inplace_merge(m_order.begin(), m_order.begin() + middle, m_order.end(), less);
}

void TableModel::hideRows(const std::vector<quint32> &entries)
{
    std::vector<quint32> rows;
    rows.reserve(entries.size());
    for (const quint32 entry : entries)
        rows.push_back(rowOf(entry));
    std::sort(rows.begin(), rows.end());
    size_t runs = rows.empty() ? 0 : 1;
    for (size_t i = 1; i < rows.size(); ++i)
        runs += rows[i] != rows[i - 1] + 1 ? 1U : 0U;
    if (runs > kMaxRuns) {
        beginResetModel();
        size_t next = 0;
        quint32 row = 0;
        std::erase_if(m_rows, [&](quint32) {
            const bool goes = next < rows.size() && rows[next] == row;
            next += goes ? 1U : 0U;
            ++row;
            return goes;
        });
        endResetModel();
        return;
    }
    for (size_t end = rows.size(); end > 0;) {
        size_t first = end - 1;
        while (first > 0 && rows[first - 1] + 1 == rows[first])
            --first;
        beginRemoveRows({}, int(rows[first]), int(rows[end - 1]));
        m_rows.erase(m_rows.begin() + rows[first], m_rows.begin() + rows[end - 1] + 1);
        endRemoveRows();
        end = first;
    }
}

void TableModel::showRows(std::vector<quint32> entries)
{
    const auto less = [this](quint32 a, quint32 b) { return before(m_entries[a], m_entries[b]); };
    std::sort(entries.begin(), entries.end(), less);
    struct Run
    {
        quint32 position; ///< before any of these came
        size_t first;
        size_t last;
    };
    std::vector<Run> runs;
    for (size_t i = 0; i < entries.size(); ++i) {
        const quint32 position = positionIn(m_rows, entries[i]);
        if (!runs.empty() && runs.back().position == position)
            runs.back().last = i;
        else
            runs.push_back({position, i, i});
    }
    if (runs.size() > kMaxRuns) {
        beginResetModel();
        const auto middle = std::ptrdiff_t(m_rows.size());
        m_rows.insert(m_rows.end(), entries.begin(), entries.end());
        std::inplace_merge(m_rows.begin(), m_rows.begin() + middle, m_rows.end(), less);
        endResetModel();
        return;
    }
    for (auto run = runs.crbegin(); run != runs.crend(); ++run) { // the last first
        const int position = int(run->position);
        beginInsertRows({}, position, position + int(run->last - run->first));
        m_rows.insert(m_rows.begin() + position, entries.begin() + std::ptrdiff_t(run->first),
                      entries.begin() + std::ptrdiff_t(run->last) + 1);
        endInsertRows();
    }
}

/// New keys of rows that stay; the rows go where they now belong.
void TableModel::reorderRows(const std::vector<std::pair<quint32, std::string>> &keys)
{
    if (keys.size() > kMaxRuns) {
        Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
        const QModelIndexList from = persistentIndexList();
        std::vector<quint32> entries;
        for (const QModelIndex &persistent : from)
            entries.push_back(m_rows[size_t(persistent.row())]);
        for (const auto &[entry, key] : keys)
            m_entries[entry].key = key;
        std::sort(m_rows.begin(), m_rows.end(),
                  [this](quint32 a, quint32 b) { return before(m_entries[a], m_entries[b]); });
        QModelIndexList to;
        for (qsizetype i = 0; i < from.size(); ++i)
            to.append(index(int(rowOf(entries[size_t(i)])), from.at(i).column()));
        changePersistentIndexList(from, to);
        Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
        return;
    }
    for (const auto &[entry, key] : keys) {
        const auto row = std::ptrdiff_t(rowOf(entry));
        m_entries[entry].key = key;
        const auto less = [this](quint32 a, const Entry &b) { return before(m_entries[a], b); };
        const auto here = m_rows.begin() + row;
        if (here != m_rows.begin() && before(m_entries[entry], m_entries[*(here - 1)])) {
            const auto target = std::lower_bound(m_rows.begin(), here, m_entries[entry], less);
            beginMoveRows({}, int(row), int(row), {}, int(target - m_rows.begin()));
            std::rotate(target, here, here + 1);
            endMoveRows();
        } else if (here + 1 != m_rows.end() && before(m_entries[*(here + 1)], m_entries[entry])) {
            const auto target = std::lower_bound(here + 1, m_rows.end(), m_entries[entry], less);
            beginMoveRows({}, int(row), int(row), {}, int(target - m_rows.begin()));
            std::rotate(here, here + 1, target);
            endMoveRows();
        }
    }
}

void TableModel::reportRows(const std::vector<quint32> &entries)
{
    std::vector<quint32> rows;
    rows.reserve(entries.size());
    for (const quint32 entry : entries)
        rows.push_back(rowOf(entry));
    std::sort(rows.begin(), rows.end());
    for (size_t first = 0; first < rows.size();) {
        size_t last = first;
        while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1)
            ++last;
        Q_EMIT dataChanged(index(int(rows[first]), 0), index(int(rows[last]), columnCount() - 1));
        first = last + 1;
    }
}

/// Entities of this kind with a cell that shows something of what changed.
std::vector<EntityId> TableModel::dependentsOf(const Delta &delta) const
{
    std::vector<EntityId> ids;
    const auto add = [&ids](std::span<const EntityId> more) {
        ids.insert(ids.end(), more.begin(), more.end());
    };
    bool typesChanged = false;
    for (const Delta::Removed &removed : delta.removed)
        typesChanged = typesChanged || removed.kind == EntityKind::DeviceType;
    for (const Delta::Created &created : delta.created)
        typesChanged = typesChanged || created.kind == EntityKind::DeviceType;
    for (const Delta::Changed &changed : delta.changed) {
        if (changed.kind == m_kind)
            ids.push_back(changed.id);
        typesChanged = typesChanged || changed.kind == EntityKind::DeviceType;
        if (!changed.fields.contains(Field::Name))
            continue;
        if (changed.kind == EntityKind::Device && m_kind == EntityKind::Device)
            add(m_topology.childrenOf(changed.id));
        else if (changed.kind == EntityKind::Device && m_kind == EntityKind::Interface)
            add(m_topology.interfacesOf(changed.id));
        else if (changed.kind == EntityKind::Device && m_kind == EntityKind::Link)
            add(m_topology.linksOfDevice(changed.id));
        else if (changed.kind == EntityKind::Interface && m_kind == EntityKind::Link)
            add(m_topology.linksOf(changed.id));
    }
    if (typesChanged && m_kind == EntityKind::Device) { // rare
        for (const Device &device : m_topology.devices().slots()) {
            if (device.id != 0 && !builtinType(device.type))
                ids.push_back(device.id);
        }
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

void TableModel::computedChanged(const ComputedStatus &, const QSet<EntityId> &ids)
{
    for (const EntityId id : ids) {
        if (m_entryOf.contains(id))
            m_stale.insert(id);
    }
    if (!m_stale.isEmpty())
        postStale();
}

void TableModel::computedReset(const ComputedStatus &)
{
    m_staleAll = true;
    postStale();
}

/// What is computed is told in the middle of a change; rows move when everybody has heard of it.
void TableModel::postStale()
{
    if (!std::exchange(m_stalePosted, true))
        QMetaObject::invokeMethod(this, &TableModel::updateStale, Qt::QueuedConnection);
}

void TableModel::updateStale()
{
    m_stalePosted = false;
    const QSet<EntityId> stale = std::exchange(m_stale, {});
    if (std::exchange(m_staleAll, false)) {
        topologyReset(m_topology);
        return;
    }
    Delta delta;
    for (const EntityId id : stale) {
        if (rowState(m_topology, id))
            delta.changed.append({m_kind, id, {}, 0});
    }
    if (!delta.isEmpty())
        topologyChanged(m_topology, delta);
}

void TableModel::topologyReset(const Topology &)
{
    beginResetModel();
    rebuild();
    endResetModel();
}

void TableModel::topologyChanged(const Topology &, const Delta &delta)
{
    std::vector<quint32> removed;
    std::vector<quint32> hidden;
    for (const Delta::Removed &entry : delta.removed) {
        const auto it = entry.kind == m_kind ? m_entryOf.constFind(entry.id) : m_entryOf.cend();
        if (it == m_entryOf.cend())
            continue;
        removed.push_back(*it);
        if (m_entries[*it].visible)
            hidden.push_back(*it);
    }
    std::vector<std::pair<quint32, std::string>> newKeys; // of rows that stay
    std::vector<std::pair<quint32, std::string>> hiddenKeys;
    std::vector<quint32> reordered;
    std::vector<quint32> changed;
    std::vector<quint32> shown;
    for (const EntityId id : dependentsOf(delta)) {
        const auto it = m_entryOf.constFind(id);
        if (it == m_entryOf.cend())
            continue; // is new in this delta
        Entry &entry = m_entries[*it];
        const bool visible = m_index.matches(id, m_filter);
        std::string key = sortKey(id);
        const bool moves = key != entry.key;
        if (moves)
            reordered.push_back(*it);
        if (moves && visible && entry.visible)
            newKeys.emplace_back(*it, std::move(key));
        else if (moves)
            hiddenKeys.emplace_back(*it, std::move(key));
        if (entry.visible && visible)
            changed.push_back(*it);
        else if (entry.visible)
            hidden.push_back(*it);
        else if (visible)
            shown.push_back(*it);
        entry.visible = visible;
    }

    std::vector<quint32> leaving = removed;
    leaving.insert(leaving.end(), reordered.begin(), reordered.end());
    removeFromOrder(std::move(leaving));
    hideRows(hidden);
    for (const quint32 entry : removed) {
        m_entryOf.remove(m_entries[entry].id);
        m_entries[entry] = Entry();
        m_freeEntries.push_back(entry);
    }
    for (auto &[entry, key] : hiddenKeys)
        m_entries[entry].key = std::move(key);
    reorderRows(newKeys);

    std::vector<quint32> joining = std::move(reordered);
    for (const Delta::Created &created : delta.created) {
        if (created.kind != m_kind)
            continue;
        const quint32 entry = addEntry(created.id);
        m_entries[entry].key = sortKey(created.id);
        m_entries[entry].visible = m_index.matches(created.id, m_filter);
        joining.push_back(entry);
        if (m_entries[entry].visible)
            shown.push_back(entry);
    }
    insertIntoOrder(std::move(joining));
    showRows(std::move(shown));
    reportRows(changed);
}

} // namespace patchboard
