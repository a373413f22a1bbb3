#include "app/commands/options.h"

#include <QCoreApplication>
#include <QDir>
#include <QStandardPaths>

namespace patchboard::app {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct OptionsText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

} // namespace

CommandLine::CommandLine(const QStringList &arguments, const QString &summary,
                         const QString &command)
    : m_arguments(arguments)
    , m_command(command.isEmpty() ? arguments.first().section(u' ', -1) : command)
{
    m_parser.setApplicationDescription(summary);
    m_parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsOptions);
    m_parser.addHelpOption();
    m_parser.addVersionOption();
    option(QStringLiteral("language"), OptionsText::tr("Language of the texts: en or de"),
           OptionsText::tr("code"));
}

void CommandLine::option(const QString &name, const QString &summary, const QString &value,
                         const QString &otherwise)
{
    m_parser.addOption({name, summary, value, otherwise});
}

void CommandLine::option(const QStringList &names, const QString &summary, const QString &value)
{
    m_parser.addOption({names, summary, value});
}

void CommandLine::file(const QString &name, const QString &summary, bool needed)
{
    m_parser.addPositionalArgument(name, summary, needed ? name : QStringLiteral("[%1]").arg(name));
    m_least += needed ? 1 : 0;
    ++m_most;
}

std::optional<int> CommandLine::parse()
{
    const auto wrong = [&](const QString &text) {
        printError(QStringLiteral("%1 (%2)").arg(
            text, OptionsText::tr("try: %1 %2 --help")
                      .arg(QCoreApplication::applicationName(), m_command)));
        return Failed;
    };
    if (!m_parser.parse(m_arguments))
        return wrong(m_parser.errorText());
    if (m_parser.isSet(QStringLiteral("help"))) {
        // The usage line of the parser knows the program, not the command.
        QString text = m_parser.helpText();
        const QString program = QCoreApplication::arguments().value(0);
        text.replace(program + u' ', program + u' ' + m_command + u' ');
        printLine(text.trimmed());
        return Done;
    }
    if (m_parser.isSet(QStringLiteral("version"))) {
        printLine(QCoreApplication::applicationName() + u' ' +
                  QCoreApplication::applicationVersion());
        return Done;
    }
    const qsizetype files = m_parser.positionalArguments().size();
    if (files < m_least)
        return wrong(OptionsText::tr("a file is missing"));
    if (files > m_most)
        return wrong(
            OptionsText::tr("unexpected: %1").arg(m_parser.positionalArguments().at(m_most)));
    return std::nullopt;
}

QString defaultBoard()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                           QStringLiteral("/patchboard");
    QDir().mkpath(folder);
    return folder + QStringLiteral("/network.board");
}

} // namespace patchboard::app
