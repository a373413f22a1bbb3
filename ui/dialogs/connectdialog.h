#pragma once

#include "ui/panels/hostlist.h"

#include <QDialog>

class QLineEdit;
class QListWidget;
class QPushButton;

namespace patchboard::ui {

/// Asks for the address of a host: typed, one of the network, or one from before.
class ConnectDialog : public QDialog
{
    Q_OBJECT
public:
    /// @a recent: addresses from before, the latest first.
    ConnectDialog(const QString &address, const QStringList &recent, HostList::Browse browse,
                  QWidget *parent = nullptr);

    [[nodiscard]] QString address() const;

private:
    QLineEdit *m_address;
    QPushButton *m_connect;
};

} // namespace patchboard::ui
