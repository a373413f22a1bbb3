#pragma once

#include <QByteArray>

#include <array>
#include <map>
#include <utility>

namespace patchboard::server {

/// How long something took, counted in buckets. One thread.
class Histogram
{
public:
    /// Upper ends of the buckets, in seconds.
    static constexpr std::array<double, 12> kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                    0.05,   0.1,   0.25,   0.5,   1,    5};
    void observe(double seconds);

private:
    friend class MetricsText;
    std::array<quint64, kBounds.size() + 1> m_counts{}; ///< the last: above all bounds
    double m_sum = 0;
};

/// What a host has counted since it started.
struct HostMetrics
{
    quint64 changes = 0;       ///< committed
    quint64 storeFailures = 0; ///< transactions that did not come about
    quint64 clientsCome = 0;
    quint64 clientsDead = 0;     ///< silent, or taking nothing
    quint64 presenceSkipped = 0; ///< frames that were not sent to a full connection
    Histogram commit;            ///< the transaction
    Histogram delivery;          ///< from the start of a turn until its changes were in all sockets
};

/// What a port has answered.
struct HttpMetrics
{
    std::map<int, quint64> requests; ///< by status
    Histogram answer;                ///< until the handler had it, or had promised it
};

/// Prometheus' text format, 0.0.4.
class MetricsText
{
public:
    static constexpr const char *kContentType = "text/plain; version=0.0.4; charset=utf-8";

    void gauge(const char *name, const char *help, double value);
    void counter(const char *name, const char *help, double value);
    void histogram(const char *name, const char *help, const Histogram &histogram);
    /// Begins a family with labels; its samples follow.
    void family(const char *name, const char *type, const char *help);
    void sample(const char *name, const QByteArray &labels, double value);
    /// CPU, memory, open files and start of this process, by the names that Prometheus' own clients
    /// use.
    void process();
    [[nodiscard]] const QByteArray &text() const { return m_text; }

private:
    QByteArray m_text;
};

} // namespace patchboard::server
