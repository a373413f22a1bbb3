#include "ui/mainwindow/board.h"

#include "ui/commands/undostack.h"

#include <QFileInfo>
#include <QUrl>

namespace patchboard::ui {

Board::Board(std::unique_ptr<BoardConnection> connection, QString location)
    : m_connection(std::move(connection))
    , m_undo(std::make_unique<UndoStack>(m_connection->session()))
    , m_location(std::move(location))
{
}

Board::~Board() = default;

bool Board::isFile() const
{
    return !m_location.contains(QLatin1String("://"));
}

QString Board::title() const
{
    if (const QString title = session().topology().board().title; !title.isEmpty())
        return title;
    if (isFile())
        return QFileInfo(m_location).completeBaseName();
    return QUrl(m_location).authority();
}

} // namespace patchboard::ui
