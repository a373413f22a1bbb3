#pragma once

#include "model/authority.h"
#include "server/http/background.h"
#include "server/store/store.h"

#include <QHash>

#include <functional>
#include <memory>

namespace patchboard::server {

/// Answers what clients ask of the past, beside the host's event loop: each question in a thread
/// of a pool, with a connection of its own to the store. Used by the host's thread.
class HistoryDesk final : public QObject
{
    Q_OBJECT
public:
    using Opener = std::function<Result<std::unique_ptr<History>>()>;
    explicit HistoryDesk(Opener open);
    /// Waits for what is running; nobody hears of it.
    ~HistoryDesk() override;

    void take(const Authority::Ask &ask);

    /// Runs @a work with the past of the board in a thread, or with why it cannot be opened; then
    /// @a done in this one. False if too much is waiting.
    using Look = std::function<void(const Result<std::unique_ptr<History>> &past)>;
    bool look(Look work, std::function<void()> done);

Q_SIGNALS:
    void answered(quint64 session, const patchboard::wire::Message &message);

private:
    /// A board of the past, encoded; a few are kept for those who are fetching them.
    struct Kept
    {
        quint64 revision = 0;
        quint64 hash = 0;
        QByteArray bytes;
    };
    struct Waiting
    {
        quint64 session = 0;
        wire::BoardAsk ask;
    };
    void takeHistory(quint64 session, const wire::HistoryAsk &ask);
    void takeBoard(quint64 session, const wire::BoardAsk &ask);
    void answerPiece(quint64 session, const wire::BoardAsk &ask, const Kept &board);
    void finished(quint64 revision, const Result<Kept> &board);

    Opener m_open;
    QList<Kept> m_kept;                       ///< the newest last
    QHash<quint64, QList<Waiting>> m_waiting; ///< by revision that is being made
    http::Background m_background;            ///< goes first: its work looks at the rest
};

} // namespace patchboard::server
