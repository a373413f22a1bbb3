#include "server/access/caller.h"

namespace patchboard::access {

QString roleKey(Role role)
{
    switch (role) {
    case Role::Anybody:
        break;
    case Role::Viewer:
        return QStringLiteral("viewer");
    case Role::Editor:
        return QStringLiteral("editor");
    case Role::Admin:
        return QStringLiteral("admin");
    }
    return QStringLiteral("anybody");
}

std::optional<Role> roleFromKey(QStringView key)
{
    for (const Role role : kRoles) {
        if (key == roleKey(role))
            return role;
    }
    return std::nullopt;
}

QString addressText(const QHostAddress &address)
{
    bool isIpv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIpv4);
    return isIpv4 ? QHostAddress(ipv4).toString() : address.toString();
}

} // namespace patchboard::access
