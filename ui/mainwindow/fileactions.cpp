#include "ui/mainwindow/mainwindow.h"

#include "ui/actions/actionset.h"
#include "ui/actions/commandpalette.h"
#include "ui/commands/boardactions.h"
#include "ui/commands/boardcommands.h"
#include "ui/commands/undostack.h"
#include "ui/dialogs/boardsettingsdialog.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/dialogs/connectdialog.h"
#include "ui/dialogs/devicetypesdialog.h"
#include "ui/dialogs/exportdialog.h"
#include "ui/dialogs/importdialog.h"
#include "ui/dialogs/printpreview.h"
#include "ui/dialogs/sharedialog.h"
#include "ui/dialogs/shortcutsdialog.h"
#include "ui/mainwindow/messagebar.h"
#include "ui/mainwindow/windows.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/render.h"
#include "ui/scene/selection.h"

#include "model/formats/registry.h"

#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLayout>
#include <QMessageBox>
#include <QPrinter>
#include <QSettings>
#include <QStandardPaths>

namespace patchboard::ui {

namespace {

/// The folder that a file dialog starts in: where the last one ended.
QString startFolder()
{
    return QSettings()
        .value(QStringLiteral("folder"),
               QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
        .toString();
}

QString withSuffix(const QString &path, const QString &suffix)
{
    return QFileInfo(path).suffix().isEmpty() ? path + u'.' + suffix : path;
}

void rememberFolder(const QString &path)
{
    QSettings().setValue(QStringLiteral("folder"), QFileInfo(path).absolutePath());
}

} // namespace

void MainWindow::newBoard()
{
    openLocation(m_windows.service().newBoardPath());
}

void MainWindow::openBoard()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a Board"), startFolder(),
                                                      tr("Boards (*.board);;All files (*)"));
    if (path.isEmpty())
        return;
    rememberFolder(path);
    openDropped(path);
}

void MainWindow::openDropped(const QString &location)
{
    const bool isBoard =
        location.contains(QLatin1String("://")) ||
        QFileInfo(location).suffix().compare(QLatin1String("board"), Qt::CaseInsensitive) == 0;
    if (isBoard)
        openLocation(location);
    else
        importPath(location);
}

void MainWindow::openDemo()
{
    const auto path = m_windows.service().demoBoard();
    if (path)
        openLocation(*path);
    else
        showError(path.error().text);
}

void MainWindow::connectToServer()
{
    QStringList recent = m_windows.recent();
    recent.removeIf([](const QString &each) { return !each.contains(QLatin1String("://")); });
    ConnectDialog dialog(
        QSettings()
            .value(QStringLiteral("server"), QStringLiteral("ws://localhost:5001"))
            .toString(),
        recent, [this] { return m_windows.service().browseHosts(); }, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    const QString address = dialog.address();
    if (!address.isEmpty() && openLocation(address))
        QSettings().setValue(QStringLiteral("server"), splitToken(QUrl(address)).first.toString());
}

void MainWindow::enterToken()
{
    if (!m_board)
        return;
    const QPointer<MainWindow> window(this);
    const std::shared_ptr<Board> board = m_board;
    bool accepted = false;
    const QString token =
        QInputDialog::getText(
            this, tr("Token for %1").arg(board->session().status().server),
            tr("%1\n\nThe token that you were given:").arg(board->session().status().detail),
            QLineEdit::Password, QString(), &accepted)
            .trimmed();
    if (!window || !accepted || token.isEmpty())
        return;
    board->connection().setToken(token);
}

void MainWindow::showCertificate()
{
    if (!m_board || findChild<CertificateDialog *>())
        return;
    const auto distrust = m_board->connection().distrust();
    if (!distrust)
        return;
    auto *dialog = new CertificateDialog(*distrust, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [dialog, distrust, board = std::weak_ptr<Board>(m_board)] {
                if (const auto asked = board.lock())
                    asked->connection().trust(*distrust, dialog->answer() ==
                                                             CertificateDialog::Answer::Always);
            });
    dialog->open();
}

void MainWindow::importFile()
{
    const formats::Registry registry;
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Import a Network"), startFolder(),
                                     registry.nameFilters().join(QStringLiteral(";;")) +
                                         QStringLiteral(";;") + tr("All files (*)"));
    if (path.isEmpty())
        return;
    rememberFolder(path);
    importPath(path);
}

