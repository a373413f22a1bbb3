#pragma once

#include "ui/scene/render.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;

namespace patchboard::ui {

/// What kind of picture is written, with how many pixels and in which colours. The choice is kept
/// for the next time.
class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    /// @a atFull is the size of the picture at 100 %, in pixels.
    explicit ExportDialog(QSize atFull, QWidget *parent = nullptr);

    /// "png", "svg", "pdf".
    [[nodiscard]] QString suffix() const;
    [[nodiscard]] RenderOptions options() const;

private:
    void showSize();
    void keep() const;

    QSize m_atFull;
    QComboBox *m_kind;
    QSpinBox *m_percent;
    QLabel *m_pixels;
    QCheckBox *m_dark;
};

} // namespace patchboard::ui
