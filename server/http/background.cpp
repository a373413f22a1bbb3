#include "server/http/background.h"

namespace patchboard::http {

namespace {

constexpr int kThreads = 2;
constexpr int kMostWaiting = 64;

} // namespace

Background::Background()
{
    m_pool.setMaxThreadCount(kThreads);
}

Background::~Background()
{
    finish();
}

void Background::finish()
{
    m_ending = true;
    m_pool.clear();
    m_pool.waitForDone();
}

bool Background::run(std::function<void()> work, std::function<void()> done)
{
    if (m_ending || m_waiting >= kMostWaiting)
        return false;
    ++m_waiting;
    m_pool.start([this, work = std::move(work), done = std::move(done)] {
        if (!m_ending)
            work();
        QMetaObject::invokeMethod(
            this,
            [this, done] {
                --m_waiting;
                if (!m_ending)
                    done();
            },
            Qt::QueuedConnection);
    });
    return true;
}

} // namespace patchboard::http
