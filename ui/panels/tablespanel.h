#pragma once

#include "model/core/entities.h"

#include <QPointer>
#include <QWidget>

#include <array>

class QLabel;
class QLineEdit;
class QTabWidget;
class QTableView;

namespace patchboard {
class TableModel;
}

namespace patchboard::ui {

class Board;
class Selection;

/// All devices, interfaces and links as tables: sorted by a click, filtered as you type, edited in
/// place. Their selection is the window's.
class TablesPanel : public QWidget
{
    Q_OBJECT
public:
    explicit TablesPanel(QWidget *parent = nullptr);
    ~TablesPanel() override;

    /// nullptr, nullptr: there is no board.
    void setBoard(Board *board, Selection *selection);
    void focusFilter();
    /// @a kind: Device, Interface or Link.
    void showTable(EntityKind kind);
    [[nodiscard]] QTableView *table(EntityKind kind) const;
    /// Opens the editor of the current cell; false if it has none.
    bool editCurrent();

Q_SIGNALS:
    void activated(patchboard::EntityId id);
    void contextMenuRequested(const QList<patchboard::EntityId> &ids, QPoint globalPosition);

private:
    struct Page
    {
        EntityKind kind;
        QTableView *view = nullptr;
        TableModel *model = nullptr;
    };
    Page &current();
    void setUp(Page &page);
    void showColumns(const Page &page);
    void chooseColumns(QPoint globalPosition);
    void filter();
    void showCount();
    void postCount();
    void takeSelection(const Page &page);
    void showSelection();

    QPointer<Board> m_board;
    QPointer<Selection> m_selection;
    std::array<Page, 3> m_pages{Page{EntityKind::Device}, Page{EntityKind::Interface},
                                Page{EntityKind::Link}};
    QTabWidget *m_tabs;
    QLineEdit *m_filter;
    QLabel *m_count;
    bool m_syncing = false;
    bool m_countPosted = false;
    QMetaObject::Connection m_boardChanged;
};

} // namespace patchboard::ui
