#pragma once

#include "model/core/change.h"
#include "model/core/result.h"

#include <QByteArray>

#include <optional>

namespace patchboard {

/// What a client must not lose: its pending changes, its site and counters, and the confirmed state
/// as last seen, to start from without a connection. One thread.
class ClientStore
{
public:
    virtual ~ClientStore() = default;

    struct Identity
    {
        QString profile;        ///< uuid of this store
        SiteId site = 0;        ///< 0 = none leased yet
        quint64 lastAcked = 0;  ///< changes up to this one have been answered
        quint64 lastIssued = 0; ///< the greatest cseq that was ever kept
        quint32 counter = 0;    ///< the greatest counter of an id that was used in a change
        quint64 session = 0;    ///< of the last connection
        bool operator==(const Identity &) const = default;
    };
    /// The confirmed state as last seen.
    struct Cached
    {
        QString epoch;
        quint64 revision = 0;   ///< of the snapshot
        quint64 logHash = 0;    ///< of the log up to it
        QByteArray snapshot;    ///< wire::encodeSnapshot()
        QList<QByteArray> news; ///< wire::encodeCommit(), or encodeDifference(): what came after
    };

    [[nodiscard]] virtual Identity identity() const = 0;
    /// nullopt if there is none.
    virtual Result<std::optional<Cached>> cached() = 0;
    /// In the order of their numbers.
    virtual Result<QList<Change>> pending() = 0;

    /// Keeps a change; it is safe when this returns. @a counter as in Identity.
    virtual Result<void> append(const Change &change, const QByteArray &encoded,
                                quint32 counter) = 0;
    /// Changes up to this one have been answered. May be written later.
    virtual void forget(quint64 cseq) = 0;
    /// A commit or a difference, as encoded, was applied to the confirmed state, which is of
    /// @a revision now. May be written later.
    virtual void confirmed(quint64 revision, const QByteArray &news) = 0;
    /// Replaces the cached state.
    virtual Result<void> setSnapshot(const QString &epoch, quint64 revision, quint64 logHash,
                                     const QByteArray &snapshot) = 0;
    /// Safe when it returns, and before anything is sent in that session.
    virtual Result<void> setSession(quint64 session) = 0;
    /// Another site was leased: @a changes replaces all that is pending.
    virtual Result<void> moveToSite(SiteId site, quint64 session, const QList<Change> &changes,
                                    quint64 lastIssued, quint32 counter) = 0;
};

} // namespace patchboard
