#include "app/commands/options.h"

#include "server/access/tokenfile.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace patchboard::app {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct TokenCommandText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

constexpr qint64 kMinuteMs = 60'000;
constexpr qint64 kHourMs = 60 * kMinuteMs;
constexpr qint64 kDayMs = 24 * kHourMs;

/// "90m", "12h", "30d" from now; a day (it is the last one), or a time. ms since 1970 UTC.
std::optional<qint64> readExpiry(const QString &text, qint64 now)
{
    static const QRegularExpression span(QStringLiteral("^([1-9][0-9]{0,5})([mhd])$"));
    if (const auto match = span.match(text); match.hasMatch()) {
        const QChar unit = match.capturedView(2).front();
        return now + match.capturedView(1).toLongLong() * (unit == u'm'   ? kMinuteMs
                                                           : unit == u'h' ? kHourMs
                                                                          : kDayMs);
    }
    if (const QDate day = QDate::fromString(text, Qt::ISODate); day.isValid())
        return day.addDays(1).startOfDay().toMSecsSinceEpoch();
    if (const QDateTime time = QDateTime::fromString(text, Qt::ISODate); time.isValid())
        return time.toMSecsSinceEpoch();
    return std::nullopt;
}

QString isoTime(qint64 time)
{
    return QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODate);
}

QJsonValue jsonTime(const std::optional<qint64> &time)
{
    return time ? QJsonValue(isoTime(*time)) : QJsonValue(QJsonValue::Null);
}

QJsonObject jsonToken(const access::Token &token, qint64 now)
{
    return {{QStringLiteral("name"), token.name},
            {QStringLiteral("role"), access::roleKey(token.role)},
            {QStringLiteral("created"), isoTime(token.created)},
            {QStringLiteral("expires"), jsonTime(token.expires)},
            {QStringLiteral("expired"), token.isExpired(now)},
            {QStringLiteral("last_used"), jsonTime(token.lastUsed)}};
}

int failed(const Error &error)
{
    printError(error.text);
    return error.code == Errc::Protocol ? Refused : Failed;
}

QString boardAt(const CommandLine &line, qsizetype index)
{
    return line.fileAt(index).isEmpty() ? defaultBoard() : line.fileAt(index);
}

int addToken(CommandLine &line)
{
    line.file(QStringLiteral("file"), TokenCommandText::tr("The board"), false);
    line.option(QStringLiteral("role"),
                TokenCommandText::tr("What it allows: viewer, editor or admin"),
                QStringLiteral("viewer|editor|admin"));
    line.option(QStringLiteral("name"),
                TokenCommandText::tr("How it is listed, and stands in the log of changes"),
                TokenCommandText::tr("name"));
    line.option(QStringLiteral("expires"),
                TokenCommandText::tr(
                    "When it ends: 12h, 30d, 2027-12-31, or a time; never, if this is left out"),
                TokenCommandText::tr("when"));
    line.option(QStringLiteral("json"), TokenCommandText::tr("Prints one JSON object"));
    if (const auto code = line.parse())
        return *code;
    const auto role = access::roleFromKey(line.value(QStringLiteral("role")));
    if (!role) {
        printError(TokenCommandText::tr("--role is viewer, editor or admin"));
        return Failed;
    }
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    std::optional<qint64> expires;
    if (line.has(QStringLiteral("expires"))) {
        expires = readExpiry(line.value(QStringLiteral("expires")), now);
        if (!expires) {
            printError(
                TokenCommandText::tr("--expires %1: neither a span (12h, 30d) nor a day or time")
                    .arg(line.value(QStringLiteral("expires"))));
            return Failed;
        }
    }
    const QString board = boardAt(line, 0);
    const QString name = line.value(QStringLiteral("name"));
    if (line.has(QStringLiteral("name")) && name.isEmpty()) {
        printError(TokenCommandText::tr("--name is empty"));
        return Failed;
    }
    const auto file = access::TokenFile::open(access::TokenFile::pathFor(board));
    if (!file)
        return failed(file.error());
    const auto added = (*file)->add(name, *role, expires, now);
    if (!added)
        return failed(added.error());
    const QString text = QString::fromLatin1(added->text);
    if (line.has(QStringLiteral("json"))) {
        QJsonObject object = jsonToken(added->token, now);
        object.insert(QStringLiteral("token"), text);
        printLine(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
        return Done;
    }
    // The token alone goes where a script reads it.
    printError(TokenCommandText::tr("token %1 (%2) for %3; it is shown only this once:")
                   .arg(added->token.name, access::roleKey(*role), board));
    printLine(text);
    return Done;
}

int listTokens(CommandLine &line)
{
    line.file(QStringLiteral("file"), TokenCommandText::tr("The board"), false);
    line.option(QStringLiteral("json"), TokenCommandText::tr("Prints one JSON array"));
    if (const auto code = line.parse())
        return *code;
    const QString board = boardAt(line, 0);
    const auto file = access::TokenFile::openExisting(access::TokenFile::pathFor(board));
    if (!file)
        return failed(file.error());
    QList<access::Token> tokens;
    if (*file) {
        auto all = (*file)->tokens();
        if (!all)
            return failed(all.error());
        tokens = std::move(*all);
    }
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (line.has(QStringLiteral("json"))) {
        QJsonArray array;
        for (const access::Token &token : std::as_const(tokens))
            array.append(jsonToken(token, now));
        printLine(QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact)));
        return Done;
    }
    if (tokens.isEmpty()) {
        printLine(TokenCommandText::tr("%1 has no tokens").arg(board));
        return Done;
    }
    const auto shown = [](const std::optional<qint64> &time, const QString &otherwise) {
        return time ? QDateTime::fromMSecsSinceEpoch(*time).toString(
                          QStringLiteral("yyyy-MM-dd hh:mm"))
                    : otherwise;
    };
    QList<QStringList> rows{{TokenCommandText::tr("Name"), TokenCommandText::tr("Role"),
                             TokenCommandText::tr("Made"), TokenCommandText::tr("Expires"),
                             TokenCommandText::tr("Last used")}};
    for (const access::Token &token : std::as_const(tokens)) {
        rows.append({token.name, access::roleKey(token.role), shown(token.created, {}),
                     token.isExpired(now) ? TokenCommandText::tr("expired")
                                          : shown(token.expires, TokenCommandText::tr("never")),
                     shown(token.lastUsed, TokenCommandText::tr("never"))});
    }
    QList<qsizetype> widths(rows.first().size(), 0);
    for (const QStringList &row : std::as_const(rows)) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const QStringList &row : std::as_const(rows)) {
        QString text;
        for (qsizetype i = 0; i < row.size(); ++i)
            text += row[i].leftJustified(widths[i] + 2);
        while (text.endsWith(u' '))
            text.chop(1);
        printLine(text);
    }
    return Done;
}

