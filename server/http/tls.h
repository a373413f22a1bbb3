#pragma once

#include "model/core/result.h"

#include <QSslConfiguration>
#include <QTcpSocket>

namespace patchboard::http {

/// What a host needs for TLS 1.2 and newer: a certificate with its chain, and its key without a
/// passphrase, both PEM.
Result<QSslConfiguration> readTls(const QString &certificateFile, const QString &keyFile);

/// Bytes that a socket has taken and the kernel has not, encrypted or yet to be.
qint64 unsentBytes(const QTcpSocket &socket);

} // namespace patchboard::http
