#include "tests/server/hosttest.h"
#include "tests/support/testmain.h"

#include <QDateTime>

#include <thread>

/// What the interface of HTTP and Socket.IO promises to the clients that are there already, point
/// by point, spoken over real sockets with the real program. Each row starts from the demo board:
/// devices 1 to 10, interfaces 11 to 34, links 35 to 42; the next id is 43.
namespace {

QJsonValue parsed(const QByteArray &text)
{
    QJsonParseError error;
    const QJsonValue value = QJsonDocument::fromJson('[' + text + ']', &error).array().first();
    Q_ASSERT_X(error.error == QJsonParseError::NoError, "parsed", text.constData());
    return value;
}

QJsonObject object(const QByteArray &text)
{
    return parsed(text).toObject();
}

/// Compares with a pattern: "<any>", "<id>", "<time>" and "<text>" stand for values; an object has
/// exactly the pattern's keys, unless that has a key "..."; ["*", n, p] are n times p. Returns
/// where they differ.
QString difference(const QJsonValue &pattern, const QJsonValue &value,
                   const QString &at = QStringLiteral("$"))
{
    const auto differs = [&] {
        const auto text = [](const QJsonValue &v) {
            return QString::fromUtf8(QJsonDocument(QJsonArray{v}).toJson(QJsonDocument::Compact));
        };
        return QStringLiteral("%1: %2 expected, %3 came").arg(at, text(pattern), text(value));
    };
    if (pattern.isString() && pattern.toString().startsWith(u'<')) {
        const QString kind = pattern.toString();
        bool fits = false;
        if (kind == QLatin1String("<any>"))
            fits = !value.isUndefined();
        else if (kind == QLatin1String("<id>"))
            fits = value.isDouble() && value.toInteger() > 0 &&
                   double(value.toInteger()) == value.toDouble();
        else if (kind == QLatin1String("<text>"))
            fits = value.isString() && !value.toString().isEmpty();
        else if (kind == QLatin1String("<time>"))
            fits = value.toString().endsWith(u'Z') &&
                   QDateTime::fromString(value.toString(), Qt::ISODateWithMs).isValid();
        return fits ? QString() : differs();
    }
    if (pattern.type() != value.type())
        return differs();
    if (pattern.isObject()) {
        const QJsonObject wanted = pattern.toObject();
        const QJsonObject came = value.toObject();
        for (auto it = wanted.begin(); it != wanted.end(); ++it) {
            if (it.key() == QLatin1String("..."))
                continue;
            const QString inner = difference(*it, came.value(it.key()), at + u'.' + it.key());
            if (!inner.isEmpty())
                return inner;
        }
        for (const QString &key : came.keys()) {
            if (!wanted.contains(key) && !wanted.contains(QLatin1String("...")))
                return QStringLiteral("%1: has %2 besides").arg(at, key);
        }
        return {};
    }
    if (pattern.isArray()) {
        const QJsonArray wanted = pattern.toArray();
        const QJsonArray came = value.toArray();
        const bool repeated = wanted.size() == 3 && wanted[0].toString() == QLatin1String("*");
        if (came.size() != (repeated ? wanted[1].toInt() : wanted.size()))
            return differs();
        for (qsizetype i = 0; i < came.size(); ++i) {
            const QString inner = difference(repeated ? wanted[2] : wanted[i], came[i],
                                             QStringLiteral("%1[%2]").arg(at).arg(i));
            if (!inner.isEmpty())
                return inner;
        }
        return {};
    }
    return pattern == value ? QString() : differs();
}

QJsonObject with(QJsonObject object, const QByteArray &more)
{
    const QJsonObject added = parsed(more).toObject();
    for (auto it = added.begin(); it != added.end(); ++it)
        object.insert(it.key(), *it);
    return object;
}

QJsonObject device(const QByteArray &more = "{}")
{
    return with(object(R"({"id": "<id>", "name": "<text>", "device_type": "<text>",
                           "status": "<text>", "x": "<any>", "y": "<any>",
                           "tx_power_dbm": "<any>", "sensitivity_min_dbm": "<any>",
                           "insertion_loss_db": "<any>", "parent_container_id": "<any>",
                           "status_override": "<any>", "override_reason": "<any>",
                           "effective_status": "<text>"})"),
                more);
}
QJsonObject deviceFull(const QByteArray &more = "{}")
{
    return with(device(R"({"created_at": "<time>", "updated_at": "<time>", "...": true})"), more);
}
QJsonObject interface(const QByteArray &more = "{}")
{
    return with(object(R"({"id": "<id>", "name": "<text>", "interface_type": "<text>",
                           "status": "<text>", "device_id": "<id>"})"),
                more);
}
QJsonObject interfaceFull(const QByteArray &more = "{}")
{
    return with(interface(R"({"created_at": "<time>", "updated_at": "<time>", "...": true})"),
                more);
}
QJsonObject link(const QByteArray &more = "{}")
{
    return with(object(R"({"id": "<id>", "status": "<text>", "a_interface_id": "<id>",
                           "b_interface_id": "<id>", "length_km": "<any>",
                           "physical_medium_id": "<any>", "link_loss_db": "<any>"})"),
                more);
}
QJsonObject linkFull(const QByteArray &more = "{}")
{
    return with(link(R"({"created_at": "<time>", "updated_at": "<time>", "...": true})"), more);
}
QJsonValue detail(const char *text)
{
    return QJsonObject{{QStringLiteral("detail"), QString::fromUtf8(text)}};
}
/// A 422 of one problem.
QJsonValue invalid(const char *type, const QByteArray &loc)
{
    QJsonObject entry = object(R"({"msg": "<text>", "input": "<any>"})");
    entry.insert(QStringLiteral("type"), QString::fromLatin1(type));
    entry.insert(QStringLiteral("loc"), parsed(loc));
    return QJsonObject{{QStringLiteral("detail"), QJsonArray{entry}}};
}
QJsonArray times(int count, const QJsonValue &pattern)
{
    return {QStringLiteral("*"), count, pattern};
}

