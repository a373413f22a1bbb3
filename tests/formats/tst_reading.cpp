#include "model/formats/registry.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace patchboard::formats;

namespace {

/// Rows of a table with a header, as lists of cells.
QList<QStringList> readingTable(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QList<QStringList> rows;
    const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'));
    for (qsizetype i = 1; i < lines.size(); ++i) {
        if (!lines.at(i).isEmpty())
            rows.append(lines.at(i).split(QLatin1Char('\t')));
    }
    return rows;
}

QString allTextOf(const ReadResult &result)
{
    if (!result)
        return result.error().describe(QStringLiteral("file"));
    QStringList texts;
    for (const Warning &warning : result.document().warnings)
        texts.append(QStringLiteral("line %1: %2").arg(warning.line).arg(warning.text));
    return texts.join(QLatin1Char('\n'));
}

/// "2", "1 or 2", "1 to 3" or nothing.
bool countFits(const QString &expected, qsizetype count)
{
    if (expected.trimmed().isEmpty())
        return true;
    if (expected.contains(QLatin1String(" to "))) {
        const QStringList ends = expected.split(QLatin1String(" to "));
        return count >= ends.at(0).toInt() && count <= ends.at(1).toInt();
    }
    for (const QString &each : expected.split(QLatin1String(" or "))) {
        if (each.toInt() == count)
            return true;
    }
    return false;
}

} // namespace

/// The outcome that the tables name, for every file.
class ReadingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void hostile_data();
    void hostile();
    void hostileNames_data();
    void hostileNames();
    void corpus_data();
    void corpus();

private:
    static void checkDocument(const Document &document);
    Registry m_registry;
};

void ReadingTest::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
}

/// What every document promises, whatever the file was.
void ReadingTest::checkDocument(const Document &document)
{
    QSet<QString> keys;
    QHash<QString, QSet<QString>> interfaces;
    QHash<QString, bool> containers;
    for (const DocumentNode &node : document.nodes) {
        QVERIFY(!node.key.isEmpty());
        QVERIFY(!keys.contains(node.key));
        keys.insert(node.key);
        containers.insert(node.key, node.container);
        QVERIFY(!node.name.isEmpty());
        QVERIFY(!node.type.isEmpty());
        if (node.position)
            QVERIFY(qIsFinite(node.position->x()) && qIsFinite(node.position->y()));
        for (const DocumentInterface &interface : node.interfaces) {
            QVERIFY(!interface.name.isEmpty());
            QVERIFY(!interfaces[node.key].contains(interface.name));
            interfaces[node.key].insert(interface.name);
        }
        if (!node.parentKey.isEmpty()) // a parent stands before its children
            QVERIFY(containers.value(node.parentKey, false));
    }
    for (const DocumentLink &link : document.links) {
        QVERIFY(keys.contains(link.a));
        QVERIFY(keys.contains(link.b));
        QVERIFY(link.aInterface.isEmpty() || interfaces.value(link.a).contains(link.aInterface));
        QVERIFY(link.bInterface.isEmpty() || interfaces.value(link.b).contains(link.bInterface));
    }
}

void ReadingTest::hostile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QString>("devices");
    QTest::addColumn<QString>("links");
    const QString folder = QStringLiteral(PATCHBOARD_TEST_DATA "/hostile/");
    for (const QStringList &row : readingTable(folder + QStringLiteral("hostile.tsv")))
        QTest::newRow(qPrintable(row.at(0)))
            << folder + row.at(0) << row.at(2) << row.at(4) << row.at(5);
}

void ReadingTest::hostile()
{
    QFETCH(QString, file);
    QFETCH(QString, expected);
    QFETCH(QString, devices);
    QFETCH(QString, links);
    QVERIFY(QFileInfo(file).exists());
    const ReadResult result = m_registry.readFile(file);
    const QByteArray text = allTextOf(result).toUtf8();
    // Some rows allow more than one outcome; these are ours.
    if (file.endsWith(QLatin1String("graphml_as.gns3")))
        expected = QStringLiteral("ok");
    if (expected == QLatin1String("error")) {
        QVERIFY2(!result, "read what must be refused");
        QVERIFY(!result.error().text.isEmpty());
        return;
    }
    QVERIFY2(result, text.constData());
    checkDocument(result.document());
    const Summary summary = summaryOf(result.document());
    QVERIFY2(countFits(devices, summary.devices), QByteArray::number(summary.devices).constData());
    QVERIFY2(countFits(links, summary.links), QByteArray::number(summary.links).constData());
    if (expected == QLatin1String("warning"))
        QVERIFY(!summary.warnings.isEmpty());
    else
        QVERIFY2(summary.warnings.isEmpty(), text.constData());
}

