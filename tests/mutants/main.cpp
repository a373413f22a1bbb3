#include "model/core/mutant.h"
#include "tests/support/sync/simulation.h"

#include <QCoreApplication>

#include <array>
#include <cstdio>
#include <cstring>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace patchboard;

namespace {

constexpr int kMostSchedules = 20000; ///< of one mutant
constexpr int kSound = 500;           ///< of the engine as it is, which must pass them
constexpr unsigned kHangSeconds = 20; ///< for one schedule

struct Row
{
    Mutant mutant;
    const char *name;
};

#define PATCHBOARD_ROW(name)                                                                       \
    Row                                                                                            \
    {                                                                                              \
        Mutant::name, #name                                                                        \
    }
constexpr std::array kRows{PATCHBOARD_ROW(NoDedupe),
                           PATCHBOARD_ROW(ToldBeforeStored),
                           PATCHBOARD_ROW(LentBeforeStored),
                           PATCHBOARD_ROW(SnapshotBeforeStored),
                           PATCHBOARD_ROW(RefusalIsFree),
                           PATCHBOARD_ROW(OutcomeForgotten),
                           PATCHBOARD_ROW(FailureKept),
                           PATCHBOARD_ROW(OldLineIsHeard),
                           PATCHBOARD_ROW(CopiesShareASite),
                           PATCHBOARD_ROW(BackupNotLifted),
                           PATCHBOARD_ROW(HistoryNotCompared),
                           PATCHBOARD_ROW(TailBeginsLate),
                           PATCHBOARD_ROW(NoTailAfterSnapshot),
                           PATCHBOARD_ROW(ChunksMixed),
                           PATCHBOARD_ROW(GoneStay),
                           PATCHBOARD_ROW(DifferenceBeginsLate),
                           PATCHBOARD_ROW(PeopleStay),
                           PATCHBOARD_ROW(GhostsStay),
                           PATCHBOARD_ROW(PendingLost),
                           PATCHBOARD_ROW(ResentAnew),
                           PATCHBOARD_ROW(CrossedOutWhenSent),
                           PATCHBOARD_ROW(PendingNotTakenBack),
                           PATCHBOARD_ROW(ConfirmedOutOfOrder),
                           PATCHBOARD_ROW(NoCascade),
                           PATCHBOARD_ROW(UnguardedUndo),
                           PATCHBOARD_ROW(SilentConflict),
                           PATCHBOARD_ROW(SilentLoss),
                           PATCHBOARD_ROW(UnseenRemoved),
                           PATCHBOARD_ROW(NoNameFixUp),
                           PATCHBOARD_ROW(CyclesAllowed),
                           PATCHBOARD_ROW(DanglingRestore)};
#undef PATCHBOARD_ROW
static_assert(kRows.size() + 1 == size_t(Mutant::Count), "a mutant is missing");

/// What a child process says; it may die of its fault at any moment.
struct Report
{
    int schedules;
    bool found;
    char what[200];
};

/// Runs schedules until one is wrong. In a process of its own: a fault may end or stop it.
void search(Mutant mutant, int most, Report *report)
{
    report->schedules = 0;
    report->found = false;
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        activeMutant = mutant;
        while (report->schedules < most) {
            ++report->schedules;
            alarm(kHangSeconds);
            const QString wrong = Simulation({quint64(report->schedules), 0, std::nullopt}).run();
            if (wrong.isEmpty())
                continue;
            std::strncpy(report->what, qPrintable(wrong), sizeof(report->what) - 1);
            report->found = true;
            break;
        }
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        report->found = true;
        std::snprintf(report->what, sizeof(report->what), "%s",
                      WTERMSIG(status) == SIGALRM ? "it hangs" : "it crashes");
    }
}

} // namespace

/// Which faults of the engine the simulation finds, and after how many schedules.
int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    void *shared =
        mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 2;
    auto *report = static_cast<Report *>(shared);
    const QString only = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    int missed = 0;
    std::printf("%-22s %9s  %s\n", "Mutant", "Schedules", "Found as");
    for (const Row &row : kRows) {
        if (!only.isEmpty() && only != QLatin1String(row.name))
            continue;
        std::memset(report->what, 0, sizeof(report->what));
        search(row.mutant, kMostSchedules, report);
        missed += !report->found;
        std::printf("%-22s %9d  %s\n", row.name, report->schedules,
                    report->found ? report->what : "NOT FOUND");
    }
    search(Mutant::None, kSound, report);
    std::printf("%-22s %9d  %s\n", "(none)", report->schedules,
                report->found ? report->what : "nothing, as it should be");
    if (missed == 0 && !report->found)
        return 0;
    std::printf("%d mutants were not found%s\n", missed,
                report->found ? ", and the engine itself is not sound" : "");
    return 1;
}
