#pragma once

#include "server/http/board.h"
#include "server/http/listing.h"
#include "server/http/onceonly.h"
#include "server/http/router.h"

#include <QTimer>

#include <variant>

namespace patchboard::http {

/// The board as it was: to be read, and to be restored from. Boards of the past are made by another
/// thread, and written by it; a restore is one change, worked out when that has ended. Used by the
/// thread of the host.
class Past final : public QObject
{
    Q_OBJECT
public:
    Past(Board &board, Listing &listing, OnceOnly &onceOnly);
    ~Past() override;

    /// `revision` or `snapshot`, of a query.
    static BodyShape query();
    /// True if a query asks for the past.
    static bool isMeant(const Body &query);
    /// Everything, at the revision that the query names.
    [[nodiscard]] Response board(const Call &call);
    [[nodiscard]] Response restore(const Call &call);
    /// Asked before something is changed that was asked for a while ago.
    void setReview(Router::Review review) { m_review = std::move(review); }
    /// Answers everybody who waits: the host ends.
    void finish();

private:
    /// What another thread finds out.
    struct Found;
    /// Those who wait for the board of a revision, as text.
    struct Making
    {
        std::shared_ptr<Found> found;
        QList<std::shared_ptr<LaterAnswer>> waiting;
    };
    struct Restore;
    struct Text
    {
        quint64 revision = 0;
        QByteArray bytes;
    };
    using Asked = std::variant<quint64, Response>;
    [[nodiscard]] Asked revisionOf(std::optional<qint64> revision, const QString &snapshot,
                                   const QString &where, const QJsonValue &input);
    [[nodiscard]] Response textOf(quint64 revision);
    [[nodiscard]] Response written(quint64 revision, const QByteArray &bytes) const;
    [[nodiscard]] Response failure(quint64 revision, const Found &found);
    void finishText(quint64 revision, const std::shared_ptr<Found> &found);
    void finishRestore(quint64 number, const Found &found);
    [[nodiscard]] Response carryOut(const Restore &restore, const Topology &past);
    /// False if too much is under way.
    bool lookBack(Board::Look work, std::function<void(Past &)> done);

    Board &m_board;
    Listing &m_listing;
    OnceOnly &m_onceOnly;
    Router::Review m_review;
    // What waits for another thread stays here, so that it ends with this, in this thread.
    QHash<quint64, Making> m_making; ///< by revision
    QHash<quint64, std::shared_ptr<Restore>> m_restores;
    quint64 m_lastRestore = 0;
    int m_running = 0;
    QList<Text> m_texts; ///< the newest last
    QTimer m_forget;
};

} // namespace patchboard::http
