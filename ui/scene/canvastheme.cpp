#include "ui/scene/canvastheme.h"

#include <iterator>

namespace patchboard::ui {

CanvasTheme CanvasTheme::light()
{
    CanvasTheme t;
    t.background = QColor(0xfbfcfd);
    t.dot = QColor(0xd5dce4);
    t.text = QColor(0x1d2733);
    t.faint = QColor(0x5e6b7a);
    t.plate = QColor(0xfbfcfd);
    t.accent = QColor(0x2667c4);
    t.find = QColor(0xf0a400);
    t.refuse = QColor(0xcc3340);
    t.advice = QColor(0xb87407);
    t.boxFill = QColor(0x4a, 0x6b, 0x96, 20);
    t.boxEdge = QColor(0xb4c1d0);
    t.boxTitle = QColor(0x4a, 0x6b, 0x96, 40);
    t.status[size_t(Status::Down)] = QColor(0xcc3340);
    t.status[size_t(Status::Up)] = QColor(0x1a8f58);
    t.status[size_t(Status::Degraded)] = QColor(0xb87407);
    t.link[size_t(Status::Down)] = QColor(0xd2545e);
    t.link[size_t(Status::Up)] = QColor(0x6f9d8a);
    t.link[size_t(Status::Degraded)] = QColor(0xc98a1e);
    return t;
}

CanvasTheme CanvasTheme::darkTheme()
{
    CanvasTheme t;
    t.dark = true;
    t.background = QColor(0x15181c);
    t.dot = QColor(0x2b313a);
    t.text = QColor(0xe3e7ed);
    t.faint = QColor(0x9aa5b4);
    t.plate = QColor(0x15181c);
    t.accent = QColor(0x5c9cf5);
    t.find = QColor(0xf5c04a);
    t.refuse = QColor(0xf07178);
    t.advice = QColor(0xf0b24a);
    t.boxFill = QColor(0x8f, 0xae, 0xd6, 18);
    t.boxEdge = QColor(0x46505d);
    t.boxTitle = QColor(0x8f, 0xae, 0xd6, 36);
    t.status[size_t(Status::Down)] = QColor(0xf07178);
    t.status[size_t(Status::Up)] = QColor(0x4cc38a);
    t.status[size_t(Status::Degraded)] = QColor(0xf0b24a);
    t.link[size_t(Status::Down)] = QColor(0xd96068);
    t.link[size_t(Status::Up)] = QColor(0x4f8a72);
    t.link[size_t(Status::Degraded)] = QColor(0xcf9a3c);
    return t;
}

QColor canvasPersonColour(quint32 index)
{
    static constexpr QRgb kColours[] = {0xff2f6fd0, 0xffb3468f, 0xff16805c, 0xffb8560f,
                                        0xff7453c9, 0xff0f7f94, 0xffc03a3a, 0xff5f7416};
    return QColor(kColours[index % std::size(kColours)]);
}

} // namespace patchboard::ui
