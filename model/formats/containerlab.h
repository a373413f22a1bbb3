#pragma once

#include "model/formats/format.h"

namespace patchboard::formats {

/// containerlab topology files (containerlab.dev/manual/topo-def-file): nodes with the settings
/// that defaults, kinds and groups give them, links in the brief and the extended form, positions
/// from labels or from the editor's annotations beside the file.
class ContainerlabFormat final : public Format
{
public:
    QString id() const override;
    QString name() const override;
    QStringList suffixes() const override;
    bool looksLike(QByteArrayView data) const override;
    ReadResult read(const QByteArray &data, const ReadContext &context) const override;
    QByteArray mediaType() const override;
    std::optional<QByteArray> write(const Topology &topology) const override;

    /// `${NAME:=text}`, `${NAME:-text}`, `${NAME=text}` and `${NAME-text}` become their text, as
    /// when none of the variables is set; `${NAME}` stays. The environment is not read.
    static QString withDefaults(const QString &text);
};

/// Some devices of a board and links between them as a topology file. Containers are left out; a
/// name that containerlab would refuse gets other characters.
QString containerlabText(const Topology &topology, const QList<EntityId> &devices,
                         const QList<EntityId> &links);

} // namespace patchboard::formats
