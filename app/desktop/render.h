#pragma once

#include <QStringList>

namespace patchboard::app {

/// `patchboard export FILE -o OUT.png|svg|pdf [--size WxH] [--scale N] [--only DEVICE] [--dark]`.
/// @a arguments: program and command as one, then the rest. Needs a QGuiApplication.
int runRender(const QStringList &arguments);

} // namespace patchboard::app
