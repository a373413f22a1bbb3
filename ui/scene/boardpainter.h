#pragma once

#include "ui/scene/boardmirror.h"
#include "ui/scene/canvastheme.h"
#include "ui/scene/iconcache.h"
#include "ui/scene/labels.h"

#include <QHash>
#include <QRegion>

class QPainter;

namespace patchboard::ui {

class Raster;

/// Paints a BoardMirror at any scale, in levels: below 15 % points and one-pixel lines, below 50 %
/// icons, from 50 % names of devices, from 75 % names of links and interfaces. A board of few
/// devices with room around them keeps icons of a legible size and names farther out.
///
/// The picture (boxes, links, icons) goes straight into pixels; labels are ready pictures put over
/// it. Pixels here are device pixels: a place of the scene is at scene × scale - origin.
class BoardPainter
{
public:
    /// @a mirror must outlive the painter.
    explicit BoardPainter(const BoardMirror &mirror);

    static constexpr double kIconsFrom = 0.15;
    static constexpr double kNamesFrom = 0.50;
    static constexpr double kLinkNamesFrom = 0.75;
    static constexpr int kLayoutsPerFrame = 120;

    void setTheme(const CanvasTheme &theme);
    [[nodiscard]] const CanvasTheme &theme() const { return m_theme; }
    /// @a ratio: device pixels per pixel, already part of @a scale and @a origin.
    void setCamera(double scale, QPointF origin, double ratio = 1.0);
    [[nodiscard]] double scale() const { return m_scale; }
    /// The zoom that people see: 1 is 100 %.
    [[nodiscard]] double zoom() const { return m_scale / m_ratio; }
    [[nodiscard]] QPointF toPixels(QPointF scene) const { return scene * m_scale - m_origin; }
    [[nodiscard]] QPointF toScene(QPointF pixels) const { return (pixels + m_origin) / m_scale; }
    [[nodiscard]] QRectF toPixels(const QRectF &scene) const
    {
        return {toPixels(scene.topLeft()), scene.size() * m_scale};
    }
    [[nodiscard]] QRectF toScene(const QRectF &pixels) const
    {
        return {toScene(pixels.topLeft()), pixels.size() / m_scale};
    }

    void setGrid(bool on) { m_grid = on; }
    /// An overview has points and lines only, whatever its scale.
    void setOverview(bool on) { m_overview = on; }
    /// What the present scale shows of devices: icons, or only points; and their names.
    [[nodiscard]] bool showsIcons() const { return m_showsIcons; }
    [[nodiscard]] bool showsNames() const { return m_showsNames; }
    /// Half the side of a device's icon, device pixels.
    [[nodiscard]] double iconReach() const { return iconSize() / 2.0; }
    void setHovered(EntityId id) { m_hovered = id; }
    void setDropTarget(EntityId container) { m_dropTarget = container; }
    void setCurrent(EntityId id) { m_current = id; }
    /// The label of what is being renamed is left out: its editor is there.
    void setEdited(EntityId id) { m_edited = id; }
    /// Devices and links that others have selected, with their colours.
    void setOthers(QHash<EntityId, QColor> colours) { m_others = std::move(colours); }
    [[nodiscard]] const QHash<EntityId, QColor> &others() const { return m_others; }

    /// Paints background, boxes, links and devices; @a target's first pixel is @a corner.
    void paintPicture(QImage &target, QPoint corner);
    /// Paints the labels that touch @a region, once each; the painter's units are device pixels.
    void paintLabels(QPainter *painter, const QRegion &region);
    /// Begins a frame that may lay out @a budget new labels.
    void beginFrame(int budget = kLayoutsPerFrame);
    /// Where labels are still missing after the last frame, in device pixels.
    [[nodiscard]] const QRegion &missing() const { return m_missing; }

    /// The part of @a viewport that shows what changed; forgets the places of its labels.
    QRegion dirtyRegion(const BoardMirror::Dirty &dirty, const QRect &viewport);
    /// What devices and links cover with their labels and decoration.
    [[nodiscard]] QRegion regionOf(const QList<EntityId> &ids, const QRect &viewport) const;
    /// Where the label of a device, box or link is or would be, in device pixels.
    [[nodiscard]] QRectF labelRect(EntityId id) const;
    /// All labels find their places anew.
    void forgetLabels();

