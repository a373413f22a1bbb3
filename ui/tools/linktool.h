#pragma once

#include "ui/tools/tool.h"

#include <QPointer>

namespace patchboard::ui {

class LinkDraftItem;
class PortPicker;

/// Draws a link: a drag from a device to a device, or a click on each. While it is drawn, the
/// target lights up and the ports are named, or it says why it cannot be. Ports are the first free
/// ones; with Alt at the end a list of both devices' ports opens.
class LinkTool : public Tool
{
public:
    explicit LinkTool(CanvasView *view);
    ~LinkTool() override;

    /// Begins at a device, in the middle of a press.
    void begin(EntityId device, const ToolEvent &event);
    /// Makes a link at once, or says why it cannot be; a port of 0 is the first that is free.
    void connectPorts(EntityId from, EntityId to, EntityId portFrom = 0, EntityId portTo = 0);

    void press(const ToolEvent &event) override;
    void move(const ToolEvent &event) override;
    void release(const ToolEvent &event) override;
    void cancel() override;
    [[nodiscard]] bool isBusy() const override { return m_from != 0; }
    [[nodiscard]] QCursor cursor() const override { return Qt::CrossCursor; }
    void boardChanged(const Delta &delta) override;
    void themeChanged() override;

    [[nodiscard]] EntityId source() const { return m_from; }
    [[nodiscard]] EntityId target() const { return m_to; }
    /// What is said beside the pointer.
    [[nodiscard]] const QString &hint() const { return m_hint; }
    /// Empty if a link to the target would be accepted.
    [[nodiscard]] const QString &refusal() const { return m_refusal; }
    [[nodiscard]] PortPicker *picker() const;

private:
    void aim(QPointF pos, QPointF scene);
    void finish(const ToolEvent &event);

    EntityId m_from = 0;
    EntityId m_to = 0;
    bool m_down = false; ///< between press and release
    QPointF m_pressPos;
    QString m_hint;
    QString m_refusal;
    LinkDraftItem *m_draft; ///< in the scene, which owns it
    QPointer<PortPicker> m_picker;
};

} // namespace patchboard::ui
