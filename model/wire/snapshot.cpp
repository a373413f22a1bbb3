#include "model/wire/snapshot.h"

#include "model/core/mutant.h"
#include "model/wire/codec.h"

#include <QCborStreamReader>
#include <QCborStreamWriter>
#include <QCoreApplication>
#include <QtEndian>

#include <cmath>
#include <zstd.h>

namespace patchboard::wire {

namespace {

// [name, version, length, zstd]; inside, an array of byte strings, each a column. Columns come in
// the order in which the functions below put them; new ones are added at the end of the whole.

constexpr QLatin1String kSnapshotName("patchboard-snapshot");
constexpr quint64 kSnapshotVersion = 1;
constexpr QLatin1String kDifferenceName("patchboard-difference");
constexpr quint64 kMaxRawBytes = 1024ULL * 1024 * 1024;

class ColumnOut
{
public:
    void varint(quint64 v)
    {
        char buffer[10];
        int length = 0;
        while (v >= 0x80) {
            buffer[length++] = char(v | 0x80);
            v >>= 7;
        }
        buffer[length++] = char(v);
        m_bytes.append(buffer, length);
    }
    void zigzag(qint64 v) { varint((quint64(v) << 1) ^ quint64(v >> 63)); }
    void byte(quint8 v) { m_bytes.append(char(v)); }
    void real(double v)
    {
        const quint64 bits = qToLittleEndian(std::bit_cast<quint64>(v));
        m_bytes.append(reinterpret_cast<const char *>(&bits), 8);
    }
    void bytes(const QByteArray &v)
    {
        varint(quint64(v.size()));
        m_bytes.append(v);
    }
    void raw(const QByteArray &v) { m_bytes.append(v); }
    [[nodiscard]] QByteArray take() { return std::exchange(m_bytes, {}); }

private:
    QByteArray m_bytes;
};

class ColumnIn
{
public:
    explicit ColumnIn(QByteArray bytes)
        : m_bytes(std::move(bytes))
        , m_at(m_bytes.constData())
        , m_end(m_at + m_bytes.size())
    {
    }
    [[nodiscard]] bool ok() const { return !m_bad; }
    [[nodiscard]] bool done() const { return !m_bad && m_at == m_end; }
    [[nodiscard]] qsizetype left() const { return m_end - m_at; }
    void fail() { m_bad = true; }
    quint64 varint()
    {
        quint64 v = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (m_at == m_end)
                break;
            const quint8 b = quint8(*m_at++);
            v |= quint64(b & 0x7f) << shift;
            if (b < 0x80)
                return v;
        }
        m_bad = true;
        return 0;
    }
    qint64 zigzag()
    {
        const quint64 v = varint();
        return qint64(v >> 1) ^ -qint64(v & 1);
    }
    quint8 byte()
    {
        if (m_at == m_end) {
            m_bad = true;
            return 0;
        }
        return quint8(*m_at++);
    }
    double real()
    {
        if (left() < 8) {
            m_bad = true;
            return 0;
        }
        const double v = std::bit_cast<double>(qFromLittleEndian<quint64>(m_at));
        m_at += 8;
        if (!std::isfinite(v))
            m_bad = true;
        return v;
    }
    QByteArrayView view(quint64 length)
    {
        if (length > quint64(left())) {
            m_bad = true;
            return {};
        }
        const QByteArrayView v(m_at, qsizetype(length));
        m_at += length;
        return v;
    }
    QByteArrayView bytes() { return view(varint()); }

private:
    QByteArray m_bytes;
    const char *m_at;
    const char *m_end;
    bool m_bad = false;
};

void appendUtf8(QByteArray &out, const QString &text)
{
    const qsizetype before = out.size();
    out.resize(before + text.size());
    char *to = out.data() + before;
    for (const QChar c : text) {
        if (c.unicode() >= 0x80) { // rare: start again the long way
            out.resize(before);
            out.append(text.toUtf8());
            return;
        }
        *to++ = char(c.unicode());
    }
}

/// Writes columns, one member of all rows at a time.
template <typename E>
class KindOut
{
public:
    KindOut(QCborStreamWriter &writer, const std::vector<const E *> &rows)
        : m_writer(writer)
        , m_rows(rows)
    {
    }
    template <typename F>
    void each(F write)
    {
        ColumnOut out;
        for (const E *row : m_rows)
            write(out, *row);
        m_writer.append(out.take());
    }
    /// Numbers that are near those of the row before.
    template <typename F>
    void number(F of)
    {
        qint64 before = 0;
        each([&](ColumnOut &out, const E &row) {
            const qint64 v = qint64(of(row));
            out.zigzag(qint64(quint64(v) - quint64(before)));
            before = v;
        });
    }
    template <typename F>
    void octet(F of)
    {
        each([&](ColumnOut &out, const E &row) { out.byte(quint8(of(row))); });
    }
    template <typename F>
    void optionalReal(F of)
    {
        each([&](ColumnOut &out, const E &row) {
            const std::optional<double> &v = of(row);
            out.byte(v ? 1 : 0);
            if (v)
                out.real(*v);
        });
    }
    /// Lengths (0 = null, else 1 + bytes), then all the text.
    template <typename F>
    void text(F of)
    {
        ColumnOut lengths;
        QByteArray words;
        for (const E *row : m_rows) {
            const QString &v = of(*row);
            if (v.isNull()) {
                lengths.varint(0);
                continue;
            }
            const qsizetype before = words.size();
            appendUtf8(words, v);
            lengths.varint(quint64(words.size() - before) + 1);
        }
        ColumnOut out;
        out.bytes(lengths.take());
        out.raw(words);
        m_writer.append(out.take());
    }
    /// Few different texts: a table, and an index into it for each row.
    template <typename F>
    void word(F of)
    {
        QHash<QString, quint64> known;
        ColumnOut table;
        ColumnOut indices;
        for (const E *row : m_rows) {
            const QString &v = of(*row);
            if (v.isNull()) {
                indices.varint(0);
                continue;
            }
            auto it = known.constFind(v);
            if (it == known.cend()) {
                it = known.insert(v, quint64(known.size()) + 1);
                table.bytes(v.toUtf8());
            }
            indices.varint(*it);
        }
        ColumnOut out;
        out.varint(quint64(known.size()));
        out.bytes(table.take());
        out.raw(indices.take());
        m_writer.append(out.take());
    }
    void base()
    {
        number([](const E &e) { return e.id; });
        number([](const E &e) { return e.createdAt; });
        number([](const E &e) { return e.updatedAt; });
        number([](const E &e) { return e.revision; });
        number([](const E &e) { return e.createdRevision; });
        text([](const E &e) -> const QString & { return e.remarks->notes; });
        each([](ColumnOut &out, const E &e) {
            const Properties &properties = e.remarks->properties;
            out.varint(quint64(properties.size()));
            for (auto it = properties.cbegin(); it != properties.cend(); ++it) {
                out.bytes(it.key().toUtf8());
                out.bytes(it.value().toUtf8());
            }
        });
    }
    void state()
    {
        octet([](const E &e) { return e.state.status; });
        octet([](const E &e) { return e.state.override_ ? quint8(*e.state.override_) + 1 : 0; });
        text([](const E &e) -> const QString & { return e.state.overrideInfo->reason; });
        word([](const E &e) -> const QString & { return e.state.overrideInfo->by; });
        number([](const E &e) { return e.state.overrideInfo->at; });
    }

private:
    QCborStreamWriter &m_writer;
    const std::vector<const E *> &m_rows;
};

/// The list of columns, one after the other.
class ColumnSource
{
public:
    explicit ColumnSource(const QByteArray &raw)
        : m_reader(raw)
    {
        m_ok = m_reader.isArray() && m_reader.enterContainer();
    }
    QByteArray next()
    {
        QByteArray column;
        if (!m_ok || !m_reader.hasNext() || !m_reader.isByteArray() || !m_reader.isLengthKnown()) {
            m_ok = false;
            return column;
        }
        // One piece of known length: one read gets it, one more finds its end.
        const auto piece = m_reader.readByteArray();
        m_ok = piece.status == QCborStreamReader::Ok &&
               m_reader.readByteArray().status == QCborStreamReader::EndOfString;
        if (piece.status == QCborStreamReader::EndOfString)
            m_ok = true;
        return piece.data;
    }
    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool hasNext() const { return m_ok && m_reader.hasNext(); }
    void fail() { m_ok = false; }

private:
    QCborStreamReader m_reader;
    bool m_ok = false;
};

template <typename E>
class KindIn
{
public:
    KindIn(ColumnSource &source, std::vector<E> &rows)
        : m_source(source)
        , m_rows(rows)
    {
    }
    template <typename F>
    void each(F read)
    {
        ColumnIn in(m_source.next());
        for (E &row : m_rows) {
            if (!in.ok())
                break;
            read(in, row);
        }
        if (!in.done())
            m_source.fail();
    }
    template <typename F>
    void number(F set)
    {
        quint64 before = 0;
        each([&](ColumnIn &in, E &row) {
            before += quint64(in.zigzag());
            set(row, before);
        });
    }
    /// Refuses values above @a last.
    template <typename F>
    void octet(quint8 last, F set)
    {
        each([&](ColumnIn &in, E &row) {
            const quint8 v = in.byte();
            if (v > last)
                in.fail();
            else
                set(row, v);
        });
    }
    template <typename F>
    void optionalReal(F set)
    {
        each([&](ColumnIn &in, E &row) {
            if (in.byte() != 0)
                set(row, in.real());
        });
    }
    template <typename F>
    void text(F set)
    {
        ColumnIn in(m_source.next());
        const QByteArrayView lengthBytes = in.bytes();
        ColumnIn lengths(QByteArray::fromRawData(lengthBytes.data(), lengthBytes.size()));
        for (E &row : m_rows) {
            const quint64 length = lengths.varint();
            if (!lengths.ok() || !in.ok())
                break;
            if (length > 0)
                set(row, toText(in.view(length - 1)));
        }
        if (!in.done() || !lengths.done())
            m_source.fail();
    }
    template <typename F>
    void word(F set)
    {
        ColumnIn in(m_source.next());
        const quint64 count = in.varint();
        const QByteArrayView tableBytes = in.bytes();
        ColumnIn table(QByteArray::fromRawData(tableBytes.data(), tableBytes.size()));
        std::vector<QString> words(1);
        for (quint64 i = 0; i < count && table.ok(); ++i)
            words.push_back(toText(table.bytes()));
        for (E &row : m_rows) {
            const quint64 index = in.varint();
            if (!in.ok() || index >= words.size()) {
                in.fail();
                break;
            }
            if (index > 0)
                set(row, words[index]);
        }
        if (!in.done() || !table.done())
            m_source.fail();
    }
    void base()
    {
        number([](E &e, quint64 v) { e.id = v; });
        number([](E &e, quint64 v) { e.createdAt = qint64(v); });
        number([](E &e, quint64 v) { e.updatedAt = qint64(v); });
        number([](E &e, quint64 v) { e.revision = v; });
        number([](E &e, quint64 v) { e.createdRevision = v; });
        text([](E &e, QString v) { e.remarks.set(&Remarks::notes, std::move(v)); });
        each([](ColumnIn &in, E &e) {
            quint64 count = in.varint();
            if (count == 0)
                return;
            e.remarks.edit([&](Remarks &remarks) {
                for (; count > 0 && in.ok(); --count) {
                    const QString name = toText(in.bytes());
                    remarks.properties.insert(name, toText(in.bytes()));
                }
            });
        });
    }
    void state()
    {
        octet(quint8(Status::Degraded), [](E &e, quint8 v) { e.state.status = Status(v); });
        octet(quint8(Status::Degraded) + 1, [](E &e, quint8 v) {
            if (v > 0)
                e.state.override_ = Status(v - 1);
        });
        text(
            [](E &e, QString v) { e.state.overrideInfo.set(&OverrideInfo::reason, std::move(v)); });
        word([](E &e, const QString &v) { e.state.overrideInfo.set(&OverrideInfo::by, v); });
        number([](E &e, quint64 v) { e.state.overrideInfo.set(&OverrideInfo::at, qint64(v)); });
    }

private:
    static QString toText(QByteArrayView utf8)
    {
        // Not QString::fromUtf8() of an empty view: that is a null text.
        return utf8.isEmpty() ? QStringLiteral("") : QString::fromUtf8(utf8);
    }
    ColumnSource &m_source;
    std::vector<E> &m_rows;
};

void deviceColumns(KindOut<Device> &out)
{
    out.base();
    out.text([](const Device &e) -> const QString & { return e.name; });
    out.word([](const Device &e) -> const QString & { return e.type; });
    out.state();
    out.each([](ColumnOut &c, const Device &e) { c.real(e.position.x()); });
    out.each([](ColumnOut &c, const Device &e) { c.real(e.position.y()); });
    out.text([](const Device &e) -> const QString & { return e.address; });
    out.optionalReal([](const Device &e) -> const auto & { return e.optics->txPowerDbm; });
    out.optionalReal([](const Device &e) -> const auto & { return e.optics->sensitivityMinDbm; });
    out.optionalReal([](const Device &e) -> const auto & { return e.optics->insertionLossDb; });
    out.number([](const Device &e) { return e.container; });
    out.octet([](const Device &e) { return e.locked; });
}

void deviceColumns(KindIn<Device> &in)
{
    in.base();
    in.text([](Device &e, QString v) { e.name = std::move(v); });
    in.word([](Device &e, const QString &v) { e.type = v; });
    in.state();
    in.each([](ColumnIn &c, Device &e) { e.position.setX(c.real()); });
    in.each([](ColumnIn &c, Device &e) { e.position.setY(c.real()); });
    in.text([](Device &e, QString v) { e.address = std::move(v); });
    in.optionalReal([](Device &e, double v) { e.optics.set(&Optics::txPowerDbm, v); });
    in.optionalReal([](Device &e, double v) { e.optics.set(&Optics::sensitivityMinDbm, v); });
    in.optionalReal([](Device &e, double v) { e.optics.set(&Optics::insertionLossDb, v); });
    in.number([](Device &e, quint64 v) { e.container = v; });
    in.octet(1, [](Device &e, quint8 v) { e.locked = v != 0; });
}

/// What came later; a copy that was made before has none of it.
void lateDeviceColumns(KindOut<Device> &out)
{
    out.optionalReal([](const Device &e) -> const auto & { return e.optics->overloadDbm; });
}

void lateDeviceColumns(KindIn<Device> &in)
{
    in.optionalReal([](Device &e, double v) { e.optics.set(&Optics::overloadDbm, v); });
}

void interfaceColumns(KindOut<Interface> &out)
{
    out.base();
    out.word([](const Interface &e) -> const QString & { return e.name; });
    out.octet([](const Interface &e) { return e.type; });
    out.state();
    out.number([](const Interface &e) { return e.device; });
    out.text([](const Interface &e) -> const QString & { return *e.address; });
}

void interfaceColumns(KindIn<Interface> &in)
{
    in.base();
    in.word([](Interface &e, const QString &v) { e.name = v; });
    in.octet(quint8(InterfaceType::Loopback),
             [](Interface &e, quint8 v) { e.type = InterfaceType(v); });
    in.state();
    in.number([](Interface &e, quint64 v) { e.device = v; });
    in.text([](Interface &e, const QString &v) { e.address = v; });
}

void linkColumns(KindOut<Link> &out)
{
    out.base();
    out.number([](const Link &e) { return e.a; });
    out.number([](const Link &e) { return e.b; });
    out.state();
    out.text([](const Link &e) -> const QString & { return e.details->label; });
    out.optionalReal([](const Link &e) -> const auto & { return e.details->lengthKm; });
    out.word([](const Link &e) -> const QString & { return e.details->mediumId; });
    out.optionalReal([](const Link &e) -> const auto & { return e.details->lossDb; });
}

void linkColumns(KindIn<Link> &in)
{
    in.base();
    in.number([](Link &e, quint64 v) { e.a = v; });
    in.number([](Link &e, quint64 v) { e.b = v; });
    in.state();
    in.text([](Link &e, QString v) { e.details.set(&LinkDetails::label, std::move(v)); });
    in.optionalReal([](Link &e, double v) { e.details.set(&LinkDetails::lengthKm, v); });
    in.word([](Link &e, const QString &v) { e.details.set(&LinkDetails::mediumId, v); });
    in.optionalReal([](Link &e, double v) { e.details.set(&LinkDetails::lossDb, v); });
}

/// Which rows are wanted: all of them, or those that were changed after a revision.
struct Wanted
{
    std::optional<quint64> since;
    [[nodiscard]] bool operator()(const EntityBase &entity) const
    {
        return entity.id != 0 && (!since || entity.revision > *since);
    }
};

template <typename E>
std::vector<const E *> sortedRows(const Topology::Table<E> &table, Wanted wanted)
{
    std::vector<const E *> rows;
    if (!wanted.since)
        rows.reserve(size_t(table.size()));
    for (const E &entity : table.slots()) {
        if (wanted(entity))
            rows.push_back(&entity);
    }
    const auto before = [](const E *a, const E *b) { return a->id < b->id; };
    if (!std::is_sorted(rows.cbegin(), rows.cend(), before))
        std::sort(rows.begin(), rows.end(), before);
    return rows;
}

template <typename E>
void writeKind(QCborStreamWriter &writer, const Topology::Table<E> &table, Wanted wanted,
               void (*columns)(KindOut<E> &))
{
    const std::vector<const E *> rows = sortedRows(table, wanted);
    ColumnOut count;
    count.varint(quint64(rows.size()));
    writer.append(count.take());
    KindOut<E> out(writer, rows);
    columns(out);
}

template <typename E>
void readKind(ColumnSource &source, std::vector<E> &rows, qsizetype rawBytes,
              void (*columns)(KindIn<E> &))
{
    ColumnIn in(source.next());
    const quint64 count = in.varint();
    // Every row takes several bytes of raw columns.
    if (!in.done() || count > quint64(rawBytes) / 8) {
        source.fail();
        return;
    }
    rows.resize(count);
    KindIn<E> kind(source, rows);
    columns(kind);
}

QByteArray writersColumn(const Topology &topology, const QList<EntityId> &ids)
{
    ColumnOut out;
    quint64 entries = 0;
    ColumnOut body;
    EntityId before = 0;
    for (const EntityId id : ids) {
        const QList<FieldWriter> writers = topology.writersOf(id);
        if (writers.isEmpty())
            continue;
        ++entries;
        body.varint(id - before);
        before = id;
        body.varint(quint64(writers.size()));
        for (const FieldWriter &writer : writers) {
            body.varint(quint64(writer.key.field));
            if (writer.key.field == Field::Property)
                body.bytes(writer.key.property.toUtf8());
            body.varint(writer.writer.site);
            body.varint(writer.writer.cseq);
            body.varint(writer.revision);
        }
    }
    out.varint(entries);
    out.raw(body.take());
    return out.take();
}

bool readWriters(ColumnIn in, QHash<EntityId, QList<FieldWriter>> &all)
{
    quint64 entries = in.varint();
    EntityId id = 0;
    for (; entries > 0 && in.ok(); --entries) {
        id += in.varint();
        quint64 count = in.varint();
        QList<FieldWriter> writers;
        for (; count > 0 && in.ok(); --count) {
            FieldWriter writer;
            const quint64 field = in.varint();
            if (field > 0xffff)
                return false;
            writer.key.field = Field(field);
            if (writer.key.field == Field::Property)
                writer.key.property = QString::fromUtf8(in.bytes());
            const quint64 site = in.varint();
            if (site > kMaxSite)
                return false;
            writer.writer.site = SiteId(site);
            writer.writer.cseq = in.varint();
            writer.revision = in.varint();
            writers.append(std::move(writer));
        }
        all.insert(id, std::move(writers));
    }
    return in.done();
}

Error damagedSnapshot()
{
    return {Errc::Protocol, QCoreApplication::translate("Wire", "A copy of a board is damaged")};
}

QByteArray encodeRows(const Topology &topology, Graves graves, Wanted wanted)
{
    QByteArray raw;
    {
        QCborStreamWriter writer(&raw);
        writer.startArray();
        writer.append(encodeEntity(topology.board()));
        {
            ColumnOut types;
            const auto rows = sortedRows(topology.customTypes(), wanted);
            types.varint(quint64(rows.size()));
            for (const CustomType *type : rows)
                types.bytes(encodeEntity(*type));
            writer.append(types.take());
        }
        writeKind(writer, topology.devices(), wanted, deviceColumns);
        writeKind(writer, topology.interfaces(), wanted, interfaceColumns);
        writeKind(writer, topology.links(), wanted, linkColumns);
        QList<EntityId> written;
        if (wanted.since) {
            written.append(kBoardId);
            const auto add = [&](const auto &table) {
                for (const auto *row : sortedRows(table, wanted))
                    written.append(row->id);
            };
            add(topology.customTypes());
            add(topology.devices());
            add(topology.interfaces());
            add(topology.links());
        } else {
            written = topology.writers().keys();
        }
        std::sort(written.begin(), written.end());
        writer.append(writersColumn(topology, written));
        ColumnOut buried;
        if (graves == Graves::Take) {
            auto list = topology.removedEntities();
            std::sort(list.begin(), list.end(), [](const auto &a, const auto &b) {
                return std::pair(a->revision, baseOf(a->entity).id) <
                       std::pair(b->revision, baseOf(b->entity).id);
            });
            buried.varint(quint64(list.size()));
            for (const auto &grave : std::as_const(list)) {
                buried.bytes(encodeEntity(grave->entity));
                buried.bytes(encodeWriters(grave->writers));
                buried.varint(grave->revision);
            }
        } else {
            buried.varint(0);
        }
        writer.append(buried.take());
        const std::vector<const Device *> devices = sortedRows(topology.devices(), wanted);
        KindOut<Device> late(writer, devices);
        lateDeviceColumns(late);
        writer.endArray();
    }
    QByteArray packed;
    packed.resize(qsizetype(ZSTD_compressBound(size_t(raw.size()))));
    const size_t length =
        ZSTD_compress(packed.data(), size_t(packed.size()), raw.constData(), size_t(raw.size()), 1);
    Q_ASSERT(!ZSTD_isError(length)); // the destination is large enough
    packed.resize(qsizetype(length));
    QByteArray out;
    out.reserve(packed.size() + 64);
    QCborStreamWriter writer(&out);
    writer.startArray(4);
    writer.append(kSnapshotName);
    writer.append(kSnapshotVersion);
    writer.append(quint64(raw.size()));
    writer.append(packed);
    writer.endArray();
    return out;
}

Error damagedDifference()
{
    return {Errc::Protocol,
            QCoreApplication::translate("Wire", "What is new on the board arrived damaged")};
}

/// Reads a text of at most 64 bytes, and goes on.
bool readName(QCborStreamReader &reader, QByteArrayView name)
{
    if (!reader.isString() || !reader.isLengthKnown() || reader.length() > 64)
        return false;
    const auto read = reader.readString();
    return read.status == QCborStreamReader::Ok && read.data.toUtf8() == name &&
           reader.readString().status == QCborStreamReader::EndOfString;
}

} // namespace

