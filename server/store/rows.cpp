#include "server/store/rows.h"

#include "model/wire/codec.h"
#include "server/store/sqlitestore.h"

#include <QSqlError>

#include <algorithm>

namespace patchboard::server {

namespace {

/// @a take(id, set): of an edit of a commit; set is nullptr for what is made or removed.
template <typename Take>
void forEachTouched(const Commit &commit, Take take)
{
    for (const Edit &edit : commit.edits) {
        if (const auto *create = std::get_if<CreateEntity>(&edit)) {
            take(create->id, nullptr);
        } else if (const auto *set = std::get_if<SetFields>(&edit)) {
            take(set->id, set);
        } else if (const auto *remove = std::get_if<RemoveEntities>(&edit)) {
            for (const EntityId id : remove->ids)
                take(id, nullptr);
        }
    }
}

} // namespace

Rows::Rows(SqliteConnection &connection)
    : m_connection(connection)
    , m_upsert{connection.query(), connection.query(), connection.query(), connection.query(),
               connection.query()}
    , m_drop{connection.query(), connection.query(), connection.query(), connection.query(),
             connection.query()}
    , m_writer(connection.query())
    , m_dropWriters(connection.query())
    , m_bury(connection.query())
    , m_exhume(connection.query())
    , m_mark(connection.query())
{
}

Result<void> Rows::prepare(quint64 revision)
{
    m_revision = m_newest = revision;
    const std::pair<QSqlQuery *, QString> fixed[] = {
        {&m_writer, QStringLiteral("INSERT OR REPLACE INTO \"field_writers\" (\"id\", \"field\", "
                                   "\"property\", \"site\", \"cseq\", \"revision\") "
                                   "VALUES (?, ?, ?, ?, ?, ?)")},
        {&m_dropWriters, QStringLiteral("DELETE FROM \"field_writers\" WHERE \"id\" = ?")},
        {&m_bury, QStringLiteral("INSERT OR REPLACE INTO \"removed\" (\"id\", \"kind\", "
                                 "\"revision\", \"entity\", \"writers\") VALUES (?, ?, ?, ?, ?)")},
        {&m_exhume, QStringLiteral("DELETE FROM \"removed\" WHERE \"id\" = ?")},
        {&m_mark, QStringLiteral("INSERT OR REPLACE INTO \"meta\" (\"key\", \"value\") "
                                 "VALUES ('rows_revision', ?)")},
    };
    for (const auto &[query, sql] : fixed) {
        if (auto ok = m_connection.prepare(*query, sql); !ok)
            return ok;
    }
    for (const EntityTable &table : entityTables()) {
        const auto kind = size_t(table.kind);
        if (auto ok = m_connection.prepare(m_upsert[kind], table.upsertStatement()); !ok)
            return ok;
        if (auto ok = m_connection.prepare(
                m_drop[kind],
                QStringLiteral("DELETE FROM \"%1\" WHERE \"id\" = ?").arg(table.name));
            !ok)
            return ok;
    }
    return {};
}

void Rows::touch(const Commit &commit)
{
    m_newest = commit.revision;
    forEachTouched(commit, [this](EntityId id, const SetFields *set) {
        Touched &entry = m_touched[id];
        entry.all = entry.all || !set;
        for (qsizetype i = 0; !entry.all && i < set->fields.size(); ++i) {
            const FieldKey &key = set->fields[i].key;
            if (entry.fields.contains(key))
                continue;
            entry.fields.append(key);
            entry.all = entry.fields.size() > kFieldsApart;
        }
        if (entry.all)
            entry.fields = {};
    });
}

Result<bool> Rows::write(const Topology &topology, qsizetype most)
{
    if (m_order.empty()) {
        if (m_newest == m_revision)
            return false;
        // In the order of the tables: rows are appended, not inserted all over them.
        m_order.reserve(size_t(m_touched.size()));
        for (auto it = m_touched.begin(); it != m_touched.end(); ++it)
            m_order.emplace_back(it.key(), std::move(it.value()));
        m_touched.clear();
        std::sort(m_order.begin(), m_order.end(),
                  [](const auto &a, const auto &b) { return a.first > b.first; });
        m_round = m_newest;
    }
    Transaction transaction(m_connection);
    if (auto ok = transaction.begin(); !ok)
        return ok.error();
    const auto count = std::min(size_t(most), m_order.size());
    for (size_t i = m_order.size(); i > m_order.size() - count; --i) {
        if (auto ok = writeOne(m_order[i - 1].first, m_order[i - 1].second, topology); !ok)
            return ok.error();
    }
    const bool complete = count == m_order.size();
    if (complete) {
        if (auto ok = m_connection.execute(m_mark, {QString::number(m_round)}); !ok)
            return ok.error();
    }
    if (auto ok = transaction.commit(); !ok)
        return ok.error();
    m_order.resize(m_order.size() - count);
    if (complete) {
        m_order.shrink_to_fit();
        m_revision = m_round;
    }
    return isBehind();
}

Result<void> Rows::writeOne(EntityId id, const Touched &what, const Topology &topology)
{
    const auto entity = topology.entity(id);
    if (!entity)
        return writeGrave(id, topology.removedEntity(id));
    const EntityKind kind = kindOf(*entity);
    if (auto ok = m_connection.execute(m_upsert[size_t(kind)], entityTable(kind).bindings(*entity));
        !ok)
        return ok;
    if (what.all) {
        if (auto ok = m_connection.execute(m_exhume, {qint64(id)}); !ok)
            return ok;
        if (auto ok = m_connection.execute(m_dropWriters, {qint64(id)}); !ok)
            return ok;
    }
    for (const FieldWriter &writer : topology.writersOf(id)) {
        if (!what.all && !what.fields.contains(writer.key))
            continue;
        const QVariant property = writer.key.property.isNull() ? QVariant(QLatin1String(""))
                                                               : QVariant(writer.key.property);
        if (auto ok = m_connection.execute(
                m_writer, {qint64(id), int(writer.key.field), property, qint64(writer.writer.site),
                           qint64(writer.writer.cseq), qint64(writer.revision)});
            !ok)
            return ok;
    }
    return {};
}

Result<void> Rows::writeGrave(EntityId id, const RemovedEntity *grave)
{
    for (const EntityTable &table : entityTables()) {
        if (grave && table.kind != kindOf(grave->entity))
            continue;
        if (auto ok = m_connection.execute(m_drop[size_t(table.kind)], {qint64(id)}); !ok)
            return ok;
    }
    if (auto ok = m_connection.execute(m_dropWriters, {qint64(id)}); !ok)
        return ok;
    if (!grave)
        return {};
    return m_connection.execute(m_bury, {qint64(id), int(kindOf(grave->entity)),
                                         qint64(grave->revision), wire::encodeEntity(grave->entity),
                                         wire::encodeWriters(grave->writers)});
}

Result<quint64> readRowsRevision(SqliteConnection &connection, quint64 newest)
{
    const auto version = connection.single(QStringLiteral("PRAGMA user_version"));
    if (!version)
        return version.error();
    if (version->toInt() < kRowsBehindVersion)
        return newest;
    const auto value = connection.single(
        QStringLiteral("SELECT \"value\" FROM \"meta\" WHERE \"key\" = 'rows_revision'"));
    if (!value)
        return value.error();
    return value->toString().toULongLong();
}

void collectTouched(const Commit &commit, QSet<EntityId> &touched)
{
    forEachTouched(commit, [&touched](EntityId id, const SetFields *) { touched.insert(id); });
}

} // namespace patchboard::server
