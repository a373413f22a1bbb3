#pragma once

#include <QAction>
#include <QDialog>
#include <QList>
#include <QPointer>

class QLineEdit;
class QListWidget;

namespace patchboard::ui {

/// Finds commands by name: type a few letters, Enter does it.
class CommandPalette : public QDialog
{
    Q_OBJECT
public:
    explicit CommandPalette(const QList<QAction *> &actions, QWidget *parent = nullptr);

    /// How well @a name answers to @a typed: letters in order, better at the beginning of words and
    /// in one piece. Negative: not at all.
    static int score(const QString &name, const QString &typed);
    /// What was chosen; it is triggered after the palette has closed.
    [[nodiscard]] QAction *chosen() const { return m_chosen; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void filter();
    void choose();

    QList<QPointer<QAction>> m_actions;
    QPointer<QAction> m_chosen;
    QLineEdit *m_line;
    QListWidget *m_list;
};

} // namespace patchboard::ui
