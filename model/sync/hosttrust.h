#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QHash>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <functional>
#include <mutex>
#include <optional>

namespace patchboard {

/// Why a host was not connected to: its certificate, and what is wrong with that.
struct Distrust
{
    QString address;        ///< "host:port"
    QByteArray fingerprint; ///< SHA-256 of the certificate (DER), 32 bytes
    QByteArray expected;    ///< of the one that was trusted for good; empty: none was
    QString subject;        ///< common name, else organisation
    QString issuer;         ///< likewise
    QStringList names;      ///< hosts that the certificate is for
    QDateTime validFrom;
    QDateTime validUntil;
    bool selfSigned = false;
    QStringList reasons; ///< what is wrong, for people

    /// Another certificate than the one that was trusted: perhaps another host.
    [[nodiscard]] bool isChanged() const { return !expected.isEmpty(); }
};

/// Which certificates of hosts are trusted though no authority vouches for them, and which were
/// found wanting. What is trusted is one certificate at one address, never more. Any thread.
class HostTrust
{
public:
    using Keep = std::function<void(const QString &address, const QByteArray &fingerprint)>;
    /// @a pinned: by address, trusted for good; what is trusted so from now on goes to @a keep.
    explicit HostTrust(QHash<QString, QByteArray> pinned = {}, Keep keep = {});

    /// "host:port", lower case, with the port that the scheme implies.
    static QString addressOf(const QUrl &url);
    /// 64 hexadecimal digits, with or without colons; empty if it is none.
    static QByteArray fingerprintFrom(const QString &text);
    /// "AB:CD:…".
    static QString fingerprintText(const QByteArray &fingerprint);

    [[nodiscard]] bool isTrusted(const QString &address, const QByteArray &fingerprint) const;
    /// Empty if none is trusted for good there.
    [[nodiscard]] QByteArray pinned(const QString &address) const;
    /// Until the program ends.
    void trustOnce(const QString &address, const QByteArray &fingerprint);
    /// In place of what was trusted there before.
    void trustAlways(const QString &address, const QByteArray &fingerprint);

    void report(const Distrust &distrust);
    /// What was wrong when the address was last tried; nullopt if nothing was, or it is trusted
    /// since.
    [[nodiscard]] std::optional<Distrust> distrust(const QString &address) const;

private:
    mutable std::mutex m_mutex;
    QHash<QString, QByteArray> m_pinned;
    QHash<QString, QByteArray> m_once;
    QHash<QString, Distrust> m_distrusts;
    Keep m_keep;
};

} // namespace patchboard
