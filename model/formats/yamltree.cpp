#include "model/formats/yamltree.h"

#include <QCoreApplication>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>

namespace patchboard::formats {

namespace {

QString yamlText(const char *text)
{
    return QCoreApplication::translate("patchboard::formats::Yaml", text);
}

/// Leaves the parser; never leaves YamlTree::parse().
struct YamlRefusal
{
    ReadError error;
};

QString qtext(const std::string &text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

} // namespace

class YamlTreeBuilder final : public YAML::EventHandler
{
public:
    YamlTreeBuilder(YamlTree &tree, const Control &control)
        : m_tree(tree)
        , m_control(control)
    {
    }

    void OnDocumentStart(const YAML::Mark &mark) override
    {
        if (m_tree.m_root != YamlTree::None) {
            m_tree.m_secondDocument = mark.line + 1;
            throw YamlRefusal{{}}; // what follows is not read
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        put(add(YamlTree::Kind::Null, mark, anchor));
    }

    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        if (anchor >= m_anchors.size() || m_anchors[anchor] == YamlTree::None)
            refuse(yamlText(QT_TRANSLATE_NOOP("patchboard::formats::Yaml",
                                              "The alias in line %1 has no anchor.")),
                   mark);
        const YamlTree::Ref target = m_anchors[anchor];
        for (const YamlTree::Ref open : m_open) {
            if (open == target)
                refuse(
                    yamlText(QT_TRANSLATE_NOOP("patchboard::formats::Yaml",
                                               "The alias in line %1 stands inside its own anchor: "
                                               "the document would never end.")),
                    mark);
        }
        put(target);
    }

    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override
    {
        const YamlTree::Ref ref = add(YamlTree::Kind::Scalar, mark, anchor);
        YamlTree::Node &node = m_tree.m_nodes[static_cast<std::size_t>(ref)];
        node.text = qtext(value);
        node.plain = tag != "!";
        put(ref);
    }

