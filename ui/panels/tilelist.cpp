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
    setStyleSheet(QStringLiteral("QListWidget { background: transparent; }"
                                 "QListWidget::item { border-radius: 6px; padding: 4px; }"
                                 "QListWidget::item:hover { background: %1; }"
                                 "QListWidget::item:selected { background: %2; color: %3; }")
                      .arg(now.color(QPalette::Button).name(),
                           now.color(QPalette::Highlight).name(),
                           now.color(QPalette::HighlightedText).name()));
    m_restyling = false;
}

} // namespace patchboard::ui
