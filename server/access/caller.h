#pragma once

#include <QHostAddress>
#include <QString>

#include <array>
#include <optional>

/// Who may do what with a board over the network: tokens, their roles, and what they open.
namespace patchboard::access {

/// What somebody may do; each may do what those before may. Anybody: whatever needs no token.
enum class Role : quint8 { Anybody, Viewer, Editor, Admin };

inline constexpr std::array kRoles{Role::Viewer, Role::Editor, Role::Admin}; ///< of tokens

/// "viewer", "editor", "admin"; "anybody" for what needs no token.
QString roleKey(Role role);
/// nullopt if no token can have it.
std::optional<Role> roleFromKey(QStringView key);

/// Somebody who was let in.
struct Caller
{
    Role role = Role::Anybody;
    qint64 tokenId = 0; ///< 0: no token was needed
    QString token;      ///< its name
};

/// As it is kept and shown: an IPv4 address that came through an IPv6 socket is one of IPv4.
QString addressText(const QHostAddress &address);

} // namespace patchboard::access
