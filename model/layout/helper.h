#pragma once

#include "model/layout/layout.h"

#include <QString>

#include <memory>

class QProcess;

namespace patchboard::layout {

/// Lets Graphviz place connected graphs, in a program of its own (`patchboard-layout`): Graphviz
/// can neither run twice in one process nor be stopped, but a process can be ended.
///
/// The process starts with the first graph and ends with this object. One thread at a time. When
/// the program is missing, fails, or takes too long, placing returns nothing and message() says
/// why; it is not tried again.
class Helper
{
public:
    /// @a program: path of the helper; empty = look for it (programPath()).
    explicit Helper(const QString &program = {});
    ~Helper();
    Helper(const Helper &) = delete;
    Helper &operator=(const Helper &) = delete;

    std::optional<Points> place(const Adjacency &graph, const Control &control);
    /// As an engine of place(); must not outlive this.
    Engine engine();
    /// Why it gave up, for people; empty = it did not.
    [[nodiscard]] QString message() const { return m_message; }

    /// Beside the running program, or where it was installed; empty if it is nowhere.
    static QString programPath();

    static constexpr int MostMilliseconds = 6000;

private:
    std::optional<Points> giveUp(const QString &message);

    QString m_program;
    std::unique_ptr<QProcess> m_process;
    QString m_message;
};

} // namespace patchboard::layout
