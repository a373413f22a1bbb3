#include "app/desktop/boards.h"

#include "app/commands/boardcopy.h"
#include "app/desktop/kepttokens.h"
#include "discovery/hostannouncer.h"
#include "model/sync/journal.h"
#include "model/sync/syncclient.h"
#include "model/sync/websockettransport.h"
#include "model/topologymodel.h"
#include "server/hostthread.h"
#include "server/store/sqlitestore.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QHostAddress>
#include <QNetworkInterface>
#include <QSettings>
#include <QStandardPaths>
#include <QUrl>

#include <pwd.h>
#include <unistd.h>

namespace patchboard::app {

namespace {

struct DesktopText
{
    Q_DECLARE_TR_FUNCTIONS(Desktop)
};

QString dataFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
}

SyncClient::Options clientOptions(const QString &address, const QString &server)
{
    SyncClient::Options options;
    options.server = server;
    options.author = userName();
    options.journalFolder = dataFolder() + QStringLiteral("/journals");
    options.journalName = Journal::nameFor(address);
    return options;
}

/// A board file: its host runs beside the windows, and goes after the session has.
class LocalBoard final : public ui::BoardConnection
{
public:
    explicit LocalBoard(std::unique_ptr<server::HostThread> host)
        : m_host(std::move(host))
    {
        SyncClient::Options options =
            clientOptions(m_host->file(), DesktopText::tr("this computer"));
        options.transport = m_host->factory();
        m_session = std::make_unique<SyncClient>(std::move(options));
    }
    ~LocalBoard() override
    {
        m_announcer.reset();
        m_session.reset();
    }

    Result<void> waitUntilRead() { return m_host->waitUntilRead(); }

    [[nodiscard]] Session &session() override { return *m_session; }
    Result<void> saveCopy(const QString &path) override
    {
        // The file dialog has asked before it named a file that exists.
        return server::backupBoard(m_host->file(), path, true);
    }

    [[nodiscard]] QList<ui::ShareAddress> shareAddresses() const override
    {
        QList<ui::ShareAddress> all{{QStringLiteral("127.0.0.1"), false}};
        for (const QHostAddress &address : outsideAddresses())
            all.append({address.toString(), true});
        all.append({QStringLiteral("0.0.0.0"), true});
        return all;
    }
    Result<void> share(const ui::ShareOffer &offer) override
    {
        unshare();
        const ui::ShareAddress &at = offer.at;
        const auto role =
            offer.right == ui::ShareRight::Look ? access::Role::Viewer : access::Role::Editor;
        const QHostAddress listening(at.address);
        const auto shared = m_host->share(listening, offer.port, role);
        if (!shared)
            return shared.error();
        const QList<QHostAddress> reached = at.address == QLatin1String("0.0.0.0")
                                                ? outsideAddresses()
                                                : QList<QHostAddress>{QHostAddress(at.address)};
        m_sharing.port = *shared;
        m_sharing.token = m_host->shareToken();
        const QString query =
            m_sharing.token.isEmpty() ? QString() : QStringLiteral("?token=") + m_sharing.token;
        for (const QHostAddress &address : reached)
            m_sharing.addresses.append(
                QStringLiteral("ws://%1:%2").arg(address.toString()).arg(*shared) + query);
        if (offer.announced && discovery::HostAnnouncer::isWorthwhile(listening)) {
            m_announcer = std::make_unique<discovery::HostAnnouncer>(discovery::Announcement{
                title(), m_host->boardId(), listening, *shared, false, !m_sharing.token.isEmpty()});
            QObject::connect(m_session->model(), &TopologyModel::changed, m_announcer.get(),
                             [this] { m_announcer->setBoard(title()); });
        }
        return {};
    }
    void unshare() override
    {
        m_announcer.reset();
        m_host->unshare();
        m_sharing = {};
    }
    [[nodiscard]] ui::Sharing sharing() const override { return m_sharing; }
    [[nodiscard]] discovery::HostAnnouncer *announcer() const override { return m_announcer.get(); }

private:
    [[nodiscard]] QString title() const
    {
        const QString title = m_session->topology().board().title;
        return title.isEmpty() ? QFileInfo(m_host->file()).completeBaseName() : title;
    }
    /// Of the networks that this machine is in.
    static QList<QHostAddress> outsideAddresses()
    {
        QList<QHostAddress> out;
        for (const QHostAddress &address : QNetworkInterface::allAddresses()) {
            if (address.protocol() == QAbstractSocket::IPv4Protocol && !address.isLoopback() &&
                !address.isLinkLocal())
                out.append(address);
        }
        return out;
    }

