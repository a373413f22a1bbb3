#pragma once

#include <QColor>
#include <QFrame>

class QLabel;

namespace patchboard::ui {

/// A line above the canvas, in the colour of whom the view follows, with a way to end it.
class FollowBanner : public QFrame
{
    Q_OBJECT
public:
    explicit FollowBanner(QWidget *parent = nullptr);
    void show(const QString &text, const QColor &colour);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void stopRequested();

private:
    QLabel *m_text;
    QColor m_colour;
};

/// A frame in that colour around the canvas; the mouse does not see it.
class FollowFrame : public QWidget
{
    Q_OBJECT
public:
    /// Covers the edges of @a parent, whatever its size.
    explicit FollowFrame(QWidget *parent);
    void setColour(const QColor &colour);
    [[nodiscard]] QColor colour() const { return m_colour; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fit();
    QColor m_colour;
};

} // namespace patchboard::ui
