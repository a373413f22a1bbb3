#include "app/desktop/render.h"

#include "app/commands/options.h"
#include "app/desktop/size.h"
#include "model/formats/import.h"
#include "model/formats/registry.h"
#include "server/store/sqlitestore.h"
#include "ui/scene/render.h"

#include <QCoreApplication>

namespace patchboard::app {

namespace {

struct RenderText
{
    Q_DECLARE_TR_FUNCTIONS(Desktop)
};

/// Reads a board, or anything that can be imported, into @a topology.
Result<void> readAnything(const QString &file, Topology &topology)
{
    if (server::looksLikeBoard(file)) {
        const auto state = server::readBoard(file, topology);
        if (!state)
            return Error{state.error().code,
                         QStringLiteral("%1: %2").arg(file, state.error().text)};
        return {};
    }
    auto read = formats::Registry().readFile(file);
    if (!read)
        return read.error().toError(file);
    formats::placeDocument(read.document());
    quint32 counter = 0;
    const formats::Import import = formats::importEdits(
        read.document(), topology, [&counter] { return makeId(0, ++counter); });
    Change change;
    change.cseq = 1;
    change.edits = import.edits;
    if (auto done = topology.submit(change, {{0, 1}, 1, 1}); !done)
        return done.error();
    return {};
}

} // namespace

int runRender(const QStringList &arguments)
{
    CommandLine line(arguments,
                     RenderText::tr("Draws a board, or any file that can be imported, into a "
                                    "picture: PNG, or SVG and PDF with text as text. Needs no "
                                    "display."));
    line.file(QStringLiteral("file"), RenderText::tr("The board"));
    line.option({QStringLiteral("o"), QStringLiteral("output")},
                RenderText::tr("The picture; its ending decides between PNG, SVG and PDF"),
                RenderText::tr("file"));
    line.option(QStringLiteral("size"),
                RenderText::tr("Size of the picture in pixels, as 1440x900"),
                RenderText::tr("WxH"));
    line.option(QStringLiteral("scale"),
                RenderText::tr("Instead of a size: how much larger than at 100 %, as 2.5"),
                RenderText::tr("factor"));
    line.option(QStringLiteral("only"),
                RenderText::tr("Only these devices, by name, and the links between them; may be "
                               "given several times"),
                RenderText::tr("device"));
    line.option(QStringLiteral("dark"), RenderText::tr("Light on dark"));
    if (const auto code = line.parse())
        return *code;
    const QString out = line.value(QStringLiteral("output"));
    if (out.isEmpty()) {
        printError(RenderText::tr("where to? -o OUT.png, OUT.svg or OUT.pdf is missing"));
        return Failed;
    }
    ui::RenderOptions options;
    options.dark = line.has(QStringLiteral("dark"));
    if (line.has(QStringLiteral("size"))) {
        const auto size = sizeFrom(line.value(QStringLiteral("size")));
        if (!size) {
            printError(RenderText::tr("%1 is no size; one looks like 1440x900")
                           .arg(line.value(QStringLiteral("size"))));
            return Failed;
        }
        options.size = *size;
    }
    if (line.has(QStringLiteral("scale"))) {
        bool ok = false;
        options.scale = line.value(QStringLiteral("scale")).toDouble(&ok);
        if (!ok || !(options.scale >= 0.01 && options.scale <= 100)) {
            printError(RenderText::tr("%1 is no scale; one is a number from 0.01 to 100")
                           .arg(line.value(QStringLiteral("scale"))));
            return Failed;
        }
    }
    Topology topology;
    if (const auto read = readAnything(line.fileAt(0), topology); !read) {
        printError(read.error().text);
        return Refused;
    }
    QList<EntityId> only;
    for (const QString &name : line.values(QStringLiteral("only"))) {
        const EntityId id = topology.deviceByName(name);
        if (id == 0) {
            printError(RenderText::tr("there is no device %1").arg(name));
            return Failed;
        }
        only.append(id);
    }
    const auto done = only.isEmpty() ? ui::renderFile(topology, options, out)
                                     : ui::renderFile(*ui::partOf(topology, only), options, out);
    if (!done) {
        printError(done.error().text);
        return Failed;
    }
    return Done;
}

} // namespace patchboard::app
