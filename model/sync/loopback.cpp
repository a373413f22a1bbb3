#include "model/sync/loopback.h"

#include <QCoreApplication>
#include <QEvent>
#include <QThread>

#include <array>

namespace patchboard {

namespace {

// One kind of event: "look at the channel". It is posted once until it has been looked at.
const QEvent::Type kLook = QEvent::Type(QEvent::registerEventType());

} // namespace

struct Loopback::Channel
{
    struct Side
    {
        Loopback *end = nullptr;
        std::deque<QByteArray> inbox;
        qint64 inboxBytes = 0;
        bool opened = false;
        bool ended = false;  ///< this side wants no more
        bool posted = false; ///< an event is on its way
        bool drained = false;
    };
    std::mutex mutex;
    std::array<Side, 2> sides;

    /// With the mutex held.
    void wake(int side)
    {
        Side &s = sides[size_t(side)];
        if (s.end && !s.posted) {
            s.posted = true;
            QCoreApplication::postEvent(s.end, new QEvent(kLook));
        }
    }
};

std::pair<std::unique_ptr<Loopback>, std::unique_ptr<Loopback>> Loopback::pair()
{
    const auto channel = std::make_shared<Channel>();
    return {std::unique_ptr<Loopback>(new Loopback(channel, 0)),
            std::unique_ptr<Loopback>(new Loopback(channel, 1))};
}

Loopback::Loopback(std::shared_ptr<Channel> channel, int side)
    : m_channel(std::move(channel))
    , m_side(side)
{
    m_channel->sides[size_t(side)].end = this;
}

Loopback::~Loopback()
{
    abort();
    const std::lock_guard lock(m_channel->mutex);
    m_channel->sides[size_t(m_side)].end = nullptr;
}

void Loopback::open()
{
    const std::lock_guard lock(m_channel->mutex);
    m_channel->sides[size_t(m_side)].opened = true;
    m_channel->wake(0);
    m_channel->wake(1);
}

void Loopback::send(const QByteArray &frame)
{
    const std::lock_guard lock(m_channel->mutex);
    Channel::Side &peer = m_channel->sides[size_t(1 - m_side)];
    if (m_closed || peer.ended || !peer.opened)
        return;
    peer.inbox.push_back(frame);
    peer.inboxBytes += frame.size();
    m_channel->wake(1 - m_side);
}

void Loopback::abort()
{
    m_closed = true;
    const std::lock_guard lock(m_channel->mutex);
    Channel::Side &mine = m_channel->sides[size_t(m_side)];
    mine.ended = true;
    mine.inbox.clear();
    mine.inboxBytes = 0;
    m_channel->wake(1 - m_side);
}

void Loopback::finish()
{
    // What the other end has in its inbox it still gets.
    abort();
}

qint64 Loopback::bytesToWrite() const
{
    const std::lock_guard lock(m_channel->mutex);
    return m_channel->sides[size_t(1 - m_side)].inboxBytes;
}

bool Loopback::event(QEvent *event)
{
    if (event->type() != kLook)
        return Transport::event(event);
    deliver();
    return true;
}

void Loopback::deliver()
{
    // Slots may delete this.
    const QPointer<Loopback> alive(this);
    std::deque<QByteArray> frames;
    bool begin = false;
    bool drain = false;
    {
        const std::lock_guard lock(m_channel->mutex);
        Channel::Side &mine = m_channel->sides[size_t(m_side)];
        Channel::Side &peer = m_channel->sides[size_t(1 - m_side)];
        mine.posted = false;
        begin = !m_openedSignalled && mine.opened && peer.opened;
        drain = std::exchange(mine.drained, false);
        frames.swap(mine.inbox);
        mine.inboxBytes = 0;
        if (!frames.empty()) {
            peer.drained = true;
            m_channel->wake(1 - m_side);
        }
    }
    if (m_closed)
        return;
    if (begin) {
        m_openedSignalled = true;
        Q_EMIT opened();
    }
    if (alive && drain && !m_closed)
        Q_EMIT drained();
    for (const QByteArray &frame : frames) {
        if (!alive || m_closed)
            return;
        Q_EMIT received(frame);
    }
    if (!alive || m_closed)
        return;
    {
        const std::lock_guard lock(m_channel->mutex);
        if (!m_channel->sides[size_t(1 - m_side)].ended ||
            !m_channel->sides[size_t(m_side)].inbox.empty())
            return;
    }
    m_closed = true;
    Q_EMIT closed(tr("The other end has closed the connection"));
}

struct LoopbackListener::Shared
{
    std::mutex mutex;
    LoopbackListener *listener = nullptr;
    std::deque<std::unique_ptr<Loopback>> waiting;
};

LoopbackListener::LoopbackListener(QObject *parent)
    : QObject(parent)
    , m_shared(std::make_shared<Shared>())
{
    m_shared->listener = this;
}

LoopbackListener::~LoopbackListener()
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->listener = nullptr;
    m_shared->waiting.clear();
}

TransportFactory LoopbackListener::factory() const
{
    return [shared = m_shared]() -> std::unique_ptr<Transport> {
        auto [near, far] = Loopback::pair();
        const std::lock_guard lock(shared->mutex);
        if (shared->listener) {
            far->moveToThread(shared->listener->thread());
            shared->waiting.push_back(std::move(far));
            QCoreApplication::postEvent(shared->listener, new QEvent(kLook));
        }
        // Without a listener the far end is gone already, and open() ends in closed().
        return std::move(near);
    };
}

bool LoopbackListener::event(QEvent *event)
{
    if (event->type() != kLook)
        return QObject::event(event);
    for (;;) {
        std::unique_ptr<Loopback> end;
        {
            const std::lock_guard lock(m_shared->mutex);
            if (m_shared->waiting.empty())
                return true;
            end = std::move(m_shared->waiting.front());
            m_shared->waiting.pop_front();
        }
        Q_EMIT incoming(end.release());
    }
}

} // namespace patchboard
