#include "ui/mainwindow/mainwindow.h"

#include "model/core/restore.h"
#include "model/sync/pastsession.h"
#include "ui/actions/actionset.h"
#include "ui/actions/theme.h"
#include "ui/commands/undostack.h"
#include "ui/mainwindow/messagebar.h"
#include "ui/panels/historypanel.h"
#include "ui/panels/propertiespanel.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/selection.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

/// A board of the past has nothing that keeps it running.
class PastConnection final : public BoardConnection
{
public:
    PastConnection(std::shared_ptr<Topology> board, quint64 revision, const Session &live)
        : m_session(std::move(board), revision, live)
    {
    }
    [[nodiscard]] Session &session() override { return m_session; }
    Result<void> saveCopy(const QString &) override
    {
        return Error{Errc::Unavailable, PastSession::tr("The past cannot be changed")};
    }

private:
    PastSession m_session;
};

} // namespace

void MainWindow::createPastBanner()
{
    m_pastBanner = new QFrame(m_boardPage);
    m_pastBanner->setObjectName(QStringLiteral("pastBanner"));
    m_pastBanner->setStyleSheet(QStringLiteral("#pastBanner { background: #5b3fa8; }"
                                               "#pastBanner QLabel { color: white; }"));
    m_pastText = new QLabel(m_pastBanner);
    m_pastText->setObjectName(QStringLiteral("pastText"));
    m_pastText->setWordWrap(true);
    m_pastText->setMinimumWidth(120); // else it would push the docks aside
    m_restoreItems = new QPushButton(tr("Restore the Selection"), m_pastBanner);
    m_restoreItems->setObjectName(QStringLiteral("restoreItems"));
    m_restoreBoard = new QPushButton(tr("Restore the Whole Board"), m_pastBanner);
    m_restoreBoard->setObjectName(QStringLiteral("restoreBoard"));
    auto *back = new QPushButton(tr("Back to Now"), m_pastBanner);
    back->setObjectName(QStringLiteral("backToNow"));
    auto *layout = new QHBoxLayout(m_pastBanner);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->setSpacing(10);
    layout->addWidget(m_pastText, 1);
    layout->addWidget(m_restoreItems);
    layout->addWidget(m_restoreBoard);
    layout->addWidget(back);
    m_pastBanner->hide();
    m_boardLayout->addWidget(m_pastBanner);
    connect(m_restoreItems, &QPushButton::clicked, this,
            [this] { restorePast(m_selection->ids()); });
    connect(m_restoreBoard, &QPushButton::clicked, this, [this] { restorePast({}); });
    connect(back, &QPushButton::clicked, this, &MainWindow::backToNow);
}

void MainWindow::updatePastBanner()
{
    m_pastBanner->setVisible(m_present != nullptr);
    if (!m_present)
        return;
    const SessionStatus live = m_present->session().status();
    const bool may = live.ready && !live.readOnly;
    m_restoreItems->setEnabled(may && !m_selection->ids().isEmpty());
    m_restoreBoard->setEnabled(may);
    m_pastText->setText(tr("You are looking at revision %1. Nothing can be changed here.")
                            .arg(m_board->session().status().revision));
}

void MainWindow::lookAt(quint64 revision)
{
    if (!m_board)
        return;
    m_properties->commitPending();
    m_pastRequest = liveBoard()->session().askBoard(revision);
    if (m_pastRequest == 0) {
        m_bar->show(MessageBar::Kind::Notice,
                    tr("The history is at the host: there is no connection"));
    }
}

void MainWindow::showPast(quint64 revision, const std::shared_ptr<Topology> &topology)
{
    m_pastRequest = 0;
    const std::shared_ptr<Board> live = m_present ? m_present : m_board;
    auto past = std::make_shared<Board>(
        std::make_unique<PastConnection>(topology, revision, live->session()), live->location());
    exchangeBoard(std::move(past));
    m_history->setShown(revision);
}

void MainWindow::exchangeBoard(std::shared_ptr<Board> board)
{
    const double zoom = m_canvas->zoom();
    const QPointF middle = m_canvas->visibleScene().center();
    const auto onScreen = [this, middle] {
        return QPointF(m_canvas->viewport()->mapTo(this, QPoint())) + m_canvas->fromScene(middle);
    };
    const QPointF before = onScreen();
    const QList<EntityId> selected = m_selection->ids();
    QWidget *const focus = focusWidget();
    const bool canvasHadFocus = focus == m_canvas;
    m_exchanging = true;
    disconnectBoard();
    if (!m_present)
        m_present = std::move(m_board);
    if (board == m_present)
        m_present.reset();
    m_board = std::move(board);
    connectBoard();
    m_exchanging = false;
    // A view fits the board into its first size; then it gets its place.
    m_canvas->show();
    m_boardLayout->activate();
    m_canvas->setZoom(zoom);
    // The banner comes or goes; what is on the board stays where it is.
    m_canvas->centreOnScene(middle);
    m_canvas->centreOnScene(middle + (onScreen() - before) / m_canvas->zoom());
    QList<EntityId> there;
    for (const EntityId id : selected) {
        if (m_board->session().topology().contains(id))
            there.append(id);
    }
    m_selection->set(there);
    if (!canvasHadFocus && focus)
        focus->setFocus();
    updatePastBanner();
}

void MainWindow::backToNow()
{
    m_pastRequest = 0;
    if (!m_present)
        return;
    exchangeBoard(m_present);
    m_history->setShown(0);
}

void MainWindow::restorePast(const QList<EntityId> &ids)
{
    if (!m_present)
        return;
    Session &live = m_present->session();
    const quint64 revision = m_board->session().status().revision;
    const QList<Edit> edits = edits::restoreFrom(m_board->session().topology(), live.topology(),
                                                 ids, [&live] { return live.newId(); });
    if (edits.isEmpty()) {
        m_bar->show(MessageBar::Kind::Notice, tr("It is now as it was then."));
        return;
    }
    const QString label =
        ids.isEmpty()
            ? tr("Restore the Board of Revision %1").arg(revision)
            : tr("Restore %n item(s) of revision %1", nullptr, int(ids.size())).arg(revision);
    backToNow(); // a refusal is said there
    if (m_board->undoStack().push(edits, label))
        m_bar->show(MessageBar::Kind::Notice, tr("Done: %1. Undo takes it back.").arg(label));
}

} // namespace patchboard::ui
