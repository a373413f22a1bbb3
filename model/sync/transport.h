#pragma once

#include <QByteArray>
#include <QObject>

#include <functional>
#include <memory>

namespace patchboard {

/// A two-way, ordered channel of frames, wherever it leads. Lives in one thread.
class Transport : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Begins to connect; opened() or closed() follows, never from within.
    virtual void open() = 0;
    /// Queues one frame. Without effect when not open.
    virtual void send(const QByteArray &frame) = 0;
    /// Ends it at once; what is queued may be lost. closed() is not signalled.
    virtual void abort() = 0;
    /// Ends it after what is queued has been sent, as far as possible.
    virtual void finish() = 0;
    /// Queued, and not yet taken by the system or the other end.
    [[nodiscard]] virtual qint64 bytesToWrite() const = 0;

Q_SIGNALS:
    void opened();
    void received(const QByteArray &frame);
    /// Some of what was queued has gone.
    void drained();
    /// It ended, or never came about; @a reason is for people.
    void closed(const QString &reason);
};

/// Makes a transport for one attempt to connect; called in the thread that will own it.
using TransportFactory = std::function<std::unique_ptr<Transport>()>;

} // namespace patchboard