QByteArray encodeSnapshot(const Topology &topology, Graves graves)
{
    return encodeRows(topology, graves, {});
}

Result<Topology::Contents> decodeSnapshot(QByteArrayView bytes)
{
    QByteArray raw;
    {
        QCborStreamReader reader(bytes.data(), bytes.size());
        if (!reader.isArray() || !reader.isLengthKnown() || !reader.enterContainer() ||
            !readName(reader, kSnapshotName) || !reader.isUnsignedInteger())
            return damagedSnapshot();
        if (reader.toUnsignedInteger() != kSnapshotVersion) {
            return Error{Errc::Protocol,
                         QCoreApplication::translate("Wire", "A copy of a board is of a newer "
                                                             "version than this program")};
        }
        if (!reader.next() || !reader.isUnsignedInteger())
            return damagedSnapshot();
        const quint64 length = reader.toUnsignedInteger();
        if (!reader.next() || !reader.isByteArray() || !reader.isLengthKnown() ||
            reader.length() > quint64(bytes.size()))
            return damagedSnapshot();
        const auto packed = reader.readByteArray();
        if (packed.status != QCborStreamReader::Ok || length > kMaxRawBytes ||
            ZSTD_getFrameContentSize(packed.data.constData(), size_t(packed.data.size())) != length)
            return damagedSnapshot();
        raw.resize(qsizetype(length));
        if (ZSTD_decompress(raw.data(), size_t(raw.size()), packed.data.constData(),
                            size_t(packed.data.size())) != length)
            return damagedSnapshot();
    }

    Topology::Contents contents;
    ColumnSource source(raw);
    const QByteArray boardBytes = source.next();
    if (!source.ok())
        return damagedSnapshot();
    auto board = decodeEntity(boardBytes);
    if (!board || !std::holds_alternative<BoardInfo>(*board))
        return damagedSnapshot();
    contents.board = std::get<BoardInfo>(std::move(*board));
    {
        ColumnIn types(source.next());
        quint64 count = types.varint();
        for (; count > 0 && types.ok(); --count) {
            auto type = decodeEntity(types.bytes());
            if (!type || !std::holds_alternative<CustomType>(*type))
                return damagedSnapshot();
            contents.types.push_back(std::get<CustomType>(std::move(*type)));
        }
        if (!types.done())
            return damagedSnapshot();
    }
    readKind(source, contents.devices, raw.size(), deviceColumns);
    readKind(source, contents.interfaces, raw.size(), interfaceColumns);
    readKind(source, contents.links, raw.size(), linkColumns);
    if (!source.ok() || !readWriters(ColumnIn(source.next()), contents.writers))
        return damagedSnapshot();
    ColumnIn buried(source.next());
    quint64 count = buried.varint();
    for (; count > 0 && buried.ok(); --count) {
        auto entity = decodeEntity(buried.bytes());
        auto writers = decodeWriters(buried.bytes());
        if (!entity || !writers)
            return damagedSnapshot();
        auto grave = std::make_shared<RemovedEntity>();
        grave->entity = std::move(*entity);
        grave->writers = std::move(*writers);
        grave->revision = buried.varint();
        contents.removed.push_back(std::move(grave));
    }
    if (buried.done() && source.hasNext()) {
        KindIn<Device> late(source, contents.devices);
        lateDeviceColumns(late);
    }
    if (!buried.done() || !source.ok())
        return damagedSnapshot();
    return contents;
}

