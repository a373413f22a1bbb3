#pragma once

#include "model/sync/session.h"

#include <QObject>

namespace patchboard::ui {

/// The way every edit of a window takes: submits it to the session and remembers how to take it
/// back. One per session, shared by all its windows; it holds edits, never pointers.
///
/// Taking back is a change of its own, guarded by who last wrote each value, so what somebody else
/// has changed since stays.
class UndoStack : public QObject
{
    Q_OBJECT
public:
    /// @a session must outlive the stack.
    explicit UndoStack(Session &session, QObject *parent = nullptr);

    /// Submits a change, whole or not at all, and makes it the next one to be taken back. Without
    /// edits it does nothing and succeeds. @a label is for people ("Move 12 devices"), @a gesture
    /// the id of the gesture that it belongs to: a live drag that it ends, or presses of a key in
    /// quick succession. Another change of the gesture that made the newest step, to the same
    /// fields, joins that step, unless somebody else wrote those fields in between.
    Result<Submitted> push(const QList<Edit> &edits, const QString &label, quint64 gesture = 0);

    [[nodiscard]] Session &session() const { return m_session; }
    [[nodiscard]] bool canUndo() const { return !m_undo.isEmpty(); }
    [[nodiscard]] bool canRedo() const { return !m_redo.isEmpty(); }
    /// Label of the change that undo() would take back; empty if there is none.
    [[nodiscard]] QString undoLabel() const;
    [[nodiscard]] QString redoLabel() const;
    /// The labels of at most @a most steps, the next one first.
    [[nodiscard]] QStringList undoLabels(qsizetype most) const;
    [[nodiscard]] QStringList redoLabels(qsizetype most) const;
    [[nodiscard]] qsizetype undoCount() const { return m_undo.size(); }
    [[nodiscard]] qsizetype redoCount() const { return m_redo.size(); }

    static constexpr qsizetype kLimit = 500;

public Q_SLOTS:
    void undo();
    void redo();

Q_SIGNALS:
    /// What can be undone or redone is another now.
    void changed();
    /// A change was not accepted here; nothing happened. @a label is that of the change.
    void failed(const QString &label, const patchboard::Error &error);
    /// It was done, but not all of it: names fixed up, values that somebody changed since left.
    void noticed(const QString &label, const QList<patchboard::Notice> &notices);

private:
    /// Who had written a value before a change did.
    struct Before
    {
        EntityId id;
        FieldKey key;
        Writer writer;
    };
    /// One change that takes back one change.
    struct Step
    {
        Writer writer;        ///< of the change that `edits` take back
        QList<Edit> edits;    ///< guarded
        QList<Writer> joined; ///< of the changes before it that it takes back too, oldest first
        QList<Before> before; ///< of what that change wrote
    };
    /// What a person sees as one step; several changes where one may not hold them all.
    struct Entry
    {
        QString label;
        quint64 gesture = 0;
        QList<Step> steps;  ///< in the order in which their changes were made
        QList<Step> source; ///< of an undo or redo: the steps that it used up, in the same order
    };

    static QStringList labelsOf(const QList<Entry> &entries, qsizetype most);
    [[nodiscard]] QList<Before> writersBefore(const QList<Edit> &edits) const;
    Result<Submitted> submit(const QList<Edit> &edits, const QString &label, quint64 gesture,
                             Entry &entry);
    bool joinNewest(const Entry &entry);
    void takeBack(QList<Entry> &from, QList<Entry> &to, const QString &label);
    /// The values that @a taken had written have their former writers' values again, but by
    /// @a writer: guards that name the former writers have to name that one.
    void regard(const Step &taken, const Writer &writer, QList<Step> *more);
    void forget(quint64 cseq);

    Session &m_session;
    QList<Entry> m_undo;
    QList<Entry> m_redo;
};

} // namespace patchboard::ui
