#pragma once

#include "server/http/background.h"
#include "server/http/board.h"
#include "server/http/router.h"

#include <QTimer>

namespace patchboard::http {

/// The log of changes as JSON, for programs that follow the board by asking; who asks for what has
/// not happened yet may wait for it.
class Changes final : public QObject
{
    Q_OBJECT
public:
    Changes(Board &board, Background &background);

    static BodyShape query();
    [[nodiscard]] Response handle(const Call &call);
    /// Something was committed: those who wait are answered, once for all of a turn.
    void notify();
    /// Answers everybody who waits: there will be no more.
    void finish();

private:
    struct Waiting
    {
        std::shared_ptr<LaterAnswer> answer;
        quint64 since = 0;
        qint64 limit = 0;
        qint64 until = 0; ///< ms of the board's clock
    };
    void answerWaiting();
    /// What came after @a since, at most @a limit changes. May promise it.
    [[nodiscard]] Response after(quint64 since, qint64 limit);

    Board &m_board;
    Background &m_background;
    QList<Waiting> m_waiting;
    QTimer m_wake;  ///< something was committed
    QTimer m_sweep; ///< somebody has waited long enough
};

} // namespace patchboard::http