    void OnSequenceStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(YamlTree::Kind::Sequence, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(YamlTree::Kind::Map, mark, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    [[noreturn]] static void refuse(const QString &text, const YAML::Mark &mark)
    {
        const qint64 line = mark.line + 1;
        throw YamlRefusal{{text.arg(line), line, mark.column + 1}};
    }

    YamlTree::Ref add(YamlTree::Kind kind, const YAML::Mark &mark, YAML::anchor_t anchor)
    {
        if (m_tree.m_nodes.size() % 4096 == 4095 && m_control.isCancelled())
            throw YamlRefusal{
                {yamlText(QT_TRANSLATE_NOOP("patchboard::formats::Yaml", "Cancelled.")), 0, 0,
                 true}};
        const auto ref = static_cast<YamlTree::Ref>(m_tree.m_nodes.size());
        YamlTree::Node node;
        node.kind = kind;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        m_tree.m_nodes.push_back(std::move(node));
        if (anchor != YAML::NullAnchor) {
            if (m_anchors.size() <= anchor)
                m_anchors.resize(anchor + 1, YamlTree::None);
            m_anchors[anchor] = ref;
        }
        return ref;
    }

    void open(YamlTree::Kind kind, const YAML::Mark &mark, YAML::anchor_t anchor)
    {
        if (m_open.size() >= static_cast<std::size_t>(YamlTree::MaxDepth)) {
            throw YamlRefusal{
                {QCoreApplication::translate("patchboard::formats::Yaml",
                                             "Line %1 is nested more than %2 levels deep.")
                     .arg(mark.line + 1)
                     .arg(YamlTree::MaxDepth),
                 mark.line + 1, mark.column + 1}};
        }
        m_open.push_back(add(kind, mark, anchor));
    }

    void close()
    {
        const YamlTree::Ref ref = m_open.back();
        m_open.pop_back();
        YamlTree::Node &node = m_tree.m_nodes[static_cast<std::size_t>(ref)];
        for (const YamlTree::Ref item : node.items)
            node.expanded += m_tree.at(item).expanded;
        if (node.expanded > YamlTree::MaxExpanded) {
            throw YamlRefusal{
                {QCoreApplication::translate(
                     "patchboard::formats::Yaml",
                     "The aliases in line %1 repeat each other: the document would grow beyond the "
                     "limit of %2 values.")
                     .arg(node.line)
                     .arg(qint64(YamlTree::MaxExpanded)),
                 node.line, node.column}};
        }
        if (node.kind == YamlTree::Kind::Map && node.items.size() > 2) {
            QHash<QString, qint64> seen;
            for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
                const YamlTree::Node &key = m_tree.at(node.items[i]);
                if (key.kind != YamlTree::Kind::Scalar)
                    continue;
                const auto known = seen.constFind(key.text);
                if (known == seen.constEnd())
                    seen.insert(key.text, key.line);
                else
                    node.duplicates.push_back({key.text, *known, key.line});
            }
        }
        put(ref);
    }

    void put(YamlTree::Ref ref)
    {
        if (m_open.empty())
            m_tree.m_root = ref;
        else
            m_tree.m_nodes[static_cast<std::size_t>(m_open.back())].items.push_back(ref);
    }

    YamlTree &m_tree;
    const Control &m_control;
    std::vector<YamlTree::Ref> m_open;
    std::vector<YamlTree::Ref> m_anchors;
};

std::variant<YamlTree, ReadError> YamlTree::parse(const QByteArray &text, const Control &control)
{
    YamlTree tree;
    YamlTreeBuilder builder(tree, control);
    try {
        std::istringstream stream(
            std::string(text.constData(), static_cast<std::size_t>(text.size())));
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YamlRefusal &refusal) {
        if (!refusal.error.text.isEmpty())
            return refusal.error;
    } catch (const YAML::Exception &exception) {
        // A second document that is broken does not matter.
        if (tree.m_root == None) {
            const qint64 line = exception.mark.line >= 0 ? exception.mark.line + 1 : 0;
            // A tab where an indentation belongs is the usual reason, and hard to see.
            const QList<QByteArray> lines = text.split('\n');
            const qint64 last = line > 0 ? line : lines.size();
            for (qint64 i = 0; i < last && i < lines.size(); ++i) {
                const QByteArray &each = lines.at(i);
                qsizetype at = 0;
                while (at < each.size() && each.at(at) == ' ')
                    ++at;
                if (at < each.size() && each.at(at) == '\t' && !each.trimmed().isEmpty() &&
                    i + 2 >= last) {
                    return ReadError{QCoreApplication::translate(
                                         "patchboard::formats::Yaml",
                                         "Line %1 is indented with a tab; YAML wants spaces.")
                                         .arg(i + 1),
                                     i + 1, at + 1};
                }
            }
            return ReadError{QCoreApplication::translate("patchboard::formats::Yaml",
                                                         "Not valid YAML in line %1: %2.")
                                 .arg(line)
                                 .arg(qtext(exception.msg)),
                             line, exception.mark.column + 1};
        }
    } catch (const std::exception &exception) {
        return ReadError{
            QCoreApplication::translate("patchboard::formats::Yaml", "Not valid YAML: %1.")
                .arg(QString::fromLocal8Bit(exception.what()))};
    }
    return tree;
}

void YamlTree::appendEntries(Ref map, std::vector<Entry> &entries,
                             QHash<QString, std::size_t> &positions, bool merged) const
{
    const Node &node = at(map);
    std::vector<Ref> merges;
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        const Node &key = at(node.items[i]);
        if (key.kind == Kind::Scalar && key.plain && key.text == QLatin1String("<<")) {
            merges.push_back(node.items[i + 1]);
            continue;
        }
        const QString name = key.kind == Kind::Scalar ? key.text : QString();
        const auto known = positions.constFind(name);
        if (known == positions.constEnd()) {
            positions.insert(name, entries.size());
            entries.push_back({name, node.items[i], node.items[i + 1]});
        } else if (!merged) {
            entries[*known].value = node.items[i + 1];
        }
    }
    for (const Ref merge : merges) {
        if (isMap(merge)) {
            appendEntries(merge, entries, positions, true);
        } else if (isSequence(merge)) {
            for (const Ref item : at(merge).items) {
                if (isMap(item))
                    appendEntries(item, entries, positions, true);
            }
        }
    }
}

std::vector<YamlTree::Entry> YamlTree::entries(Ref map) const
{
    std::vector<Entry> entries;
    if (isMap(map)) {
        QHash<QString, std::size_t> positions;
        appendEntries(map, entries, positions, false);
    }
    return entries;
}

YamlTree::Ref YamlTree::value(Ref map, QLatin1String key) const
{
    if (!isMap(map))
        return None;
    const Node &node = at(map);
    Ref found = None;
    bool merges = false;
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        const Node &name = at(node.items[i]);
        if (name.kind != Kind::Scalar)
            continue;
        if (name.text == key)
            found = node.items[i + 1];
        merges = merges || (name.plain && name.text == QLatin1String("<<"));
    }
    if (found != None || !merges)
        return found;
    for (const Entry &entry : entries(map)) {
        if (entry.key == key)
            return entry.value;
    }
    return None;
}

bool YamlTree::appendJson(Ref ref, QString &out, qsizetype limit) const
{
    const auto quoted = [](const QString &text) {
        QString escaped = text;
        escaped.replace(QLatin1Char('\\'), QLatin1String("\\\\"))
            .replace(QLatin1Char('"'), QLatin1String("\\\""))
            .replace(QLatin1Char('\n'), QLatin1String("\\n"))
            .replace(QLatin1Char('\t'), QLatin1String("\\t"));
        return QLatin1Char('"') + escaped + QLatin1Char('"');
    };
    if (out.size() > limit)
        return false;
    if (isNull(ref)) {
        out += QLatin1String("null");
    } else if (isScalar(ref)) {
        out += quoted(at(ref).text);
    } else if (isSequence(ref)) {
        out += QLatin1Char('[');
        bool first = true;
        for (const Ref item : at(ref).items) {
            if (!first)
                out += QLatin1String(", ");
            first = false;
            if (!appendJson(item, out, limit))
                return false;
        }
        out += QLatin1Char(']');
    } else {
        out += QLatin1Char('{');
        bool first = true;
        for (const Entry &entry : entries(ref)) {
            if (!first)
                out += QLatin1String(", ");
            first = false;
            out += quoted(entry.key) + QLatin1String(": ");
            if (!appendJson(entry.value, out, limit))
                return false;
        }
        out += QLatin1Char('}');
    }
    return out.size() <= limit;
}

std::optional<QString> YamlTree::json(Ref ref, qsizetype limit) const
{
    QString out;
    if (!appendJson(ref, out, limit))
        return std::nullopt;
    return out;
}

} // namespace patchboard::formats
