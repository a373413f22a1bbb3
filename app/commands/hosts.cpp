#include "app/commands/options.h"

#include "discovery/hostbrowser.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

namespace patchboard::app {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct HostsText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

constexpr double kMostSeconds = 3600;

QJsonObject jsonOf(const discovery::FoundHost &host)
{
    return {{QStringLiteral("board"), host.board},
            {QStringLiteral("machine"), host.machine},
            {QStringLiteral("url"), host.url().toString()},
            {QStringLiteral("address"), host.address.toString()},
            {QStringLiteral("port"), host.port},
            {QStringLiteral("id"), host.id},
            {QStringLiteral("version"), host.version},
            {QStringLiteral("tls"), host.encrypted},
            {QStringLiteral("token"), host.needsToken}};
}

} // namespace

int runHosts(const QStringList &arguments)
{
    CommandLine line(arguments,
                     HostsText::tr("Names the hosts in the local network, by mDNS (Avahi): the "
                                   "address, whether a token is needed, the machine, the board."));
    line.option(QStringLiteral("wait"),
                HostsText::tr("Looks for at most so long (3); ends before if all have answered"),
                HostsText::tr("seconds"), QStringLiteral("3"));
    line.option(QStringLiteral("json"), HostsText::tr("Prints one JSON object a line"));
    if (const auto code = line.parse())
        return *code;
    bool ok = false;
    const double seconds = line.value(QStringLiteral("wait")).toDouble(&ok);
    if (!ok || !(seconds > 0 && seconds <= kMostSeconds)) {
        printError(HostsText::tr("--wait %1: not a number of seconds")
                       .arg(line.value(QStringLiteral("wait"))));
        return Failed;
    }

    using discovery::HostBrowser;
    const auto browser = discovery::browseWithAvahi();
    QEventLoop loop;
    QObject::connect(browser.get(), &HostBrowser::changed, &loop, [&] {
        if (browser->state() != HostBrowser::State::Searching)
            loop.quit();
    });
    QTimer::singleShot(int(seconds * 1000), &loop, &QEventLoop::quit);
    loop.exec();
    if (browser->state() == HostBrowser::State::Unavailable) {
        printError(HostsText::tr("Hosts cannot be looked for: %1").arg(browser->reason()));
        return Failed;
    }
    for (const discovery::FoundHost &host : browser->hosts()) {
        if (line.has(QStringLiteral("json"))) {
            printLine(
                QString::fromUtf8(QJsonDocument(jsonOf(host)).toJson(QJsonDocument::Compact)));
        } else {
            printLine(QStringLiteral("%1\t%2\t%3\t%4")
                          .arg(host.url().toString(),
                               host.needsToken ? QStringLiteral("token") : QStringLiteral("open"),
                               host.machine, host.board));
        }
    }
    return Done;
}

} // namespace patchboard::app
