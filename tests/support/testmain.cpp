#include "tests/support/testmain.h"

#include <QFileInfo>

#if __has_include(<QApplication>) && defined(QT_WIDGETS_LIB)
#include <QApplication>
using TestApplication = QApplication;
#else
#include <QCoreApplication>
using TestApplication = QCoreApplication;
#endif

std::vector<TestFactory> &testFactories()
{
    static std::vector<TestFactory> factories;
    return factories;
}

/// Runs every registered class; `-class NAME` before the Qt Test options runs only that one.
int main(int argc, char *argv[])
{
    TestApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("Patchboard-tests"));
    // Settings of its own: others run beside it.
    QCoreApplication::setApplicationName(
        QFileInfo(QCoreApplication::applicationFilePath()).fileName());
    QStringList arguments = application.arguments();
    QString only;
    const qsizetype at = arguments.indexOf(QStringLiteral("-class"));
    if (at > 0 && at + 1 < arguments.size()) {
        only = arguments.at(at + 1);
        arguments.remove(at, 2);
    }
    int failures = 0;
    for (const TestFactory &make : testFactories()) {
        const std::unique_ptr<QObject> test = make();
        if (only.isEmpty() || only == QLatin1String(test->metaObject()->className()))
            failures += QTest::qExec(test.get(), arguments);
    }
    return failures == 0 ? 0 : 1;
}
