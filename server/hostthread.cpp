#include "server/hostthread.h"

#include "model/sync/loopback.h"
#include "server/network.h"
#include "server/store/sqlitestore.h"

#include <QCoreApplication>

namespace patchboard::server {

/// What lives in the host's thread. Its members go in the order of their destruction there.
struct HostThread::Inside : public QObject
{
    std::unique_ptr<Store> store; ///< until the host has it
    std::unique_ptr<Host> host;
    std::unique_ptr<LoopbackListener> listener;
    std::unique_ptr<NetworkServer> network;
    Result<void> result; ///< of read()

    Result<void> open(const Options &options)
    {
        SqliteStore::Options storeOptions;
        storeOptions.create = options.create;
        storeOptions.durability = options.durability;
        auto opened = SqliteStore::open(options.file, storeOptions);
        if (!opened)
            return opened.error();
        store = std::move(*opened);
        listener = std::make_unique<LoopbackListener>();
        connect(listener.get(), &LoopbackListener::incoming, this, [this](Transport *transport) {
            auto link = std::make_unique<TransportLink>(std::unique_ptr<Transport>(transport));
            if (host)
                host->addClient(std::move(link));
        });
        return {};
    }

    Result<void> read(const Options &options, Log &log)
    {
        Host::Options hostOptions;
        hostOptions.serverName = options.serverName;
        auto opened = Host::open(std::move(store), hostOptions, log);
        if (!opened)
            return opened.error();
        host = std::move(*opened);
        return options.demo ? host->seedDemo() : Result<void>();
    }

    /// A token for the time of an offer, if one is needed. Empty: it is not.
    Result<QString> addShareToken(bool outside, access::Role role)
    {
        const QString path = access::TokenFile::pathFor(host->name());
        removeShareToken(); // that of a program that could not do it
        if (!outside) {
            const auto others = access::TokenFile::openExisting(path);
            if (!others)
                return others.error();
            if (!*others)
                return QString();
            const auto tokens = (*others)->tokens();
            if (!tokens)
                return tokens.error();
            if (tokens->isEmpty())
                return QString();
        }
        const auto file = access::TokenFile::open(path);
        if (!file)
            return file.error();
        const auto added = (*file)->add(shareTokenName(), role, std::nullopt, host->now());
        if (!added)
            return added.error();
        return QString::fromLatin1(added->text);
    }

    void removeShareToken()
    {
        const auto file = access::TokenFile::openExisting(access::TokenFile::pathFor(host->name()));
        if (file && *file)
            (void)(*file)->remove(shareTokenName());
    }

    void unshare()
    {
        if (!network)
            return;
        network.reset();
        removeShareToken();
    }

    static QString shareTokenName() { return QStringLiteral("shared window"); }

    void close()
    {
        unshare();
        if (host)
            host->finish();
        listener.reset();
        host.reset();
        store.reset();
    }
};

HostThread::HostThread(const Options &options, QObject *parent)
    : QObject(parent)
    , m_options(options)
    , m_log(std::make_unique<Log>(options.log, LogLevel::Info, false))
    , m_inside(new Inside)
{
    m_thread.setObjectName(QStringLiteral("host"));
    m_inside->moveToThread(&m_thread);
    m_thread.start();
}

HostThread::~HostThread()
{
    stop();
}

void HostThread::stop()
{
    if (!m_inside)
        return;
    QMetaObject::invokeMethod(
        m_inside,
        [this] {
            m_inside->close();
            delete m_inside;
        },
        Qt::BlockingQueuedConnection);
    m_inside = nullptr;
    m_open = false;
    m_port = 0;
    m_thread.quit();
    m_thread.wait();
}

Result<void> HostThread::readInside()
{
    auto result = m_inside->read(m_options, *m_log);
    if (!result) {
        m_inside->close();
        return result;
    }
    connect(
        m_inside->host.get(), &Host::clientsChanged, this,
        [this, host = m_inside->host.get()] {
            const qsizetype count = host->clientCount();
            QMetaObject::invokeMethod(this, [this, count] { Q_EMIT clientCountChanged(count); });
        },
        Qt::DirectConnection);
    return result;
}

Result<void> HostThread::open()
{
    Result<void> result;
    QMetaObject::invokeMethod(
        m_inside,
        [this, &result] {
            result = m_inside->open(m_options);
            if (result)
                m_factory = m_inside->listener->factory();
        },
        Qt::BlockingQueuedConnection);
    if (result) {
        QMetaObject::invokeMethod(
            m_inside, [this] { m_inside->result = readInside(); }, Qt::QueuedConnection);
    }
    return result;
}

Result<void> HostThread::waitUntilRead()
{
    Result<void> result;
    QMetaObject::invokeMethod(
        m_inside, [this, &result] { result = m_inside->result; }, Qt::BlockingQueuedConnection);
    m_open = result.ok();
    return result;
}

TransportFactory HostThread::factory() const
{
    return m_factory;
}

Result<quint16> HostThread::share(const QHostAddress &address, quint16 port, access::Role role)
{
    Result<quint16> result = Error{Errc::Unavailable, tr("The board is not open")};
    if (!m_open)
        return result;
    unshare();
    QMetaObject::invokeMethod(
        m_inside,
        [&] {
            auto token = m_inside->addShareToken(!address.isLoopback(), role);
            if (!token) {
                result = token.error();
                return;
            }
            auto network =
                std::make_unique<NetworkServer>(*m_inside->host, NetworkServer::Options());
            if (auto ok = network->listen(address, port); !ok) {
                result = ok.error();
                m_inside->removeShareToken();
                return;
            }
            result = network->port();
            m_inside->network = std::move(network);
            m_shareToken = *token;
            m_boardId = m_inside->host->epoch();
        },
        Qt::BlockingQueuedConnection);
    if (result)
        m_port = *result;
    return result;
}

void HostThread::unshare()
{
    if (m_port == 0)
        return;
    QMetaObject::invokeMethod(
        m_inside, [this] { m_inside->unshare(); }, Qt::BlockingQueuedConnection);
    m_port = 0;
    m_shareToken.clear();
}

} // namespace patchboard::server
