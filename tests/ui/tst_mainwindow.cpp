#include "tests/support/testmain.h"
#include "tests/ui/windowfixture.h"

#include "ui/mainwindow/connectionstatus.h"
#include "ui/mainwindow/startpage.h"

#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTableView>
#include <QTreeView>

using namespace patchboard;
using namespace patchboard::ui;

class TestMainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWarnings(); }

    void pictures();
};

/// Pictures for the eye: PATCHBOARD_PICTURES names a folder.
void TestMainWindow::pictures()
{
    const QString folder = qEnvironmentVariable("PATCHBOARD_PICTURES");
    if (folder.isEmpty())
        QSKIP("PATCHBOARD_PICTURES names no folder");
    for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
        const QString suffix =
            mode == ThemeMode::Dark ? QStringLiteral("dark") : QStringLiteral("light");
        {
            WindowFixture f;
            f.theme.setMode(mode);
            f.window->selection()->set({f.device("OLT1")});
            QCoreApplication::processEvents();
            QVERIFY(f.window->grab().save(folder + QStringLiteral("/demo-%1.png").arg(suffix)));
        }
        {
            WindowFixture f{QString()};
            f.theme.setMode(mode);
            QCoreApplication::processEvents();
            QVERIFY(f.window->grab().save(folder + QStringLiteral("/start-%1.png").arg(suffix)));
        }
    }
}

PATCHBOARD_TEST(TestMainWindow)
#include "tst_mainwindow.moc"
