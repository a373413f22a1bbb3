#pragma once

#include "model/sync/transport.h"

#include <QPointer>

#include <deque>
#include <memory>
#include <mutex>

namespace patchboard {

/// One end of a channel inside this process. The two ends may live in two threads: frames are
/// shared, not copied, and delivered by the event loop of the receiver, in order.
class Loopback final : public Transport
{
    Q_OBJECT
public:
    /// Both ends, made in this thread; each may be moved to another before it is opened. A pair is
    /// open as soon as both ends are.
    static std::pair<std::unique_ptr<Loopback>, std::unique_ptr<Loopback>> pair();
    ~Loopback() override;

    void open() override;
    void send(const QByteArray &frame) override;
    void abort() override;
    void finish() override;
    [[nodiscard]] qint64 bytesToWrite() const override;

protected:
    bool event(QEvent *event) override;

private:
    struct Channel;
    Loopback(std::shared_ptr<Channel> channel, int side);
    void deliver();

    std::shared_ptr<Channel> m_channel;
    int m_side;
    bool m_openedSignalled = false;
    bool m_closed = false;
};

/// Where loopback clients find their host. Thread-safe.
///
/// The host makes it in its thread, and gets the far end of each new pair by incoming(); clients
/// take their ends with connectClient() in any thread.
class LoopbackListener final : public QObject
{
    Q_OBJECT
public:
    explicit LoopbackListener(QObject *parent = nullptr);
    ~LoopbackListener() override;

    /// A factory that works for as long as the listener lives, and fails politely after.
    [[nodiscard]] TransportFactory factory() const;

Q_SIGNALS:
    /// A client's far end, living in the listener's thread and owned by whoever takes it; not yet
    /// opened.
    void incoming(patchboard::Transport *transport);

protected:
    bool event(QEvent *event) override;

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace patchboard
