#include "ui/panels/propertiespanel.h"

#include "model/core/edits.h"
#include "model/topologymodel.h"
#include "ui/actions/theme.h"
#include "ui/commands/boardcommands.h"
#include "ui/commands/undostack.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QEvent>
#include <QFormLayout>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMap>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QTableWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>

namespace patchboard::ui {

namespace {

constexpr int kMixedRole = Qt::UserRole + 1;
constexpr int kKeyRole = Qt::UserRole + 2;
/// Keys beyond these are not listed when many items are selected.
constexpr qsizetype kMostListedKeys = 200;

QString mixedText()
{
    return PropertiesPanel::tr("Mixed values");
}

QString numberText(double number)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale.toString(number, 'g', 12);
}

std::optional<double> numberFrom(const QString &text)
{
    bool ok = false;
    double number = QLocale().toDouble(text, &ok);
    if (!ok)
        number = QLocale::c().toDouble(text, &ok);
    return ok ? std::optional(number) : std::nullopt;
}

/// A combo box that leaves the wheel to the form, and whose entries may be made when it opens: on a
/// large board they are many.
class FormCombo : public QComboBox
{
    static constexpr int kLeastWidth = 96; ///< pixels

public:
    using QComboBox::QComboBox;
    std::function<void()> fill;

    /// Its words may be cut where the form is narrow, those that it could show as well.
    [[nodiscard]] QSize minimumSizeHint() const override
    {
        const QSize hint = QComboBox::minimumSizeHint();
        return {std::min(hint.width(), kLeastWidth), hint.height()};
    }

    void showPopup() override
    {
        if (fill) {
            const QVariant current = currentData();
            clear();
            fill();
            setCurrentIndex(findData(current));
        }
        QComboBox::showPopup();
    }

protected:
    void keyPressEvent(QKeyEvent *event) override
    {
        if (fill && (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up))
            showPopup();
        else
            QComboBox::keyPressEvent(event);
    }
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }
};

/// What the keyboard of its window belongs to, also while another window is in front.
bool isTypedInto(const QWidget *editor)
{
    return editor->window()->focusWidget() == editor;
}

void showText(QLineEdit *line, const QString &text, const QString &placeholder)
{
    if (isTypedInto(line) && line->isModified())
        return;
    if (line->text() != text) {
        line->setText(text);
        line->setCursorPosition(0);
    }
    line->setModified(false);
    line->setPlaceholderText(placeholder);
}

} // namespace

