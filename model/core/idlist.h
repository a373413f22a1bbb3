#pragma once

#include "model/core/value.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

namespace patchboard {

/// Ids in ascending order. Up to @a N of them take nothing on the heap.
template <quint32 N>
class IdList
{
public:
    IdList() = default;
    ~IdList() { drop(); }
    IdList(IdList &&other) noexcept { take(other); }
    IdList &operator=(IdList &&other) noexcept
    {
        if (this != &other) {
            drop();
            take(other);
        }
        return *this;
    }
    IdList(const IdList &) = delete;
    IdList &operator=(const IdList &) = delete;

    [[nodiscard]] std::span<const EntityId> ids() const { return {data(), m_size}; }
    void insert(EntityId id)
    {
        EntityId *at = append(id);
        EntityId *first = data();
        if (at == first || at[-1] < id)
            return;
        EntityId *place = std::lower_bound(first, at, id);
        std::rotate(place, at, at + 1);
    }
    void remove(EntityId id)
    {
        EntityId *first = data();
        EntityId *end = first + m_size;
        EntityId *place = std::lower_bound(first, end, id);
        if (place == end || *place != id)
            return;
        std::copy(place + 1, end, place);
        if (--m_size == 0) {
            drop();
            m_capacity = N;
        }
    }
    /// In any order, for many at once; sort() afterwards.
    EntityId *append(EntityId id)
    {
        if (m_size == m_capacity)
            grow();
        EntityId *at = data() + m_size++;
        *at = id;
        return at;
    }
    void sort()
    {
        if (!std::is_sorted(data(), data() + m_size))
            std::sort(data(), data() + m_size);
    }

private:
    [[nodiscard]] bool isInline() const { return m_capacity == N; }
    [[nodiscard]] const EntityId *data() const { return isInline() ? m_few : m_many; }
    [[nodiscard]] EntityId *data() { return isInline() ? m_few : m_many; }
    void grow()
    {
        const quint32 capacity = m_capacity < 4 ? 4 : m_capacity * 2;
        auto *many = new EntityId[capacity];
        std::copy_n(data(), m_size, many);
        drop();
        m_many = many;
        m_capacity = capacity;
    }
    void drop()
    {
        if (!isInline())
            delete[] m_many;
    }
    void take(IdList &other)
    {
        m_size = std::exchange(other.m_size, 0);
        m_capacity = std::exchange(other.m_capacity, N);
        static_assert(N >= 1 && N < 4);
        std::memcpy(m_few, other.m_few, sizeof m_few); // whichever it is
    }
    quint32 m_size = 0;
    quint32 m_capacity = N;
    union
    {
        EntityId m_few[N] = {};
        EntityId *m_many;
    };
};

} // namespace patchboard
