#include "server/http/hostnames.h"

#include <QHostInfo>
#include <QRegularExpression>

#include <algorithm>

namespace patchboard::http {

namespace {

/// The host of "name:port", "1.2.3.4:port", "[::1]:port"; empty if it is none of these.
QString hostOf(const QByteArray &header)
{
    QByteArray host = header;
    if (host.startsWith('[')) {
        const qsizetype end = host.indexOf(']');
        if (end < 0 || (end + 1 < host.size() && host.at(end + 1) != ':'))
            return {};
        return QString::fromLatin1(host.mid(1, end - 1));
    }
    if (const qsizetype colon = host.indexOf(':'); colon >= 0)
        host.truncate(colon);
    if (host.endsWith('.'))
        host.chop(1);
    return QString::fromLatin1(host).toLower();
}

bool isNumber(const QString &host, QHostAddress *address)
{
    // QHostAddress also takes "127.1" and "0x7f.1", as browsers do not send them.
    static const QRegularExpression dotted(
        QRegularExpression::anchoredPattern(QStringLiteral("\\d{1,3}(\\.\\d{1,3}){3}")));
    return (host.contains(u':') || dotted.match(host).hasMatch()) && address->setAddress(host);
}

} // namespace

HostNames::HostNames(const QHostAddress &listened, const QStringList &allowed)
    : m_listened(listened)
{
    const QString machine = QHostInfo::localHostName().toLower();
    if (!machine.isEmpty())
        m_names = {machine, machine.section(u'.', 0, 0) + QStringLiteral(".local")};
    if (const QString domain = QHostInfo::localDomainName().toLower();
        !domain.isEmpty() && !machine.isEmpty())
        m_names.append(machine + u'.' + domain);
    for (const QString &name : allowed)
        m_names.append(name.toLower());
}

bool HostNames::allows(const QByteArray &header) const
{
    if (!m_known.isEmpty() && header == m_known)
        return true;
    const bool allowed = isOurs(header);
    if (allowed)
        m_known = header;
    return allowed;
}

bool HostNames::isOurs(const QByteArray &header) const
{
    const QString host = hostOf(header);
    if (host.isEmpty())
        return false;
    if (QHostAddress address; isNumber(host, &address)) {
        return address.isLoopback() || m_listened == QHostAddress(QHostAddress::Any) ||
               m_listened == QHostAddress(QHostAddress::AnyIPv4) ||
               m_listened == QHostAddress(QHostAddress::AnyIPv6) ||
               address.isEqual(m_listened, QHostAddress::TolerantConversion) ||
               m_names.contains(host);
    }
    if (host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost")))
        return true;
    return std::any_of(m_names.cbegin(), m_names.cend(), [&host](const QString &name) {
        return name.startsWith(u'.') ? host.endsWith(name) || host == QStringView(name).mid(1)
                                     : host == name;
    });
}

bool HostNames::isName(const QString &text)
{
    static const QRegularExpression name(QRegularExpression::anchoredPattern(
        QStringLiteral("\\.?[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*")));
    return text.size() <= 253 && (name.match(text).hasMatch() || !QHostAddress(text).isNull());
}

} // namespace patchboard::http
