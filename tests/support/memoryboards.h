#pragma once

#include "tests/support/memorysession.h"
#include "ui/mainwindow/board.h"

#include <QHash>
#include <QPointer>
#include <QUrl>

/// Boards without hosts, for tests of windows.
class MemoryConnection final : public patchboard::ui::BoardConnection
{
public:
    [[nodiscard]] MemorySession &session() override { return m_session; }
    patchboard::Result<void> saveCopy(const QString &path) override
    {
        copies.append(path);
        return {};
    }
    [[nodiscard]] QList<patchboard::ui::ShareAddress> shareAddresses() const override
    {
        return {{QStringLiteral("127.0.0.1"), false}, {QStringLiteral("192.0.2.7"), true}};
    }
    patchboard::Result<void> share(const patchboard::ui::ShareOffer &offer) override
    {
        const auto &[at, port, right, announced] = offer;
        wasAnnounced = announced;
        if (port == takenPort) {
            return patchboard::Error{patchboard::Errc::Unavailable,
                                     QStringLiteral("Port %1 is in use").arg(port)};
        }
        sharedFor = right;
        m_sharing = {port, {QStringLiteral("ws://%1:%2").arg(at.address).arg(port)}, {}};
        if (at.outside) {
            m_sharing.token = QStringLiteral("pbt_shared");
            m_sharing.addresses[0] += QStringLiteral("?token=pbt_shared");
        }
        return {};
    }
    void unshare() override { m_sharing = {}; }
    [[nodiscard]] patchboard::ui::Sharing sharing() const override { return m_sharing; }

    void setToken(const QString &token) override { tokens.append(token); }

    QStringList copies;
    QStringList tokens;
    patchboard::ui::ShareRight sharedFor = patchboard::ui::ShareRight::Edit;
    bool wasAnnounced = false;
    quint16 takenPort = 0;

private:
    MemorySession m_session;
    patchboard::ui::Sharing m_sharing;
};

/// Hosts of no network.
class MemoryBrowser final : public patchboard::discovery::HostBrowser
{
public:
    struct Found
    {
        State state = State::Watching;
        QString reason;
        QList<patchboard::discovery::FoundHost> hosts;
    };
    void tell(const Found &found) { report(found.state, found.reason, found.hosts); }
};

class MemoryBoards final : public patchboard::ui::BoardService
{
public:
    patchboard::Result<std::unique_ptr<patchboard::ui::BoardConnection>>
    openFile(const QString &path) override
    {
        if (path.contains(QLatin1String("damaged"))) {
            return patchboard::Error{patchboard::Errc::Storage,
                                     path + QStringLiteral(" is damaged")};
        }
        auto connection = std::make_unique<MemoryConnection>();
        if (path.contains(QLatin1String("demo")))
            connection->session().loadDemo();
        last = connection.get();
        return std::unique_ptr<patchboard::ui::BoardConnection>(std::move(connection));
    }
    patchboard::Result<std::unique_ptr<patchboard::ui::BoardConnection>>
    connectTo(const QUrl &url) override
    {
        return openFile(url.toString());
    }
    patchboard::Result<QString> demoBoard() override { return QStringLiteral("/tmp/demo.board"); }
    QString newBoardPath(const QString &name) override
    {
        return name.isEmpty() ? QStringLiteral("/tmp/board-%1.board").arg(++m_count)
                              : QStringLiteral("/tmp/%1.board").arg(name);
    }

    std::unique_ptr<patchboard::discovery::HostBrowser> browseHosts() override
    {
        auto browser = std::make_unique<MemoryBrowser>();
        browser->tell(found);
        browsers.append(browser.get());
        return browser;
    }
    /// What everybody who looks sees from now on.
    void setFound(const MemoryBrowser::Found &all)
    {
        found = all;
        for (const QPointer<MemoryBrowser> &browser : std::as_const(browsers)) {
            if (browser)
                browser->tell(found);
        }
    }

    MemoryBrowser::Found found;
    QList<QPointer<MemoryBrowser>> browsers;
    MemoryConnection *last = nullptr; ///< the one that was opened last

private:
    int m_count = 0;
};