std::optional<QByteArray> encodeDifference(const Topology &topology, quint64 since,
                                           quint64 revision, quint64 logHash, int percent)
{
    if (!topology.remembersRemovedSince(since))
        return std::nullopt;
    const Wanted wanted{since + (mutant(Mutant::DifferenceBeginsLate) ? 1 : 0)};
    const auto count = [wanted](const auto &table) {
        return std::count_if(table.slots().begin(), table.slots().end(), wanted);
    };
    QList<EntityId> gone;
    for (const auto &grave : topology.removedEntities()) {
        if (grave->revision > since && !mutant(Mutant::GoneStay))
            gone.append(baseOf(grave->entity).id);
    }
    const qsizetype changed = count(topology.devices()) + count(topology.interfaces()) +
                              count(topology.links()) + gone.size();
    const qsizetype all =
        topology.devices().size() + topology.interfaces().size() + topology.links().size();
    if (changed > all * percent / 100)
        return std::nullopt;
    std::sort(gone.begin(), gone.end());
    ColumnOut removed;
    removed.varint(quint64(gone.size()));
    EntityId before = 0;
    for (const EntityId id : std::as_const(gone))
        removed.varint(id - std::exchange(before, id));
    QByteArray out;
    QCborStreamWriter writer(&out);
    writer.startArray(7);
    writer.append(kDifferenceName);
    writer.append(kSnapshotVersion);
    writer.append(since);
    writer.append(revision);
    writer.append(logHash);
    writer.append(removed.take());
    writer.append(encodeRows(topology, Graves::Leave, wanted));
    writer.endArray();
    return out;
}

