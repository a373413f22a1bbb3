#pragma once

#include "model/sync/hosttrust.h"
#include "model/sync/transport.h"

#include <QSslCertificate>
#include <QUrl>
#include <QWebSocket>

#include <memory>

class QSslError;

namespace patchboard {

/// A client's WebSocket to a host: binary frames on ws://HOST:PORT/sync (or wss).
class WebSocketTransport final : public Transport
{
    Q_OBJECT
public:
    /// A URL without a path gets /sync. @a trusted: certificates that are trusted beside those of
    /// the system (wss). @a trust decides over what they do not vouch for, and is told; without it
    /// nothing of that is trusted. A certificate other than the one that it has for the address is
    /// refused even if somebody vouches for it.
    explicit WebSocketTransport(const QUrl &url, const QList<QSslCertificate> &trusted = {},
                                std::shared_ptr<HostTrust> trust = nullptr,
                                QObject *parent = nullptr);

    void open() override;
    void send(const QByteArray &frame) override;
    void abort() override;
    void finish() override;
    [[nodiscard]] qint64 bytesToWrite() const override;

    static TransportFactory factory(const QUrl &url, const QList<QSslCertificate> &trusted = {},
                                    const std::shared_ptr<HostTrust> &trust = nullptr);

private:
    void checkErrors(const QList<QSslError> &errors);
    /// Says what is wrong with the host's certificate.
    void distrust(const QSslCertificate &certificate, const QStringList &reasons);
    [[nodiscard]] QSslCertificate hostCertificate() const;

    QUrl m_url;
    QWebSocket m_socket;
    std::shared_ptr<HostTrust> m_trust;
    bool m_ended = false;
    QString m_distrust; ///< why the host's certificate is not trusted
};

} // namespace patchboard
