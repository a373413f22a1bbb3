#include "model/core/topology.h"
#include "tests/support/testmain.h"
#include "ui/scene/boardpainter.h"

#include <QImage>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace patchboard;
using namespace patchboard::ui;

namespace {

/// Devices 120 units apart, each linked to the next and to one anywhere.
Topology::Contents gridOf(int count)
{
    QRandomGenerator random(11);
    const int columns = int(std::ceil(std::sqrt(count)));
    Topology::Contents contents;
    quint32 next = quint32(count) + 1;
    for (int i = 0; i < count; ++i) {
        Device device;
        device.id = makeId(0, quint32(i + 1));
        device.type = i % 3 == 0 ? QStringLiteral("OLT") : QStringLiteral("SWITCH");
        device.name = QStringLiteral("d%1").arg(i);
        device.state.status = Status(random.bounded(3));
        device.position = {(i % columns) * 120.0 + random.bounded(9), (i / columns) * 120.0};
        contents.devices.push_back(device);
    }
    for (int i = 0; i < 2 * count; ++i) {
        Link link;
        const int to = i < count ? (i + 1) % count : random.bounded(count);
        for (EntityId Link::*end : {&Link::a, &Link::b}) {
            Interface port;
            port.id = makeId(0, next++);
            port.device = makeId(0, quint32((end == &Link::a ? i % count : to) + 1));
            port.name = QStringLiteral("p%1").arg(port.id);
            link.*end = port.id;
            contents.interfaces.push_back(port);
        }
        link.id = makeId(0, next++);
        link.state.status = Status(random.bounded(3));
        contents.links.push_back(link);
    }
    return contents;
}

/// The same pixels, but for the last bit of a blend.
bool nearly(const QImage &a, const QImage &b)
{
    const auto apart = [](int x, int y) { return std::abs(x - y) > 1; };
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y);
            const QRgb q = b.pixel(x, y);
            if (apart(qRed(p), qRed(q)) || apart(qGreen(p), qGreen(q)) ||
                apart(qBlue(p), qBlue(q))) {
                qInfo("pixel %d, %d: %08x, not %08x", x, y, p, q);
                return false;
            }
        }
    }
    return a.size() == b.size();
}

} // namespace

/// What a scale shows, and that a part that is painted again has the pixels of the whole.
class TestBoardPainter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void partsHaveThePixelsOfTheWhole_data()
    {
        QTest::addColumn<int>("devices");
        QTest::addColumn<double>("scale");
        QTest::newRow("points") << 3000 << 0.06;
        QTest::newRow("points of a part") << 3000 << 0.12;
        QTest::newRow("small icons") << 3000 << 0.2;
        QTest::newRow("icons") << 3000 << 0.45;
        QTest::newRow("few devices, far out") << 120 << 0.12;
        QTest::newRow("few devices") << 120 << 1.0;
    }
    void partsHaveThePixelsOfTheWhole()
    {
        QFETCH(int, devices);
        QFETCH(double, scale);
        Topology topology;
        QVERIFY(topology.load(gridOf(devices)));
        BoardMirror mirror(topology);
        mirror.load();
        BoardPainter painter(mirror);
        constexpr QSize kSize(640, 480);
        const QPointF origin =
            mirror.extent().center() * scale - QPointF(kSize.width(), kSize.height()) / 2.0;
        const auto paint = [&](const QRect &part) {
            // A line's smoothness is decided by what was seen last; so is each picture's here.
            painter.setCamera(scale, origin);
            painter.beginFrame();
            QImage image(part.size(), QImage::Format_RGB32);
            painter.paintPicture(image, part.topLeft());
            return image;
        };
        (void)paint(QRect(QPoint(), kSize));
        const QImage whole = paint(QRect(QPoint(), kSize));
        QSet<QRgb> colours;
        for (int y = 0; y < kSize.height(); ++y) {
            for (int x = 0; x < kSize.width(); ++x)
                colours.insert(whole.pixel(x, y));
        }
        QVERIFY(colours.size() > 3);
        for (const QRect part : {QRect(0, 0, 320, 480), QRect(101, 67, 64, 64),
                                 QRect(319, 239, 321, 241), QRect(7, 400, 600, 33)})
            QVERIFY(nearly(paint(part), whole.copy(part)));
    }

    void fewDevicesWithRoomKeepIconsAndNames()
    {
        Topology few;
        QVERIFY(few.load(gridOf(100)));
        BoardMirror mirror(few);
        mirror.load();
        BoardPainter painter(mirror);
        painter.setCamera(1.0, {});
        QVERIFY(painter.showsIcons() && painter.showsNames());
        QCOMPARE(painter.iconReach() * 2, BoardMirror::kIcon);
        // 100 devices 120 units apart: 30 pixels.
        painter.setCamera(0.25, {});
        QVERIFY(painter.showsNames());
        painter.setCamera(0.12, {}); // 14 pixels: no room
        QVERIFY(!painter.showsIcons() && !painter.showsNames());

        BoardPainter overview(mirror);
        overview.setOverview(true);
        overview.setCamera(0.25, {});
        QVERIFY(!overview.showsIcons() && !overview.showsNames());

        Topology many;
        QVERIFY(many.load(gridOf(3000)));
        BoardMirror large(many);
        large.load();
        BoardPainter far(large);
        far.setCamera(0.25, {});
        QVERIFY(far.showsIcons() && !far.showsNames());
        far.setCamera(0.14, {});
        QVERIFY(!far.showsIcons());
    }
};

PATCHBOARD_TEST(TestBoardPainter)
#include "tst_boardpainter.moc"
