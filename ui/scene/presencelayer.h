#pragma once

#include "model/sync/session.h"
#include "ui/scene/boardmirror.h"
#include "ui/scene/canvastheme.h"

#include <QColor>
#include <QHash>
#include <QImage>

#include <vector>

class QGraphicsScene;

namespace patchboard::ui {

class GhostItem;
class PointerItem;

/// Others on the canvas: pointers, ghosts of their drags, what they have selected. Its items are
/// kept and used again.
class PresenceLayer
{
public:
    /// Both must outlive it; the scene owns the items.
    PresenceLayer(QGraphicsScene *scene, const BoardMirror *mirror);

    /// Shows @a people but oneself. Things they drag that are lifted here stay as they are here.
    void show(const QList<Person> &people);
    /// Who has what selected, by colour; at most some hundreds.
    [[nodiscard]] const QHash<EntityId, QColor> &selected() const { return m_selected; }
    [[nodiscard]] int ghostCount() const { return m_ghostsShown; }
    [[nodiscard]] int pointerCount() const { return m_pointersShown; }

private:
    const QImage &pictureOf(const QString &icon);

    QGraphicsScene *m_scene;
    const BoardMirror *m_mirror;
    std::vector<GhostItem *> m_ghosts;
    std::vector<PointerItem *> m_pointers;
    int m_ghostsShown = 0;
    int m_pointersShown = 0;
    QHash<EntityId, QColor> m_selected;
    QHash<QString, QImage> m_pictures;
};

} // namespace patchboard::ui