QString MainWindow::messageText() const
{
    return m_bar->isVisibleTo(this) ? m_bar->text() : QString();
}

bool MainWindow::importPath(const QString &path, bool unasked)
{
    const QString fileName = QFileInfo(path).fileName();
    ImportDialog dialog(path, m_board != nullptr, this);
    if (unasked)
        dialog.setUnasked();
    if (dialog.exec() != QDialog::Accepted) {
        if (!dialog.errorText().isEmpty())
            showError(tr("%1 cannot be imported: %2").arg(fileName, dialog.errorText()));
        return false;
    }
    MainWindow *window = this;
    if (dialog.wantsNewBoard()) {
        QString name = QFileInfo(path).completeBaseName();
        if (name.endsWith(QLatin1String(".clab"), Qt::CaseInsensitive))
            name.chop(5);
        auto board = m_windows.open(m_windows.service().newBoardPath(name));
        if (!board) {
            showError(board.error().text);
            return false;
        }
        if (m_board) {
            window = m_windows.openWindow(*board);
            window->show();
        } else {
            m_bar->dismiss();
            setBoard(*board);
        }
    }
    Session &session = window->m_board->session();
    if (window->m_edit->canEdit()) {
        window->insertDocument(dialog.document(), fileName);
        return true;
    }
    if (session.status().readOnly || !window->m_board->isFile()) {
        showError(
            tr("%1 cannot be imported now: the board is not ready or read-only.").arg(fileName));
        return false;
    }
    // A board that has just been opened is still being read.
    auto *const waiting = new QObject(window->m_canvas);
    connect(&session, &Session::statusChanged, waiting,
            [window, waiting, document = dialog.document(), fileName] {
                if (!window->m_edit->canEdit())
                    return;
                waiting->deleteLater();
                waiting->disconnect();
                QObject::disconnect(&window->m_board->session(), nullptr, waiting, nullptr);
                window->insertDocument(document, fileName);
            });
    return true;
}

void MainWindow::insertDocument(const formats::Document &document, const QString &fileName)
{
    Session &session = m_board->session();
    const formats::Import import =
        formats::importEdits(document, session.topology(), [&session] { return session.newId(); });
    if (!m_board->undoStack().push(import.edits, tr("Import %1").arg(fileName)))
        return;
    m_selection->set(import.devices);
    m_bar->show(MessageBar::Kind::Notice,
                tr("Imported %1: %2, %3.")
                    .arg(fileName, tr("%n device(s)", nullptr, int(import.summary.devices)),
                         tr("%n link(s)", nullptr, int(import.summary.links))),
                {m_actions->action(QStringLiteral("edit.undo"))});
    centralWidget()->layout()->activate(); // the bar takes room first
    m_canvas->fitAll();
}

void MainWindow::saveCopy()
{
    const QString name = QFileInfo(m_board->title()).fileName();
    const QString chosen = QFileDialog::getSaveFileName(
        this, tr("Save a Copy"), QDir(startFolder()).filePath(name + QStringLiteral(".board")),
        tr("Boards (*.board)"));
    if (chosen.isEmpty())
        return;
    rememberFolder(chosen);
    const QString path = withSuffix(chosen, QStringLiteral("board"));
    const auto saved = m_board->connection().saveCopy(path);
    if (saved)
        m_bar->show(MessageBar::Kind::Notice,
                    tr("A copy is in %1").arg(QDir::toNativeSeparators(path)));
    else
        showError(saved.error().text);
}

