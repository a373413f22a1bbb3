#pragma once

#include "server/access/caller.h"
#include "server/http/body.h"
#include "server/http/message.h"
#include "server/http/problem.h"

#include <functional>
#include <variant>

namespace patchboard::http {

class Board;
class OnceOnly;

/// What a caller must be allowed to do. Who may do what is decided in one place, by the router.
using access::Role;

/// A request on its way to its handler: numbers of the path read, body checked.
struct Call
{
    const Request &request;
    EntityId id = 0; ///< of the path's {…_id}; 0 if it is no possible id
    Body body;
    Body query;
};

/// What a route answers, for the description of the interface.
struct Answer
{
    int status = 200;
    QByteArray schema = {}; ///< name of a schema, "[name]" a list of it; empty: no body
    QByteArray contentType = QByteArrayLiteral("application/json");
    QList<QByteArray> otherTypes = {}; ///< text that it may be instead
};

/// One endpoint. The table of routes is the whole interface: what is not in it is refused.
struct Route
{
    using Handler = std::function<Response(const Call &)>;
    QByteArray method; ///< "*": any, and with or without a slash at the end
    QString path;      ///< "/api/devices/{device_id}"; a part in braces is a whole number
    Role role = Role::Admin;
    std::optional<BodyShape> body; ///< nullopt: the body is not looked at
    Handler handler;
    QString summary;            ///< one line, for the description of the interface
    BodyShape query = {};       ///< what the query may say; all else there is ignored
    Answer answer = {};         ///< if it succeeds
    QList<int> errors = {};     ///< what else it answers, beside 401, 403, 422, 429
    QByteArray bodySchema = {}; ///< name of a schema that says more of the body than `body`
    /// It promises its answer for later, and asks OnceOnly itself.
    bool later = false;
    bool described = true; ///< in the description; false for what is no plain HTTP

    /// Says what it answers.
    Route &answers(int status, const QByteArray &schema, const QList<int> &otherwise = {})
    {
        answer = {status, schema};
        errors = otherwise;
        return *this;
    }
};

/// Finds the route of a request, and answers what has none: 404, 405 with Allow, HEAD, OPTIONS,
/// cross-origin preflights, a slash too many.
class Router
{
public:
    /// The route in the table, for what is said of it besides; as long as no other is added.
    Route &add(Route route);
    /// Through which requests go that change something and name themselves (Idempotency-Key).
    void setOnceOnly(OnceOnly *onceOnly) { m_onceOnly = onceOnly; }
    /// Whose changes of one turn become durable together: an answer waits for what its handler made
    /// or saw.
    void setBoard(Board *board) { m_board = board; }
    [[nodiscard]] const QList<Route> &routes() const { return m_routes; }

    /// Lets the caller of a request in, or answers why not.
    using Gate = std::function<std::variant<access::Caller, Response>(const Request &)>;
    /// Asked for every route that is not for anybody; without a gate those are for nobody.
    void setGate(Gate gate) { m_gate = std::move(gate); }

    /// Refuses who was let in by a token that has ended since.
    using Review = std::function<std::optional<Response>(const access::Caller &)>;
    /// Asked before somebody is told what was promised for later. Who changes something later asks
    /// it themselves before they do.
    void setReview(Review review) { m_review = std::move(review); }
    /// Asks it of all who wait to be told something.
    void reviewWaiting();

    /// Origins whose pages may read answers and open sockets, as "http://localhost:5173"; "*"
    /// stands for all of them, without credentials.
    void setOrigins(const QStringList &origins) { m_origins = origins; }
    /// An origin as browsers write it: "HTTP://Lab.example:80/" is "http://lab.example"; "*" is
    /// itself; nullopt if it is none.
    [[nodiscard]] static std::optional<QString> originOf(const QString &text);
    /// True without an Origin, for one of the list, and for the page's own host.
    [[nodiscard]] bool allowsOrigin(const Request &request) const;

    [[nodiscard]] Response handle(const Request &request);
    /// Says in an answer whose pages may read it; handle() has done so.
    void addOrigin(const Request &request, Response &response) const;

private:
    struct Entry
    {
        QStringList segments;
        qsizetype parameter = -1; ///< index of the {…}; -1 = none
        QString parameterName;
        qsizetype route = 0;
    };
    struct Waiting
    {
        std::weak_ptr<LaterAnswer> answer;
        access::Caller caller;
    };
    [[nodiscard]] Response dispatch(const Request &request);
    /// The answer to a question of @a caller, if they may still have it when it comes.
    [[nodiscard]] Response reviewed(Response response, const access::Caller &caller);
    /// What @a handler answers, at once or when the board is durable as it saw it.
    [[nodiscard]] Response settled(const Route::Handler &handler, const Call &call);
    void waits(const Response &promise, const access::Caller &caller);
    [[nodiscard]] static bool matches(const Entry &entry, const QStringList &path);
    [[nodiscard]] bool isListed(const QByteArray &origin) const;
    /// Fills in the caller of @a request; a refusal if @a role is too much for them.
    [[nodiscard]] std::optional<Response> refusal(Request &request, Role role) const;
    [[nodiscard]] Response preflight(const Request &request) const;

    QList<Route> m_routes;
    QList<Entry> m_entries; ///< routes without a parameter first
    QStringList m_origins;
    OnceOnly *m_onceOnly = nullptr;
    Board *m_board = nullptr;
    Gate m_gate;
    Review m_review;
    QList<Waiting> m_waiting;
};

} // namespace patchboard::http
