#pragma once

#include <QObject>
#include <QThreadPool>

#include <atomic>
#include <functional>

namespace patchboard::http {

/// Long work of requests, beside the event loop: reading files, large lists. Used by the thread of
/// the host.
class Background final : public QObject
{
    Q_OBJECT
public:
    Background();
    ~Background() override;
    /// Waits for what is running, which is asked to end; nobody hears of its results. Before
    /// anything goes that it works with.
    void finish();

    /// Runs @a work in a thread, then @a done in this one. False if too much is waiting already.
    bool run(std::function<void()> work, std::function<void()> done);
    /// What runs shall end. Any thread.
    [[nodiscard]] bool isEnding() const { return m_ending; }

private:
    QThreadPool m_pool;
    std::atomic_bool m_ending = false;
    int m_waiting = 0;
};

} // namespace patchboard::http
