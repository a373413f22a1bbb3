#include "server/http/listing.h"

#include "server/http/computed.h"
#include "server/http/resources.h"

#include <algorithm>

namespace patchboard::http {

namespace {

constexpr int kForgetMs = 10'000;
constexpr qint64 kMostListed = 1'000'000;

struct Filter
{
    std::optional<QString> name;
    std::optional<QString> type;
    std::optional<Status> status;
    std::optional<Status> effectiveStatus;

    explicit Filter(const Body &query)
    {
        const auto status_ = [&query](QStringView key) -> std::optional<Status> {
            if (!query.has(key))
                return std::nullopt;
            return Status(query.number(key, 0));
        };
        if (query.has(u"name"))
            name = query.text(u"name");
        if (query.has(u"type"))
            type = query.text(u"type");
        status = status_(u"status");
        effectiveStatus = status_(u"effective_status");
    }
    [[nodiscard]] bool takesAll() const { return !name && !type && !status && !effectiveStatus; }
};

/// "*" stands for any text.
bool fitsPattern(QStringView text, QStringView pattern)
{
    qsizetype t = 0;
    qsizetype p = 0;
    qsizetype star = -1;
    qsizetype from = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            from = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

QString nameOf(const Device &device)
{
    return device.name;
}
QString nameOf(const Interface &interface)
{
    return interface.name;
}
QString nameOf(const Link &link)
{
    return link.details->label;
}
QString typeOf(const Device &device)
{
    return device.type;
}
QString typeOf(const Interface &interface)
{
    return interfaceTypeKey(interface.type);
}
QString typeOf(const Link &link)
{
    return link.details->mediumId;
}

template <typename E>
bool fits(const E &entity, const Filter &filter)
{
    return (!filter.status || entity.state.status == *filter.status) &&
           (!filter.effectiveStatus || entity.state.effective() == *filter.effectiveStatus) &&
           (!filter.type || typeOf(entity) == *filter.type) &&
           (!filter.name || fitsPattern(nameOf(entity), *filter.name));
}

/// Pointers or values, by id.
template <typename List, typename IdOf>
void sortById(List &list, IdOf idOf)
{
    const auto less = [&idOf](const auto &a, const auto &b) { return idOf(a) < idOf(b); };
    if (!std::is_sorted(list.begin(), list.end(), less))
        std::sort(list.begin(), list.end(), less);
}

template <typename E>
std::vector<E> copyOf(const Topology::Table<E> &table)
{
    std::vector<E> out;
    out.reserve(size_t(table.size()));
    for (const E &entity : table.slots()) {
        if (entity.id != 0)
            out.push_back(entity);
    }
    return out;
}

using Computed = QHash<EntityId, ComputedKeys>;

template <typename E>
void appendList(QByteArray &out, std::vector<E> &entities, const Shape &shape,
                const Computed &computed)
{
    sortById(entities, [](const E &entity) { return entity.id; });
    out += '[';
    bool first = true;
    for (const E &entity : entities) {
        if (!std::exchange(first, false))
            out += ',';
        appendEntity(out, entity, shape);
        if (computed.isEmpty())
            continue;
        if (const auto keys = computed.constFind(entity.id); keys != computed.cend())
            appendComputed(out, *keys);
    }
    out += ']';
}

/// A board and what is computed of it, for another thread.
struct Everything
{
    BoardInfo board = {};
    std::vector<CustomType> types = {};
    std::vector<Device> devices = {};
    std::vector<Interface> interfaces = {};
    std::vector<Link> links = {};
    Computed computedDevices = {};
    Computed computedLinks = {};
};

Everything everythingOf(const Topology &topology, const ComputedStatus &computed)
{
    return {topology.board(),
            copyOf(topology.customTypes()),
            copyOf(topology.devices()),
            copyOf(topology.interfaces()),
            copyOf(topology.links()),
            allComputedKeys(computed, EntityKind::Device),
            allComputedKeys(computed, EntityKind::Link)};
}

QByteArray boardText(Everything &all, quint64 revision, const QString &epoch)
{
    QByteArray out = "{\"revision\":" + QByteArray::number(revision) + ",\"epoch\":";
    appendText(out, epoch);
    out += ",\"board\":";
    appendEntity(out, all.board, fullShape(EntityKind::Board));
    out += ",\"device_types\":";
    appendList(out, all.types, fullShape(EntityKind::DeviceType), {});
    out += ",\"devices\":";
    appendList(out, all.devices, fullShape(EntityKind::Device), all.computedDevices);
    out += ",\"interfaces\":";
    appendList(out, all.interfaces, fullShape(EntityKind::Interface), {});
    out += ",\"links\":";
    appendList(out, all.links, fullShape(EntityKind::Link), all.computedLinks);
    return out + '}';
}

/// All entities of a table by id.
template <typename E>
QByteArray listJson(const Topology::Table<E> &table, const Shape &shape,
                    const ComputedStatus &computed)
{
    QByteArray out("[");
    out.reserve(table.size() * 256 + 2);
    for (const EntityId id : table.ids()) {
        if (out.size() > 1)
            out += ',';
        appendEntity(out, *table.find(id), shape);
        if (computed.isOn())
            appendComputed(out, computedKeys(computed, id));
    }
    return out + ']';
}

} // namespace

QByteArray wholeBoardText(const Topology &topology, quint64 revision, const QString &epoch)
{
    const ComputedStatus computed(topology);
    Everything all = everythingOf(topology, computed);
    return boardText(all, revision, epoch);
}

Listing::Listing(Board &board, Background &background)
    : m_board(board)
    , m_background(background)
{
    m_forget.setSingleShot(true);
    m_forget.setInterval(kForgetMs);
    connect(&m_forget, &QTimer::timeout, this, [this] {
        m_texts.removeIf([](const auto &entry) { return !(*entry)->bytes.isNull(); });
    });
}

BodyShape Listing::query()
{
    return {numberKey(QStringLiteral("limit"), 1, kMostListed),
            numberKey(QStringLiteral("offset"), 0, qint64(kMaxEntityId)),
            textKey(QStringLiteral("name"), false, false, 16384),
            textKey(QStringLiteral("type"), false, false, 255),
            statusKeyOf(QStringLiteral("status")),
            statusKeyOf(QStringLiteral("effective_status"))};
}

Response Listing::list(EntityKind kind, const Call &call)
{
    const Topology &topology = m_board.topology();
    if (kind == EntityKind::Interface)
        return listOf(topology.interfaces(), kind, call);
    if (kind == EntityKind::Link)
        return listOf(topology.links(), kind, call);
    return listOf(topology.devices(), kind, call);
}

template <typename E>
Response Listing::listOf(const Topology::Table<E> &table, EntityKind kind, const Call &call)
{
    const Filter filter(call.query);
    const qint64 offset = call.query.number(u"offset", 0);
    const qint64 limit = call.query.number(u"limit", kMostListed);
    const Shape &shape = responseShape(kind);
    const quint64 revision = m_board.settledRevision();
    const auto counted = [](qsizetype total) -> Headers {
        return {{"X-Total-Count", QByteArray::number(total)}};
    };
    if (filter.takesAll() && offset == 0 && limit >= table.size()) {
        if (table.size() <= kAtOnce) {
            Response response = json(200, listJson(table, shape, m_board.computed()));
            response.headers = counted(table.size());
            return response;
        }
        // The copy is made only if nobody else has asked.
        auto entities = std::make_shared<std::vector<E>>();
        Computed computed;
        const QByteArray what = "list " + QByteArray::number(int(kind));
        const auto known = m_texts.value(what);
        if (!known || known->revision != revision) {
            *entities = copyOf(table);
            computed = allComputedKeys(m_board.computed(), kind);
        }
        return written(what, revision, counted(table.size()), [entities, computed, &shape] {
            QByteArray out;
            out.reserve(qsizetype(entities->size()) * 300);
            appendList(out, *entities, shape, computed);
            return out;
        });
    }

    std::vector<const E *> found;
    for (const E &entity : table.slots()) {
        if (entity.id != 0 && fits(entity, filter))
            found.push_back(&entity);
    }
    const qsizetype total = qsizetype(found.size());
    sortById(found, [](const E *entity) { return entity->id; });
    const auto begin = found.cbegin() + std::min<qint64>(offset, total);
    const auto end = begin + std::min<qint64>(limit, found.cend() - begin);
    if (end - begin <= kAtOnce) {
        QByteArray out("[");
        for (auto it = begin; it != end; ++it) {
            if (it != begin)
                out += ',';
            appendEntity(out, **it, shape);
            appendComputed(out, computedKeys(m_board.computed(), (*it)->id));
        }
        Response response = json(200, out + ']');
        response.headers = counted(total);
        return response;
    }
    auto entities = std::make_shared<std::vector<E>>();
    entities->reserve(size_t(end - begin));
    Computed computed;
    for (auto it = begin; it != end; ++it) {
        entities->push_back(**it);
        if (ComputedKeys keys = computedKeys(m_board.computed(), (*it)->id); !keys.isEmpty())
            computed.insert((*it)->id, keys);
    }
    return written({}, revision, counted(total), [entities, computed, &shape] {
        QByteArray out;
        appendList(out, *entities, shape, computed);
        return out;
    });
}

Response Listing::wholeBoard(const QString &fileName)
{
    const Topology &topology = m_board.topology();
    const quint64 revision = m_board.settledRevision();
    const QByteArray what = "board";
    const auto known = m_texts.value(what);
    auto all = std::make_shared<Everything>();
    if (!known || known->revision != revision) {
        *all = everythingOf(topology, m_board.computed());
    }
    const auto write = [all, revision, epoch = m_board.epoch()] {
        return boardText(*all, revision, epoch);
    };
    Headers headers;
    if (!fileName.isEmpty()) {
        headers.append(
            {"Content-Disposition", "attachment; filename=\"" + fileName.toLatin1() + '"'});
    }
    const qsizetype count =
        topology.devices().size() + topology.interfaces().size() + topology.links().size();
    if (count <= kAtOnce) {
        Response response = json(200, write());
        response.headers = headers;
        return response;
    }
    return written(what, revision, headers, write);
}

Response Listing::exported(const formats::Format &format)
{
    const Topology &topology = m_board.topology();
    const quint64 revision = m_board.settledRevision();
    const QByteArray what = "export " + format.id().toLatin1();
    const auto known = m_texts.value(what);
    auto all = std::make_shared<Topology::Contents>();
    if (!known || known->revision != revision) {
        all->board = topology.board();
        all->types = copyOf(topology.customTypes());
        all->devices = copyOf(topology.devices());
        all->interfaces = copyOf(topology.interfaces());
        all->links = copyOf(topology.links());
    }
    const Headers headers{{"Content-Disposition", "attachment; filename=\"board." +
                                                      format.suffixes().first().toLatin1() + '"'}};
    const auto write = [all, &format]() -> QByteArray {
        Topology copy;
        if (!copy.load(std::move(*all)))
            return {};
        return format.write(copy).value_or(QByteArray());
    };
    return written(what, revision, headers, write, format.mediaType());
}

Response Listing::written(const QByteArray &what, quint64 revision, const Headers &headers,
                          Write write, const QByteArray &contentType)
{
    const auto answer = [contentType](const QByteArray &bytes) {
        Response response = json(200, bytes);
        response.contentType = contentType;
        return response;
    };
    m_forget.start();
    std::shared_ptr<Text> text = what.isEmpty() ? nullptr : m_texts.value(what);
    if (text && text->revision == revision && !text->bytes.isNull()) {
        Response response = answer(text->bytes);
        response.headers = headers;
        return response;
    }
    Response promise;
    promise.headers = headers;
    promise.later = std::make_shared<LaterAnswer>();
    if (text && text->revision == revision) {
        text->waiting.append(promise.later);
        return promise;
    }
    text = std::make_shared<Text>();
    text->revision = revision;
    text->waiting.append(promise.later);
    auto bytes = std::make_shared<QByteArray>();
    const bool taken = m_background.run(
        [bytes, write = std::move(write)]() mutable {
            *bytes = write();
            write = {}; // the copy of the board goes here, not in the thread of the host
        },
        [this, text, bytes, answer] {
            text->bytes = *bytes;
            for (const auto &each : std::exchange(text->waiting, {}))
                each->give(answer(text->bytes));
            m_forget.start();
        });
    if (!taken)
        return problem(503, QStringLiteral("Too many long answers at once"));
    if (!what.isEmpty())
        m_texts.insert(what, text);
    return promise;
}

} // namespace patchboard::http
