#pragma once

#include <QtGlobal>

#include <vector>

namespace patchboard {

/// Finds slots of an array by a hash of what lies in them, which it does not look at itself. Open
/// addressing with linear probing: 8 bytes an entry and nothing on the heap beside them. Several
/// slots may have one hash, and one slot must not be entered twice with the same hash.
class SlotIndex
{
public:
    static constexpr quint32 kNone = 0xffffffff;

    /// The first slot with this hash for which @a is says yes; kNone if there is none.
    template <typename Is>
    [[nodiscard]] quint32 find(quint64 hash, Is is) const
    {
        if (m_entries.empty())
            return kNone;
        const quint32 tag = quint32(hash >> 32);
        for (size_t at = tag >> m_shift;; at = (at + 1) & m_mask) {
            const Entry &entry = m_entries[at];
            if (entry.slot == kNone)
                return kNone;
            if (entry.tag == tag && is(entry.slot))
                return entry.slot;
        }
    }
    void insert(quint64 hash, quint32 slot)
    {
        if (m_size >= m_limit)
            rehash(m_entries.empty() ? 8 : m_entries.size() * 2);
        place({quint32(hash >> 32), slot});
        ++m_size;
    }
    void remove(quint64 hash, quint32 slot)
    {
        if (m_entries.empty())
            return;
        const quint32 tag = quint32(hash >> 32);
        size_t hole = tag >> m_shift;
        while (m_entries[hole].slot != slot || m_entries[hole].tag != tag) {
            if (m_entries[hole].slot == kNone)
                return;
            hole = (hole + 1) & m_mask;
        }
        // Close the gap with what would no longer be found behind it.
        for (size_t at = (hole + 1) & m_mask; m_entries[at].slot != kNone; at = (at + 1) & m_mask) {
            const size_t home = m_entries[at].tag >> m_shift;
            if (((at - home) & m_mask) >= ((at - hole) & m_mask)) {
                m_entries[hole] = m_entries[at];
                hole = at;
            }
        }
        m_entries[hole] = Entry();
        --m_size;
    }
    [[nodiscard]] qsizetype size() const { return qsizetype(m_size); }
    void reserve(size_t count)
    {
        size_t capacity = 8;
        while (limitOf(capacity) < count)
            capacity *= 2;
        if (capacity > m_entries.size())
            rehash(capacity);
    }

private:
    struct Entry
    {
        quint32 tag = 0; ///< the upper half of the hash; its uppermost bits say where it belongs
        quint32 slot = kNone;
    };
    static constexpr size_t limitOf(size_t capacity) { return capacity - capacity / 5; }
    void place(Entry entry)
    {
        size_t at = entry.tag >> m_shift;
        while (m_entries[at].slot != kNone)
            at = (at + 1) & m_mask;
        m_entries[at] = entry;
    }
    void rehash(size_t capacity)
    {
        std::vector<Entry> old(capacity);
        old.swap(m_entries);
        m_mask = capacity - 1;
        m_limit = limitOf(capacity);
        m_shift = 32;
        for (size_t left = capacity; left > 1; left /= 2)
            --m_shift;
        for (const Entry &entry : old) {
            if (entry.slot != kNone)
                place(entry);
        }
    }
    std::vector<Entry> m_entries; ///< a power of two, so never full
    size_t m_mask = 0;
    size_t m_size = 0;
    size_t m_limit = 0;
    int m_shift = 0;
};

} // namespace patchboard
