#include "app/commands/options.h"

#include "server/store/audit.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

namespace patchboard::app {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct AuditText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

constexpr qsizetype kAtOnce = 1000; ///< entries read at a time

/// One line, whatever is in the text.
QString inOneLine(const QString &text)
{
    return text.isEmpty() ? QStringLiteral("-") : text.simplified();
}

} // namespace

int runAudit(const QStringList &arguments)
{
    CommandLine line(arguments,
                     AuditText::tr("Says who changed a board, when, by which token and from which "
                                   "address; also while it is hosted."));
    line.file(QStringLiteral("file"), AuditText::tr("The board"));
    line.option(QStringLiteral("since"), AuditText::tr("Only what came after this revision"),
                AuditText::tr("revision"), QStringLiteral("0"));
    line.option(QStringLiteral("json"), AuditText::tr("Prints one JSON object a line"));
    if (const auto code = line.parse())
        return *code;
    bool isNumber = false;
    server::AuditPlace place;
    place.revision = line.value(QStringLiteral("since")).toULongLong(&isNumber);
    if (!isNumber) {
        printError(
            AuditText::tr("--since %1: not a revision").arg(line.value(QStringLiteral("since"))));
        return Failed;
    }
    const bool asJson = line.has(QStringLiteral("json"));
    for (;;) {
        const auto entries = server::readAudit(line.fileAt(0), place, kAtOnce);
        if (!entries) {
            printError(entries.error().text);
            return entries.error().code == Errc::Protocol ? Refused : Failed;
        }
        for (const server::AuditEntry &entry : *entries) {
            const QString time =
                QDateTime::fromMSecsSinceEpoch(entry.time, Qt::UTC).toString(Qt::ISODate);
            if (asJson) {
                printLine(QString::fromUtf8(
                    QJsonDocument(QJsonObject{{QStringLiteral("revision"), qint64(entry.revision)},
                                              {QStringLiteral("act"),
                                               entry.act == 0 ? QJsonValue() : qint64(entry.act)},
                                              {QStringLiteral("time"), time},
                                              {QStringLiteral("author"), entry.author},
                                              {QStringLiteral("token"), entry.token},
                                              {QStringLiteral("address"), entry.address},
                                              {QStringLiteral("label"), entry.label}})
                        .toJson(QJsonDocument::Compact)));
            } else {
                printLine(QStringLiteral("%1\t%2\t%3\t%4\t%5\t%6")
                              .arg(QString::number(entry.revision), time, inOneLine(entry.address),
                                   inOneLine(entry.token), inOneLine(entry.author),
                                   inOneLine(entry.label)));
            }
            place.revision = entry.revision;
            place.act = std::max(place.act, entry.act);
        }
        if (entries->size() < kAtOnce)
            return Done;
    }
}

} // namespace patchboard::app
