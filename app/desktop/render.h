#pragma once

#include <QStringList>

namespace patchboard::app {

/// `patchboard render FILE -o OUT.png|svg [--size WxH] [--dark]`. @a arguments: program and command
/// as one, then the rest. Needs a QGuiApplication.
int runRender(const QStringList &arguments);

} // namespace patchboard::app
