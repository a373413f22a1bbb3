#include "ui/actions/theme.h"

#include "ui/scene/canvastheme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFile>
#include <QHash>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QProxyStyle>
#include <QStyleFactory>
#include <QStyleOptionMenuItem>

namespace patchboard::ui {

namespace {

const QLatin1String kPortal("org.freedesktop.portal.Desktop");
const QLatin1String kPortalPath("/org/freedesktop/portal/desktop");
const QLatin1String kPortalSettings("org.freedesktop.portal.Settings");
const QLatin1String kAppearance("org.freedesktop.appearance");
const QLatin1String kColourScheme("color-scheme");
constexpr uint kPrefersDark = 1;

struct ThemeColours
{
    QColor window, base, alternate, text, faint, button, border, accent, accentText, link, tip;
};

ThemeColours themeColours(bool dark)
{
    if (dark) {
        return {QColor(0x1f2329), QColor(0x181b20), QColor(0x1d2127), QColor(0xe3e7ed),
                QColor(0x9aa5b4), QColor(0x2a2f37), QColor(0x3a414b), QColor(0x3d7fd9),
                QColor(0xffffff), QColor(0x7db1f5), QColor(0x2f353e)};
    }
    return {QColor(0xf4f6f8), QColor(0xffffff), QColor(0xf7f9fb), QColor(0x1d2733),
            QColor(0x5e6b7a), QColor(0xfcfdfe), QColor(0xd3d9e0), QColor(0x2667c4),
            QColor(0xffffff), QColor(0x1c5cb8), QColor(0xffffff)};
}

/// What is chosen in lists and menus: pale, so that the colours of status and icons are still told
/// apart on it, and words keep theirs.
QColor pickedColour(const ThemeColours &c, bool dark)
{
    const int part = dark ? 42 : 24; // in a hundred
    const auto mixed = [part](int accent, int base) {
        return (accent * part + base * (100 - part)) / 100;
    };
    return {mixed(c.accent.red(), c.base.red()), mixed(c.accent.green(), c.base.green()),
            mixed(c.accent.blue(), c.base.blue())};
}

/// Fusion with room between rows, without pictures on the buttons of dialogs, and with pale menus.
class FlatStyle : public QProxyStyle
{
    static constexpr int kRowRoom = 8; ///< pixels, more than the words are high

public:
    explicit FlatStyle(const QColor &picked)
        : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
        , m_picked(picked)
    {
    }

    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override
    {
        if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
            return 0;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
    QPixmap generatedIconPixmap(QIcon::Mode mode, const QPixmap &pixmap,
                                const QStyleOption *option) const override
    {
        // Red stays red on a row that is chosen.
        return mode == QIcon::Selected ? pixmap
                                       : QProxyStyle::generatedIconPixmap(mode, pixmap, option);
    }
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override
    {
        QSize out = QProxyStyle::sizeFromContents(type, option, size, widget);
        if (type == CT_ItemViewItem)
            out.setHeight(std::max(out.height(), option->fontMetrics.height() + kRowRoom));
        return out;
    }
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override
    {
        const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
        if (element != CE_MenuItem || !item) {
            QProxyStyle::drawControl(element, option, painter, widget);
            return;
        }
        QStyleOptionMenuItem pale = *item;
        pale.palette.setColor(QPalette::Highlight, m_picked);
        pale.palette.setColor(QPalette::HighlightedText, pale.palette.color(QPalette::Text));
        QProxyStyle::drawControl(element, &pale, painter, widget);
    }

private:
    QColor m_picked;
};

QPalette themePalette(const ThemeColours &c)
{
    QPalette palette(c.button, c.window);
    palette.setColor(QPalette::Window, c.window);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.base);
    palette.setColor(QPalette::AlternateBase, c.alternate);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::Button, c.button);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.accentText);
    palette.setColor(QPalette::Highlight, c.accent);
    palette.setColor(QPalette::HighlightedText, c.accentText);
    palette.setColor(QPalette::Link, c.link);
    palette.setColor(QPalette::LinkVisited, c.link);
    palette.setColor(QPalette::ToolTipBase, c.tip);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::PlaceholderText, c.faint);
    palette.setColor(QPalette::Mid, c.border);
    QColor disabled = c.faint;
    disabled.setAlpha(150);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, c.border);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, disabled);
    return palette;
}

