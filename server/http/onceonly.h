#pragma once

#include "server/http/board.h"
#include "server/http/router.h"

#include <QSet>

namespace patchboard::http {

/// Requests that name themselves (Idempotency-Key): sent again, they are answered as before and do
/// nothing. An answer is kept, with what it tells of, if the request was carried out; what was
/// refused changed nothing, and is tried anew.
class OnceOnly
{
public:
    explicit OnceOnly(Board &board)
        : m_board(board)
    {
    }

    /// The answer that is known already, or why there is none (422: another request had this key;
    /// 409: it is being carried out); nullopt: carry it out.
    [[nodiscard]] std::optional<Response> known(const Request &request) const;
    /// Runs @a handler; what it commits becomes durable together with what it answers.
    [[nodiscard]] Response carryOut(const Request &request,
                                    const std::function<Response()> &handler);
    /// known(), else carryOut().
    [[nodiscard]] Response handle(const Request &request, const std::function<Response()> &handler);

    /// A request that will be carried out later: until end(), it is under way.
    void begin(const Request &request);
    void end(const Request &request);

private:
    using Key = std::pair<QString, QString>;
    [[nodiscard]] static Key keyOf(const Request &request);
    Board &m_board;
    QSet<Key> m_underWay;
};

} // namespace patchboard::http
