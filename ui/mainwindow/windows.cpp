#include "ui/mainwindow/windows.h"

#include "ui/mainwindow/mainwindow.h"

#include <QFileInfo>
#include <QSettings>
#include <QUrl>

namespace patchboard::ui {

namespace {

constexpr qsizetype kMostRecent = 12;
const QLatin1String kRecentSetting("recent");

} // namespace

Windows::Windows(BoardService &service, Theme &theme, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_theme(theme)
{
}

Windows::~Windows()
{
    for (const QPointer<MainWindow> &window : std::as_const(m_windows))
        delete window;
}

MainWindow *Windows::openWindow(std::shared_ptr<Board> board)
{
    auto *window = new MainWindow(*this);
    window->setAttribute(Qt::WA_DeleteOnClose);
    m_windows.removeAll(nullptr);
    m_windows.append(window);
    window->setBoard(std::move(board));
    return window;
}

QList<MainWindow *> Windows::windows() const
{
    QList<MainWindow *> out;
    for (const QPointer<MainWindow> &window : m_windows) {
        if (window)
            out.append(window);
    }
    return out;
}

Result<std::shared_ptr<Board>> Windows::openForNow(const QString &path)
{
    auto connection = m_service.openFile(path);
    if (!connection)
        return connection.error();
    return std::make_shared<Board>(std::move(connection).value(), path);
}

Result<std::shared_ptr<Board>> Windows::open(const QString &location)
{
    const bool isUrl = location.contains(QLatin1String("://"));
    // What is remembered and shown lets nobody in.
    const auto [clean, token] = splitToken(isUrl ? QUrl(location) : QUrl());
    const QString key = isUrl ? clean.toString() : QFileInfo(location).absoluteFilePath();
    if (std::shared_ptr<Board> open = m_boards.value(key).lock()) {
        if (!token.isEmpty())
            open->connection().setToken(token);
        remember(key);
        return open;
    }
    if (isUrl) {
        const bool isSocket =
            clean.scheme() == QLatin1String("ws") || clean.scheme() == QLatin1String("wss");
        if (!isSocket || clean.host().isEmpty()) {
            return Error{
                Errc::BadValue,
                tr("“%1” is not the address of a server; one looks like ws://host:5001").arg(key)};
        }
    }
    auto connection = isUrl ? m_service.connectTo(QUrl(location)) : m_service.openFile(key);
    if (!connection)
        return connection.error();
    auto board = std::make_shared<Board>(std::move(connection).value(), key);
    m_boards.insert(key, board);
    remember(key);
    return board;
}

QStringList Windows::recent() const
{
    return QSettings().value(kRecentSetting).toStringList();
}

void Windows::clearRecent()
{
    QSettings().remove(kRecentSetting);
    Q_EMIT recentChanged();
}

void Windows::remember(const QString &location)
{
    QStringList list = recent();
    list.removeAll(location);
    list.prepend(location);
    while (list.size() > kMostRecent)
        list.removeLast();
    QSettings().setValue(kRecentSetting, list);
    Q_EMIT recentChanged();
}

} // namespace patchboard::ui
