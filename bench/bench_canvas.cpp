// What the canvas costs: frames of CanvasView on boards of 10,000 and 100,000 devices with as many
// links, beside painting with one graphics item per thing in the same run.
//
//   bench_canvas [--rounds N] [--ours | --edit | --pictures DIR]
//                [--cytoscape CYTOSCAPE.min.js] [--nodeeditor PROGRAM]
//
// With the last two the same board goes to Cytoscape.js in Chromium and to the nodeeditor library
// (bench/peers) too.

#include "bench/benchboard.h"
#include "model/core/edits.h"
#include "model/core/fields.h"
#include "model/sync/session.h"
#include "model/topologymodel.h"
#include "server/host.h"
#include "server/log/log.h"
#include "server/store/sqlitestore.h"
#include "ui/scene/boardpainter.h"
#include "ui/scene/canvasview.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QGraphicsLineItem>
#include <QGraphicsPixmapItem>
#include <QGraphicsScene>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMouseEvent>
#include <QProcess>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QThread>

#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <cstdio>

using namespace patchboard;
using namespace patchboard::ui;
using patchboard::bench::makeBoard;

namespace {

/// A board in memory, edited at once: no authority, no disk, no network.
class BenchSession : public Session
{
public:
    BenchSession()
        : m_model(m_topology)
    {
    }
    [[nodiscard]] const Topology &topology() const override { return m_topology; }
    [[nodiscard]] TopologyModel *model() override { return &m_model; }
    [[nodiscard]] SessionStatus status() const override
    {
        SessionStatus status;
        status.ready = true;
        return status;
    }
    [[nodiscard]] QList<Person> people() const override { return {}; }
    [[nodiscard]] QString author() const override { return QStringLiteral("bench"); }
    [[nodiscard]] EntityId newId() override { return makeId(1, ++m_counter); }
    Result<Submitted> submit(const QList<Edit> &edits, const QString &, quint64) override
    {
        Change change;
        change.site = 1;
        change.cseq = ++m_cseq;
        change.edits = edits;
        auto outcome = m_topology.submit(change, {{1, m_cseq}, m_cseq, 1});
        if (!outcome)
            return outcome.error();
        return Submitted{{1, m_cseq}, {}, {}, outcome->expansion};
    }
    void reconnectNow() override {}
    void workOffline() override {}
    void setPointer(std::optional<QPointF>) override {}
    void setSelection(const QList<EntityId> &) override {}
    void setDrag(quint64, const QList<std::pair<EntityId, QPointF>> &) override {}
    void endDrag() override {}
    void setView(const QRectF &) override {}
    void setFollowing(quint64) override {}
    [[nodiscard]] quint64 newGesture() override { return ++m_gesture; }
    [[nodiscard]] Topology &board() { return m_topology; }

private:
    Topology m_topology;
    TopologyModel m_model;
    quint32 m_counter = 10000000;
    quint64 m_cseq = 0;
    quint64 m_gesture = 0;
};

double cpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// Wall clock and CPU time: on a machine that does other things too, the latter is what it costs.
class Stopwatch
{
public:
    Stopwatch()
        : m_cpu(cpuMs())
    {
        m_timer.start();
    }
    [[nodiscard]] double ms() const { return double(m_timer.nsecsElapsed()) / 1e6; }
    [[nodiscard]] double cpu() const { return cpuMs() - m_cpu; }

private:
    QElapsedTimer m_timer;
    double m_cpu;
};

struct Figures
{
    std::vector<double> wall;
    std::vector<double> cpu;
    void add(const Stopwatch &watch)
    {
        wall.push_back(watch.ms());
        cpu.push_back(watch.cpu());
    }
    static double at(std::vector<double> &values, double share)
    {
        if (values.empty())
            return 0;
        std::sort(values.begin(), values.end());
        return values[std::min(values.size() - 1, size_t(double(values.size()) * share))];
    }
    [[nodiscard]] double median() { return at(cpu, 0.5); }
    [[nodiscard]] double p99() { return at(cpu, 0.99); }
};

double residentMb()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / 1048576;
}

/// Paints what is due, at once: what a frame costs without waiting for one.
void frame(QWidget *window)
{
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents(QEventLoop::AllEvents);
    window->repaint(QRegion()); // nothing of its own: only what was due
}

