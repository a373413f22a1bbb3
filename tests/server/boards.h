#pragma once

#include "server/store/sqlitestore.h"

#include <QTemporaryDir>
#include <QTest>

/// Boards for tests of the host.
namespace patchboard::server {

/// A store with its authority: what a Host is, without clients.
struct OpenBoard
{
    Topology topology;
    std::unique_ptr<SqliteStore> store;
    std::unique_ptr<Authority> authority;
    Error error;

    explicit OpenBoard(const QString &path, const SqliteStore::Options &options = {});
    [[nodiscard]] bool ok() const { return authority != nullptr; }
    EntityId newId() { return authority->newLocalId(); }
    /// One change in one batch.
    Result<void> commit(const QList<Edit> &edits);
    Result<void> flush();
};

/// The bytes of a file.
QByteArray contentOf(const QString &path);
/// Every file of a folder: name and bytes.
QMap<QString, QByteArray> folderOf(const QString &path);

} // namespace patchboard::server
