#include "ui/panels/typepalette.h"

#include "model/topologymodel.h"
#include "ui/actions/theme.h"
#include "ui/scene/canvasview.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace patchboard::ui {

namespace {

constexpr int kTypeRole = Qt::UserRole;

class PaletteTree : public QTreeWidget
{
public:
    using QTreeWidget::QTreeWidget;

protected:
    QStringList mimeTypes() const override { return {QLatin1String(kDeviceTypeMime)}; }
    QMimeData *mimeData(const QList<QTreeWidgetItem *> &items) const override
    {
        const QString key =
            items.isEmpty() ? QString() : items.first()->data(0, kTypeRole).toString();
        if (key.isEmpty())
            return nullptr;
        auto *mime = new QMimeData;
        mime->setData(QLatin1String(kDeviceTypeMime), key.toUtf8());
        return mime;
    }
};

} // namespace

TypePalette::TypePalette(QWidget *parent)
    : QWidget(parent)
    , m_search(new QLineEdit(this))
    , m_tree(new PaletteTree(this))
{
    setObjectName(QStringLiteral("typePalette"));
    m_search->setPlaceholderText(tr("Search device types"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_search->setObjectName(QStringLiteral("typeSearch"));
    m_tree->setObjectName(QStringLiteral("typeTree"));
    m_tree->setAccessibleName(tr("Device types"));
    m_tree->setHeaderHidden(true);
    m_tree->setIconSize({24, 24});
    m_tree->setIndentation(12);
    m_tree->setDragEnabled(true);
    m_tree->setDragDropMode(QAbstractItemView::DragOnly);
    m_tree->setUniformRowHeights(false);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setRootIsDecorated(false);
    m_tree->setExpandsOnDoubleClick(false);
    connect(m_search, &QLineEdit::textChanged, this, &TypePalette::filter);
    m_search->installEventFilter(this);
    m_tree->installEventFilter(this);
    connect(m_tree, &QTreeWidget::itemClicked, this, &TypePalette::arm);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(8, 8, 8, 8);
    top->addWidget(m_search);
    layout->addLayout(top);
    layout->addWidget(m_tree, 1);
}

void TypePalette::setSession(Session *session)
{
    if (m_session)
        m_session->model()->disconnect(this);
    m_session = session;
    if (session) {
        connect(session->model(), &TopologyModel::changed, this, [this](const Delta &delta) {
            const auto isType = [](const auto &each) {
                return each.kind == EntityKind::DeviceType;
            };
            if (std::any_of(delta.created.cbegin(), delta.created.cend(), isType) ||
                std::any_of(delta.changed.cbegin(), delta.changed.cend(), isType) ||
                std::any_of(delta.removed.cbegin(), delta.removed.cend(), isType))
                refill();
        });
        connect(session->model(), &TopologyModel::topologyWasReset, this, &TypePalette::refill);
    }
    refill();
}

void TypePalette::setArmed(const QString &typeKey)
{
    m_armed = typeKey;
    if (typeKey.isEmpty()) {
        m_tree->clearSelection();
        m_tree->setCurrentItem(nullptr);
    }
}

void TypePalette::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void TypePalette::refill()
{
    m_tree->clear();
    setEnabled(m_session);
    struct Group
    {
        QString title;
        QList<DeviceTypeInfo> types;
    };
    Group groups[5] = {{tr("General"), {}},
                       {tr("Containers"), {}},
                       {tr("Access network, active"), {}},
                       {tr("Access network, passive"), {}},
                       {tr("This board's own"), {}}};
    QList<DeviceTypeInfo> types = builtinTypes();
    if (m_session)
        types = m_session->topology().allTypes();
    for (const DeviceTypeInfo &type : std::as_const(types)) {
        int group = 0;
        if (!builtinType(type.key))
            group = 4;
        else if (type.isContainer)
            group = 1;
        else if (type.deviceClass == DeviceClass::Active)
            group = 2;
        else if (type.deviceClass == DeviceClass::Passive)
            group = 3;
        groups[group].types.append(type);
    }
    QFont bold = font();
    bold.setBold(true);
    for (const Group &group : groups) {
        if (group.types.isEmpty())
            continue;
        auto *top = new QTreeWidgetItem(m_tree, {group.title});
        top->setFlags(Qt::ItemIsEnabled);
        top->setFont(0, bold);
        top->setSizeHint(0, QSize(0, 28));
        for (const DeviceTypeInfo &type : group.types) {
            auto *item = new QTreeWidgetItem(top, {type.label});
            item->setIcon(0, deviceIcon(type.icon));
            item->setData(0, kTypeRole, type.key);
            item->setSizeHint(0, QSize(0, 30));
            item->setToolTip(
                0, tr("%1: drag it onto the canvas, or click here and then there; Enter adds one")
                       .arg(type.label));
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled);
        }
        top->setExpanded(true);
    }
    filter(m_search->text());
}

void TypePalette::filter(const QString &text)
{
    const QString wanted = text.trimmed();
    QTreeWidgetItem *first = nullptr;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem *group = m_tree->topLevelItem(i);
        bool any = false;
        for (int j = 0; j < group->childCount(); ++j) {
            QTreeWidgetItem *item = group->child(j);
            const bool shown =
                wanted.isEmpty() || item->text(0).contains(wanted, Qt::CaseInsensitive) ||
                item->data(0, kTypeRole).toString().contains(wanted, Qt::CaseInsensitive);
            item->setHidden(!shown);
            any = any || shown;
            if (shown && !first)
                first = item;
        }
        group->setHidden(!any);
    }
    if (!wanted.isEmpty() && first)
        m_tree->setCurrentItem(first);
}

bool TypePalette::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (const QTreeWidgetItem *item = m_tree->currentItem();
            item && !item->isHidden() && !item->data(0, kTypeRole).toString().isEmpty())
            Q_EMIT addRequested(item->data(0, kTypeRole).toString());
        return true;
    case Qt::Key_Escape:
        m_search->clear();
        Q_EMIT leaveRequested();
        return true;
    case Qt::Key_Down:
    case Qt::Key_Up:
        if (watched == m_search) {
            step(static_cast<QKeyEvent *>(event)->key() == Qt::Key_Down);
            return true;
        }
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

/// From type to type, past the titles of groups, while the search keeps the keyboard.
void TypePalette::step(bool down)
{
    QTreeWidgetItem *item = m_tree->currentItem();
    if (!item)
        item = down ? m_tree->topLevelItem(0) : nullptr;
    do {
        item = !item ? nullptr : down ? m_tree->itemBelow(item) : m_tree->itemAbove(item);
    } while (item && item->data(0, kTypeRole).toString().isEmpty());
    if (item)
        m_tree->setCurrentItem(item);
}

void TypePalette::arm(QTreeWidgetItem *item)
{
    const QString key = item->data(0, kTypeRole).toString();
    if (!key.isEmpty())
        Q_EMIT armRequested(key);
}

} // namespace patchboard::ui
