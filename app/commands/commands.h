#pragma once

#include <QStringList>

#include <optional>

class QCoreApplication;

/// The command line: what both programs can do without a display.
namespace patchboard::app {

enum ExitCode : int {
    Done = 0,
    Failed = 1, ///< wrong command line, port in use, file that cannot be written
    Refused = 2 ///< a file was refused: it is damaged, foreign, or not understood
};

/// Runs `PROGRAM COMMAND …`, if the first argument that is no option is a command; nullopt if it is
/// none. @a arguments: with the program's name first. Needs a QCoreApplication with translators.
std::optional<int> runCommand(const QStringList &arguments);
/// Whether runCommand() would do something; needs no application.
bool isCommandLine(const QStringList &arguments);
/// One line per command: name, summary.
QString commandsHelp();

/// Loads the texts of a language ("de"), or of the user's locale if that is empty, into @a
/// application. False if there are none for the language that was asked for.
bool installLanguage(QCoreApplication &application, const QString &language);
/// The value of --language in a command line that was not parsed yet.
QString languageOf(const QStringList &arguments);

/// The error of a command: one line, `PROGRAM: text`, on standard error.
void printError(const QString &text);
void printLine(const QString &text);

// The commands. @a arguments: program and command as one, then the rest.
int runServe(const QStringList &arguments);
int runCheck(const QStringList &arguments);
int runBackup(const QStringList &arguments);
int runImport(const QStringList &arguments);
int runInspect(const QStringList &arguments);
int runAudit(const QStringList &arguments);
int runHosts(const QStringList &arguments);
int runToken(const QStringList &arguments);

} // namespace patchboard::app
