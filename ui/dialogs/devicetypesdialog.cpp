#include "ui/dialogs/devicetypesdialog.h"

#include "ui/actions/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QVBoxLayout>

namespace patchboard::ui {

DeviceTypesDialog::DeviceTypesDialog(const Topology &topology, QWidget *parent)
    : QDialog(parent)
    , m_list(new QListWidget(this))
    , m_form(new QWidget(this))
    , m_key(new QLineEdit(m_form))
    , m_label(new QLineEdit(m_form))
    , m_icon(new QComboBox(m_form))
    , m_container(new QCheckBox(tr("Devices can lie in it"), m_form))
    , m_interfaces(new QPlainTextEdit(m_form))
    , m_problem(new QLabel(this))
{
    setObjectName(QStringLiteral("deviceTypesDialog"));
    setWindowTitle(tr("This Board's Device Types"));
    for (const EntityId id : topology.customTypes().ids()) {
        const CustomType *type = topology.customType(id);
        m_types.append(*type);
        if (topology.countOfType(type->key) > 0)
            m_used.insert(type->key);
    }
    m_list->setObjectName(QStringLiteral("customTypes"));
    m_list->setAccessibleName(tr("Device types"));
    m_list->setIconSize({24, 24});
    m_key->setObjectName(QStringLiteral("typeKey"));
    m_key->setMaxLength(64);
    m_key->setValidator(new QRegularExpressionValidator(
        QRegularExpression(QStringLiteral("[A-Z][A-Z0-9_]*")), m_key));
    m_key->setPlaceholderText(QStringLiteral("LAMBDA_MUX"));
    m_label->setObjectName(QStringLiteral("typeLabel"));
    m_label->setMaxLength(255);
    for (const DeviceTypeInfo &type : builtinTypes())
        m_icon->addItem(deviceIcon(type.icon), type.label, type.icon);
    m_interfaces->setTabChangesFocus(true);
    m_interfaces->setPlaceholderText(QStringLiteral("eth0 ETHERNET DOWN\nxe0 OPTICAL UP"));
    m_interfaces->setMinimumHeight(100);
    auto *form = new QFormLayout(m_form);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("&Key:"), m_key);
    form->addRow(tr("&Label:"), m_label);
    form->addRow(tr("&Icon like:"), m_icon);
    form->addRow(QString(), m_container);
    form->addRow(tr("I&nterfaces:"), m_interfaces);
    auto *hint = new QLabel(tr("One interface a line: name, kind (ETHERNET, OPTICAL, LOOPBACK) and "
                               "status. New devices of the type get them."),
                            m_form);
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::PlaceholderText);
    form->addRow(QString(), hint);

    auto *add = new QPushButton(actionIcon(QStringLiteral("add")), tr("&Add"), this);
    add->setObjectName(QStringLiteral("addType"));
    auto *remove = new QPushButton(actionIcon(QStringLiteral("delete")), tr("&Remove"), this);
    auto *underList = new QHBoxLayout;
    underList->addWidget(add);
    underList->addWidget(remove);
    auto *left = new QVBoxLayout;
    left->addWidget(m_list, 1);
    left->addLayout(underList);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(16);
    columns->addLayout(left, 2);
    columns->addWidget(m_form, 3);
    m_problem->setObjectName(QStringLiteral("typeProblem"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &DeviceTypesDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addLayout(columns, 1);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    resize(640, 420);

    connect(add, &QPushButton::clicked, this, &DeviceTypesDialog::addType);
    connect(remove, &QPushButton::clicked, this, &DeviceTypesDialog::removeType);
    connect(m_list, &QListWidget::currentRowChanged, this, &DeviceTypesDialog::show);
    connect(m_key, &QLineEdit::textEdited, this, &DeviceTypesDialog::take);
    connect(m_label, &QLineEdit::textEdited, this, &DeviceTypesDialog::take);
    connect(m_icon, &QComboBox::activated, this, &DeviceTypesDialog::take);
    connect(m_container, &QCheckBox::clicked, this, &DeviceTypesDialog::take);
    connect(m_interfaces, &QPlainTextEdit::textChanged, this, &DeviceTypesDialog::take);
    for (const CustomType &type : std::as_const(m_types))
        m_list->addItem(new QListWidgetItem(deviceIcon(type.icon), type.label));
    m_form->setEnabled(false);
    if (!m_types.isEmpty())
        m_list->setCurrentRow(0);
}

void DeviceTypesDialog::addType()
{
    CustomType type;
    QSet<QString> keys;
    for (const CustomType &each : std::as_const(m_types))
        keys.insert(each.key);
    int number = 1;
    do {
        type.key = QStringLiteral("TYPE_%1").arg(number++);
    } while (keys.contains(type.key));
    type.label = tr("New type");
    type.icon = QStringLiteral("generic");
    m_types.append(type);
    m_list->addItem(new QListWidgetItem(deviceIcon(type.icon), type.label));
    m_list->setCurrentRow(int(m_types.size()) - 1);
    m_label->setFocus();
    m_label->selectAll();
}

void DeviceTypesDialog::removeType()
{
    const int row = m_list->currentRow();
    if (row < 0)
        return;
    if (m_used.contains(m_types.at(row).key)) {
        m_problem->setText(
            tr("%1 cannot be removed: there are devices of it.").arg(m_types.at(row).label));
        m_problem->show();
        return;
    }
    m_row = -1;
    m_types.removeAt(row);
    delete m_list->takeItem(row);
    show(m_list->currentRow());
}

void DeviceTypesDialog::show(int row)
{
    m_row = row;
    m_form->setEnabled(row >= 0 && row < m_types.size());
    m_problem->hide();
    if (!m_form->isEnabled())
        return;
    m_showing = true;
    const CustomType &type = m_types.at(row);
    m_key->setText(type.key);
    // Devices name their type by its key.
    m_key->setReadOnly(type.id != 0);
    m_label->setText(type.label);
    m_icon->setCurrentIndex(std::max(0, m_icon->findData(type.icon)));
    m_container->setChecked(type.container);
    m_interfaces->setPlainText(type.interfaces);
    m_showing = false;
}

void DeviceTypesDialog::take()
{
    if (m_showing || m_row < 0 || m_row >= m_types.size())
        return;
    CustomType &type = m_types[m_row];
    type.key = m_key->text();
    type.label = m_label->text().trimmed();
    type.icon = m_icon->currentData().toString();
    type.container = m_container->isChecked();
    type.interfaces = m_interfaces->toPlainText();
    m_list->item(m_row)->setText(type.label);
    m_list->item(m_row)->setIcon(deviceIcon(type.icon));
    m_problem->hide();
}

QString DeviceTypesDialog::problem(int *row) const
{
    QSet<QString> keys;
    for (*row = 0; *row < m_types.size(); ++*row) {
        const CustomType &type = m_types.at(*row);
        if (type.key.isEmpty() || type.label.isEmpty())
            return tr("A type needs a key and a label.");
        if (keys.contains(type.key) || builtinType(type.key))
            return tr("The key %1 is in use.").arg(type.key);
        keys.insert(type.key);
        int line = 0;
        if (!parseDefaultInterfaces(type.interfaces, &line)) {
            return tr("Line %1 of the interfaces of %2 is not “name KIND STATUS”.")
                .arg(line)
                .arg(type.label);
        }
    }
    return {};
}

void DeviceTypesDialog::accept()
{
    int row = 0;
    const QString text = problem(&row);
    if (text.isEmpty()) {
        QDialog::accept();
        return;
    }
    m_list->setCurrentRow(row);
    m_problem->setText(text);
    m_problem->show();
}

QList<Edit> DeviceTypesDialog::edits(const Topology &topology, const edits::IdSource &newId) const
{
    QList<Edit> out;
    QSet<EntityId> kept;
    for (const CustomType &type : m_types) {
        if (type.id == 0) {
            CustomType made = type;
            made.id = newId();
            out.append(CreateEntity{EntityKind::DeviceType, made.id, fieldsOf(Entity(made))});
            continue;
        }
        kept.insert(type.id);
        SetFields set{type.id, {}};
        for (const Field field :
             {Field::Label, Field::TypeIcon, Field::TypeContainer, Field::TypeInterfaces}) {
            const Value value = fieldOf(type, field);
            if (topology.customType(type.id) && topology.value(type.id, field) != value)
                set.fields.append({field, value, std::nullopt});
        }
        if (!set.fields.isEmpty())
            out.append(set);
    }
    RemoveEntities remove;
    for (const EntityId id : topology.customTypes().ids()) {
        if (!kept.contains(id))
            remove.ids.append(id);
    }
    if (!remove.ids.isEmpty())
        out.append(remove);
    return out;
}

} // namespace patchboard::ui
