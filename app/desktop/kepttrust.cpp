#include "app/desktop/kepttrust.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QStandardPaths>

namespace patchboard::app {

QString keptTrustFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) +
           QStringLiteral("/certificates.json");
}

QHash<QString, QByteArray> keptTrust()
{
    QHash<QString, QByteArray> out;
    QFile file(keptTrustFile());
    if (!file.open(QIODevice::ReadOnly))
        return out;
    const QJsonObject all = QJsonDocument::fromJson(file.readAll()).object();
    for (auto it = all.constBegin(); it != all.constEnd(); ++it) {
        const QByteArray fingerprint = HostTrust::fingerprintFrom(it.value().toString());
        if (!fingerprint.isEmpty())
            out.insert(it.key(), fingerprint);
    }
    return out;
}

void keepTrust(const QString &address, const QByteArray &fingerprint)
{
    // Another window of this user may have added to it.
    QHash<QString, QByteArray> trusted = keptTrust();
    trusted.insert(address, fingerprint);
    QJsonObject all;
    for (auto it = trusted.cbegin(); it != trusted.cend(); ++it)
        all.insert(it.key(), HostTrust::fingerprintText(it.value()));
    if (!QDir().mkpath(QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation)))
        return;
    QSaveFile file(keptTrustFile());
    if (!file.open(QIODevice::WriteOnly) ||
        !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        return;
    file.write(QJsonDocument(all).toJson());
    file.commit();
}

} // namespace patchboard::app
