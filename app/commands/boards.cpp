#include "app/commands/boardcopy.h"
#include "app/commands/options.h"

#include "server/store/history.h"

#include <QCoreApplication>

namespace patchboard::app {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct BoardsText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

} // namespace

int runCheck(const QStringList &arguments)
{
    CommandLine line(arguments,
                     BoardsText::tr("Verifies a board from end to end: its pages, what refers to "
                                    "what, names, containers, and the log of all changes against "
                                    "its tables. Changes nothing."));
    line.file(QStringLiteral("file"), BoardsText::tr("The board"));
    if (const auto code = line.parse())
        return *code;
    const QString file = line.fileAt(0);
    const auto report = server::checkBoard(file);
    if (!report) {
        printError(report.error().text);
        return Refused;
    }
    if (!report->problems.isEmpty()) {
        for (const QString &problem : report->problems)
            printError(QStringLiteral("%1: %2").arg(file, problem));
        return Refused;
    }
    printLine(BoardsText::tr("%1 is sound: %2, %3, %4, revision %5")
                  .arg(file, BoardsText::tr("%n device(s)", nullptr, int(report->devices)),
                       BoardsText::tr("%n interface(s)", nullptr, int(report->interfaces)),
                       BoardsText::tr("%n link(s)", nullptr, int(report->links)))
                  .arg(report->revision));
    return Done;
}

int runBackup(const QStringList &arguments)
{
    CommandLine line(arguments, BoardsText::tr("Copies a board, also while it is hosted, into a "
                                               "new file that appears when it is complete."));
    line.file(QStringLiteral("file"), BoardsText::tr("The board"));
    line.file(QStringLiteral("out"), BoardsText::tr("The copy"));
    line.option(QStringLiteral("force"), BoardsText::tr("Replaces a file that is there"));
    line.option(QStringLiteral("revision"),
                BoardsText::tr("The board as it was then, without its history: the number of a "
                               "change, or the name of a snapshot"),
                BoardsText::tr("revision"));
    if (const auto code = line.parse())
        return *code;
    const QString file = line.fileAt(0);
    const QString out = line.fileAt(1);
    const bool force = line.has(QStringLiteral("force"));
    if (const QString revision = line.value(QStringLiteral("revision")); !revision.isEmpty()) {
        Topology board;
        const auto found = server::readBoardAt(file, revision, board);
        const auto ok = found ? writeBoardCopy(board, out, force) : Result<void>(found.error());
        if (!ok) {
            printError(ok.error().text);
            return !found && found.error().code == Errc::Protocol ? Refused : Failed;
        }
        printLine(BoardsText::tr("%1 is a copy of %2 at revision %3").arg(out, file).arg(*found));
        return Done;
    }
    const auto ok = server::backupBoard(file, out, force);
    if (!ok) {
        printError(ok.error().text);
        return ok.error().code == Errc::Protocol ? Refused : Failed;
    }
    printLine(BoardsText::tr("%1 is a copy of %2").arg(out, file));
    return Done;
}

} // namespace patchboard::app
