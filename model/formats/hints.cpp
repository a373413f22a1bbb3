#include "model/formats/hints.h"

#include <QHash>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace patchboard::formats {

namespace {

struct HintWord
{
    const char *word;
    QLatin1String type;
};

/// The first hit in this order wins: "switch router" is a router, "firewall cluster" a firewall.
const std::array<HintWord, 52> DeviceWords = {{
    {"firewall", devicetype::Firewall},
    {"fw", devicetype::Firewall},
    {"ngfw", devicetype::Firewall},
    {"utm", devicetype::Firewall},
    {"accesspoint", devicetype::AccessPoint},
    {"ap", devicetype::AccessPoint},
    {"wap", devicetype::AccessPoint},
    {"wlan", devicetype::AccessPoint},
    {"router", devicetype::Router},
    {"routers", devicetype::Router},
    {"rtr", devicetype::Router},
    {"gateway", devicetype::Router},
    {"pe", devicetype::Router},
    {"ce", devicetype::Router},
    {"bng", devicetype::Router},
    {"spine", devicetype::Switch},
    {"spines", devicetype::Switch},
    {"superspine", devicetype::Switch},
    {"leaf", devicetype::Switch},
    {"leafs", devicetype::Switch},
    {"leaves", devicetype::Switch},
    {"tor", devicetype::Switch},
    {"switch", devicetype::Switch},
    {"switches", devicetype::Switch},
    {"l2switch", devicetype::Switch},
    {"l3switch", devicetype::Switch},
    {"bridge", devicetype::Switch},
    {"hub", devicetype::Switch},
    {"server", devicetype::Server},
    {"servers", devicetype::Server},
    {"hypervisor", devicetype::Server},
    {"storage", devicetype::Server},
    {"nas", devicetype::Server},
    {"database", devicetype::Server},
    {"controller", devicetype::Server},
    {"host", devicetype::Host},
    {"hosts", devicetype::Host},
    {"client", devicetype::Host},
    {"clients", devicetype::Host},
    {"pc", devicetype::Host},
    {"workstation", devicetype::Host},
    {"desktop", devicetype::Host},
    {"laptop", devicetype::Host},
    {"machine", devicetype::Host},
    {"machines", devicetype::Host},
    {"vm", devicetype::Host},
    {"phone", devicetype::Host},
    {"printer", devicetype::Host},
    {"camera", devicetype::Host},
    {"internet", devicetype::Cloud},
    {"cloud", devicetype::Cloud},
    {"wan", devicetype::Cloud},
}};

const std::array<const char *, 22> CatalogueKeys = {
    "BACKBONE_GATEWAY", "CORE_ROUTER",  "EDGE_ROUTER", "OLT",       "AON_SWITCH", "ONT",
    "BUSINESS_ONT",     "AON_CPE",      "POP",         "CORE_SITE", "ODF",        "NVT",
    "SPLITTER",         "HOP",          "ROUTER",      "SWITCH",    "FIREWALL",   "HOST",
    "SERVER",           "ACCESS_POINT", "CLOUD",       "GENERIC"};

QStringList wordsOf(QStringView text)
{
    QStringList words;
    QString word;
    for (const QChar c : text) {
        if (c.isLetterOrNumber()) {
            word.append(c.toLower());
        } else if (!word.isEmpty()) {
            words.append(word);
            word.clear();
        }
    }
    if (!word.isEmpty())
        words.append(word);
    return words;
}

/// "leaf01" → "leaf": the number at the end of a word is a running number.
QString withoutDigits(QString word)
{
    while (!word.isEmpty() && word.back().isDigit())
        word.chop(1);
    return word;
}

bool isIpv4(QStringView text)
{
    int parts = 0;
    for (const QStringView part : text.split(QLatin1Char('.'))) {
        bool ok = false;
        const int value = part.toInt(&ok);
        if (!ok || part.size() > 3 || value < 0 || value > 255 || !part.front().isDigit())
            return false;
        ++parts;
    }
    return parts == 4;
}

bool isIpv6(QStringView text)
{
    if (text.count(QLatin1Char(':')) < 2 || text.size() > 45)
        return false;
    const bool shortened = text.contains(QLatin1String("::"));
    int groups = 0;
    const QList<QStringView> parts = text.split(QLatin1Char(':'));
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QStringView part = parts.at(i);
        if (part.isEmpty())
            continue;
        if (i + 1 == parts.size() && part.contains(QLatin1Char('.'))) {
            if (!isIpv4(part))
                return false;
            groups += 2;
            continue;
        }
        if (part.size() > 4 || !std::all_of(part.begin(), part.end(), [](QChar c) {
                return (c >= QLatin1Char('0') && c <= QLatin1Char('9')) ||
                       (c.toLower() >= QLatin1Char('a') && c.toLower() <= QLatin1Char('f'));
            })) {
            return false;
        }
        ++groups;
    }
    return shortened ? groups < 8 : groups == 8;
}

} // namespace

