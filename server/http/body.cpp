#include "server/http/body.h"

#include <QJsonDocument>

#include <cmath>

namespace patchboard::http {

namespace {

struct Read
{
    Value value = {};
    const char *type = nullptr; ///< of the problem, if any
    QString msg = {};
};

Read bad(const char *type, const QString &msg)
{
    return {{}, type, msg};
}

bool isWellFormed(const QString &text)
{
    // A NUL or half a surrogate pair would not survive databases and other programs.
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c.isNull() || c.isLowSurrogate())
            return false;
        if (c.isHighSurrogate() && (++i == text.size() || !text[i].isLowSurrogate()))
            return false;
    }
    return true;
}

Read readText(const FieldInfo &info, const QJsonValue &json)
{
    if (!json.isString())
        return bad("string_type", QStringLiteral("Input should be a valid string"));
    const QString text = json.toString();
    if (!isWellFormed(text)) {
        return bad("string_unicode",
                   QStringLiteral("Input should be a valid string, unable to parse raw data as a "
                                  "unicode string"));
    }
    if (double(text.size()) < info.minimum) {
        return bad("string_too_short",
                   QStringLiteral("String should have at least %1 character%2")
                       .arg(qint64(info.minimum))
                       .arg(info.minimum == 1 ? QString() : QStringLiteral("s")));
    }
    if (double(text.size()) > info.maximum) {
        return bad(
            "string_too_long",
            QStringLiteral("String should have at most %1 characters").arg(qint64(info.maximum)));
    }
    return {text};
}

/// "1_000" is 1000 and " 1 " is 1; nothing else about a number's text is lenient.
std::optional<QByteArray> numberText(const QString &text)
{
    QByteArray out;
    const QString trimmed = text.trimmed();
    for (qsizetype i = 0; i < trimmed.size(); ++i) {
        const ushort c = trimmed[i].unicode();
        if (c == u'_') {
            const bool between = i > 0 && i + 1 < trimmed.size() && trimmed[i - 1] >= u'0' &&
                                 trimmed[i - 1] <= u'9' && trimmed[i + 1] >= u'0' &&
                                 trimmed[i + 1] <= u'9';
            if (!between)
                return std::nullopt;
            continue;
        }
        const bool fits = (c >= u'0' && c <= u'9') || c == u'+' || c == u'-' || c == u'.' ||
                          c == u'e' || c == u'E';
        if (!fits)
            return std::nullopt;
        out += char(c);
    }
    return out;
}

Read readReal(const FieldInfo &info, const QJsonValue &json)
{
    double number = 0;
    if (json.isDouble()) {
        number = json.toDouble();
    } else if (json.isBool()) {
        number = json.toBool() ? 1 : 0;
    } else if (json.isString()) {
        const auto text = numberText(json.toString());
        bool ok = false;
        if (text)
            number = text->toDouble(&ok);
        if (!ok) {
            return bad("float_parsing",
                       QStringLiteral(
                           "Input should be a valid number, unable to parse string as a number"));
        }
    } else {
        return bad("float_type", QStringLiteral("Input should be a valid number"));
    }
    if (!std::isfinite(number))
        return bad("finite_number", QStringLiteral("Input should be a finite number"));
    if (number < info.minimum) {
        return bad("greater_than_equal",
                   QStringLiteral("Input should be greater than or equal to %1").arg(info.minimum));
    }
    if (number > info.maximum) {
        return bad("less_than_equal",
                   QStringLiteral("Input should be less than or equal to %1").arg(info.maximum));
    }
    return {number == 0 ? 0.0 : number}; // no negative zero
}

std::optional<qint64> integerFromText(const QString &text)
{
    const auto bytes = numberText(text);
    if (!bytes)
        return std::nullopt;
    QByteArrayView digits = *bytes;
    bool negative = false;
    if (!digits.isEmpty() && (digits.front() == '+' || digits.front() == '-')) {
        negative = digits.front() == '-';
        digits = digits.sliced(1);
    }
    if (const qsizetype point = digits.indexOf('.'); point > 0) {
        for (const char c : digits.sliced(point + 1)) {
            if (c != '0')
                return std::nullopt;
        }
        digits = digits.first(point);
    }
    if (digits.isEmpty() || digits.size() > 4300)
        return std::nullopt;
    qint64 value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return std::nullopt;
        // Whatever is greater than an id can be is the same to us.
        value = std::min<qint64>(value * 10 + (c - '0'), qint64(kMaxEntityId) + 1);
    }
    return negative ? -value : value;
}

constexpr const char *kIntParsing =
    "Input should be a valid integer, unable to parse string as an integer";

