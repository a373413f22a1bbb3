#pragma once

#include "model/core/topology.h"

#include <QByteArray>
#include <QString>

#include <array>
#include <vector>

namespace patchboard {

/// Text search over all fields of devices, interfaces and links, as a person types.
///
/// Everything that can be read of an entity (fields, properties, its type, its effective status,
/// the device of an interface, the ends of a link) stands case-folded in one block of text per
/// kind, made when it is first asked for and kept up to date by the entities that changed. A query
/// is one scan of the block. Shared by *Find* and the tables. Not thread-safe.
class SearchIndex final : public TopologyObserver
{
public:
    /// Words that must all occur, each anywhere. Without words everything matches.
    struct Query
    {
        std::vector<QByteArray> words; ///< case-folded UTF-8
        [[nodiscard]] bool isEmpty() const { return words.empty(); }
        bool operator==(const Query &) const = default;
    };
    static Query parse(const QString &text);

    /// @a topology must outlive the index.
    explicit SearchIndex(const Topology &topology);
    ~SearchIndex();
    SearchIndex(const SearchIndex &) = delete;
    SearchIndex &operator=(const SearchIndex &) = delete;

    /// Makes the block of a kind, so that the first query does not have to.
    void prepare(EntityKind kind);

    /// Ids of one kind that match: first those whose title is the text, then those whose title
    /// begins with it, then those with it in the title, then the rest; in each by id. None for an
    /// empty query.
    [[nodiscard]] QList<EntityId> find(EntityKind kind, const QString &text);

    /// One flag per slot of the topology's table of that kind (Topology::Table::slotOf()).
    [[nodiscard]] std::vector<bool> matches(EntityKind kind, const Query &query);
    [[nodiscard]] bool matches(EntityId id, const Query &query) const;
    /// The slot of a living entity.
    [[nodiscard]] quint32 slotOf(EntityKind kind, EntityId id) const;

    void topologyChanged(const Topology &topology, const Delta &delta) override;
    void topologyReset(const Topology &topology) override;

private:
    struct Row
    {
        quint32 offset = 0;
        quint32 length = 0;   ///< 0: nobody is in this slot
        quint32 capacity = 0; ///< bytes kept for it
    };
    struct Place
    {
        quint32 offset;
        quint32 slot;
    };
    struct Block
    {
        bool built = false;
        bool someRemoved = false;
        std::string text;           ///< rows one after the other; bytes that nobody uses are 0
        std::vector<Row> rows;      ///< by slot
        std::vector<Place> places;  ///< by offset
        std::vector<quint32> stale; ///< slots to read again
        size_t unused = 0;          ///< bytes of text
        std::array<quint32, 256> histogram{};
    };

    Block *blockOf(EntityKind kind);
    void build(EntityKind kind, Block &block);
    void refresh(EntityKind kind, Block &block);
    void put(Block &block, quint32 slot, const std::string &text);
    static void erase(Block &block, Row &row);
    void touch(EntityKind kind, EntityId id);
    void touchName(EntityKind kind, EntityId id);
    [[nodiscard]] qsizetype slotCount(EntityKind kind) const;
    [[nodiscard]] EntityId idInSlot(EntityKind kind, quint32 slot) const;
    void write(EntityKind kind, quint32 slot, std::string &out) const;
    static std::vector<Place>::const_iterator
    placeOf(const Block &block, std::vector<Place>::const_iterator from, quint32 offset);
    /// Calls @a hit with the slot and row of each match, in the order of the text.
    template <typename Hit>
    void scan(const Block &block, const Query &query, Hit hit) const;

    const Topology &m_topology;
    std::array<Block, 3> m_blocks; ///< devices, interfaces, links
};

} // namespace patchboard
