#include "ui/mainwindow/followbanner.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace patchboard::ui {

namespace {

constexpr int kFrameWidth = 3;   ///< pixels
constexpr int kLeastWords = 120; ///< pixels

} // namespace

FollowBanner::FollowBanner(QWidget *parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
{
    setObjectName(QStringLiteral("followBanner"));
    m_text->setObjectName(QStringLiteral("followText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(kLeastWords); // else a long one would push the docks aside
    auto *stop = new QPushButton(tr("Stop"), this);
    stop->setObjectName(QStringLiteral("followStop"));
    stop->setAccessibleDescription(tr("Ends following; the view stays where it is"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 8, 4);
    layout->addWidget(m_text, 1);
    layout->addWidget(stop);
    connect(stop, &QPushButton::clicked, this, &FollowBanner::stopRequested);
    hide();
}

void FollowBanner::show(const QString &text, const QColor &colour)
{
    m_text->setText(text);
    if (colour != m_colour) {
        m_colour = colour;
        setStyleSheet(QStringLiteral("#followBanner { background: %1; }"
                                     "#followBanner QLabel { color: white; }")
                          .arg(colour.name()));
    }
    setVisible(true);
}

QString FollowBanner::text() const
{
    return m_text->text();
}

FollowFrame::FollowFrame(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("followFrame"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    parent->installEventFilter(this);
    fit();
}

void FollowFrame::setColour(const QColor &colour)
{
    m_colour = colour;
    update();
}

void FollowFrame::fit()
{
    const QRect all = parentWidget()->rect();
    setGeometry(all);
    // The canvas below is not to be painted again for what is not there.
    setMask(QRegion(all).subtracted(
        all.adjusted(kFrameWidth, kFrameWidth, -kFrameWidth, -kFrameWidth)));
}

bool FollowFrame::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        fit();
    return QWidget::eventFilter(watched, event);
}

void FollowFrame::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), m_colour);
}

} // namespace patchboard::ui
