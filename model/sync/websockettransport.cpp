#include "model/sync/websockettransport.h"

#include "model/wire/messages.h"

#include <QCryptographicHash>
#include <QSslConfiguration>
#include <QSslError>
#include <QSslSocket>
#include <QTcpSocket>

namespace patchboard {

WebSocketTransport::WebSocketTransport(const QUrl &url, const QList<QSslCertificate> &trusted,
                                       std::shared_ptr<HostTrust> trust, QObject *parent)
    : Transport(parent)
    , m_url(url)
    , m_trust(std::move(trust))
{
    if (!trusted.isEmpty()) {
        QSslConfiguration tls = m_socket.sslConfiguration();
        tls.addCaCertificates(trusted);
        m_socket.setSslConfiguration(tls);
    }
    connect(&m_socket, &QWebSocket::sslErrors, this, &WebSocketTransport::checkErrors);
    if (m_url.path().isEmpty() || m_url.path() == QLatin1String("/"))
        m_url.setPath(QStringLiteral("/sync"));
    // The default is 2 GB.
    m_socket.setMaxAllowedIncomingFrameSize(quint64(wire::kMaxFrameBytes));
    m_socket.setMaxAllowedIncomingMessageSize(quint64(wire::kMaxFrameBytes));
    const auto end = [this] {
        if (m_ended)
            return;
        m_ended = true;
        const bool normal = m_socket.error() == QAbstractSocket::RemoteHostClosedError ||
                            m_socket.error() == QAbstractSocket::UnknownSocketError;
        if (!m_distrust.isEmpty()) {
            Q_EMIT closed(m_distrust);
            return;
        }
        Q_EMIT closed(normal ? tr("The host has closed the connection") : m_socket.errorString());
    };
    connect(&m_socket, &QWebSocket::connected, this, [this, end] {
        // Nothing of ours has been sent yet, but the request for /sync.
        const QSslCertificate certificate = hostCertificate();
        if (m_trust && !certificate.isNull()) {
            const QString address = HostTrust::addressOf(m_url);
            const QByteArray digest = certificate.digest(QCryptographicHash::Sha256);
            if (!m_trust->pinned(address).isEmpty() && !m_trust->isTrusted(address, digest)) {
                distrust(certificate, {tr("It is not the certificate that you trust")});
                end();
                m_socket.abort();
                return;
            }
        }
        if (auto *socket = m_socket.findChild<QTcpSocket *>())
            socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        Q_EMIT opened();
    });
    connect(&m_socket, &QWebSocket::binaryMessageReceived, this, &Transport::received);
    connect(&m_socket, &QWebSocket::bytesWritten, this, &Transport::drained);
    connect(&m_socket, &QWebSocket::disconnected, this, end);
    connect(&m_socket, QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error), this, end);
}

QSslCertificate WebSocketTransport::hostCertificate() const
{
    // The socket below knows it before the handshake has ended, and of the whole chain which it is.
    const auto *socket = m_socket.findChild<QSslSocket *>();
    return socket ? socket->peerCertificate() : m_socket.sslConfiguration().peerCertificate();
}

void WebSocketTransport::checkErrors(const QList<QSslError> &errors)
{
    if (errors.isEmpty())
        return;
    QSslCertificate certificate = hostCertificate();
    if (certificate.isNull())
        certificate = errors.first().certificate();
    if (m_trust && m_trust->isTrusted(HostTrust::addressOf(m_url),
                                      certificate.digest(QCryptographicHash::Sha256))) {
        m_socket.ignoreSslErrors(errors); // this very certificate is trusted here, whatever it says
        return;
    }
    QStringList reasons;
    for (const QSslError &error : errors) {
        if (!reasons.contains(error.errorString()))
            reasons.append(error.errorString());
    }
    distrust(certificate, reasons);
}

void WebSocketTransport::distrust(const QSslCertificate &certificate, const QStringList &reasons)
{
    const QByteArray digest = certificate.digest(QCryptographicHash::Sha256);
    m_distrust = tr("The certificate of %1 is not trusted: %2 (SHA-256 %3)")
                     .arg(m_url.host(), reasons.join(QStringLiteral("; ")),
                          QString::fromLatin1(digest.toHex(':')));
    if (!m_trust)
        return;
    const auto nameIn = [&certificate](auto what) {
        for (const auto field : {QSslCertificate::CommonName, QSslCertificate::Organization}) {
            const QStringList values = (certificate.*what)(field);
            if (!values.isEmpty() && !values.first().isEmpty())
                return values.join(QStringLiteral(", "));
        }
        return QString();
    };
    Distrust report;
    report.address = HostTrust::addressOf(m_url);
    report.fingerprint = digest;
    report.expected = m_trust->pinned(report.address);
    if (report.expected == digest)
        report.expected.clear();
    using Info = QStringList (QSslCertificate::*)(QSslCertificate::SubjectInfo) const;
    report.subject = nameIn(static_cast<Info>(&QSslCertificate::subjectInfo));
    report.issuer = nameIn(static_cast<Info>(&QSslCertificate::issuerInfo));
    report.names = certificate.subjectAlternativeNames().values();
    report.names.sort();
    report.validFrom = certificate.effectiveDate();
    report.validUntil = certificate.expiryDate();
    report.selfSigned = certificate.isSelfSigned();
    report.reasons = reasons;
    m_trust->report(report);
}

void WebSocketTransport::open()
{
    m_socket.open(m_url);
}

void WebSocketTransport::send(const QByteArray &frame)
{
    if (!m_ended && m_socket.isValid())
        m_socket.sendBinaryMessage(frame);
}

void WebSocketTransport::abort()
{
    m_ended = true;
    m_socket.abort();
}

void WebSocketTransport::finish()
{
    m_ended = true;
    m_socket.flush();
    m_socket.close();
}

qint64 WebSocketTransport::bytesToWrite() const
{
    return m_socket.bytesToWrite();
}

TransportFactory WebSocketTransport::factory(const QUrl &url, const QList<QSslCertificate> &trusted,
                                             const std::shared_ptr<HostTrust> &trust)
{
    return
        [url, trusted, trust] { return std::make_unique<WebSocketTransport>(url, trusted, trust); };
}

} // namespace patchboard
