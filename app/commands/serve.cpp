#include "app/commands/options.h"
#include "app/commands/servicemanager.h"

#include "discovery/hostannouncer.h"

#include "server/host.h"
#include "server/http/router.h"
#include "server/http/tls.h"
#include "server/network.h"
#include "server/store/sqlitestore.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>
#include <QStandardPaths>

#include <csignal>
#include <cstdio>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace patchboard::app {

namespace {

constexpr qint64 kServeDayMs = 24LL * 60 * 60 * 1000;
constexpr qint64 kMostKeptDays = 36500;

/// The texts of this file; lupdate knows their context by it.
struct ServeText
{
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

constexpr int kDefaultPort = 5001;
constexpr int kFarewellMs = 2000;
constexpr int kMostProbesAtOnce = 1000;

int terminationPipe[2] = {-1, -1};

void onTermination(int signal)
{
    const char byte = char(signal);
    // A second one ends it at once.
    ::signal(signal, SIG_DFL);
    [[maybe_unused]] const ssize_t written = ::write(terminationPipe[0], &byte, 1);
}

bool catchTermination()
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, terminationPipe) != 0)
        return false;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        struct sigaction action = {};
        action.sa_handler = onTermination;
        action.sa_flags = SA_RESTART;
        ::sigaction(signal, &action, nullptr);
    }
    ::signal(SIGPIPE, SIG_IGN);
    return true;
}

void raiseFileLimit()
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

server::Log *qtLog = nullptr;

void onQtMessage(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    const auto level = type == QtDebugMsg     ? server::LogLevel::Debug
                       : type == QtInfoMsg    ? server::LogLevel::Info
                       : type == QtWarningMsg ? server::LogLevel::Warning
                                              : server::LogLevel::Error;
    if (qtLog)
        qtLog->write(level, message);
}

int exitCodeOf(const Error &error)
{
    return error.code == Errc::Protocol ? Refused : Failed;
}

QString urlOf(const QString &scheme, const QHostAddress &address, quint16 port)
{
    const QString host = address.protocol() == QAbstractSocket::IPv6Protocol
                             ? u'[' + address.toString() + u']'
                             : address.toString();
    return QStringLiteral("%1://%2:%3").arg(scheme, host).arg(port);
}

struct ServeOptions
{
    QString file;
    QHostAddress address;
    quint16 port = kDefaultPort;
    bool demo = false;
    bool json = false;
    std::optional<server::Probes::Options> probes;
    bool announce = true;
    server::Durability durability = server::Durability::Full;
    quint64 keepChanges = 0;
    qint64 keepDays = 0;
    server::LogLevel level = server::LogLevel::Info;
    server::NetworkServer::Options network;
};

/// Its title, else the name of its file.
QString titleOf(const server::Host &host)
{
    const QString title = host.topology().board().title;
    return title.isEmpty() ? QFileInfo(host.name()).completeBaseName() : title;
}

/// Tells the local network of the host; nullptr where nobody else could reach it. It belongs to
/// @a host.
discovery::HostAnnouncer *announce(server::Host &host, const server::NetworkServer &network,
                                   const ServeOptions &options, server::Log &log)
{
    if (!discovery::HostAnnouncer::isWorthwhile(network.address()))
        return nullptr;
    auto *announcer = new discovery::HostAnnouncer({titleOf(host), host.epoch(), network.address(),
                                                    network.port(), options.network.tls.has_value(),
                                                    !options.network.withoutAccessControl},
                                                   &host);
    using State = discovery::HostAnnouncer::State;
    QObject::connect(announcer, &discovery::HostAnnouncer::stateChanged, announcer,
                     [announcer, &log] {
                         if (announcer->state() == State::Announced)
                             log.info(QStringLiteral("Announced in the local network"),
                                      {{"name", announcer->serviceName()}});
                         else if (announcer->state() == State::Unavailable)
                             log.debug(QStringLiteral("Not announced in the local network"),
                                       {{"reason", announcer->reason()}});
                     });
    QObject::connect(&host, &server::Host::committed, announcer,
                     [announcer, &host] { announcer->setBoard(titleOf(host)); });
    return announcer;
}

