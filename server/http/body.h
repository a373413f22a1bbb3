#pragma once

#include "model/core/fields.h"
#include "server/http/problem.h"

#include <QHash>
#include <QJsonObject>

#include <functional>

/// Request bodies: read once, checked against a description, by the rules (and with the words) of
/// pydantic 2, which the clients of this interface know.
namespace patchboard::http {

/// One key of a request body.
struct BodyKey
{
    enum class Part : quint8 { Whole, X, Y, Properties };
    QString key;
    FieldInfo info; ///< type, bounds and words; a row of the registry, or one of the request's own
    Part part = Part::Whole;
    bool required = false;
};
using BodyShape = QList<BodyKey>;

/// A key that is not a field of an entity.
BodyKey textKey(const QString &key, bool required, bool nullable = false, int longest = 255);
BodyKey flagKey(const QString &key);
BodyKey idKey(const QString &key);
BodyKey statusKeyOf(const QString &key);
/// A whole number within bounds.
BodyKey numberKey(const QString &key, qint64 least, qint64 most);
BodyKey wordKey(const QString &key, std::span<const EnumEntry> words);
/// The key(s) of a field of the registry, by their JSON names.
BodyKey fieldKey(EntityKind kind, QStringView key, bool required);
/// What a `POST` of a kind may carry: the fields that its creation needs and takes, without states.
BodyShape creationShape(EntityKind kind);
/// What a `PATCH` may carry: every editable field.
BodyShape editShape(EntityKind kind);

/// What a body held, of its description's keys. Null values are there as null.
class Body
{
public:
    [[nodiscard]] bool has(QStringView key) const { return m_values.contains(key.toString()); }
    [[nodiscard]] Value value(QStringView key) const { return m_values.value(key.toString()); }
    [[nodiscard]] QString text(QStringView key) const;
    [[nodiscard]] EntityId id(QStringView key) const;
    [[nodiscard]] double real(QStringView key, double otherwise) const;
    [[nodiscard]] bool flag(QStringView key, bool otherwise) const;
    [[nodiscard]] qint64 number(QStringView key, qint64 otherwise) const;
    [[nodiscard]] QJsonValue input(QStringView key) const { return m_object.value(key); }
    [[nodiscard]] const QJsonObject &object() const { return m_object; }
    [[nodiscard]] QStringList keys() const { return m_values.keys(); }
    /// Values of the fields of @a shape that were given, x and y (0 where absent, or of @a place)
    /// as one position.
    [[nodiscard]] QList<FieldValue> fields(const BodyShape &shape, QPointF place = {}) const;

    QList<FieldProblem> problems;
    void refuse(const QString &key, const QString &type, const QString &msg);

private:
    friend Body readBody(const Request &, const BodyShape &);
    friend Body readQuery(const Request &, const BodyShape &);
    friend Body readObject(const QJsonObject &, const BodyShape &, const QJsonArray &);
    QJsonObject m_object;
    QHash<QString, Value> m_values;
    QList<FieldValue> m_properties;
};

/// Keys that the description does not know are ignored.
Body readBody(const Request &request, const BodyShape &shape);

/// An object within a body; @a loc is its place there.
Body readObject(const QJsonObject &object, const BodyShape &shape, const QJsonArray &loc);
/// What a request's query says; of a key that is there twice the last counts.
Body readQuery(const Request &request, const BodyShape &shape);

/// An id in a path, a whole number as pydantic reads one; one that is no possible id is -1. nullopt
/// if it is no number, which badId() says.
std::optional<qint64> readId(const QString &text);
/// @a name: of the path's part.
FieldProblem badId(const QString &text, const QString &name);

} // namespace patchboard::http
