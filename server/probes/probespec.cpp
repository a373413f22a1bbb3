#include "server/probes/probespec.h"

#include <QRegularExpression>
#include <QUrl>

namespace patchboard::server {

namespace {

constexpr int kLeastOwnIntervalMs = 1000; ///< what a property may ask for
constexpr qsizetype kMostSpecChars = 2000;

/// The text of a problem: what was written, and why it does not do.
QString probeProblem(const QString &text, const char *why)
{
    return QStringLiteral("%1: %2").arg(text.left(200), QLatin1String(why));
}

QString filledIn(QString text, const Device &device)
{
    QString address = device.address.section(u'/', 0, 0).trimmed();
    if (address.contains(u':') && !address.startsWith(u'['))
        address = u'[' + address + u']';
    // In one go: what a name contains is not looked at again.
    static const QRegularExpression marks(QStringLiteral("\\{(address|name)\\}"));
    QString out;
    qsizetype from = 0;
    for (auto it = marks.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        out += QStringView(text).mid(from, match.capturedStart() - from);
        out += match.captured(1) == QLatin1String("name") ? device.name : address;
        from = match.capturedEnd();
    }
    out += QStringView(text).mid(from);
    return out;
}

/// nullopt, and why.
std::optional<ProbeSpec> readSpec(const QString &text, const char **why)
{
    const auto no = [why](const char *reason) {
        *why = reason;
        return std::nullopt;
    };
    if (text.size() > kMostSpecChars)
        return no("too long");
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid())
        return no("not tcp://HOST:PORT, http://HOST, https://HOST or icmp://HOST");
    ProbeSpec spec;
    spec.text = text;
    if (url.scheme() == QLatin1String("tcp"))
        spec.kind = ProbeSpec::Kind::Tcp;
    else if (url.scheme() == QLatin1String("http"))
        spec.kind = ProbeSpec::Kind::Http;
    else if (url.scheme() == QLatin1String("https"))
        spec.kind = ProbeSpec::Kind::Https;
    else if (url.scheme() == QLatin1String("icmp"))
        spec.kind = ProbeSpec::Kind::Icmp;
    else
        return no("not tcp://HOST:PORT, http://HOST, https://HOST or icmp://HOST");
    if (!url.userInfo().isEmpty())
        return no("names and passwords have no place in a probe");
    spec.host = url.host(QUrl::FullyEncoded);
    if (spec.host.startsWith(u'[') && spec.host.endsWith(u']'))
        spec.host = spec.host.mid(1).chopped(1);
    if (spec.host.isEmpty())
        return no("the host is missing");
    const bool web = spec.kind == ProbeSpec::Kind::Http || spec.kind == ProbeSpec::Kind::Https;
    const QString path = url.path(QUrl::FullyEncoded);
    if (!web && ((!path.isEmpty() && path != QLatin1String("/")) || url.hasQuery()))
        return no("a path is for http and https");
    const int port = url.port(spec.kind == ProbeSpec::Kind::Http    ? 80
                              : spec.kind == ProbeSpec::Kind::Https ? 443
                                                                    : 0);
    if (spec.kind == ProbeSpec::Kind::Icmp) {
        if (port != 0)
            return no("icmp has no ports");
    } else if (port <= 0) {
        return no("the port is missing");
    }
    spec.port = quint16(port);
    if (web) {
        spec.target = path.isEmpty() ? QByteArray("/") : path.toLatin1();
        if (url.hasQuery())
            spec.target += '?' + url.query(QUrl::FullyEncoded).toLatin1();
    }
    return spec;
}

} // namespace

std::optional<int> durationMs(QStringView text, int least, int most)
{
    static const QRegularExpression form(
        QRegularExpression::anchoredPattern(QStringLiteral("\\s*(\\d{1,9})\\s*(ms|s|m|h)?\\s*")));
    const auto match = form.match(text.toString());
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2);
    qint64 ms = match.captured(1).toLongLong();
    if (unit == QLatin1String("h"))
        ms *= 60 * 60 * 1000;
    else if (unit == QLatin1String("m"))
        ms *= 60 * 1000;
    else if (unit != QLatin1String("ms"))
        ms *= 1000;
    if (ms < least || ms > most)
        return std::nullopt;
    return int(ms);
}

ProbePlan readProbes(const Device &device, const ProbeTiming &usual)
{
    ProbePlan plan;
    plan.timing = usual;
    const Properties &properties = device.remarks->properties;
    if (properties.isEmpty())
        return plan;
    static const QRegularExpression between(QStringLiteral("[\\s,]+(?=[A-Za-z]+:)|\\s+"));
    const QStringList words =
        properties.value(QStringLiteral("probe")).trimmed().split(between, Qt::SkipEmptyParts);
    for (const QString &word : words) {
        const char *why = nullptr;
        if (plan.specs.size() == kMostProbes) {
            plan.problems.append(probeProblem(word, "a device has at most 8 probes"));
            break;
        }
        if (word.contains(QLatin1String("{address}")) && device.address.trimmed().isEmpty()) {
            plan.problems.append(probeProblem(word, "the device has no address"));
            continue;
        }
        if (auto spec = readSpec(filledIn(word, device), &why); !spec)
            plan.problems.append(probeProblem(word, why));
        else if (!plan.specs.contains(*spec))
            plan.specs.append(*std::move(spec));
    }
    const auto time = [&](const QString &name, int least, int most, int *to, const char *why) {
        const auto given = properties.constFind(name);
        if (given == properties.cend())
            return;
        if (const auto ms = durationMs(*given, least, most))
            *to = *ms;
        else
            plan.problems.append(probeProblem(name + QLatin1String(" = ") + *given, why));
    };
    time(QStringLiteral("probe-interval"), kLeastOwnIntervalMs, kMostIntervalMs,
         &plan.timing.intervalMs, "not a time from 1s to 24h");
    time(QStringLiteral("probe-timeout"), kLeastTimeoutMs, kMostTimeoutMs, &plan.timing.timeoutMs,
         "not a time from 50ms to 60s");
    const auto number = [&](const QString &name, int *to) {
        const auto given = properties.constFind(name);
        if (given == properties.cend())
            return;
        bool ok = false;
        const int value = given->trimmed().toInt(&ok);
        if (ok && value >= 1 && value <= kMostInARow)
            *to = value;
        else
            plan.problems.append(
                probeProblem(name + QLatin1String(" = ") + *given, "not a number from 1 to 100"));
    };
    number(QStringLiteral("probe-rise"), &plan.timing.rise);
    number(QStringLiteral("probe-fall"), &plan.timing.fall);
    return plan;
}

} // namespace patchboard::server
