#pragma once

#include "server/http/body.h"
#include "server/http/message.h"
#include "server/http/problem.h"

#include <functional>

namespace patchboard::http {

/// What a caller must be allowed to do. Who may do what is decided in one place, by the router.
enum class Role : quint8 { Anybody, Viewer, Editor, Admin };

/// A request on its way to its handler: numbers of the path read, body checked.
struct Call
{
    const Request &request;
    EntityId id = 0; ///< of the path's {…_id}; 0 if it is no possible id
    Body body;
};

/// One endpoint. The table of routes is the whole interface: what is not in it is refused.
struct Route
{
    QByteArray method; ///< "*": any, and with or without a slash at the end
    QString path;      ///< "/api/devices/{device_id}"; a part in braces is a whole number
    Role role = Role::Admin;
    std::optional<BodyShape> body; ///< nullopt: the body is not looked at
    std::function<Response(const Call &)> handler;
    QString summary; ///< one line, for the description of the interface
};

/// Finds the route of a request, and answers what has none: 404, 405 with Allow, HEAD, OPTIONS,
/// cross-origin preflights, a slash too many.
class Router
{
public:
    void add(Route route);
    [[nodiscard]] const QList<Route> &routes() const { return m_routes; }

    /// Origins whose pages may read answers and open sockets, as "http://localhost:5173"; "*"
    /// stands for all of them, without credentials.
    void setOrigins(const QStringList &origins) { m_origins = origins; }
    /// True without an Origin, for one of the list, and for the page's own host.
    [[nodiscard]] bool allowsOrigin(const Request &request) const;

    [[nodiscard]] Response handle(const Request &request) const;

private:
    struct Entry
    {
        QStringList segments;
        qsizetype parameter = -1; ///< index of the {…}; -1 = none
        QString parameterName;
        qsizetype route = 0;
    };
    [[nodiscard]] Response dispatch(const Request &request) const;
    [[nodiscard]] static bool matches(const Entry &entry, const QStringList &path);
    [[nodiscard]] bool isListed(const QByteArray &origin) const;
    [[nodiscard]] Response preflight(const Request &request) const;

    QList<Route> m_routes;
    QList<Entry> m_entries; ///< routes without a parameter first
    QStringList m_origins;
};

} // namespace patchboard::http
