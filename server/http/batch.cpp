#include "server/http/preconditions.h"
#include "server/http/resources.h"

#include <QJsonDocument>
#include <QScopeGuard>

namespace patchboard::http {

namespace {

constexpr qsizetype kMostEdits = 5000;

enum class Op : qint64 { Create, Update, Delete };
constexpr EnumEntry kOps[] = {
    {qint64(Op::Create), "create", "create"},
    {qint64(Op::Update), "update", "update"},
    {qint64(Op::Delete), "delete", "delete"},
};
constexpr EnumEntry kKinds[] = {
    {qint64(EntityKind::Device), "device", "device"},
    {qint64(EntityKind::Interface), "interface", "interface"},
    {qint64(EntityKind::Link), "link", "link"},
};

/// Reads a batch: edits of one change, checked one by one against the board and what the edits
/// before them make.
class BatchReader
{
public:
    BatchReader(Board &board, const Request &request)
        : m_board(board)
        , m_topology(board.topology())
        , m_request(request)
    {
    }

    void read(const QJsonArray &list);
    [[nodiscard]] const QList<Edit> &edits() const { return m_edits; }
    [[nodiscard]] const QList<FieldProblem> &problems() const { return m_problems; }
    /// [{"op", "kind", "id"}], one for each edit.
    [[nodiscard]] const QByteArray &results() const { return m_results; }
    /// 404: an edit of something that is not there.
    [[nodiscard]] const QString &missing() const { return m_missing; }
    /// The edit that a notice or an error is about; -1 if it is none of them.
    [[nodiscard]] qsizetype editOf(EntityId id) const { return m_editOf.value(id, -1); }
    [[nodiscard]] qsizetype indexOf(qsizetype edit) const { return m_indices.value(edit, -1); }
    [[nodiscard]] bool makesDevice(EntityId id) const
    {
        const auto made = m_made.constFind(id);
        return made != m_made.cend() && *made == EntityKind::Device;
    }
    [[nodiscard]] QString nameGiven(EntityId id) const { return m_names.value(id); }
    /// The first id that was taken for something new; 0 if none was.
    [[nodiscard]] EntityId firstNew() const { return m_firstNew; }

private:
    void readEdit(const QJsonObject &object, qsizetype index);
    void create(EntityKind kind, const QJsonObject &fields, const QJsonValue &ref, qsizetype index);
    void update(EntityId id, EntityKind kind, const QJsonObject &fields, qsizetype index);
    void add(Edit edit, qsizetype index)
    {
        m_edits.append(std::move(edit));
        m_indices.append(index);
    }
    void tell(const char *op, EntityKind kind, EntityId id);
    void miss(qsizetype index, EntityKind kind);
    [[nodiscard]] QJsonObject resolved(QJsonObject fields, EntityKind kind) const;
    [[nodiscard]] std::optional<EntityKind> kindOf(EntityId id) const;
    static QJsonArray place(qsizetype index, const char *key)
    {
        return {QStringLiteral("body"), QStringLiteral("edits"), index, QString::fromLatin1(key)};
    }

