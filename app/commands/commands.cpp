#include "app/commands/commands.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <cstdio>

namespace patchboard::app {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct CommandsText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

struct Command
{
    const char *name;
    QString summary;
    int (*run)(const QStringList &);
};

QList<Command> commands()
{
    return {
        {"serve", CommandsText::tr("Hosts a board for windows and programs"), runServe},
        {"import", CommandsText::tr("Reads a file of another program into a new board"), runImport},
        {"inspect", CommandsText::tr("Says what is in a board or a file that can be imported"),
         runInspect},
        {"check", CommandsText::tr("Verifies a board from end to end"), runCheck},
        {"backup", CommandsText::tr("Copies a board, also while it is hosted"), runBackup},
        {"audit", CommandsText::tr("Says who changed a board, when and from where"), runAudit},
        {"hosts", CommandsText::tr("Names the hosts in the local network"), runHosts},
        {"token", CommandsText::tr("Says who may come to a hosted board: add, list, remove"),
         runToken},
    };
}

/// The index of the command: the first argument that is no option, behind `--language CODE`.
qsizetype commandIndex(const QStringList &arguments)
{
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        if (arguments[i] == QLatin1String("--language")) {
            ++i;
            continue;
        }
        if (!arguments[i].startsWith(u'-'))
            return i;
    }
    return -1;
}

} // namespace

bool isCommandLine(const QStringList &arguments)
{
    static const char *const names[] = {"serve",  "import", "inspect", "check",
                                        "backup", "audit",  "hosts",   "token"};
    const qsizetype index = commandIndex(arguments);
    return index > 0 && std::any_of(std::begin(names), std::end(names), [&](const char *name) {
               return arguments[index] == QLatin1String(name);
           });
}

std::optional<int> runCommand(const QStringList &arguments)
{
    const qsizetype index = commandIndex(arguments);
    if (index < 0)
        return std::nullopt;
    for (const Command &command : commands()) {
        if (arguments[index] != QLatin1String(command.name))
            continue;
        QStringList rest{arguments[0] + u' ' + arguments[index]};
        rest += arguments.mid(1, index - 1) + arguments.mid(index + 1);
        return command.run(rest);
    }
    return std::nullopt;
}

QString commandsHelp()
{
    QString out;
    for (const Command &command : commands())
        out +=
            QStringLiteral("  %1 %2\n").arg(QLatin1String(command.name), -10).arg(command.summary);
    return out;
}

QString languageOf(const QStringList &arguments)
{
    const QString option = QStringLiteral("--language");
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        if (arguments[i] == option && i + 1 < arguments.size())
            return arguments[i + 1];
        if (arguments[i].startsWith(option + u'='))
            return arguments[i].mid(option.size() + 1);
    }
    return {};
}

bool installLanguage(QCoreApplication &application, const QString &language)
{
    const QLocale locale = language.isEmpty() ? QLocale() : QLocale(language);
    const auto load = [&application](const QLocale &wanted) {
        auto *translator = new QTranslator(&application);
        return translator->load(wanted, QStringLiteral("patchboard"), QStringLiteral("_"),
                                QStringLiteral(":/i18n")) &&
               QCoreApplication::installTranslator(translator);
    };
    const bool loaded = load(locale);
    // English has its texts in the sources, and its plurals in a file.
    if (!loaded)
        load(QLocale(QLocale::English));
    auto *qt = new QTranslator(&application);
    if (qt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
    return loaded || language.isEmpty() || locale.language() == QLocale::English;
}

void printError(const QString &text)
{
    const QByteArray line =
        QStringLiteral("%1: %2\n").arg(QCoreApplication::applicationName(), text).toLocal8Bit();
    std::fwrite(line.constData(), 1, size_t(line.size()), stderr);
}

void printLine(const QString &text)
{
    const QByteArray line = (text + u'\n').toLocal8Bit();
    std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    std::fflush(stdout);
}

} // namespace patchboard::app