PropertiesPanel::PropertiesPanel(QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_title(new QLabel(this))
    , m_subtitle(new QLabel(this))
    , m_scroll(new QScrollArea(this))
{
    setObjectName(QStringLiteral("propertiesPanel"));
    QFont bold = m_title->font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() * 1.1);
    m_title->setFont(bold);
    m_title->setObjectName(QStringLiteral("propertiesTitle"));
    for (QLabel *label : {m_title, m_subtitle}) {
        label->setTextFormat(Qt::PlainText);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }
    m_subtitle->setForegroundRole(QPalette::PlaceholderText);
    m_icon->setFixedSize(32, 32);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto *words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(m_title);
    words->addWidget(m_subtitle);
    auto *header = new QHBoxLayout;
    header->setContentsMargins(12, 10, 12, 8);
    header->setSpacing(10);
    header->addWidget(m_icon);
    header->addLayout(words, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(header);
    layout->addWidget(m_scroll, 1);
    setMinimumWidth(300); // what every form needs, in every language
    refreshHeader();
}

PropertiesPanel::~PropertiesPanel()
{
    if (m_computed)
        m_computed->removeObserver(this);
}

void PropertiesPanel::setBoard(Session *session, UndoStack *undo, const ComputedStatus *computed)
{
    commitPending();
    if (m_computed)
        m_computed->removeObserver(this);
    m_computed = computed;
    if (m_computed)
        m_computed->addObserver(this);
    if (m_session) {
        m_session->disconnect(this);
        m_session->model()->disconnect(this);
    }
    m_session = session;
    m_undo = undo;
    m_ids.clear();
    if (session) {
        connect(session, &Session::statusChanged, this, [this] {
            if (m_form && m_form->isEnabledTo(this) != mayEdit())
                m_form->setEnabled(mayEdit());
        });
        connect(session->model(), &TopologyModel::changed, this, &PropertiesPanel::onChanged);
        connect(session->model(), &TopologyModel::topologyWasReset, this,
                &PropertiesPanel::rebuild);
    }
    rebuild();
}

void PropertiesPanel::setSelection(const QList<EntityId> &ids)
{
    if (ids == m_ids)
        return;
    // Some of them were removed: what is typed for the others goes on being typed.
    const auto isGone = [this, &ids](EntityId id) {
        return ids.contains(id) || !m_session->topology().contains(id);
    };
    const bool onlyLess = m_session && !ids.isEmpty() && ids.size() < m_ids.size() &&
                          std::all_of(m_ids.cbegin(), m_ids.cend(), isGone);
    const QList<EntityId> before = std::exchange(m_ids, ids);
    const QList<EntityKind> kinds = kindsOfSelection();
    const bool single = ids.size() == 1 && kinds == QList<EntityKind>{EntityKind::Device};
    const bool computes = m_computed && ids.size() == 1;
    const bool sameForm = m_form && kinds == m_kinds && single == m_singleDevice &&
                          computes == (m_computedForm != nullptr);
    if (!onlyLess || !sameForm) {
        m_ids = before;
        commitPending();
        m_ids = ids;
    }
    if (sameForm)
        refresh();
    else
        rebuild();
}

QWidget *PropertiesPanel::editor(Field field) const
{
    for (const Row &row : m_rows) {
        if (row.info->field == field)
            return row.editor;
    }
    return nullptr;
}

void PropertiesPanel::commitPending()
{
    QWidget *focused = m_form ? m_form->focusWidget() : nullptr;
    if (!focused || !m_session)
        return;
    const Topology &topology = m_session->topology();
    if (!m_ids.isEmpty() && std::none_of(m_ids.cbegin(), m_ids.cend(), [&topology](EntityId id) {
            return topology.contains(id);
        })) {
        const Orphan orphan = typed();
        if (auto *line = qobject_cast<QLineEdit *>(focused))
            line->setModified(false);
        else if (auto *notes = qobject_cast<QPlainTextEdit *>(focused))
            notes->document()->setModified(false);
        if (!orphan.text.isEmpty())
            Q_EMIT orphaned(orphan);
        return;
    }
    if (m_properties && m_properties->isAncestorOf(focused) && focused != m_properties) {
        Q_EMIT m_properties->itemDelegate()->commitData(focused);
        return;
    }
    if (auto *line = qobject_cast<QLineEdit *>(focused); line && line->isModified())
        Q_EMIT line->editingFinished();
    else if (auto *notes = qobject_cast<QPlainTextEdit *>(focused);
             notes && notes->document()->isModified()) {
        notes->document()->setModified(false);
        const QString text = notes->toPlainText();
        set(Field::Notes, text.isEmpty() ? Value() : Value(text));
    }
}

PropertiesPanel::Orphan PropertiesPanel::typed() const
{
    Orphan orphan;
    orphan.ids = m_ids;
    const QWidget *focused = m_form->focusWidget();
    const auto *line = qobject_cast<const QLineEdit *>(focused);
    if (line && m_properties && m_properties->isAncestorOf(line)) {
        // A cell of the table; an editor of a cell is not modified by what was there before.
        const QTableWidgetItem *item = m_properties->currentItem();
        if (!item || !line->isModified())
            return orphan;
        orphan.text = line->text();
        const QString key = item->data(kKeyRole).toString();
        orphan.label = key.isEmpty() || item->column() == 0 ? tr("Properties") : key;
        if (item->column() == 1 && !key.isEmpty()) {
            orphan.key = {Field::Property, key};
            if (checkProperty(key, orphan.text))
                orphan.value = orphan.text;
        }
        return orphan;
    }
    for (const Row &row : m_rows) {
        if (row.editor != focused && !row.editor->isAncestorOf(focused))
            continue;
        orphan.key = row.info->field;
        orphan.label = row.info->translatedLabel();
        if (const auto *notes = qobject_cast<const QPlainTextEdit *>(focused)) {
            if (notes->document()->isModified())
                orphan.text = notes->toPlainText();
        } else if (line && line->isModified()) {
            orphan.text = line->text().trimmed();
        }
        if (orphan.text.isEmpty())
            break;
        std::optional<Value> value;
        if (row.info->type == ValueType::Text) {
            value = orphan.text;
        } else if (row.info->type == ValueType::Real || row.info->type == ValueType::Integer) {
            if (const auto number = numberFrom(orphan.text))
                value = *number;
        }
        if (value && checkValue(*row.info, *value))
            orphan.value = value;
        break;
    }
    return orphan;
}

void PropertiesPanel::onChanged(const Delta &delta)
{
    if (m_refreshPosted || !m_session)
        return;
    const Topology &topology = m_session->topology();
    const auto isMine = [&](EntityId id) { return m_watched.contains(id); };
    const bool mine =
        m_ids.isEmpty() ||
        std::any_of(delta.changed.cbegin(), delta.changed.cend(),
                    [&](const Delta::Changed &each) { return isMine(each.id); }) ||
        std::any_of(delta.removed.cbegin(), delta.removed.cend(),
                    [&](const Delta::Removed &each) {
                        return each.kind == EntityKind::Link || isMine(each.id) ||
                               isMine(each.parent);
                    }) ||
        std::any_of(delta.created.cbegin(), delta.created.cend(), [&](const Delta::Created &each) {
            if (const Interface *port = topology.interface(each.id))
                return isMine(port->device);
            const auto [a, b] = topology.endsOf(each.id);
            return isMine(a) || isMine(b);
        });
    if (mine)
        postRefresh();
}

void PropertiesPanel::computedChanged(const ComputedStatus &, const QSet<EntityId> &ids)
{
    if (m_ids.size() == 1 && ids.contains(m_ids.first()))
        postRefresh();
}

void PropertiesPanel::computedReset(const ComputedStatus &)
{
    postRefresh();
}

bool PropertiesPanel::mayEdit() const
{
    const SessionStatus status = m_session->status();
    return status.ready && !status.readOnly;
}

void PropertiesPanel::postRefresh()
{
    if (std::exchange(m_refreshPosted, true))
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_refreshPosted = false;
            refresh();
        },
        Qt::QueuedConnection);
}

QList<EntityKind> PropertiesPanel::kindsOfSelection() const
{
    if (m_ids.isEmpty() || !m_session)
        return {EntityKind::Board};
    QList<EntityKind> kinds;
    for (const EntityId id : m_ids) {
        const auto kind = m_session->topology().kindOf(id);
        if (kind && !kinds.contains(*kind))
            kinds.append(*kind);
    }
    std::sort(kinds.begin(), kinds.end());
    return kinds;
}

QList<const FieldInfo *> PropertiesPanel::commonFields() const
{
    QList<const FieldInfo *> out;
    if (m_kinds.isEmpty())
        return out;
    for (const FieldInfo &info : fieldsOf(m_kinds.first())) {
        const bool everywhere =
            info.userVisible &&
            std::all_of(m_kinds.cbegin(), m_kinds.cend(), [&info](EntityKind kind) {
                const FieldInfo *other = fieldInfo(kind, info.field);
                return other && other->type == info.type;
            });
        if (everywhere)
            out.append(&info);
    }
    return out;
}

PropertiesPanel::Shared PropertiesPanel::shared(const FieldKey &key) const
{
    const Topology &topology = m_session->topology();
    std::optional<Value> one;
    for (const EntityId id : targets()) {
        if (!topology.contains(id) && id != kBoardId)
            continue;
        Value value = topology.value(id, key);
        if (one && value != *one)
            return {{}, true};
        one = std::move(value);
    }
    return {one.value_or(Value()), false};
}

QList<EntityId> PropertiesPanel::targets() const
{
    return m_ids.isEmpty() ? QList<EntityId>{kBoardId} : m_ids;
}

void PropertiesPanel::push(const QList<Edit> &edits, const QString &label)
{
    if (m_undo && !edits.isEmpty())
        (void)m_undo->push(edits, label);
    refresh();
}

void PropertiesPanel::set(const FieldKey &key, const Value &value)
{
    const commands::Command command =
        commands::setField(m_session->topology(), targets(), key, value);
    push(command.edits, command.label);
}