void MainWindow::shareBoard()
{
    auto *dialog = findChild<ShareDialog *>();
    if (!dialog) {
        dialog = new ShareDialog(m_board, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void MainWindow::exportPicture(bool selectionOnly)
{
    const Topology &board = m_board->session().topology();
    // What is drawn stays as it is while its file is chosen.
    const auto part =
        partOf(board, selectionOnly ? m_edit->selectedDevices() : board.devices().ids());
    const auto size = pictureSize(*part, {});
    if (!size) {
        showError(size.error().text);
        return;
    }
    ExportDialog dialog(*size, this);
    if (dialog.exec() != QDialog::Accepted || !m_board)
        return;
    const QString suffix = dialog.suffix();
    const QString name = QFileInfo(m_board->title()).fileName();
    const QString chosen = QFileDialog::getSaveFileName(
        this, dialog.windowTitle(), QDir(startFolder()).filePath(name + u'.' + suffix),
        QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
    if (chosen.isEmpty())
        return;
    rememberFolder(chosen);
    const QString path = withSuffix(chosen, suffix);
    const auto saved = renderFile(*part, dialog.options(), path);
    if (saved)
        m_bar->show(MessageBar::Kind::Notice,
                    tr("The picture is in %1").arg(QDir::toNativeSeparators(path)));
    else
        showError(saved.error().text);
}

void MainWindow::printBoardOf(bool selectionOnly)
{
    // What is printed stays as it is while the preview is open.
    const Topology &board = m_board->session().topology();
    const auto part =
        partOf(board, selectionOnly ? m_edit->selectedDevices() : board.devices().ids());
    QPrinter printer(QPrinter::HighResolution);
    printer.setDocName(m_board->title());
    printer.setPageOrientation(QPageLayout::Landscape);
    PrintPreview preview(*part, &printer, this);
    preview.setWindowTitle(tr("Print %1").arg(m_board->title()));
    preview.resize(size() * 0.8);
    preview.exec();
    if (!preview.errorText().isEmpty())
        showError(preview.errorText());
}

void MainWindow::editBoardSettings()
{
    const Topology &topology = m_board->session().topology();
    BoardSettingsDialog dialog(topology.board(), this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    const QList<Edit> edits = dialog.edits(topology.board());
    (void)m_board->undoStack().push(edits, tr("Change the board's settings"));
}

void MainWindow::editDeviceTypes()
{
    Session &session = m_board->session();
    DeviceTypesDialog dialog(session.topology(), this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    (void)m_board->undoStack().push(
        dialog.edits(session.topology(), [&session] { return session.newId(); }),
        tr("Change the board's device types"));
}

void MainWindow::editShortcuts()
{
    ShortcutsDialog dialog(*m_actions, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    // All windows have the same keys.
    for (const auto &[id, shortcuts] : dialog.shortcuts()) {
        for (MainWindow *window : m_windows.windows()) {
            ActionSet *set = window->actionSet();
            set->setShortcuts(set->action(id), shortcuts);
        }
    }
}

void MainWindow::showCommandPalette()
{
    QList<QAction *> actions = m_actions->all();
    for (const QDockWidget *dock : std::as_const(m_docks))
        actions.append(dock->toggleViewAction());
    actions.removeAll(m_actions->action(QStringLiteral("help.commands")));
    CommandPalette palette(actions, this);
    if (palette.exec() == QDialog::Accepted && palette.chosen())
        palette.chosen()->trigger();
}

void MainWindow::showAbout()
{
    QMessageBox::about(
        this, tr("About Patchboard"),
        tr("<h3>Patchboard %1</h3><p>A live network-topology editor.</p>"
           "<p>A board saves by itself, and everybody who has it open sees the same.</p>")
            .arg(QStringLiteral(PATCHBOARD_VERSION)));
}

} // namespace patchboard::ui
