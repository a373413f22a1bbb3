#pragma once

#include "model/formats/document.h"

#include <QByteArrayView>
#include <QStringList>

#include <functional>

namespace patchboard::formats {

/// Progress and cancel of a long task; both may be empty. Called in the thread of the task.
struct Control
{
    std::function<void(double)> progress; ///< 0 … 1
    std::function<bool()> cancelled;

    bool isCancelled() const { return cancelled && cancelled(); }
    void report(double part) const
    {
        if (progress)
            progress(part);
    }
};

/// What a reader may know beside the bytes.
struct ReadContext
{
    QString fileName; ///< without folders; never opened by a reader
    /// Contents of the file named fileName + suffix in the same folder, if there is one.
    std::function<std::optional<QByteArray>(const QString &suffix)> sidecar;
    Control control;
};

/// One file format. Objects have no state: every function may be called from any thread.
class Format
{
public:
    virtual ~Format() = default;

    virtual QString id() const = 0;   ///< as `graphml`; what --format takes and inspect prints
    virtual QString name() const = 0; ///< for people, translated
    virtual QStringList suffixes() const = 0; ///< lower case, without the leading dot
    /// Whether the content is certainly of this format; looks at the beginning only.
    virtual bool looksLike(QByteArrayView data) const = 0;
    /// Refuses or reads the whole; never opens a file, never throws.
    virtual ReadResult read(const QByteArray &data, const ReadContext &context) const = 0;
};

} // namespace patchboard::formats