void PropertiesPanel::setName(const QString &name)
{
    const Topology &topology = m_session->topology();
    if (m_ids.size() == 1) {
        const commands::Command command = commands::rename(topology, m_ids.first(), name);
        push(command.edits, command.label);
        return;
    }
    // One name for many: the pattern of the name is continued.
    QList<Edit> edits;
    QSet<QString> taken;
    QString next = name;
    for (const EntityId id : std::as_const(m_ids)) {
        if (topology.device(id) && (!edits.isEmpty() || topology.deviceByName(next) != 0))
            next = edits::nextName(topology, next, taken);
        taken.insert(next);
        edits.append(edits::setField(id, Field::Name, next));
    }
    push(edits, tr("Rename %1").arg(commands::describe(topology, m_ids)));
}

void PropertiesPanel::setOverride(const Value &value)
{
    std::optional<Status> status;
    if (!isNull(value))
        status = Status(std::get<qint64>(value));
    const auto *reason = qobject_cast<QLineEdit *>(editor(Field::OverrideReason));
    const commands::Command command = commands::overrideStatus(
        m_session->topology(), m_ids, status, reason ? reason->text().trimmed() : QString(),
        m_session->author(), QDateTime::currentMSecsSinceEpoch());
    push(command.edits, command.label);
}

void PropertiesPanel::setPlace(QLineEdit *line, bool isX)
{
    const QString text = line->text().trimmed();
    line->setModified(false);
    const auto number = numberFrom(text);
    const Topology &topology = m_session->topology();
    QMap<EntityId, QPointF> places;
    if (!number) {
        Q_EMIT message(tr("“%1” is not a number").arg(text));
    } else {
        const auto placeOf = [&](EntityId id) {
            const QPointF old = topology.device(id)->position;
            return isX ? QPointF(*number, old.y()) : QPointF(old.x(), *number);
        };
        const QList<EntityId> devices = commands::devicesAmong(topology, m_ids);
        // A container takes along what lies in it; what is selected itself goes where it was told.
        for (const EntityId id : devices) {
            const QPointF by = placeOf(id) - topology.device(id)->position;
            if (!by.isNull()) {
                for (const auto &[each, to] : commands::shifted(topology, id, by))
                    places.insert(each, to);
            }
        }
        for (const EntityId id : devices) {
            if (places.contains(id))
                places[id] = placeOf(id);
        }
    }
    QList<std::pair<EntityId, QPointF>> targets;
    for (auto it = places.cbegin(); it != places.cend(); ++it)
        targets.append({it.key(), it.value()});
    push(edits::moveDevices(targets), tr("Move %1").arg(commands::describe(topology, m_ids)));
}

bool PropertiesPanel::isGood(const FieldInfo &info, const Value &value)
{
    const auto checked = checkValue(info, value);
    if (checked)
        return true;
    // The model's text begins with the field's key; people know it by its label.
    Q_EMIT message(QStringLiteral("%1: %2").arg(
        info.translatedLabel(), checked.error().text.section(QStringLiteral(": "), 1)));
    refresh();
    return false;
}

void PropertiesPanel::rebuild()
{
    m_rows.clear();
    m_form = nullptr;
    delete m_scroll->takeWidget();
    m_kinds = kindsOfSelection();
    m_singleDevice = m_ids.size() == 1 && m_kinds == QList<EntityKind>{EntityKind::Device};
    if (!m_session) {
        refreshHeader();
        return;
    }
    m_form = new QWidget;
    m_form->setObjectName(QStringLiteral("propertiesForm"));
    auto *form = new QFormLayout(m_form);
    form->setContentsMargins(12, 4, 12, 12);
    form->setHorizontalSpacing(10);
    form->setVerticalSpacing(7);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const FieldInfo *notes = nullptr;
    for (const FieldInfo *info : commonFields()) {
        if (info->field == Field::Notes)
            notes = info;
        else
            addRow(*info, form);
    }
    m_computedForm = nullptr;
    if (m_computed && m_ids.size() == 1)
        makeComputedRows(form);
    if (m_singleDevice)
        makeInterfaceList(form);
    if (!m_kinds.isEmpty())
        makePropertyTable(form);
    if (notes)
        addRow(*notes, form);
    // What the rows do not need stays below them, not between them.
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_form);
    column->addStretch(1);
    m_scroll->setWidget(page);
    page->setAutoFillBackground(false);
    m_scroll->viewport()->setAutoFillBackground(false);
    refresh();
}

void PropertiesPanel::refreshHeader()
{
    QIcon icon = QIcon(QStringLiteral(":/icons/patchboard.svg"));
    QString title = tr("No board");
    QString subtitle;
    if (m_session && m_ids.isEmpty()) {
        const Topology &topology = m_session->topology();
        title = tr("Board");
        subtitle = tr("%n device(s)", nullptr, int(topology.devices().size())) +
                   QStringLiteral(", ") + tr("%n link(s)", nullptr, int(topology.links().size()));
    } else if (m_session) {
        const Topology &topology = m_session->topology();
        title = commands::describe(topology, m_ids);
        const EntityId id = m_ids.first();
        const auto kind = topology.kindOf(id);
        if (m_ids.size() > 1) {
            icon = actionIcon(QStringLiteral("properties"));
            subtitle = tr("What you set is set for all of them");
        } else if (const Device *device = topology.device(id)) {
            const DeviceTypeInfo type = topology.typeInfo(device->type);
            icon = deviceIcon(type.icon);
            subtitle = type.label;
        } else if (kind == EntityKind::Interface) {
            icon = actionIcon(QStringLiteral("connect"));
            subtitle = tr("Interface");
        } else if (kind == EntityKind::Link) {
            icon = actionIcon(QStringLiteral("link"));
            subtitle = tr("Link");
        } else {
            icon = actionIcon(QStringLiteral("delete"));
            subtitle = tr("This item was deleted");
        }
        if (m_ids.size() == 1 && kind) {
            subtitle += QStringLiteral(" · ") + statusLabel(topology.effectiveStatus(id));
            if (!isNull(topology.value(id, Field::StatusOverride)))
                subtitle += u' ' + tr("(forced)");
        }
    }
    m_icon->setPixmap(icon.pixmap(32, 32));
    m_title->setText(title);
    m_title->setToolTip(title);
    m_subtitle->setText(subtitle);
}

