#include "ui/actions/actionset.h"

#include "ui/actions/theme.h"

#include <QSettings>
#include <QWidget>

namespace patchboard::ui {

namespace {

QString shortcutSetting(const QAction *action)
{
    return QStringLiteral("shortcuts/") + action->objectName();
}

void updateToolTip(QAction *action)
{
    QString tip = ActionSet::plainText(action->text());
    if (!action->shortcut().isEmpty()) {
        tip = QStringLiteral("%1 (%2)").arg(tip,
                                            action->shortcut().toString(QKeySequence::NativeText));
    }
    if (action->toolTip() != tip)
        action->setToolTip(tip);
}

} // namespace

ActionSet::ActionSet(QWidget *window)
    : QObject(window)
    , m_window(window)
{
}

QAction *ActionSet::add(const QString &id, const QString &text, const QString &icon,
                        const QList<QKeySequence> &shortcuts)
{
    auto *action = new QAction(text, this);
    action->setObjectName(id);
    if (!icon.isEmpty())
        action->setIcon(actionIcon(icon));
    m_defaults.insert(action, shortcuts);
    const QSettings settings;
    if (const QVariant own = settings.value(shortcutSetting(action)); own.isValid())
        action->setShortcuts(QKeySequence::listFromString(own.toString()));
    else
        action->setShortcuts(shortcuts);
    updateToolTip(action);
    connect(action, &QAction::changed, action, [action] { updateToolTip(action); });
    m_all.append(action);
    m_byId.insert(id, action);
    m_window->addAction(action);
    return action;
}

void ActionSet::setShortcuts(QAction *action, const QList<QKeySequence> &shortcuts)
{
    action->setShortcuts(shortcuts);
    QSettings settings;
    if (shortcuts == m_defaults.value(action))
        settings.remove(shortcutSetting(action));
    else
        settings.setValue(shortcutSetting(action), QKeySequence::listToString(shortcuts));
}

QList<QKeySequence> ActionSet::defaultShortcuts(QAction *action) const
{
    return m_defaults.value(action);
}

QString ActionSet::plainText(const QString &menuText)
{
    QString text = menuText;
    text.remove(QStringLiteral("..."));
    text.remove(QChar(0x2026));
    text.replace(QStringLiteral("&&"), QStringLiteral("\x01"));
    text.remove(u'&');
    text.replace(QStringLiteral("\x01"), QStringLiteral("&"));
    return text;
}

} // namespace patchboard::ui