int serve(const ServeOptions &options)
{
    server::Log log(stderr, options.level, options.json);
    qtLog = &log;
    qInstallMessageHandler(onQtMessage);
    const auto restore = qScopeGuard([] {
        qInstallMessageHandler(nullptr);
        qtLog = nullptr;
    });
    raiseFileLimit();
    if (!catchTermination()) {
        printError(ServeText::tr("Signals cannot be caught"));
        return Failed;
    }

    const bool isNew = !QFileInfo::exists(options.file);
    server::SqliteStore::Options storeOptions;
    storeOptions.durability = options.durability;
    storeOptions.keepChanges = options.keepChanges;
    storeOptions.keepTime = options.keepDays * kServeDayMs;
    auto store = server::SqliteStore::open(options.file, storeOptions);
    if (!store) {
        printError(store.error().text);
        return exitCodeOf(store.error());
    }
    auto opened = server::Host::open(std::move(*store), {}, log);
    if (!opened) {
        printError(opened.error().text);
        return exitCodeOf(opened.error());
    }
    std::unique_ptr<server::Host> host = std::move(*opened);
    if (options.demo) {
        if (auto ok = host->seedDemo(); !ok) {
            printError(ok.error().text);
            return Failed;
        }
    }
    auto network = std::make_unique<server::NetworkServer>(*host, options.network);
    if (auto ok = network->listen(options.address, options.port); !ok) {
        printError(ok.error().text);
        // Nobody has seen the board that was made for this.
        network.reset();
        host.reset();
        if (isNew)
            QFile::remove(options.file);
        return Failed;
    }
    if (options.network.withoutAccessControl && !options.address.isLoopback())
        log.warning(QStringLiteral("Whoever reaches this port may change everything"));

    if (options.probes)
        host->startProbes(*options.probes);

    ServiceManager manager;
    QSocketNotifier termination(terminationPipe[1], QSocketNotifier::Read);
    QObject::connect(&termination, &QSocketNotifier::activated, qApp, [&log, &termination] {
        termination.setEnabled(false);
        log.info(QStringLiteral("Asked to end"));
        QCoreApplication::quit();
    });
    const bool encrypted = options.network.tls.has_value();
    const QString http = urlOf(encrypted ? QStringLiteral("https") : QStringLiteral("http"),
                               network->address(), network->port());
    const QString windows = urlOf(encrypted ? QStringLiteral("wss") : QStringLiteral("ws"),
                                  network->address(), network->port());
    log.info(QStringLiteral("Listening"),
             {{"address", network->address().toString()}, {"port", qint64(network->port())}});
    if (options.json) {
        printLine(
            QString::fromUtf8(QJsonDocument(QJsonObject{{QStringLiteral("file"), host->name()},
                                                        {QStringLiteral("http"), http},
                                                        {QStringLiteral("sync"), windows},
                                                        {QStringLiteral("port"), network->port()}})
                                  .toJson(QJsonDocument::Compact)));
    } else {
        printLine(ServeText::tr("Serving %1 at %2 (windows: %3)").arg(host->name(), http, windows));
    }

    const auto announcer = options.announce ? announce(*host, *network, options, log) : nullptr;
    manager.ready(ServeText::tr("Serving %1 at %2").arg(host->name(), http));
    const int code = QCoreApplication::exec();
    manager.stopping();
    delete announcer;
    network.reset();
    host->finish();
    // Let the farewells go out.
    QElapsedTimer farewell;
    farewell.start();
    while (host->clientCount() > 0 && farewell.elapsed() < kFarewellMs)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 100);
    if (options.probes) {
        // Qt waits at its end for the names that are looked up: with a name server that does not
        // answer, for half a minute. All that has to be done is done.
        host.reset();
        std::fflush(nullptr);
        ::_exit(code);
    }
    return code;
}