void PropertiesPanel::refresh()
{
    if (!m_session || !m_form)
        return;
    m_watched = QSet<EntityId>(m_ids.cbegin(), m_ids.cend());
    if (m_singleDevice) {
        for (const EntityId port : m_session->topology().interfacesOf(m_ids.first()))
            m_watched.insert(port);
    }
    m_refreshing = true;
    refreshHeader();
    m_form->setEnabled(mayEdit());
    for (const Row &row : m_rows)
        row.refresh();
    refreshOverrideInfo();
    refreshComputed();
    refreshInterfaces();
    refreshProperties();
    m_refreshing = false;
}

void PropertiesPanel::refreshOverrideInfo()
{
    if (!m_overrideInfo)
        return;
    const Shared at = shared(Field::OverrideAt);
    const Shared by = shared(Field::OverrideBy);
    const auto *time = std::get_if<qint64>(&at.value);
    const auto *who = std::get_if<QString>(&by.value);
    QString text;
    if (time) {
        const QString when =
            QLocale().toString(QDateTime::fromMSecsSinceEpoch(*time), QLocale::ShortFormat);
        text = who ? tr("by %1, %2").arg(*who, when) : when;
    }
    m_overrideInfo->setText(text);
    m_overrideInfo->setVisible(!text.isEmpty());
}

void PropertiesPanel::addRow(const FieldInfo &info, QFormLayout *form)
{
    Row row{&info, nullptr, {}};
    switch (info.type) {
    case ValueType::Text:
        if (info.field == Field::Notes)
            makeNotesEditor(row);
        else if (info.field == Field::DeviceType)
            makeTypeEditor(row);
        else
            makeTextEditor(row);
        break;
    case ValueType::Flag:
        makeFlagEditor(row);
        break;
    case ValueType::Real:
    case ValueType::Integer:
        makeRealEditor(row);
        break;
    case ValueType::Enumeration:
        makeEnumerationEditor(row);
        break;
    case ValueType::Reference:
        makeReferenceEditor(row);
        break;
    case ValueType::Place:
        makePlaceEditor(row);
        break;
    case ValueType::Time:
        return;
    }
    row.editor->setObjectName(QString::fromLatin1(info.key));
    row.editor->setAccessibleName(info.labelWithUnit());
    if (info.type == ValueType::Flag) {
        form->addRow(QString(), row.editor);
    } else {
        auto *label = new QLabel(info.labelWithUnit(), m_form);
        label->setBuddy(row.editor);
        label->setWordWrap(true);
        if (info.field == Field::Notes) {
            form->addRow(label);
            form->addRow(row.editor);
        } else {
            // Wrapped between words, but no word is cut.
            int width = 112;
            for (const QString &word : label->text().split(u' '))
                width = std::max(width, label->fontMetrics().horizontalAdvance(word) + 2);
            label->setFixedWidth(width);
            // A form layout does not ask how high a wrapped label gets.
            label->setMinimumHeight(label->heightForWidth(width));
            form->addRow(label, row.editor);
        }
    }
    const bool isReason = info.field == Field::OverrideReason;
    m_rows.push_back(std::move(row));
    if (isReason) {
        m_overrideInfo = new QLabel(m_form);
        m_overrideInfo->setObjectName(QStringLiteral("overrideInfo"));
        m_overrideInfo->setForegroundRole(QPalette::PlaceholderText);
        m_overrideInfo->setWordWrap(true);
        form->addRow(QString(), m_overrideInfo);
    }
}

void PropertiesPanel::makeTextEditor(Row &row)
{
    auto *line = new QLineEdit(m_form);
    const FieldInfo *info = row.info;
    line->setMaxLength(int(info->maximum));
    row.editor = line;
    row.refresh = [this, line, info] {
        const Shared now = shared(info->field);
        const QString *text = std::get_if<QString>(&now.value);
        showText(line, text ? *text : QString(), now.mixed ? mixedText() : QString());
    };
    connect(line, &QLineEdit::editingFinished, this, [this, line, info] {
        if (!line->isModified())
            return;
        const QString text = line->text().trimmed();
        if (info->field == Field::OverrideReason) {
            const Shared forced = shared(Field::StatusOverride);
            if (!forced.mixed && isNull(forced.value))
                return; // kept for the override that is about to be chosen
        }
        line->setModified(false);
        const Value value = text.isEmpty() && info->nullable ? Value() : Value(text);
        if (!isGood(*info, value))
            return;
        if (info->field == Field::Name)
            setName(text);
        else
            set(info->field, value);
    });
}

void PropertiesPanel::makeNotesEditor(Row &row)
{
    auto *notes = new QPlainTextEdit(m_form);
    notes->setTabChangesFocus(true);
    notes->setMinimumHeight(72);
    notes->setMaximumHeight(140);
    notes->installEventFilter(this);
    row.editor = notes;
    row.refresh = [this, notes] {
        if (isTypedInto(notes) && notes->document()->isModified())
            return;
        const Shared now = shared(Field::Notes);
        const QString *text = std::get_if<QString>(&now.value);
        const QString shown = text ? *text : QString();
        if (notes->toPlainText() != shown)
            notes->setPlainText(shown);
        notes->document()->setModified(false);
        notes->setPlaceholderText(now.mixed ? mixedText() : tr("Anything worth knowing"));
    };
}

void PropertiesPanel::makeRealEditor(Row &row)
{
    auto *line = new QLineEdit(m_form);
    const FieldInfo *info = row.info;
    row.editor = line;
    row.refresh = [this, line, info] {
        const Shared now = shared(info->field);
        const double *number = std::get_if<double>(&now.value);
        showText(line, number ? numberText(*number) : QString(),
                 now.mixed ? mixedText() : QString());
    };
    connect(line, &QLineEdit::editingFinished, this, [this, line, info] {
        if (!line->isModified())
            return;
        line->setModified(false);
        const QString text = line->text().trimmed();
        if (text.isEmpty()) {
            set(info->field, {});
        } else if (const auto number = numberFrom(text); !number) {
            Q_EMIT message(tr("%1: “%2” is not a number").arg(info->translatedLabel(), text));
            refresh();
        } else if (isGood(*info, *number)) {
            set(info->field, *number);
        }
    });
}

