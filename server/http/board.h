#pragma once

#include "model/authority.h"

namespace patchboard::http {

/// Who asks for a change: their name, for everybody, and by what right and from where, for the log.
struct Author
{
    QString name;
    Origin origin;
};

/// The board as handlers see it: to look at, and to change durably.
class Board
{
public:
    virtual ~Board() = default;
    [[nodiscard]] virtual const Topology &topology() const = 0;
    [[nodiscard]] virtual EntityId newId() = 0;
    /// ms since 1970 UTC.
    [[nodiscard]] virtual qint64 now() const = 0;

    struct Done
    {
        quint64 revision = 0;
        QList<Notice> notices;
    };
    /// One change, whole or not at all. When it returns, the change is durable and on its way to
    /// everybody.
    virtual Result<Done> commit(const QList<Edit> &edits, const Author &author,
                                const QString &label) = 0;
    /// Tells listeners more about what was just committed: an event of Socket.IO with a JSON
    /// object.
    virtual void announce(const QByteArray &event, const QByteArray &json) = 0;
};

} // namespace patchboard::http
