#pragma once

#include "model/formats/format.h"

#include <QString>

#include <variant>
#include <vector>

namespace patchboard::formats {

/// One YAML document with the line of everything. Scalars stay text (`no`, `012`, `12:30`); aliases
/// share the node of their anchor and are never expanded; merge keys (`<<`) are resolved on access.
class YamlTree
{
public:
    enum class Kind { Null, Scalar, Sequence, Map };
    /// Index of a node; None = there is none.
    using Ref = int;
    static constexpr Ref None = -1;

    struct Duplicate
    {
        QString key;
        qint64 firstLine = 0;
        qint64 line = 0;
    };

    struct Node
    {
        Kind kind = Kind::Null;
        bool plain = true; ///< a scalar without quotes
        qint64 line = 0;
        qint64 column = 0;
        QString text;                      ///< of a scalar
        std::vector<Ref> items;            ///< of a sequence; of a map key, value, key, value …
        std::vector<Duplicate> duplicates; ///< keys of this map that are there again
        double expanded = 1; ///< nodes below, aliases counted as often as they are used
    };

    struct Entry
    {
        QString key;
        Ref keyNode = None;
        Ref value = None;
    };

    /// Refuses broken YAML, more than @a MaxDepth levels, an alias inside its own anchor and
    /// documents that would grow beyond @a MaxExpanded nodes through aliases. @a text is UTF-8.
    static std::variant<YamlTree, ReadError> parse(const QByteArray &text, const Control &control);

    static constexpr int MaxDepth = 100;
    static constexpr double MaxExpanded = 2e6;

    Ref root() const { return m_root; }
    const Node &at(Ref ref) const { return m_nodes[static_cast<std::size_t>(ref)]; }
    std::size_t size() const { return m_nodes.size(); }
    /// Line at which a second document begins; 0 = there is none.
    qint64 secondDocumentLine() const { return m_secondDocument; }

    bool isMap(Ref ref) const { return ref != None && at(ref).kind == Kind::Map; }
    bool isSequence(Ref ref) const { return ref != None && at(ref).kind == Kind::Sequence; }
    bool isScalar(Ref ref) const { return ref != None && at(ref).kind == Kind::Scalar; }
    /// None counts as null.
    bool isNull(Ref ref) const { return ref == None || at(ref).kind == Kind::Null; }

    /// Entries of a map, merged ones behind the own; a key that is there twice counts last.
    std::vector<Entry> entries(Ref map) const;
    /// Value of a key of a map; None if there is none or @a map is no map.
    Ref value(Ref map, QLatin1String key) const;
    /// Text of a scalar, empty for anything else.
    QString text(Ref ref) const { return isScalar(ref) ? at(ref).text : QString(); }
    /// Any value as one line of JSON, at most @a limit characters; nothing if it is longer.
    std::optional<QString> json(Ref ref, qsizetype limit) const;

private:
    friend class YamlTreeBuilder;
    void appendEntries(Ref map, std::vector<Entry> &entries, QHash<QString, std::size_t> &at,
                       bool merged) const;
    bool appendJson(Ref ref, QString &out, qsizetype limit) const;

    std::vector<Node> m_nodes;
    Ref m_root = None;
    qint64 m_secondDocument = 0;
};

} // namespace patchboard::formats