void PropertiesPanel::makeFlagEditor(Row &row)
{
    const FieldInfo *info = row.info;
    auto *box = new QCheckBox(info->translatedLabel(), m_form);
    row.editor = box;
    row.refresh = [this, box, info] {
        const Shared now = shared(info->field);
        const bool *on = std::get_if<bool>(&now.value);
        box->setTristate(now.mixed);
        box->setCheckState(now.mixed ? Qt::PartiallyChecked
                                     : (on && *on ? Qt::Checked : Qt::Unchecked));
        box->setToolTip(now.mixed ? mixedText() : QString());
    };
    connect(box, &QCheckBox::clicked, this, [this, box, info] {
        // From mixed, the first click sets it for all.
        const bool on = box->isTristate() || box->checkState() == Qt::Checked;
        box->setTristate(false);
        set(info->field, on);
    });
}

void PropertiesPanel::makeEnumerationEditor(Row &row)
{
    const FieldInfo *info = row.info;
    auto *combo = new FormCombo(m_form);
    const bool isStatus = info->field == Field::Status || info->field == Field::StatusOverride;
    if (info->nullable)
        combo->addItem(tr("None"), QVariant());
    for (const EnumEntry &entry : info->entries) {
        const QString label = displayText(*info, entry.value);
        if (isStatus)
            combo->addItem(statusIcon(Status(entry.value)), label, qlonglong(entry.value));
        else
            combo->addItem(label, qlonglong(entry.value));
    }
    combo->setPlaceholderText(mixedText());
    row.editor = combo;
    row.refresh = [this, combo, info] {
        const Shared now = shared(info->field);
        const qint64 *value = std::get_if<qint64>(&now.value);
        int index = -1;
        if (value)
            index = combo->findData(qlonglong(*value));
        else if (!now.mixed && info->nullable)
            index = 0;
        combo->setCurrentIndex(index);
    };
    connect(combo, &QComboBox::activated, this, [this, combo, info] {
        const QVariant chosen = combo->currentData();
        const Value value = chosen.isValid() ? Value(qint64(chosen.toLongLong())) : Value();
        if (info->field == Field::StatusOverride)
            setOverride(value);
        else
            set(info->field, value);
    });
}

void PropertiesPanel::makeTypeEditor(Row &row)
{
    const FieldInfo *info = row.info;
    auto *combo = new FormCombo(m_form);
    combo->setPlaceholderText(mixedText());
    combo->fill = [this, combo] {
        for (const DeviceTypeInfo &type : m_session->topology().allTypes())
            combo->addItem(deviceIcon(type.icon), type.label, type.key);
    };
    row.editor = combo;
    row.refresh = [this, combo, info] {
        const Shared now = shared(info->field);
        combo->clear();
        if (const QString *key = std::get_if<QString>(&now.value)) {
            const DeviceTypeInfo type = m_session->topology().typeInfo(*key);
            combo->addItem(deviceIcon(type.icon), type.label, type.key);
            combo->setCurrentIndex(0);
        }
    };
    connect(combo, &QComboBox::activated, this, [this, combo, info] {
        if (combo->currentData().isValid())
            set(info->field, combo->currentData().toString());
    });
}

void PropertiesPanel::makeReferenceEditor(Row &row)
{
    const FieldInfo *info = row.info;
    const auto nameOfValue = [this](const Value &value) {
        const qint64 *id = std::get_if<qint64>(&value);
        return id ? commands::nameOf(m_session->topology(), EntityId(*id)) : QString();
    };
    if (!info->editable) {
        auto *label = new QLabel(m_form);
        label->setTextFormat(Qt::PlainText);
        row.editor = label;
        row.refresh = [this, label, info, nameOfValue] {
            const Shared now = shared(info->field);
            label->setText(now.mixed ? mixedText() : nameOfValue(now.value));
        };
        return;
    }
    auto *combo = new FormCombo(m_form);
    combo->setPlaceholderText(mixedText());
    const bool isContainer = info->field == Field::Container;
    if (isContainer) {
        combo->fill = [this, combo] {
            const Topology &topology = m_session->topology();
            combo->addItem(tr("None"), QVariant());
            for (const auto &[name, id] : commands::containers(topology)) {
                if (!m_ids.contains(id))
                    combo->addItem(name, qulonglong(id));
            }
        };
    } else { // an end of a link: the interfaces of the same device
        combo->fill = [this, combo, info] {
            const Topology &topology = m_session->topology();
            const Shared now = shared(info->field);
            const qint64 *id = std::get_if<qint64>(&now.value);
            const Interface *port = id ? topology.interface(EntityId(*id)) : nullptr;
            if (!port)
                return;
            for (const EntityId other : topology.interfacesOf(port->device)) {
                const QString name = commands::nameOf(topology, other);
                const bool used = other != port->id && !topology.linksOf(other).empty();
                combo->addItem(used ? tr("%1 (in use)").arg(name) : name, qulonglong(other));
            }
        };
    }
    row.editor = combo;
    row.refresh = [this, combo, info, nameOfValue] {
        const Shared now = shared(info->field);
        combo->clear();
        if (const qint64 *id = std::get_if<qint64>(&now.value))
            combo->addItem(nameOfValue(now.value), qulonglong(*id));
        else if (!now.mixed)
            combo->addItem(tr("None"), QVariant());
        combo->setCurrentIndex(combo->count() - 1);
    };
    connect(combo, &QComboBox::activated, this, [this, combo, info, isContainer] {
        const QVariant chosen = combo->currentData();
        if (isContainer) {
            const commands::Command command =
                commands::moveToContainer(m_session->topology(), m_ids, chosen.toULongLong());
            push(command.edits, command.label);
        } else if (chosen.isValid()) {
            set(info->field, qint64(chosen.toLongLong()));
        }
    });
}

