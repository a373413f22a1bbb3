#include "ui/commands/undostack.h"

#include <QHash>
#include <QSet>

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

QStringList UndoStack::labelsOf(const QList<Entry> &entries, qsizetype most)
{
    QStringList labels;
    for (auto entry = entries.crbegin(); entry != entries.crend() && labels.size() < most; ++entry)
        labels.append(entry->label);
    return labels;
}

QStringList UndoStack::undoLabels(qsizetype most) const
{
    return labelsOf(m_undo, most);
}

QStringList UndoStack::redoLabels(qsizetype most) const
{
    return labelsOf(m_redo, most);
}

Result<Submitted> UndoStack::push(const QList<Edit> &edits, const QString &label, quint64 gesture)
{
    if (edits.isEmpty())
        return Submitted();
    Entry entry;
    entry.label = label;
    entry.gesture = gesture;
    auto done = submit(edits, label, gesture, entry);
    if (!done) {
        Q_EMIT failed(label, done.error());
        return done;
    }
    if (!entry.steps.isEmpty()) {
        if (!joinNewest(entry))
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

Result<Submitted> UndoStack::submit(const QList<Edit> &edits, const QString &label, quint64 gesture,
                                    Entry &entry)
{
    QList<Before> before = writersBefore(edits);
    auto done = m_session.submit(edits, label, gesture);
    if (done && !done->undo.isEmpty())
        entry.steps.append({done->writer, done->undo, {}, std::move(before)});
    return done;
}

bool UndoStack::joinNewest(const Entry &entry)
{
    if (entry.gesture == 0 || m_undo.isEmpty() || m_undo.constLast().gesture != entry.gesture)
        return false;
    if (entry.steps.size() != 1 || m_undo.constLast().steps.size() != 1)
        return false;
    const Step &later = entry.steps.constFirst();
    Step &step = m_undo.last().steps.first();
    // The very same fields, and nobody wrote them in between.
    const auto fieldsOf = [](const QList<Edit> &edits) {
        QSet<std::pair<EntityId, FieldKey>> fields;
        for (const Edit &edit : edits) {
            const auto *set = std::get_if<SetFields>(&edit);
            if (!set)
                return QSet<std::pair<EntityId, FieldKey>>();
            for (const FieldChange &field : set->fields)
                fields.insert({set->id, field.key});
        }
        return fields;
    };
    const auto fields = fieldsOf(step.edits);
    if (fields.isEmpty() || fields != fieldsOf(later.edits) ||
        later.before.size() != fields.size() ||
        !std::all_of(later.before.cbegin(), later.before.cend(),
                     [&step](const Before &before) { return before.writer == step.writer; }))
        return false;
    for (Edit &edit : step.edits) {
        for (FieldChange &field : std::get<SetFields>(edit).fields)
            field.ifLast = later.writer;
    }
    step.joined.append(step.writer);
    step.writer = later.writer;
    return true;
}

void UndoStack::undo()
{
    if (canUndo())
        takeBack(m_undo, m_redo, tr("Undo %1").arg(undoLabel()));
}

void UndoStack::redo()
{
    if (canRedo())
        takeBack(m_redo, m_undo, tr("Redo %1").arg(redoLabel()));
}

void UndoStack::takeBack(QList<Entry> &from, QList<Entry> &to, const QString &label)
{
    Entry entry = from.takeLast();
    Entry counter;
    counter.label = entry.label;
    counter.source = entry.steps;
    QList<Notice> notices;
    std::optional<Error> error;
    while (!entry.steps.isEmpty() && !error) {
        const Step step = entry.steps.takeLast();
        const auto done = submit(step.edits, label, 0, counter);
        if (!done) {
            error = done.error();
            break;
        }
        notices += done->notices;
        if (!done->undo.isEmpty())
            regard(step, done->writer, &entry.steps);
    }
    if (!counter.steps.isEmpty())
        to.append(std::move(counter));
    Q_EMIT changed();
    if (error)
        Q_EMIT failed(label, *error);
    if (!notices.isEmpty())
        Q_EMIT noticed(label, notices);
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

void UndoStack::regard(const Step &taken, const Writer &writer, QList<Step> *more)
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
    const auto rewrite = [&](QList<Step> &steps) {
        for (Step &step : steps) {
            for (Edit &edit : step.edits) {
                auto *set = std::get_if<SetFields>(&edit);
                if (!set)
                    continue;
                for (FieldChange &field : set->fields) {
                    if (field.ifLast && isFormer(set->id, field.key, *field.ifLast))
                        field.ifLast = writer;
                }
            }
            for (Before &other : step.before) {
                if (isFormer(other.id, other.key, other.writer))
                    other.writer = writer;
            }
        }
    };
    rewrite(*more);
    for (QList<Entry> *list : {&m_undo, &m_redo}) {
        for (Entry &entry : *list)
            rewrite(entry.steps);
    }
}

void UndoStack::forget(quint64 cseq)
{
    for (auto [list, other] : {std::pair(&m_undo, &m_redo), std::pair(&m_redo, &m_undo)}) {
        for (qsizetype i = list->size() - 1; i >= 0; --i) {
            Entry &entry = (*list)[i];
            const auto isRefused = [cseq](const Writer &writer) { return writer.cseq == cseq; };
            const auto step = std::find_if(
                entry.steps.begin(), entry.steps.end(), [&isRefused](const Step &each) {
                    return isRefused(each.writer) ||
                           std::any_of(each.joined.cbegin(), each.joined.cend(), isRefused);
                });
            if (step == entry.steps.end())
                continue;
            if (!isRefused(step->writer)) {
                step->joined.removeIf(isRefused);
                return;
            }
            if (!step->joined.isEmpty()) {
                // What was done before it still stands.
                step->writer = step->joined.takeLast();
                for (Edit &edit : step->edits) {
                    for (FieldChange &field : std::get<SetFields>(edit).fields)
                        field.ifLast = step->writer;
                }
                return;
            }
            entry.steps.erase(step);
            if (entry.steps.isEmpty()) {
                // A refused undo leaves the change as it stands: it can be taken back again.
                if (!entry.source.isEmpty())
                    other->append({entry.label, 0, entry.source, {}});
                list->removeAt(i);
            }
            Q_EMIT changed();
            return;
        }
    }
}

} // namespace patchboard::ui