void row(const char *what, const char *budget, Figures &f)
{
    std::printf("  %-34s %9.2f %9.2f %9.2f %9.2f   %s\n", what, f.median(), f.p99(),
                Figures::at(f.wall, 0.5), Figures::at(f.wall, 0.99), budget);
    std::fflush(stdout);
}

void mouse(QWidget *on, QEvent::Type type, QPointF pos, Qt::MouseButton button,
           Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QMouseEvent event(type, pos, on->mapToGlobal(pos), button, buttons, modifiers);
    QCoreApplication::sendEvent(on, &event);
}

constexpr QSize kScreen(1920, 1080);

struct Summary
{
    double first = 0, build = 0, fit = 0, full = 0, pan = 0, zoomWorst = 0, drag = 0, select = 0;
};

Summary benchOurs(int count, int rounds, const QString &pictures)
{
    Summary summary;
    const double before = residentMb();
    auto session = std::make_unique<BenchSession>();
    if (!session->board().load(makeBoard(count)))
        qFatal("the board does not load");
    malloc_trim(0);
    const double withBoard = residentMb();
    Selection selection;
    const Stopwatch buildTime;
    CanvasView view(session.get(), &selection,
                    [&session](const QList<Edit> &edits, const QString &label, quint64 gesture) {
                        return session->submit(edits, label, gesture);
                    });
    summary.build = buildTime.cpu();
    view.resize(kScreen);
    const Stopwatch firstTime;
    view.show();
    frame(&view);
    summary.first = firstTime.cpu();
    QWidget *port = view.viewport();
    std::printf("\n%d devices, %d links, %dx%d\n", count, count, port->width(), port->height());
    std::printf("  %-34s %9s %9s %9s %9s   %s\n", "ms", "CPU p50", "p99", "wall p50", "p99",
                "budget at 100k (median)");
    std::printf("  %-34s %9.2f\n", "build", summary.build);
    std::printf("  %-34s %9.2f\n", "show, first picture", summary.first);
    const auto picture = [&](const char *name) {
        if (!pictures.isEmpty())
            view.grab().save(
                QStringLiteral("%1/%2-%3.png").arg(pictures).arg(count).arg(QLatin1String(name)));
    };

    Figures fit;
    for (int i = 0; i < rounds; ++i) {
        view.setZoom(0.9);
        frame(&view);
        const Stopwatch time;
        view.fitAll();
        frame(&view);
        fit.add(time);
    }
    picture("fit");
    row("fit all", "5, p99 8.3", fit);
    summary.fit = fit.median();

    const QPointF centre = view.boardRect().center();
    view.setZoom(1.0);
    view.centreOnScene(centre);
    for (int i = 0; i < 20; ++i)
        frame(&view); // all labels are there
    picture("100");
    Figures full;
    for (int i = 0; i < rounds * 2; ++i) {
        port->update();
        const Stopwatch time;
        frame(&view);
        full.add(time);
    }
    row("full repaint, 100 %", "", full);
    summary.full = full.median();

    Figures pan;
    for (int i = 0; i < rounds * 8; ++i) {
        const int by = (i / 100) % 2 == 0 ? 24 : -24;
        const Stopwatch time;
        view.scrollByHand({by, by / 2});
        frame(&view);
        pan.add(time);
    }
    row("pan by 24 x 12 pixels, 100 %", "1.5, p99 8.3", pan);
    summary.pan = pan.median();

    Figures zoom;
    std::vector<std::pair<double, double>> steps;
    view.fitAll();
    const double least = view.zoom();
    for (int round = 0; round < std::max(1, rounds / 10); ++round) {
        view.setZoom(least);
        view.centreOnScene(centre);
        frame(&view);
        for (double z = least * 1.15; z < 4; z *= 1.15) {
            const Stopwatch time;
            view.zoomAt(z, QPointF(900, 500));
            frame(&view);
            zoom.add(time);
            steps.emplace_back(time.cpu(), z);
        }
        for (double z = 4; z > least; z /= 1.15) {
            const Stopwatch time;
            view.zoomAt(z, QPointF(900, 500));
            frame(&view);
            zoom.add(time);
            steps.emplace_back(time.cpu(), z);
        }
    }
    row("zoom step, all levels", "8, p99 8.3", zoom);
    const auto worst = *std::max_element(steps.begin(), steps.end());
    std::printf("  %-34s %9.2f (at %.0f %%)\n", "zoom worst", worst.first, worst.second * 100);
    summary.zoomWorst = worst.first;
    for (const double z : {0.05, 0.10, 0.16, 0.30, 0.52, 0.80, 2.0}) {
        view.setZoom(z);
        view.centreOnScene(centre);
        for (int i = 0; i < 12; ++i)
            frame(&view);
        picture(qPrintable(QString::number(int(z * 100))));
        if (pictures.isEmpty()) {
            Figures level;
            for (int i = 0; i < 15; ++i) {
                port->update();
                const Stopwatch time;
                frame(&view);
                level.add(time);
            }
            row(qPrintable(QStringLiteral("full repaint, %1 %").arg(int(z * 100))), "", level);
        }
    }

    // The device with ten links, dragged.
    view.setZoom(1.0);
    const BoardMirror &mirror = view.mirror();
    quint32 hub = 0;
    for (quint32 slot = 0; slot < mirror.devices().size(); ++slot) {
        int ends = 0;
        mirror.visitEnds(slot, [&ends](quint32, int) { ++ends; });
        if (ends == 10)
            hub = slot;
    }
    view.centreOnScene(mirror.devices()[hub].pos);
    for (int i = 0; i < 20; ++i)
        frame(&view);
    const QPointF from = view.fromScene(mirror.devices()[hub].pos);
    mouse(port, QEvent::MouseMove, from, Qt::NoButton, Qt::NoButton);
    mouse(port, QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    for (int i = 1; i < 8; ++i) { // past the threshold
        mouse(port, QEvent::MouseMove, from + QPointF(i * 4, 0), Qt::NoButton, Qt::LeftButton);
        frame(&view);
    }
    Figures drag;
    for (int i = 0; i < rounds * 4; ++i) {
        const double turn = i * 0.1;
        const Stopwatch time;
        mouse(port, QEvent::MouseMove, from + QPointF(60 * std::cos(turn), 60 * std::sin(turn)),
              Qt::NoButton, Qt::LeftButton, Qt::AltModifier);
        frame(&view);
        drag.add(time);
    }
    picture("drag");
    row("drag of a device with 10 links", "0.6, p99 8.3", drag);
    summary.drag = drag.median();
    view.cancel();
    frame(&view);

    QList<EntityId> thousand;
    view.setZoom(0.3);
    view.centreOnScene(centre);
    frame(&view);
    mirror.visitDevices(view.visibleScene(), [&](quint32 slot) {
        if (thousand.size() < 1000)
            thousand.append(mirror.devices()[slot].id);
    });
    Figures select;
    for (int i = 0; i < rounds; ++i) {
        selection.clear();
        frame(&view);
        const Stopwatch time;
        selection.set(thousand);
        frame(&view);
        select.add(time);
    }
    picture("selected");
    row(qPrintable(QStringLiteral("select %1 at 30 %").arg(thousand.size())), "3, p99 8.3", select);
    summary.select = select.median();
    selection.clear();

    // Statuses that arrive: 10,000 a second are 167 a frame.
    view.setZoom(0.52);
    view.centreOnScene(centre);
    for (int i = 0; i < 12; ++i)
        frame(&view);
    QRandomGenerator random(7);
    Figures status;
    Figures applied;
    for (int i = 0; i < rounds; ++i) {
        const Stopwatch time;
        for (int k = 0; k < 167; ++k) {
            const EntityId id = makeId(0, quint32(random.bounded(1, count + 1)));
            (void)session->submit({edits::setField(id, Field::Status, qint64(random.bounded(3)))},
                                  {}, 0);
        }
        applied.add(time);
        QThread::msleep(13);
        const Stopwatch paint;
        frame(&view);
        status.add(paint);
    }
    row("167 statuses: model and arrays", "", applied);
    row("167 statuses: what is left to paint", "", status);
    malloc_trim(0);
    std::printf("  %-34s %9.0f (board %.0f, canvas %.0f; before %.0f)\n", "RSS, MB", residentMb(),
                withBoard - before, residentMb() - withBoard, before);
    return summary;
}

/// One graphics item per device, one per label, one per link: how it is usually begun.
Summary benchNaive(int count)
{
    Summary summary;
    const Topology::Contents contents = makeBoard(count);
    const double before = residentMb();
    const Stopwatch buildTime;
    QGraphicsScene scene;
    IconCache icons;
    QHash<EntityId, QGraphicsPixmapItem *> items;
    QHash<EntityId, EntityId> owner;
    std::vector<std::pair<EntityId, QGraphicsLineItem *>> hubLinks;
    for (const Device &device : contents.devices) {
        IconLook look;
        look.status = device.state.effective();
        auto *item =
            scene.addPixmap(QPixmap::fromImage(icons.picture(device.type.toLower(), look)));
        item->setOffset(-item->boundingRect().width() / 2, -item->boundingRect().height() / 2);
        item->setPos(device.position);
        item->setFlag(QGraphicsItem::ItemIsMovable);
        item->setFlag(QGraphicsItem::ItemIsSelectable);
        item->setZValue(1);
        auto *text = new QGraphicsSimpleTextItem(device.name, item);
        text->setPos(-text->boundingRect().width() / 2, 26);
        items.insert(device.id, item);
    }
    for (const Interface &interface : contents.interfaces)
        owner.insert(interface.id, interface.device);
    QHash<EntityId, int> degree;
    for (const Link &link : contents.links) {
        ++degree[owner[link.a]];
        ++degree[owner[link.b]];
    }
    EntityId hub = 0;
    for (auto it = degree.cbegin(); it != degree.cend(); ++it) {
        if (*it == 10)
            hub = it.key();
    }
    const QPen pen(QColor(0x6f9d8a), 1.8);
    for (const Link &link : contents.links) {
        QGraphicsPixmapItem *a = items[owner[link.a]];
        QGraphicsPixmapItem *b = items[owner[link.b]];
        auto *line = scene.addLine(QLineF(a->pos(), b->pos()), pen);
        if (owner[link.a] == hub || owner[link.b] == hub)
            hubLinks.emplace_back(owner[link.a] == hub ? owner[link.b] : owner[link.a], line);
    }
    QGraphicsView view(&scene);
    view.setRenderHint(QPainter::Antialiasing);
    view.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view.setFrameShape(QFrame::NoFrame);
    summary.build = buildTime.cpu();
    view.resize(kScreen);
    view.show();
    frame(&view);
    std::printf("\n%d devices, %d links, one graphics item per thing\n", count, count);
    std::printf("  %-34s %9s %9s %9s %9s\n", "ms", "CPU p50", "p99", "wall p50", "p99");
    std::printf("  %-34s %9.2f\n", "build", summary.build);
    const auto scale = [&view](double z) { view.setTransform(QTransform::fromScale(z, z)); };

    Figures fit;
    for (int i = 0; i < 5; ++i) {
        scale(1);
        frame(&view);
        const Stopwatch time;
        view.fitInView(scene.itemsBoundingRect(), Qt::KeepAspectRatio);
        frame(&view);
        fit.add(time);
    }
    row("fit all", "", fit);
    summary.fit = fit.median();
    const double least = view.transform().m11();
    const QPointF centre = scene.itemsBoundingRect().center();
    scale(1);
    view.centerOn(centre);
    frame(&view);
    Figures full;
    for (int i = 0; i < 20; ++i) {
        view.viewport()->update();
        const Stopwatch time;
        frame(&view);
        full.add(time);
    }
    row("full repaint, 100 %", "", full);
    summary.full = full.median();
    Figures pan;
    for (int i = 0; i < 100; ++i) {
        const Stopwatch time;
        const int by = (i / 50) % 2 == 0 ? 24 : -24;
        view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->value() + by);
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() + by / 2);
        frame(&view);
        pan.add(time);
    }
    row("pan by 24 x 12 pixels, 100 %", "", pan);
    summary.pan = pan.median();
    Figures zoom;
    for (double z = least; z < 4; z *= 1.3) {
        const Stopwatch time;
        scale(z);
        view.centerOn(centre);
        frame(&view);
        zoom.add(time);
    }
    row("zoom step, all levels", "", zoom);
    summary.zoomWorst = Figures::at(zoom.cpu, 1);
    std::printf("  %-34s %9.2f\n", "zoom worst", summary.zoomWorst);
    scale(1);
    QGraphicsPixmapItem *item = items[hub];
    view.centerOn(item->pos());
    frame(&view);
    const QPointF from = item->pos();
    Figures drag;
    for (int i = 0; i < 100; ++i) {
        const double turn = i * 0.1;
        const Stopwatch time;
        item->setPos(from + QPointF(60 * std::cos(turn), 60 * std::sin(turn)));
        for (const auto &[other, line] : hubLinks)
            line->setLine(QLineF(item->pos(), items[other]->pos()));
        frame(&view);
        drag.add(time);
    }
    row("drag of a device with 10 links", "", drag);
    summary.drag = drag.median();
    scale(0.3);
    view.centerOn(centre);
    frame(&view);
    QList<QGraphicsPixmapItem *> thousand;
    const QRectF seen = view.mapToScene(view.viewport()->rect()).boundingRect();
    for (QGraphicsPixmapItem *candidate : std::as_const(items)) {
        if (thousand.size() < 1000 && seen.contains(candidate->pos()))
            thousand.append(candidate);
    }
    Figures select;
    for (int i = 0; i < 5; ++i) {
        scene.clearSelection();
        frame(&view);
        const Stopwatch time;
        for (QGraphicsPixmapItem *candidate : std::as_const(thousand))
            candidate->setSelected(true);
        frame(&view);
        select.add(time);
    }
    row("select 1000 at 30 %", "", select);
    summary.select = select.median();
    std::printf("  %-34s %9.0f (scene %.0f)\n", "RSS, MB", residentMb(), residentMb() - before);
    return summary;
}

