#pragma once

#include "tests/server/httpclient.h"
#include "tests/support/hostprocess.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

/// A test class whose every test has a real host of its own, on a board in a folder of its own.
class HostTest : public QObject
{
protected:
    /// For init().
    void begin(const QStringList &options = {})
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<HostProcess>();
        start(options);
    }
    /// Also after m_server has ended, on the same board.
    void start(const QStringList &options = {})
    {
        QVERIFY2(m_server->start(boardFile(), QStringList{QStringLiteral("--durability"),
                                                          QStringLiteral("normal")} +
                                                  options),
                 m_server->log().constData());
        m_http = std::make_unique<HttpClient>(m_server->port());
    }
    /// For cleanup(): it ends as it should, and had nothing to complain of. @a usual: of its log,
    /// what is no complaint.
    void end(const QByteArray &usual = {})
    {
        m_http.reset();
        QCOMPARE(m_server->terminate(), 0);
        QByteArray log = m_server->log();
        if (!usual.isEmpty())
            log.replace(usual, "");
        QVERIFY2(!log.contains("WARN") && !log.contains("ERROR"), log.constData());
    }
    [[nodiscard]] QString boardFile() const
    {
        return m_folder->filePath(QStringLiteral("a.board"));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HostProcess> m_server;
    std::unique_ptr<HttpClient> m_http;
};
