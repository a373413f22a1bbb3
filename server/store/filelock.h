#pragma once

#include "model/core/result.h"

#include <QString>

#include <memory>

namespace patchboard::server {

/// One process at a time writes a board. The lock is a file beside the board's (NAME.board-lock)
/// that the kernel lets go of when the process ends, however it ends.
class FileLock
{
public:
    /// Errc::Conflict if somebody has it: the text names the process.
    static Result<std::unique_ptr<FileLock>> take(const QString &boardPath);
    ~FileLock();
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;

private:
    FileLock(QByteArray path, int descriptor);
    QByteArray m_path;
    int m_descriptor;
};

} // namespace patchboard::server
