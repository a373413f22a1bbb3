#include "ui/dialogs/importdialog.h"

#include "model/formats/registry.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QThread>
#include <QTimer>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <optional>

namespace patchboard::ui {

/// Shared with the thread; the window reads the results after the thread has ended.
struct ImportDialog::Work
{
    std::atomic<bool> cancelled = false;
    std::atomic<int> permille = 0;
    std::optional<formats::ReadResult> result;
    QString message;
};

ImportDialog::ImportDialog(const QString &path, bool boardIsOpen, QWidget *parent)
    : QDialog(parent)
    , m_work(std::make_shared<Work>())
    , m_fileName(QFileInfo(path).fileName())
    , m_wantsNewBoard(!boardIsOpen)
    , m_headline(new QLabel(this))
    , m_details(new QLabel(this))
    , m_progress(new QProgressBar(this))
    , m_warnings(new QTreeWidget(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this))
{
    setObjectName(QStringLiteral("importDialog"));
    setWindowTitle(tr("Import %1").arg(m_fileName));
    QFont bold = m_headline->font();
    bold.setBold(true);
    m_headline->setFont(bold);
    m_headline->setTextFormat(Qt::PlainText);
    m_headline->setWordWrap(true);
    m_headline->setObjectName(QStringLiteral("importHeadline"));
    m_headline->setText(tr("Reading %1…").arg(m_fileName));
    m_details->setTextFormat(Qt::PlainText);
    m_details->setWordWrap(true);
    m_details->setObjectName(QStringLiteral("importDetails"));
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_warnings->setObjectName(QStringLiteral("importWarnings"));
    m_warnings->setAccessibleName(tr("What could not be taken"));
    m_warnings->setHeaderLabels({tr("Line"), tr("What could not be taken as it stands")});
    m_warnings->setRootIsDecorated(false);
    m_warnings->setFrameShape(QFrame::StyledPanel);
    m_warnings->setAlternatingRowColors(true);
    m_warnings->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_warnings->hide();
    m_buttons->button(QDialogButtonBox::Ok)
        ->setText(boardIsOpen ? tr("Import into this Board") : tr("Import"));
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(false);
    if (boardIsOpen) {
        m_newBoard = m_buttons->addButton(tr("Open as a New Board"), QDialogButtonBox::ActionRole);
        m_newBoard->setObjectName(QStringLiteral("importAsNew"));
        m_newBoard->setEnabled(false);
        connect(m_newBoard, &QPushButton::clicked, this, [this] {
            m_wantsNewBoard = true;
            accept();
        });
    }
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(m_headline);
    layout->addWidget(m_details);
    layout->addWidget(m_progress);
    layout->addWidget(m_warnings, 1);
    layout->addWidget(m_buttons);
    setMinimumWidth(520);

    m_thread = QThread::create([work = m_work, path] {
        Control control;
        control.cancelled = [work] { return work->cancelled.load(); };
        // Reading is quick; most of the time goes into the layout.
        control.progress = [work](double part) { work->permille = int(200 * part); };
        formats::ReadResult result = formats::Registry().readFile(path, control);
        if (result) {
            control.progress = [work](double part) { work->permille = 200 + int(800 * part); };
            if (!formats::placeDocument(result.document(), control, &work->message))
                return;
        }
        work->result = std::move(result);
    });
    connect(m_thread, &QThread::finished, this, &ImportDialog::finished);
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this] { m_progress->setValue(m_work->permille); });
    timer->start(50);
    m_thread->start();
}

ImportDialog::~ImportDialog()
{
    m_work->cancelled = true;
    m_thread->wait();
    delete m_thread;
}

void ImportDialog::finished()
{
    m_progress->hide();
    if (!m_work->result)
        return; // cancelled: the dialog is closing
    if (!*m_work->result) {
        m_errorText = m_work->result->error().text;
        reject();
        return;
    }
    m_document = std::move(m_work->result->document());
    const formats::Summary summary = formats::summaryOf(m_document);
    QStringList parts{tr("%n device(s)", nullptr, int(summary.devices - summary.containers)),
                      tr("%n link(s)", nullptr, int(summary.links))};
    if (summary.interfaces > 0)
        parts.append(tr("%n interface(s)", nullptr, int(summary.interfaces)));
    if (summary.containers > 0)
        parts.append(tr("%n container(s)", nullptr, int(summary.containers)));
    m_headline->setText(parts.join(QStringLiteral(", ")));
    const formats::Registry registry;
    const formats::Format *format = registry.byId(summary.format);
    QString details =
        format ? tr("%1 is a file of the format %2.").arg(m_fileName, format->name()) : m_fileName;
    if (!m_work->message.isEmpty())
        details += u'\n' + m_work->message;
    if (summary.warnings.isEmpty())
        details += u'\n' + tr("Everything in it was understood.");
    m_details->setText(details);
    for (const formats::Warning &warning : summary.warnings) {
        auto *item = new QTreeWidgetItem(
            m_warnings,
            {warning.line > 0 ? QString::number(warning.line) : QString(), warning.text});
        item->setToolTip(1, warning.text);
    }
    m_warnings->setVisible(!summary.warnings.isEmpty());
    QPushButton *ok = m_buttons->button(QDialogButtonBox::Ok);
    if (m_unasked) {
        accept();
        return;
    }
    ok->setEnabled(summary.devices > 0);
    if (m_newBoard)
        m_newBoard->setEnabled(summary.devices > 0);
    ok->setDefault(true);
    ok->setFocus();
    if (m_warnings->isVisibleTo(this))
        resize(640, 420);
}

} // namespace patchboard::ui
