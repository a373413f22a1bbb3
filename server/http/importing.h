#pragma once

#include "model/formats/registry.h"
#include "server/http/background.h"
#include "server/http/board.h"
#include "server/http/onceonly.h"
#include "server/http/router.h"

namespace patchboard::http {

/// Files of other programs, onto the board: read and laid out by another thread, then one change,
/// whole or not at all.
class Importing final
{
public:
    Importing(Board &board, Background &background, OnceOnly &onceOnly)
        : m_board(board)
        , m_background(background)
        , m_onceOnly(onceOnly)
    {
    }
    static BodyShape query();
    [[nodiscard]] Response handle(const Call &call);
    /// Answers everybody who waits: the host ends. Nothing is read any more.
    void finish();
    /// Asked before something is changed that was asked for a while ago.
    void setReview(Router::Review review) { m_review = std::move(review); }

private:
    struct Job;
    void finishJob(const std::shared_ptr<Job> &job);
    [[nodiscard]] Response commit(const Job &job);

    Board &m_board;
    Background &m_background;
    OnceOnly &m_onceOnly;
    Router::Review m_review;
    formats::Registry m_registry;
    QSet<std::shared_ptr<Job>> m_running;
};

} // namespace patchboard::http