QJsonArray raised(const char *name, const QJsonValue &body)
{
    return {QString::fromLatin1(name), body};
}
QJsonArray raised(const char *name, const QByteArray &body)
{
    return raised(name, parsed(body));
}

/// A client of Socket.IO by long-polling.
class EventTap
{
public:
    explicit EventTap(quint16 port)
        : m_http(port)
    {
        const QByteArray base = "/socket.io/?EIO=4&transport=polling";
        const Reply open = m_http.get(base);
        m_path =
            base + "&sid=" +
            QJsonDocument::fromJson(open.body.mid(1)).object().value(u"sid").toString().toLatin1();
        m_http.request("POST", m_path, "40", {"Content-Type: text/plain"});
        m_connected = m_http.get(m_path).body.startsWith("40{");
    }
    [[nodiscard]] bool isConnected() const { return m_connected; }
    /// All events, as [name, body], up to the one that @a marker names (without it).
    QJsonArray until(const QString &marker)
    {
        QJsonArray out;
        for (;;) {
            const Reply reply = m_http.get(m_path);
            if (reply.status != 200)
                return {};
            for (const QByteArray &packet : reply.body.split('\x1e')) {
                if (packet == "2") {
                    m_http.request("POST", m_path, "3", {"Content-Type: text/plain"});
                    continue;
                }
                if (!packet.startsWith("42"))
                    return {};
                const QJsonArray event = QJsonDocument::fromJson(packet.mid(2)).array();
                if (event[1].toObject().value(u"name") == marker)
                    return out;
                out.append(event);
            }
        }
    }

private:
    HttpClient m_http;
    QByteArray m_path;
    bool m_connected = false;
};

} // namespace

