#include "server/metrics.h"

#include <QDir>
#include <QFile>
#include <QLocale>

#include <algorithm>
#include <cmath>

#include <sys/resource.h>
#include <unistd.h>

namespace patchboard::server {

namespace {

QByteArray numberText(double value)
{
    // Whole numbers as such, all else so that it reads back as the same.
    return value == std::floor(value) && std::abs(value) < 1e15
               ? QByteArray::number(qint64(value))
               : QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

/// Fields of /proc/self/stat from the third on; the second may hold anything.
QList<QByteArray> processFields()
{
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray all = file.readAll();
    return all.mid(all.lastIndexOf(')') + 2).split(' ');
}

/// When the machine started, in seconds since 1970; 0 = not known.
double bootTime()
{
    QFile file(QStringLiteral("/proc/stat"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("btime "))
            return line.mid(6).toDouble();
    }
    return 0;
}

} // namespace

void Histogram::observe(double seconds)
{
    const auto at = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
    ++m_counts[size_t(at - kBounds.begin())];
    m_sum += seconds;
}

void MetricsText::family(const char *name, const char *type, const char *help)
{
    m_text += QByteArray("# HELP ") + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n';
}

void MetricsText::sample(const char *name, const QByteArray &labels, double value)
{
    m_text += name;
    if (!labels.isEmpty())
        m_text += '{' + labels + '}';
    m_text += ' ' + numberText(value) + '\n';
}

void MetricsText::gauge(const char *name, const char *help, double value)
{
    family(name, "gauge", help);
    sample(name, {}, value);
}

void MetricsText::counter(const char *name, const char *help, double value)
{
    family(name, "counter", help);
    sample(name, {}, value);
}

void MetricsText::histogram(const char *name, const char *help, const Histogram &histogram)
{
    family(name, "histogram", help);
    const QByteArray bucket = QByteArray(name) + "_bucket";
    quint64 sum = 0;
    for (size_t i = 0; i < histogram.m_counts.size(); ++i) {
        sum += histogram.m_counts[i];
        const QByteArray end =
            i < Histogram::kBounds.size() ? numberText(Histogram::kBounds[i]) : QByteArray("+Inf");
        sample(bucket.constData(), "le=\"" + end + '"', double(sum));
    }
    sample((QByteArray(name) + "_sum").constData(), {}, histogram.m_sum);
    sample((QByteArray(name) + "_count").constData(), {}, double(sum));
}

void MetricsText::process()
{
    const QList<QByteArray> fields = processFields();
    if (fields.size() < 22)
        return; // not on this system
    const double tick = double(::sysconf(_SC_CLK_TCK));
    counter("process_cpu_seconds_total", "CPU time of the process in seconds.",
            (fields.at(11).toDouble() + fields.at(12).toDouble()) / tick);
    if (const double boot = bootTime(); boot > 0) // a service may not be allowed to read it
        gauge("process_start_time_seconds", "Start of the process in seconds since 1970.",
              boot + fields.at(19).toDouble() / tick);
    gauge("process_virtual_memory_bytes", "Address space of the process.",
          fields.at(20).toDouble());
    gauge("process_resident_memory_bytes", "Memory that the process holds.",
          fields.at(21).toDouble() * double(::sysconf(_SC_PAGESIZE)));
    gauge("process_open_fds", "Open files and sockets of the process.",
          double(QDir(QStringLiteral("/proc/self/fd"))
                     .entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System)
                     .size()));
    rlimit files = {};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0)
        gauge("process_max_fds", "Most files and sockets that the process may open.",
              double(files.rlim_cur));
}

} // namespace patchboard::server
