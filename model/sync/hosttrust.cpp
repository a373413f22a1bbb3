#include "model/sync/hosttrust.h"

#include <algorithm>

namespace patchboard {

namespace {

constexpr qsizetype kFingerprintBytes = 32; // SHA-256

} // namespace

HostTrust::HostTrust(QHash<QString, QByteArray> pinned, Keep keep)
    : m_pinned(std::move(pinned))
    , m_keep(std::move(keep))
{
}

QString HostTrust::addressOf(const QUrl &url)
{
    const int usual = url.scheme() == QLatin1String("wss") ? 443 : 80;
    const QString host = url.host(QUrl::FullyEncoded).toLower();
    return QStringLiteral("%1:%2")
        .arg(host.contains(u':') ? u'[' + host + u']' : host)
        .arg(url.port(usual));
}

QByteArray HostTrust::fingerprintFrom(const QString &text)
{
    QByteArray digits = text.trimmed().toLatin1().toLower();
    if (digits.startsWith("sha256:"))
        digits.remove(0, 7);
    digits.replace(':', QByteArray()).replace(' ', QByteArray());
    const auto isDigit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (digits.size() != 2 * kFingerprintBytes ||
        !std::all_of(digits.cbegin(), digits.cend(), isDigit))
        return {};
    return QByteArray::fromHex(digits);
}

QString HostTrust::fingerprintText(const QByteArray &fingerprint)
{
    return QString::fromLatin1(fingerprint.toHex(':').toUpper());
}

bool HostTrust::isTrusted(const QString &address, const QByteArray &fingerprint) const
{
    const std::lock_guard lock(m_mutex);
    return fingerprint.size() == kFingerprintBytes &&
           (m_pinned.value(address) == fingerprint || m_once.value(address) == fingerprint);
}

QByteArray HostTrust::pinned(const QString &address) const
{
    const std::lock_guard lock(m_mutex);
    return m_pinned.value(address);
}

void HostTrust::trustOnce(const QString &address, const QByteArray &fingerprint)
{
    const std::lock_guard lock(m_mutex);
    m_once.insert(address, fingerprint);
    m_distrusts.remove(address);
}

void HostTrust::trustAlways(const QString &address, const QByteArray &fingerprint)
{
    {
        const std::lock_guard lock(m_mutex);
        m_pinned.insert(address, fingerprint);
        m_once.remove(address);
        m_distrusts.remove(address);
    }
    if (m_keep)
        m_keep(address, fingerprint);
}

void HostTrust::report(const Distrust &distrust)
{
    const std::lock_guard lock(m_mutex);
    m_distrusts.insert(distrust.address, distrust);
}

std::optional<Distrust> HostTrust::distrust(const QString &address) const
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_distrusts.constFind(address);
    return it == m_distrusts.cend() ? std::nullopt : std::optional(*it);
}

} // namespace patchboard
