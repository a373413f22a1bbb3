#pragma once

#include "model/sync/transport.h"

#include <QSslCertificate>
#include <QUrl>
#include <QWebSocket>

namespace patchboard {

/// A client's WebSocket to a host: binary frames on ws://HOST:PORT/sync (or wss).
class WebSocketTransport final : public Transport
{
    Q_OBJECT
public:
    /// A URL without a path gets /sync. @a trusted: certificates that are trusted beside those of
    /// the system (wss).
    explicit WebSocketTransport(const QUrl &url, const QList<QSslCertificate> &trusted = {},
                                QObject *parent = nullptr);

    void open() override;
    void send(const QByteArray &frame) override;
    void abort() override;
    void finish() override;
    [[nodiscard]] qint64 bytesToWrite() const override;

    static TransportFactory factory(const QUrl &url, const QList<QSslCertificate> &trusted = {});

private:
    QUrl m_url;
    QWebSocket m_socket;
    bool m_ended = false;
    QString m_distrust; ///< why the host's certificate is not trusted
};

} // namespace patchboard