void PropertiesPanel::makePlaceEditor(Row &row)
{
    auto *box = new QWidget(m_form);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    QLineEdit *lines[2];
    for (const bool isX : {true, false}) {
        auto *line = new QLineEdit(box);
        line->setObjectName(isX ? QStringLiteral("x") : QStringLiteral("y"));
        line->setAccessibleName(isX ? tr("Position, x") : tr("Position, y"));
        line->setToolTip(line->accessibleName());
        connect(line, &QLineEdit::editingFinished, this, [this, line, isX] {
            if (line->isModified())
                setPlace(line, isX);
        });
        layout->addWidget(line);
        lines[isX ? 0 : 1] = line;
    }
    box->setFocusProxy(lines[0]);
    row.editor = box;
    row.refresh = [this, x = lines[0], y = lines[1]] {
        std::optional<QPointF> one;
        bool mixedX = false;
        bool mixedY = false;
        for (const EntityId id : std::as_const(m_ids)) {
            const Device *device = m_session->topology().device(id);
            if (!device)
                continue;
            if (one) {
                mixedX = mixedX || one->x() != device->position.x();
                mixedY = mixedY || one->y() != device->position.y();
            }
            one = device->position;
        }
        const auto show = [&one](QLineEdit *line, double value, bool mixed) {
            showText(line, one && !mixed ? numberText(value) : QString(),
                     mixed ? tr("Mixed") : QString());
        };
        show(x, one ? one->x() : 0, mixedX);
        show(y, one ? one->y() : 0, mixedY);
    };
}

void PropertiesPanel::makeComputedRows(QFormLayout *form)
{
    m_computedBox = new QWidget(m_form);
    m_computedBox->setObjectName(QStringLiteral("computedBox"));
    // Not a QFormLayout: that of Qt 6.4 writes past its rows when one whose label wraps was hidden.
    m_computedForm = new QGridLayout(m_computedBox);
    m_computedForm->setColumnStretch(1, 1);
    m_computedForm->setContentsMargins(0, 6, 0, 0);
    m_computedForm->setHorizontalSpacing(form->horizontalSpacing());
    m_computedForm->setVerticalSpacing(form->verticalSpacing());
    auto *title = new QLabel(tr("Computed"), m_computedBox);
    title->setForegroundRole(QPalette::PlaceholderText);
    title->setToolTip(
        tr("What follows from the board; it is stored nowhere and changes by itself"));
    m_computedForm->addWidget(title, 0, 0, 1, 2);
    const QString texts[] = {tr("Health"),      tr("Optical signal"), tr("Received (dBm)"),
                             tr("Margin (dB)"), tr("Path loss (dB)"), tr("Optical loss (dB)")};
    const QString tips[] = {
        tr("The worst effective status of what is in this container"),
        tr("OK from a margin of 6 dB, warning from 3 dB, critical from 0 dB"),
        tr("Transmit power of the OLT less the path loss"),
        tr("Received power less the receiver's sensitivity"),
        tr("Losses of the links and of the passive devices on the cheapest path to an OLT"),
        tr("The link's own loss, else its length times the attenuation of its fibre")};
    const char *const names[] = {"health", "signal", "received", "margin", "pathLoss", "linkLoss"};
    for (size_t i = 0; i < m_computedLabels.size(); ++i) {
        auto *value = new QLabel(m_computedBox);
        value->setObjectName(QStringLiteral("computed.") + QLatin1String(names[i]));
        value->setTextFormat(Qt::PlainText);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setWordWrap(true);
        value->setToolTip(tips[i]);
        value->setAccessibleName(texts[i]);
        auto *label = new QLabel(texts[i], m_computedBox);
        label->setToolTip(tips[i]);
        m_computedForm->addWidget(label, int(i) + 1, 0);
        m_computedForm->addWidget(value, int(i) + 1, 1);
        m_computedLabels[i] = value;
    }
    m_opticalPath = new QTreeWidget(m_computedBox);
    m_opticalPath->setObjectName(QStringLiteral("opticalPath"));
    m_opticalPath->setAccessibleName(tr("Optical path"));
    m_opticalPath->setToolTip(tr("The parts of the sum, from the OLT to this receiver; a double "
                                 "click shows one"));
    m_opticalPath->setHeaderLabels({tr("Optical path"), tr("dB")});
    m_opticalPath->header()->setStretchLastSection(false);
    m_opticalPath->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_opticalPath->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_opticalPath->setRootIsDecorated(false);
    m_opticalPath->setUniformRowHeights(true);
    connect(m_opticalPath, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem *item) {
        if (const EntityId id = item->data(0, Qt::UserRole).toULongLong(); id != 0)
            Q_EMIT activated(id);
    });
    m_computedForm->addWidget(m_opticalPath, int(m_computedLabels.size()) + 1, 0, 1, 2);
    form->addRow(m_computedBox);
}

void PropertiesPanel::refreshComputed()
{
    if (!m_computedForm || m_ids.size() != 1)
        return;
    enum ComputedRow : size_t { Health, SignalRow, Received, Margin, PathLoss, LinkLossRow };
    const EntityId id = m_ids.first();
    const auto health = m_computed->healthOf(id);
    const auto budget = m_computed->budgetOf(id);
    const auto loss = m_computed->lossOf(id);
    const auto show = [this](ComputedRow row, bool visible, const QString &text = {}) {
        m_computedForm->itemAtPosition(int(row) + 1, 0)->widget()->setVisible(visible);
        m_computedLabels[row]->setVisible(visible);
        m_computedLabels[row]->setText(text);
    };
    const QLocale locale;
    const auto number = [&locale](double value) { return locale.toString(value, 'f', 2); };
    QString healthText;
    if (health) {
        const auto [down, degraded] = m_computed->countsOf(id);
        healthText = statusLabel(*health);
        if (down > 0)
            healthText += QStringLiteral(", ") + tr("%n thing(s) down", nullptr, int(down));
        if (degraded > 0)
            healthText += QStringLiteral(", ") + tr("%n thing(s) degraded", nullptr, int(degraded));
    }
    show(Health, health.has_value(), healthText);
    const bool way = budget && budget->hasWay();
    QString signalText;
    if (budget) {
        signalText = optics::signalLabel(budget->signal);
        if (!way)
            signalText += QStringLiteral(": ") + tr("no optical path leads to an OLT");
        else if (budget->overloaded)
            signalText += QStringLiteral("; ") + tr("the receiver is overloaded");
    }
    show(SignalRow, budget.has_value(), signalText);
    show(Received, way, way ? number(budget->receivedDbm) : QString());
    show(Margin, way, way ? number(budget->marginDb) : QString());
    show(PathLoss, way,
         way ? tr("%1 over %2 km and %n link(s)", nullptr, budget->hops)
                   .arg(number(budget->pathLossDb), locale.toString(budget->lengthKm))
             : QString());
    QString lossText;
    if (loss) {
        lossText = number(optics::fromMillionths(loss->loss));
        switch (loss->source) {
        case optics::LinkLoss::Source::Given:
            lossText += QStringLiteral(", ") + tr("as given");
            break;
        case optics::LinkLoss::Source::Computed:
            lossText += QStringLiteral(", ") + tr("from its length");
            break;
        case optics::LinkLoss::Source::AssumedMedium:
            lossText += QStringLiteral(", ") + tr("from its length, taken as G.652.D");
            break;
        case optics::LinkLoss::Source::NoLength:
            lossText += QStringLiteral(", ") + tr("as it has no length");
            break;
        }
    }
    show(LinkLossRow, loss.has_value(), lossText);
    m_opticalPath->setVisible(way);
    if (way)
        refreshOpticalPath(id, *budget);
    m_computedBox->setVisible(health || budget || loss);
}

