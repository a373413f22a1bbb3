#pragma once

#include "model/authority.h"

#include <map>

/// What the disk of a host would hold.
class MemoryLog final : public patchboard::LogSource
{
public:
    QList<QByteArray> entries; ///< revision 1 and on
    QList<quint64> hashes;
    QHash<patchboard::SiteId, patchboard::SiteLease> sites;
    std::map<std::pair<patchboard::SiteId, quint64>, patchboard::StoredOutcome> outcomes;
    quint64 pruned = 0; ///< revisions up to this one cannot be read
    QString epoch = QStringLiteral("e1");

    patchboard::Result<QList<QByteArray>> commits(quint64 from, quint64 to) override;
    patchboard::Result<std::optional<quint64>> logHashAt(quint64 revision) override;
    patchboard::Result<std::optional<patchboard::StoredOutcome>> outcome(patchboard::SiteId site,
                                                                         quint64 cseq) override;

    /// Empty, or what is wrong with the batch.
    QString store(const patchboard::CommitBatch &batch);
    [[nodiscard]] patchboard::AuthorityState state() const;
    /// Everything from the beginning, as any copy would apply it. Empty, or what is wrong.
    QString replay(patchboard::Topology &topology) const;
};
