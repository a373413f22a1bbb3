#include "model/sync/synclink.h"

#include <QRandomGenerator>

namespace patchboard {

namespace {

constexpr qint64 kUnderWay = 64 * 1024; ///< bytes: more wait
constexpr qint64 kMarkEvery = kUnderWay / 2;

} // namespace

SyncLink::SyncLink(Options options)
    : m_options(std::move(options))
    , m_watch(this)
    , m_retry(this)
{
    m_watch.setInterval(std::max(5, std::min(m_options.pingAfter, m_options.deadAfter) / 10));
    connect(&m_watch, &QTimer::timeout, this, &SyncLink::watch);
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &SyncLink::attempt);
}

SyncLink::~SyncLink()
{
    dropTransport();
}

std::vector<SyncLink::News> SyncLink::takeNews()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_news, {});
}

void SyncLink::post(News news)
{
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        first = m_news.empty();
        m_news.push_back(std::move(news));
    }
    if (first)
        Q_EMIT newsArrived();
}

void SyncLink::dropTransport()
{
    m_watch.stop();
    m_open = false;
    m_waiting.clear();
    m_marks.clear();
    m_underWay = 0;
    m_sinceMark = 0;
    if (!m_transport)
        return;
    m_transport->disconnect(this);
    m_transport->abort();
    // It may be the sender of the signal that led here.
    m_transport.release()->deleteLater();
}

void SyncLink::connectNow()
{
    if (m_open)
        return; // news of it is on its way
    m_failures = 0;
    attempt();
}

void SyncLink::attempt()
{
    m_retry.stop();
    dropTransport();
    ++m_connection;
    m_final = false;
    m_receiver.reset();
    m_transport = m_options.transport();
    connect(m_transport.get(), &Transport::opened, this, [this] {
        m_open = true;
        m_silence.start();
        m_pinged = false;
        post(Up{m_connection, m_receiver.partial()});
    });
    connect(m_transport.get(), &Transport::received, this, &SyncLink::receive);
    connect(m_transport.get(), &Transport::closed, this,
            [this](const QString &reason) { lost(reason); });
    m_silence.start();
    m_pinged = false;
    m_watch.start();
    m_transport->open();
}

void SyncLink::lost(const QString &reason, qint64 retryAfter)
{
    dropTransport();
    if (retryAfter < 0) {
        post(Down{reason, -1});
        return;
    }
    if (m_final) {
        post(Down{QString(), -1}); // the host has said why
        return;
    }
    const qint64 longest = std::min<qint64>(
        m_options.backOffLongest, qint64(m_options.backOffFirst) << std::min(m_failures, 20));
    ++m_failures;
    const qint64 wait = std::max(retryAfter, QRandomGenerator::global()->bounded(longest + 1));
    m_retry.start(int(std::min<qint64>(wait, 3600 * 1000)));
    post(Down{reason, wait});
}

void SyncLink::close(const QByteArray &last)
{
    m_retry.stop();
    if (m_transport && m_open && !last.isEmpty()) {
        for (const QByteArray &frame : m_waiting)
            m_transport->send(frame);
        m_transport->send(last);
        m_transport->disconnect(this);
        m_transport->finish();
        m_open = false;
        m_watch.stop();
        m_transport.release()->deleteLater();
    }
    dropTransport();
    post(Down{QString(), -1});
}

void SyncLink::hangUp(quint64 connection, const QString &reason, qint64 retryAfter)
{
    if (connection == m_connection && m_transport)
        lost(reason, retryAfter);
}

void SyncLink::send(quint64 connection, const QList<QByteArray> &frames)
{
    if (connection != m_connection || !m_open)
        return;
    m_waiting.insert(m_waiting.end(), frames.cbegin(), frames.cend());
    pump();
}

void SyncLink::pump()
{
    while (!m_waiting.empty() && m_underWay < kUnderWay) {
        m_transport->send(m_waiting.front());
        m_underWay += m_waiting.front().size();
        m_sinceMark += m_waiting.front().size();
        m_waiting.pop_front();
        if (m_sinceMark >= kMarkEvery) {
            m_marks.push_back({++m_nonce, std::exchange(m_sinceMark, 0)});
            m_transport->send(wire::encode(wire::Ping{m_nonce}));
        }
    }
}

void SyncLink::pong(quint64 nonce)
{
    for (; !m_marks.empty() && m_marks.front().nonce <= nonce; m_marks.pop_front())
        m_underWay -= m_marks.front().bytes;
    pump();
}

void SyncLink::receive(const QByteArray &frame)
{
    m_silence.start();
    m_pinged = false;
    auto incoming = m_receiver.feed(frame);
    if (!incoming) {
        lost(incoming.error().text);
        return;
    }
    if (std::holds_alternative<std::monostate>(*incoming))
        return;
    if (const auto *message = std::get_if<wire::Message>(&*incoming)) {
        if (const auto *ping = std::get_if<wire::Ping>(message)) {
            m_transport->send(wire::encode(wire::Pong{ping->nonce}));
            return;
        }
        if (const auto *answer = std::get_if<wire::Pong>(message)) {
            pong(answer->nonce);
            return;
        }
        if (std::holds_alternative<wire::Welcome>(*message))
            m_failures = 0;
        const auto *failure = std::get_if<wire::Failure>(message);
        m_final = m_final || (failure && failure->fatal);
    }
    post(Arrived{m_connection, std::move(*incoming)});
}

void SyncLink::watch()
{
    const qint64 silent = m_silence.elapsed();
    if (silent >= m_options.deadAfter) {
        lost(m_open ? tr("The host does not answer") : tr("The host cannot be reached"));
    } else if (m_open && !m_pinged && silent >= m_options.pingAfter) {
        m_pinged = true;
        m_transport->send(wire::encode(wire::Ping{++m_nonce}));
    }
}

} // namespace patchboard
