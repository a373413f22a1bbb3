#pragma once

#include "app/desktop/kepttrust.h"
#include "ui/mainwindow/board.h"

#include <QSslCertificate>

namespace patchboard::app {

/// Boards as the desktop opens them: a file by a host in a thread of this process, a host's board
/// over a WebSocket. Changes that were not sent yet are kept below the user's data folder.
class Boards final : public ui::BoardService
{
public:
    /// Certificates of hosts that are trusted beside those of the system.
    void setTrusted(const QList<QSslCertificate> &trusted) { m_trusted = trusted; }

    /// What is trusted besides: certificates that somebody looked at.
    [[nodiscard]] HostTrust &trust() { return *m_trust; }

    Result<std::unique_ptr<ui::BoardConnection>> openFile(const QString &path) override;
    Result<std::unique_ptr<ui::BoardConnection>> connectTo(const QUrl &url) override;
    Result<QString> demoBoard() override;
    QString newBoardPath(const QString &name) override;
    std::unique_ptr<discovery::HostBrowser> browseHosts() override;

private:
    QList<QSslCertificate> m_trusted;
    std::shared_ptr<HostTrust> m_trust = std::make_shared<HostTrust>(keptTrust(), keepTrust);
};

/// What the others read beside one's pointer: the name of the user of this computer.
QString userName();

} // namespace patchboard::app
