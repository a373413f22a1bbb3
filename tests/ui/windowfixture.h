#pragma once

#include "tests/support/memoryboards.h"
#include "ui/actions/actionset.h"
#include "ui/actions/theme.h"
#include "ui/commands/undostack.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/windows.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/selection.h"

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QRegularExpression>
#include <QSettings>
#include <QTest>
#include <QTranslator>

/// Every warning fails, but for what the offscreen platform says of itself.
inline void failOnWarnings()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
}

/// Windows on boards in memory, as a person finds them.
struct WindowFixture
{
    explicit WindowFixture(const QString &location = QStringLiteral("/tmp/demo.board"))
    {
        // English has its plurals in a file.
        static QTranslator english;
        if (english.isEmpty() && english.load(QStringLiteral(":/i18n/patchboard_en.qm")))
            QCoreApplication::installTranslator(&english);
        if (!keepSettings)
            QSettings().clear();
        theme.setMode(patchboard::ui::ThemeMode::Light);
        std::shared_ptr<patchboard::ui::Board> board;
        if (!location.isEmpty())
            board = windows.open(location).value();
        window = windows.openWindow(board);
        window->resize(1360, 860);
        window->show();
        window->activateWindow();
        (void)QTest::qWaitForWindowActive(window);
    }

    MemorySession &session() { return boards.last->session(); }
    const patchboard::Topology &topology() { return session().topology(); }
    patchboard::EntityId device(const char *name)
    {
        return topology().deviceByName(QString::fromLatin1(name));
    }
    QAction *action(const char *id) { return window->actionSet()->action(QString::fromLatin1(id)); }
    template <typename W>
    W *find(const char *name)
    {
        return window->findChild<W *>(QString::fromLatin1(name));
    }
    QString message()
    {
        const auto *label = find<QLabel>("messageText");
        return label->isVisible() ? label->text() : QString();
    }

    inline static bool keepSettings = false;
    MemoryBoards boards;
    patchboard::ui::Theme theme;
    patchboard::ui::Windows windows{boards, theme};
    patchboard::ui::MainWindow *window = nullptr;
};
