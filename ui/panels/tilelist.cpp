#include "ui/panels/tilelist.h"

#include <QApplication>
#include <QEvent>

namespace patchboard::ui {

TileList::TileList(QWidget *parent)
    : QListWidget(parent)
{
    setFrameShape(QFrame::NoFrame);
    setSpacing(1);
    setMouseTracking(true);
    restyle();
}

void TileList::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        restyle();
    QListWidget::changeEvent(event);
}

void TileList::restyle()
{
    if (m_restyling)
        return;
    m_restyling = true;
    const QPalette now = QApplication::palette();
    const QColor accent = now.color(QPalette::Highlight);
    setStyleSheet(QStringLiteral("QListWidget { background: transparent; }"
                                 "QListWidget::item { border-radius: 6px; padding: 4px; }"
                                 "QListWidget::item:hover { background: %1; }"
                                 "QListWidget::item:selected { background: rgba(%2, %3, %4, 28%);"
                                 " color: %5; }")
                      .arg(now.color(QPalette::Button).name())
                      .arg(accent.red())
                      .arg(accent.green())
                      .arg(accent.blue())
                      .arg(now.color(QPalette::Text).name()));
    m_restyling = false;
}

} // namespace patchboard::ui
