#include "model/core/edits.h"
#include "model/sync/syncclient.h"

#include <QCoreApplication>

#include <cstdio>

using namespace patchboard;

/// A window without a window, for tests that kill it: edits offline for ever, and says each edit's
/// number as soon as submit() has kept it. Arguments: folder and name of the journal, a number.
int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 4)
        return 2;
    SyncClient::Options options;
    options.transport = [] { return std::unique_ptr<Transport>(); };
    options.author = QStringLiteral("Ann");
    options.journalFolder = arguments.at(1);
    options.journalName = arguments.at(2);
    options.startOffline = true;
    SyncClient client(options);
    if (!client.status().ready || !client.journalError().isEmpty()) {
        std::fprintf(stderr, "not ready: %s\n", qPrintable(client.journalError()));
        return 1;
    }
    for (int i = 0;; ++i) {
        const auto edits = edits::createDevice(
            client.topology(),
            {QStringLiteral("R%1").arg(i), QStringLiteral("ROUTER"), {}, 0, true},
            [&client] { return client.newId(); });
        if (!client.submit(edits, QStringLiteral("edit %1-%2").arg(arguments.at(3)).arg(i)))
            return 1;
        std::printf("%d\n", i);
        std::fflush(stdout);
    }
}
