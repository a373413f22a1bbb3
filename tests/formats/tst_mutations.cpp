#include "model/formats/import.h"
#include "model/formats/registry.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>

#include <cmath>

using namespace patchboard;
using namespace patchboard::formats;

/// Damaged files: never a crash, never half a result, never for ever. The seed is printed; set
/// PATCHBOARD_SEED to repeat a run, PATCHBOARD_SOAK_SECONDS to go on for longer.
class MutationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void mutations();
};

void MutationTest::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
}

namespace {

QByteArray mutated(QByteArray data, const QList<QByteArray> &samples, QRandomGenerator &random)
{
    const int steps = random.bounded(3) == 0 ? 1 + random.bounded(4) : 1;
    for (int step = 0; step < steps && !data.isEmpty(); ++step) {
        const qsizetype at = random.bounded(int(data.size()));
        switch (random.bounded(16)) {
        case 0:
            data.truncate(at);
            break;
        case 8:
        case 9:
        case 10:
        case 11: // a letter or number for another: still well-formed, but no longer what it was
            for (qsizetype i = at; i < data.size(); ++i) {
                if (isalnum(static_cast<unsigned char>(data.at(i)))) {
                    data[i] = "0123456789abnrxyzN"[random.bounded(18)];
                    break;
                }
            }
            break;
        case 12:
        case 13: { // a line is gone
            QList<QByteArray> lines = data.split('\n');
            lines.removeAt(random.bounded(int(lines.size())));
            data = lines.join('\n');
            break;
        }
        case 1:
            data[at] = char(random.bounded(256));
            break;
        case 2:
            data.remove(at, 1 + random.bounded(20));
            break;
        case 3: { // a line again
            QList<QByteArray> lines = data.split('\n');
            const qsizetype line = random.bounded(int(lines.size()));
            lines.insert(random.bounded(int(lines.size())), lines.at(line));
            data = lines.join('\n');
            break;
        }
        case 4: { // lines change places
            QList<QByteArray> lines = data.split('\n');
            lines.swapItemsAt(random.bounded(int(lines.size())), random.bounded(int(lines.size())));
            data = lines.join('\n');
            break;
        }
        case 5: { // a piece of another file
            const QByteArray &other = samples.at(random.bounded(int(samples.size())));
            const qsizetype from = random.bounded(int(other.size()));
            data.insert(at, other.mid(from, 1 + random.bounded(60)));
            break;
        }
        case 6: { // what parsers stumble over
            static const QList<QByteArray> traps = {"&x;",
                                                    "<!DOCTYPE a [<!ENTITY x 'y'>]>",
                                                    "]]>",
                                                    "<![CDATA[",
                                                    "\xEF\xBB\xBF",
                                                    "\xFF\xFE",
                                                    QByteArray(1, '\0'),
                                                    "<graph>",
                                                    "</node>",
                                                    "*a",
                                                    "&a ",
                                                    "<<: ",
                                                    "{{",
                                                    "}",
                                                    "- ",
                                                    "? ",
                                                    "|\n",
                                                    "\t",
                                                    "!!binary ",
                                                    "---\n",
                                                    "...\n",
                                                    "%YAML 9.9\n",
                                                    "'",
                                                    "\"",
                                                    "[[[[[[[[[[",
                                                    "1e999",
                                                    "NaN",
                                                    "\\u0000",
                                                    ":",
                                                    "\r"};
            data.insert(at, traps.at(random.bounded(int(traps.size()))));
            break;
        }
        default: { // many times the same
            const QByteArray piece = data.mid(at, 1 + random.bounded(30));
            data.insert(at, piece.repeated(1 + random.bounded(50)));
            break;
        }
        }
    }
    return data;
}

} // namespace

void MutationTest::mutations()
{
    QList<QByteArray> samples;
    QStringList names;
    for (const char *folder : {"/formats", "/hostile/graphml", "/hostile/clab"}) {
        const QDir dir(QStringLiteral(PATCHBOARD_TEST_DATA) + QLatin1String(folder));
        const QStringList files = dir.entryList(QDir::Files, QDir::Name);
        for (const QString &name : files) {
            QFile file(dir.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray data = file.readAll();
            if (data.isEmpty() || data.size() > 20000)
                continue;
            // Files that are whole are damaged more often than those that are broken already.
            ReadContext context;
            context.fileName = name;
            for (int weight = Registry().read(data, context) ? 4 : 1; weight > 0; --weight) {
                samples.append(data);
                names.append(name);
            }
        }
    }
    QVERIFY(samples.size() > 20);

    bool given = false;
    quint32 seed = quint32(qEnvironmentVariableIntValue("PATCHBOARD_SEED", &given));
    if (!given)
        seed = 20240601; // the same damage on every run; the soak takes a new one
    const qint64 seconds = qEnvironmentVariableIntValue("PATCHBOARD_SOAK_SECONDS");
    if (seconds > 0 && !given)
        seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    const Registry registry;
    QElapsedTimer timer;
    timer.start();
    qint64 slowest = 0;
    int read = 0;
    int refused = 0;
    for (int round = 0; seconds > 0 ? timer.elapsed() < seconds * 1000 : round < 4000; ++round) {
        const qsizetype which = random.bounded(int(samples.size()));
        const QByteArray data = mutated(samples.at(which), samples, random);
        ReadContext context;
        context.fileName = names.at(which);
        QElapsedTimer one;
        one.start();
        const ReadResult result = registry.read(data, context);
        slowest = std::max(slowest, one.elapsed());
        if (!result) {
            ++refused;
            QVERIFY2(!result.error().text.isEmpty(), data.constData());
            QVERIFY(!result.error().cancelled);
            continue;
        }
        ++read;
        Document document = result.document();
        QSet<QString> keys;
        for (const DocumentNode &node : std::as_const(document.nodes)) {
            QVERIFY(!node.name.isEmpty());
            QVERIFY(!keys.contains(node.key));
            QVERIFY(node.parentKey.isEmpty() || keys.contains(node.parentKey));
            QVERIFY(!node.position ||
                    (std::isfinite(node.position->x()) && std::isfinite(node.position->y())));
            keys.insert(node.key);
        }
        for (const DocumentLink &link : std::as_const(document.links))
            QVERIFY(keys.contains(link.a) && keys.contains(link.b));
        if (round % 20 != 0)
            continue;
        QVERIFY(placeDocument(document));
        Topology topology;
        quint32 last = 0;
        const Import import =
            importEdits(document, topology, [&last] { return makeId(0, ++last); });
        Change change;
        change.cseq = 1;
        change.edits = import.edits;
        const auto outcome = topology.submit(change, {{0, 1}, 1, 1});
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().text));
    }
    qInfo("%d read, %d refused, slowest %lld ms", read, refused, slowest);
    QVERIFY(read > 0 && refused > 0);
}

PATCHBOARD_TEST(MutationTest)
#include "tst_mutations.moc"
