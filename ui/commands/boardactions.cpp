#include "ui/commands/boardactions.h"

#include "ui/commands/clipboard.h"
#include "ui/commands/undostack.h"
#include "ui/dialogs/overridedialog.h"
#include "ui/scene/canvasview.h"
#include "ui/scene/render.h"
#include "ui/scene/selection.h"

#include <QBuffer>
#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QMimeData>

#include <algorithm>
#include <cstdlib>

namespace patchboard::ui {

namespace {

/// Beyond this, the clipboard gets no picture: drawing it would take longer than a key press may.
constexpr qsizetype kMostPictured = 2000;
constexpr double kPictureMargin = 60.0;
/// Between copies: none lies on another.
constexpr double kCopyStep = 3 * CanvasView::kGridStep;

} // namespace

QRectF BoardActions::areaOf(const Topology &topology, const QList<EntityId> &devices)
{
    QRectF area;
    for (const EntityId id : devices) {
        const QPointF at = topology.device(id)->position;
        const QRectF around(at.x() - kPictureMargin, at.y() - kPictureMargin, 2 * kPictureMargin,
                            2 * kPictureMargin);
        area = area.isNull() ? around : area.united(around);
    }
    return area;
}

BoardActions::BoardActions(QWidget *window)
    : QObject(window)
    , m_window(window)
{
}

void BoardActions::setBoard(Board *board, Selection *selection, CanvasView *canvas)
{
    m_board = board;
    m_selection = selection;
    m_canvas = canvas;
}

bool BoardActions::canEdit() const
{
    return m_board && m_board->session().status().ready && !m_board->session().status().readOnly;
}

QList<EntityId> BoardActions::selected() const
{
    return m_selection ? m_selection->ids() : QList<EntityId>();
}

QList<EntityId> BoardActions::selectedDevices() const
{
    return m_board ? commands::devicesAmong(m_board->session().topology(), selected())
                   : QList<EntityId>();
}

bool BoardActions::clipboardHasItems()
{
    const QMimeData *mime = QGuiApplication::clipboard()->mimeData();
    return mime && mime->hasFormat(clipboard::kMimeType);
}

Result<Submitted> BoardActions::push(const commands::Command &command)
{
    return m_board->undoStack().push(command.edits, command.label);
}

void BoardActions::remove(bool withContents)
{
    if (canEdit())
        (void)push(commands::remove(m_board->session().topology(), selected(), withContents));
}

void BoardActions::copy()
{
    if (!m_board)
        return;
    const Topology &topology = m_board->session().topology();
    const QList<EntityId> devices = selectedDevices();
    const QByteArray packed = clipboard::pack(topology, devices);
    if (packed.isEmpty()) {
        Q_EMIT message(tr("Select devices to copy them with the links between them"));
        return;
    }
    auto *mime = new QMimeData;
    mime->setData(clipboard::kMimeType, packed);
    mime->setText(clipboard::containerlabText(topology, devices));
    if (m_canvas && devices.size() <= kMostPictured) {
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        if (renderSvg(*partOf(topology, devices), {}, &buffer))
            mime->setData(QStringLiteral("image/svg+xml"), buffer.data());
    }
    QGuiApplication::clipboard()->setMimeData(mime);
    m_lastPasted.clear();
}

void BoardActions::cut()
{
    if (!canEdit() || selectedDevices().isEmpty()) {
        copy(); // says why not
        return;
    }
    copy();
    commands::Command command =
        commands::remove(m_board->session().topology(), selectedDevices(), true);
    command.label =
        tr("Cut %1").arg(commands::describe(m_board->session().topology(), selectedDevices()));
    (void)push(command);
}

void BoardActions::paste(std::optional<QPointF> at)
{
    const QMimeData *mime = QGuiApplication::clipboard()->mimeData();
    if (!canEdit() || !mime || !mime->hasFormat(clipboard::kMimeType))
        return;
    insertPacked(mime->data(clipboard::kMimeType), at, false);
}

void BoardActions::duplicate()
{
    if (!canEdit())
        return;
    const QByteArray packed = clipboard::pack(m_board->session().topology(), selectedDevices());
    if (packed.isEmpty())
        Q_EMIT message(tr("Select devices to duplicate them with the links between them"));
    else
        insertPacked(packed, std::nullopt, true);
}

void BoardActions::insertPacked(const QByteArray &bytes, std::optional<QPointF> at,
                                bool isDuplicate)
{
    Session &session = m_board->session();
    clipboard::PasteOptions options;
    options.sameBoard = isDuplicate;
    if (isDuplicate) {
        options.offset = {kCopyStep, kCopyStep};
    } else {
        // Pasted again, it goes a little further, so that the copies do not lie on each other.
        m_timesPasted = bytes == m_lastPasted ? m_timesPasted + 1 : 0;
        m_lastPasted = bytes;
        const double shift = m_timesPasted * kCopyStep;
        const QPointF middle = at ? *at : m_canvas->visibleScene().center();
        options.centre = m_canvas->snapped(middle, {}) + (at ? QPointF() : QPointF(shift, shift));
    }
    const auto pasted = clipboard::unpack(
        session.topology(), bytes, [&session] { return session.newId(); }, options);
    if (!pasted) {
        Q_EMIT message(pasted.error().text);
        return;
    }
    const QString what = tr("%n device(s)", nullptr, int(pasted->deviceCount));
    const auto done = push(
        {pasted->edits, isDuplicate ? tr("Duplicate %1").arg(what) : tr("Paste %1").arg(what)});
    if (done)
        m_selection->set(pasted->devices);
}

void BoardActions::setLocked(bool locked)
{
    if (canEdit())
        (void)push(commands::setLocked(m_board->session().topology(), selected(), locked));
}

void BoardActions::moveInto(EntityId container)
{
    if (canEdit())
        (void)push(commands::moveToContainer(m_board->session().topology(), selected(), container));
}

void BoardActions::intoNewContainer(const QString &typeKey)
{
    const QList<EntityId> devices = selectedDevices();
    if (!canEdit() || devices.isEmpty())
        return;
    Session &session = m_board->session();
    const Topology &topology = session.topology();
    // Where those things lie now, the new one lies too, if that is one place.
    EntityId parent = topology.device(devices.first())->container;
    for (const EntityId id : devices) {
        if (topology.device(id)->container != parent)
            parent = 0;
    }
    commands::NewDevice container =
        commands::newDevice(topology, typeKey, areaOf(topology, devices).center(), parent,
                            [&session] { return session.newId(); });
    for (const EntityId device : devices)
        container.edits.append(edits::setField(device, Field::Container, qint64(container.id)));
    const QString what = commands::describe(topology, devices);
    if (push({container.edits, tr("Put %1 into %2").arg(what, container.name)}))
        m_selection->set({container.id});
}

void BoardActions::overrideStatus(Status status)
{
    if (!canEdit())
        return;
    Session &session = m_board->session();
    const QList<EntityId> targets = commands::withStatus(session.topology(), selected());
    if (targets.isEmpty())
        return;
    QString reason;
    if (targets.size() == 1) {
        const Value value = session.topology().value(targets.first(), Field::OverrideReason);
        if (const QString *text = std::get_if<QString>(&value))
            reason = *text;
    }
    OverrideDialog dialog(commands::describe(session.topology(), targets), status, reason,
                          m_window);
    if (dialog.exec() != QDialog::Accepted || !m_board)
        return;
    (void)push(commands::overrideStatus(session.topology(), targets, dialog.status(),
                                        dialog.reason(), session.author(),
                                        QDateTime::currentMSecsSinceEpoch()));
}

void BoardActions::clearOverride()
{
    if (!canEdit())
        return;
    const Session &session = m_board->session();
    (void)push(commands::overrideStatus(session.topology(), selected(), std::nullopt, {},
                                        session.author(), 0));
}

void BoardActions::addInterface(EntityId device)
{
    if (canEdit()) {
        (void)push(commands::addInterface(m_board->session().topology(), device,
                                          m_board->session().newId()));
    }
}

void BoardActions::createDevice(const QString &typeKey, QPointF at)
{
    if (!canEdit())
        return;
    Session &session = m_board->session();
    const commands::NewDevice made = commands::newDevice(
        session.topology(), typeKey, m_canvas->snapped(at, {}),
        m_canvas->containerAt(m_canvas->fromScene(at)), [&session] { return session.newId(); });
    if (push({made.edits, tr("Create %1").arg(made.name)}))
        m_selection->set({made.id});
}

void BoardActions::createDevice(const QString &typeKey)
{
    if (canEdit())
        createDevice(typeKey, freePlace());
}

/// In rings around the middle of the view.
QPointF BoardActions::freePlace() const
{
    constexpr double kStep = 5 * CanvasView::kGridStep;
    constexpr int kMostRings = 40;
    const QRectF view = m_canvas->visibleScene();
    const QPointF middle = m_canvas->snapped(view.center(), {});
    const BoardMirror &mirror = m_canvas->mirror();
    const auto isFree = [&](QPointF place) {
        bool free = true;
        const double half = kStep / 2 + 1;
        mirror.visitDevices(QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half),
                            [&](quint32 slot) {
                                if (mirror.devices()[slot].box == BoardMirror::kNone)
                                    free = false;
                            });
        return free;
    };
    const QRectF room = view.adjusted(kStep / 2, kStep / 2, -kStep / 2, -kStep / 2);
    for (int ring = 0; ring <= kMostRings; ++ring) {
        // 0, 1, -1, 2, -2: first along the row, to the right.
        const auto turn = [](int i) { return i % 2 == 1 ? (i + 1) / 2 : -i / 2; };
        for (int down = 0; down <= 2 * ring; ++down) {
            for (int across = 0; across <= 2 * ring; ++across) {
                const QPoint step(turn(across), turn(down));
                const QPointF place = middle + QPointF(step) * kStep;
                if (std::max(std::abs(step.x()), std::abs(step.y())) == ring &&
                    (ring == 0 || room.contains(place)) && isFree(place))
                    return place;
            }
        }
    }
    return middle;
}

void BoardActions::align(commands::Alignment how)
{
    if (!canEdit())
        return;
    const BoardMirror &mirror = m_canvas->mirror();
    (void)push(
        commands::align(m_board->session().topology(), selected(), how, [&mirror](EntityId id) {
            return mirror.rectOf(mirror.devices()[mirror.deviceSlot(id)]);
        }));
}

void BoardActions::selectSameType()
{
    if (!m_board)
        return;
    const Topology &topology = m_board->session().topology();
    QSet<QString> types;
    for (const EntityId id : selectedDevices())
        types.insert(topology.device(id)->type);
    QList<EntityId> ids;
    for (const Device &device : topology.devices().slots()) {
        if (device.id != 0 && types.contains(device.type))
            ids.append(device.id);
    }
    if (!ids.isEmpty())
        m_selection->set(ids);
}

} // namespace patchboard::ui
