#pragma once

#include "model/sync/hosttrust.h"

namespace patchboard::app {

/// Certificates of hosts that this user trusts for good, by "host:port", in a file of the settings
/// that nobody else writes.
QHash<QString, QByteArray> keptTrust();
/// What cannot be kept is asked for again the next time.
void keepTrust(const QString &address, const QByteArray &fingerprint);
QString keptTrustFile();

} // namespace patchboard::app