Read readWhole(const QJsonValue &json)
{
    if (json.isDouble()) {
        const double number = json.toDouble();
        if (number != std::floor(number)) {
            return bad("int_from_float",
                       QStringLiteral(
                           "Input should be a valid integer, got a number with a fractional part"));
        }
        if (std::abs(number) > double(kMaxEntityId))
            return {qint64(-1)};
        return {json.toInteger()};
    }
    if (json.isBool())
        return {qint64(json.toBool() ? 1 : 0)};
    if (json.isString()) {
        if (const auto value = integerFromText(json.toString()))
            return {*value};
        return bad("int_parsing", QString::fromLatin1(kIntParsing));
    }
    return bad("int_type", QStringLiteral("Input should be a valid integer"));
}

Read readBounded(const FieldInfo &info, const QJsonValue &json)
{
    Read read = readWhole(json);
    if (read.type)
        return read;
    const double number = double(std::get<qint64>(read.value));
    if (number < info.minimum) {
        return bad("greater_than_equal",
                   QStringLiteral("Input should be greater than or equal to %1")
                       .arg(qint64(info.minimum)));
    }
    if (number > info.maximum) {
        return bad(
            "less_than_equal",
            QStringLiteral("Input should be less than or equal to %1").arg(qint64(info.maximum)));
    }
    return read;
}

Read readFlag(const QJsonValue &json)
{
    if (json.isBool())
        return {json.toBool()};
    if (json.isDouble()) {
        if (json.toDouble() == 0 || json.toDouble() == 1)
            return {json.toDouble() == 1};
        if (json.toDouble() != std::floor(json.toDouble()))
            return bad("bool_type", QStringLiteral("Input should be a valid boolean"));
    } else if (json.isString()) {
        static const QStringList yes{QStringLiteral("true"), QStringLiteral("t"),
                                     QStringLiteral("yes"),  QStringLiteral("y"),
                                     QStringLiteral("on"),   QStringLiteral("1")};
        static const QStringList no{QStringLiteral("false"), QStringLiteral("f"),
                                    QStringLiteral("no"),    QStringLiteral("n"),
                                    QStringLiteral("off"),   QStringLiteral("0")};
        const QString word = json.toString().toLower();
        if (yes.contains(word))
            return {true};
        if (no.contains(word))
            return {false};
    } else {
        return bad("bool_type", QStringLiteral("Input should be a valid boolean"));
    }
    return bad("bool_parsing",
               QStringLiteral("Input should be a valid boolean, unable to interpret input"));
}

Read readEnumeration(const FieldInfo &info, const QJsonValue &json)
{
    if (json.isString()) {
        for (const EnumEntry &entry : info.entries) {
            if (json.toString() == QLatin1String(entry.key))
                return {entry.value};
        }
    }
    QStringList words;
    for (const EnumEntry &entry : info.entries)
        words.append(u'\'' + QString::fromLatin1(entry.key) + u'\'');
    return bad("enum",
               QStringLiteral("Input should be %1 or %2")
                   .arg(words.mid(0, words.size() - 1).join(QStringLiteral(", ")), words.last()));
}

Read readValue(const FieldInfo &info, const QJsonValue &json)
{
    if (json.isNull() && info.nullable)
        return {};
    switch (info.type) {
    case ValueType::Text:
        return readText(info, json);
    case ValueType::Flag:
        return readFlag(json);
    case ValueType::Integer:
        return readBounded(info, json);
    case ValueType::Reference:
    case ValueType::Time:
        return readWhole(json);
    case ValueType::Real:
    case ValueType::Place:
        return readReal(info, json);
    case ValueType::Enumeration:
        return readEnumeration(info, json);
    }
    return {};
}

FieldInfo ownField(ValueType type, bool nullable, double least, double most)
{
    return {EntityKind::Board, Field::Name, "", type, nullable, false, true, false, least, most, {},
            EntityKind::Board, 1,           "", ""};
}

BodyKey placeKey(EntityKind kind, BodyKey::Part part, bool required)
{
    return {part == BodyKey::Part::X ? QStringLiteral("x") : QStringLiteral("y"),
            *fieldInfo(kind, Field::Position), part, required};
}

BodyKey propertiesKey()
{
    return {QStringLiteral("properties"), ownField(ValueType::Text, false, 0, 16384),
            BodyKey::Part::Properties, false};
}

bool isState(Field field)
{
    return field == Field::Status || field == Field::StatusOverride ||
           field == Field::OverrideReason || field == Field::OverrideBy ||
           field == Field::OverrideAt;
}

