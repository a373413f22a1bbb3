#include "model/layout/layoutjob.h"

#include "model/layout/helper.h"

#include <QThread>

namespace patchboard::layout {

LayoutJob::LayoutJob(QObject *parent)
    : QObject(parent)
{
}

LayoutJob::~LayoutJob()
{
    cancel();
}

void LayoutJob::start(Graph graph, bool keepPlaces, bool freeScale)
{
    run(Style::Automatic, [graph = std::move(graph), keepPlaces,
                           freeScale](const Options &options, const Control &control) {
        return keepPlaces ? arrange(graph, freeScale, options, control)
                          : place(graph, options, control);
    });
}

void LayoutJob::start(Graph graph, Style style)
{
    run(style, [graph = std::move(graph)](const Options &options, const Control &control) {
        return rearrange(graph, options, control);
    });
}

void LayoutJob::run(Style style, Work work)
{
    cancel();
    m_shared = std::make_shared<Shared>();
    const std::shared_ptr<Shared> shared = m_shared;
    m_thread = QThread::create([this, shared, style, work = std::move(work)] {
        Control control;
        control.cancelled = [shared] { return shared->cancelled.load(); };
        double told = -1;
        control.progress = [this, &told](double part) {
            if (part - told >= 0.01) {
                told = part;
                Q_EMIT progress(part); // queued: this object lives in another thread
            }
        };
        Helper helper;
        Options options;
        options.style = style;
        options.engine = helper.engine();
        const auto points = work(options, control);
        if (!points)
            return;
        shared->points = *points;
        shared->message = helper.message();
    });
    m_thread->setParent(this); // which may go before the event that it has finished
    QThread *const thread = m_thread;
    connect(thread, &QThread::finished, this, [this, thread, shared] {
        thread->deleteLater();
        if (thread != m_thread)
            return;
        m_thread = nullptr;
        if (!shared->cancelled)
            Q_EMIT finished(shared->points, shared->message);
    });
    m_thread->start();
}

void LayoutJob::cancel()
{
    if (!m_thread)
        return;
    m_shared->cancelled = true;
    QThread *const thread = m_thread;
    m_thread = nullptr; // its finished() finds itself forgotten
    thread->wait();
}

} // namespace patchboard::layout
