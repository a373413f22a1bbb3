#include "tests/support/testmain.h"

#include <QDirIterator>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTest>
#include <QTranslator>

namespace {

constexpr int IconPixels = 64;

/// One icon as the desktop draws it; a null image when it is none.
QImage iconPicture(const QString &path)
{
    QSvgRenderer renderer(path);
    if (!renderer.isValid())
        return {};
    QImage image(IconPixels, IconPixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    renderer.render(&painter);
    return image;
}

int visiblePixels(const QImage &image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += qAlpha(image.pixel(x, y)) > 32 ? 1 : 0;
    return count;
}

} // namespace

/// What is compiled into the programs is there and can be drawn.
class TestResources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void everyIconIsDrawn_data();
    void everyIconIsDrawn();
    void deviceTypesHaveIcons_data();
    void deviceTypesHaveIcons();
    void deviceIconsDiffer();
    void germanIsCompiledIn();
    void englishHasItsPlurals();
};

void TestResources::everyIconIsDrawn_data()
{
    QTest::addColumn<QString>("path");
    QDirIterator files(QStringLiteral(":/icons"), {QStringLiteral("*.svg")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        QTest::newRow(qPrintable(path)) << path;
    }
}

void TestResources::everyIconIsDrawn()
{
    QFETCH(const QString, path);
    const QImage image = iconPicture(path);
    QVERIFY(!image.isNull());
    QVERIFY(visiblePixels(image) > IconPixels * IconPixels / 20);
    // Nothing is cut off at the edge of the picture.
    for (int at = 0; at < IconPixels; ++at) {
        QCOMPARE(qAlpha(image.pixel(at, 0)), 0);
        QCOMPARE(qAlpha(image.pixel(0, at)), 0);
        QCOMPARE(qAlpha(image.pixel(at, IconPixels - 1)), 0);
        QCOMPARE(qAlpha(image.pixel(IconPixels - 1, at)), 0);
    }
}

void TestResources::deviceTypesHaveIcons_data()
{
    QTest::addColumn<QString>("key");
    for (const char *key :
         {"backbone_gateway", "core_router",  "edge_router", "olt",       "aon_switch", "ont",
          "business_ont",     "aon_cpe",      "pop",         "core_site", "odf",        "nvt",
          "splitter",         "hop",          "router",      "switch",    "firewall",   "host",
          "server",           "access_point", "cloud",       "generic",   "group"})
        QTest::newRow(key) << QString::fromLatin1(key);
}

void TestResources::deviceTypesHaveIcons()
{
    QFETCH(const QString, key);
    QVERIFY(QFile::exists(QStringLiteral(":/icons/devices/%1.svg").arg(key)));
}

void TestResources::deviceIconsDiffer()
{
    QList<std::pair<QString, QImage>> seen;
    QDirIterator files(QStringLiteral(":/icons/devices"));
    while (files.hasNext()) {
        const QString path = files.next();
        const QImage image = iconPicture(path);
        for (const auto &[other, picture] : std::as_const(seen))
            QVERIFY2(picture != image, qPrintable(path + QStringLiteral(" is ") + other));
        seen.emplaceBack(path, image);
    }
    QVERIFY(seen.size() >= 23);
}

void TestResources::germanIsCompiledIn()
{
    QTranslator german;
    QVERIFY(german.load(QStringLiteral(":/i18n/patchboard_de.qm")));
    QCOMPARE(german.translate("DeviceType", "Core router"), QStringLiteral("Core-Router"));
    QCOMPARE(german.translate("Topology", "Invalid id %1"), QStringLiteral("Ungültige Kennung %1"));
}

void TestResources::englishHasItsPlurals()
{
    QTranslator english;
    QVERIFY(english.load(QStringLiteral(":/i18n/patchboard_en.qm")));
    const char *context = "patchboard::formats::Containerlab";
    const char *text = "%n endpoint(s), expected two";
    QCOMPARE(english.translate(context, text, nullptr, 1),
             QStringLiteral("%n endpoint, expected two"));
    QCOMPARE(english.translate(context, text, nullptr, 3),
             QStringLiteral("%n endpoints, expected two"));
}

PATCHBOARD_TEST(TestResources)

#include "tst_resources.moc"
