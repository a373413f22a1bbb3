#pragma once

#include "model/layout/layout.h"

#include <QObject>
#include <QString>

#include <atomic>
#include <memory>

class QThread;

namespace patchboard::layout {

/// Places a graph in the background: Graphviz in its own process for what it is good at, our own
/// ways for all else. Lives in the thread that made it; signals come there.
class LayoutJob : public QObject
{
    Q_OBJECT

public:
    explicit LayoutJob(QObject *parent = nullptr);
    /// Cancels and waits (some tens of ms).
    ~LayoutJob() override;

    /// Begins; a job that runs is cancelled first. @a keepPlaces: as arrange(), else as place().
    void start(Graph graph, bool keepPlaces, bool freeScale = false);
    /// Begins as rearrange(), in the way of @a style.
    void start(Graph graph, Style style);
    /// Ends the work; finished() does not come. Returns when the thread is gone.
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_thread != nullptr; }

Q_SIGNALS:
    void progress(double part);
    /// @a message: something that people should know, or empty.
    void finished(const patchboard::layout::Points &points, const QString &message);

private:
    struct Shared
    {
        std::atomic<bool> cancelled = false;
        Points points;
        QString message;
    };
    using Work = std::function<std::optional<Points>(const Options &, const Control &)>;
    void run(Style style, Work work);

    QThread *m_thread = nullptr;
    std::shared_ptr<Shared> m_shared;
};

} // namespace patchboard::layout
