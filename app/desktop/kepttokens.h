#pragma once

#include <QString>

namespace patchboard::app {

/// Tokens that this user was given for hosts, in a file of the settings that nobody else reads.
/// @a address: HOST:PORT.
QString keptToken(const QString &address);
/// An empty token is forgotten. What cannot be kept is asked for again the next time.
void keepToken(const QString &address, const QString &token);
/// Where they are.
QString keptTokensFile();

} // namespace patchboard::app
