#pragma once

#include <QListWidget>

namespace patchboard::ui {

/// A list on a page, without a frame or ground of its own: each row is a tile that can be clicked.
class TileList final : public QListWidget
{
    Q_OBJECT
public:
    explicit TileList(QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void restyle();

    bool m_restyling = false;
};

} // namespace patchboard::ui
