#pragma once

#include <QFrame>
#include <QList>

class QAction;
class QHBoxLayout;
class QLabel;
class QToolButton;

namespace patchboard::ui {

/// The bar above the canvas: what happened, to what, and what to do. It takes no focus and stops
/// nothing. One message at a time; the next one replaces it.
class MessageBar : public QFrame
{
    Q_OBJECT
public:
    enum class Kind : quint8 { Notice, Warning, Error };

    explicit MessageBar(QWidget *parent = nullptr);

    /// @a actions get a button each; they must outlive the message.
    void show(Kind kind, const QString &text, const QList<QAction *> &actions = {});
    void dismiss();
    [[nodiscard]] QString text() const;
    [[nodiscard]] Kind kind() const { return m_kind; }

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintKind();

    Kind m_kind = Kind::Notice;
    QLabel *m_icon;
    QLabel *m_text;
    QHBoxLayout *m_buttons;
    QToolButton *m_close;
};

} // namespace patchboard::ui
