#pragma once

#include <QDialog>

#include <memory>

class QCheckBox;
class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace patchboard::ui {

class Board;

/// Offers a board to others over the network: where, at which port, and who is there. Beside its
/// window, not before it; what it started goes on when it is closed.
class ShareDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ShareDialog(std::shared_ptr<Board> board, QWidget *parent = nullptr);

private:
    void toggle();
    void refresh();
    void refreshAnnouncement();
    void refreshPeople();
    void say(const QString &text, bool wrong);

    std::shared_ptr<Board> m_board;
    QComboBox *m_where;
    QComboBox *m_right;
    QSpinBox *m_port;
    QCheckBox *m_announce;
    QPushButton *m_toggle;
    QLabel *m_note;
    QLabel *m_hint;
    QLabel *m_announced;
    QListWidget *m_addresses;
    QPushButton *m_copy;
    QListWidget *m_people;
};

} // namespace patchboard::ui
