#include "ui/panels/conflictlist.h"

#include "model/core/edits.h"
#include "model/topologymodel.h"
#include "model/wire/codec.h"
#include "ui/commands/boardcommands.h"
#include "ui/commands/undostack.h"

#include <QCborArray>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace patchboard::ui {

namespace {

constexpr qsizetype kMostOfOneChange = 50;
const QString kKeptAs = QStringLiteral("conflicts");

ConflictList::Remedy remedyFor(const Notice &notice)
{
    switch (notice.kind) {
    case Notice::Kind::Overwrote:
        return ConflictList::Remedy::TakeTheirs;
    case Notice::Kind::Lost:
        return ConflictList::Remedy::TakeMine;
    case Notice::Kind::Gone:
    case Notice::Kind::LostRemoved:
        return ConflictList::Remedy::Restore;
    case Notice::Kind::Renamed:
    case Notice::Kind::Skipped:
    case Notice::Kind::NotRestored:
    case Notice::Kind::Moved:
        break;
    }
    return ConflictList::Remedy::None;
}

} // namespace

ConflictList::ConflictList(UndoStack &undo, QObject *parent)
    : QAbstractTableModel(parent)
    , m_undo(undo)
    , m_session(undo.session())
{
    restore(m_session.kept(kKeptAs));
    connect(&m_session, &Session::noticed, this,
            [this](quint64, const QString &label, const QList<Notice> &notices) {
                take(label, notices);
            });
    connect(&m_session, &Session::refused, this,
            [this](quint64, const QString &label, const Error &error) {
                Conflict conflict;
                conflict.what = tr("“%1” was refused and taken back: %2").arg(label, error.text);
                conflict.time = QDateTime::currentMSecsSinceEpoch();
                add({conflict});
            });
    connect(m_session.model(), &TopologyModel::changed, this, &ConflictList::remediesChanged);
    connect(&m_session, &Session::statusChanged, this, &ConflictList::remediesChanged);
}

/// An array: how many were not seen, then a row each: time, who, what, id, remedy, what that sets
/// as an encoded change.
void ConflictList::restore(const QByteArray &kept)
{
    const QCborArray all = QCborValue::fromCbor(kept).toArray();
    for (qsizetype i = 1; i < all.size() && m_rows.size() < kMost; ++i) {
        const QCborArray row = all.at(i).toArray();
        const auto change = wire::decodeChange(row.at(5).toByteArray());
        const qint64 remedy = row.at(4).toInteger(-1);
        if (!change || change->edits.size() != 1 || remedy < 0 || remedy > qint64(Remedy::Restore))
            continue;
        const auto *set = std::get_if<SetFields>(&change->edits.constFirst());
        if (!set)
            continue;
        Conflict conflict;
        conflict.time = row.at(0).toInteger();
        conflict.who = row.at(1).toString();
        conflict.what = row.at(2).toString();
        conflict.id = EntityId(row.at(3).toInteger());
        conflict.remedy = Remedy(remedy);
        for (const FieldChange &field : set->fields)
            conflict.values.append({field.key, field.value});
        m_rows.append(std::move(conflict));
    }
    m_unseen = int(std::clamp<qint64>(all.at(0).toInteger(), 0, m_rows.size()));
}

void ConflictList::keep() const
{
    QCborArray all{m_unseen};
    for (const Conflict &conflict : m_rows) {
        SetFields set{conflict.id, {}};
        for (const FieldValue &value : conflict.values)
            set.fields.append({value.key, value.value, std::nullopt});
        Change change;
        change.edits = {set};
        all.append(QCborArray{conflict.time, conflict.who, conflict.what, qint64(conflict.id),
                              int(conflict.remedy), wire::encodeChange(change)});
    }
    m_session.keep(kKeptAs, QCborValue(all).toCbor());
}

void ConflictList::take(const QString &label, const QList<Notice> &notices)
{
    const Topology &topology = m_session.topology();
    QList<Conflict> conflicts;
    QHash<EntityId, qsizetype> gone; ///< one row for all that was set on what is not there
    qsizetype more = 0;
    for (const Notice &notice : notices) {
        Remedy remedy = remedyFor(notice);
        const bool isValue =
            notice.kind == Notice::Kind::Overwrote || notice.kind == Notice::Kind::Lost;
        const bool keeps = isValue || (notice.kind == Notice::Kind::Gone && !isNull(notice.old));
        // What was to be made on something that is gone never was.
        if (!topology.contains(notice.id) && !topology.removedEntity(notice.id))
            remedy = Remedy::None;
        if (notice.kind == Notice::Kind::Gone && gone.contains(notice.id)) {
            if (keeps)
                conflicts[gone.value(notice.id)].values.append({notice.key, notice.old});
            continue;
        }
        const QString text = commands::noticeText(topology, notice);
        if (text.isEmpty())
            continue;
        if (conflicts.size() == kMostOfOneChange) {
            ++more;
            continue;
        }
        Conflict conflict;
        conflict.time = notice.at != 0 ? notice.at : QDateTime::currentMSecsSinceEpoch();
        conflict.who = notice.by;
        conflict.what = label.isEmpty() ? text : tr("%1: %2").arg(label, text);
        conflict.id = notice.id;
        conflict.remedy = remedy;
        if (keeps)
            conflict.values.append({notice.key, notice.old});
        if (notice.kind == Notice::Kind::Gone)
            gone.insert(notice.id, conflicts.size());
        conflicts.append(std::move(conflict));
    }
    if (more > 0) {
        Conflict rest;
        rest.time = QDateTime::currentMSecsSinceEpoch();
        rest.what = tr("%1: … and %n more", nullptr, int(more)).arg(label);
        conflicts.append(std::move(rest));
    }
    add(std::move(conflicts));
}