/// What Fusion paints too heavily: frames and bars become flat, tabs and titles quiet.
QString themeSheet(const ThemeColours &c, const QColor &picked)
{
    QString sheet = QStringLiteral(R"(
QToolTip { color: %text; background: %tip; border: 1px solid %border; padding: 3px 5px; }
QMainWindow::separator { background: %border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: %accent; }
QToolBar { background: %window; border: 0; border-bottom: 1px solid %border; padding: 3px 6px;
           spacing: 2px; }
QToolBar::separator { background: %border; width: 1px; margin: 5px 5px; }
QToolBar QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 4px; }
QToolBar QToolButton[popupMode="1"] { padding-right: 16px; }
QToolBar QToolButton::menu-button { border: none; background: transparent; width: 14px; }
QToolBar QToolButton:hover, QToolButton[quiet="true"]:hover { background: %button;
           border-color: %border; }
QToolBar QToolButton:checked { background: %soft; border-color: %accent; }
QToolBar QToolButton:focus, QToolButton[quiet="true"]:focus { border-color: %accent; }
QToolButton[quiet="true"] { border: 1px solid transparent; border-radius: 4px; padding: 2px 6px; }
QToolButton[quiet="true"]::menu-indicator { image: none; width: 0; }
QMenuBar { background: %window; border-bottom: 1px solid %border; }
QMenuBar::item { padding: 5px 9px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: %soft; color: %text; }
QStatusBar { background: %window; border-top: 1px solid %border; }
QStatusBar::item { border: 0; }
QDockWidget { color: %text; font-weight: 600; }
QDockWidget::title { background: %window; padding: 7px 10px; text-align: left;
           border-bottom: 1px solid %border; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { padding: 6px 12px; color: %faint; border: 0; border-bottom: 2px solid transparent;
           background: transparent; }
QTabBar::tab:selected { color: %text; border-bottom-color: %accent; }
QTabBar::tab:hover { color: %text; }
QTabBar::tab:focus { color: %text; background: %soft; }
QTabWidget::pane { border: 0; border-top: 1px solid %border; }
QHeaderView::section { background: %window; color: %faint; border: 0;
           border-bottom: 1px solid %border; border-right: 1px solid %border; padding: 4px 8px; }
QHeaderView::section:last { border-right: 0; }
QTableView, QTreeView, QListView { border: 0; gridline-color: %border;
           selection-background-color: %picked; selection-color: %text; }
QTableView::item:focus { border: 1px solid %accent; }
QScrollArea { border: 0; }
QLineEdit, QPlainTextEdit { background: %base; border: 1px solid %border; border-radius: 4px;
           padding: 2px 4px; selection-background-color: %accent; selection-color: %onaccent; }
QLineEdit:focus, QPlainTextEdit:focus { border-color: %accent; }
QLineEdit:disabled, QPlainTextEdit:disabled { color: %faint; background: %window; }
QTableView QLineEdit, QTreeView QLineEdit { border-radius: 0; padding: 0 2px; }
QCheckBox::indicator:unchecked { background: %base; border: 1px solid %handle;
           border-radius: 3px; width: 14px; height: 14px; }
QScrollBar { background: transparent; border: 0; margin: 0; }
QScrollBar:vertical { width: 11px; }
QScrollBar:horizontal { height: 11px; }
QScrollBar::handle { background: %handle; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: %faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
)");
    const auto put = [&sheet](const char *name, const QColor &colour) {
        sheet.replace(QLatin1Char('%') + QLatin1String(name), colour.name());
    };
    QColor soft = c.accent;
    soft = QColor((soft.red() + 5 * c.window.red()) / 6, (soft.green() + 5 * c.window.green()) / 6,
                  (soft.blue() + 5 * c.window.blue()) / 6);
    put("onaccent", c.accentText);
    put("picked", picked);
    put("window", c.window);
    put("button", c.button);
    put("border", c.border);
    put("accent", c.accent);
    put("faint", c.faint);
    put("text", c.text);
    put("base", c.base);
    put("soft", soft);
    put("handle", QColor((c.border.red() * 2 + c.faint.red()) / 3,
                         (c.border.green() * 2 + c.faint.green()) / 3,
                         (c.border.blue() * 2 + c.faint.blue()) / 3));
    put("tip", c.tip);
    return sheet;
}

} // namespace

std::optional<ThemeMode> themeFromWord(const QString &word)
{
    if (word == QLatin1String("light"))
        return ThemeMode::Light;
    if (word == QLatin1String("dark"))
        return ThemeMode::Dark;
    if (word == QLatin1String("system"))
        return ThemeMode::System;
    return std::nullopt;
}

