#include "tests/support/sync/memorylog.h"

#include "model/wire/codec.h"

using namespace patchboard;

Result<QList<QByteArray>> MemoryLog::commits(quint64 from, quint64 to)
{
    if (from <= pruned)
        return Error{Errc::NotFound, QStringLiteral("pruned")};
    return entries.mid(qsizetype(from) - 1, qsizetype(to - from) + 1);
}

Result<std::optional<quint64>> MemoryLog::logHashAt(quint64 revision)
{
    if (revision <= pruned || revision > quint64(entries.size()))
        return std::optional<quint64>();
    return std::optional(hashes.at(qsizetype(revision) - 1));
}

Result<std::optional<StoredOutcome>> MemoryLog::outcome(SiteId site, quint64 cseq)
{
    const auto it = outcomes.find({site, cseq});
    return it == outcomes.end() ? std::optional<StoredOutcome>() : std::optional(it->second);
}

QString MemoryLog::store(const CommitBatch &batch)
{
    for (qsizetype i = 0; i < batch.commits.size(); ++i) {
        if (batch.commits.at(i).revision != quint64(entries.size()) + 1)
            return QStringLiteral("a hole in the revisions");
        entries.append(batch.encoded.at(i).toByteArray());
        hashes.append(batch.logHashes.at(i));
    }
    for (const StoredOutcome &outcome : batch.outcomes) {
        if (!outcomes.emplace(std::pair(outcome.site, outcome.cseq), outcome).second)
            return QStringLiteral("a change was decided twice");
    }
    for (const SiteLease &lease : batch.leases)
        sites.insert(lease.site, lease);
    if (batch.revision != quint64(entries.size()))
        return QStringLiteral("the batch's revision is wrong");
    return {};
}

AuthorityState MemoryLog::state() const
{
    return {epoch, quint64(entries.size()), hashes.isEmpty() ? 0 : hashes.last(), sites};
}

QString MemoryLog::replay(Topology &topology) const
{
    for (const QByteArray &bytes : entries) {
        const auto commit = wire::decodeCommit(bytes);
        if (!commit)
            return QStringLiteral("the log cannot be read");
        const auto applied = topology.apply(
            commit->edits, {{commit->site, commit->cseq}, commit->revision, commit->time});
        if (!applied)
            return QStringLiteral("the log cannot be applied: ") + applied.error().text;
    }
    return {};
}