void ConflictList::add(QList<Conflict> conflicts)
{
    if (conflicts.isEmpty())
        return;
    const int count = int(conflicts.size());
    m_unseen = std::min(m_unseen + count, kMost); // whoever sees the rows come marks them
    beginInsertRows({}, 0, count - 1);
    m_rows = conflicts + m_rows;
    endInsertRows();
    if (m_rows.size() > kMost) {
        beginRemoveRows({}, kMost, int(m_rows.size()) - 1);
        m_rows.resize(kMost);
        endRemoveRows();
    }
    keep();
    Q_EMIT unseenChanged();
}

void ConflictList::markSeen()
{
    if (std::exchange(m_unseen, 0) == 0)
        return;
    keep();
    Q_EMIT unseenChanged();
}

void ConflictList::clear()
{
    if (m_rows.isEmpty())
        return;
    beginRemoveRows({}, 0, int(m_rows.size()) - 1);
    m_rows.clear();
    endRemoveRows();
    m_unseen = 0;
    keep();
    Q_EMIT unseenChanged();
}

int ConflictList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ConflictList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ConflictList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Conflict &conflict = m_rows.at(index.row());
    const QLocale locale;
    if (role == Qt::DisplayRole) {
        switch (index.column()) {
        case When: {
            const QDateTime time = QDateTime::fromMSecsSinceEpoch(conflict.time);
            return time.date() == QDate::currentDate()
                       ? locale.toString(time.time(), QLocale::ShortFormat)
                       : locale.toString(time, QLocale::ShortFormat);
        }
        case Who:
            return conflict.who;
        case What:
            return conflict.what;
        default:
            return {}; // the panel has a button there
        }
    }
    if (role == Qt::ToolTipRole) {
        return index.column() == When
                   ? locale.toString(QDateTime::fromMSecsSinceEpoch(conflict.time),
                                     QLocale::LongFormat)
                   : conflict.what;
    }
    return {};
}

QVariant ConflictList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case When:
        return tr("When");
    case Who:
        return tr("Who");
    case What:
        return tr("What Happened");
    default:
        return {};
    }
}

EntityId ConflictList::idAt(int row) const
{
    return m_rows.value(row).id;
}

ConflictList::Remedy ConflictList::remedyAt(int row) const
{
    return m_rows.value(row).remedy;
}

QList<Edit> ConflictList::editsOf(const Conflict &conflict) const
{
    const Topology &topology = m_session.topology();
    QList<Edit> edits;
    const bool there = topology.contains(conflict.id);
    if (conflict.remedy == Remedy::None || (!there && !topology.removedEntity(conflict.id)))
        return {};
    if (!there)
        edits.append(RestoreEntities{{conflict.id}});
    for (const FieldValue &field : conflict.values) {
        const auto *container = std::get_if<qint64>(&field.value);
        if (field.key.field == Field::Container && container &&
            !topology.device(EntityId(*container)))
            continue; // it is gone, too
        if (!there || topology.value(conflict.id, field.key) != field.value)
            edits.append(edits::setField(conflict.id, field.key, field.value));
    }
    return edits;
}

bool ConflictList::canRemedy(int row) const
{
    const SessionStatus status = m_session.status();
    return row >= 0 && row < m_rows.size() && status.ready && !status.readOnly &&
           !editsOf(m_rows.at(row)).isEmpty();
}

bool ConflictList::remedy(int row)
{
    if (!canRemedy(row))
        return false;
    const Conflict conflict = m_rows.at(row);
    const QString name = commands::nameOf(m_session.topology(), conflict.id);
    const QString label = m_session.topology().contains(conflict.id)
                              ? tr("Take the Other Value of %1").arg(name)
                              : tr("Restore %1").arg(name);
    return m_undo.push(editsOf(conflict), label).ok();
}

QString ConflictList::remedyText(Remedy remedy)
{
    switch (remedy) {
    case Remedy::TakeTheirs:
        return tr("Take Theirs");
    case Remedy::TakeMine:
        return tr("Take Mine");
    case Remedy::Restore:
        return tr("Restore");
    case Remedy::None:
        break;
    }
    return {};
}

} // namespace patchboard::ui