bool isDifference(QByteArrayView bytes)
{
    QCborStreamReader reader(bytes.data(), bytes.size());
    return reader.isArray() && reader.isLengthKnown() && reader.enterContainer() &&
           readName(reader, kDifferenceName);
}

Result<Difference> decodeDifference(QByteArrayView bytes)
{
    QCborStreamReader reader(bytes.data(), bytes.size());
    if (!reader.isArray() || !reader.isLengthKnown() || !reader.enterContainer() ||
        !readName(reader, kDifferenceName))
        return damagedDifference();
    Difference difference;
    quint64 version = 0;
    for (quint64 *number :
         {&version, &difference.since, &difference.revision, &difference.logHash}) {
        if (!reader.isUnsignedInteger())
            return damagedDifference();
        *number = reader.toUnsignedInteger();
        if (!reader.next())
            return damagedDifference();
    }
    if (version != kSnapshotVersion || difference.since >= difference.revision)
        return damagedDifference();
    QByteArray parts[2];
    for (QByteArray &part : parts) {
        if (!reader.isByteArray() || !reader.isLengthKnown() ||
            reader.length() > quint64(bytes.size()))
            return damagedDifference();
        const auto read = reader.readByteArray();
        if (read.status != QCborStreamReader::Ok ||
            reader.readByteArray().status != QCborStreamReader::EndOfString)
            return damagedDifference();
        part = read.data;
    }
    ColumnIn removed(parts[0]);
    quint64 count = removed.varint();
    EntityId id = 0;
    for (; count > 0 && removed.ok(); --count) {
        id += removed.varint();
        difference.gone.append(id);
    }
    if (!removed.done())
        return damagedDifference();
    auto news = decodeSnapshot(parts[1]);
    if (!news)
        return news.error();
    difference.news = std::move(*news);
    return difference;
}

QList<QByteArray> snapshotChunks(const QByteArray &snapshot, qsizetype pieceBytes)
{
    QList<QByteArray> chunks;
    for (qsizetype at = 0; at < snapshot.size(); at += pieceBytes)
        chunks.append(snapshot.mid(at, pieceBytes));
    return chunks;
}

} // namespace patchboard::wire
