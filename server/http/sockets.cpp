#include "server/http/sockets.h"

#include <QSslSocket>

#include <sys/socket.h>

namespace patchboard::http {

qint64 unsentBytes(const QTcpSocket &socket)
{
    const auto *encrypted = qobject_cast<const QSslSocket *>(&socket);
    return socket.bytesToWrite() + (encrypted ? encrypted->encryptedBytesToWrite() : 0);
}

void writeAtOnce(QTcpSocket &socket, const QByteArray &bytes)
{
    const bool plain = socket.metaObject() == &QTcpSocket::staticMetaObject;
    if (!plain || unsentBytes(socket) > 0) {
        socket.write(bytes); // queued, shared with everybody else's queue
        return;
    }
    const ssize_t sent = ::send(int(socket.socketDescriptor()), bytes.constData(),
                                size_t(bytes.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == bytes.size())
        return;
    if (sent <= 0)
        socket.write(bytes); // full, or broken: the socket will find out which
    else
        socket.write(bytes.sliced(sent));
}

} // namespace patchboard::http
