#pragma once

#include "model/formats/format.h"

#include <memory>
#include <vector>

namespace patchboard::formats {

/// All formats, in the order of detection. Immutable once made; any thread.
class Registry
{
public:
    /// The formats that this build knows.
    Registry();

    const std::vector<std::unique_ptr<Format>> &formats() const { return m_formats; }
    const Format *byId(const QString &id) const;

    /// Content decides; only if nothing recognises it, the name does. Null = unknown.
    const Format *detect(QByteArrayView data, const QString &fileName) const;

    /// Reads bytes. @a formatId overrides the detection; empty = detect.
    ReadResult read(const QByteArray &data, const ReadContext &context,
                    const QString &formatId = {}) const;
    /// Reads a file and what belongs beside it; a missing or too large file is an error too.
    ReadResult readFile(const QString &path, const Control &control = {},
                        const QString &formatId = {}) const;

    /// For file dialogs: one entry for all formats, then one for each ("Name (*.a *.b)").
    QStringList nameFilters() const;

    static constexpr qint64 MaxFileSize = 256 * 1024 * 1024;

private:
    std::vector<std::unique_ptr<Format>> m_formats;
};

} // namespace patchboard::formats
