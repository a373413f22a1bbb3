#include "model/formats/registry.h"

#include "model/formats/containerlab.h"
#include "model/formats/graphml.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace patchboard::formats {

namespace {

QString registryText(const char *text)
{
    return QCoreApplication::translate("patchboard::formats::Registry", text);
}

} // namespace

Registry::Registry()
{
    m_formats.push_back(std::make_unique<GraphMlFormat>());
    m_formats.push_back(std::make_unique<ContainerlabFormat>());
}

const Format *Registry::byId(const QString &id) const
{
    const auto it = std::find_if(m_formats.begin(), m_formats.end(),
                                 [&](const auto &format) { return format->id() == id; });
    return it == m_formats.end() ? nullptr : it->get();
}

const Format *Registry::detect(QByteArrayView data, const QString &fileName) const
{
    for (const auto &format : m_formats) {
        if (format->looksLike(data))
            return format.get();
    }
    const QString lower = fileName.toLower();
    const Format *best = nullptr;
    qsizetype bestLength = 0; // the longest suffix wins: lab.clab.yml is not any YAML
    for (const auto &format : m_formats) {
        const QStringList suffixes = format->suffixes();
        for (const QString &suffix : suffixes) {
            if (suffix.size() > bestLength && lower.endsWith(QLatin1Char('.') + suffix)) {
                best = format.get();
                bestLength = suffix.size();
            }
        }
    }
    return best;
}

ReadResult Registry::read(const QByteArray &data, const ReadContext &context,
                          const QString &formatId) const
{
    const Format *format = nullptr;
    if (!formatId.isEmpty()) {
        format = byId(formatId);
        if (!format) {
            QStringList known;
            for (const auto &each : m_formats)
                known.append(each->id());
            return ReadError{QCoreApplication::translate("patchboard::formats::Registry",
                                                         "There is no format “%1”; known are: %2.")
                                 .arg(formatId, known.join(QStringLiteral(", ")))};
        }
    } else {
        if (data.isEmpty())
            return ReadError{registryText(
                QT_TRANSLATE_NOOP("patchboard::formats::Registry", "The file is empty."))};
        format = detect(data, context.fileName);
        if (!format) {
            QStringList known;
            for (const auto &each : m_formats)
                known.append(each->name());
            return ReadError{QCoreApplication::translate(
                                 "patchboard::formats::Registry",
                                 "Neither the content nor the name tells a format that can "
                                 "be read. Known are: %1.")
                                 .arg(known.join(QStringLiteral(", ")))};
        }
    }
    ReadResult result = format->read(data, context);
    if (result)
        result.document().format = format->id();
    return result;
}

ReadResult Registry::readFile(const QString &path, const Control &control,
                              const QString &formatId) const
{
    const QFileInfo info(path);
    QFile file(path);
    if (info.isDir())
        return ReadError{registryText(
            QT_TRANSLATE_NOOP("patchboard::formats::Registry", "This is a folder, not a file."))};
    if (!file.open(QIODevice::ReadOnly))
        return ReadError{file.errorString()};
    // A pipe has no size: read one byte more than allowed instead of trusting size().
    const QByteArray data = file.read(MaxFileSize + 1);
    if (file.error() != QFileDevice::NoError)
        return ReadError{file.errorString()};
    if (data.size() > MaxFileSize)
        return ReadError{QCoreApplication::translate("patchboard::formats::Registry",
                                                     "The file is larger than %1 MB.")
                             .arg(MaxFileSize / (1024 * 1024))};
    ReadContext context;
    context.fileName = info.fileName();
    context.control = control;
    context.sidecar = [path](const QString &suffix) -> std::optional<QByteArray> {
        QFile beside(path + suffix);
        constexpr qint64 MaxSidecar = 32 * 1024 * 1024;
        if (!QFileInfo(beside).isFile() || !beside.open(QIODevice::ReadOnly))
            return std::nullopt;
        return beside.read(MaxSidecar);
    };
    return read(data, context, formatId);
}

QStringList Registry::nameFilters() const
{
    QStringList filters;
    QStringList all;
    for (const auto &format : m_formats) {
        QStringList patterns;
        const QStringList suffixes = format->suffixes();
        for (const QString &suffix : suffixes)
            patterns.append(QStringLiteral("*.") + suffix);
        all += patterns;
        filters.append(
            QStringLiteral("%1 (%2)").arg(format->name(), patterns.join(QLatin1Char(' '))));
    }
    all.removeDuplicates();
    filters.prepend(QStringLiteral("%1 (%2)").arg(
        registryText(QT_TRANSLATE_NOOP("patchboard::formats::Registry", "Networks")),
        all.join(QLatin1Char(' '))));
    return filters;
}

} // namespace patchboard::formats
