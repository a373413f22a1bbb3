#include "server/probes/proberunner.h"

#include <QElapsedTimer>
#include <QNetworkProxy>
#include <QRandomGenerator>
#include <QSslSocket>

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace patchboard::server {

namespace {

constexpr qsizetype kStatusLineBytes = 1024; ///< of an HTTP answer; no more is read
constexpr qsizetype kCookieBytes = 16;

QString systemText(int error)
{
    return QString::fromLocal8Bit(std::strerror(error));
}

/// The status of "HTTP/1.1 200 OK"; 0 if it is none.
int statusOfLine(const QByteArray &line)
{
    if (!line.startsWith("HTTP/1.") || line.size() < 12 || line.at(8) != ' ')
        return 0;
    bool ok = false;
    const int status = line.mid(9, 3).toInt(&ok);
    return ok && status >= 100 && status <= 599 ? status : 0;
}

int openPingSocket(bool v6)
{
    return ::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                    v6 ? int(IPPROTO_ICMPV6) : int(IPPROTO_ICMP));
}

QString whyNoPingSocket(int error)
{
    if (error == EACCES || error == EPERM || error == EPROTONOSUPPORT || error == EAFNOSUPPORT)
        return QStringLiteral("this system does not permit ICMP echoes without privileges "
                              "(net.ipv4.ping_group_range)");
    return systemText(error);
}

} // namespace

ProbeCheck::ProbeCheck(ProbeSpec spec, int timeoutMs, const Networks &networks)
    : m_spec(std::move(spec))
    , m_networks(networks)
{
    m_timeout.setSingleShot(true);
    m_timeout.setInterval(timeoutMs);
    connect(&m_timeout, &QTimer::timeout, this, [this] {
        // Nothing is known of a device whose name was not found in time.
        if (m_lookup >= 0)
            end(ProbeOutcome::Unknown, QStringLiteral("its name was not found in time"));
        else
            end(ProbeOutcome::Down, QStringLiteral("no answer in time"));
    });
}

ProbeCheck::~ProbeCheck()
{
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(m_lookup);
    m_echoes.reset();
    if (m_icmp >= 0)
        ::close(m_icmp);
}

void ProbeCheck::begin()
{
    m_timeout.start();
    if (const QHostAddress address(m_spec.host); !address.isNull())
        takeAddresses({address});
    else
        m_lookup = QHostInfo::lookupHost(m_spec.host, this, &ProbeCheck::resolved);
}

void ProbeCheck::resolved(const QHostInfo &info)
{
    m_lookup = -1;
    if (info.error() != QHostInfo::NoError)
        end(ProbeOutcome::Unknown, QStringLiteral("its name was not found"));
    else
        takeAddresses(info.addresses());
}

void ProbeCheck::takeAddresses(const QList<QHostAddress> &found)
{
    for (const QHostAddress &address : found) {
        bool ok = false;
        const quint32 v4 = address.toIPv4Address(&ok); // also of ::ffff:192.0.2.1
        const QHostAddress plain = ok ? QHostAddress(v4) : address;
        const bool permitted =
            m_networks.isEmpty() ||
            std::any_of(m_networks.cbegin(), m_networks.cend(),
                        [&plain](const auto &network) { return plain.isInSubnet(network); });
        if (permitted)
            m_addresses.append(plain);
    }
    if (m_addresses.isEmpty() && !found.isEmpty())
        end(ProbeOutcome::Unknown, QStringLiteral("its network is not one that may be probed"));
    else
        askNext();
}

void ProbeCheck::askNext()
{
    if (m_addresses.isEmpty()) {
        end(ProbeOutcome::Unknown, QStringLiteral("its name has no address"));
        return;
    }
    const QHostAddress address = m_addresses.takeFirst();
    if (m_spec.kind == ProbeSpec::Kind::Icmp)
        askIcmp(address);
    else
        askTcp(address);
}

