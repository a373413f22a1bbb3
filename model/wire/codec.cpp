#include "model/wire/codec.h"

#include "model/core/fields.h"

#include <QCborStreamReader>
#include <QCoreApplication>
#include <QtEndian>

#include <algorithm>
#include <cmath>

namespace patchboard::wire {

namespace {

// Every struct is an array of its fields in a fixed order, every message an array that begins with
// the number of its kind. Fields may be added at the end: readers skip what they do not know.

constexpr int kSkipDepth = 16;        ///< nesting of what is skipped
constexpr size_t kMaxInterleaved = 4; ///< messages in parts under way at once

/// A field that came later than its message: of older programs it is missing.
template <typename T>
struct IfThere
{
    T &value;
};

/// CBOR as QCborStreamWriter makes it (RFC 8949: lengths known, integers as short as they go,
/// reals of 64 bits), put straight into the bytes: that one takes a virtual call for every item.
class CborOut
{
public:
    explicit CborOut(QByteArray *bytes)
        : m_bytes(*bytes)
    {
    }

    template <typename... T>
    void fields(const T &...values)
    {
        head(kArray, sizeof...(T));
        (put(values), ...);
    }
    template <typename... T>
    void tagged(quint32 tag, const T &...values)
    {
        head(kArray, sizeof...(T) + 1);
        put(tag);
        (put(values), ...);
    }

    void put(bool v) { m_bytes.append(char(v ? 0xf5 : 0xf4)); }
    void put(quint8 v) { head(kUnsigned, v); }
    void put(quint32 v) { head(kUnsigned, v); }
    void put(quint64 v) { head(kUnsigned, v); }
    void put(qint64 v)
    {
        if (v < 0)
            head(kNegative, ~quint64(v)); // n of -1 - n
        else
            head(kUnsigned, quint64(v));
    }
    void put(double v)
    {
        char real[9] = {char(0xfb)};
        qToBigEndian(v, real + 1);
        m_bytes.append(real, sizeof real);
    }
    void put(const QString &v)
    {
        const QByteArray text = v.toUtf8();
        head(kText, quint64(text.size()));
        m_bytes.append(text);
    }
    void put(const QByteArray &v)
    {
        head(kBytes, quint64(v.size()));
        m_bytes.append(v);
    }
    void put(const QPointF &v) { fields(v.x(), v.y()); }
    void put(const QRectF &v) { fields(v.x(), v.y(), v.width(), v.height()); }
    void put(std::monostate) { m_bytes.append(char(0xf6)); }
    template <typename T>
    requires std::is_enum_v<T>
    void put(T v) { head(kUnsigned, quint64(v)); }
    void put(const FieldKey &v)
    {
        // A property is its name, any other field its number.
        if (v.field == Field::Property)
            put(v.property);
        else
            put(v.field);
    }
    void put(const Value &v)
    {
        std::visit([this](const auto &value) { put(value); }, v);
    }
    template <typename T>
    void put(const std::optional<T> &v)
    {
        if (v)
            put(*v);
        else
            put(std::monostate());
    }
    template <typename A, typename B>
    void put(const std::pair<A, B> &v)
    {
        fields(v.first, v.second);
    }
    template <typename T>
    void put(const QList<T> &list)
    {
        head(kArray, quint64(list.size()));
        for (const T &entry : list)
            put(entry);
    }

