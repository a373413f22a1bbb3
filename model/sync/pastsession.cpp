#include "model/sync/pastsession.h"

namespace patchboard {

PastSession::PastSession(std::shared_ptr<Topology> board, quint64 revision, const Session &live)
    : m_board(std::move(board))
    , m_model(*m_board)
    , m_status(live.status())
    , m_author(live.author())
{
    m_model.setReadOnly(true);
    m_status.state = ConnectionState::Live;
    m_status.detail.clear();
    m_status.retryInMs = 0;
    m_status.pending = 0;
    m_status.revision = revision;
    m_status.ready = true;
    m_status.readOnly = true;
}

Result<Submitted> PastSession::submit(const QList<Edit> &, const QString &, quint64)
{
    return Error{Errc::Forbidden, tr("The past cannot be changed")};
}

} // namespace patchboard
