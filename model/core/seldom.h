#pragma once

#include <QSharedData>
#include <QSharedDataPointer>

#include <utility>

namespace patchboard {

/// Values that most owners leave at their defaults: no more than a null pointer while all of them
/// are. Copies share; who writes to one makes it its own. Copies may live in different threads.
template <typename T>
class Seldom
{
public:
    Seldom() = default;
    Seldom(const T &value) { *this = value; }
    Seldom &operator=(const T &value)
    {
        if (value == none())
            m_data.reset();
        else if (isSet())
            m_data->value = value;
        else
            m_data = new Data(value);
        return *this;
    }

    [[nodiscard]] const T &operator*() const { return isSet() ? m_data->value : none(); }
    [[nodiscard]] const T *operator->() const { return &**this; }

    template <typename M, typename V>
    void set(M T::*member, V &&value)
    {
        if (!isSet() && value == none().*member)
            return;
        edit([&](T &all) { all.*member = std::forward<V>(value); });
    }
    template <typename F>
    void edit(F write)
    {
        if (!isSet())
            m_data = new Data(none());
        write(m_data->value);
        if (m_data.constData()->value == none())
            m_data.reset();
    }

    friend bool operator==(const Seldom &a, const Seldom &b)
    {
        return a.m_data.constData() == b.m_data.constData() || *a == *b;
    }

private:
    struct Data : QSharedData
    {
        explicit Data(const T &v)
            : value(v)
        {
        }
        T value;
    };
    [[nodiscard]] bool isSet() const { return m_data.constData() != nullptr; }
    static const T &none()
    {
        static const T value{};
        return value;
    }
    QSharedDataPointer<Data> m_data;
};

} // namespace patchboard