/// The text of what is wrong; nullopt if nothing is.
std::optional<QString> readProbeOptions(const CommandLine &line, ServeOptions *options)
{
    server::Probes::Options probes;
    const auto wrong = [](const QString &option, const QString &value, const QString &hint) {
        return ServeText::tr("--%1 %2: %3").arg(option, value, hint);
    };
    const auto given = [&line](const QString &option) {
        return line.has(option) ? std::optional(line.value(option)) : std::nullopt;
    };
    QStringList names;
    const auto time = [&](const QString &option, int least, int most,
                          int *to) -> std::optional<QString> {
        names.append(option);
        const auto value = given(option);
        if (!value)
            return std::nullopt;
        const auto ms = server::durationMs(*value, least, most);
        if (!ms)
            return wrong(option, *value, ServeText::tr("not a time such as 500ms, 30s or 5m"));
        *to = *ms;
        return std::nullopt;
    };
    const auto count = [&](const QString &option, int most, auto *to) -> std::optional<QString> {
        names.append(option);
        const auto value = given(option);
        if (!value)
            return std::nullopt;
        bool ok = false;
        const int number = value->toInt(&ok);
        if (!ok || number < 1 || number > most)
            return wrong(option, *value, ServeText::tr("not a number from 1 to %1").arg(most));
        *to = number;
        return std::nullopt;
    };
    for (const std::optional<QString> &refused :
         {time(QStringLiteral("probe-interval"), server::kLeastIntervalMs, server::kMostIntervalMs,
               &probes.timing.intervalMs),
          time(QStringLiteral("probe-timeout"), server::kLeastTimeoutMs, server::kMostTimeoutMs,
               &probes.timing.timeoutMs),
          count(QStringLiteral("probe-rise"), server::kMostInARow, &probes.timing.rise),
          count(QStringLiteral("probe-fall"), server::kMostInARow, &probes.timing.fall),
          count(QStringLiteral("probe-parallel"), kMostProbesAtOnce, &probes.atOnce)}) {
        if (refused)
            return refused;
    }
    names.append(QStringLiteral("probe-net"));
    const QStringList networks = line.values(QStringLiteral("probe-net"));
    for (const QString &text : networks) {
        const auto network = QHostAddress::parseSubnet(text);
        if (network.first.isNull() || network.second < 0)
            return wrong(QStringLiteral("probe-net"), text,
                         ServeText::tr("not a network such as 10.0.0.0/8"));
        probes.networks.append({network.first, network.second});
    }
    if (line.has(QStringLiteral("probe"))) {
        options->probes = probes;
        return std::nullopt;
    }
    for (const QString &name : std::as_const(names)) {
        if (line.has(name))
            return ServeText::tr("--%1 needs --probe").arg(name);
    }
    return std::nullopt;
}

} // namespace

