#pragma once

#include "tests/support/memorysession.h"
#include "ui/mainwindow/board.h"

#include <QHash>
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
    QStringList copies;

private:
    MemorySession m_session;
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

    MemoryConnection *last = nullptr; ///< the one that was opened last

private:
    int m_count = 0;
};