/// One address does not answer: the others may.
void ProbeCheck::failed(const QString &error)
{
    if (m_addresses.isEmpty()) {
        end(ProbeOutcome::Down, error);
        return;
    }
    if (m_socket)
        m_socket.release()->deleteLater(); // it is signalling
    askNext();
}

void ProbeCheck::askTcp(const QHostAddress &address)
{
    const bool encrypted = m_spec.kind == ProbeSpec::Kind::Https;
    auto *tls = encrypted ? new QSslSocket : nullptr;
    QTcpSocket *socket = encrypted ? tls : new QTcpSocket;
    m_socket.reset(socket);
    socket->setProxy(QNetworkProxy::NoProxy);
    connect(socket, &QTcpSocket::errorOccurred, this,
            [this, socket](QAbstractSocket::SocketError error) {
                if (socket != m_socket.get())
                    return;
                const QString text = socket->errorString();
                socket->disconnect(this);
                if (error == QAbstractSocket::SocketResourceError)
                    end(ProbeOutcome::Unknown, text);
                else
                    failed(text);
            });
    if (m_spec.kind == ProbeSpec::Kind::Tcp) {
        connect(socket, &QTcpSocket::connected, this, [this] { end(ProbeOutcome::Up, {}); });
        socket->connectToHost(address, m_spec.port);
        return;
    }
    const auto ask = [this, socket] {
        const bool usual = m_spec.port == (m_spec.kind == ProbeSpec::Kind::Https ? 443 : 80);
        const QString host = m_spec.host.contains(u':') ? u'[' + m_spec.host + u']' : m_spec.host;
        socket->write("GET " + m_spec.target + " HTTP/1.1\r\nHost: " + host.toLatin1() +
                      (usual ? QByteArray() : ':' + QByteArray::number(m_spec.port)) +
                      "\r\nUser-Agent: Patchboard-probe/" PATCHBOARD_VERSION
                      "\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    };
    socket->setReadBufferSize(kStatusLineBytes);
    connect(socket, &QTcpSocket::readyRead, this, &ProbeCheck::readHttp);
    if (!encrypted) {
        connect(socket, &QTcpSocket::connected, this, ask);
        socket->connectToHost(address, m_spec.port);
        return;
    }
    // Whether it answers is asked, not who it is: consoles of a lab have certificates of their own
    // making, and nothing secret is sent.
    tls->setPeerVerifyMode(QSslSocket::VerifyNone);
    connect(tls, &QSslSocket::encrypted, this, ask);
    tls->connectToHostEncrypted(address.toString(), m_spec.port, m_spec.host);
}

/// Of the answer only the status counts, and no more is read; a redirection is not followed.
void ProbeCheck::readHttp()
{
    m_answer += m_socket->read(kStatusLineBytes - m_answer.size());
    const qsizetype lineEnd = m_answer.indexOf('\n');
    if (lineEnd < 0 && m_answer.size() < kStatusLineBytes)
        return;
    const int status = statusOfLine(m_answer.left(lineEnd < 0 ? 0 : lineEnd));
    if (status >= 200 && status < 400)
        end(ProbeOutcome::Up, {});
    else if (status == 0)
        end(ProbeOutcome::Down, QStringLiteral("what it answers is not HTTP"));
    else
        end(ProbeOutcome::Down, QStringLiteral("HTTP status %1").arg(status));
}

void ProbeCheck::askIcmp(const QHostAddress &address)
{
    const bool v6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    m_icmp = openPingSocket(v6);
    if (m_icmp < 0) {
        end(ProbeOutcome::Unknown, whyNoPingSocket(errno));
        return;
    }
    sockaddr_storage to = {};
    socklen_t length = 0;
    if (v6) {
        auto *six = reinterpret_cast<sockaddr_in6 *>(&to);
        six->sin6_family = AF_INET6;
        const Q_IPV6ADDR bytes = address.toIPv6Address();
        std::memcpy(&six->sin6_addr, &bytes, sizeof bytes);
        if (const QByteArray scope = address.scopeId().toLatin1(); !scope.isEmpty()) {
            six->sin6_scope_id = ::if_nametoindex(scope.constData());
            if (six->sin6_scope_id == 0)
                six->sin6_scope_id = scope.toUInt();
        }
        length = sizeof *six;
    } else {
        auto *four = reinterpret_cast<sockaddr_in *>(&to);
        four->sin_family = AF_INET;
        four->sin_addr.s_addr = htonl(address.toIPv4Address());
        length = sizeof *four;
    }
    m_cookie.resize(kCookieBytes);
    for (char &byte : m_cookie)
        byte = char(QRandomGenerator::global()->bounded(256));
    // Identifier and checksum are the kernel's; both kinds of echo have the same head.
    QByteArray echo(8, '\0');
    echo[0] = char(v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO);
    echo[7] = 1; // number
    echo += m_cookie;
    // Connected: only what this address sends comes back, and its refusals as errors.
    if (::connect(m_icmp, reinterpret_cast<sockaddr *>(&to), length) != 0 ||
        ::send(m_icmp, echo.constData(), size_t(echo.size()), MSG_NOSIGNAL) != echo.size()) {
        const int error = errno;
        ::close(std::exchange(m_icmp, -1));
        if (error == EAGAIN || error == ENOBUFS || error == ENOMEM)
            end(ProbeOutcome::Unknown, systemText(error));
        else
            failed(systemText(error));
        return;
    }
    m_echoes = std::make_unique<QSocketNotifier>(m_icmp, QSocketNotifier::Read);
    connect(m_echoes.get(), &QSocketNotifier::activated, this, &ProbeCheck::readIcmp);
}

void ProbeCheck::readIcmp()
{
    char bytes[512];
    const ssize_t got = ::recv(m_icmp, bytes, sizeof bytes, 0);
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR)
            end(ProbeOutcome::Down, systemText(errno));
        return;
    }
    const auto answer = QByteArrayView(bytes, got);
    const auto type = got > 0 ? quint8(answer[0]) : quint8(255);
    if ((type == ICMP_ECHOREPLY || type == ICMP6_ECHO_REPLY) && answer.endsWith(m_cookie))
        end(ProbeOutcome::Up, {});
}

