#pragma once

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>

namespace patchboard::ui {

/// The commands of one window by name: what menus, tool bars and the command palette show. Keeps
/// tooltips saying what the command does and which keys call it.
class ActionSet : public QObject
{
    Q_OBJECT
public:
    explicit ActionSet(QWidget *window);

    /// @a id is for programs ("edit.undo") and for the settings, @a text as in a menu ("&Undo"),
    /// @a icon a file below :/icons/actions/ or empty.
    QAction *add(const QString &id, const QString &text, const QString &icon = {},
                 const QList<QKeySequence> &shortcuts = {});
    /// nullptr if there is none.
    [[nodiscard]] QAction *action(const QString &id) const { return m_byId.value(id, nullptr); }
    /// In the order in which they were added.
    [[nodiscard]] const QList<QAction *> &all() const { return m_all; }

    /// Gives a command other keys, and remembers that.
    void setShortcuts(QAction *action, const QList<QKeySequence> &shortcuts);
    [[nodiscard]] QList<QKeySequence> defaultShortcuts(QAction *action) const;

    /// "Undo" from "&Undo...".
    static QString plainText(const QString &menuText);

private:
    QWidget *m_window;
    QList<QAction *> m_all;
    QHash<QString, QAction *> m_byId;
    QHash<QAction *, QList<QKeySequence>> m_defaults;
};

} // namespace patchboard::ui