void appendKeys(BodyShape &shape, const FieldInfo &info, bool required)
{
    if (info.type == ValueType::Place) {
        shape.append(placeKey(info.kind, BodyKey::Part::X, required));
        shape.append(placeKey(info.kind, BodyKey::Part::Y, required));
    } else {
        shape.append({QString::fromLatin1(info.key), info, BodyKey::Part::Whole, required});
    }
}

} // namespace

BodyKey textKey(const QString &key, bool required, bool nullable, int longest)
{
    return {key, ownField(ValueType::Text, nullable, 0, longest), BodyKey::Part::Whole, required};
}

BodyKey flagKey(const QString &key)
{
    return {key, ownField(ValueType::Flag, false, 0, 1), BodyKey::Part::Whole, false};
}

BodyKey idKey(const QString &key)
{
    return {key, ownField(ValueType::Reference, false, 0, 0), BodyKey::Part::Whole, true};
}

BodyKey statusKeyOf(const QString &key)
{
    FieldInfo info = ownField(ValueType::Enumeration, false, 0, 0);
    info.entries = statusEntries();
    return {key, info, BodyKey::Part::Whole, false};
}

BodyKey numberKey(const QString &key, qint64 least, qint64 most)
{
    return {key, ownField(ValueType::Integer, false, double(least), double(most)),
            BodyKey::Part::Whole, false};
}

BodyKey wordKey(const QString &key, std::span<const EnumEntry> words)
{
    FieldInfo info = ownField(ValueType::Enumeration, false, 0, 0);
    info.entries = words;
    return {key, info, BodyKey::Part::Whole, false};
}

BodyKey fieldKey(EntityKind kind, QStringView key, bool required)
{
    if (key == u"x" || key == u"y")
        return placeKey(kind, key == u"x" ? BodyKey::Part::X : BodyKey::Part::Y, required);
    return {key.toString(), *fieldInfo(kind, key), BodyKey::Part::Whole, required};
}

BodyShape creationShape(EntityKind kind)
{
    BodyShape shape;
    for (const FieldInfo &info : fieldsOf(kind)) {
        if (!isState(info.field))
            appendKeys(shape, info, info.required || info.field == Field::InterfaceType);
    }
    shape.append(propertiesKey());
    return shape;
}

BodyShape editShape(EntityKind kind)
{
    BodyShape shape;
    for (const FieldInfo &info : fieldsOf(kind)) {
        if (info.editable && info.userVisible && info.type != ValueType::Time)
            appendKeys(shape, info, false);
    }
    shape.append(propertiesKey());
    return shape;
}

QString Body::text(QStringView key) const
{
    const Value found = value(key);
    const QString *text = std::get_if<QString>(&found);
    return text ? *text : QString();
}

EntityId Body::id(QStringView key) const
{
    const Value found = value(key);
    const qint64 *id = std::get_if<qint64>(&found);
    return id && *id > 0 && quint64(*id) <= kMaxEntityId ? EntityId(*id) : 0;
}

double Body::real(QStringView key, double otherwise) const
{
    const Value found = value(key);
    const double *number = std::get_if<double>(&found);
    return number ? *number : otherwise;
}

bool Body::flag(QStringView key, bool otherwise) const
{
    const Value found = value(key);
    const bool *flag = std::get_if<bool>(&found);
    return flag ? *flag : otherwise;
}

qint64 Body::number(QStringView key, qint64 otherwise) const
{
    const Value found = value(key);
    const qint64 *number = std::get_if<qint64>(&found);
    return number ? *number : otherwise;
}

QList<FieldValue> Body::fields(const BodyShape &shape, QPointF place) const
{
    QList<FieldValue> out;
    for (const BodyKey &key : shape) {
        if (!has(key.key) || key.part == BodyKey::Part::Properties)
            continue;
        if (key.part == BodyKey::Part::Whole) {
            out.append({key.info.field, value(key.key)});
            continue;
        }
        if (key.part == BodyKey::Part::Y && has(u"x"))
            continue; // went with x
        out.append({Field::Position, QPointF(real(u"x", place.x()), real(u"y", place.y()))});
    }
    return out + m_properties;
}

void Body::refuse(const QString &key, const QString &type, const QString &msg)
{
    problems.append({type, {QStringLiteral("body"), key}, msg, m_object.value(key)});
}

