#pragma once

#include "ui/mainwindow/board.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QStringList>

#include <memory>

namespace patchboard::ui {

class MainWindow;
class Theme;

/// All windows of the process and the boards that they show. A board that is open is opened once:
/// its windows share session, model and undo stack.
class Windows : public QObject
{
    Q_OBJECT
public:
    /// Both must outlive it.
    Windows(BoardService &service, Theme &theme, QObject *parent = nullptr);
    ~Windows() override;

    [[nodiscard]] BoardService &service() const { return m_service; }
    [[nodiscard]] Theme &theme() const { return m_theme; }

    /// A window on @a board, or with the start page. It belongs to itself and ends when it is
    /// closed.
    MainWindow *openWindow(std::shared_ptr<Board> board);
    [[nodiscard]] QList<MainWindow *> windows() const;

    /// A path of a *.board file or ws://HOST:PORT; remembered as recent.
    Result<std::shared_ptr<Board>> open(const QString &location);
    /// A board that is gone soon: it is not remembered.
    Result<std::shared_ptr<Board>> openForNow(const QString &path);

    [[nodiscard]] QStringList recent() const;
    void clearRecent();

Q_SIGNALS:
    void recentChanged();

private:
    void remember(const QString &location);

    BoardService &m_service;
    Theme &m_theme;
    QHash<QString, std::weak_ptr<Board>> m_boards;
    QList<QPointer<MainWindow>> m_windows;
};

} // namespace patchboard::ui
