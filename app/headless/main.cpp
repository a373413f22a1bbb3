// patchboard-server: the host and every command that needs no display.

#include "app/commands/commands.h"

#include <QCoreApplication>

using namespace patchboard;

namespace {

/// The texts of this file; lupdate knows their context by it.
struct HeadlessText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

QString helpText()
{
    return HeadlessText::tr("Usage: %1 COMMAND [options]\n\n"
                            "Hosts boards of network topologies, and works on their files.\n\n"
                            "Commands:\n%2\n"
                            "  %1 COMMAND --help  says more of one\n"
                            "  --language CODE  Language of the texts: en or de\n"
                            "  -v, --version  Prints the version")
        .arg(QCoreApplication::applicationName(), app::commandsHelp());
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("patchboard-server"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PATCHBOARD_VERSION));
    const QStringList arguments = QCoreApplication::arguments();
    const QString language = app::languageOf(arguments);
    if (!app::installLanguage(application, language)) {
        app::printError(HeadlessText::tr("There are no texts in the language %1").arg(language));
        return app::Failed;
    }
    if (const auto code = app::runCommand(arguments))
        return *code;
    for (const QString &argument : arguments.mid(1)) {
        if (argument == QLatin1String("-v") || argument == QLatin1String("--version")) {
            app::printLine(QStringLiteral("patchboard-server " PATCHBOARD_VERSION));
            return app::Done;
        }
        if (argument == QLatin1String("-h") || argument == QLatin1String("--help")) {
            app::printLine(helpText());
            return app::Done;
        }
    }
    const QString first = arguments.value(1);
    if (first.isEmpty())
        app::printError(HeadlessText::tr("a command is missing (try --help)"));
    else
        app::printError(HeadlessText::tr("unknown command or option: %1 (try --help)").arg(first));
    return app::Failed;
}
