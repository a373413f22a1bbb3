#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace patchboard::ui {

/// In the status bar: what is being worked on in the background, how far it is, and a button that
/// ends it. Hidden while there is nothing, and for what is done in a moment.
class TaskStatus : public QWidget
{
    Q_OBJECT
public:
    explicit TaskStatus(QWidget *parent = nullptr);

    void start(const QString &text);
    /// 0 to 1.
    void setProgress(double part);
    void stop();

Q_SIGNALS:
    void cancelRequested();

private:
    QLabel *m_text;
    QProgressBar *m_bar;
    QToolButton *m_cancel;
    QTimer m_patience;
};

} // namespace patchboard::ui