    void put(const Writer &v) { fields(v.site, v.cseq); }
    void put(const Error &v) { fields(v.code, v.text); }
    void put(const FieldValue &v) { fields(v.key, v.value); }
    void put(const FieldChange &v) { fields(v.key, v.value, v.ifLast); }
    void put(const FieldWriter &v) { fields(v.key, v.writer, v.revision); }
    void put(const Notice &v)
    {
        fields(v.kind, v.id, v.key, v.text, v.old, v.revision, v.by, v.at);
    }
    void put(const Edit &v)
    {
        if (const auto *create = std::get_if<CreateEntity>(&v))
            tagged(0, create->kind, create->id, create->fields, create->createdAt);
        else if (const auto *set = std::get_if<SetFields>(&v))
            tagged(1, set->id, set->fields);
        else if (const auto *remove = std::get_if<RemoveEntities>(&v))
            tagged(2, remove->ids, remove->withContents);
        else
            tagged(3, std::get<RestoreEntities>(v).ids);
    }
    void put(const Outcome &v)
    {
        fields(v.site, v.cseq, v.revision, v.refusal, v.clash, v.notices);
    }
    void put(const Drag &v) { fields(v.gesture, v.devices); }
    template <typename T>
    void put(const IfThere<T> &v)
    {
        put(v.value);
    }
    void put(const HistoryEntry &v) { fields(v.revision, v.time, v.site, v.author, v.label); }
    void put(const NamedSnapshot &v) { fields(v.id, v.name, v.revision, v.time, v.author); }
    void put(const Presence &v)
    {
        // Three states: absent (false), cleared (null), there.
        const bool looks = v.view || v.following; // news of the second version
        head(kArray, looks ? 5 : 3);
        if (v.pointer)
            put(*v.pointer);
        else
            put(false);
        put(v.selection);
        put(v.drag);
        if (looks) {
            put(v.view);
            put(v.following);
        }
    }
    void put(const PersonNews &v) { fields(v.session, v.left, v.name, v.colour, v.presence); }

private:
    // The major types, in the upper three bits.
    static constexpr quint8 kUnsigned = 0 << 5;
    static constexpr quint8 kNegative = 1 << 5;
    static constexpr quint8 kBytes = 2 << 5;
    static constexpr quint8 kText = 3 << 5;
    static constexpr quint8 kArray = 4 << 5;

    /// What an item begins with: its type, and a number in as few bytes as it needs.
    void head(quint8 type, quint64 number)
    {
        if (number < 24) {
            m_bytes.append(char(type | number));
        } else if (number <= 0xff) {
            const char bytes[] = {char(type | 24), char(number)};
            m_bytes.append(bytes, sizeof bytes);
        } else if (number <= 0xffff) {
            wide(type | 25, quint16(number));
        } else if (number <= 0xffffffff) {
            wide(type | 26, quint32(number));
        } else {
            wide(type | 27, number);
        }
    }
    template <typename T>
    void wide(int first, T number)
    {
        char bytes[1 + sizeof number] = {char(first)};
        qToBigEndian(number, bytes + 1);
        m_bytes.append(bytes, sizeof bytes);
    }

    QByteArray &m_bytes;
};

/// Reads what CborOut wrote. After the first thing that does not fit it is bad, reads nothing more
/// and says so at the end.
class CborIn
{
public:
    explicit CborIn(QByteArrayView bytes)
        : m_reader(bytes.data(), bytes.size())
        , m_size(bytes.size())
    {
    }

    [[nodiscard]] bool ok() const { return !m_bad; }
    /// Nothing may follow.
    [[nodiscard]] bool atEnd()
    {
        return !m_bad && m_reader.currentOffset() == m_size && m_reader.containerDepth() == 0;
    }
    void fail() { m_bad = true; }

    /// Opens an array of at least @a least entries; returns how many.
    quint64 enter(quint64 least, quint64 most)
    {
        if (m_bad || !m_reader.isArray() || !m_reader.isLengthKnown())
            return bad();
        const quint64 length = m_reader.length();
        if (length < least || length > most || length > quint64(left()))
            return bad();
        if (!m_reader.enterContainer())
            return bad();
        return length;
    }
    /// Closes an array, over entries that are not known here.
    void leave()
    {
        while (!m_bad && m_reader.hasNext())
            skip();
        if (!m_bad && !m_reader.leaveContainer())
            m_bad = true;
    }
    template <typename... T>
    void fields(T &...values)
    {
        enter(sizeof...(T), 64);
        rest(values...);
    }
    /// The fields of an array that enter() opened.
    template <typename... T>
    void rest(T &...values)
    {
        (get(values), ...);
        leave();
    }