    /// Draws @a area of the scene as vectors and text; the painter's units are scene units. Labels
    /// are drawn as at 100 %.
    void paintVector(QPainter *painter, const QRectF &area);

private:
    using DeviceShape = BoardMirror::DeviceShape;
    using LinkRecord = BoardMirror::LinkRecord;
    using Box = BoardMirror::Box;
    enum Part : quint8 { DevicePart = 0, LinkPart = 1, EndPart = 2 };
    struct LabelPlace
    {
        QString text;
        QRectF rect; ///< device pixels
    };
    static quint64 labelKey(quint32 slot, int part) { return quint64(slot) * 8 + quint64(part); }

    void paintGrid(Raster &raster, QPoint corner) const;
    void paintBoxes(QImage &target, Raster &raster, QPoint corner);
    void paintLinks(QImage &target, QPoint corner);
    void paintDevices(QImage &target, QPoint corner);
    /// The colours of paintFarBand(); the greater is on top.
    enum FarNumber : quint8 {
        FarNothing = 0,
        FarLink = 1, // and two more, the worst last
        FarLinkFound = 4,
        FarLinkSelected = 5,
        FarDevice = 6, // and two more
        FarFound = 9,
        FarSelected = 10
    };
    struct Band
    {
        std::vector<quint8> numbers;
        BoardMirror::Marks marks;
        std::vector<quint32> slots;  ///< of the links that may be seen
        std::vector<quint32> badged; ///< links with a badge in the middle
        double length = 0;           ///< of the links that were drawn, pixels
    };
    struct FarPoint
    {
        int x; ///< device pixels
        int y;
    };
    [[nodiscard]] FarPoint farPoint(BoardMirror::Place place) const;
    template <typename Paint>
    void inBands(QImage &target, bool many, Paint paint);
    void paintFarBand(Band &band, QPoint corner, QSize size) const;
    void paintLinkBand(Band &band, QImage &target, QPoint corner) const;
    /// With @a plain there is nothing below it but the background.
    void paintFar(QImage &target, QPoint corner, bool plain);
    [[nodiscard]] int farSide() const;
    /// In device pixels; 0 = no grid at this scale.
    [[nodiscard]] double gridStep() const;
    void paintBoxTitles(QPainter *painter, const QRegion &region);
    void placeLabels(const QRectF &area);
    void drawLabel(QPainter *painter, const QString &text, LabelStyle style, const QRectF &rect,
                   double mostWidth = 0);
    [[nodiscard]] static LabelStyle styleOf(quint64 key);
    [[nodiscard]] LabelPlace deviceLabel(quint32 slot) const;
    /// The middle label (end -1) or that of an end; an empty text if it has none or no room.
    [[nodiscard]] LabelPlace linkLabel(quint32 slot, int end, const LinkShape &shape) const;
    [[nodiscard]] QString endName(quint32 slot, int end) const;
    [[nodiscard]] int iconSize() const;
    [[nodiscard]] IconLook lookOf(const DeviceShape &d, int size) const;
    [[nodiscard]] double linkWidth() const;
    [[nodiscard]] static Status worst(const Box &box);
    template <typename Add>
    void addLine(const LinkShape &shape, const QRectF &viewport, double margin, Add add) const;

    const BoardMirror &m_mirror;
    CanvasTheme m_theme;
    IconCache m_icons;
    LabelPictures m_labels;
    LabelRoom m_room;
    double m_scale = 1.0;
    double m_ratio = 1.0;
    QPointF m_origin;
    bool m_grid = true;
    bool m_overview = false;
    bool m_showsIcons = true;
    bool m_showsNames = true;
    double m_leastIcon = 0; ///< device pixels
    EntityId m_hovered = 0;
    EntityId m_dropTarget = 0;
    EntityId m_current = 0;
    EntityId m_edited = 0;
    QHash<EntityId, QColor> m_others;
    QRegion m_missing;
    BoardMirror::Marks m_marks;
    Band m_bands[2];
    std::vector<FarPoint> m_farPoints; ///< by slot of devices, of one picture
    double m_lineShare = 0; ///< pixels of lines by pixels of the picture, when last looked at
    bool m_smooth = true;   ///< lines at the present scale
    std::vector<quint8> m_decided; ///< by slot of links: which of their labels are decided
};

} // namespace patchboard::ui
