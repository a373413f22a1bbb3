#include "ui/mainwindow/messagebar.h"

#include "ui/actions/actionset.h"
#include "ui/actions/theme.h"

#include <QAccessible>
#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace patchboard::ui {

namespace {

constexpr int kLeastText = 120; ///< pixels

} // namespace

MessageBar::MessageBar(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_buttons(new QHBoxLayout)
    , m_close(new QToolButton(this))
{
    setObjectName(QStringLiteral("messageBar"));
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(kLeastText);  // else a long one would push the docks aside
    m_text->setTextFormat(Qt::PlainText); // names are in it that anybody may have given
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setObjectName(QStringLiteral("messageText"));
    m_close->setIcon(actionIcon(QStringLiteral("close")));
    m_close->setProperty("quiet", true);
    m_close->setToolTip(tr("Close this message"));
    m_close->setAccessibleName(tr("Close this message"));
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->setSpacing(10);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addLayout(m_buttons);
    layout->addWidget(m_close);
    hide();
}

void MessageBar::show(Kind kind, const QString &text, const QList<QAction *> &actions)
{
    m_kind = kind;
    m_text->setText(text);
    while (QLayoutItem *item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (QAction *action : actions) {
        auto *button = new QPushButton(ActionSet::plainText(action->text()), this);
        // In this order: what the action has to say stays.
        connect(button, &QPushButton::clicked, this, &MessageBar::dismiss);
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        m_buttons->addWidget(button);
    }
    paintKind();
    setVisible(true);
    setAccessibleName(text);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void MessageBar::dismiss()
{
    hide();
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paintKind();
    QFrame::changeEvent(event);
}

void MessageBar::paintKind()
{
    const bool dark = paintsDark();
    QColor background = dark ? QColor(0x22344d) : QColor(0xe3eefb);
    QColor edge = dark ? QColor(0x3d6aa8) : QColor(0xa9c8ee);
    QString icon = QStringLiteral("info");
    if (m_kind == Kind::Warning) {
        background = dark ? QColor(0x453615) : QColor(0xfdf1d8);
        edge = dark ? QColor(0x8a6a22) : QColor(0xe6c67f);
        icon = QStringLiteral("warning");
    } else if (m_kind == Kind::Error) {
        background = dark ? QColor(0x4a2428) : QColor(0xfde7e8);
        edge = dark ? QColor(0x96464d) : QColor(0xeaa9ad);
        icon = QStringLiteral("warning");
    }
    const QString sheet = QStringLiteral("#messageBar { background: %1; border: 0; "
                                         "border-bottom: 1px solid %2; }")
                              .arg(background.name(), edge.name());
    if (styleSheet() != sheet)
        setStyleSheet(sheet);
    m_icon->setPixmap(actionIcon(icon).pixmap(20, 20));
}

} // namespace patchboard::ui