class TestContract : public HostTest
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        begin({QStringLiteral("--demo")});
        m_tap = std::make_unique<EventTap>(m_server->port());
        QVERIFY(m_tap->isConnected());
    }
    void cleanup()
    {
        m_tap.reset();
        end();
    }

    void endpoints_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QJsonValue>("answer");
        QTest::addColumn<QJsonArray>("events");
        const auto row = [](const char *name, const char *request, const QByteArray &body,
                            int status, const QJsonValue &answer,
                            const QList<QJsonArray> &events = {}) {
            QJsonArray all;
            for (const QJsonArray &each : events)
                all.append(each);
            QTest::newRow(name) << QByteArray(request) << body << status << answer << all;
        };
        const QJsonValue nothing(QJsonValue::Undefined);
        const auto noDevice = detail("Device not found");

        row("health", "GET /health", {}, 200,
            parsed(R"({"status": "healthy", "service": "<text>", "version": "<text>"})"));

        // Devices
        row("devices", "GET /api/devices", {}, 200, times(10, device()));
        row("device", "GET /api/devices/6", {}, 200,
            device(R"({"id": 6, "name": "OLT1", "device_type": "OLT", "status": "UP", "x": 200,
                       "y": 300, "tx_power_dbm": 5, "sensitivity_min_dbm": null,
                       "insertion_loss_db": null, "parent_container_id": null,
                       "status_override": null, "override_reason": null,
                       "effective_status": "UP"})"));
        row("device: unknown", "GET /api/devices/99", {}, 404, noDevice);
        row("device: no id", "GET /api/devices/abc", {}, 422,
            invalid("int_parsing", R"(["path", "device_id"])"));
        row("create device", "POST /api/devices",
            R"({"name": "n", "device_type": "SPLITTER", "x": 1.5, "y": -2, "status": "UP",
                "insertion_loss_db": 3.5, "unknown": {}})",
            201, device(R"({"id": 43, "name": "n", "device_type": "SPLITTER", "status": "DOWN",
                       "x": 1.5, "y": -2, "insertion_loss_db": 3.5, "tx_power_dbm": null,
                       "parent_container_id": null})"),
            {raised("device:created",
                    deviceFull(R"({"id": 43, "name": "n", "device_type": "SPLITTER",
                                  "status": "DOWN", "x": 1.5, "y": -2})"))});
        row("create device: defaults", "POST /api/devices",
            R"({"name": "n", "device_type": "ONT"})", 201,
            device(R"({"id": 43, "x": 0, "y": 0, "tx_power_dbm": null,
                       "sensitivity_min_dbm": null, "insertion_loss_db": null})"),
            {raised("device:created", deviceFull())});
        row("create device: no name", "POST /api/devices", R"({"device_type": "ONT"})", 422,
            invalid("missing", R"(["body", "name"])"));
        row("create device: no type", "POST /api/devices", R"({"name": "n"})", 422,
            invalid("missing", R"(["body", "device_type"])"));
        row("create device: unknown type", "POST /api/devices",
            R"({"name": "n", "device_type": "TOASTER"})", 422,
            invalid("enum", R"(["body", "device_type"])"));
        row("create device: name in use", "POST /api/devices",
            R"({"name": "OLT1", "device_type": "OLT"})", 409,
            detail("Device with name 'OLT1' already exists"));

        // Provisioning
        row("provision", "POST /api/devices/provision",
            R"({"name": "n", "device_type": "ONT", "x": 5, "y": 6,
                "sensitivity_min_dbm": -30})",
            201,
            parsed(R"({"message": "Device 'n' provisioned successfully with 1 interfaces",
                       "device": "<any>", "interfaces": [)" +
                   QJsonDocument(interface(
                                     R"({"id": 44, "name": "eth0", "status": "DOWN",
                                         "interface_type": "ETHERNET", "device_id": 43})"))
                       .toJson() +
                   "]}"),
            {raised("device:created", deviceFull(R"({"id": 43, "status": "DOWN", "x": 5})")),
             raised("interface:created", interfaceFull(R"({"id": 44, "device_id": 43})")),
             raised("device_created", QByteArray(R"({"device_id": 43, "name": "n",
                                         "device_type": "ONT", "interface_count": 1})"))});
        row("provision: container", "POST /api/devices/provision",
            R"({"name": "n", "device_type": "POP"})", 201,
            QJsonObject{{QStringLiteral("device"), device(R"({"id": 43, "device_type": "POP"})")},
                        {QStringLiteral("interfaces"), QJsonArray()},
                        {QStringLiteral("message"),
                         QStringLiteral("Device 'n' provisioned successfully with 0 interfaces")}},
            {raised("device:created", deviceFull()),
             raised("device_created", QByteArray(R"({"device_id": 43, "name": "n",
                                         "device_type": "POP", "interface_count": 0})"))});
        row("provision: name in use", "POST /api/devices/provision",
            R"({"name": "OLT1", "device_type": "OLT"})", 400,
            detail("Device with name 'OLT1' already exists"));
        row("provision: nothing upstream", "POST /api/devices/provision",
            R"({"name": "n", "device_type": "AON_CPE"})", 400,
            detail("Cannot provision AON_CPE: No AON_SWITCH exists for upstream connectivity"));
        row("provision: upstream not asked for", "POST /api/devices/provision",
            R"({"name": "n", "device_type": "AON_CPE", "validate_upstream": false})", 201,
            QJsonObject{{QStringLiteral("device"), device()},
                        {QStringLiteral("interfaces"), times(5, interface())},
                        {QStringLiteral("message"), QStringLiteral("<text>")}},
            {raised("device:created", deviceFull()),
             raised("interface:created", interfaceFull(R"({"name": "wan0"})")),
             raised("interface:created", interfaceFull(R"({"name": "lan0"})")),
             raised("interface:created", interfaceFull(R"({"name": "lan1"})")),
             raised("interface:created", interfaceFull(R"({"name": "lan2"})")),
             raised("interface:created", interfaceFull(R"({"name": "lan3"})")),
             raised("device_created", QByteArray(R"({"device_id": 43, "name": "n",
                                        "device_type": "AON_CPE", "interface_count": 5})"))});
        row("provision: no type", "POST /api/devices/provision", R"({"name": "n"})", 422,
            invalid("missing", R"(["body", "device_type"])"));

        // Moving
        row("move", "PATCH /api/devices/1", R"({"x": 10, "y": 20.25})", 200,
            parsed("{\"message\": \"Device position updated to (10, 20.25)\"}"),
            {raised("device:moved", QByteArray(R"({"id": 1, "x": 10, "y": 20.25})"))});
        row("move: unknown", "PATCH /api/devices/99", R"({"x": 1, "y": 1})", 404, noDevice);
        row("move: half", "PATCH /api/devices/1", R"({"x": 1})", 422,
            invalid("missing", R"(["body", "y"])"));
        row("move: no number", "PATCH /api/devices/1", R"({"x": "left", "y": 1})", 422,
            invalid("float_parsing", R"(["body", "x"])"));

        // Overrides, by both of their names
        const auto forced = [](const char *value, const char *reason) {
            QJsonObject changed = deviceFull();
            changed.insert(QStringLiteral("id"), 1);
            changed.insert(QStringLiteral("status"), QStringLiteral("UP"));
            changed.insert(QStringLiteral("status_override"), QString::fromLatin1(value));
            changed.insert(QStringLiteral("effective_status"), QString::fromLatin1(value));
            changed.insert(QStringLiteral("override_reason"),
                           reason ? QJsonValue(QString::fromLatin1(reason)) : QJsonValue());
            return changed;
        };
        const auto answered = [](const QString &message, const QJsonObject &changed) {
            return QJsonObject{{QStringLiteral("message"), message},
                               {QStringLiteral("device"), changed}};
        };
        row("override", "PATCH /api/devices/1/override",
            R"({"status_override": "DOWN", "override_reason": "why"})", 200,
            answered(QStringLiteral("Status override set to DOWN"), forced("DOWN", "why")),
            {raised("device:updated", forced("DOWN", "why"))});
        row("override: no reason", "PATCH /api/devices/1/override",
            R"({"status_override": "UP", "override_reason": null})", 200,
            answered(QStringLiteral("Status override set to UP"), forced("UP", nullptr)),
            {raised("device:updated", forced("UP", nullptr))});
        row("override: unknown", "PATCH /api/devices/99/override",
            R"({"status_override": "SIDEWAYS"})", 404, noDevice);
        row("override: degraded", "PATCH /api/devices/1/override",
            R"({"status_override": "DEGRADED"})", 400,
            detail("status_override must be 'UP' or 'DOWN'"));
        row("override: nothing", "PATCH /api/devices/1/override", "{}", 422,
            invalid("missing", R"(["body", "status_override"])"));
        row("override: long reason", "PATCH /api/devices/1/override",
            "{\"status_override\": \"UP\", \"override_reason\": \"" + QByteArray(256, 'x') + "\"}",
            422, invalid("string_too_long", R"(["body", "override_reason"])"));
        row("override-status", "POST /api/devices/1/override-status",
            R"({"status": "DEGRADED", "reason": "why"})", 200,
            answered(QStringLiteral("Status override set to DEGRADED"), forced("DEGRADED", "why")),
            {raised("device:updated", forced("DEGRADED", "why"))});
        row("override-status: unknown", "POST /api/devices/99/override-status",
            R"({"status": "SIDEWAYS"})", 404, noDevice);
        row("override-status: no status", "POST /api/devices/1/override-status",
            R"({"status": "SIDEWAYS"})", 400,
            detail("Invalid status. Must be one of: ['UP', 'DOWN', 'DEGRADED']"));
        for (const char *request :
             {"DELETE /api/devices/1/override", "DELETE /api/devices/1/override-status"}) {
            QJsonObject cleared = deviceFull();
            cleared.insert(QStringLiteral("status_override"), QJsonValue());
            row(request, request, {}, 200,
                answered(QStringLiteral("Status override cleared"), cleared),
                {raised("device:updated", cleared)});
        }
        row("clear override: unknown", "DELETE /api/devices/99/override", {}, 404, noDevice);
        row("clear override-status: unknown", "DELETE /api/devices/99/override-status", {}, 404,
            noDevice);

        row("interfaces of a device", "GET /api/devices/6/interfaces", {}, 200,
            times(6, interface(R"({"device_id": 6})")));
        row("interfaces of no device", "GET /api/devices/99/interfaces", {}, 404, noDevice);
        // CoreRouter2 with its link to EdgeRouter2 (37).
        row("delete device", "DELETE /api/devices/3", {}, 204, nothing,
            {raised("link:deleted", QByteArray(R"({"id": 37})")),
             raised("interface:deleted", QByteArray(R"({"id": "<id>"})")),
             raised("interface:deleted", QByteArray(R"({"id": "<id>"})")),
             raised("device:deleted", QByteArray(R"({"id": 3})"))});
        row("delete device: unknown", "DELETE /api/devices/99", {}, 404, noDevice);

        // Interfaces
        row("interfaces", "GET /api/interfaces", {}, 200, times(24, interface()));
        row("create interface", "POST /api/interfaces",
            R"({"name": "eth9", "interface_type": "OPTICAL", "device_id": 1})", 201,
            interface(R"({"id": 43, "name": "eth9", "interface_type": "OPTICAL",
                          "status": "DOWN", "device_id": 1})"),
            {raised("interface:created", interfaceFull(R"({"id": 43, "name": "eth9",
                          "interface_type": "OPTICAL", "status": "DOWN", "device_id": 1})"))});
        row("create interface: no device", "POST /api/interfaces",
            R"({"name": "eth9", "interface_type": "OPTICAL", "device_id": 99})", 404, noDevice);
        row("create interface: unknown type", "POST /api/interfaces",
            R"({"name": "eth9", "interface_type": "RADIO", "device_id": 1})", 422,
            invalid("enum", R"(["body", "interface_type"])"));
        row("create interface: no type", "POST /api/interfaces",
            R"({"name": "eth9", "device_id": 1})", 422,
            invalid("missing", R"(["body", "interface_type"])"));

        // Links
        row("links", "GET /api/links", {}, 200, times(8, link()));
        row("link", "GET /api/links/42", {}, 200, link(R"({"id": 42, "status": "DEGRADED"})"));
        row("link: unknown", "GET /api/links/99", {}, 404, detail("Link not found"));
        row("create link", "POST /api/links",
            R"({"a_interface_id": 11, "b_interface_id": 15, "length_km": 6,
                "physical_medium_id": "G652D"})",
            201, link(R"({"id": 43, "status": "DOWN", "a_interface_id": 11, "b_interface_id": 15,
                     "length_km": 6, "physical_medium_id": "G652D", "link_loss_db": null})"),
            {raised("link:created", linkFull(R"({"id": 43, "status": "DOWN", "length_km": 6,
                                                "physical_medium_id": "G652D"})"))});
        row("create link: no interface", "POST /api/links",
            R"({"a_interface_id": 11, "b_interface_id": 1})", 404, detail("Interface not found"));
        row("create link: no end", "POST /api/links", R"({"a_interface_id": 11})", 422,
            invalid("missing", R"(["body", "b_interface_id"])"));
        const auto port = [](int id, int deviceId, const char *name, const char *type) {
            QJsonObject made = interfaceFull();
            made.insert(QStringLiteral("id"), id);
            made.insert(QStringLiteral("device_id"), deviceId);
            made.insert(QStringLiteral("name"), QString::fromLatin1(name));
            made.insert(QStringLiteral("interface_type"), QString::fromLatin1(type));
            made.insert(QStringLiteral("status"), QStringLiteral("UP"));
            return made;
        };
        for (const auto &[type, becomes] : {std::pair{"fiber", "OPTICAL"},
                                            {"copper", "ETHERNET"},
                                            {"wireless", "ETHERNET"},
                                            {"smoke", "ETHERNET"}}) {
            const QJsonObject made = linkFull(
                R"({"id": 45, "status": "UP", "a_interface_id": 43, "b_interface_id": 44})");
            row(QByteArray("create-simple: ").append(type).constData(),
                "POST /api/links/create-simple",
                QByteArray("{\"device_a_id\": 1, \"device_b_id\": 6, \"link_type\": \"") + type +
                    "\"}",
                200,
                QJsonObject{{QStringLiteral("link"), made},
                            {QStringLiteral("interface_a"), port(43, 1, "port3", becomes)},
                            {QStringLiteral("interface_b"), port(44, 6, "port7", becomes)},
                            {QStringLiteral("message"),
                             QStringLiteral("Link created: BackboneGW1 (port3) <-> OLT1 (port7)")}},
                {raised("interface:created", port(43, 1, "port3", becomes)),
                 raised("interface:created", port(44, 6, "port7", becomes)),
                 raised("link:created", made)});
        }
        row("create-simple: no A", "POST /api/links/create-simple",
            R"({"device_a_id": 98, "device_b_id": 99, "link_type": "fiber"})", 404,
            detail("Device A (id=98) not found"));
        row("create-simple: beyond ids", "POST /api/links/create-simple",
            R"({"device_a_id": 9223372036854775807, "device_b_id": 99, "link_type": "fiber"})", 404,
            detail("Device A (id=9223372036854775807) not found"));
        row("create-simple: beyond numbers", "POST /api/links/create-simple",
            R"({"device_a_id": 1, "device_b_id": 36893488147419103232, "link_type": "fiber"})", 404,
            detail("Device B (id=36893488147419103232) not found"));
        row("create-simple: no B", "POST /api/links/create-simple",
            R"({"device_a_id": 1, "device_b_id": 99, "link_type": "fiber"})", 404,
            detail("Device B (id=99) not found"));
        row("create-simple: itself", "POST /api/links/create-simple",
            R"({"device_a_id": 1, "device_b_id": 1, "link_type": "fiber"})", 400,
            detail("Cannot link device to itself"));
        row("create-simple: no type", "POST /api/links/create-simple",
            R"({"device_a_id": 1, "device_b_id": 2})", 422,
            invalid("missing", R"(["body", "link_type"])"));
        row("create-simple: no status", "POST /api/links/create-simple",
            R"({"device_a_id": 1, "device_b_id": 2, "link_type": "x", "status": "BAD"})", 422,
            invalid("enum", R"(["body", "status"])"));
        row("delete link", "DELETE /api/links/42", {}, 204, nothing,
            {raised("link:deleted", QByteArray(R"({"id": 42})"))});
        row("delete link: unknown", "DELETE /api/links/99", {}, 404, detail("Link not found"));
    }
    void endpoints()
    {
        QFETCH(const QByteArray, request);
        QFETCH(const QByteArray, body);
        QFETCH(const int, status);
        QFETCH(const QJsonValue, answer);
        QFETCH(const QJsonArray, events);
        const qsizetype space = request.indexOf(' ');
        const Reply reply =
            m_http->request(request.first(space), request.mid(space + 1), body,
                            body.isEmpty() ? QList<QByteArray>()
                                           : QList<QByteArray>{"Content-Type: application/json"});
        QVERIFY2(reply.status == status, reply.body.constData());
        if (answer.isUndefined()) {
            QVERIFY(reply.body.isEmpty());
        } else {
            QCOMPARE(reply.headers.value("content-type"), QByteArray("application/json"));
            compare(answer, parsed(reply.body));
        }
        compare(events, eventsUntilNow());
    }

    void listsAreSortedById()
    {
        for (const char *path : {"/api/devices", "/api/interfaces", "/api/links"}) {
            qint64 last = 0;
            for (const QJsonValue &entry : m_http->get(path).array()) {
                QVERIFY(entry.toObject().value(u"id").toInteger() > last);
                last = entry.toObject().value(u"id").toInteger();
            }
        }
    }

    // What was broken once, behind the same shapes

    /// 1. Times work, and updated_at moves with each change.
    void timesMove()
    {
        const auto full = [this](const char *reason) {
            const Reply reply =
                m_http->send("POST", "/api/devices/1/override-status",
                             QJsonObject{{QStringLiteral("status"), QStringLiteral("UP")},
                                         {QStringLiteral("reason"), QString::fromLatin1(reason)}});
            return reply.object().value(u"device").toObject();
        };
        // However fast they come.
        QString last;
        for (int i = 0; i < 50; ++i) {
            const QString now = full("x").value(u"updated_at").toString();
            QVERIFY2(now > last, qPrintable(now));
            last = now;
        }
        const QJsonObject before = full("a");
        const QString first = before.value(u"updated_at").toString();
        const QDateTime made =
            QDateTime::fromString(before.value(u"created_at").toString(), Qt::ISODateWithMs);
        QVERIFY(made.isValid() && made.offsetFromUtc() == 0);
        QVERIFY(std::abs(made.secsTo(QDateTime::currentDateTimeUtc())) < 600);
        while (QDateTime::currentMSecsSinceEpoch() <=
               QDateTime::fromString(first, Qt::ISODateWithMs).toMSecsSinceEpoch()) {
        }
        const QJsonObject after = full("b");
        QVERIFY(after.value(u"updated_at").toString() > first);
        QCOMPARE(after.value(u"created_at"), before.value(u"created_at"));
    }

    /// 2. What hangs on a deleted device goes with it; what lies in a container moves up.
    void cascades()
    {
        const auto make = [this](const char *name, const char *type, const QJsonValue &parent) {
            return m_http
                ->send("POST", "/api/devices",
                       QJsonObject{{QStringLiteral("name"), QString::fromLatin1(name)},
                                   {QStringLiteral("device_type"), QString::fromLatin1(type)},
                                   {QStringLiteral("parent_container_id"), parent}})
                .object()
                .value(u"id")
                .toInteger();
        };
        const qint64 outer = make("outer", "CORE_SITE", QJsonValue());
        const qint64 inner = make("inner", "POP", outer);
        const qint64 child = make("child", "ONT", inner);
        QVERIFY(eventsUntilNow().size() == 3);
        QCOMPARE(m_http->request("DELETE", "/api/devices/" + QByteArray::number(inner)).status,
                 204);
        const QByteArray path = "/api/devices/" + QByteArray::number(child);
        QCOMPARE(m_http->get(path).object().value(u"parent_container_id").toInteger(), outer);
        const QJsonArray events = eventsUntilNow();
        QCOMPARE(events.size(), 2);
        QCOMPARE(events[0].toArray()[0].toString(), QStringLiteral("device:deleted"));
        QCOMPARE(events[1].toArray()[0].toString(), QStringLiteral("device:updated"));
        QCOMPARE(events[1].toArray()[1].toObject().value(u"parent_container_id").toInteger(),
                 outer);

        // OLT1: six interfaces, five links; one change.
        QCOMPARE(m_http->request("DELETE", "/api/devices/6").status, 204);
        QStringList names;
        for (const QJsonValue &each : eventsUntilNow())
            names.append(each.toArray()[0].toString());
        QCOMPARE(names, QStringList(5, QStringLiteral("link:deleted")) +
                            QStringList(6, QStringLiteral("interface:deleted")) +
                            QStringList{QStringLiteral("device:deleted")});
        QCOMPARE(m_http->get("/api/interfaces").array().size(), 18);
        QCOMPARE(m_http->get("/api/links").array().size(), 3);
    }

    void clearingAnOverrideIsTold()
    {
        for (const char *path : {"/api/devices/1/override", "/api/devices/1/override-status"}) {
            QCOMPARE(m_http
                         ->send("PATCH", "/api/devices/1/override",
                                object(R"({"status_override": "DOWN", "override_reason": "r"})"))
                         .status,
                     200);
            eventsUntilNow();
            QCOMPARE(m_http->request("DELETE", path).status, 200);
            const QJsonArray wanted = raised(
                "device:updated", deviceFull(R"({"id": 1, "status": "UP", "status_override": null,
                                                 "override_reason": null,
                                                 "effective_status": "UP"})"));
            QJsonArray all;
            all.append(wanted);
            compare(all, eventsUntilNow());
            // Also where there is none any more.
            QCOMPARE(m_http->request("DELETE", path).status, 200);
            compare(all, eventsUntilNow());
        }
    }

    /// 3. An override survives a reload, and a restart.
    void overridesLast()
    {
        QCOMPARE(m_http
                     ->send("PATCH", "/api/devices/1/override",
                            object(R"({"status_override": "DOWN", "override_reason": "r"})"))
                     .status,
                 200);
        const auto wanted = device(R"({"status": "UP", "status_override": "DOWN",
                                       "override_reason": "r", "effective_status": "DOWN"})");
        compare(wanted, m_http->get("/api/devices").array()[0]);
        eventsUntilNow();
        QCOMPARE(m_server->terminate(), 0);
        QVERIFY(m_server->start(m_folder->filePath(QStringLiteral("a.board"))));
        m_http = std::make_unique<HttpClient>(m_server->port());
        compare(wanted, m_http->get("/api/devices/1").object());
    }

    /// 4. Who is refused hears why. (That nothing makes a 500: TestFuzz.)
    void refusals_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QJsonValue>("answer");
        const auto row = [](const char *name, const char *request, const char *body, int status,
                            const QJsonValue &answer) {
            QTest::newRow(name) << QByteArray(request) << QByteArray(body) << status << answer;
        };
        row("rename to a name in use", "PATCH /api/devices/1", R"({"name": "OLT1"})", 409,
            detail("Device with name 'OLT1' already exists"));
        row("no such parent", "POST /api/devices",
            R"({"name": "n", "device_type": "ONT", "parent_container_id": 99})", 422,
            invalid("value_error", R"(["body", "parent_container_id"])"));
        row("parent is no container", "POST /api/devices",
            R"({"name": "n", "device_type": "ONT", "parent_container_id": 1})", 422,
            invalid("value_error", R"(["body", "parent_container_id"])"));
        row("provision into no container", "POST /api/devices/provision",
            R"({"name": "n", "device_type": "ONT", "parent_container_id": 1})", 422,
            invalid("value_error", R"(["body", "parent_container_id"])"));
        row("move into no container", "PATCH /api/devices/7", R"({"parent_container_id": 1})", 422,
            invalid("value_error", R"(["body", "parent_container_id"])"));
        row("bad status", "PATCH /api/devices/1", R"({"status": "BROKEN"})", 422,
            invalid("enum", R"(["body", "status"])"));
        row("huge number", "POST /api/devices",
            R"({"name": "n", "device_type": "ONT", "x": 1e999})", 422,
            parsed(R"({"detail": "<any>"})"));
        row("huge id", "DELETE /api/devices/99999999999999999999999", "", 404,
            detail("Device not found"));
    }
    void refusals() { endpointsWithoutEvents(); }

    /// 5. Every change raises its events: seeding, low-level interfaces and links.
    void everyChangeIsTold()
    {
        QCOMPARE(m_http->request("POST", "/api/seed").status, 201);
        QMap<QString, int> counts;
        for (const QJsonValue &each : eventsUntilNow())
            ++counts[each.toArray()[0].toString()];
        QCOMPARE(counts, (QMap<QString, int>{{QStringLiteral("device:created"), 10},
                                             {QStringLiteral("device:deleted"), 10},
                                             {QStringLiteral("interface:created"), 24},
                                             {QStringLiteral("interface:deleted"), 24},
                                             {QStringLiteral("link:created"), 8},
                                             {QStringLiteral("link:deleted"), 8}}));
    }
    void seed()
    {
        const Reply reply = m_http->request("POST", "/api/seed");
        QCOMPARE(reply.status, 201);
        compare(parsed(R"({"message": "Database seeded successfully"})"), parsed(reply.body));
        struct Expected
        {
            const char *name;
            const char *type;
            double x;
            double y;
            const char *status;
            QJsonValue tx;
            QJsonValue sensitivity;
            QStringList interfaces;
        };
        const QStringList router{QStringLiteral("mgmt0"), QStringLiteral("eth0")};
        const QStringList ont{QStringLiteral("pon0"), QStringLiteral("eth0")};
        const QJsonValue none;
        const QList<Expected> expected{
            {"BackboneGW1", "BACKBONE_GATEWAY", 200, 50, "UP", none, none, router},
            {"CoreRouter1", "CORE_ROUTER", 100, 100, "UP", none, none, router},
            {"CoreRouter2", "CORE_ROUTER", 300, 100, "UP", none, none, router},
            {"EdgeRouter1", "EDGE_ROUTER", 100, 200, "UP", none, none, router},
            {"EdgeRouter2", "EDGE_ROUTER", 300, 200, "UP", none, none, router},
            {"OLT1", "OLT", 200, 300, "UP", 5.0, none,
             router + QStringList{QStringLiteral("pon0/0"), QStringLiteral("pon0/1"),
                                  QStringLiteral("pon0/2"), QStringLiteral("pon0/3")}},
            {"ONT1", "ONT", 100, 400, "UP", none, -28.0, ont},
            {"ONT2", "ONT", 200, 400, "UP", none, none, ont},
            {"ONT3", "ONT", 300, 400, "UP", none, -28.0, ont},
            {"ONT4", "ONT", 400, 400, "DEGRADED", none, -28.0, ont}};
        const QJsonArray devices = m_http->get("/api/devices").array();
        QCOMPARE(devices.size(), expected.size());
        QHash<qint64, QString> ports; // "OLT1.pon0/0" by id
        for (qsizetype i = 0; i < expected.size(); ++i) {
            const Expected &e = expected[i];
            const QJsonObject came = devices[i].toObject();
            QCOMPARE(came.value(u"name").toString(), QString::fromLatin1(e.name));
            QCOMPARE(came.value(u"device_type").toString(), QString::fromLatin1(e.type));
            QCOMPARE(came.value(u"x").toDouble(), e.x);
            QCOMPARE(came.value(u"y").toDouble(), e.y);
            QCOMPARE(came.value(u"status").toString(), QString::fromLatin1(e.status));
            QCOMPARE(came.value(u"tx_power_dbm"), e.tx);
            QCOMPARE(came.value(u"sensitivity_min_dbm"), e.sensitivity);
            QStringList names;
            const QByteArray path =
                "/api/devices/" + QByteArray::number(came.value(u"id").toInteger());
            for (const QJsonValue &value : m_http->get(path + "/interfaces").array()) {
                const QJsonObject each = value.toObject();
                names.append(each.value(u"name").toString());
                ports.insert(each.value(u"id").toInteger(),
                             came.value(u"name").toString() + u'.' + names.last());
                const bool degraded = came.value(u"name").toString() == u"ONT4" &&
                                      each.value(u"name").toString() == u"eth0";
                QCOMPARE(each.value(u"status").toString(),
                         degraded ? QStringLiteral("DEGRADED") : QStringLiteral("UP"));
            }
            QCOMPARE(names, e.interfaces);
        }
        QStringList links;
        for (const QJsonValue &value : m_http->get("/api/links").array()) {
            const QJsonObject each = value.toObject();
            links.append(ports.value(each.value(u"a_interface_id").toInteger()) + u' ' +
                         ports.value(each.value(u"b_interface_id").toInteger()) + u' ' +
                         each.value(u"status").toString());
        }
        QCOMPARE(links, QStringList({QStringLiteral("BackboneGW1.eth0 CoreRouter1.eth0 UP"),
                                     QStringLiteral("CoreRouter1.eth0 EdgeRouter1.eth0 UP"),
                                     QStringLiteral("CoreRouter2.eth0 EdgeRouter2.eth0 UP"),
                                     QStringLiteral("EdgeRouter1.eth0 OLT1.eth0 UP"),
                                     QStringLiteral("OLT1.pon0/0 ONT1.pon0 UP"),
                                     QStringLiteral("OLT1.pon0/1 ONT2.pon0 UP"),
                                     QStringLiteral("OLT1.pon0/2 ONT3.pon0 UP"),
                                     QStringLiteral("OLT1.pon0/3 ONT4.pon0 DEGRADED")}));
    }

    /// 7. Requests at the same time come one after the other.
    void twoProvisionsOfOneName()
    {
        constexpr int kClients = 8;
        QList<int> codes(kClients);
        std::vector<std::thread> threads;
        for (int i = 0; i < kClients; ++i) {
            threads.emplace_back([this, i, &codes] {
                HttpClient client(m_server->port());
                codes[i] = client
                               .send("POST", "/api/devices/provision",
                                     object(R"({"name": "one", "device_type": "CORE_ROUTER"})"))
                               .status;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(codes.count(201), 1);
        QCOMPARE(codes.count(400), kClients - 1);
    }

private:
    void compare(const QJsonValue &pattern, const QJsonValue &value)
    {
        const QString differs = difference(pattern, value);
        QVERIFY2(differs.isEmpty(), qPrintable(differs));
    }
    /// Events since the last call; a device of our own says that there are no more.
    QJsonArray eventsUntilNow()
    {
        const QString name = QStringLiteral("marker %1").arg(++m_markers);
        m_http->send("POST", "/api/devices",
                     QJsonObject{{QStringLiteral("name"), name},
                                 {QStringLiteral("device_type"), QStringLiteral("ONT")}});
        return m_tap->until(name);
    }
    void endpointsWithoutEvents()
    {
        QFETCH(const QByteArray, request);
        QFETCH(const QByteArray, body);
        QFETCH(const int, status);
        QFETCH(const QJsonValue, answer);
        const qsizetype space = request.indexOf(' ');
        const Reply reply = m_http->request(request.first(space), request.mid(space + 1), body,
                                            {"Content-Type: application/json"});
        QVERIFY2(reply.status == status, reply.body.constData());
        compare(answer, parsed(reply.body));
        QCOMPARE(eventsUntilNow().size(), 0);
    }

    std::unique_ptr<EventTap> m_tap;
    int m_markers = 0;
};

PATCHBOARD_TEST(TestContract)
#include "tst_contract.moc"