    Board &m_board;
    const Topology &m_topology;
    const Request &m_request;
    QList<Edit> m_edits;
    QList<qsizetype> m_indices; ///< of each, in what was sent
    QList<FieldProblem> m_problems;
    QByteArray m_results = "[";
    QString m_missing;
    QHash<QString, EntityId> m_refs;
    QHash<EntityId, EntityKind> m_made;
    QHash<EntityId, QPointF> m_places; ///< of devices, as far as edits have said them
    QHash<EntityId, qsizetype> m_editOf;
    QHash<EntityId, QString> m_names;
    EntityId m_firstNew = 0;
};

void BatchReader::read(const QJsonArray &list)
{
    for (qsizetype i = 0; i < list.size(); ++i) {
        if (!list[i].isObject()) {
            m_problems.append({QStringLiteral("model_attributes_type"),
                               {QStringLiteral("body"), QStringLiteral("edits"), i},
                               QStringLiteral("Input should be a valid dictionary or object to "
                                              "extract fields from"),
                               list[i]});
            continue;
        }
        readEdit(list[i].toObject(), i);
    }
    m_results += ']';
}

void BatchReader::readEdit(const QJsonObject &object, qsizetype index)
{
    static const BodyShape shape = [] {
        BodyKey op = wordKey(QStringLiteral("op"), kOps);
        op.required = true;
        return BodyShape{op, wordKey(QStringLiteral("kind"), kKinds),
                         textKey(QStringLiteral("ref"), false, true)};
    }();
    const QJsonArray loc{QStringLiteral("body"), QStringLiteral("edits"), index};
    const Body head = readObject(object, shape, loc);
    const QJsonValue given = object.value(u"fields");
    m_problems += head.problems;
    if (!given.isUndefined() && !given.isObject()) {
        m_problems.append({QStringLiteral("dict_type"), place(index, "fields"),
                           QStringLiteral("Input should be a valid dictionary"), given});
        return;
    }
    if (!head.problems.isEmpty())
        return;
    const QJsonObject fields = given.toObject();
    const Op op = Op(head.number(u"op", 0));
    if (op == Op::Create) {
        if (!head.has(u"kind")) {
            m_problems.append({QStringLiteral("missing"), place(index, "kind"),
                               QStringLiteral("Field required"), object});
            return;
        }
        create(EntityKind(head.number(u"kind", 0)), fields, object.value(u"ref"), index);
        return;
    }

    // An id, or the ref of something made before.
    QJsonObject named = object;
    if (const QJsonValue id = object.value(u"id"); id.isString() && m_refs.contains(id.toString()))
        named.insert(u"id", qint64(m_refs.value(id.toString())));
    const Body target = readObject(named, {idKey(QStringLiteral("id"))}, loc);
    m_problems += target.problems;
    if (!target.problems.isEmpty())
        return;
    const EntityId id = target.id(u"id");
    const auto kind = kindOf(id);
    const EntityKind wanted =
        EntityKind(head.number(u"kind", qint64(kind.value_or(EntityKind::Device))));
    const bool boardItself = op == Op::Update && named.value(u"id").toDouble(-1) == 0;
    if (!boardItself && (id == 0 || !kind || kind != wanted)) {
        miss(index, wanted);
        return;
    }
    if (op == Op::Update) {
        update(id, boardItself ? EntityKind::Board : *kind, fields, index);
        return;
    }
    add(RemoveEntities{{id}}, index);
    m_editOf.insert(id, index);
    tell("delete", *kind, id);
}

std::optional<EntityKind> BatchReader::kindOf(EntityId id) const
{
    if (const auto made = m_made.constFind(id); made != m_made.cend())
        return *made;
    const auto kind = m_topology.kindOf(id);
    return kind == EntityKind::Board || kind == EntityKind::DeviceType ? std::nullopt : kind;
}

/// References by `ref` become ids.
QJsonObject BatchReader::resolved(QJsonObject fields, EntityKind kind) const
{
    for (const FieldInfo &info : fieldsOf(kind)) {
        if (info.type != ValueType::Reference)
            continue;
        const QString key = QString::fromLatin1(info.key);
        const QJsonValue value = fields.value(key);
        if (value.isString() && m_refs.contains(value.toString()))
            fields.insert(key, qint64(m_refs.value(value.toString())));
    }
    return fields;
}

void BatchReader::create(EntityKind kind, const QJsonObject &fields, const QJsonValue &ref,
                         qsizetype index)
{
    const QJsonArray loc = place(index, "fields");
    const BodyShape shape = creationShape(kind);
    Body body = readObject(resolved(fields, kind), shape, loc);
    const qsizetype before = m_problems.size();
    m_problems += body.problems;
    if (ref.isString() && m_refs.contains(ref.toString())) {
        m_problems.append({QStringLiteral("value_error"), place(index, "ref"),
                           QStringLiteral("Value error, this ref is given twice"), ref});
    }
    if (m_problems.size() != before)
        return;
    for (const auto &[key, needed] : {std::pair{u"device_id", EntityKind::Device},
                                      {u"a_interface_id", EntityKind::Interface},
                                      {u"b_interface_id", EntityKind::Interface}}) {
        if (body.has(key) && kindOf(body.id(key)) != needed) {
            miss(index, needed);
            return;
        }
    }
    const EntityId id = m_board.newId();
    if (m_firstNew == 0)
        m_firstNew = id;
    add(CreateEntity{kind, id, givenFields(body, shape)}, index);
    m_made.insert(id, kind);
    m_editOf.insert(id, index);
    m_names.insert(id, body.text(u"name"));
    if (kind == EntityKind::Device)
        m_places.insert(id, {body.real(u"x", 0), body.real(u"y", 0)});
    if (ref.isString())
        m_refs.insert(ref.toString(), id);
    tell("create", kind, id);
}

void BatchReader::update(EntityId id, EntityKind kind, const QJsonObject &fields, qsizetype index)
{
    const QJsonArray loc = place(index, "fields");
    Body body = readObject(resolved(fields, kind), editShape(kind), loc);
    const qsizetype before = m_problems.size();
    m_problems += body.problems;
    if (m_problems.size() != before)
        return;
    const Device *device = m_topology.device(id);
    const QPointF place = m_places.value(id, device ? device->position : QPointF());
    if (kind == EntityKind::Device)
        m_places.insert(id, {body.real(u"x", place.x()), body.real(u"y", place.y())});
    const SetFields set =
        setFieldsOf(body, kind, id, place, authorOf(m_request).name, m_board.now());
    if (!set.fields.isEmpty())
        add(set, index);
    m_editOf.insert(id, index);
    if (body.has(u"name"))
        m_names.insert(id, body.text(u"name"));
    tell("update", kind, id);
}

void BatchReader::miss(qsizetype index, EntityKind kind)
{
    if (m_missing.isEmpty())
        m_missing = QStringLiteral("Edit %1: %2").arg(index).arg(notFoundText(kind));
}

void BatchReader::tell(const char *op, EntityKind kind, EntityId id)
{
    if (m_results.size() > 1)
        m_results += ',';
    m_results += QByteArray("{\"op\":\"") + op + "\",\"kind\":\"" + kindWord(kind) +
                 "\",\"id\":" + QByteArray::number(id) + '}';
}

Response batch(Board &board, const Call &call)
{
    const QJsonValue list = call.body.object().value(u"edits");
    const auto wrong = [&](const char *type, const QString &msg) {
        const QJsonValue input = list.isUndefined() ? call.body.object()
                                 : list.isArray()   ? QJsonValue(list.toArray().size())
                                                    : list;
        return invalid({{QString::fromLatin1(type),
                         {QStringLiteral("body"), QStringLiteral("edits")},
                         msg,
                         input}});
    };
    if (list.isUndefined())
        return wrong("missing", QStringLiteral("Field required"));
    if (!list.isArray())
        return wrong("list_type", QStringLiteral("Input should be a valid list"));
    if (list.toArray().size() > kMostEdits) {
        return wrong(
            "too_long",
            QStringLiteral("List should have at most %1 items after validation").arg(kMostEdits));
    }
    const bool dry = call.body.flag(u"dry_run", call.query.flag(u"dry_run", false));
    BatchReader reader(board, call.request);
    // What was only tried out, or refused, leaves no gap in the ids.
    auto unused = qScopeGuard([&board, &reader] {
        if (reader.firstNew() != 0)
            board.takeBackIds(reader.firstNew());
    });
    reader.read(list.toArray());
    if (!reader.problems().isEmpty())
        return invalid(reader.problems());
    if (!reader.missing().isEmpty())
        return problem(404, reader.missing());

    const Author author = authorOf(call.request);
    qsizetype wrongEdit = 0;
    const auto expansion = board.check(reader.edits(), author.name, &wrongEdit);
    if (!expansion) {
        const qsizetype index = reader.indexOf(wrongEdit);
        const QString text = QStringLiteral("Edit %1: %2").arg(index).arg(expansion.error().text);
        if (expansion.error().code != Errc::BadValue)
            return refused({expansion.error().code, text});
        return invalid({{QStringLiteral("value_error"),
                         {QStringLiteral("body"), QStringLiteral("edits"), index},
                         QStringLiteral("Value error, ") + text,
                         list.toArray().at(index)}});
    }
    QByteArray notices("[");
    for (const Notice &notice : expansion->notices) {
        const qsizetype edit = reader.editOf(notice.id);
        if (notice.kind == Notice::Kind::Gone)
            return problem(404,
                           QStringLiteral("Edit %1: it is deleted by an edit before it").arg(edit));
        if (notice.kind == Notice::Kind::Renamed &&
            (board.topology().contains(notice.id) || reader.makesDevice(notice.id))) {
            // One by one these would have been refused.
            const bool interface = board.topology().interface(notice.id) != nullptr;
            return problem(
                409, QStringLiteral("Edit %1: %2 with name '%3' already exists")
                         .arg(edit)
                         .arg(interface ? QStringLiteral("Interface") : QStringLiteral("Device"),
                              reader.nameGiven(notice.id)));
        }
        appendNotice(notices, notice);
    }
    notices += ']';
    quint64 revision = board.settledRevision();
    if (!dry && !reader.edits().isEmpty()) {
        unused.dismiss();
        const auto done = board.commit(
            reader.edits(), author, QStringLiteral("%1 edits by API").arg(list.toArray().size()));
        if (!done)
            return refused(done.error());
        if (done->revision != 0)
            revision = done->revision;
    }
    Response response = json(200, "{\"revision\":" + QByteArray::number(revision) +
                                      ",\"dry_run\":" + (dry ? "true" : "false") + ",\"results\":" +
                                      reader.results() + ",\"notices\":" + notices + '}');
    response.tried = dry;
    return response;
}

} // namespace

void addBatch(Router &router, Board &board)
{
    Route &route =
        router.add({"POST", QStringLiteral("/api/batch"), Role::Editor,
                    BodyShape{flagKey(QStringLiteral("dry_run"))},
                    changingBoard(board, [&board](const Call &call) { return batch(board, call); }),
                    QStringLiteral("Up to 5,000 edits as one change, whole or not at all")});
    route.answers(200, "BatchResult", {404, 409, 412});
    route.query = {flagKey(QStringLiteral("dry_run"))};
    route.bodySchema = "Batch";
}

} // namespace patchboard::http
