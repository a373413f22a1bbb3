#include "discovery/foundhost.h"

#include <QHash>
#include <QRegularExpression>
#include <QSysInfo>

namespace patchboard::discovery {

namespace {

constexpr qsizetype kMostServiceBytes = 63; ///< RFC 6763, section 4.1.1
constexpr qsizetype kMostTxtEntries = 32;

/// As much of it as fits into so many bytes of UTF-8.
QString atMost(QString text, qsizetype bytes)
{
    while (text.toUtf8().size() > bytes) {
        text.chop(1);
        if (!text.isEmpty() && text.back().isHighSurrogate())
            text.chop(1);
    }
    return text;
}

QString matching(const QByteArray &value, const QRegularExpression &pattern)
{
    const QString text = QString::fromLatin1(value);
    return pattern.match(text).hasMatch() ? text : QString();
}

} // namespace

QByteArrayList txtOf(const Announcement &announcement)
{
    return {QByteArrayLiteral("txtvers=1"),
            "board=" + atMost(announcement.board, kMostBoardBytes).toUtf8(),
            "id=" + announcement.id.toLatin1(),
            QByteArrayLiteral("version=" PATCHBOARD_VERSION),
            announcement.encrypted ? QByteArrayLiteral("tls=1") : QByteArrayLiteral("tls=0"),
            announcement.needsToken ? QByteArrayLiteral("token=1") : QByteArrayLiteral("token=0")};
}

QString serviceNameOf(const Announcement &announcement)
{
    const QString machine =
        QStringLiteral(" @ ") + atMost(QSysInfo::machineHostName().section(u'.', 0, 0), 24);
    return atMost(announcement.board.simplified(), kMostServiceBytes - machine.toUtf8().size()) +
           machine;
}

QString shownName(const QString &untrusted)
{
    QString out;
    // Bounded before anything is done with it.
    for (const char32_t c : untrusted.left(4 * kMostNameLength).simplified().toUcs4()) {
        const auto category = QChar::category(c);
        // Formats turn the direction of a line, or hide; what is no text came as the replacement.
        const bool isNoText =
            category == QChar::Other_Control || category == QChar::Other_Format ||
            category == QChar::Other_PrivateUse || category == QChar::Other_NotAssigned ||
            category == QChar::Other_Surrogate || category == QChar::Separator_Line ||
            category == QChar::Separator_Paragraph || c == QChar::ReplacementCharacter;
        if (!isNoText)
            out.append(QString::fromUcs4(&c, 1));
    }
    out = out.simplified();
    if (out.size() > kMostNameLength) {
        out.truncate(kMostNameLength - 1);
        if (out.back().isHighSurrogate())
            out.chop(1);
        out.append(QChar(0x2026)); // …
    }
    return out;
}

FoundHost hostFrom(const QString &service, const QString &machine, const QHostAddress &address,
                   quint16 port, const QByteArrayList &txt)
{
    QHash<QByteArray, QByteArray> values;
    for (const QByteArray &entry : txt.mid(0, kMostTxtEntries)) {
        const qsizetype equals = entry.indexOf('=');
        // The first of a key counts (RFC 6763, section 6.4).
        if (equals > 0 && !values.contains(entry.first(equals).toLower()))
            values.insert(entry.first(equals).toLower(), entry.mid(equals + 1));
    }
    static const QRegularExpression id(QStringLiteral("^[0-9A-Za-z-]{1,64}$"));
    static const QRegularExpression version(QStringLiteral("^[0-9A-Za-z.+~-]{1,32}$"));
    FoundHost host;
    host.board = shownName(QString::fromUtf8(values.value("board")));
    if (host.board.isEmpty())
        host.board = shownName(service);
    host.machine = shownName(machine);
    if (host.machine.endsWith(QLatin1String(".local"), Qt::CaseInsensitive))
        host.machine.chop(6);
    host.address = address;
    host.port = port;
    host.id = matching(values.value("id"), id);
    host.version = matching(values.value("version"), version);
    host.encrypted = values.value("tls") == "1";
    host.needsToken = values.value("token") == "1";
    return host;
}

QUrl FoundHost::url() const
{
    QUrl url;
    url.setScheme(encrypted ? QStringLiteral("wss") : QStringLiteral("ws"));
    url.setHost(address.toString());
    url.setPort(port);
    return url;
}

QString FoundHost::place() const
{
    return url().authority();
}

} // namespace patchboard::discovery