/// A host of a board on disk: what it is asked to change is committed before it returns.
std::unique_ptr<server::Host> hostOf(const Topology::Contents &contents, const QString &path,
                                     server::Log &log)
{
    auto store = server::SqliteStore::open(path, {});
    if (!store)
        qFatal("%s", qPrintable(store.error().text));
    auto host = server::Host::open(std::move(*store), {}, log);
    if (!host)
        qFatal("%s", qPrintable(host.error().text));
    QList<Edit> edits;
    const auto add = [&edits](EntityKind kind, const auto &entities) {
        for (const auto &entity : entities)
            edits.append(CreateEntity{kind, entity.id, fieldsOf(Entity(entity))});
    };
    add(EntityKind::Device, contents.devices);
    add(EntityKind::Interface, contents.interfaces);
    add(EntityKind::Link, contents.links);
    if (auto done = (*host)->commit(edits, {}, QStringLiteral("Bench")); !done)
        qFatal("%s", qPrintable(done.error().text));
    return std::move(*host);
}

/// One move: check, apply, item model, arrays of the canvas, repainting what it touched. The boards
/// look the same around the device (no links across the board, of which the large one has more in
/// view); they take turns, so that the machine's moods meet both.
void benchOneEdit()
{
    struct Bench
    {
        std::unique_ptr<BenchSession> session = std::make_unique<BenchSession>();
        Selection selection;
        std::unique_ptr<CanvasView> view;
        QList<EntityId> seen;
        std::unique_ptr<server::Host> host;
        Figures commit;
        Figures apply;
        Figures all;
        Figures whole;
    };
    const QTemporaryDir folder;
    server::Log log(nullptr, server::LogLevel::Error, false);
    Bench benches[2];
    const int counts[2] = {1000, 100000};
    for (int i = 0; i < 2; ++i) {
        Bench &b = benches[i];
        if (!b.session->board().load(makeBoard(counts[i], false, false)))
            qFatal("the board does not load");
        b.host = hostOf(makeBoard(counts[i], false, false),
                        folder.filePath(QStringLiteral("%1.board").arg(counts[i])), log);
        b.view = std::make_unique<CanvasView>(
            b.session.get(), &b.selection,
            [&b](const QList<Edit> &edits, const QString &label, quint64 gesture) {
                return b.session->submit(edits, label, gesture);
            });
        b.view->resize(kScreen);
        b.view->show();
        b.view->setZoom(1);
        b.view->centreOnScene(b.view->boardRect().center());
        for (int k = 0; k < 20; ++k)
            frame(b.view.get());
        b.view->mirror().visitDevices(b.view->visibleScene(), [&b](quint32 slot) {
            b.seen.append(b.view->mirror().devices()[slot].id);
        });
    }
    QRandomGenerator random(3);
    for (int i = 0; i < 2000; ++i) {
        for (Bench &b : benches) {
            const EntityId id = b.seen.at(random.bounded(int(b.seen.size())));
            const QPointF to = b.session->topology().device(id)->position +
                               QPointF(random.bounded(-9, 10), random.bounded(-9, 10));
            const QList<Edit> move = edits::moveDevices({{id, to}});
            const Stopwatch whole;
            if (!b.host->commit(move, {}, {}))
                qFatal("a move was refused");
            b.commit.add(whole);
            const Stopwatch time;
            if (!b.session->submit(move, {}, 0))
                qFatal("a move was refused");
            b.apply.add(time);
            b.view->flushNow();
            frame(b.view.get());
            b.all.add(time);
            b.whole.add(whole);
        }
    }
    std::printf("\none move, microseconds                  1,000   100,000     ratio   budget\n");
    std::printf("  %-34s %9.1f %9.1f %9.2f   1.50\n", "check, apply, model, arrays",
                benches[0].apply.median() * 1000, benches[1].apply.median() * 1000,
                benches[1].apply.median() / benches[0].apply.median());
    std::printf("  %-34s %9.1f %9.1f %9.2f   1.50\n", "the same and painting",
                benches[0].all.median() * 1000, benches[1].all.median() * 1000,
                benches[1].all.median() / benches[0].all.median());
    const auto wall = [&](const char *what, Figures Bench::*figures) {
        const double small = Figures::at((benches[0].*figures).wall, 0.5) * 1000;
        const double large = Figures::at((benches[1].*figures).wall, 0.5) * 1000;
        std::printf("  %-34s %9.1f %9.1f %9.2f   1.50\n", what, small, large, large / small);
    };
    wall("host: check, apply, SQLite commit", &Bench::commit);
    wall("all of it, and painting", &Bench::whole);
    std::printf("  (the last two wall clock, with the disk; the rest CPU)\n");
}