    ui::Sharing m_sharing;
    std::unique_ptr<server::HostThread> m_host;
    std::unique_ptr<SyncClient> m_session;
    std::unique_ptr<discovery::HostAnnouncer> m_announcer; ///< while it is shared
};

class RemoteBoard final : public ui::BoardConnection
{
public:
    RemoteBoard(const QUrl &location, const QList<QSslCertificate> &trusted,
                std::shared_ptr<HostTrust> trust)
        : m_trust(std::move(trust))
    {
        const auto [url, token] = ui::splitToken(location);
        m_address = url.authority(QUrl::FullyEncoded);
        m_trustAddress = HostTrust::addressOf(url);
        if (!token.isEmpty())
            keepToken(m_address, token);
        const QString server =
            url.port() < 0 ? url.host() : QStringLiteral("%1:%2").arg(url.host()).arg(url.port());
        SyncClient::Options options =
            clientOptions(url.toString(QUrl::RemoveUserInfo | QUrl::StripTrailingSlash), server);
        options.transport = WebSocketTransport::factory(url, trusted, m_trust);
        options.token = token.isEmpty() ? keptToken(m_address) : token;
        m_session = std::make_unique<SyncClient>(std::move(options));
    }

    [[nodiscard]] std::optional<Distrust> distrust() const override
    {
        return m_trust->distrust(m_trustAddress);
    }
    void trust(const Distrust &distrust, bool always) override
    {
        if (always)
            m_trust->trustAlways(distrust.address, distrust.fingerprint);
        else
            m_trust->trustOnce(distrust.address, distrust.fingerprint);
        m_session->reconnectNow();
    }
    void setToken(const QString &token) override
    {
        keepToken(m_address, token);
        m_session->setToken(token);
    }
    [[nodiscard]] Session &session() override { return *m_session; }
    Result<void> saveCopy(const QString &path) override
    {
        if (!m_session->status().ready) {
            return Error{Errc::Unavailable,
                         DesktopText::tr("The board has not come from the server yet")};
        }
        return writeBoardCopy(m_session->topology(), path, true);
    }

private:
    std::shared_ptr<HostTrust> m_trust;
    QString m_trustAddress;
    QString m_address;
    std::unique_ptr<SyncClient> m_session;
};

Result<std::unique_ptr<server::HostThread>> startHost(const QString &path, bool demo)
{
    server::HostThread::Options options;
    options.file = path;
    options.demo = demo;
    auto host = std::make_unique<server::HostThread>(options);
    if (auto opened = host->open(); !opened)
        return opened.error();
    return host;
}

} // namespace

Result<std::unique_ptr<ui::BoardConnection>> Boards::openFile(const QString &path)
{
    auto host = startHost(path, false);
    if (!host)
        return host.error();
    // The session takes up its own copy of the board while the host reads the file.
    auto board = std::make_unique<LocalBoard>(std::move(host).value());
    if (auto read = board->waitUntilRead(); !read)
        return read.error();
    return std::unique_ptr<ui::BoardConnection>(std::move(board));
}

Result<std::unique_ptr<ui::BoardConnection>> Boards::connectTo(const QUrl &url)
{
    return std::unique_ptr<ui::BoardConnection>(
        std::make_unique<RemoteBoard>(url, m_trusted, m_trust));
}

std::unique_ptr<discovery::HostBrowser> Boards::browseHosts()
{
    return discovery::browseWithAvahi();
}

Result<QString> Boards::demoBoard()
{
    const QString path = dataFolder() + QStringLiteral("/demo.board");
    if (QFileInfo::exists(path))
        return path;
    if (!QDir().mkpath(dataFolder())) {
        return Error{Errc::Storage,
                     DesktopText::tr("The folder %1 cannot be made").arg(dataFolder())};
    }
    // Filled once; what is done to it afterwards stays.
    auto host = startHost(path, true);
    if (!host)
        return host.error();
    if (auto seeded = host.value()->waitUntilRead(); !seeded)
        return seeded.error();
    return path;
}

QString Boards::newBoardPath(const QString &name)
{
    QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    if (folder.isEmpty() || !QDir().mkpath(folder))
        folder = QDir::homePath();
    for (int number = 1;; ++number) {
        QString file = DesktopText::tr("Board %1").arg(number);
        if (!name.isEmpty())
            file = number == 1 ? name : QStringLiteral("%1-%2").arg(name).arg(number);
        const QString path = QStringLiteral("%1/%2.board").arg(folder, file);
        if (!QFileInfo::exists(path))
            return path;
    }
}

QString userName()
{
    if (const QString own = QSettings().value(QStringLiteral("name")).toString(); !own.isEmpty())
        return own;
    if (const passwd *user = ::getpwuid(::geteuid())) {
        const QString full = QString::fromLocal8Bit(user->pw_gecos).section(u',', 0, 0).trimmed();
        return full.isEmpty() ? QString::fromLocal8Bit(user->pw_name) : full;
    }
    return DesktopText::tr("Somebody");
}

} // namespace patchboard::app
