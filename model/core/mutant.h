#pragma once

#include <QtGlobal>

namespace patchboard {

/// Faults that are put into the engine on purpose, one at a time, to prove that the simulation
/// would notice them (docs/sync.md). They exist in a build with PATCHBOARD_MUTANTS alone, and never
/// in a release: elsewhere mutant() is false while compiling, and nothing of them is left.
enum class Mutant : quint8 {
    None,
    NoDedupe,             ///< a change that comes again is carried out again
    ToldBeforeStored,     ///< acknowledged and shown before the transaction
    LentBeforeStored,     ///< a site is lent before its lease is durable
    SnapshotBeforeStored, ///< a snapshot shows what is not yet durable
    RefusalIsFree,        ///< a refusal does not use its number up
    OutcomeForgotten,     ///< how a change ended is not stored
    FailureKept,          ///< what could not be stored stays on the host's board
    OldLineIsHeard,       ///< the connection before is not ended by a new Hello
    CopiesShareASite,     ///< two copies of a profile number as one
    BackupNotLifted,      ///< a restored host goes back in the numbers that it has acknowledged
    HistoryNotCompared,   ///< the tail is sent to a copy with another history
    TailBeginsLate,       ///< the first change of a tail is left out
    NoTailAfterSnapshot,  ///< what came while a snapshot was sent is left out
    ChunksMixed,          ///< a snapshot is resumed although it is another one
    GoneStay,             ///< a difference says nothing of what was removed
    DifferenceBeginsLate, ///< a difference leaves out the first change that it is about
    PeopleStay,           ///< presence outlives its connection
    GhostsStay,           ///< a live drag without news is kept for ever
    PendingLost,          ///< the newest pending change does not survive a reconnect
    ResentAnew,           ///< a change that is sent again has other bytes
    CrossedOutWhenSent,   ///< the journal forgets what is sent and not yet acknowledged
    PendingNotTakenBack,  ///< others' changes are applied on top of the pending ones they meet
    ConfirmedOutOfOrder,  ///< a change is confirmed as it was applied, on top of undecided ones
    NoCascade,            ///< a device goes, its links stay
    UnguardedUndo,        ///< undo does not look at who wrote last
    SilentConflict,       ///< whoever replaces a value that they had not seen is not told
    SilentLoss,           ///< whose value was replaced by somebody who had not seen it is not told
    UnseenRemoved,        ///< a container takes along what its remover had not seen
    NoNameFixUp,          ///< a name that is taken is a reason to refuse
    CyclesAllowed,        ///< a container may lie in what it holds
    DanglingRestore,      ///< a link comes back without its ends
    Count
};

#ifdef PATCHBOARD_MUTANTS
inline Mutant activeMutant = Mutant::None;
inline bool mutant(Mutant fault)
{
    return activeMutant == fault;
}
#else
constexpr bool mutant(Mutant)
{
    return false;
}
#endif

} // namespace patchboard
