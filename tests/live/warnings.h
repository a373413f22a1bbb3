#pragma once

#include <QRegularExpression>
#include <QTest>

namespace patchboard {

/// For init(): every warning is a failure, but the one that the offscreen plugin has whenever the
/// least size of a window changes.
inline void failOnWarnings()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints)")));
}

} // namespace patchboard
