#pragma once

#include "discovery/hostbrowser.h"

#include <QWidget>

#include <functional>

class QLabel;

namespace patchboard::ui {

class TileList;

/// The hosts of the local network, as they come and go, while it can be seen.
class HostList : public QWidget
{
    Q_OBJECT
public:
    using Browse = std::function<std::unique_ptr<discovery::HostBrowser>()>;
    explicit HostList(Browse browse, QWidget *parent = nullptr);
    ~HostList() override;

Q_SIGNALS:
    /// Somebody clicked a host, or chose it by the keyboard.
    void chosen(const QString &address);
    /// A second click.
    void doubleClicked();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QString currentAddress() const;
    void refill();
    void fitWords();

    Browse m_browse;
    std::unique_ptr<discovery::HostBrowser> m_browser; ///< while it is shown
    TileList *m_list;
    QLabel *m_words;
};

} // namespace patchboard::ui
