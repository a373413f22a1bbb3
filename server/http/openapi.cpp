#include "server/http/openapi.h"

#include "model/optics/computedstatus.h"
#include "server/http/json.h"
#include "server/http/resources.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace patchboard::http {

namespace {

QString latin(const QByteArray &text)
{
    return QString::fromLatin1(text);
}

QJsonObject ref(const QByteArray &name)
{
    return {{QStringLiteral("$ref"), QStringLiteral("#/components/schemas/") + latin(name)}};
}

QJsonObject typed(const char *type)
{
    return {{QStringLiteral("type"), QString::fromLatin1(type)}};
}

QJsonObject listOf(const QJsonObject &items)
{
    return {{QStringLiteral("type"), QStringLiteral("array")}, {QStringLiteral("items"), items}};
}

/// An object that has all of @a properties, and perhaps more.
QJsonObject objectOf(const QJsonObject &properties)
{
    return {{QStringLiteral("type"), QStringLiteral("object")},
            {QStringLiteral("properties"), properties},
            {QStringLiteral("required"), QJsonArray::fromStringList(properties.keys())}};
}

QJsonObject anyOf(const QList<QJsonObject> &schemas)
{
    QJsonArray list;
    for (const QJsonObject &schema : schemas)
        list.append(schema);
    return {{QStringLiteral("anyOf"), list}};
}

/// A field's values, without null.
QJsonObject valueSchema(const FieldInfo &info)
{
    QJsonObject schema;
    const auto bounds = [&](const char *least, const char *most) {
        schema.insert(QLatin1String(least), info.minimum);
        schema.insert(QLatin1String(most), info.maximum);
    };
    switch (info.type) {
    case ValueType::Text:
        schema = typed("string");
        bounds("minLength", "maxLength");
        break;
    case ValueType::Flag:
        schema = typed("boolean");
        break;
    case ValueType::Integer:
        schema = typed("integer");
        bounds("minimum", "maximum");
        break;
    case ValueType::Reference:
        schema = typed("integer");
        break;
    case ValueType::Real:
    case ValueType::Place:
        schema = typed("number");
        bounds("minimum", "maximum");
        break;
    case ValueType::Enumeration: {
        QJsonArray words;
        for (const EnumEntry &entry : info.entries)
            words.append(QString::fromLatin1(entry.key));
        schema = typed("string");
        schema.insert(QStringLiteral("enum"), words);
        break;
    }
    case ValueType::Time:
        schema = typed("string");
        schema.insert(QStringLiteral("format"), QStringLiteral("date-time"));
        break;
    }
    return schema;
}

QJsonObject fieldSchema(const FieldInfo &info)
{
    QJsonObject schema = valueSchema(info);
    if (info.nullable)
        schema = anyOf({schema, typed("null")});
    QString title = QString::fromLatin1(info.label);
    if (*info.unit != '\0')
        title += QStringLiteral(" (%1)").arg(QString::fromUtf8(info.unit));
    if (!title.isEmpty())
        schema.insert(QStringLiteral("title"), title);
    return schema;
}

QJsonObject propertiesSchema(bool nullable)
{
    QJsonObject value = typed("string");
    value.insert(QStringLiteral("maxLength"), 16384);
    QJsonObject schema = typed("object");
    schema.insert(QStringLiteral("additionalProperties"),
                  nullable ? anyOf({value, typed("null")}) : value);
    return schema;
}

/// Of an answer's entity.
QJsonObject schemaOf(const Shape &shape)
{
    QJsonObject properties;
    QJsonObject time = typed("string");
    time.insert(QStringLiteral("format"), QStringLiteral("date-time"));
    for (const ShapeKey &key : shape) {
        QJsonObject schema;
        switch (key.source) {
        case ShapeKey::Source::Id:
            schema = typed("integer");
            break;
        case ShapeKey::Source::Field:
        case ShapeKey::Source::X:
        case ShapeKey::Source::Y:
        case ShapeKey::Source::EffectiveStatus:
            schema = fieldSchema(*key.info);
            break;
        case ShapeKey::Source::Properties:
            schema = propertiesSchema(false);
            break;
        case ShapeKey::Source::CreatedAt:
        case ShapeKey::Source::UpdatedAt:
            schema = time;
            break;
        }
        // What an answer holds may be older than a bound.
        properties.insert(latin(key.key), schema);
    }
    QJsonObject schema = objectOf(properties);
    schema.insert(QStringLiteral("additionalProperties"), false);
    return schema;
}

/// Of a request's body.
QJsonObject schemaOf(const BodyShape &shape)
{
    QJsonObject properties;
    QJsonArray required;
    for (const BodyKey &key : shape) {
        properties.insert(key.key, key.part == BodyKey::Part::Properties ? propertiesSchema(true)
                                                                         : fieldSchema(key.info));
        if (key.required)
            required.append(key.key);
    }
    QJsonObject schema = typed("object");
    schema.insert(QStringLiteral("properties"), properties);
    if (!required.isEmpty())
        schema.insert(QStringLiteral("required"), required);
    return schema;
}

QJsonObject constant(const char *word)
{
    return {{QStringLiteral("const"), QString::fromLatin1(word)}};
}

QJsonObject withMessage(const char *key, const QJsonObject &entity)
{
    return objectOf({{QStringLiteral("message"), typed("string")}, {QLatin1String(key), entity}});
}

/// An edit, as a batch takes it and the log of changes tells it.
QJsonObject editSchema(bool told)
{
    QJsonObject kinds = typed("string");
    QJsonArray words{QStringLiteral("device"), QStringLiteral("interface"), QStringLiteral("link")};
    if (told)
        words.append(QStringLiteral("device_type"));
    kinds.insert(QStringLiteral("enum"), words);
    const QJsonObject id = told ? typed("integer") : anyOf({typed("integer"), typed("string")});
    const QJsonObject fields = typed("object");
    QJsonObject create{{QStringLiteral("op"), constant("create")},
                       {QStringLiteral("kind"), kinds},
                       {QStringLiteral("fields"), fields}};
    QJsonObject made;
    if (told) {
        create.insert(QStringLiteral("id"), id);
        made = objectOf(create);
    } else {
        made = objectOf(create);
        create.insert(QStringLiteral("ref"), anyOf({typed("string"), typed("null")}));
        made.insert(QStringLiteral("properties"), create);
    }
    return anyOf(
        {made,
         objectOf({{QStringLiteral("op"), constant("update")},
                   {QStringLiteral("id"), id},
                   {QStringLiteral("fields"), fields}}),
         objectOf({{QStringLiteral("op"), constant("delete")}, {QStringLiteral("id"), id}})});
}

/// Of what is computed: schemas that entities and lists name.
void addComputedSchemas(QJsonObject &schemas)
{
    const auto key = [](const char *name) { return QString::fromLatin1(name); };
    const auto word = [](const QStringList &words) {
        QJsonObject schema = typed("string");
        schema.insert(QStringLiteral("enum"), QJsonArray::fromStringList(words));
        return schema;
    };
    const QJsonObject real = anyOf({typed("number"), typed("null")});
    const QJsonObject whole = anyOf({typed("integer"), typed("null")});
    QStringList signals_;
    for (const auto signal : {optics::Signal::Ok, optics::Signal::Warning, optics::Signal::Critical,
                              optics::Signal::NoSignal})
        signals_.append(optics::signalKey(signal));
    schemas.insert(key("OpticalBudget"), objectOf({{key("signal"), word(signals_)},
                                                   {key("overloaded"), typed("boolean")},
                                                   {key("olt_id"), whole},
                                                   {key("hops"), whole},
                                                   {key("length_km"), real},
                                                   {key("tx_power_dbm"), real},
                                                   {key("path_loss_db"), real},
                                                   {key("received_dbm"), real},
                                                   {key("sensitivity_min_dbm"), real},
                                                   {key("margin_db"), real}}));
    schemas.insert(key("OpticalStep"),
                   objectOf({{key("link_id"), typed("integer")},
                             {key("link_loss_db"), typed("number")},
                             {key("link_loss"), word({key("given"), key("computed"),
                                                      key("assumed_medium"), key("no_length")})},
                             {key("length_km"), typed("number")},
                             {key("device_id"), typed("integer")},
                             {key("insertion_loss_db"), typed("number")}}));
    QStringList kinds;
    for (int kind = 0; kind <= int(Problem::Kind::LinkRule); ++kind)
        kinds.append(problemKey(Problem::Kind(kind)));
    schemas.insert(key("BoardProblem"),
                   objectOf({{key("problem"), word(kinds)},
                             {key("severity"), word({key("error"), key("warning")})},
                             {key("kind"), word({key("device"), key("link")})},
                             {key("id"), typed("integer")},
                             {key("text"), typed("string")}}));
}

/// With the keys that are there only where they are computed.
QJsonObject withComputed(QJsonObject schema, EntityKind kind)
{
    QJsonObject properties = schema.value(u"properties").toObject();
    if (kind == EntityKind::Device) {
        properties.insert(QStringLiteral("optical_budget"), ref("OpticalBudget"));
        properties.insert(QStringLiteral("optical_path"), listOf(ref("OpticalStep")));
        properties.insert(QStringLiteral("health"),
                          valueSchema(*fieldInfo(EntityKind::Device, Field::Status)));
    } else if (kind == EntityKind::Link) {
        properties.insert(QStringLiteral("optical_loss_db"), typed("number"));
    }
    schema.insert(QStringLiteral("properties"), properties);
    return schema;
}

QJsonObject components()
{
    const auto key = [](const char *name) { return QString::fromLatin1(name); };
    QJsonObject out;
    addComputedSchemas(out);
    for (const EntityKind kind : {EntityKind::Device, EntityKind::Interface, EntityKind::Link}) {
        QByteArray name = kindWord(kind);
        name[0] = char(name[0] - 'a' + 'A');
        out.insert(latin(name + "Response"), withComputed(schemaOf(responseShape(kind)), kind));
        out.insert(latin(name + "Full"), withComputed(schemaOf(fullShape(kind)), kind));
        out.insert(latin(kindWord(kind) + "Override"),
                   withMessage(kindWord(kind).constData(), ref(name + "Full")));
    }
    out.insert(key("BoardFull"), schemaOf(fullShape(EntityKind::Board)));
    out.insert(key("DeviceTypeFull"), schemaOf(fullShape(EntityKind::DeviceType)));
    out.insert(key("Board"), objectOf({{key("revision"), typed("integer")},
                                       {key("epoch"), typed("string")},
                                       {key("board"), ref("BoardFull")},
                                       {key("device_types"), listOf(ref("DeviceTypeFull"))},
                                       {key("devices"), listOf(ref("DeviceFull"))},
                                       {key("interfaces"), listOf(ref("InterfaceFull"))},
                                       {key("links"), listOf(ref("LinkFull"))}}));
    out.insert(key("AnyObject"), typed("object"));
    out.insert(key("Message"), objectOf({{key("message"), typed("string")}}));
    out.insert(key("MessageOrDevice"), anyOf({ref("Message"), ref("DeviceFull")}));
    out.insert(key("Health"), objectOf({{key("status"), constant("healthy")},
                                        {key("service"), typed("string")},
                                        {key("version"), typed("string")}}));
    out.insert(key("Provisioned"), objectOf({{key("device"), ref("DeviceResponse")},
                                             {key("interfaces"), listOf(ref("InterfaceResponse"))},
                                             {key("message"), typed("string")}}));
    out.insert(key("LinkCreated"), objectOf({{key("link"), ref("LinkFull")},
                                             {key("interface_a"), ref("InterfaceFull")},
                                             {key("interface_b"), ref("InterfaceFull")},
                                             {key("message"), typed("string")}}));
    out.insert(key("Edit"), editSchema(false));
    QJsonObject edits = listOf(ref("Edit"));
    edits.insert(key("maxItems"), 5000);
    QJsonObject batch = objectOf({{key("edits"), edits}});
    batch.insert(key("properties"),
                 QJsonObject{{key("edits"), edits}, {key("dry_run"), typed("boolean")}});
    out.insert(key("Batch"), batch);
    const QJsonObject notices = listOf(objectOf({{key("notice"), typed("string")},
                                                 {key("id"), typed("integer")},
                                                 {key("text"), typed("string")}}));
    out.insert(key("BatchResult"),
               objectOf({{key("revision"), typed("integer")},
                         {key("dry_run"), typed("boolean")},
                         {key("results"), listOf(objectOf({{key("op"), typed("string")},
                                                           {key("kind"), typed("string")},
                                                           {key("id"), typed("integer")}}))},
                         {key("notices"), notices}}));
    QJsonObject time = typed("string");
    time.insert(key("format"), key("date-time"));
    out.insert(key("ToldEdit"), editSchema(true));
    out.insert(key("Change"), objectOf({{key("revision"), typed("integer")},
                                        {key("time"), time},
                                        {key("author"), typed("string")},
                                        {key("label"), typed("string")},
                                        {key("edits"), listOf(ref("ToldEdit"))}}));
    out.insert(key("Changes"), objectOf({{key("epoch"), typed("string")},
                                         {key("revision"), typed("integer")},
                                         {key("oldest"), typed("integer")},
                                         {key("next"), typed("integer")},
                                         {key("more"), typed("boolean")},
                                         {key("changes"), listOf(ref("Change"))}}));
    const QJsonObject textOrNull = anyOf({typed("string"), typed("null")});
    const QJsonObject integerOrNull = anyOf({typed("integer"), typed("null")});
    out.insert(key("Audit"),
               objectOf({{key("entries"), listOf(objectOf({{key("revision"), typed("integer")},
                                                           {key("act"), integerOrNull},
                                                           {key("time"), time},
                                                           {key("author"), textOrNull},
                                                           {key("token"), textOrNull},
                                                           {key("address"), textOrNull},
                                                           {key("label"), textOrNull}}))},
                         {key("more"), typed("boolean")}}));
    const QJsonObject timeOrNull = anyOf({time, typed("null")});
    const QJsonObject word = typed("string");
    out.insert(
        key("Probes"),
        objectOf({{key("running"), typed("boolean")},
                  {key("probes"),
                   listOf(objectOf(
                       {{key("device_id"), typed("integer")},
                        {key("device"), word},
                        {key("probe"), word},
                        {key("state"), QJsonObject{{key("type"), key("string")},
                                                   {key("enum"), QJsonArray{key("up"), key("down"),
                                                                            key("unknown")}}}},
                        {key("since"), timeOrNull},
                        {key("checked_at"), timeOrNull},
                        {key("seconds"), anyOf({typed("number"), typed("null")})},
                        {key("error"), textOrNull}}))},
                  {key("problems"), listOf(objectOf({{key("device_id"), typed("integer")},
                                                     {key("device"), word},
                                                     {key("text"), word}}))}}));
    out.insert(key("Snapshot"), objectOf({{key("id"), typed("integer")},
                                          {key("name"), word},
                                          {key("revision"), typed("integer")},
                                          {key("time"), time},
                                          {key("author"), word}}));
    QJsonObject ids = listOf(typed("integer"));
    ids.insert(key("minItems"), 1);
    ids.insert(key("maxItems"), 5000);
    out.insert(
        key("Restore"),
        QJsonObject{
            {key("type"), key("object")},
            {key("properties"), QJsonObject{{key("revision"), typed("integer")},
                                            {key("snapshot"), anyOf({typed("integer"), word})},
                                            {key("ids"), ids},
                                            {key("dry_run"), typed("boolean")}}},
            {key("oneOf"),
             QJsonArray{QJsonObject{{key("required"), QJsonArray{key("revision")}}},
                        QJsonObject{{key("required"), QJsonArray{key("snapshot")}}}}}});
    out.insert(key("Restored"), objectOf({{key("revision"), typed("integer")},
                                          {key("from"), typed("integer")},
                                          {key("dry_run"), typed("boolean")},
                                          {key("restored"), typed("integer")},
                                          {key("updated"), typed("integer")},
                                          {key("removed"), typed("integer")},
                                          {key("notices"), notices}}));
    out.insert(key("Imported"),
               objectOf({{key("revision"), typed("integer")},
                         {key("format"), typed("string")},
                         {key("devices"), typed("integer")},
                         {key("containers"), typed("integer")},
                         {key("interfaces"), typed("integer")},
                         {key("links"), typed("integer")},
                         {key("device_ids"), listOf(typed("integer"))},
                         {key("warnings"),
                          listOf(objectOf({{key("line"), anyOf({typed("integer"), typed("null")})},
                                           {key("text"), typed("string")}}))}}));
    const QJsonObject problems =
        listOf(objectOf({{key("type"), typed("string")},
                         {key("loc"), listOf(anyOf({typed("string"), typed("integer")}))},
                         {key("msg"), typed("string")},
                         {key("input"), QJsonObject()}}));
    out.insert(key("Problem"), objectOf({{key("detail"), typed("string")}}));
    out.insert(key("Invalid"), objectOf({{key("detail"), anyOf({problems, typed("string")})}}));
    return out;
}

QString meaningOf(int status)
{
    switch (status) {
    case 200:
        return QStringLiteral("Done");
    case 201:
        return QStringLiteral("Made");
    case 204:
        return QStringLiteral("Done; there is nothing to say");
    case 304:
        return QStringLiteral("It is what If-None-Match names");
    case 400:
        return QStringLiteral("It cannot be done");
    case 401:
        return QStringLiteral("A token is needed");
    case 403:
        return QStringLiteral("The token or the page's origin does not allow it");
    case 404:
        return QStringLiteral("It does not exist");
    case 409:
        return QStringLiteral("It clashes with what is there");
    case 410:
        return QStringLiteral("The log does not go back that far");
    case 412:
        return QStringLiteral("It was changed since; see If-Match");
    case 413:
        return QStringLiteral("It is too large");
    case 422:
        return QStringLiteral("It is not what it should be");
    case 429:
        return QStringLiteral("Too many requests");
    case 503:
        return QStringLiteral("Not now");
    default:
        return QStringLiteral("Refused");
    }
}

QString roleWord(Role role)
{
    switch (role) {
    case Role::Anybody:
        return QStringLiteral("anybody");
    case Role::Viewer:
        return QStringLiteral("viewer");
    case Role::Editor:
        return QStringLiteral("editor");
    case Role::Admin:
        return QStringLiteral("admin");
    }
    return {};
}

QJsonObject content(const QByteArray &type, const QJsonObject &schema)
{
    return {{latin(type), QJsonObject{{QStringLiteral("schema"), schema}}}};
}

QJsonObject parameter(const char *in, const QString &name, bool required, const QJsonObject &schema)
{
    return {{QStringLiteral("name"), name},
            {QStringLiteral("in"), QString::fromLatin1(in)},
            {QStringLiteral("required"), required},
            {QStringLiteral("schema"), schema}};
}

QJsonObject header(const char *description)
{
    return {{QStringLiteral("description"), QString::fromLatin1(description)},
            {QStringLiteral("schema"), typed("string")}};
}

QJsonObject operationOf(const Route &route)
{
    const bool reads = route.method == "GET";
    QJsonArray parameters;
    static const QRegularExpression braces(QStringLiteral("\\{(\\w+)\\}"));
    if (const auto match = braces.match(route.path); match.hasMatch())
        parameters.append(parameter("path", match.captured(1), true, typed("integer")));
    for (const BodyKey &key : route.query)
        parameters.append(parameter("query", key.key, key.required, fieldSchema(key.info)));
    const bool tagged = route.errors.contains(412);
    if (tagged)
        parameters.append(parameter("header", QStringLiteral("If-Match"), false, typed("string")));
    if (reads && route.role != Role::Anybody && route.answer.contentType == "application/json")
        parameters.append(
            parameter("header", QStringLiteral("If-None-Match"), false, typed("string")));
    if (!reads) {
        QJsonObject key = typed("string");
        key.insert(QStringLiteral("minLength"), 1);
        key.insert(QStringLiteral("maxLength"), 255);
        parameters.append(parameter("header", QStringLiteral("Idempotency-Key"), false, key));
    }

    QJsonObject responses;
    const auto add = [&](int status, const QByteArray &type, const QJsonObject &schema) {
        QJsonObject response{{QStringLiteral("description"), meaningOf(status)}};
        if (!type.isEmpty())
            response.insert(QStringLiteral("content"), content(type, schema));
        responses.insert(QString::number(status), response);
        return response;
    };
    const Answer &answer = route.answer;
    if (answer.schema.isEmpty()) {
        add(answer.status,
            answer.status == 204 || answer.contentType == "application/json" ? QByteArray()
                                                                             : answer.contentType,
            typed("string"));
    } else if (answer.schema.startsWith('[')) {
        QJsonObject response =
            add(answer.status, answer.contentType, listOf(ref(answer.schema.mid(1).chopped(1))));
        QJsonObject headers{{QStringLiteral("ETag"), header("Names the state that is told")}};
        if (!route.query.isEmpty())
            headers.insert(QStringLiteral("X-Total-Count"),
                           header("How many there are, before limit and offset"));
        response.insert(QStringLiteral("headers"), headers);
        responses.insert(QString::number(answer.status), response);
    } else {
        QJsonObject response = add(answer.status, answer.contentType, ref(answer.schema));
        QJsonObject contents = response.value(u"content").toObject();
        for (const QByteArray &type : answer.otherTypes)
            contents.insert(latin(type), QJsonObject{{QStringLiteral("schema"), typed("string")}});
        response.insert(QStringLiteral("content"), contents);
        responses.insert(QString::number(answer.status), response);
    }
    if (reads && route.role != Role::Anybody)
        add(304, {}, {});
    for (const int status : route.errors)
        add(status, "application/json", ref("Problem"));
    if (route.role != Role::Anybody) {
        for (const int status : {401, 403, 429})
            add(status, "application/json", ref("Problem"));
    }
    if (!parameters.isEmpty() || route.body || !route.bodySchema.isEmpty())
        add(422, "application/json", ref("Invalid"));
    if (!reads)
        add(409, "application/json", ref("Problem"));

    // "POST /api/devices/{device_id}/override" -> "post_devices_device_id_override"
    QString id = QString::fromLatin1(route.method).toLower() + route.path;
    id.remove(QStringLiteral("/api"))
        .replace(QRegularExpression(QStringLiteral("\\W+")), QStringLiteral("_"));
    while (id.endsWith(u'_'))
        id.chop(1);
    QJsonObject operation{{QStringLiteral("operationId"), id},
                          {QStringLiteral("summary"), route.summary},
                          {QStringLiteral("x-role"), roleWord(route.role)},
                          {QStringLiteral("responses"), responses}};
    if (!parameters.isEmpty())
        operation.insert(QStringLiteral("parameters"), parameters);
    QJsonObject body;
    if (route.bodySchema == "File")
        body = content("application/octet-stream", typed("string"));
    else if (!route.bodySchema.isEmpty())
        body = content("application/json", ref(route.bodySchema));
    else if (route.body)
        body = content("application/json", schemaOf(*route.body));
    if (!body.isEmpty()) {
        operation.insert(
            QStringLiteral("requestBody"),
            QJsonObject{{QStringLiteral("required"), true}, {QStringLiteral("content"), body}});
    }
    // A token where the host asks for one; without, on its own machine.
    if (route.role == Role::Anybody)
        operation.insert(QStringLiteral("security"), QJsonArray());
    return operation;
}

} // namespace

