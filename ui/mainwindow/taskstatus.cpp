#include "ui/mainwindow/taskstatus.h"

#include "ui/actions/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace patchboard::ui {

namespace {

constexpr int kPatienceMs = 150;

} // namespace

TaskStatus::TaskStatus(QWidget *parent)
    : QWidget(parent)
    , m_text(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_cancel(new QToolButton(this))
{
    setObjectName(QStringLiteral("taskStatus"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setObjectName(QStringLiteral("taskText"));
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(120);
    m_bar->setMaximumHeight(12);
    m_cancel->setObjectName(QStringLiteral("taskCancel"));
    m_cancel->setIcon(actionIcon(QStringLiteral("close")));
    m_cancel->setProperty("quiet", true);
    m_cancel->setToolTip(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel"));
    connect(m_cancel, &QToolButton::clicked, this, &TaskStatus::cancelRequested);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 0, 6, 0);
    layout->setSpacing(6);
    layout->addWidget(m_text);
    layout->addWidget(m_bar);
    layout->addWidget(m_cancel);
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, &QWidget::show);
    hide();
}

void TaskStatus::start(const QString &text)
{
    m_text->setText(text);
    m_bar->setAccessibleName(text);
    m_bar->setValue(0);
    m_patience.start(kPatienceMs);
}

void TaskStatus::setProgress(double part)
{
    m_bar->setValue(int(1000 * part));
}

void TaskStatus::stop()
{
    m_patience.stop();
    hide();
}

} // namespace patchboard::ui
