#pragma once

#include <functional>

namespace patchboard {

/// How a long task tells how far it is and hears that it shall end; both may be empty. Both are
/// called in the thread of the task.
struct Control
{
    std::function<void(double)> progress; ///< 0 to 1
    std::function<bool()> cancelled;

    [[nodiscard]] bool isCancelled() const { return cancelled && cancelled(); }
    void report(double part) const
    {
        if (progress)
            progress(part);
    }
};

} // namespace patchboard
