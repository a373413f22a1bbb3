#include "ui/tools/portpicker.h"

#include "model/core/edits.h"

#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>

namespace patchboard::ui {

PortPicker::PortPicker(const Topology &topology, EntityId from, EntityId to, QWidget *parent)
    : QFrame(parent, Qt::Popup)
{
    setFrameShape(QFrame::StyledPanel);
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Ports of the new link"));
    auto *grid = new QGridLayout(this);
    const EntityId devices[2] = {from, to};
    for (int end = 0; end < 2; ++end) {
        const Device *device = topology.device(devices[end]);
        const QString name = device ? device->name : QString();
        auto *title = new QLabel(name, this);
        QFont bold = title->font();
        bold.setBold(true);
        title->setFont(bold);
        auto *list = new QListWidget(this);
        list->setAccessibleName(tr("Ports of %1").arg(name));
        title->setBuddy(list);
        auto *automatic = new QListWidgetItem(tr("First free port"), list);
        automatic->setData(Qt::UserRole, QVariant::fromValue<quint64>(0));
        const EntityId free = edits::freeInterface(topology, devices[end]);
        for (const EntityId id : topology.interfacesOf(devices[end])) {
            const Interface *port = topology.interface(id);
            const qsizetype links = qsizetype(topology.linksOf(id).size());
            QString text = port->name;
            if (links > 0)
                text = tr("%1 (used)").arg(port->name);
            else if (id == free)
                text = tr("%1 (free)").arg(port->name);
            auto *item = new QListWidgetItem(text, list);
            item->setData(Qt::UserRole, QVariant::fromValue<quint64>(id));
            if (links > 0)
                item->setForeground(palette().brush(QPalette::PlaceholderText));
        }
        list->setCurrentRow(0);
        list->setMinimumSize(150, 160);
        connect(list, &QListWidget::itemActivated, this, &PortPicker::accept);
        grid->addWidget(title, 0, end);
        grid->addWidget(list, 1, end);
        m_lists[end] = list;
    }
    auto *button = new QPushButton(tr("Link"), this);
    button->setDefault(true);
    connect(button, &QPushButton::clicked, this, &PortPicker::accept);
    grid->addWidget(button, 2, 1, Qt::AlignRight);
}

void PortPicker::popUp(QPoint global)
{
    adjustSize();
    if (const QScreen *screen = QGuiApplication::screenAt(global)) {
        const QRect room = screen->availableGeometry();
        global.setX(
            std::clamp(global.x(), room.left(), std::max(room.left(), room.right() - width())));
        global.setY(
            std::clamp(global.y(), room.top(), std::max(room.top(), room.bottom() - height())));
    }
    move(global);
    show();
    m_lists[0]->setFocus();
}

void PortPicker::accept()
{
    const auto portOf = [](const QListWidget *list) -> EntityId {
        const QListWidgetItem *item = list->currentItem();
        return item ? item->data(Qt::UserRole).toULongLong() : 0;
    };
    const EntityId a = portOf(m_lists[0]);
    const EntityId b = portOf(m_lists[1]);
    close();
    Q_EMIT chosen(a, b);
}

} // namespace patchboard::ui
