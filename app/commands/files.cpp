#include "app/commands/newboard.h"
#include "app/commands/options.h"

#include "model/formats/import.h"
#include "model/formats/registry.h"
#include "server/store/history.h"
#include "server/store/sqlitestore.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace patchboard::app {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct FilesText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

void printWarnings(const QString &file, const QList<formats::Warning> &warnings)
{
    for (const formats::Warning &warning : warnings) {
        const QString place =
            warning.line > 0 ? QStringLiteral("%1:%2").arg(file).arg(warning.line) : file;
        const QByteArray text = QStringLiteral("%1: %2: %3\n")
                                    .arg(place, FilesText::tr("warning"), warning.text)
                                    .toLocal8Bit();
        std::fwrite(text.constData(), 1, size_t(text.size()), stderr);
    }
}

void printRefusal(const QString &text)
{
    const QByteArray line = (text + u'\n').toLocal8Bit();
    std::fwrite(line.constData(), 1, size_t(line.size()), stderr);
}

QString countsOf(const formats::Summary &summary)
{
    return FilesText::tr("%1, %2, %3, %4")
        .arg(FilesText::tr("%n device(s)", nullptr, int(summary.devices)),
             FilesText::tr("%n link(s)", nullptr, int(summary.links)),
             FilesText::tr("%n interface(s)", nullptr, int(summary.interfaces)),
             FilesText::tr("%n container(s)", nullptr, int(summary.containers)));
}

/// In this order, so by hand.
QString jsonOf(const formats::Summary &summary)
{
    QJsonArray warnings;
    for (const formats::Warning &warning : summary.warnings) {
        warnings.append(QJsonObject{{QStringLiteral("line"), warning.line},
                                    {QStringLiteral("text"), warning.text}});
    }
    const auto array = [](const QJsonArray &values) {
        return QString::fromUtf8(QJsonDocument(values).toJson(QJsonDocument::Compact));
    };
    return QStringLiteral("{\"format\":%1,\"devices\":%2,\"links\":%3,\"interfaces\":%4,"
                          "\"containers\":%5,\"warnings\":%6}")
        .arg(array({summary.format}).mid(1).chopped(1))
        .arg(summary.devices)
        .arg(summary.links)
        .arg(summary.interfaces)
        .arg(summary.containers)
        .arg(array(warnings));
}

/// @a revision: number or name; empty: as it is now.
Result<formats::Summary> inspectBoard(const QString &file, const QString &revision)
{
    Topology topology;
    if (revision.isEmpty()) {
        if (const auto state = server::readBoard(file, topology); !state)
            return state.error();
    } else if (const auto found = server::readBoardAt(file, revision, topology); !found) {
        return found.error();
    }
    formats::Summary summary;
    summary.format = QStringLiteral("board");
    summary.devices = topology.devices().size();
    summary.links = topology.links().size();
    summary.interfaces = topology.interfaces().size();
    for (const Device &device : topology.devices().slots()) {
        if (device.id != 0 && topology.isContainer(device))
            ++summary.containers;
    }
    return summary;
}

} // namespace

int runInspect(const QStringList &arguments)
{
    CommandLine line(arguments, FilesText::tr("Reads a board, or any file that can be imported, "
                                              "changes nothing, and prints what is in it."));
    line.file(QStringLiteral("file"), FilesText::tr("The file"));
    line.option(QStringLiteral("json"), FilesText::tr("Prints one JSON object"));
    line.option(QStringLiteral("format"),
                FilesText::tr("What the file is, where that cannot be seen"),
                FilesText::tr("format"));
    line.option(QStringLiteral("revision"),
                FilesText::tr("The board as it was then: the number of a change, or the name of "
                              "a snapshot"),
                FilesText::tr("revision"));
    if (const auto code = line.parse())
        return *code;
    const QString file = line.fileAt(0);
    const QString revision = line.value(QStringLiteral("revision"));
    formats::Summary summary;
    if (!revision.isEmpty() || server::looksLikeBoard(file)) {
        auto found = inspectBoard(file, revision);
        if (!found) {
            printRefusal(QStringLiteral("%1: %2").arg(file, found.error().text));
            return Refused;
        }
        summary = std::move(*found);
    } else {
        const formats::Registry registry;
        const auto read = registry.readFile(file, {}, line.value(QStringLiteral("format")));
        if (!read) {
            printRefusal(read.error().describe(file));
            return Refused;
        }
        summary = formats::summaryOf(read.document());
    }
    if (line.has(QStringLiteral("json"))) {
        printLine(jsonOf(summary));
    } else {
        printLine(QStringLiteral("%1: %2: %3").arg(file, summary.format, countsOf(summary)));
        printWarnings(file, summary.warnings);
    }
    return Done;
}

int runImport(const QStringList &arguments)
{
    CommandLine line(arguments,
                     FilesText::tr("Reads a file of another program into a new board: all of it or "
                                   "nothing. Each thing that could not be taken is listed with its "
                                   "line."));
    line.file(QStringLiteral("file"), FilesText::tr("The file"));
    line.option({QStringLiteral("o"), QStringLiteral("output")}, FilesText::tr("The new board"),
                FilesText::tr("file"));
    line.option(QStringLiteral("format"),
                FilesText::tr("What the file is, where that cannot be seen"),
                FilesText::tr("format"));
    line.option(QStringLiteral("force"), FilesText::tr("Replaces a file that is there"));
    line.option(QStringLiteral("quiet"), FilesText::tr("Prints no warnings"));
    if (const auto code = line.parse())
        return *code;
    const QString file = line.fileAt(0);
    const QString out = line.value(QStringLiteral("output"));
    const bool overwrite = line.has(QStringLiteral("force"));
    if (out.isEmpty()) {
        printError(FilesText::tr("where to? -o OUT.board is missing"));
        return Failed;
    }
    if (!overwrite && QFileInfo::exists(out)) {
        printError(FilesText::tr("%1 exists; --force replaces it").arg(out));
        return Failed;
    }
    const formats::Registry registry;
    auto read = registry.readFile(file, {}, line.value(QStringLiteral("format")));
    if (!read) {
        printRefusal(read.error().describe(file));
        return Refused;
    }
    QString message;
    formats::placeDocument(read.document(), {}, &message);
    if (!message.isEmpty())
        printError(message);
    formats::Summary summary;
    const auto written = writeNewBoard(out, overwrite, FilesText::tr("Import"),
                                       [&](const Topology &topology, const edits::IdSource &newId) {
                                           formats::Import import = formats::importEdits(
                                               read.document(), topology, newId);
                                           summary = import.summary;
                                           return import.edits;
                                       });
    if (!written) {
        printError(written.error().text);
        return Failed;
    }
    if (!line.has(QStringLiteral("quiet")))
        printWarnings(file, summary.warnings);
    printLine(FilesText::tr("%1: %2, from %3").arg(out, countsOf(summary), file));
    return Done;
}

} // namespace patchboard::app
