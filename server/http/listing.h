#pragma once

#include "model/formats/format.h"
#include "server/http/background.h"
#include "server/http/board.h"
#include "server/http/json.h"
#include "server/http/router.h"

#include <QHash>
#include <QTimer>

namespace patchboard::http {

/// Lists of entities, and the board as a whole, at one revision: filtered and cut as the query
/// says. What is long is written by another thread from a copy, once for all who ask at the same
/// revision.
class Listing final : public QObject
{
    Q_OBJECT
public:
    Listing(Board &board, Background &background);

    /// The query of a list: limit, offset, name, type, status, effective_status.
    static BodyShape query();
    [[nodiscard]] Response list(EntityKind kind, const Call &call);
    /// Everything: the board's settings, its types, devices, interfaces and links. With
    /// @a fileName, to be saved under it.
    [[nodiscard]] Response wholeBoard(const QString &fileName = {});
    /// Everything as a file of a format that can be written; that must outlive this.
    [[nodiscard]] Response exported(const formats::Format &format);

    /// Entities up to which an answer is written at once.
    static constexpr qsizetype kAtOnce = 2000;

private:
    using Write = std::function<QByteArray()>;
    using Headers = QList<std::pair<QByteArray, QByteArray>>;
    template <typename E>
    [[nodiscard]] Response listOf(const Topology::Table<E> &table, EntityKind kind,
                                  const Call &call);
    /// @a what names the text among those of @a revision; empty: it is nobody else's.
    [[nodiscard]] Response written(const QByteArray &what, quint64 revision, const Headers &headers,
                                   Write write, const QByteArray &contentType = "application/json");

    struct Text
    {
        quint64 revision = 0;
        QByteArray bytes; ///< null while it is being written
        QList<std::shared_ptr<LaterAnswer>> waiting;
    };
    Board &m_board;
    Background &m_background;
    QHash<QByteArray, std::shared_ptr<Text>> m_texts; ///< the newest of each
    QTimer m_forget;
};

/// What Listing::wholeBoard() says, of any board: for those of the past. Any thread.
QByteArray wholeBoardText(const Topology &topology, quint64 revision, const QString &epoch);

} // namespace patchboard::http
