#pragma once

#include <QString>

#include <utility>
#include <variant>

namespace patchboard {

/// What went wrong, for programs. Each edge (HTTP, exit codes, the bar above the canvas) maps it
/// once.
enum class Errc : quint8 {
    NotFound,    ///< the thing that is named does not exist
    Conflict,    ///< it clashes with what is there: a name in use, a rule, a newer value
    BadValue,    ///< a value is malformed or out of bounds
    Forbidden,   ///< the caller may not do this
    TooLarge,    ///< a limit is exceeded
    Storage,     ///< the disk or the database failed; nothing was changed
    Protocol,    ///< a message or file does not follow its format
    Cancelled,   ///< the user or the caller ended it
    Unavailable, ///< not now: no connection, shutting down, too many requests
    Unauthorized ///< the caller has to say who they are: no token, or none that is valid
};

/// An error as a value: a code for programs, a translated text for people.
struct Error
{
    Errc code = Errc::BadValue;
    QString text;

    bool operator==(const Error &) const = default;
};

/// The value of a computation, or why there is none.
template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    [[nodiscard]] bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] T &value() & { return std::get<0>(m_state); }
    [[nodiscard]] const T &value() const & { return std::get<0>(m_state); }
    [[nodiscard]] T &&value() && { return std::get<0>(std::move(m_state)); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }

    [[nodiscard]] const Error &error() const { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error)
        : m_error(std::move(error))
        , m_ok(false)
    {
    }

    [[nodiscard]] bool ok() const { return m_ok; }
    explicit operator bool() const { return m_ok; }
    [[nodiscard]] const Error &error() const { return m_error; }

private:
    Error m_error;
    bool m_ok = true;
};

} // namespace patchboard
