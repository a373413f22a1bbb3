#pragma once

#include <QByteArray>
#include <QHostAddress>
#include <QStringList>

namespace patchboard::http {

/// The names by which requests may call a host that asks for no token.
///
/// A page of evil.example may have its own name lead to 127.0.0.1 (DNS rebinding): its requests are
/// then of one origin with the host, and only the name in their Host header tells on it. A page
/// cannot be of a number without having been read from there, so numbers are no danger.
class HostNames
{
public:
    HostNames() = default;
    /// @a listened: where the host listens. @a allowed: more names; ".lab.example" stands for
    /// lab.example and all below it.
    HostNames(const QHostAddress &listened, const QStringList &allowed);

    /// Whether a Host header (with or without a port) is localhost, a loopback address, the address
    /// that is listened on (any number, if that is all of them), this machine's name or a name of
    /// the list.
    [[nodiscard]] bool allows(const QByteArray &header) const;

    /// A name that an option may give: labels of letters, digits, hyphens and underscores, or an IP
    /// address.
    [[nodiscard]] static bool isName(const QString &text);

private:
    [[nodiscard]] bool isOurs(const QByteArray &header) const;
    mutable QByteArray m_known; ///< the header that was allowed last: most are alike
    QHostAddress m_listened;
    QStringList m_names; ///< lower case
};

} // namespace patchboard::http
