#pragma once

#include <QByteArrayList>
#include <QHostAddress>
#include <QString>
#include <QUrl>

/// Hosts of the local network, announced and found as the DNS-SD service `_patchboard._tcp`.
namespace patchboard::discovery {

inline constexpr QLatin1String kServiceType{"_patchboard._tcp"};
inline constexpr qsizetype kMostBoardBytes = 200; ///< UTF-8, of a board's name in an announcement
inline constexpr qsizetype kMostNameLength = 80;  ///< characters, of any name that is shown

/// What a host says of itself.
struct Announcement
{
    QString board;        ///< its title
    QString id;           ///< the epoch: one board, one id
    QHostAddress address; ///< that it listens on; the "any" addresses are all networks
    quint16 port = 0;
    bool encrypted = false;  ///< wss, https
    bool needsToken = false; ///< nobody comes in without one
};

/// The TXT record of an announcement.
[[nodiscard]] QByteArrayList txtOf(const Announcement &announcement);
/// The name of the service: the board's, and this machine's; at most 63 bytes, as DNS has it.
[[nodiscard]] QString serviceNameOf(const Announcement &announcement);

/// A host that was found. Whatever is in the network may have written it: names are of one line,
/// short and without characters that steer a display; they are plain text, never markup. The
/// address is the one that the service was resolved to, never one out of its texts.
struct FoundHost
{
    QString board;
    QString machine; ///< its host name, without .local
    QHostAddress address;
    quint16 port = 0;
    QString id;
    QString version;
    bool encrypted = false;
    bool needsToken = false;

    /// ws://ADDRESS:PORT or wss://…
    [[nodiscard]] QUrl url() const;
    /// ADDRESS:PORT
    [[nodiscard]] QString place() const;
    bool operator==(const FoundHost &) const = default;
};

/// One line of at most kMostNameLength characters that do not control anything.
[[nodiscard]] QString shownName(const QString &untrusted);
/// A host from a resolved service; without a board's name it is called like the service. Nothing
/// is taken over that does not look as it should.
[[nodiscard]] FoundHost hostFrom(const QString &service, const QString &machine,
                                 const QHostAddress &address, quint16 port,
                                 const QByteArrayList &txt);

} // namespace patchboard::discovery
