#include "server/historydesk.h"

#include "model/wire/codec.h"
#include "model/wire/snapshot.h"
#include "server/store/history.h"

#include <QCoreApplication>

namespace patchboard::server {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct DeskText
{
    Q_DECLARE_TR_FUNCTIONS(Host)
};

constexpr qsizetype kKept = 2;

Error tooBusy()
{
    return {Errc::Unavailable, DeskText::tr("The host is busy; try again in a moment")};
}

} // namespace

HistoryDesk::HistoryDesk(Opener open)
    : m_open(std::move(open))
{
}

HistoryDesk::~HistoryDesk() = default;

void HistoryDesk::take(const Authority::Ask &ask)
{
    if (const auto *history = std::get_if<wire::HistoryAsk>(&ask.message))
        takeHistory(ask.session, *history);
    else
        takeBoard(ask.session, std::get<wire::BoardAsk>(ask.message));
}

bool HistoryDesk::look(Look work, std::function<void()> done)
{
    return m_background.run([open = m_open, work = std::move(work)] { work(open()); },
                            std::move(done));
}

void HistoryDesk::takeHistory(quint64 session, const wire::HistoryAsk &ask)
{
    const auto page = std::make_shared<wire::HistoryPage>();
    page->request = ask.request;
    const auto work = [ask, page](const Result<std::unique_ptr<History>> &past) {
        auto found = past ? (*past)->page(ask) : Result<wire::HistoryPage>(past.error());
        if (found)
            *page = std::move(*found);
        else
            page->error = found.error();
    };
    if (look(work, [this, session, page] { Q_EMIT answered(session, *page); }))
        return;
    page->error = tooBusy();
    Q_EMIT answered(session, *page);
}

void HistoryDesk::takeBoard(quint64 session, const wire::BoardAsk &ask)
{
    for (const Kept &board : std::as_const(m_kept)) {
        if (board.revision == ask.revision) {
            answerPiece(session, ask, board);
            return;
        }
    }
    QList<Waiting> &waiting = m_waiting[ask.revision];
    waiting.append({session, ask});
    if (waiting.size() > 1)
        return;
    const auto made = std::make_shared<Result<Kept>>(Kept());
    const quint64 revision = ask.revision;
    const auto work = [revision, made](const Result<std::unique_ptr<History>> &past) {
        Topology board;
        const Result<void> found =
            past ? (*past)->boardAt(revision, board) : Result<void>(past.error());
        if (!found) {
            *made = found.error();
            return;
        }
        Kept kept;
        kept.revision = revision;
        kept.bytes = wire::encodeSnapshot(board);
        kept.hash = wire::hashBytes(kept.bytes);
        *made = std::move(kept);
    };
    if (!look(work, [this, revision, made] { finished(revision, *made); }))
        finished(revision, tooBusy());
}

void HistoryDesk::finished(quint64 revision, const Result<Kept> &board)
{
    const QList<Waiting> waiting = m_waiting.take(revision);
    if (board) {
        m_kept.append(*board);
        if (m_kept.size() > kKept)
            m_kept.removeFirst();
    }
    for (const Waiting &each : waiting) {
        if (board) {
            answerPiece(each.session, each.ask, *board);
        } else {
            wire::BoardPiece piece;
            piece.request = each.ask.request;
            piece.revision = revision;
            piece.error = board.error();
            Q_EMIT answered(each.session, piece);
        }
    }
}

void HistoryDesk::answerPiece(quint64 session, const wire::BoardAsk &ask, const Kept &board)
{
    wire::BoardPiece piece;
    piece.request = ask.request;
    piece.revision = ask.revision;
    piece.hash = board.hash;
    piece.index = ask.index;
    piece.count = quint32((board.bytes.size() + wire::kMaxPartBytes - 1) / wire::kMaxPartBytes);
    if (piece.index < piece.count)
        piece.bytes =
            board.bytes.mid(qsizetype(ask.index) * wire::kMaxPartBytes, wire::kMaxPartBytes);
    else
        piece.error = Error{Errc::BadValue, DeskText::tr("There is no such piece")};
    Q_EMIT answered(session, piece);
}

} // namespace patchboard::server