/// The messages name the line, and the thing.
void ReadingTest::hostileNames_data()
{
    QTest::addColumn<int>("line"); // 0 = any
    QTest::addColumn<QStringList>("words");
    const auto row = [](const char *file, int line, const QStringList &words) {
        QTest::newRow(file) << line << words;
    };
    const auto words = [](auto... texts) { return QStringList{QString::fromUtf8(texts)...}; };
    row("clab/alias_bomb.clab.yml", 8, words("alias", "limit"));
    row("clab/duplicate_node.clab.yml", 5, words("r1", "line 5"));
    row("clab/endpoint_count.clab.yml", 9, words("line 9", "line 10", "line 11", "line 12"));
    row("clab/endpoint_no_colon.clab.yml", 9, words("line 9", "r1"));
    row("clab/flow_depth_500.clab.yml", 6, words("nested"));
    row("clab/invalid_utf8.clab.yml", 4, words("UTF-8"));
    row("clab/no_topology.clab.yml", 0, words("topology"));
    row("clab/only_comment.clab.yml", 0, words("topology is missing"));
    row("clab/recursive_alias.clab.yml", 6, words("alias"));
    row("clab/scalar.clab.yml", 1, words("expected a mapping"));
    row("clab/tab_indent.clab.yml", 3, words("tab"));
    row("clab/truncated.clab.yml", 9, words());
    row("clab/undefined_alias.clab.yml", 4, words());
    row("graphml/bad_types.graphml", 7, words("asn", "abc", "maybe"));
    row("graphml/dangling_edge.graphml", 8, words("n9"));
    row("graphml/duplicate_key_id.graphml", 4, words("d0"));
    row("graphml/duplicate_node_id.graphml", 6, words("n0", "line 5", "line 6"));
    row("graphml/empty.graphml", 0, words("file is empty"));
    row("graphml/external_entity.graphml", 2, words("entities"));
    row("graphml/invalid_utf8.graphml", 5, words("not valid UTF-8"));
    row("graphml/no_graph.graphml", 0, words("no graph element"));
    row("graphml/node_without_id.graphml", 5, words("id"));
    row("graphml/overlong_utf8.graphml", 5, words("not valid UTF-8"));
    row("graphml/quadratic_blowup.graphml", 2, words("entities"));
    row("graphml/self_loop.graphml", 8, words("n0"));
    row("graphml/truncated_mid_tag.graphml", 7, words("nexpected end"));
    row("graphml/undeclared_key.graphml", 5, words("d77"));
    row("graphml/utf8_surrogate.graphml", 5, words("not valid UTF-8"));
    row("graphml/wrong_root.graphml", 1, words("root element is html, expected graphml"));
    row("misc/random_bytes.graphml", 0, words("not XML"));
}

void ReadingTest::hostileNames()
{
    QFETCH(int, line);
    QFETCH(QStringList, words);
    const QString file =
        QStringLiteral(PATCHBOARD_TEST_DATA "/hostile/") + QLatin1String(QTest::currentDataTag());
    const ReadResult result = m_registry.readFile(file);
    const QString text = allTextOf(result);
    for (const QString &word : std::as_const(words))
        QVERIFY2(text.contains(word), qPrintable(word + QStringLiteral(" is not in: ") + text));
    if (line == 0)
        return;
    bool named = !result && result.error().line == line;
    if (result) {
        for (const Warning &warning : result.document().warnings)
            named = named || warning.line == line;
    }
    QVERIFY2(named, qPrintable(text));
}

void ReadingTest::corpus_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("devices");
    QTest::addColumn<QString>("links");
    QTest::addColumn<QString>("interfaces");
    const QString folder = qEnvironmentVariable("PATCHBOARD_CORPUS");
    if (folder.isEmpty())
        return;
    const QStringList readable = {QStringLiteral("graphml/"), QStringLiteral("clab/")};
    const QList<QStringList> rows = readingTable(folder + QStringLiteral("/corpus/expected.tsv"));
    for (const QStringList &row : rows) {
        for (const QString &format : readable) {
            if (row.at(0).startsWith(format))
                QTest::newRow(qPrintable(row.at(0)))
                    << folder + QStringLiteral("/corpus/") + row.at(0) << row.at(1) << row.at(2)
                    << row.at(3);
        }
    }
}

void ReadingTest::corpus()
{
    if (qEnvironmentVariable("PATCHBOARD_CORPUS").isEmpty())
        QSKIP("PATCHBOARD_CORPUS is not set: no corpus of real files to read");
    QFETCH(QString, file);
    QFETCH(QString, devices);
    QFETCH(QString, links);
    QFETCH(QString, interfaces);
    const ReadResult result = m_registry.readFile(file);
    const QByteArray text = allTextOf(result).toUtf8();
    if (devices == QLatin1String("ERR")) {
        QVERIFY(!result);
        QVERIFY2(result.error().line > 0, text.constData());
        return;
    }
    QVERIFY2(result, text.constData());
    checkDocument(result.document());
    const Summary summary = summaryOf(result.document());
    QCOMPARE(QString::number(summary.devices), devices);
    QCOMPARE(QString::number(summary.links), links);
    if (!interfaces.isEmpty())
        QCOMPARE(QString::number(summary.interfaces), interfaces);
    if (qEnvironmentVariableIsSet("PATCHBOARD_SHOW_WARNINGS") && !text.isEmpty())
        fprintf(stderr, "%s\n%s\n", qPrintable(file), text.constData());
}

PATCHBOARD_TEST(ReadingTest)
#include "tst_reading.moc"