QByteArray openApi(const QList<Route> &routes)
{
    QJsonObject paths;
    for (const Route &route : routes) {
        if (!route.described)
            continue;
        QJsonObject path = paths.value(route.path).toObject();
        path.insert(QString::fromLatin1(route.method).toLower(), operationOf(route));
        paths.insert(route.path, path);
    }
    const QJsonObject bearer{{QStringLiteral("type"), QStringLiteral("http")},
                             {QStringLiteral("scheme"), QStringLiteral("bearer")}};
    const QJsonObject document{
        {QStringLiteral("openapi"), QStringLiteral("3.1.0")},
        {QStringLiteral("info"),
         QJsonObject{{QStringLiteral("title"), QStringLiteral("Patchboard")},
                     {QStringLiteral("version"), QStringLiteral(PATCHBOARD_VERSION)},
                     {QStringLiteral("summary"),
                      QStringLiteral("A network topology that several people and programs edit at "
                                     "the same time")}}},
        {QStringLiteral("servers"),
         QJsonArray{QJsonObject{{QStringLiteral("url"), QStringLiteral("/")}}}},
        {QStringLiteral("paths"), paths},
        {QStringLiteral("components"),
         QJsonObject{
             {QStringLiteral("schemas"), components()},
             {QStringLiteral("securitySchemes"), QJsonObject{{QStringLiteral("token"), bearer}}}}},
        {QStringLiteral("security"),
         QJsonArray{QJsonObject(), QJsonObject{{QStringLiteral("token"), QJsonArray()}}}}};
    return QJsonDocument(document).toJson(QJsonDocument::Compact);
}

void addDescription(Router &router)
{
    // The page and its style and script are one file; nothing else is asked for.
    Route &page = router.add(
        {"GET", QStringLiteral("/docs"), Role::Anybody, std::nullopt,
         [](const Call &) {
             QFile file(QStringLiteral(":/patchboard/http/docs.html"));
             Response response;
             response.contentType = "text/html; charset=utf-8";
             if (file.open(QIODevice::ReadOnly))
                 response.body = file.readAll();
             response.headers = {
                 {"Content-Security-Policy",
                  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                  "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                  "frame-ancestors 'none'"},
                 {"X-Content-Type-Options", "nosniff"},
                 {"Referrer-Policy", "no-referrer"}};
             return response;
         },
         QStringLiteral("This description, for people")});
    page.answer = {200, {}, "text/html; charset=utf-8"};
    const auto text = std::make_shared<QByteArray>();
    router
        .add({"GET", QStringLiteral("/openapi.json"), Role::Anybody, std::nullopt,
              [text](const Call &) { return json(200, *text); },
              QStringLiteral("This description, for programs")})
        .answers(200, "AnyObject");
    *text = openApi(router.routes());
}

} // namespace patchboard::http
