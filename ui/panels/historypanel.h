#pragma once

#include "model/sync/session.h"

#include <QAbstractTableModel>
#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QTreeView;

namespace patchboard::ui {

/// The changes of a board as its host tells of them, the newest first, fetched page by page.
class HistoryList : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { When, Who, What, Revision, ColumnCount };
    static constexpr quint32 kPage = 200;

    using QAbstractTableModel::QAbstractTableModel;

    void setSession(Session *session);
    /// Only changes with this in their author or label.
    void setFilter(const QString &text);
    /// Asks for what is new.
    void refresh();
    /// 0 = no such row.
    [[nodiscard]] quint64 revisionAt(int row) const;
    [[nodiscard]] QString error() const { return m_error; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void stateChanged();

private:
    void startOver();
    void take(const wire::HistoryPage &page);

    QPointer<Session> m_session;
    QList<wire::HistoryEntry> m_rows;
    QString m_filter;
    QString m_error;
    quint64 m_next = 0;       ///< where the next page begins; 0 = there is none
    quint64 m_newRequest = 0; ///< for what is new
    quint64 m_oldRequest = 0; ///< for the next page
    bool m_again = false;     ///< something came while what is new was asked for
};

/// Shows a board's history and its named snapshots; choosing a row asks to look at the board as it
/// was then.
class HistoryPanel : public QWidget
{
    Q_OBJECT
public:
    explicit HistoryPanel(QWidget *parent = nullptr);

    void setSession(Session *session);
    /// The revision that is looked at; 0 = the board as it is now.
    void setShown(quint64 revision);

public Q_SLOTS:
    /// It can be seen: docks behind another tab count as visible, too.
    void setInFront(bool inFront);

Q_SIGNALS:
    void revisionChosen(quint64 revision);
    void message(const QString &text);

private:
    void choose(quint64 revision);
    void refillSnapshots();
    void updateState();
    void nameSnapshot();
    void renameSnapshot();
    void forgetSnapshot();
    [[nodiscard]] const wire::NamedSnapshot *currentSnapshot() const;

    QPointer<Session> m_session;
    HistoryList m_list;
    QLineEdit *m_filter;
    QTreeView *m_view;
    QLabel *m_state;
    QListWidget *m_snapshots;
    QPushButton *m_name;
    QPushButton *m_rename;
    QPushButton *m_forget;
    QList<wire::NamedSnapshot> m_named;
    QTimer m_chooseTimer; ///< who runs through the list with the arrow keys asks for the last row
    quint64 m_wanted = 0;
    quint64 m_shown = 0;
    bool m_inFront = false;
    bool m_filling = false;
};

} // namespace patchboard::ui
