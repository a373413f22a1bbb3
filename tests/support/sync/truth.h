#pragma once

#include "tests/support/sync/memorylog.h"

#include <QSet>

/// Links without ends, containers in themselves, names twice, types that nobody knows: the first
/// that is found, or nothing. Looks at the entities alone, not at indices.
QString brokenReference(const patchboard::Topology &topology);

/// What a change asked for, as its author's window remembers it.
struct Asked
{
    int client = 0;
    patchboard::SiteId site = 0;
    quint64 base = 0;
    bool undo = false; ///< it takes back (or does again) the author's own work
    QList<patchboard::Edit> edits;
};

/// The log of a board, replayed one entry after the other by the plainest of means. Every entry is
/// held to the rules as it comes.
class Truth
{
public:
    /// By the labels of changes; and the sites that each client has had.
    Truth(const QHash<QString, Asked> &asked, const QHash<int, QSet<patchboard::SiteId>> &sites);

    /// The next entry and how the host decided it. Empty, or what is wrong.
    QString add(const QByteArray &entry, quint64 hash, const patchboard::StoredOutcome *outcome);
    /// Everything that is on a disk.
    QString addAll(const MemoryLog &disk);

    [[nodiscard]] const patchboard::Topology &board() const { return *m_board; }
    [[nodiscard]] quint64 revision() const { return quint64(m_digests.size()); }
    /// Of the board after a revision, 0 for the empty one.
    [[nodiscard]] quint64 digestAt(quint64 revision) const;
    [[nodiscard]] quint64 hashAt(quint64 revision) const;
    /// A value that a commit replaced whose author had not seen who wrote it.
    struct Loss
    {
        patchboard::SiteId site = 0; ///< of whose value it was
        patchboard::EntityId id = 0;
        patchboard::FieldKey key;
        patchboard::Value old;
    };
    [[nodiscard]] QList<Loss> lossesAt(quint64 revision) const { return m_losses.value(revision); }
    /// A change with this label took effect.
    [[nodiscard]] bool has(const QString &label) const { return m_labels.contains(label); }
    /// Two changes of this label may take effect: a copied profile has both.
    void allowTwice(const QString &label) { m_ambiguous.insert(label); }

private:
    QString checkRemoval(const patchboard::Commit &commit, const patchboard::RemoveEntities &remove,
                         const Asked &asked) const;
    QString checkEdit(const patchboard::Commit &commit, const patchboard::Edit &edit,
                      const Asked *asked, const patchboard::StoredOutcome *outcome) const;

    const QHash<QString, Asked> &m_asked;
    const QHash<int, QSet<patchboard::SiteId>> &m_sites;
    std::unique_ptr<patchboard::Topology> m_board;
    QList<quint64> m_digests;
    QList<quint64> m_hashes;
    QHash<quint64, QList<Loss>> m_losses; ///< by revision
    quint64 m_emptyDigest = 0;
    QSet<QString> m_labels;
    QSet<QString> m_ambiguous;
};
