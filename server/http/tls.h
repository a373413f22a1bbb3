#pragma once

#include "model/core/result.h"

#include <QSslConfiguration>

namespace patchboard::http {

/// What a host needs for TLS 1.2 and newer: a certificate with its chain, and its key without a
/// passphrase, both PEM.
Result<QSslConfiguration> readTls(const QString &certificateFile, const QString &keyFile);

} // namespace patchboard::http
