#pragma once

#include "app/commands/commands.h"

#include <QCommandLineParser>

namespace patchboard::app {

/// A command's options: `--help`, `--version` and `--language` besides its own.
class CommandLine
{
public:
    /// @a arguments as a command gets them; @a summary for --help.
    /// @a command: its name in help, if that is not the last word of the first argument.
    CommandLine(const QStringList &arguments, const QString &summary, const QString &command = {});

    void option(const QString &name, const QString &summary, const QString &value = {},
                const QString &otherwise = {});
    /// @a names: the first is the letter.
    void option(const QStringList &names, const QString &summary, const QString &value);
    /// @a needed: false for one that may be left out.
    void file(const QString &name, const QString &summary, bool needed = true);

    /// nullopt: go on. Otherwise all has been said, and this is the exit code.
    std::optional<int> parse();
    [[nodiscard]] bool has(const QString &name) const { return m_parser.isSet(name); }
    [[nodiscard]] QString value(const QString &name) const { return m_parser.value(name); }
    [[nodiscard]] QStringList values(const QString &name) const { return m_parser.values(name); }
    [[nodiscard]] QString fileAt(qsizetype index) const
    {
        return m_parser.positionalArguments().value(index);
    }

private:
    QCommandLineParser m_parser;
    QStringList m_arguments;
    QString m_command;
    qsizetype m_least = 0;
    qsizetype m_most = 0;
};

/// The board of this user, where a command is given none; its folder is made.
QString defaultBoard();

} // namespace patchboard::app
