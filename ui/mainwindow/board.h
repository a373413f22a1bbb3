#pragma once

#include "discovery/hostbrowser.h"
#include "model/sync/hosttrust.h"
#include "model/sync/session.h"

#include <QObject>
#include <QString>
#include <QUrl>

#include <functional>
#include <memory>

namespace patchboard {
class ComputedStatus;
class SearchIndex;
} // namespace patchboard

namespace patchboard::discovery {
class HostAnnouncer;
}

namespace patchboard::ui {

class ConflictList;
class UndoStack;

/// One way into this machine that a board can be offered on.
struct ShareAddress
{
    QString address;      ///< an IP address; 0.0.0.0 is all of them
    bool outside = false; ///< others than this machine reach it
};

/// What those may do to whom a board is offered.
enum class ShareRight : quint8 { Edit, Look };

/// How a board is offered.
struct ShareOffer
{
    ShareAddress at;
    quint16 port = 0;
    ShareRight right = ShareRight::Edit;
    bool announced = true; ///< told to the local network, if that can reach it
};

/// Where a board is offered at the moment.
struct Sharing
{
    quint16 port = 0;      ///< 0: nowhere
    QStringList addresses; ///< what others enter: ws://HOST:PORT, with the token if one is needed
    QString token;         ///< that lets them in; empty: none is needed
    [[nodiscard]] bool isOn() const { return port != 0; }
};

/// A session and all that keeps it running (a host in a thread, a transport, a journal). Made by
/// the program, which knows where boards come from; the windows only hold it.
class BoardConnection
{
public:
    virtual ~BoardConnection() = default;
    [[nodiscard]] virtual Session &session() = 0;
    /// Writes a copy of the board as it is here into a new board file. Unavailable while it has not
    /// come yet.
    virtual Result<void> saveCopy(const QString &path) = 0;

    /// This machine alone first; empty where the board's host is another.
    [[nodiscard]] virtual QList<ShareAddress> shareAddresses() const { return {}; }
    /// Offers the board to others; ends an earlier offer. Beyond this machine, and where the board
    /// has tokens, it makes one for the time of the offer.
    virtual Result<void> share(const ShareOffer &offer)
    {
        Q_UNUSED(offer)
        return Error{Errc::Unavailable, {}};
    }
    virtual void unshare() {}
    [[nodiscard]] virtual Sharing sharing() const { return {}; }
    /// What tells the local network of the offer, while it does.
    [[nodiscard]] virtual discovery::HostAnnouncer *announcer() const { return nullptr; }

    /// Why the host's certificate was not trusted when it was last tried; nullopt if it was.
    [[nodiscard]] virtual std::optional<Distrust> distrust() const { return std::nullopt; }
    /// Trusts that certificate at that address, for good or until the program ends, and comes to
    /// the host again.
    virtual void trust(const Distrust &distrust, bool always)
    {
        Q_UNUSED(distrust)
        Q_UNUSED(always)
    }

    /// Comes to the board's host with this token, now and in future.
    virtual void setToken(const QString &token) { Q_UNUSED(token) }
};

/// Opens boards for the windows.
class BoardService
{
public:
    virtual ~BoardService() = default;
    /// A *.board file; made if it is not there.
    virtual Result<std::unique_ptr<BoardConnection>> openFile(const QString &path) = 0;
    /// A host, by ws://HOST:PORT, with `?token=…` if it asks for one. Comes back at once; the
    /// session says how the connecting goes.
    virtual Result<std::unique_ptr<BoardConnection>> connectTo(const QUrl &url) = 0;
    /// Path of the demo board's file, made at the first call.
    virtual Result<QString> demoBoard() = 0;
    /// Where a new board goes that nobody has named yet: a path that does not exist, called like
    /// @a name if there is one.
    virtual QString newBoardPath(const QString &name = {}) = 0;
    /// Hosts of the local network, for as long as the browser lives; nullptr: none are looked for.
    virtual std::unique_ptr<discovery::HostBrowser> browseHosts() = 0;
};

/// An address of a host without the token in it, and that token.
std::pair<QUrl, QString> splitToken(const QUrl &url);

/// A board that at least one window shows: what those windows share.
class Board : public QObject
{
    Q_OBJECT
public:
    /// @a location is a path or a URL.
    Board(std::unique_ptr<BoardConnection> connection, QString location);
    ~Board() override;

    [[nodiscard]] Session &session() const { return m_connection->session(); }
    [[nodiscard]] BoardConnection &connection() const { return *m_connection; }
    /// As the connection's; every window hears of it.
    Result<void> share(const ShareOffer &offer);
    void unshare();
    [[nodiscard]] UndoStack &undoStack() const { return *m_undo; }
    [[nodiscard]] SearchIndex &searchIndex() const { return *m_index; }
    [[nodiscard]] ComputedStatus &computed() const { return *m_computed; }
    [[nodiscard]] ConflictList &conflicts() const { return *m_conflicts; }
    [[nodiscard]] QString location() const { return m_location; }
    [[nodiscard]] bool isFile() const;
    /// The board's title, else the name of its file or host.
    [[nodiscard]] QString title() const;
    /// What a cell of a tree or table asks for, as one step of undo.
    void edit(EntityId id, const FieldKey &key, const Value &value);

Q_SIGNALS:
    void sharingChanged();

private:
    std::unique_ptr<BoardConnection> m_connection;
    std::unique_ptr<UndoStack> m_undo;
    std::unique_ptr<ConflictList> m_conflicts;
    std::unique_ptr<SearchIndex> m_index;
    std::unique_ptr<ComputedStatus> m_computed;
    QString m_location;
};

} // namespace patchboard::ui