void shots(const QString &folder)
{
    const auto save = [&](BenchSession &session, const char *name, bool dark, double zoom,
                          const std::function<void(CanvasView &)> &prepare = {}) {
        Selection selection;
        CanvasView view(
            &session, &selection,
            [&session](const QList<Edit> &edits, const QString &label, quint64 gesture) {
                return session.submit(edits, label, gesture);
            });
        view.setTheme(dark ? CanvasTheme::darkTheme() : CanvasTheme::light());
        view.resize(1200, 750);
        view.show();
        if (zoom > 0)
            view.setZoom(zoom);
        if (prepare)
            prepare(view);
        for (int i = 0; i < 10; ++i)
            frame(&view);
        view.grab().save(QStringLiteral("%1/%2.png").arg(folder, QLatin1String(name)));
    };
    BenchSession empty;
    save(empty, "empty-light", false, 0);
    save(empty, "empty-dark", true, 0);
    BenchSession demo;
    if (!demo.submit(edits::demoBoard([&demo] { return demo.newId(); }), {}, 0))
        qFatal("the demo board does not load");
    save(demo, "demo-light", false, 0);
    save(demo, "demo-dark", true, 0);
    save(demo, "demo-200", false, 2.0);
    save(demo, "demo-60", false, 0.6, [](CanvasView &view) {
        const auto named = [&view](const char *name) {
            return view.topology().deviceByName(QLatin1String(name));
        };
        view.setSelection({named("CoreRouter2"), named("EdgeRouter1")});
        view.setHovered(named("EdgeRouter2"));
        view.highlight({named("ONT1"), named("ONT2")}, named("ONT1"));
    });
    BenchSession sites;
    if (!sites.board().load(makeBoard(2000, true)))
        qFatal("the board with sites does not load");
    save(sites, "sites-fit", false, 0);
    save(sites, "sites-20", false, 0.2);
    save(sites, "sites-60", false, 0.6);
    save(sites, "sites-100-dark", true, 1.0);
}

