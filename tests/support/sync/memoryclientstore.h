#pragma once

#include "model/clientstore.h"
#include "model/wire/codec.h"

#include <map>

/// The disk of a client. What may be written later is lost when it dies.
class MemoryClientStore final : public patchboard::ClientStore
{
public:
    Identity id;
    std::map<quint64, QByteArray> changes;
    std::optional<Cached> cache;

    [[nodiscard]] Identity identity() const override { return id; }
    patchboard::Result<std::optional<Cached>> cached() override { return cache; }
    patchboard::Result<QList<patchboard::Change>> pending() override
    {
        QList<patchboard::Change> out;
        for (const auto &[cseq, bytes] : changes)
            out.append(*patchboard::wire::decodeChange(bytes));
        return out;
    }
    patchboard::Result<void> append(const patchboard::Change &change, const QByteArray &encoded,
                                    quint32 counter) override
    {
        changes[change.cseq] = encoded;
        id.lastIssued = change.cseq;
        id.counter = counter;
        return {};
    }
    void forget(quint64 cseq) override { m_forgotten = cseq; }
    void confirmed(quint64, const QByteArray &commit) override { m_laterNews.append(commit); }
    void flush()
    {
        changes.erase(changes.begin(), changes.upper_bound(m_forgotten));
        id.lastAcked = std::max(id.lastAcked, m_forgotten);
        if (cache)
            cache->news += m_laterNews;
        m_laterNews.clear();
    }
    void lose()
    {
        m_forgotten = id.lastAcked;
        m_laterNews.clear();
    }
    patchboard::Result<void> setSnapshot(const QString &epoch, quint64 revision, quint64 logHash,
                                         const QByteArray &snapshot) override
    {
        flush();
        cache = Cached{epoch, revision, logHash, snapshot, {}};
        return {};
    }
    patchboard::Result<void> setSession(quint64 session) override
    {
        id.session = session;
        return {};
    }
    patchboard::Result<void> moveToSite(patchboard::SiteId site, quint64 session,
                                        const QList<patchboard::Change> &list, quint64 lastIssued,
                                        quint32 counter) override
    {
        changes.clear();
        for (const patchboard::Change &change : list)
            changes[change.cseq] = patchboard::wire::encodeChange(change);
        id.site = site;
        id.session = session;
        id.counter = counter;
        id.lastIssued = lastIssued;
        id.lastAcked = m_forgotten = list.isEmpty() ? lastIssued : 0;
        return {};
    }

private:
    quint64 m_forgotten = 0;
    QList<QByteArray> m_laterNews;
};
