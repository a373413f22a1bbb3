#pragma once

#include "ui/scene/render.h"

#include <QPrintPreviewDialog>

class QAction;
class QPrinter;

namespace patchboard::ui {

/// What a board looks like on paper, on one page or on several, before it is printed.
class PrintPreview : public QPrintPreviewDialog
{
    Q_OBJECT
public:
    /// @a topology and @a printer must outlive the dialog.
    PrintPreview(const Topology &topology, QPrinter *printer, QWidget *parent = nullptr);

    [[nodiscard]] const PrintOptions &options() const { return m_options; }
    /// What went wrong at the last try; empty if nothing did.
    [[nodiscard]] const QString &errorText() const { return m_errorText; }

private:
    void paintOnto(QPrinter *printer);

    const Topology &m_topology;
    PrintOptions m_options;
    QString m_errorText;
    QAction *m_pages;
};

} // namespace patchboard::ui
