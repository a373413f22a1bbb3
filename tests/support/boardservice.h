#pragma once

#include "model/sync/journal.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "ui/mainwindow/windows.h"

#include <QUrl>

namespace patchboard {

/// Connects to hosts, with a journal in a folder of the test.
class TestBoardService final : public ui::BoardService
{
public:
    TestBoardService(QString author, QString journals)
        : m_author(std::move(author))
        , m_journals(std::move(journals))
    {
    }

    static std::unique_ptr<SyncClient> client(const QUrl &url, const QString &author,
                                              const QString &journals)
    {
        SyncClient::Options options;
        options.transport = WebSocketTransport::factory(url);
        options.server = url.authority();
        options.author = author;
        options.journalFolder = journals;
        options.journalName = Journal::nameFor(url.toString());
        // The way back is part of the product; the test only does not want to wait 15 s for it.
        options.backOffLongest = 1000;
        return std::make_unique<SyncClient>(std::move(options));
    }

    Result<std::unique_ptr<ui::BoardConnection>> connectTo(const QUrl &url) override
    {
        struct Connection final : ui::BoardConnection
        {
            std::unique_ptr<SyncClient> client;
            Session &session() override { return *client; }
            Result<void> saveCopy(const QString &) override { return Error{Errc::Unavailable, {}}; }
        };
        auto connection = std::make_unique<Connection>();
        connection->client = client(url, m_author, m_journals);
        return std::unique_ptr<ui::BoardConnection>(std::move(connection));
    }
    Result<std::unique_ptr<ui::BoardConnection>> openFile(const QString &) override
    {
        return Error{Errc::Unavailable, {}};
    }
    Result<QString> demoBoard() override { return Error{Errc::Unavailable, {}}; }
    QString newBoardPath(const QString &) override { return {}; }
    std::unique_ptr<discovery::HostBrowser> browseHosts() override { return nullptr; }

private:
    QString m_author;
    QString m_journals;
};

} // namespace patchboard
