#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"

#include "ui/dialogs/importdialog.h"
#include "ui/dialogs/printpreview.h"
#include "ui/mainwindow/startpage.h"

#include <QDialogButtonBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTimer>
#include <QTreeWidget>
#include <QUrl>

using namespace patchboard;
using namespace patchboard::ui;

namespace {

/// Drags files from elsewhere onto a widget and lets go.
void dropFiles(QWidget *onto, const QStringList &paths)
{
    QMimeData mime;
    QList<QUrl> urls;
    for (const QString &path : paths)
        urls.append(QUrl::fromLocalFile(path));
    mime.setUrls(urls);
    const QPoint at = onto->rect().center();
    QDragEnterEvent enter(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(onto, &enter);
    QVERIFY(enter.isAccepted());
    QWidget *target = onto->window(); // who accepted it
    QDropEvent drop(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target, &drop);
    QVERIFY(drop.isAccepted());
}

/// Does something with the dialog as soon as it shows what is in the file.
template <typename Act>
void whenRead(QObject *context, Act act)
{
    auto *timer = new QTimer(context);
    QObject::connect(timer, &QTimer::timeout, context, [timer, act] {
        auto *dialog = qobject_cast<ImportDialog *>(QApplication::activeModalWidget());
        if (!dialog)
            return;
        auto *buttons = dialog->findChild<QDialogButtonBox *>();
        if (!buttons->button(QDialogButtonBox::Ok)->isEnabled())
            return;
        timer->deleteLater();
        timer->stop();
        act(dialog);
    });
    timer->start(5);
}

} // namespace

class TestOpeningFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }
    void initTestCase();

    void dropsOnTheStartPage();
    void dropsOnABoard();
    void opensAsANewBoard();
    void refusedFilesAreSaidInTheBar();
    void waitsForTheBoard();
    void importsUnasked();
    void copiesServersBoards();
    void previewsWhatIsPrinted();

private:
    QString write(const char *name, const QByteArray &text)
    {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            return {};
        return path;
    }

    QTemporaryDir m_folder;
    QString m_lab;
    QString m_broken;
};

void TestOpeningFiles::initTestCase()
{
    m_lab = write("lab.clab.yml", "name: lab\ntopology:\n  nodes:\n    a: {kind: linux}\n"
                                  "    b: {kind: linux}\n  links:\n"
                                  "    - endpoints: [\"a:eth1\", \"b:eth1\"]\n");
    m_broken =
        write("broken.graphml", "<?xml version=\"1.0\"?>\n<graphml>\n<graph>\n<node id=\"a\">"
                                "\n</graph>\n</graphml>\n");
    QVERIFY(!m_lab.isEmpty() && !m_broken.isEmpty());
}

void TestOpeningFiles::dropsOnTheStartPage()
{
    WindowFixture f{QString()};
    whenRead(f.window, [](ImportDialog *dialog) {
        QVERIFY(!dialog->findChild<QPushButton *>(QStringLiteral("importAsNew")));
        QTest::keyClick(dialog, Qt::Key_Return);
    });
    dropFiles(f.find<StartPage>("startPage"), {m_lab});
    QTRY_VERIFY(f.window->board());
    QTRY_COMPARE(f.topology().devices().size(), 2);
    QCOMPARE(f.topology().links().size(), 1);
    QCOMPARE(QFileInfo(f.window->board()->location()).fileName(), QStringLiteral("lab.board"));
    QVERIFY2(f.message().contains(QStringLiteral("lab.clab.yml")), qPrintable(f.message()));
    QVERIFY(!f.find<StartPage>("startPage")->isVisible());
}

void TestOpeningFiles::dropsOnABoard()
{
    WindowFixture f;
    whenRead(f.window, [](ImportDialog *dialog) { QTest::keyClick(dialog, Qt::Key_Return); });
    dropFiles(f.window->canvas()->viewport(), {m_lab});
    QTRY_COMPARE(f.topology().devices().size(), 12);
    QCOMPARE(f.windows.windows().size(), 1);
    f.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(f.window));
    QTest::keyClick(f.window, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.topology().devices().size(), 10);
}

void TestOpeningFiles::opensAsANewBoard()
{
    WindowFixture f;
    MemorySession &first = f.session();
    whenRead(f.window, [](ImportDialog *dialog) {
        QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("importAsNew")),
                          Qt::LeftButton);
    });
    dropFiles(f.window->canvas()->viewport(), {m_lab});
    QTRY_COMPARE(f.windows.windows().size(), 2);
    QTRY_COMPARE(f.session().topology().devices().size(), 2);
    QVERIFY(&f.session() != &first);
    QCOMPARE(first.topology().devices().size(), 10);
    f.windows.windows().at(1)->close();
}

void TestOpeningFiles::refusedFilesAreSaidInTheBar()
{
    WindowFixture f{QString()};
    QVERIFY(!f.window->importPath(m_broken));
    QVERIFY2(f.message().contains(QStringLiteral("line 5")), qPrintable(f.message()));
    QCOMPARE(f.message().count(QStringLiteral("broken.graphml")), 1);
    QCOMPARE(f.window->messageText(), f.message());
    QVERIFY(!f.window->board());
    QVERIFY(f.find<StartPage>("startPage")->isVisible());
    QVERIFY(!f.window->importPath(m_folder.filePath(QStringLiteral("nowhere.graphml"))));
    QVERIFY2(f.message().contains(QStringLiteral("nowhere.graphml")), qPrintable(f.message()));
    QVERIFY(!QApplication::activeModalWidget());
}

/// A board file that was just opened is not ready yet.
void TestOpeningFiles::waitsForTheBoard()
{
    WindowFixture f(QStringLiteral("/tmp/new.board"));
    f.session().setReady(false);
    QVERIFY(f.window->importPath(m_lab, true));
    QCOMPARE(f.topology().devices().size(), 0);
    f.session().setReady(true);
    QCOMPARE(f.topology().devices().size(), 2);
    f.session().setReady(false);
    f.session().setReady(true);
    QCOMPARE(f.topology().devices().size(), 2);
}

void TestOpeningFiles::importsUnasked()
{
    WindowFixture f;
    QVERIFY(f.window->importPath(m_lab, true));
    QCOMPARE(f.topology().devices().size(), 12);
    f.session().setReadOnly(true);
    QVERIFY(!f.window->importPath(m_lab, true));
    QVERIFY(!f.message().isEmpty());
    QCOMPARE(f.topology().devices().size(), 12);
}

void TestOpeningFiles::copiesServersBoards()
{
    WindowFixture f(QStringLiteral("ws://demo:5001"));
    QVERIFY(f.action("file.saveCopy")->isEnabled());
    f.session().setReady(false);
    QTRY_VERIFY(!f.action("file.saveCopy")->isEnabled());
}

void TestOpeningFiles::previewsWhatIsPrinted()
{
    WindowFixture f;
    bool seen = false;
    QTimer::singleShot(0, f.window, [&seen] {
        auto *preview = qobject_cast<PrintPreview *>(QApplication::activeModalWidget());
        QVERIFY(preview);
        QVERIFY(preview->options().fitOnePage);
        preview->findChild<QAction *>(QStringLiteral("printPages"))->trigger();
        QVERIFY(!preview->options().fitOnePage);
        QVERIFY(preview->errorText().isEmpty());
        seen = true;
        preview->reject();
    });
    QTest::keyClick(f.window, Qt::Key_P, Qt::ControlModifier);
    QVERIFY(seen);
    QVERIFY(!f.action("file.printSelection")->isEnabled());
}

PATCHBOARD_TEST(TestOpeningFiles)
#include "tst_openingfiles.moc"
