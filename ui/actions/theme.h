#pragma once

#include "model/core/value.h"

#include <QColor>
#include <QIcon>
#include <QObject>
#include <QString>

#include <optional>

namespace patchboard::ui {

enum class ThemeMode : quint8 { System, Light, Dark };

/// "light", "dark", "system"; nullopt for anything else.
std::optional<ThemeMode> themeFromWord(const QString &word);

/// Colours of the whole program. With ThemeMode::System it follows the desktop's setting, also when
/// that changes while the program runs.
class Theme : public QObject
{
    Q_OBJECT
public:
    /// Looks at the desktop's own colours, so it must be made before any setMode(). One per
    /// process.
    explicit Theme(QObject *parent = nullptr);

    void setMode(ThemeMode mode);
    [[nodiscard]] ThemeMode mode() const { return m_mode; }
    [[nodiscard]] bool isDark() const { return m_dark; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void systemSettingChanged(const QString &group, const QString &key, const QVariant &value);

private:
    void askSystem();
    void setSystemDark(bool dark);
    void apply();

    ThemeMode m_mode = ThemeMode::System;
    bool m_systemDark = false;
    bool m_dark = false;
    bool m_applied = false;
};

/// True if the program paints on dark; for what chooses its own colours.
bool paintsDark();
/// The colour of a status on the present background.
QColor statusColour(Status status);
/// A dot (up), a triangle (degraded), a square (down): a status is a shape as well as a colour.
QIcon statusIcon(Status status);
/// An action's icon, by the name of its file below :/icons/actions/.
QIcon actionIcon(const QString &name);
/// Keeps the place of an icon where there is none.
QIcon blankIcon();
/// A device type's icon, by DeviceTypeInfo::icon.
QIcon deviceIcon(const QString &name);

/// By the key that iconKey() of the model gives: "devices/olt", "interfaces/optical".
QIcon entityIcon(const QString &key);

} // namespace patchboard::ui
