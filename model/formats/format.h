#pragma once

#include "model/core/control.h"
#include "model/core/topology.h"
#include "model/formats/document.h"

#include <QByteArrayView>
#include <QStringList>

#include <functional>

namespace patchboard::formats {

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
    /// As of an HTTP header.
    virtual QByteArray mediaType() const = 0;
    /// The board as a file, as far as the format can say it; nullopt if it is only read.
    virtual std::optional<QByteArray> write(const Topology &topology) const
    {
        Q_UNUSED(topology)
        return std::nullopt;
    }
};

} // namespace patchboard::formats
