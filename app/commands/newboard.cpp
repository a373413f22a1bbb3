#include "app/commands/newboard.h"

#include "server/host.h"
#include "server/store/filelock.h"
#include "server/store/sqlitestore.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace patchboard::app {

namespace {

struct NewBoardText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

Error cannotWrite(const QString &out, const QString &why)
{
    return {Errc::Storage, NewBoardText::tr("%1 cannot be written: %2").arg(out, why)};
}

} // namespace

Result<void>
writeNewBoard(const QString &out, bool overwrite, const QString &label,
              const std::function<QList<Edit>(const Topology &, const edits::IdSource &)> &fill)
{
    const QFileInfo target(out);
    if (target.isDir())
        return cannotWrite(out, NewBoardText::tr("it is a folder"));
    if (!target.absoluteDir().exists())
        return cannotWrite(
            out, NewBoardText::tr("the folder %1 does not exist").arg(target.absolutePath()));
    QTemporaryDir folder(target.absolutePath() + QStringLiteral("/.patchboard-new-XXXXXX"));
    if (!folder.isValid())
        return cannotWrite(out, folder.errorString());
    const QString name = folder.filePath(QStringLiteral("new.board"));
    {
        auto store = server::SqliteStore::open(name, {});
        if (!store)
            return store.error();
        server::Log log(nullptr, server::LogLevel::Error, false);
        auto host = server::Host::open(std::move(*store), {}, log);
        if (!host)
            return host.error();
        server::Host &board = **host;
        const QList<Edit> edits = fill(board.topology(), [&board] { return board.newId(); });
        if (!edits.isEmpty()) {
            if (const auto done = board.commit(edits, {}, label); !done)
                return done.error();
        }
        board.finish();
    }
    // Whoever has the old one open keeps it from being replaced.
    const auto lock = server::FileLock::take(target.absoluteFilePath());
    if (!lock)
        return lock.error();
    const QByteArray from = QFile::encodeName(name);
    const QByteArray to = QFile::encodeName(target.absoluteFilePath());
    if (overwrite ? ::rename(from.constData(), to.constData()) != 0
                  : ::link(from.constData(), to.constData()) != 0)
        return cannotWrite(out, QString::fromLocal8Bit(std::strerror(errno)));
    return {};
}

} // namespace patchboard::app