    void get(bool &v)
    {
        if (m_bad || !m_reader.isBool())
            return void(bad());
        v = m_reader.toBool();
        next();
    }
    void get(quint64 &v)
    {
        if (m_bad || !m_reader.isUnsignedInteger())
            return void(bad());
        v = m_reader.toUnsignedInteger();
        next();
    }
    void get(quint32 &v)
    {
        quint64 wide = 0;
        get(wide);
        if (wide > 0xffffffffU)
            m_bad = true;
        v = quint32(wide);
    }
    void get(qint64 &v)
    {
        if (m_bad || !m_reader.isInteger())
            return void(bad());
        if (m_reader.isUnsignedInteger()) {
            const quint64 wide = m_reader.toUnsignedInteger();
            if (wide > quint64(std::numeric_limits<qint64>::max()))
                return void(bad());
            v = qint64(wide);
        } else {
            // The encoded number is n of -1 - n, so 0 stands for 2^64.
            const quint64 n = quint64(m_reader.toNegativeInteger());
            if (n == 0 || n > quint64(1) << 63)
                return void(bad());
            v = qint64(-n);
        }
        next();
    }
    void get(double &v)
    {
        if (m_bad || !m_reader.isDouble())
            return void(bad());
        v = m_reader.toDouble();
        if (!std::isfinite(v))
            m_bad = true;
        next();
    }
    void get(QString &v) { text(v, kMaxTextBytes); }
    void text(QString &v, qsizetype most)
    {
        if (m_bad || !m_reader.isString() || !fits(most))
            return void(bad());
        // fits(): there is one piece, and then the end of it.
        v = QString();
        auto piece = m_reader.readString();
        if (piece.status == QCborStreamReader::Ok) {
            v = std::move(piece.data);
            piece = m_reader.readString();
        }
        if (piece.status != QCborStreamReader::EndOfString)
            m_bad = true;
        if (v.isNull())
            v = QLatin1String("");
    }
    void get(QByteArray &v)
    {
        if (m_bad || !m_reader.isByteArray() || !fits(kMaxMessageBytes))
            return void(bad());
        v = QByteArray();
        auto piece = m_reader.readByteArray();
        if (piece.status == QCborStreamReader::Ok) {
            v = std::move(piece.data);
            piece = m_reader.readByteArray();
        }
        if (piece.status != QCborStreamReader::EndOfString)
            m_bad = true;
        if (v.isNull())
            v = QByteArray("");
    }
    void get(QPointF &v)
    {
        double x = 0;
        double y = 0;
        fields(x, y);
        v = {x, y};
    }
    /// One that has an area.
    void get(QRectF &v)
    {
        double x = 0;
        double y = 0;
        double width = 0;
        double height = 0;
        fields(x, y, width, height);
        v = {x, y, width, height};
        if (!(width > 0 && height > 0))
            m_bad = true;
    }
    /// An enumeration whose last value is @a last.
    template <typename T>
    void enumeration(T &v, T last)
    {
        quint64 number = 0;
        get(number);
        if (number > quint64(last))
            m_bad = true;
        else
            v = T(number);
    }
    void get(Errc &v) { enumeration(v, Errc::Unauthorized); }
    void get(EntityKind &v) { enumeration(v, EntityKind::DeviceType); }
    void get(Notice::Kind &v) { enumeration(v, Notice::Kind::Moved); }
    void get(CatchUp &v) { enumeration(v, CatchUp::Difference); }
    void get(FieldKey &v)
    {
        if (!m_bad && m_reader.isString()) {
            v.field = Field::Property;
            get(v.property);
            return;
        }
        quint64 number = 0;
        get(number);
        if (number == 0 || number > 0xffffU || number == quint64(Field::Property))
            m_bad = true;
        else
            v = Field(number);
    }
    void get(Value &v)
    {
        if (m_bad)
            return;
        if (m_reader.isNull()) {
            v = std::monostate();
            next();
        } else if (m_reader.isBool()) {
            v = m_reader.toBool();
            next();
        } else if (m_reader.isInteger()) {
            qint64 number = 0;
            get(number);
            v = number;
        } else if (m_reader.isDouble()) {
            double number = 0;
            get(number);
            v = number;
        } else if (m_reader.isArray()) {
            QPointF place;
            get(place);
            v = place;
        } else {
            QString words;
            get(words);
            v = words;
        }
    }
    template <typename T>
    void get(std::optional<T> &v)
    {
        if (!m_bad && m_reader.isNull()) {
            v.reset();
            next();
            return;
        }
        T value{};
        get(value);
        v = std::move(value);
    }
    template <typename A, typename B>
    void get(std::pair<A, B> &v)
    {
        fields(v.first, v.second);
    }
    template <typename T>
    void get(QList<T> &list)
    {
        get(list, kMaxListed);
    }
    template <typename T>
    void get(QList<T> &list, qsizetype most)
    {
        quint64 count = enter(0, quint64(most));
        list.clear();
        for (; count > 0 && !m_bad; --count) {
            T entry{};
            get(entry);
            if (!m_bad)
                list.append(std::move(entry));
        }
        leave();
    }

