#pragma once

#include "ui/panels/hostlist.h"

#include <QWidget>

class QLineEdit;
class QLabel;

namespace patchboard::ui {

class TileList;

/// What a window shows while it has no board: recent boards, and the ways to get another.
class StartPage : public QWidget
{
    Q_OBJECT
public:
    explicit StartPage(HostList::Browse browse, QWidget *parent = nullptr);

    /// Paths and URLs, the latest first.
    void setRecent(const QStringList &locations);

Q_SIGNALS:
    void newRequested();
    void openRequested();
    void demoRequested();
    void importRequested();
    void connectRequested(const QString &address);
    void recentChosen(const QString &location);

private:
    TileList *m_recent;
    QLabel *m_noRecent;
    QLineEdit *m_address;
};

} // namespace patchboard::ui
