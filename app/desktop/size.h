#pragma once

#include <QSize>
#include <QString>

#include <optional>

namespace patchboard::app {

/// "1440x900"; nullopt for anything else.
inline std::optional<QSize> sizeFrom(const QString &text)
{
    const QStringList parts = text.split(u'x');
    bool okWidth = false;
    bool okHeight = false;
    const QSize size(parts.value(0).toInt(&okWidth), parts.value(1).toInt(&okHeight));
    if (parts.size() != 2 || !okWidth || !okHeight || size.isEmpty())
        return std::nullopt;
    return size;
}

} // namespace patchboard::app
