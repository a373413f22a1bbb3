#include "app/desktop/kepttokens.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QStandardPaths>

namespace patchboard::app {

namespace {

QJsonObject readKept()
{
    QFile file(keptTokensFile());
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject();
}

} // namespace

QString keptTokensFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) +
           QStringLiteral("/tokens.json");
}

QString keptToken(const QString &address)
{
    return readKept().value(address).toString();
}

void keepToken(const QString &address, const QString &token)
{
    QJsonObject all = readKept();
    if (all.value(address).toString() == token)
        return;
    if (token.isEmpty())
        all.remove(address);
    else
        all.insert(address, token);
    if (!QDir().mkpath(QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation)))
        return;
    QSaveFile file(keptTokensFile());
    if (!file.open(QIODevice::WriteOnly))
        return;
    // Before there is anything in it.
    if (!file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        return;
    file.write(QJsonDocument(all).toJson());
    file.commit();
}

} // namespace patchboard::app
