#pragma once

#include "bench/benchboard.h"
#include "model/core/fields.h"
#include "server/host.h"
#include "server/log/log.h"
#include "server/store/sqlitestore.h"

#include <QCoreApplication>
#include <QElapsedTimer>

/// What benchmarks with whole processes share.
namespace patchboard::bench {

inline constexpr int kPatienceMs = 60000;

/// What makes the board of makeBoard() of an empty one.
inline QList<Edit> makeEdits(int devices)
{
    QList<Edit> edits;
    const auto add = [&edits](EntityKind kind, const auto &entity) {
        CreateEntity create;
        create.kind = kind;
        create.id = entity.id;
        create.fields = fieldsOf(Entity(entity));
        edits.append(create);
    };
    const Topology::Contents contents = makeBoard(devices);
    for (const Device &device : contents.devices)
        add(EntityKind::Device, device);
    for (const Interface &interface : contents.interfaces)
        add(EntityKind::Interface, interface);
    for (const Link &link : contents.links)
        add(EntityKind::Link, link);
    return edits;
}

/// A board file with that of makeBoard(), made by one change.
inline void makeFile(const QString &path, int devices)
{
    auto store = server::SqliteStore::open(path, {});
    if (!store)
        qFatal("%s", qPrintable(store.error().text));
    server::Log log(nullptr, server::LogLevel::Error, false);
    auto host = server::Host::open(std::move(*store), {}, log);
    if (!host)
        qFatal("%s", qPrintable(host.error().text));
    if (auto done = (*host)->commit(makeEdits(devices), {}, QStringLiteral("Bench")); !done)
        qFatal("%s", qPrintable(done.error().text));
    (*host)->finish();
}

/// Arguments of a benchmark: `--NAME NUMBER`, and names of what is to be measured.
class Arguments
{
public:
    explicit Arguments(QStringList arguments)
        : m_rest(std::move(arguments))
    {
    }
    /// Takes an option; at least 1. All options have to be taken before wanted() counts.
    int number(const char *name, int otherwise)
    {
        const qsizetype at = m_rest.indexOf(QLatin1String(name));
        if (at < 0)
            return otherwise;
        const int value = m_rest.value(at + 1).toInt();
        m_rest.remove(at, 2);
        return std::max(1, value);
    }
    /// Its name was given, or none was.
    [[nodiscard]] bool wanted(const char *name) const
    {
        return m_rest.isEmpty() || m_rest.contains(QLatin1String(name));
    }

private:
    QStringList m_rest;
};

/// Waits until something in the event loop makes it true.
template <typename Condition>
void waitFor(Condition condition)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
        if (timer.elapsed() > kPatienceMs)
            qFatal("waited in vain");
    }
}

} // namespace patchboard::bench
