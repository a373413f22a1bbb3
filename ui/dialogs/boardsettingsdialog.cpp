#include "ui/dialogs/boardsettingsdialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace patchboard::ui {

BoardSettingsDialog::BoardSettingsDialog(const BoardInfo &board, QWidget *parent)
    : QDialog(parent)
    , m_title(new QLineEdit(board.title, this))
    , m_policy(new QComboBox(this))
    , m_computed(new QCheckBox(tr("&Compute optical budgets and the health of containers"), this))
    , m_notes(new QPlainTextEdit(board.remarks->notes, this))
{
    setObjectName(QStringLiteral("boardSettingsDialog"));
    setWindowTitle(tr("Board Settings"));
    m_title->setObjectName(QStringLiteral("boardTitle"));
    m_title->setMaxLength(int(fieldInfo(EntityKind::Board, Field::Title)->maximum));
    m_policy->setObjectName(QStringLiteral("linkPolicy"));
    m_policy->addItem(tr("Advise: draw any link, and point out what no rule allows"),
                      int(LinkPolicy::Advise));
    m_policy->addItem(tr("Enforce: refuse links that no rule allows"), int(LinkPolicy::Enforce));
    m_policy->setCurrentIndex(m_policy->findData(int(board.linkPolicy)));
    m_policy->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_computed->setObjectName(QStringLiteral("computedStatus"));
    m_computed->setChecked(board.computedStatus);
    m_computed->setToolTip(tr("What light arrives at each ONT, and whether anything in a container "
                              "is down: shown in properties, tables and problems"));
    m_notes->setTabChangesFocus(true);
    m_notes->setMinimumHeight(90);
    auto *form = new QFormLayout;
    form->addRow(tr("&Title:"), m_title);
    form->addRow(tr("&Link rules:"), m_policy);
    form->addRow(QString(), m_computed);
    form->addRow(tr("&Notes:"), m_notes);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addLayout(form);
    layout->addWidget(buttons);
    // A board may have no title yet; one that has one keeps one.
    const bool hadTitle = !board.title.isEmpty();
    QPushButton *ok = buttons->button(QDialogButtonBox::Ok);
    connect(m_title, &QLineEdit::textChanged, this, [ok, hadTitle](const QString &text) {
        ok->setEnabled(!hadTitle || !text.trimmed().isEmpty());
    });
}

QList<Edit> BoardSettingsDialog::edits(const BoardInfo &board) const
{
    SetFields set{kBoardId, {}};
    if (const QString title = m_title->text().trimmed(); title != board.title)
        set.fields.append({Field::Title, title, std::nullopt});
    if (const qint64 policy = m_policy->currentData().toInt(); policy != qint64(board.linkPolicy))
        set.fields.append({Field::LinkPolicy, policy, std::nullopt});
    if (m_computed->isChecked() != board.computedStatus)
        set.fields.append({Field::ComputedStatus, m_computed->isChecked(), std::nullopt});
    if (const QString notes = m_notes->toPlainText(); notes != board.remarks->notes)
        set.fields.append({Field::Notes, notes.isEmpty() ? Value() : Value(notes), std::nullopt});
    if (set.fields.isEmpty())
        return {};
    return {set};
}

} // namespace patchboard::ui
