#include "server/store/filelock.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace patchboard::server {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct LockText
{
    Q_DECLARE_TR_FUNCTIONS(Store)
};

/// Somebody may have unlinked the file between our open() and our flock().
bool stillThere(const QByteArray &path, int descriptor)
{
    struct stat opened = {};
    struct stat named = {};
    return ::fstat(descriptor, &opened) == 0 && ::stat(path.constData(), &named) == 0 &&
           opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

} // namespace

FileLock::FileLock(QByteArray path, int descriptor)
    : m_path(std::move(path))
    , m_descriptor(descriptor)
{
}

FileLock::~FileLock()
{
    ::unlink(m_path.constData());
    ::close(m_descriptor);
}

Result<std::unique_ptr<FileLock>> FileLock::take(const QString &boardPath)
{
    const QByteArray path = QFile::encodeName(boardPath + QStringLiteral("-lock"));
    for (;;) {
        const int descriptor =
            ::open(path.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (descriptor < 0) {
            return Error{Errc::Storage,
                         LockText::tr("%1 cannot be written: %2")
                             .arg(boardPath, QString::fromLocal8Bit(std::strerror(errno)))};
        }
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            char owner[32] = {};
            const ssize_t length = ::pread(descriptor, owner, sizeof owner - 1, 0);
            ::close(descriptor);
            const QString process =
                length > 0 ? QString::fromLatin1(owner).trimmed() : QStringLiteral("?");
            return Error{Errc::Conflict,
                         LockText::tr("%1 is open in another program (process %2). Close it there, "
                                      "or connect to it instead of opening the file.")
                             .arg(boardPath, process)};
        }
        if (!stillThere(path, descriptor)) {
            ::close(descriptor);
            continue;
        }
        const QByteArray owner = QByteArray::number(qint64(::getpid())) + '\n';
        if (::ftruncate(descriptor, 0) != 0 ||
            ::pwrite(descriptor, owner.constData(), size_t(owner.size()), 0) != owner.size()) {
            // The lock holds all the same; only the message to others says less.
        }
        return std::unique_ptr<FileLock>(new FileLock(path, descriptor));
    }
}

} // namespace patchboard::server
