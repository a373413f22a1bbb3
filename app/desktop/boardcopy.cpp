#include "app/desktop/boardcopy.h"

#include "server/host.h"
#include "server/store/filelock.h"
#include "server/store/sqlitestore.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace patchboard::app {

namespace {

struct BoardCopyText
{
    Q_DECLARE_TR_FUNCTIONS(Desktop)
};

Error copyFailed(const QString &out, const QString &why)
{
    return {Errc::Storage, BoardCopyText::tr("%1 cannot be written: %2").arg(out, why)};
}

/// All that makes the same board from an empty one.
QList<Edit> editsOf(const Topology &topology, const std::function<EntityId()> &newId)
{
    QHash<EntityId, EntityId> ids;
    QList<Edit> edits;
    const auto fieldsOfEntity = [&](EntityId id, EntityKind kind) {
        QList<FieldValue> fields;
        for (const FieldInfo &info : fieldsOf(kind)) {
            Value value = topology.value(id, info.field);
            if (isNull(value))
                continue;
            if (info.type == ValueType::Reference)
                value = qint64(ids.value(EntityId(std::get<qint64>(value))));
            fields.append({info.field, value});
        }
        const auto entity = topology.entity(id);
        for (const auto &[key, text] : baseOf(*entity).remarks->properties.asKeyValueRange())
            fields.append({{Field::Property, key}, text});
        return fields;
    };
    const auto create = [&](EntityKind kind, EntityId id) {
        const EntityId own = newId();
        edits.append(CreateEntity{kind, own, fieldsOfEntity(id, kind)});
        ids.insert(id, own);
    };
    SetFields board{kBoardId, {}};
    for (const FieldValue &field : fieldsOfEntity(kBoardId, EntityKind::Board))
        board.fields.append({field.key, field.value, std::nullopt});
    edits.append(board);
    for (const EntityId id : topology.customTypes().ids())
        create(EntityKind::DeviceType, id);
    // Containers before what they hold.
    QList<EntityId> open;
    for (const Device &device : topology.devices().slots()) {
        if (device.id != 0 && device.container == 0)
            open.append(device.id);
    }
    for (qsizetype i = 0; i < open.size(); ++i) {
        create(EntityKind::Device, open.at(i));
        for (const EntityId child : topology.childrenOf(open.at(i)))
            open.append(child);
    }
    for (const EntityId id : topology.interfaces().ids())
        create(EntityKind::Interface, id);
    for (const EntityId id : topology.links().ids())
        create(EntityKind::Link, id);
    return edits;
}

} // namespace

Result<void> writeBoardCopy(const Topology &topology, const QString &out)
{
    const QFileInfo target(out);
    if (target.isDir())
        return copyFailed(out, BoardCopyText::tr("it is a folder"));
    if (!target.absoluteDir().exists()) {
        return copyFailed(
            out, BoardCopyText::tr("the folder %1 does not exist").arg(target.absolutePath()));
    }
    QTemporaryDir folder(target.absolutePath() + QStringLiteral("/.patchboard-copy-XXXXXX"));
    if (!folder.isValid())
        return copyFailed(out, folder.errorString());
    const QString name = folder.filePath(QStringLiteral("new.board"));
    {
        auto store = server::SqliteStore::open(name, {});
        if (!store)
            return store.error();
        server::Log log(nullptr, server::LogLevel::Error, false);
        auto host = server::Host::open(std::move(*store), {}, log);
        if (!host)
            return host.error();
        server::Host &board = **host;
        const auto done = board.commit(editsOf(topology, [&board] { return board.newId(); }), {},
                                       BoardCopyText::tr("Copy"));
        if (!done)
            return done.error();
        board.finish();
    }
    // Whoever has the old one open keeps it from being replaced.
    const auto lock = server::FileLock::take(target.absoluteFilePath());
    if (!lock)
        return lock.error();
    const QByteArray from = QFile::encodeName(name);
    const QByteArray to = QFile::encodeName(target.absoluteFilePath());
    if (::rename(from.constData(), to.constData()) != 0)
        return copyFailed(out, QString::fromLocal8Bit(std::strerror(errno)));
    return {};
}

} // namespace patchboard::app