Theme::Theme(QObject *parent)
    : QObject(parent)
    , m_systemDark(QApplication::palette().color(QPalette::Window).lightness() < 128)
{
    askSystem();
}

void Theme::setMode(ThemeMode mode)
{
    m_mode = mode;
    apply();
}

/// The desktop says whether it is dark over D-Bus; without an answer the colours that it started
/// the program with decide.
void Theme::askSystem()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kPortal, kPortalPath, kPortalSettings, QStringLiteral("SettingChanged"), this,
                SLOT(systemSettingChanged(QString, QString, QVariant)));
    QDBusMessage read = QDBusMessage::createMethodCall(kPortal, kPortalPath, kPortalSettings,
                                                       QStringLiteral("Read"));
    read.setArguments({QString(kAppearance), QString(kColourScheme)});
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QVariant> reply = *watcher;
        if (reply.isValid())
            systemSettingChanged(kAppearance, kColourScheme, reply.value());
        watcher->deleteLater();
    });
}

void Theme::systemSettingChanged(const QString &group, const QString &key, const QVariant &value)
{
    if (group != kAppearance || key != kColourScheme)
        return;
    QVariant plain = value;
    while (plain.canConvert<QDBusVariant>())
        plain = plain.value<QDBusVariant>().variant();
    setSystemDark(plain.toUInt() == kPrefersDark);
}

void Theme::setSystemDark(bool dark)
{
    m_systemDark = dark;
    if (m_mode == ThemeMode::System)
        apply();
}

void Theme::apply()
{
    const bool dark = m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_systemDark);
    if (m_applied && dark == m_dark)
        return;
    m_applied = true;
    m_dark = dark;
    const ThemeColours colours = themeColours(dark);
    const QColor picked = pickedColour(colours, dark);
    QApplication::setStyle(new FlatStyle(picked));
    QApplication::setPalette(themePalette(colours));
    qApp->setStyleSheet(themeSheet(colours, picked));
    Q_EMIT changed();
}

bool paintsDark()
{
    return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

QColor statusColour(Status status)
{
    const CanvasTheme colours = paintsDark() ? CanvasTheme::darkTheme() : CanvasTheme::light();
    return colours.of(status);
}

QIcon statusIcon(Status status)
{
    constexpr int kSize = 32;
    QPixmap pixmap(kSize, kSize);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(statusColour(status));
    switch (status) {
    case Status::Up:
        painter.drawEllipse(QRectF(6, 6, 20, 20));
        break;
    case Status::Degraded:
        painter.drawPolygon(QPolygonF({{16, 4}, {29, 27}, {3, 27}}));
        break;
    case Status::Down:
        painter.drawRect(QRectF(7, 7, 18, 18));
        break;
    }
    return QIcon(pixmap);
}

QIcon actionIcon(const QString &name)
{
    static QHash<QString, QIcon> icons;
    QIcon &icon = icons[name];
    if (!icon.isNull())
        return icon;
    icon = QIcon(QStringLiteral(":/icons/actions/%1.svg").arg(name));
    // The style greys disabled icons for light backgrounds only; fainter is right on both.
    for (const int size : {16, 20, 24, 32, 40}) {
        const QPixmap normal = icon.pixmap(QSize(size, size));
        QPixmap faint(normal.size());
        faint.setDevicePixelRatio(normal.devicePixelRatio());
        faint.fill(Qt::transparent);
        QPainter painter(&faint);
        painter.setOpacity(0.35);
        painter.drawPixmap(0, 0, normal);
        painter.end();
        icon.addPixmap(faint, QIcon::Disabled);
    }
    return icon;
}

QIcon blankIcon()
{
    static const QIcon blank = [] {
        QPixmap nothing(40, 40);
        nothing.fill(Qt::transparent);
        return QIcon(nothing);
    }();
    return blank;
}

QIcon deviceIcon(const QString &name)
{
    const QString path = QStringLiteral(":/icons/devices/%1.svg").arg(name);
    return QIcon(QFile::exists(path) ? path : QStringLiteral(":/icons/devices/generic.svg"));
}

QIcon entityIcon(const QString &key)
{
    static QHash<QString, QIcon> icons;
    QIcon &icon = icons[key];
    if (icon.isNull()) {
        const QString path = QStringLiteral(":/icons/%1.svg").arg(key);
        icon = QIcon(QFile::exists(path) ? path : QStringLiteral(":/icons/devices/generic.svg"));
    }
    return icon;
}

} // namespace patchboard::ui
