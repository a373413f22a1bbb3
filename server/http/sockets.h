#pragma once

#include <QTcpSocket>

namespace patchboard::http {

/// Bytes that a socket has taken and the kernel has not, encrypted or yet to be.
qint64 unsentBytes(const QTcpSocket &socket);

/// Gives bytes to a socket behind what it has been given. What the kernel takes at once goes there
/// without a copy, and neither bytesWritten() nor the next turn of the event loop is heard of it.
void writeAtOnce(QTcpSocket &socket, const QByteArray &bytes);

} // namespace patchboard::http
