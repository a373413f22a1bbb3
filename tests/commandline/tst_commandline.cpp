#include "tests/support/testmain.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr qint64 kMostKb = 300 * 1024; ///< resident, of any command on any file

struct Ended
{
    int code = -1; ///< 1000 + the signal that ended it
    QByteArray out;
    QByteArray err;
    qint64 peakKb = 0;
};

} // namespace

/// The programs as somebody at a prompt meets them: exit codes, exact lines, and what is left in
/// the folder.
class TestCommandLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_folder.reset(); }
    void oneLine_data();
    void oneLine();
    void helpAndVersion();
    void importInspectCheckAndBackup();
    void thePastIsInspectedAndCopied();
    void inspectJsonHasThisShape();
    void nothingIsReplacedUnasked();
    void nothingIsLeftOfWhatFailed();
    void aPortInUseLeavesNoBoard();
    void renderDrawsOrSaysWhy();
    void hostileFilesStaySmall_data();
    void hostileFilesStaySmall();

private:
    Ended run(const QStringList &arguments, const char *program = "patchboard-server");
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder->filePath(QLatin1String(name));
    }
    [[nodiscard]] QStringList files() const
    {
        return QDir(m_folder->path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }
    void write(const char *name, const QByteArray &text) const;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestCommandLine::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    write("pair.graphml",
          "<graphml><graph edgedefault=\"undirected\">\n<node id=\"a\"/><node id=\"b\"/>\n"
          "<edge source=\"a\" target=\"b\"/><edge source=\"a\" target=\"a\"/>\n"
          "</graph></graphml>\n");
}

