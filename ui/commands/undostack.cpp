#include "ui/commands/undostack.h"

#include <QHash>

#include <algorithm>

namespace patchboard::ui {

UndoStack::UndoStack(Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
    connect(&session, &Session::refused, this, &UndoStack::forget);
}

QString UndoStack::undoLabel() const
{
    return m_undo.isEmpty() ? QString() : m_undo.constLast().label;
}

QString UndoStack::redoLabel() const
{
    return m_redo.isEmpty() ? QString() : m_redo.constLast().label;
}

Result<Submitted> UndoStack::push(const QList<Edit> &edits, const QString &label, quint64 gesture)
{
    if (edits.isEmpty())
        return Submitted{};
    QList<Before> before = writersBefore(edits);
    auto done = m_session.submit(edits, label, gesture);
    if (!done) {
        Q_EMIT failed(label, done.error());
        return done;
    }
    if (!done->undo.isEmpty()) {
        Entry entry;
        entry.label = label;
        entry.writer = done->writer;
        entry.edits = done->undo;
        entry.before = std::move(before);
        m_undo.append(std::move(entry));
        if (m_undo.size() > kLimit)
            m_undo.removeFirst();
        m_redo.clear();
        Q_EMIT changed();
    }
    if (!done->notices.isEmpty())
        Q_EMIT noticed(label, done->notices);
    return done;
}

void UndoStack::undo()
{
    if (canUndo())
        step(m_undo, m_redo, tr("Undo %1").arg(undoLabel()));
}

void UndoStack::redo()
{
    if (canRedo())
        step(m_redo, m_undo, tr("Redo %1").arg(redoLabel()));
}

void UndoStack::step(QList<Entry> &from, QList<Entry> &to, const QString &label)
{
    const Entry entry = from.takeLast();
    QList<Before> before = writersBefore(entry.edits);
    const auto done = m_session.submit(entry.edits, label);
    if (!done) {
        Q_EMIT changed();
        Q_EMIT failed(label, done.error());
        return;
    }
    if (!done->undo.isEmpty()) {
        regard(entry, done->writer);
        Entry counter;
        counter.label = entry.label;
        counter.writer = done->writer;
        counter.edits = done->undo;
        counter.before = std::move(before);
        counter.source = entry.edits;
        counter.sourceWriter = entry.writer;
        counter.sourceBefore = entry.before;
        to.append(std::move(counter));
    }
    Q_EMIT changed();
    if (!done->notices.isEmpty())
        Q_EMIT noticed(label, done->notices);
}

QList<UndoStack::Before> UndoStack::writersBefore(const QList<Edit> &edits) const
{
    const Topology &topology = m_session.topology();
    QList<Before> out;
    const auto add = [&](EntityId id, const FieldKey &key) {
        if (const auto writer = topology.writerOf(id, key))
            out.append({id, key, writer->writer});
    };
    for (const Edit &edit : edits) {
        if (const auto *set = std::get_if<SetFields>(&edit)) {
            for (const FieldChange &field : set->fields)
                add(set->id, field.key);
        } else if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
            // What lies in a removed container moves to the container above.
            for (const EntityId id : remove->ids) {
                for (const EntityId child : topology.childrenOf(id))
                    add(child, Field::Container);
            }
        }
    }
    return out;
}

void UndoStack::regard(const Entry &taken, const Writer &writer)
{
    QHash<std::pair<EntityId, FieldKey>, Writer> former;
    for (const Before &before : taken.before)
        former.insert({before.id, before.key}, before.writer);
    if (former.isEmpty())
        return;
    const auto isFormer = [&former](EntityId id, const FieldKey &key, const Writer &who) {
        const auto it = former.constFind({id, key});
        return it != former.cend() && *it == who;
    };
    for (QList<Entry> *list : {&m_undo, &m_redo}) {
        for (Entry &entry : *list) {
            for (Edit &edit : entry.edits) {
                auto *set = std::get_if<SetFields>(&edit);
                if (!set)
                    continue;
                for (FieldChange &field : set->fields) {
                    if (field.ifLast && isFormer(set->id, field.key, *field.ifLast))
                        field.ifLast = writer;
                }
            }
            for (Before &other : entry.before) {
                if (isFormer(other.id, other.key, other.writer))
                    other.writer = writer;
            }
        }
    }
}

void UndoStack::forget(quint64 cseq)
{
    for (auto [list, other] : {std::pair(&m_undo, &m_redo), std::pair(&m_redo, &m_undo)}) {
        const auto it = std::find_if(list->begin(), list->end(), [cseq](const Entry &entry) {
            return entry.writer.cseq == cseq;
        });
        if (it == list->end())
            continue;
        // A refused undo leaves the change as it stands: it can be taken back again.
        if (!it->source.isEmpty()) {
            Entry again;
            again.label = it->label;
            again.writer = it->sourceWriter;
            again.edits = it->source;
            again.before = it->sourceBefore;
            other->append(std::move(again));
        }
        list->erase(it);
        Q_EMIT changed();
        return;
    }
}

} // namespace patchboard::ui