void ProbeCheck::end(ProbeOutcome outcome, const QString &error)
{
    if (std::exchange(m_ended, true))
        return;
    m_timeout.stop();
    if (m_socket)
        m_socket->disconnect(this);
    Q_EMIT finished(outcome, error);
}

ProbeRunner::ProbeRunner(Networks networks)
    : m_networks(std::move(networks))
{
}

ProbeRunner::~ProbeRunner() = default;

void ProbeRunner::ask(const ProbeSchedule::Question &question)
{
    auto check = std::make_unique<ProbeCheck>(question.spec, question.timeoutMs, m_networks);
    QElapsedTimer time;
    time.start();
    connect(check.get(), &ProbeCheck::finished, this,
            [this, run = question.run, time](ProbeOutcome outcome, const QString &error) {
                const auto it = m_open.find(run);
                if (it == m_open.end())
                    return;
                it->second.release()->deleteLater(); // it is signalling
                m_open.erase(it);
                Q_EMIT finished(run, outcome, error, double(time.nsecsElapsed()) / 1e9);
            });
    ProbeCheck *raw = check.get();
    m_open.emplace(question.run, std::move(check));
    raw->begin();
}

void ProbeRunner::cancel(quint64 run)
{
    m_open.erase(run);
}

QString ProbeRunner::whyNoIcmp()
{
    const int fd = openPingSocket(false);
    if (fd < 0)
        return whyNoPingSocket(errno);
    ::close(fd);
    return {};
}

} // namespace patchboard::server