    void get(Writer &v) { fields(v.site, v.cseq); }
    void get(Error &v) { fields(v.code, v.text); }
    void get(FieldValue &v) { fields(v.key, v.value); }
    void get(FieldChange &v) { fields(v.key, v.value, v.ifLast); }
    void get(FieldWriter &v) { fields(v.key, v.writer, v.revision); }
    void get(Notice &v)
    {
        // Those of the first versions end before the other change.
        if (enter(5, 64) < 8)
            rest(v.kind, v.id, v.key, v.text, v.old);
        else
            rest(v.kind, v.id, v.key, v.text, v.old, v.revision, v.by, v.at);
    }
    void get(Edit &v)
    {
        enter(1, 64);
        quint32 kind = 0;
        get(kind);
        switch (kind) {
        case 0: {
            CreateEntity create;
            rest(create.kind, create.id, create.fields, create.createdAt);
            v = std::move(create);
            break;
        }
        case 1: {
            SetFields set;
            rest(set.id, set.fields);
            v = std::move(set);
            break;
        }
        case 2: {
            RemoveEntities remove;
            rest(remove.ids, remove.withContents);
            v = std::move(remove);
            break;
        }
        case 3: {
            RestoreEntities restore;
            rest(restore.ids);
            v = std::move(restore);
            break;
        }
        default:
            m_bad = true;
        }
    }
    void get(Outcome &v) { fields(v.site, v.cseq, v.revision, v.refusal, v.clash, v.notices); }
    template <typename T>
    void get(IfThere<T> &v)
    {
        if (!m_bad && m_reader.hasNext())
            get(v.value);
    }
    void get(HistoryEntry &v) { fields(v.revision, v.time, v.site, v.author, v.label); }
    void get(NamedSnapshot &v) { fields(v.id, v.name, v.revision, v.time, v.author); }
    void get(Drag &v)
    {
        enter(2, 64);
        get(v.gesture);
        get(v.devices, kMaxPresenceIds);
        leave();
    }
    void get(Presence &v)
    {
        enter(3, 64);
        if (!m_bad && m_reader.isBool()) {
            bool there = true;
            get(there);
            if (there)
                m_bad = true;
        } else {
            std::optional<QPointF> pointer;
            get(pointer);
            v.pointer = pointer;
        }
        get(v.selection);
        if (v.selection && v.selection->size() > kMaxPresenceIds)
            m_bad = true;
        get(v.drag);
        if (!m_bad && m_reader.hasNext())
            get(v.view);
        if (!m_bad && m_reader.hasNext())
            get(v.following);
        leave();
    }
    void get(PersonNews &v) { fields(v.session, v.left, v.name, v.colour, v.presence); }

private:
    quint64 bad()
    {
        m_bad = true;
        return 0;
    }
    void next()
    {
        if (!m_bad && !m_reader.next())
            m_bad = true;
    }
    void skip()
    {
        if (!m_bad && !m_reader.next(kSkipDepth))
            m_bad = true;
    }
    [[nodiscard]] qint64 left() const { return m_size - m_reader.currentOffset(); }
    /// The text or bytes at hand are of one piece, not longer than @a most, and all there.
    [[nodiscard]] bool fits(qsizetype most) const
    {
        return m_reader.isLengthKnown() && m_reader.length() <= quint64(most) &&
               m_reader.length() <= quint64(left());
    }

