#pragma once

#include "model/wire/messages.h"

#include <QByteArrayView>

#include <vector>

/// The one codec of everything binary: messages, changes, commits and entities; the log of a store
/// and the journal of a client hold the same bytes. Decoding refuses (Errc::Protocol) and never
/// fills in; unknown keys are skipped. All functions may be called from any thread.
namespace patchboard::wire {

QByteArray encode(const Message &message);
Result<Message> decode(QByteArrayView bytes);

QByteArray encodeChange(const Change &change);
Result<Change> decodeChange(QByteArrayView bytes);

QByteArray encodeCommit(const Commit &commit);
/// The same, put behind what @a bytes holds.
void appendCommit(QByteArray &bytes, const Commit &commit);
Result<Commit> decodeCommit(QByteArrayView bytes);

QByteArray encodeEdits(const QList<Edit> &edits);
Result<QList<Edit>> decodeEdits(QByteArrayView bytes);

/// An entity with everything it has: id, times, revisions, all fields.
QByteArray encodeEntity(const Entity &entity);
Result<Entity> decodeEntity(QByteArrayView bytes);

QByteArray encodeWriters(const QList<FieldWriter> &writers);
Result<QList<FieldWriter>> decodeWriters(QByteArrayView bytes);

QByteArray encodeNotices(const QList<Notice> &notices);
Result<QList<Notice>> decodeNotices(QByteArrayView bytes);

/// A stable 64-bit hash of bytes, the same in every process and release; not for secrets.
quint64 hashBytes(QByteArrayView bytes, quint64 seed = 0);
/// The hash of a log: that of the log before, and the bytes of one more commit. That of an empty
/// log is 0.
inline quint64 extendLogHash(quint64 logHash, QByteArrayView commit)
{
    return hashBytes(commit, logHash);
}

/// An encoded message as frames of at most kMaxFrameBytes: itself, or parts. @a counter numbers the
/// messages that were cut up; one per connection and direction.
QList<QByteArray> toFrames(const QByteArray &message, quint64 &counter);

/// Puts parts together again. One per connection. Parts of a few messages may be under way at once;
/// what is held is never more than the limit.
class Assembler
{
public:
    explicit Assembler(qsizetype limit = kMaxMessageBytes)
        : m_limit(limit)
    {
    }
    /// The message that a frame is, or completes; nullopt if parts are still missing.
    Result<std::optional<Message>> feed(QByteArrayView frame);
    /// What is held of messages that are not complete.
    [[nodiscard]] qsizetype stagedBytes() const { return m_staged; }
    [[nodiscard]] bool isStaging() const { return !m_messages.empty(); }

private:
    struct Staged
    {
        quint64 message = 0;
        quint32 next = 0; ///< index of the part that must come
        quint32 count = 0;
        QByteArray bytes;
    };
    qsizetype m_limit;
    qsizetype m_staged = 0;
    std::vector<Staged> m_messages;
};

} // namespace patchboard::wire
