#include "tests/server/boards.h"

#include <QDir>
#include <QFile>

namespace patchboard::server {

OpenBoard::OpenBoard(const QString &path, const SqliteStore::Options &options)
{
    auto opened = SqliteStore::open(path, options);
    if (!opened) {
        error = opened.error();
        return;
    }
    store = std::move(*opened);
    auto state = store->load(topology);
    if (!state) {
        error = state.error();
        return;
    }
    authority = std::make_unique<Authority>(topology, std::move(*state), *store);
}

Result<void> OpenBoard::commit(const QList<Edit> &edits)
{
    auto outcome = authority->submitLocal(edits, QStringLiteral("tester"), QStringLiteral("test"),
                                          1'700'000'000'000);
    if (!outcome)
        return outcome.error();
    return flush();
}

Result<void> OpenBoard::flush()
{
    const CommitBatch batch = authority->takeBatch();
    if (batch.isEmpty())
        return {};
    auto stored = store->write(batch);
    if (stored)
        authority->committed();
    else
        authority->failed(stored.error());
    return stored;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QMap<QString, QByteArray> folderOf(const QString &path)
{
    QMap<QString, QByteArray> out;
    for (const QString &name : QDir(path).entryList(QDir::Files | QDir::Hidden))
        out.insert(name, contentOf(QDir(path).filePath(name)));
    return out;
}

} // namespace patchboard::server