QString deviceTypeFromText(QStringView text)
{
    if (text.size() > 200)
        return {};
    QString key = text.trimmed().toString().toUpper();
    key.replace(QLatin1Char('-'), QLatin1Char('_')).replace(QLatin1Char(' '), QLatin1Char('_'));
    for (const char *known : CatalogueKeys) {
        if (key == QLatin1String(known))
            return key;
    }
    const QStringList words = wordsOf(text);
    for (const HintWord &each : DeviceWords) {
        for (const QString &word : words) {
            if (word == QLatin1String(each.word) || withoutDigits(word) == QLatin1String(each.word))
                return each.type;
        }
    }
    return {};
}

int tierFromText(QStringView text)
{
    static const QHash<QString, int> tiers = {
        {QStringLiteral("internet"), 0},     {QStringLiteral("wan"), 0},
        {QStringLiteral("cloud"), 0},        {QStringLiteral("superspine"), 1},
        {QStringLiteral("core"), 1},         {QStringLiteral("spine"), 2},
        {QStringLiteral("spines"), 2},       {QStringLiteral("aggregation"), 2},
        {QStringLiteral("distribution"), 2}, {QStringLiteral("leaf"), 3},
        {QStringLiteral("leafs"), 3},        {QStringLiteral("leaves"), 3},
        {QStringLiteral("access"), 3},       {QStringLiteral("tor"), 3},
        {QStringLiteral("server"), 5},       {QStringLiteral("servers"), 5},
        {QStringLiteral("host"), 5},         {QStringLiteral("hosts"), 5},
        {QStringLiteral("client"), 5},       {QStringLiteral("clients"), 5},
        {QStringLiteral("machines"), 5}};
    const QStringList words = wordsOf(text);
    for (const QString &word : words) {
        const auto it = tiers.constFind(withoutDigits(word));
        if (it != tiers.constEnd())
            return *it;
    }
    return -1;
}

bool isIpAddress(QStringView text)
{
    const qsizetype slash = text.indexOf(QLatin1Char('/'));
    QStringView address = text;
    if (slash >= 0) {
        bool ok = false;
        const int length = text.sliced(slash + 1).toInt(&ok);
        if (!ok || length < 0 || length > 128)
            return false;
        address = text.first(slash);
    }
    return isIpv4(address) || isIpv6(address);
}

QString withoutIndentation(const QString &text)
{
    qsizetype begin = 0;
    qsizetype end = text.size();
    const auto blank = [&](qsizetype at) {
        const QChar c = text.at(at);
        return c == QLatin1Char(' ') || c == QLatin1Char('\t') || c == QLatin1Char('\r') ||
               c == QLatin1Char('\n');
    };
    qsizetype first = 0;
    while (first < end && blank(first))
        ++first;
    if (QStringView(text).first(first).contains(QLatin1Char('\n')))
        begin = first;
    qsizetype last = end;
    while (last > begin && blank(last - 1))
        --last;
    if (QStringView(text).sliced(last).contains(QLatin1Char('\n')))
        end = last;
    return text.sliced(begin, end - begin);
}

std::optional<double> finiteNumber(QStringView text)
{
    const QStringView trimmed = text.trimmed();
    if (trimmed.isEmpty() || trimmed.size() > 400)
        return std::nullopt;
    for (const QChar c : trimmed) {
        const char16_t u = c.unicode();
        if (!((u >= '0' && u <= '9') || u == '.' || u == '-' || u == '+' || u == 'e' || u == 'E'))
            return std::nullopt;
    }
    bool ok = false;
    const double value = trimmed.toDouble(&ok);
    if (!ok || !std::isfinite(value))
        return std::nullopt;
    return value;
}

} // namespace patchboard::formats