Body readBody(const Request &request, const BodyShape &shape)
{
    Body body;
    const QString where = QStringLiteral("body");
    const auto refuseAll = [&](const char *type, const QJsonArray &loc, const QString &msg,
                               const QJsonValue &input) {
        body.problems.append({QString::fromLatin1(type), loc, msg, input});
    };
    if (request.body.isEmpty()) {
        refuseAll("missing", {where}, QStringLiteral("Field required"), QJsonValue());
        return body;
    }
    const QString notObject =
        QStringLiteral("Input should be a valid dictionary or object to extract fields from");
    const QByteArray type = request.header("content-type").split(';').first().trimmed().toLower();
    if (!type.isEmpty() && type != "application/json" &&
        !(type.startsWith("application/") && type.endsWith("+json"))) {
        refuseAll("model_attributes_type", {where}, notObject,
                  QString::fromUtf8(request.body.left(1000)));
        return body;
    }
    // In brackets, so that a lone text or number is JSON too, but not an object.
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson('[' + request.body + ']', &error);
    if (error.error != QJsonParseError::NoError || document.array().size() != 1) {
        const qsizetype at =
            error.error == QJsonParseError::NoError ? 0 : qsizetype(error.offset) - 1;
        refuseAll("json_invalid",
                  {where, qint64(std::clamp<qsizetype>(at, 0, request.body.size()))},
                  QStringLiteral("JSON decode error"), QJsonObject());
        return body;
    }
    const QJsonValue top = document.array().first();
    if (!top.isObject()) {
        refuseAll("model_attributes_type", {where}, notObject, top);
        return body;
    }
    return readObject(top.toObject(), shape, {where});
}

Body readObject(const QJsonObject &object, const BodyShape &shape, const QJsonArray &loc)
{
    Body body;
    body.m_object = object;
    const auto refuse = [&](const char *type, QJsonArray at, const QString &msg,
                            const QJsonValue &input) {
        QJsonArray whole = loc;
        for (const QJsonValue &part : std::as_const(at))
            whole.append(part);
        body.problems.append({QString::fromLatin1(type), whole, msg, input});
    };
    for (const BodyKey &key : shape) {
        const auto it = body.m_object.constFind(key.key);
        if (it == body.m_object.constEnd()) {
            if (key.required)
                refuse("missing", {key.key}, QStringLiteral("Field required"), body.m_object);
            continue;
        }
        if (key.part == BodyKey::Part::Properties) {
            if (!it->isObject()) {
                refuse("dict_type", {key.key}, QStringLiteral("Input should be a valid dictionary"),
                       *it);
                continue;
            }
            const QJsonObject properties = it->toObject();
            for (auto p = properties.constBegin(); p != properties.constEnd(); ++p) {
                Read read = p->isNull() ? Read{} : readText(key.info, *p);
                if (p.key().isEmpty() || p.key().size() > 255 || !isWellFormed(p.key()))
                    read = bad("value_error",
                               QStringLiteral(
                                   "Value error, the name of a property has 1 to 255 characters"));
                if (read.type)
                    refuse(read.type, {key.key, p.key()}, read.msg, *p);
                else
                    body.m_properties.append({{Field::Property, p.key()}, std::move(read.value)});
            }
            body.m_values.insert(key.key, Value());
            continue;
        }
        Read read = readValue(key.info, *it);
        if (read.type)
            refuse(read.type, {key.key}, read.msg, *it);
        else
            body.m_values.insert(key.key, std::move(read.value));
    }
    return body;
}

Body readQuery(const Request &request, const BodyShape &shape)
{
    QJsonObject said;
    for (const QByteArray &pair : request.query.split('&')) {
        const qsizetype equals = pair.indexOf('=');
        const auto decoded = [](QByteArray text) { return percentDecoded(text.replace('+', ' ')); };
        const auto key = decoded(equals < 0 ? pair : pair.first(equals));
        const bool known =
            key && std::any_of(shape.cbegin(), shape.cend(),
                               [&](const BodyKey &each) { return each.key == *key; });
        if (!known)
            continue;
        const auto value = decoded(equals < 0 ? QByteArray() : pair.mid(equals + 1));
        // What is no text is refused as such.
        said.insert(*key, value ? QJsonValue(*value) : QJsonValue(QString(QChar(u'\0'))));
    }
    return readObject(said, shape, {QStringLiteral("query")});
}

std::optional<qint64> readId(const QString &text)
{
    const auto value = integerFromText(text);
    if (!value)
        return std::nullopt;
    return *value > 0 && quint64(*value) <= kMaxEntityId ? *value : -1;
}

FieldProblem badId(const QString &text, const QString &name)
{
    return {QStringLiteral("int_parsing"),
            {QStringLiteral("path"), name},
            QString::fromLatin1(kIntParsing),
            text};
}

} // namespace patchboard::http