/// What another program says of the board in `file`: milliseconds by name.
QJsonObject figuresOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    process.waitForFinished(300000);
    const QJsonObject figures = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0 ||
        figures.isEmpty())
        qFatal("%s gave no figures", qPrintable(program));
    return figures;
}

/// The same board of 10,000 devices in the programs that others draw with.
void benchPeers(const QString &cytoscape, const QString &nodeEditor, const Summary &ours)
{
    const Topology::Contents contents = makeBoard(10000);
    QHash<EntityId, EntityId> owner;
    QHash<EntityId, int> ends;
    EntityId middle = 0;
    QJsonArray devices;
    for (const Device &d : contents.devices)
        devices.append(QJsonArray{qint64(d.id), d.name, d.position.x(), d.position.y()});
    for (const Interface &interface : contents.interfaces)
        owner.insert(interface.id, interface.device);
    QJsonArray links;
    for (const Link &link : contents.links) {
        const EntityId a = owner.value(link.a);
        const EntityId b = owner.value(link.b);
        links.append(QJsonArray{qint64(a), qint64(b)});
        for (const EntityId id : {a, b}) {
            if (++ends[id] == 10)
                middle = id;
        }
    }
    QTemporaryDir folder;
    QFile board(folder.filePath(QStringLiteral("board.json")));
    const QJsonObject all{{QStringLiteral("devices"), devices},
                          {QStringLiteral("links"), links},
                          {QStringLiteral("middle"), qint64(middle)}};
    if (!board.open(QIODevice::WriteOnly) || board.write(QJsonDocument(all).toJson()) < 0)
        qFatal("the board cannot be written");
    board.close();

    struct Row
    {
        const char *what;
        const char *key;
        double own;
        const char *budget;
    };
    const auto table = [](const char *title, const QJsonObject &figures,
                          std::initializer_list<Row> rows) {
        std::printf("\n%s, 10,000 devices and links, ms a frame\n", title);
        std::printf("  %-34s %9s %9s   %s\n", "", "theirs", "ratio", "budget");
        for (const Row &row : rows) {
            const double theirs = figures.value(QLatin1String(row.key)).toDouble();
            std::printf("  %-34s %9.1f %9.0f   %s\n", row.what, theirs, theirs / row.own,
                        row.budget);
        }
    };
    const double load = ours.build + ours.first;
    if (!cytoscape.isEmpty())
        table("Cytoscape.js in Chromium",
              figuresOf(QStringLiteral("node"),
                        {QStringLiteral(PATCHBOARD_BENCH_DIR "/peers/cytoscape.mjs"),
                         board.fileName(), cytoscape}),
              {{"load to the first picture", "load", load, "200"},
               {"fit all", "fit", ours.fit, "150"},
               {"pan", "pan", ours.pan, "40"},
               {"drag", "drag", ours.drag, "100"}});
    if (!nodeEditor.isEmpty())
        table("nodeeditor", figuresOf(nodeEditor, {board.fileName()}),
              {{"load to the first picture", "load", load, ""},
               {"fit all", "fit", ours.fit, ""},
               {"pan", "pan", ours.pan, "45"},
               {"drag", "drag", ours.drag, ""}});
}

} // namespace

