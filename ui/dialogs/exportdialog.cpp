#include "ui/dialogs/exportdialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace patchboard::ui {

namespace {

constexpr int kMostPercent = 800;
constexpr int kPercentStep = 50;
/// More would be gigabytes before anything is written.
constexpr qint64 kMostExported = 100'000'000; ///< pixels
constexpr int kDoubled = 200;                 ///< sharp on paper and on dense screens

const QString kKindSetting = QStringLiteral("export/kind");
const QString kPercentSetting = QStringLiteral("export/percent");
const QString kDarkSetting = QStringLiteral("export/dark");

/// The most that a picture of @a atFull may be enlarged.
int mostPercent(QSize atFull)
{
    const double side =
        double(RenderOptions::kMostPixels) / std::max({atFull.width(), atFull.height(), 1});
    const double area =
        std::sqrt(double(kMostExported) / std::max(1.0, double(atFull.width()) * atFull.height()));
    return std::clamp(int(std::min(side, area) * 100), 1, kMostPercent);
}

} // namespace

ExportDialog::ExportDialog(QSize atFull, QWidget *parent)
    : QDialog(parent)
    , m_atFull(atFull)
    , m_kind(new QComboBox(this))
    , m_percent(new QSpinBox(this))
    , m_pixels(new QLabel(this))
    , m_dark(new QCheckBox(tr("&Dark colours"), this))
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export as a Picture"));
    m_kind->setObjectName(QStringLiteral("exportKind"));
    m_kind->addItem(tr("PNG, pixels"), QStringLiteral("png"));
    m_kind->addItem(tr("SVG, lines and text"), QStringLiteral("svg"));
    m_kind->addItem(tr("PDF, lines and text"), QStringLiteral("pdf"));
    m_percent->setObjectName(QStringLiteral("exportPercent"));
    m_percent->setRange(1, mostPercent(atFull));
    m_percent->setSingleStep(kPercentStep);
    m_percent->setSuffix(tr(" %"));
    m_pixels->setObjectName(QStringLiteral("exportPixels"));
    m_pixels->setForegroundRole(QPalette::PlaceholderText);
    m_dark->setObjectName(QStringLiteral("exportDark"));
    const QSettings settings;
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(settings.value(kKindSetting))));
    m_percent->setValue(settings.value(kPercentSetting, kDoubled).toInt());
    m_dark->setChecked(settings.value(kDarkSetting, false).toBool());

    auto *form = new QFormLayout;
    form->addRow(tr("&Kind:"), m_kind);
    form->addRow(tr("&Resolution:"), m_percent);
    form->addRow(QString(), m_pixels);
    form->addRow(QString(), m_dark);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto *next = buttons->addButton(tr("&Save as…"), QDialogButtonBox::AcceptRole);
    next->setObjectName(QStringLiteral("exportAccept"));
    next->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::accepted, this, &ExportDialog::keep);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addLayout(form);
    layout->addWidget(buttons);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &ExportDialog::showSize);
    connect(m_percent, &QSpinBox::valueChanged, this, &ExportDialog::showSize);
    showSize();
}

QString ExportDialog::suffix() const
{
    return m_kind->currentData().toString();
}

RenderOptions ExportDialog::options() const
{
    RenderOptions options;
    options.dark = m_dark->isChecked();
    if (m_percent->isEnabled())
        options.scale = m_percent->value() / 100.0;
    return options;
}

/// Lines and text are as sharp at every size.
void ExportDialog::showSize()
{
    const bool pixels = suffix() == QLatin1String("png");
    m_percent->setEnabled(pixels);
    const QSize size = m_atFull * (pixels ? m_percent->value() / 100.0 : 1.0);
    const QLocale locale;
    m_pixels->setText(pixels
                          ? tr("%1 × %2 pixels")
                                .arg(locale.toString(size.width()), locale.toString(size.height()))
                          : tr("Sharp at every size"));
}

void ExportDialog::keep() const
{
    QSettings settings;
    settings.setValue(kKindSetting, suffix());
    settings.setValue(kPercentSetting, m_percent->value());
    settings.setValue(kDarkSetting, m_dark->isChecked());
}

} // namespace patchboard::ui