    QCborStreamReader m_reader;
    qint64 m_size;
    bool m_bad = false;
};

/// The texts of this file; lupdate knows their context by it.
struct CodecText
{
    Q_DECLARE_TR_FUNCTIONS(Wire)
};

Error malformedMessage()
{
    return Error{Errc::Protocol, CodecText::tr("A message does not follow the protocol")};
}

Error malformedRecord()
{
    return Error{Errc::Protocol, CodecText::tr("A record is damaged or of a newer version")};
}

template <typename T>
IfThere<T> ifThere(T &value)
{
    return {value};
}

// The fields of each struct, once for both directions.

template <typename Archive, typename M>
auto messageFields(Archive &&archive, M &m)
{
    using T = std::remove_const_t<M>;
    if constexpr (std::is_same_v<T, Welcome>)
        archive(m.protocol, m.epoch, m.site, m.lastCseq, m.oldLastCseq, m.session, m.revision,
                m.logHash, m.server, m.title, m.catchUp, m.readOnly, ifThere(m.features));
    else if constexpr (std::is_same_v<T, Hello>)
        archive(m.protocolMin, m.protocolMax, m.schema, m.features, m.token, m.profile, m.site,
                m.resume, m.lastAcked, m.lastIssued, m.author, m.epoch, m.revision, m.logHash,
                m.snapshotHash, m.snapshotChunks, m.anew);
    else if constexpr (std::is_same_v<T, SnapshotChunk>)
        archive(m.revision, m.logHash, m.hash, m.index, m.count, m.bytes);
    else if constexpr (std::is_same_v<T, Commits>)
        archive(m.commits, m.digestRevision, m.digest);
    else if constexpr (std::is_same_v<T, Submit>)
        archive(m.change);
    else if constexpr (std::is_same_v<T, Outcomes>)
        archive(m.outcomes);
    else if constexpr (std::is_same_v<T, Want>)
        archive(m.cseq);
    else if constexpr (std::is_same_v<T, Presence>)
        archive(m);
    else if constexpr (std::is_same_v<T, People>)
        archive(m.all, m.people);
    else if constexpr (std::is_same_v<T, Ping> || std::is_same_v<T, Pong>)
        archive(m.nonce);
    else if constexpr (std::is_same_v<T, Failure>)
        archive(m.error, m.retryAfter, m.fatal);
    else if constexpr (std::is_same_v<T, Bye>)
        archive(m.reason);
    else if constexpr (std::is_same_v<T, HistoryAsk>)
        archive(m.request, m.before, m.limit, m.text);
    else if constexpr (std::is_same_v<T, HistoryPage>)
        archive(m.request, m.entries, m.next, m.oldest, m.error);
    else if constexpr (std::is_same_v<T, BoardAsk>)
        archive(m.request, m.revision, m.index);
    else if constexpr (std::is_same_v<T, BoardPiece>)
        archive(m.request, m.revision, m.hash, m.index, m.count, m.bytes, m.error);
    else if constexpr (std::is_same_v<T, SnapshotEdit>)
        archive(m.request, m.id, m.name, m.revision);
    else if constexpr (std::is_same_v<T, NamedSnapshots>)
        archive(m.request, m.snapshots, m.error);
    else
        archive(m.message, m.index, m.count, m.bytes);
}

template <typename Archive, typename C>
void changeFields(Archive &&archive, C &c)
{
    archive(c.site, c.cseq, c.base, c.gesture, c.author, c.label, c.edits);
}

template <typename Archive, typename C>
void commitFields(Archive &&archive, C &c)
{
    archive(c.revision, c.time, c.site, c.cseq, c.gesture, c.author, c.label, c.edits, c.bodyHash,
            c.base);
}

bool isShort(const QString &text)
{
    return text.size() <= kMaxShortText;
}

/// Bounds that are not those of the type.
bool isSound(const Hello &m)
{
    return m.features.size() <= kMaxFeatures &&
           std::all_of(m.features.cbegin(), m.features.cend(), isShort) && isShort(m.token) &&
           isShort(m.profile) && isShort(m.author) && isShort(m.epoch) && m.site <= kMaxSite;
}
bool isSound(const Welcome &m)
{
    return isShort(m.epoch) && m.site <= kMaxSite && m.features.size() <= kMaxFeatures &&
           std::all_of(m.features.cbegin(), m.features.cend(), isShort);
}
bool isSound(const HistoryAsk &m)
{
    return m.limit > 0 && m.limit <= kMaxPage && isShort(m.text);
}
bool isSound(const HistoryPage &m)
{
    return m.entries.size() <= qsizetype(kMaxPage);
}
bool isSound(const BoardPiece &m)
{
    return (m.error || m.index < m.count) && m.bytes.size() <= kMaxPartBytes;
}
bool isSound(const SnapshotEdit &m)
{
    return isShort(m.name);
}
bool isSound(const NamedSnapshots &m)
{
    return m.snapshots.size() <= kMaxSnapshots;
}
bool isSound(const SnapshotChunk &m)
{
    return m.index < m.count && m.bytes.size() <= kMaxPartBytes;
}
bool isSound(const Part &m)
{
    return m.index < m.count && m.count > 1 && m.bytes.size() <= kMaxPartBytes;
}
template <typename M>
bool isSound(const M &)
{
    return true;
}

template <size_t index = 0>
Result<Message> decodeKind(CborIn &in, quint32 kind)
{
    if constexpr (index < std::variant_size_v<Message>) {
        if (kind != index)
            return decodeKind<index + 1>(in, kind);
        std::variant_alternative_t<index, Message> message;
        messageFields([&in](auto &&...values) { in.rest(values...); }, message);
        if (!in.atEnd() || !isSound(message))
            return malformedMessage();
        return Message(std::move(message));
    } else {
        return malformedMessage();
    }
}

template <typename T>
Result<T> decodeWhole(QByteArrayView bytes)
{
    CborIn in(bytes);
    T value{};
    in.get(value);
    if (!in.atEnd())
        return malformedRecord();
    return value;
}

template <typename T>
QByteArray encodeWhole(const T &value)
{
    QByteArray bytes;
    CborOut out(&bytes);
    out.put(value);
    return bytes;
}

} // namespace

QByteArray encode(const Message &message)
{
    QByteArray bytes;
    CborOut out(&bytes);
    std::visit(
        [&](const auto &m) {
            messageFields(
                [&](const auto &...values) { out.tagged(quint32(message.index()), values...); }, m);
        },
        message);
    return bytes;
}

Result<Message> decode(QByteArrayView bytes)
{
    CborIn in(bytes);
    in.enter(1, 64);
    quint32 kind = 0;
    in.get(kind);
    if (!in.ok())
        return malformedMessage();
    return decodeKind(in, kind);
}

QByteArray encodeChange(const Change &change)
{
    QByteArray bytes;
    CborOut out(&bytes);
    changeFields([&out](const auto &...values) { out.fields(values...); }, change);
    return bytes;
}

Result<Change> decodeChange(QByteArrayView bytes)
{
    CborIn in(bytes);
    Change change;
    changeFields([&in](auto &...values) { in.fields(values...); }, change);
    if (!in.atEnd() || change.site > kMaxSite)
        return malformedRecord();
    return change;
}

QByteArray encodeCommit(const Commit &commit)
{
    QByteArray bytes;
    appendCommit(bytes, commit);
    return bytes;
}

void appendCommit(QByteArray &bytes, const Commit &commit)
{
    CborOut out(&bytes);
    commitFields([&out](const auto &...values) { out.fields(values...); }, commit);
}

Result<Commit> decodeCommit(QByteArrayView bytes)
{
    CborIn in(bytes);
    Commit commit;
    if (in.enter(9, 64) == 9) {
        // Of the first versions, which did not keep what the author had seen: everything, then.
        in.rest(commit.revision, commit.time, commit.site, commit.cseq, commit.gesture,
                commit.author, commit.label, commit.edits, commit.bodyHash);
        commit.base = commit.revision - 1;
    } else {
        commitFields([&in](auto &...values) { in.rest(values...); }, commit);
    }
    if (!in.atEnd() || commit.site > kMaxSite)
        return malformedRecord();
    return commit;
}

QByteArray encodeEdits(const QList<Edit> &edits)
{
    return encodeWhole(edits);
}

Result<QList<Edit>> decodeEdits(QByteArrayView bytes)
{
    return decodeWhole<QList<Edit>>(bytes);
}

QByteArray encodeEntity(const Entity &entity)
{
    QByteArray bytes;
    CborOut out(&bytes);
    const EntityBase &base = baseOf(entity);
    out.fields(kindOf(entity), base.id, base.createdAt, base.updatedAt, base.revision,
               base.createdRevision, fieldsOf(entity));
    return bytes;
}

Result<Entity> decodeEntity(QByteArrayView bytes)
{
    CborIn in(bytes);
    EntityKind kind{};
    EntityBase base;
    QList<FieldValue> fields;
    in.fields(kind, base.id, base.createdAt, base.updatedAt, base.revision, base.createdRevision,
              fields);
    if (!in.atEnd() || base.id > kMaxEntityId)
        return malformedRecord();
    Entity entity = makeEntity(kind, base.id);
    for (const FieldValue &field : std::as_const(fields)) {
        if (field.key.field == Field::Property) {
            if (!checkProperty(field.key.property, field.value))
                return malformedRecord();
        } else {
            const FieldInfo *info = fieldInfo(kind, field.key.field);
            // A board without a title yet is sound, although nobody may take a title away.
            if (!info ||
                (!checkValue(*info, field.value) && field.value != fieldOf(entity, field.key)))
                return malformedRecord();
        }
        setField(entity, field.key, field.value);
    }
    EntityBase &target = baseOf(entity);
    target.createdAt = base.createdAt;
    target.updatedAt = base.updatedAt;
    target.revision = base.revision;
    target.createdRevision = base.createdRevision;
    return entity;
}

QByteArray encodeWriters(const QList<FieldWriter> &writers)
{
    return encodeWhole(writers);
}

Result<QList<FieldWriter>> decodeWriters(QByteArrayView bytes)
{
    return decodeWhole<QList<FieldWriter>>(bytes);
}

QByteArray encodeNotices(const QList<Notice> &notices)
{
    return encodeWhole(notices);
}

Result<QList<Notice>> decodeNotices(QByteArrayView bytes)
{
    return decodeWhole<QList<Notice>>(bytes);
}

quint64 hashBytes(QByteArrayView bytes, quint64 seed)
{
    // Words of 8 bytes, little-endian, each folded in with the splitmix64 finaliser.
    const auto fold = [](quint64 x) {
        x ^= x >> 30;
        x *= 0xbf58476d1ce4e5b9ULL;
        x ^= x >> 27;
        x *= 0x94d049bb133111ebULL;
        return x ^ (x >> 31);
    };
    quint64 hash = fold(seed + 0x9e3779b97f4a7c15ULL + quint64(bytes.size()));
    qsizetype at = 0;
    for (; at + 8 <= bytes.size(); at += 8)
        hash = fold(hash ^ qFromLittleEndian<quint64>(bytes.data() + at));
    quint64 last = 0;
    for (int shift = 0; at < bytes.size(); ++at, shift += 8)
        last |= quint64(quint8(bytes[at])) << shift;
    return fold(hash ^ last);
}

QList<QByteArray> toFrames(const QByteArray &message, quint64 &counter)
{
    if (message.size() <= kMaxPartBytes * 2)
        return {message};
    QList<QByteArray> frames;
    Part part;
    part.message = ++counter;
    part.count = quint32((message.size() + kMaxPartBytes - 1) / kMaxPartBytes);
    for (; part.index < part.count; ++part.index) {
        part.bytes = message.mid(qsizetype(part.index) * kMaxPartBytes, kMaxPartBytes);
        frames.append(encode(part));
    }
    return frames;
}

Result<std::optional<Message>> Assembler::feed(QByteArrayView frame)
{
    if (frame.size() > kMaxFrameBytes)
        return Error{Errc::Protocol, CodecText::tr("A message is too long")};
    auto message = decode(frame);
    if (!message)
        return message.error();
    const auto *part = std::get_if<Part>(&*message);
    if (!part)
        return std::optional<Message>(std::move(*message));
    auto staged = std::find_if(m_messages.begin(), m_messages.end(), [part](const Staged &each) {
        return each.message == part->message;
    });
    if (staged == m_messages.end()) {
        if (part->index != 0 || m_messages.size() == kMaxInterleaved)
            return malformedMessage();
        staged = m_messages.insert(staged, {part->message, 0, part->count, {}});
    } else if (part->count != staged->count || part->index != staged->next) {
        return malformedMessage();
    }
    if (m_staged + part->bytes.size() > m_limit)
        return Error{Errc::TooLarge, CodecText::tr("A message is too long")};
    staged->bytes += part->bytes;
    m_staged += part->bytes.size();
    if (++staged->next < staged->count)
        return std::optional<Message>();
    const QByteArray bytes = std::move(staged->bytes);
    m_messages.erase(staged);
    m_staged -= bytes.size();
    auto whole = decode(bytes);
    if (!whole)
        return whole.error();
    if (std::holds_alternative<Part>(*whole))
        return malformedMessage();
    return std::optional<Message>(std::move(*whole));
}

} // namespace patchboard::wire
