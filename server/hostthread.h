#pragma once

#include "model/sync/transport.h"
#include "server/host.h"

#include <QHostAddress>
#include <QThread>

namespace patchboard {
class LoopbackListener;
}

namespace patchboard::server {

class NetworkServer;

/// A host inside another program: a board file, opened in a thread of its own. Made, used and
/// deleted by one thread; the board is reached through transports, as from anywhere.
class HostThread final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        QString file;
        bool create = true; ///< make the file if there is none
        bool demo = false;  ///< put the demo board on a board that was never changed
        Durability durability = Durability::Full;
        QString serverName;
        std::FILE *log = nullptr; ///< nullptr: no log
    };
    explicit HostThread(const Options &options, QObject *parent = nullptr);
    /// Ends cleanly: everything is stored, clients are told.
    ~HostThread() override;

    /// Opens the file; its board is read meanwhile, see waitUntilRead(). From here on factory()
    /// makes transports; who connects is served once the board is there.
    Result<void> open();
    /// Waits until the board is read, and says whether it could be.
    Result<void> waitUntilRead();
    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] const QString &file() const { return m_options.file; }

    /// Makes transports to the board for clients of this process.
    [[nodiscard]] TransportFactory factory() const;

    /// Opens the network: HTTP and /sync. Returns the port. Beyond this machine, or where the board
    /// has tokens, a token of the role @a role is made for as long as it is shared: shareToken().
    Result<quint16> share(const QHostAddress &address, quint16 port,
                          access::Role role = access::Role::Editor);
    /// What others need to come; empty if that is nothing.
    [[nodiscard]] QString shareToken() const { return m_shareToken; }
    /// Of the board, while it is shared: its epoch.
    [[nodiscard]] QString boardId() const { return m_boardId; }
    void unshare();
    /// Where it is shared; port 0: it is not.
    [[nodiscard]] quint16 port() const { return m_port; }

    /// Ends as the destructor does.
    void stop();

Q_SIGNALS:
    /// How many are connected, this process's own among them.
    void clientCountChanged(qsizetype count);

private:
    struct Inside;
    Result<void> readInside();

    Options m_options;
    QThread m_thread;
    std::unique_ptr<Log> m_log;
    Inside *m_inside = nullptr; ///< lives in the thread
    TransportFactory m_factory;
    quint16 m_port = 0;
    QString m_shareToken;
    QString m_boardId;
    bool m_open = false;
};

} // namespace patchboard::server