void PropertiesPanel::refreshOpticalPath(EntityId device, const optics::Budget &budget)
{
    const Topology &topology = m_session->topology();
    const QLocale locale;
    m_opticalPath->clear();
    const auto add = [&](EntityId id, const QString &text, const QString &value,
                         const QIcon &icon) {
        auto *item = new QTreeWidgetItem(m_opticalPath, {text, value});
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setData(0, Qt::UserRole, qulonglong(id));
        item->setIcon(0, icon);
        item->setToolTip(0, text);
    };
    const auto iconOf = [&topology](EntityId id) {
        const Device *entity = topology.device(id);
        return entity ? deviceIcon(topology.typeInfo(entity->type).icon) : QIcon();
    };
    const auto less = [&locale](optics::Millionths loss) {
        return QStringLiteral("−%1").arg(locale.toString(optics::fromMillionths(loss), 'f', 2));
    };
    const auto dbm = [&locale](double value) {
        return tr("%1 dBm").arg(locale.toString(value, 'f', 2));
    };
    const QList<optics::Step> steps = m_computed->stepsFrom(device);
    add(budget.source, tr("%1 transmits").arg(commands::nameOf(topology, budget.source)),
        dbm(budget.txPowerDbm), iconOf(budget.source));
    for (auto step = steps.crbegin(); step != steps.crend(); ++step) {
        if (step->device != budget.source) {
            add(step->device, commands::nameOf(topology, step->device), less(step->insertionLoss),
                iconOf(step->device));
        }
        QString text = commands::nameOf(topology, step->link);
        if (step->linkLoss.source == optics::LinkLoss::Source::NoLength)
            text += QStringLiteral(" (") + tr("no length") + u')';
        else if (step->linkLoss.source == optics::LinkLoss::Source::AssumedMedium)
            text += QStringLiteral(" (") + tr("taken as G.652.D") + u')';
        add(step->link, text, less(step->linkLoss.loss), actionIcon(QStringLiteral("link")));
    }
    add(device, tr("%1 receives").arg(commands::nameOf(topology, device)), dbm(budget.receivedDbm),
        iconOf(device));
    const int rows = std::clamp(m_opticalPath->topLevelItemCount(), 3, 10);
    m_opticalPath->setFixedHeight(
        m_opticalPath->header()->sizeHint().height() +
        rows * std::max(m_opticalPath->sizeHintForRow(0), m_opticalPath->fontMetrics().height()) +
        6);
}

void PropertiesPanel::makeInterfaceList(QFormLayout *form)
{
    auto *title = new QLabel(tr("Interfaces"), m_form);
    auto *add = new QToolButton(m_form);
    add->setIcon(actionIcon(QStringLiteral("add")));
    add->setProperty("quiet", true);
    add->setToolTip(tr("Add an interface"));
    add->setAccessibleName(add->toolTip());
    add->setObjectName(QStringLiteral("addInterface"));
    connect(add, &QToolButton::clicked, this, [this] {
        if (m_ids.size() == 1)
            Q_EMIT addInterfaceRequested(m_ids.first());
    });
    auto *header = new QHBoxLayout;
    header->addWidget(title, 1);
    header->addWidget(add);
    form->addRow(header);
    m_interfaces = new QTreeWidget(m_form);
    m_interfaces->setObjectName(QStringLiteral("interfaceList"));
    m_interfaces->setAccessibleName(title->text());
    m_interfaces->setHeaderLabels({tr("Name"), tr("Linked with")});
    m_interfaces->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_interfaces->setRootIsDecorated(false);
    m_interfaces->setUniformRowHeights(true);
    m_interfaces->setFrameShape(QFrame::StyledPanel);
    connect(m_interfaces, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem *item) {
        Q_EMIT activated(item->data(0, Qt::UserRole).toULongLong());
    });
    form->addRow(m_interfaces);
}

void PropertiesPanel::refreshInterfaces()
{
    if (!m_interfaces || m_ids.size() != 1)
        return;
    const Topology &topology = m_session->topology();
    const auto ports = topology.interfacesOf(m_ids.first());
    const QTreeWidgetItem *current = m_interfaces->currentItem();
    const QVariant currentId = current ? current->data(0, Qt::UserRole) : QVariant();
    m_interfaces->clear();
    for (const EntityId id : ports) {
        QStringList peers;
        for (const EntityId link : topology.linksOf(id)) {
            const Link *ends = topology.link(link);
            peers.append(commands::nameOf(topology, ends->a == id ? ends->b : ends->a));
        }
        auto *item = new QTreeWidgetItem(
            m_interfaces, {topology.interface(id)->name, peers.join(QStringLiteral(", "))});
        item->setIcon(0, statusIcon(topology.effectiveStatus(id)));
        item->setData(0, Qt::UserRole, qulonglong(id));
        item->setToolTip(1, item->text(1));
        if (currentId == item->data(0, Qt::UserRole))
            m_interfaces->setCurrentItem(item);
    }
    const int rows = std::clamp(int(ports.size()), 2, 8);
    m_interfaces->setFixedHeight(
        m_interfaces->header()->sizeHint().height() +
        rows * std::max(m_interfaces->sizeHintForRow(0), m_interfaces->fontMetrics().height()) + 6);
}