int main(int argc, char *argv[])
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    const auto option = [&](const char *name) {
        const qsizetype at = arguments.indexOf(QLatin1String(name));
        return at > 0 ? arguments.value(at + 1) : QString();
    };
    const QString pictures = option("--pictures");
    if (!pictures.isEmpty()) {
        shots(pictures);
        benchOurs(10000, 5, pictures);
        return 0;
    }
    const int rounds =
        std::max(10, option("--rounds").toInt() == 0 ? 60 : option("--rounds").toInt());
    if (arguments.contains(QLatin1String("--edit"))) {
        benchOneEdit();
        return 0;
    }
    // A program that runs has painted texts before it opens a board, as a browser has: the fonts of
    // the machine are known.
    (void)QLabel(QStringLiteral("Patchboard")).grab();
    const Summary small = benchOurs(10000, rounds, {});
    benchOurs(100000, rounds, {});
    if (arguments.contains(QLatin1String("--ours")))
        return 0;
    const Summary naive = benchNaive(10000);
    std::printf("\ntimes faster than one item per thing, 10,000 devices (medians)\n");
    const auto ratio = [](const char *what, double a, double b) {
        std::printf("  %-34s %9.1f\n", what, b / a);
    };
    ratio("build", small.build, naive.build);
    ratio("fit all", small.fit, naive.fit);
    ratio("full repaint, 100 %", small.full, naive.full);
    ratio("pan", small.pan, naive.pan);
    ratio("zoom worst", small.zoomWorst, naive.zoomWorst);
    ratio("drag", small.drag, naive.drag);
    ratio("select 1000", small.select, naive.select);
    benchOneEdit();
    const QString cytoscape = option("--cytoscape");
    const QString nodeEditor = option("--nodeeditor");
    if (!cytoscape.isEmpty() || !nodeEditor.isEmpty())
        benchPeers(cytoscape, nodeEditor, small);
    return 0;
}