void TestCommandLine::write(const char *name, const QByteArray &text) const
{
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

/// Runs a program in the folder to its end. Not QProcess: it does not tell how much memory it took.
Ended TestCommandLine::run(const QStringList &arguments, const char *program)
{
    QTemporaryDir streams;
    const QByteArray out = QFile::encodeName(streams.filePath(QStringLiteral("out")));
    const QByteArray err = QFile::encodeName(streams.filePath(QStringLiteral("err")));
    const QByteArray folder = QFile::encodeName(m_folder->path());
    QList<QByteArray> words{QByteArray(PATCHBOARD_BIN_DIR "/") + program};
    for (const QString &argument : arguments)
        words.append(QFile::encodeName(argument));
    std::vector<char *> argv;
    for (QByteArray &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(::open("/dev/null", O_RDONLY), 0);
        ::dup2(::open(out.constData(), O_WRONLY | O_CREAT, 0600), 1);
        ::dup2(::open(err.constData(), O_WRONLY | O_CREAT, 0600), 2);
        if (::chdir(folder.constData()) == 0)
            ::execv(argv.front(), argv.data());
        ::_exit(127);
    }
    Ended ended;
    int status = 0;
    rusage usage{};
    if (child > 0 && ::wait4(child, &status, 0, &usage) == child) {
        ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
        ended.peakKb = usage.ru_maxrss;
    }
    const auto contents = [](const QByteArray &name) {
        QFile file(QFile::decodeName(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    ended.out = contents(out);
    ended.err = contents(err);
    return ended;
}

void TestCommandLine::oneLine_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("line");
    const auto own = [](const char *name, const char *arguments, int code, const char *line) {
        QTest::newRow(name) << QString::fromLatin1(arguments) << code
                            << QStringLiteral("patchboard-server: ") + QLatin1String(line);
    };
    const auto plain = [](const char *name, const char *arguments, int code, const char *line) {
        QTest::newRow(name) << QString::fromLatin1(arguments) << code << QString::fromLatin1(line);
    };
    own("no command", "", 1, "a command is missing (try --help)");
    own("unknown command", "nonsense", 1, "unknown command or option: nonsense (try --help)");
    own("import: no file", "import", 1, "a file is missing (try: patchboard-server import --help)");
    own("import: where to", "import pair.graphml", 1, "where to? -o OUT.board is missing");
    plain("import: no such file", "import none.graphml -o x.board", 2,
          "none.graphml: No such file or directory");
    own("inspect: no file", "inspect", 1,
        "a file is missing (try: patchboard-server inspect --help)");
    own("inspect: unknown option", "inspect --bogus pair.graphml", 1,
        "Unknown option 'bogus'. (try: patchboard-server inspect --help)");
    plain("inspect: no such file", "inspect none", 2, "none: No such file or directory");
    own("check: no such file", "check none.board", 2, "none.board does not exist");
    own("check: no board", "check pair.graphml", 2, "pair.graphml is not a board of Patchboard");
    own("backup: no such file", "backup none.board x.board", 1, "none.board does not exist");
    own("serve: port", "serve --port nope x.board", 1, "--port nope: not a port (0 to 65535)");
    own("serve: host", "serve --host nohost x.board", 1, "--host nohost: not an IP address");
}

void TestCommandLine::oneLine()
{
    QFETCH(const QString, arguments);
    QFETCH(const int, code);
    QFETCH(const QString, line);
    const QStringList before = files();
    const Ended ended = run(arguments.split(u' ', Qt::SkipEmptyParts));
    QCOMPARE(QString::fromLocal8Bit(ended.err), line + u'\n');
    QCOMPARE(ended.out, QByteArray());
    QCOMPARE(ended.code, code);
    QCOMPARE(files(), before);
}

void TestCommandLine::helpAndVersion()
{
    const Ended help = run({QStringLiteral("--help")});
    QCOMPARE(help.code, 0);
    QCOMPARE(help.err, QByteArray());
    for (const char *command : {"serve", "import", "inspect", "check", "backup"}) {
        QVERIFY2(help.out.contains(command), command);
        const Ended own = run({QLatin1String(command), QStringLiteral("--help")});
        QCOMPARE(own.code, 0);
        QVERIFY2(own.out.startsWith("Usage: "), own.out.constData());
    }
    const Ended version = run({QStringLiteral("--version")});
    QCOMPARE(version.code, 0);
    QVERIFY(QRegularExpression(QStringLiteral("^patchboard-server \\d+\\.\\d+\\.\\d+\n$"))
                .match(QString::fromLatin1(version.out))
                .hasMatch());
}

void TestCommandLine::importInspectCheckAndBackup()
{
    const Ended import = run({QStringLiteral("import"), QStringLiteral("pair.graphml"),
                              QStringLiteral("-o"), QStringLiteral("new.board")});
    QCOMPARE(import.code, 0);
    QCOMPARE(import.out,
             QByteArray("new.board: 2 devices, 2 links, 0 interfaces, 0 containers, from "
                        "pair.graphml\n"));
    QCOMPARE(import.err, QByteArray("pair.graphml:3: warning: The edge from a to itself is taken "
                                    "as a link with both ends on one device.\n"));
    QCOMPARE(files(), QStringList({QStringLiteral("new.board"), QStringLiteral("pair.graphml")}));
    const Ended check = run({QStringLiteral("check"), QStringLiteral("new.board")});
    QCOMPARE(check.code, 0);
    QCOMPARE(check.out, QByteArray("new.board is sound: 2 devices, 4 interfaces, 2 links, "
                                   "revision 1\n"));
    const Ended backup =
        run({QStringLiteral("backup"), QStringLiteral("new.board"), QStringLiteral("copy.board")});
    QCOMPARE(backup.code, 0);
    QCOMPARE(run({QStringLiteral("check"), QStringLiteral("copy.board")}).code, 0);
    const Ended inspect = run({QStringLiteral("inspect"), QStringLiteral("copy.board")});
    QCOMPARE(inspect.code, 0);
    QVERIFY2(inspect.out.contains("2 devices"), inspect.out.constData());
}

void TestCommandLine::thePastIsInspectedAndCopied()
{
    const auto call = [this](const char *arguments) {
        return run(QString::fromLatin1(arguments).split(u' '));
    };
    QCOMPARE(call("import pair.graphml -o new.board --quiet").code, 0);
    QCOMPARE(call("inspect new.board --revision 0").out,
             QByteArray("new.board: board: 0 devices, 0 links, 0 interfaces, 0 containers\n"));
    QCOMPARE(call("inspect new.board --revision 1").out,
             QByteArray("new.board: board: 2 devices, 2 links, 4 interfaces, 0 containers\n"));
    const Ended later = call("inspect new.board --revision 2");
    QCOMPARE(later.code, 2);
    QCOMPARE(later.err, QByteArray("new.board: There is no revision 2\n"));
    const Ended named = call("inspect new.board --revision before");
    QCOMPARE(named.code, 2);
    QCOMPARE(named.err, QByteArray("new.board: There is no revision and no snapshot before\n"));

    const Ended copied = call("backup new.board then.board --revision 1");
    QCOMPARE(copied.code, 0);
    QCOMPARE(copied.out, QByteArray("then.board is a copy of new.board at revision 1\n"));
    QCOMPARE(call("check then.board").out,
             QByteArray("then.board is sound: 2 devices, 4 interfaces, 2 links, revision 1\n"));
    QCOMPARE(call("backup new.board then.board --revision 1").code, 1); // it is there
    QCOMPARE(call("backup new.board other.board --revision 9").code, 1);
    QVERIFY(!files().contains(QStringLiteral("other.board")));
}

void TestCommandLine::inspectJsonHasThisShape()
{
    const Ended ended =
        run({QStringLiteral("inspect"), QStringLiteral("--json"), QStringLiteral("pair.graphml")});
    QCOMPARE(ended.code, 0);
    QCOMPARE(ended.err, QByteArray());
    const QJsonObject object = QJsonDocument::fromJson(ended.out).object();
    QCOMPARE(object.keys(), QStringList({QStringLiteral("containers"), QStringLiteral("devices"),
                                         QStringLiteral("format"), QStringLiteral("interfaces"),
                                         QStringLiteral("links"), QStringLiteral("warnings")}));
    QCOMPARE(object[u"format"].toString(), QStringLiteral("graphml"));
    QCOMPARE(object[u"devices"].toInt(), 2);
    QCOMPARE(object[u"links"].toInt(), 2);
    const QJsonObject warning = object[u"warnings"].toArray().at(0).toObject();
    QCOMPARE(warning.keys(), QStringList({QStringLiteral("line"), QStringLiteral("text")}));
    QCOMPARE(warning[u"line"].toInt(), 3);
}

void TestCommandLine::nothingIsReplacedUnasked()
{
    const QStringList import{QStringLiteral("import"), QStringLiteral("pair.graphml"),
                             QStringLiteral("-o"), QStringLiteral("new.board")};
    QCOMPARE(run(import).code, 0);
    const Ended again = run(import);
    QCOMPARE(again.code, 1);
    QCOMPARE(again.err, QByteArray("patchboard-server: new.board exists; --force replaces it\n"));
    QCOMPARE(run(import + QStringList(QStringLiteral("--force"))).code, 0);
    const Ended self =
        run({QStringLiteral("backup"), QStringLiteral("new.board"), QStringLiteral("new.board")});
    QCOMPARE(self.code, 1);
    QCOMPARE(run({QStringLiteral("check"), QStringLiteral("new.board")}).code, 0);
}

void TestCommandLine::nothingIsLeftOfWhatFailed()
{
    const QStringList before = files();
    const Ended nowhere = run({QStringLiteral("import"), QStringLiteral("pair.graphml"),
                               QStringLiteral("-o"), QStringLiteral("none/new.board")});
    QCOMPARE(nowhere.code, 1);
    QVERIFY2(nowhere.err.startsWith("patchboard-server: none/new.board cannot be written: the "
                                    "folder "),
             nowhere.err.constData());
    QCOMPARE(files(), before);
    write("cut.graphml", "<graphml><graph><node id=\"a\"/>");
    const Ended cut = run({QStringLiteral("import"), QStringLiteral("cut.graphml"),
                           QStringLiteral("-o"), QStringLiteral("new.board")});
    QCOMPARE(cut.code, 2);
    QVERIFY2(cut.err.startsWith("cut.graphml:1: "), cut.err.constData());
    QCOMPARE(cut.err.count('\n'), 1);
    QVERIFY(!files().contains(QStringLiteral("new.board")));
}

void TestCommandLine::aPortInUseLeavesNoBoard()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const QStringList before = files();
    const Ended ended =
        run({QStringLiteral("serve"), QStringLiteral("new.board"), QStringLiteral("--host"),
             QStringLiteral("127.0.0.1"), QStringLiteral("--port"),
             QString::number(other.serverPort()), QStringLiteral("--quiet")});
    QCOMPARE(ended.code, 1);
    QVERIFY2(ended.err.contains("cannot be listened on"), ended.err.constData());
    QCOMPARE(files(), before);
    // A board that was there stays.
    QCOMPARE(run({QStringLiteral("import"), QStringLiteral("pair.graphml"), QStringLiteral("-o"),
                  QStringLiteral("old.board"), QStringLiteral("--quiet")})
                 .code,
             0);
    QCOMPARE(run({QStringLiteral("serve"), QStringLiteral("old.board"), QStringLiteral("--host"),
                  QStringLiteral("127.0.0.1"), QStringLiteral("--port"),
                  QString::number(other.serverPort()), QStringLiteral("--quiet")})
                 .code,
             1);
    QCOMPARE(run({QStringLiteral("check"), QStringLiteral("old.board")}).code, 0);
}

void TestCommandLine::renderDrawsOrSaysWhy()
{
    if (!QFile::exists(QStringLiteral(PATCHBOARD_BIN_DIR "/patchboard")))
        QSKIP("patchboard, the desktop program, is not built");
    const Ended drawn = run({QStringLiteral("render"), QStringLiteral("pair.graphml"),
                             QStringLiteral("-o"), QStringLiteral("x.svg")},
                            "patchboard");
    QVERIFY2(drawn.code == 0, drawn.err.constData());
    QVERIFY(QFile(path("x.svg")).size() > 100);
    const Ended missing = run({QStringLiteral("render"), QStringLiteral("none.graphml"),
                               QStringLiteral("-o"), QStringLiteral("y.svg")},
                              "patchboard");
    QVERIFY(missing.code != 0);
    QVERIFY2(missing.err.contains("none.graphml"), missing.err.constData());
    QVERIFY(!QFile::exists(path("y.svg")));
}

void TestCommandLine::hostileFilesStaySmall_data()
{
    QTest::addColumn<QString>("file");
    const QDir all(QStringLiteral(PATCHBOARD_TEST_DATA "/hostile"));
    for (const char *kind : {"clab", "graphml", "misc"}) {
        const QDir folder(all.filePath(QLatin1String(kind)));
        for (const QString &name : folder.entryList(QDir::Files, QDir::Name)) {
            QTest::newRow(qPrintable(QLatin1String(kind) + u'/' + name))
                << folder.absoluteFilePath(name);
        }
    }
}

/// Taken or refused, but by a decision, and with bounded memory.
void TestCommandLine::hostileFilesStaySmall()
{
    QFETCH(const QString, file);
    const QStringList before = files();
    const Ended ended = run({QStringLiteral("inspect"), QStringLiteral("--json"), file});
    QVERIFY2(ended.code == 0 || ended.code == 2, qPrintable(QString::number(ended.code)));
    if (ended.code == 0)
        QVERIFY(QJsonDocument::fromJson(ended.out).isObject());
    else
        QVERIFY2(ended.out.isEmpty() && ended.err.count('\n') == 1, ended.err.constData());
    QVERIFY2(ended.peakKb < kMostKb, qPrintable(QString::number(ended.peakKb)));
    QCOMPARE(files(), before);
}

PATCHBOARD_TEST(TestCommandLine)
#include "tst_commandline.moc"