void PropertiesPanel::makePropertyTable(QFormLayout *form)
{
    form->addRow(new QLabel(tr("Properties"), m_form));
    m_properties = new QTableWidget(0, 2, m_form);
    m_properties->setObjectName(QStringLiteral("propertyTable"));
    m_properties->setAccessibleName(tr("Properties"));
    m_properties->setHorizontalHeaderLabels({tr("Key"), tr("Value")});
    m_properties->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_properties->verticalHeader()->hide();
    m_properties->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_properties->setFrameShape(QFrame::StyledPanel);
    m_properties->setTabKeyNavigation(false);
    m_properties->setSelectionMode(QAbstractItemView::SingleSelection);
    QString tip = tr("Type a key and a value in the last row; Del removes a property");
    if (kindsOfSelection() == QList<EntityKind>{EntityKind::Device}) {
        tip +=
            u'\n' + tr("With the key probe a host that runs probes asks the device whether it is "
                       "there: tcp://{address}:22, http://{address}/, icmp://{address}");
    }
    m_properties->setToolTip(tip);
    m_properties->installEventFilter(this);
    connect(m_properties, &QTableWidget::itemChanged, this, &PropertiesPanel::propertyEdited);
    form->addRow(m_properties);
}

void PropertiesPanel::refreshProperties()
{
    if (!m_properties || m_properties->isPersistentEditorOpen(m_properties->currentItem()) ||
        m_properties->viewport()->isAncestorOf(m_properties->focusWidget()))
        return;
    const Topology &topology = m_session->topology();
    QSet<QString> found;
    for (const EntityId id : targets()) {
        if (found.size() >= kMostListedKeys)
            break;
        const auto entity = topology.entity(id);
        if (!entity)
            continue;
        for (const auto &[key, value] : baseOf(*entity).remarks->properties.asKeyValueRange())
            found.insert(key);
    }
    QStringList keys(found.cbegin(), found.cend());
    keys.sort();
    const bool wasRefreshing = std::exchange(m_refreshing, true);
    const int row = m_properties->currentRow();
    const int column = m_properties->currentColumn();
    const bool editable = !m_session->status().readOnly;
    m_properties->setRowCount(int(keys.size()) + (editable ? 1 : 0));
    for (int i = 0; i < m_properties->rowCount(); ++i) {
        auto *key = new QTableWidgetItem;
        auto *value = new QTableWidgetItem;
        if (i < keys.size()) {
            key->setText(keys.at(i));
            key->setData(kKeyRole, keys.at(i));
            value->setData(kKeyRole, keys.at(i));
            const Shared now = shared({Field::Property, keys.at(i)});
            const QString *text = std::get_if<QString>(&now.value);
            value->setText(now.mixed ? mixedText() : (text ? *text : QString()));
            if (now.mixed) {
                value->setData(kMixedRole, true);
                value->setForeground(palette().color(QPalette::PlaceholderText));
            }
            value->setToolTip(value->text());
            key->setToolTip(key->text());
        }
        m_properties->setItem(i, 0, key);
        m_properties->setItem(i, 1, value);
    }
    if (row >= 0 && row < m_properties->rowCount())
        m_properties->setCurrentCell(row, column);
    const int rows = std::clamp(m_properties->rowCount(), 2, 8);
    m_properties->setFixedHeight(m_properties->horizontalHeader()->sizeHint().height() +
                                 rows * m_properties->verticalHeader()->defaultSectionSize() + 4);
    m_refreshing = wasRefreshing;
}

void PropertiesPanel::propertyEdited(QTableWidgetItem *item)
{
    if (m_refreshing || !m_session || !m_undo)
        return;
    const QString oldKey = item->data(kKeyRole).toString();
    const QTableWidgetItem *keyItem = m_properties->item(item->row(), 0);
    const QTableWidgetItem *valueItem = m_properties->item(item->row(), 1);
    const QString key = keyItem ? keyItem->text().trimmed() : QString();
    const QString text = valueItem ? valueItem->text() : QString();
    if (oldKey.isEmpty() && (key.isEmpty() || text.isEmpty()))
        return; // the other half is still to come
    if (item->column() == 1 && item->data(kMixedRole).toBool() && text == mixedText())
        return;
    if (!key.isEmpty()) {
        if (const auto checked = checkProperty(key, text); !checked) {
            Q_EMIT message(checked.error().text);
            QMetaObject::invokeMethod(this, &PropertiesPanel::refresh, Qt::QueuedConnection);
            return;
        }
    }
    const Topology &topology = m_session->topology();
    QList<Edit> edits;
    for (const EntityId id : targets()) {
        if (item->column() == 0 && !oldKey.isEmpty()) {
            // Renamed, or with an empty key removed; each item keeps its own value.
            const Value value = topology.value(id, {Field::Property, oldKey});
            if (key == oldKey || isNull(value))
                continue;
            edits.append(edits::setField(id, {Field::Property, oldKey}, {}));
            if (!key.isEmpty())
                edits.append(edits::setField(id, {Field::Property, key}, value));
        } else if (topology.value(id, {Field::Property, key}) != Value(text)) {
            edits.append(edits::setField(id, {Field::Property, key}, text));
        }
    }
    if (!edits.isEmpty()) {
        (void)m_undo->push(
            edits, tr("Set %1 of %2")
                       .arg(key.isEmpty() ? oldKey : key, commands::describe(topology, targets())));
    }
    QMetaObject::invokeMethod(this, &PropertiesPanel::refresh, Qt::QueuedConnection);
}

void PropertiesPanel::removeProperty()
{
    const QTableWidgetItem *item = m_properties->item(m_properties->currentRow(), 0);
    const QString key = item ? item->data(kKeyRole).toString() : QString();
    if (!key.isEmpty())
        set({Field::Property, key}, {});
}

bool PropertiesPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (auto *notes = qobject_cast<QPlainTextEdit *>(watched)) {
        bool enter = false;
        if (event->type() == QEvent::KeyPress) {
            const auto *key = static_cast<QKeyEvent *>(event);
            enter = key->modifiers() == Qt::ControlModifier &&
                    (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter);
        }
        if ((event->type() == QEvent::FocusOut || enter) && notes->document()->isModified()) {
            notes->document()->setModified(false);
            const QString text = notes->toPlainText();
            set(Field::Notes, text.isEmpty() ? Value() : Value(text));
        }
        if (enter)
            return true;
    } else if ((event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride) &&
               watched == m_properties) {
        // The window's own Del, which would delete what is selected, has to wait here.
        if (static_cast<QKeyEvent *>(event)->key() == Qt::Key_Delete) {
            event->accept();
            if (event->type() == QEvent::KeyPress)
                removeProperty();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace patchboard::ui
