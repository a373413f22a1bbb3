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
    CommandLine line(arguments, RenderText::tr("Draws a board, or any file that can be imported, "
                                               "into a picture. Needs no display."));
    line.file(QStringLiteral("file"), RenderText::tr("The board"));
    line.option({QStringLiteral("o"), QStringLiteral("output")},
                RenderText::tr("The picture; its ending decides between PNG and SVG"),
                RenderText::tr("file"));
    line.option(QStringLiteral("size"),
                RenderText::tr("Size of the picture in pixels, as 1440x900"),
                RenderText::tr("WxH"));
    line.option(QStringLiteral("dark"), RenderText::tr("Light on dark"));
    if (const auto code = line.parse())
        return *code;
    const QString out = line.value(QStringLiteral("output"));
    if (out.isEmpty()) {
        printError(RenderText::tr("where to? -o OUT.png or -o OUT.svg is missing"));
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
    Topology topology;
    if (const auto read = readAnything(line.fileAt(0), topology); !read) {
        printError(read.error().text);
        return Refused;
    }
    if (const auto done = ui::renderFile(topology, options, out); !done) {
        printError(done.error().text);
        return Failed;
    }
    return Done;
}

} // namespace patchboard::app
