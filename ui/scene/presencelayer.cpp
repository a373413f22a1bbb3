#include "ui/scene/presencelayer.h"

#include "ui/scene/iconcache.h"
#include "ui/scene/overlayitems.h"

#include <QGraphicsScene>
#include <QPainter>

namespace patchboard::ui {

namespace {

constexpr size_t kMostGhosts = 400;
constexpr qsizetype kMostShownSelected = 500;

} // namespace

PresenceLayer::PresenceLayer(QGraphicsScene *scene, const BoardMirror *mirror)
    : m_scene(scene)
    , m_mirror(mirror)
{
}

const QImage &PresenceLayer::pictureOf(const QString &icon)
{
    auto it = m_pictures.find(icon);
    if (it == m_pictures.end()) {
        QImage image(96, 96, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        IconCache().drawVector(&painter, icon, QRectF(0, 0, 96, 96));
        painter.end();
        it = m_pictures.insert(icon, image);
    }
    return *it;
}

void PresenceLayer::show(const QList<Person> &people)
{
    size_t ghosts = 0;
    size_t pointers = 0;
    m_selected.clear();
    for (const Person &person : people) {
        if (person.self)
            continue;
        const QColor colour = canvasPersonColour(person.colour);
        for (const EntityId id : person.selection) {
            if (m_selected.size() >= kMostShownSelected)
                break;
            m_selected.insert(id, colour);
        }
        if (person.pointer) {
            if (pointers == m_pointers.size()) {
                m_pointers.push_back(new PointerItem);
                m_scene->addItem(m_pointers.back());
            }
            m_pointers[pointers++]->show(*person.pointer, colour, person.name);
        }
        if (person.gesture == 0)
            continue;
        bool first = true;
        for (const auto &[id, at] : person.drag) {
            const quint32 slot = m_mirror->deviceSlot(id);
            if (slot == BoardMirror::kNone || ghosts == kMostGhosts)
                continue;
            if (ghosts == m_ghosts.size()) {
                m_ghosts.push_back(new GhostItem);
                m_scene->addItem(m_ghosts.back());
            }
            const QString &icon = m_mirror->icons().at(m_mirror->devices()[slot].icon);
            m_ghosts[ghosts++]->show(at, pictureOf(icon), colour, first ? person.name : QString());
            first = false;
        }
    }
    for (size_t i = ghosts; i < m_ghosts.size(); ++i)
        m_ghosts[i]->setVisible(false);
    for (size_t i = pointers; i < m_pointers.size(); ++i)
        m_pointers[i]->setVisible(false);
    m_ghostsShown = int(ghosts);
    m_pointersShown = int(pointers);
}

} // namespace patchboard::ui