int removeToken(CommandLine &line)
{
    line.file(QStringLiteral("name"), TokenCommandText::tr("Of the token"));
    line.file(QStringLiteral("file"), TokenCommandText::tr("The board"), false);
    if (const auto code = line.parse())
        return *code;
    const QString board = boardAt(line, 1);
    const auto file = access::TokenFile::openExisting(access::TokenFile::pathFor(board));
    if (!file)
        return failed(file.error());
    if (!*file) {
        printError(TokenCommandText::tr("%1 has no tokens").arg(board));
        return Failed;
    }
    if (const auto removed = (*file)->remove(line.fileAt(0)); !removed)
        return failed(removed.error());
    printLine(TokenCommandText::tr("The token %1 opens nothing any more").arg(line.fileAt(0)));
    return Done;
}

} // namespace

int runToken(const QStringList &arguments)
{
    struct Action
    {
        QString name;
        QString summary;
        int (*run)(CommandLine &);
    };
    const QList<Action> actions{
        {QStringLiteral("add"),
         TokenCommandText::tr("Makes a token for a board and prints it, this once. A board that "
                              "has tokens lets nobody in over the network without one; a host "
                              "that runs notices within a second. Without a file, the board of "
                              "this user."),
         addToken},
        {QStringLiteral("list"), TokenCommandText::tr("Says which tokens a board has."),
         listTokens},
        {QStringLiteral("remove"),
         TokenCommandText::tr("Ends a token: within a second a host that runs closes the "
                              "connections that it opened."),
         removeToken},
    };
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        for (const Action &action : actions) {
            if (arguments[i] != action.name)
                continue;
            QStringList rest = arguments;
            rest.removeAt(i);
            CommandLine line(rest, action.summary, QStringLiteral("token ") + action.name);
            return action.run(line);
        }
        if (!arguments[i].startsWith(u'-') && arguments[i - 1] != QLatin1String("--language"))
            break;
    }
    const bool isHelp =
        arguments.contains(QLatin1String("--help")) || arguments.contains(QLatin1String("-h"));
    if (!isHelp) {
        printError(TokenCommandText::tr("token: say add, list or remove (try --help)"));
        return Failed;
    }
    QString text = TokenCommandText::tr("Usage: %1 token add|list|remove [options]")
                       .arg(QCoreApplication::applicationName()) +
                   QStringLiteral("\n");
    for (const Action &action : actions)
        text += QStringLiteral("\n%1\n  %2\n").arg(action.name, action.summary);
    printLine(text.trimmed());
    return Done;
}

} // namespace patchboard::app
