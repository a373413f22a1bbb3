#include "ui/dialogs/printpreview.h"

#include "ui/actions/theme.h"

#include <QAction>
#include <QPrintPreviewWidget>
#include <QPrinter>
#include <QToolBar>

namespace patchboard::ui {

PrintPreview::PrintPreview(const Topology &topology, QPrinter *printer, QWidget *parent)
    : QPrintPreviewDialog(printer, parent)
    , m_topology(topology)
    , m_pages(new QAction(actionIcon(QStringLiteral("grid")), tr("Several Pages at 100 %"), this))
{
    setObjectName(QStringLiteral("printPreview"));
    m_pages->setObjectName(QStringLiteral("printPages"));
    m_pages->setCheckable(true);
    m_pages->setToolTip(tr("Over as many pages as it takes, instead of on one"));
    if (auto *bar = findChild<QToolBar *>()) {
        bar->addSeparator();
        bar->addAction(m_pages);
    }
    connect(m_pages, &QAction::toggled, this, [this](bool on) {
        m_options.fitOnePage = !on;
        if (auto *preview = findChild<QPrintPreviewWidget *>())
            preview->updatePreview();
    });
    connect(this, &QPrintPreviewDialog::paintRequested, this, &PrintPreview::paintOnto);
}

void PrintPreview::paintOnto(QPrinter *printer)
{
    const auto done = printBoard(m_topology, m_options, printer);
    m_errorText = done ? QString() : done.error().text;
}

} // namespace patchboard::ui