int runServe(const QStringList &arguments)
{
    CommandLine line(
        arguments, ServeText::tr("Hosts a board: windows connect to ws://HOST:PORT, programs to "
                                 "http://HOST:PORT/api. Without a file, the board of this user."));
    line.file(QStringLiteral("file"), ServeText::tr("The board; made if it is not there"), false);
    line.option(QStringLiteral("host"), ServeText::tr("Address to listen on (127.0.0.1)"),
                ServeText::tr("address"), QStringLiteral("127.0.0.1"));
    line.option(QStringLiteral("port"),
                ServeText::tr("Port to listen on (%1); 0 takes a free one").arg(kDefaultPort),
                ServeText::tr("port"), QString::number(kDefaultPort));
    line.option(QStringLiteral("demo"), ServeText::tr("Puts the demo board on an empty board"));
    line.option(QStringLiteral("durability"),
                ServeText::tr("full: acknowledged changes survive a loss of power; normal: only "
                              "the end of the program"),
                QStringLiteral("full|normal"), QStringLiteral("full"));
    line.option(QStringLiteral("keep-changes"),
                ServeText::tr("Newest changes that the history keeps in any case (100000)"),
                ServeText::tr("count"), QStringLiteral("100000"));
    line.option(QStringLiteral("keep-days"),
                ServeText::tr("Days for which the history keeps every change (90)"),
                ServeText::tr("days"), QStringLiteral("90"));
    line.option(QStringLiteral("insecure-no-auth"),
                ServeText::tr("Lets everybody in who reaches the port, to do everything, also from "
                              "other machines"));
    line.option(QStringLiteral("require-token"),
                ServeText::tr("Asks for a token also on this machine, and while there are none"));
    line.option(QStringLiteral("tls-cert"),
                ServeText::tr("Encrypts everything (https, wss) with this certificate and its "
                              "chain, PEM; needs --tls-key"),
                ServeText::tr("file"));
    line.option(QStringLiteral("tls-key"),
                ServeText::tr("The key of the certificate, PEM, without a passphrase"),
                ServeText::tr("file"));
    line.option(QStringLiteral("rate-limit"),
                ServeText::tr("Requests of one address a second; 0: no limit (0 on this machine, "
                              "200 beyond it)"),
                ServeText::tr("number"));
    line.option(QStringLiteral("cors-origin"),
                ServeText::tr("Pages of this origin may use the host; may be given again"),
                ServeText::tr("origin"));
    line.option(QStringLiteral("allowed-host"),
                ServeText::tr("A name by which the host may be called while it asks for no token, "
                              "besides localhost and this machine's; may be given again"),
                ServeText::tr("name"));
    line.option(QStringLiteral("probe"),
                ServeText::tr("Asks devices whether they are there, as their property probe says: "
                              "tcp://HOST:PORT, http://HOST/PATH, https://HOST/PATH or "
                              "icmp://HOST, several with spaces between them; {address} and "
                              "{name} stand for the device's own. Their status follows"));
    line.option(QStringLiteral("probe-interval"),
                ServeText::tr("Time between two questions of a probe (30s; 100ms to 24h)"),
                ServeText::tr("time"));
    line.option(QStringLiteral("probe-timeout"),
                ServeText::tr("Time after which no answer is a failure (3s; 50ms to 60s)"),
                ServeText::tr("time"));
    line.option(QStringLiteral("probe-rise"),
                ServeText::tr("Answers in a row that make a device UP (2)"),
                ServeText::tr("count"));
    line.option(QStringLiteral("probe-fall"),
                ServeText::tr("Failures in a row that make a device DOWN (3)"),
                ServeText::tr("count"));
    line.option(QStringLiteral("probe-parallel"),
                ServeText::tr("Probes that may wait for an answer at a time (64)"),
                ServeText::tr("count"));
    line.option(QStringLiteral("probe-net"),
                ServeText::tr("Probes ask addresses of this network only, as 10.0.0.0/8; may be "
                              "given again"),
                ServeText::tr("network"));
    line.option(QStringLiteral("no-announce"),
                ServeText::tr("Does not tell the local network (mDNS) that the host is there; one "
                              "that only this machine reaches never does"));
    line.option(QStringLiteral("log-level"),
                ServeText::tr("What is logged: debug, info, warning or error"),
                ServeText::tr("level"), QStringLiteral("info"));
    line.option(QStringLiteral("quiet"), ServeText::tr("Logs warnings and errors only"));
    line.option(QStringLiteral("json"), ServeText::tr("Logs one JSON object a line"));
    if (const auto code = line.parse())
        return *code;

    ServeOptions options;
    options.json = line.has(QStringLiteral("json"));
    options.demo = line.has(QStringLiteral("demo"));
    options.announce = !line.has(QStringLiteral("no-announce"));
    const auto wrong = [&](const QString &option, const QString &hint) {
        printError(ServeText::tr("--%1 %2: %3").arg(option, line.value(option), hint));
        return Failed;
    };
    const QString host = line.value(QStringLiteral("host"));
    options.address = host == QLatin1String("localhost") ? QHostAddress(QHostAddress::LocalHost)
                                                         : QHostAddress(host);
    if (options.address.isNull())
        return wrong(QStringLiteral("host"), ServeText::tr("not an IP address"));
    bool ok = false;
    options.port = line.value(QStringLiteral("port")).toUShort(&ok);
    if (!ok)
        return wrong(QStringLiteral("port"), ServeText::tr("not a port (0 to 65535)"));
    const QString durability = line.value(QStringLiteral("durability"));
    if (durability == QLatin1String("normal"))
        options.durability = server::Durability::Normal;
    else if (durability != QLatin1String("full"))
        return wrong(QStringLiteral("durability"), ServeText::tr("neither full nor normal"));
    const auto level = server::logLevelFromKey(line.value(QStringLiteral("log-level")));
    if (!level)
        return wrong(QStringLiteral("log-level"), ServeText::tr("not a level"));
    options.level =
        line.has(QStringLiteral("quiet")) ? std::max(*level, server::LogLevel::Warning) : *level;
    options.network.withoutAccessControl = line.has(QStringLiteral("insecure-no-auth"));
    options.network.requireToken = line.has(QStringLiteral("require-token"));
    if (options.network.requireToken && options.network.withoutAccessControl) {
        printError(ServeText::tr("--require-token and --insecure-no-auth exclude each other"));
        return Failed;
    }
    if (line.has(QStringLiteral("tls-cert")) != line.has(QStringLiteral("tls-key"))) {
        printError(ServeText::tr("--tls-cert and --tls-key belong together"));
        return Failed;
    }
    if (line.has(QStringLiteral("tls-cert"))) {
        const auto tls = http::readTls(line.value(QStringLiteral("tls-cert")),
                                       line.value(QStringLiteral("tls-key")));
        if (!tls) {
            printError(tls.error().text);
            return Failed;
        }
        options.network.tls = *tls;
    }
    if (line.has(QStringLiteral("rate-limit"))) {
        const int limit = line.value(QStringLiteral("rate-limit")).toInt(&ok);
        if (!ok || limit < 0)
            return wrong(QStringLiteral("rate-limit"), ServeText::tr("not a number of requests"));
        options.network.requestsPerSecond = limit;
    }
    if (line.has(QStringLiteral("cors-origin"))) {
        options.network.origins.clear();
        for (const QString &text : line.values(QStringLiteral("cors-origin"))) {
            const auto origin = http::Router::originOf(text);
            if (!origin) {
                printError(ServeText::tr("--%1 %2: %3")
                               .arg(QStringLiteral("cors-origin"), text,
                                    ServeText::tr("not an origin, as http://localhost:5173")));
                return Failed;
            }
            options.network.origins.append(*origin);
        }
    }
    options.network.hostNames = line.values(QStringLiteral("allowed-host"));
    for (const QString &name : std::as_const(options.network.hostNames)) {
        if (!http::HostNames::isName(name)) {
            printError(ServeText::tr("--%1 %2: %3")
                           .arg(QStringLiteral("allowed-host"), name,
                                ServeText::tr("not the name of a host")));
            return Failed;
        }
    }
    options.file = line.fileAt(0).isEmpty() ? defaultBoard() : line.fileAt(0);
    if (const auto allowed =
            server::NetworkServer::checkAddress(options.address, options.network, options.file);
        !allowed) {
        printError(allowed.error().text);
        return Failed;
    }
    if (const auto refused = readProbeOptions(line, &options)) {
        printError(*refused);
        return Failed;
    }
    options.keepChanges = line.value(QStringLiteral("keep-changes")).toULongLong(&ok);
    if (!ok || options.keepChanges == 0)
        return wrong(QStringLiteral("keep-changes"), ServeText::tr("not a number above 0"));
    options.keepDays = line.value(QStringLiteral("keep-days")).toLongLong(&ok);
    if (!ok || options.keepDays < 0 || options.keepDays > kMostKeptDays)
        return wrong(QStringLiteral("keep-days"), ServeText::tr("not a number of days"));
    return serve(options);
}

} // namespace patchboard::app
