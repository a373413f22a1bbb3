#pragma once

#include "model/formats/format.h"

namespace patchboard::formats {

/// GraphML 1.0/1.1 (graphml.graphdrawing.org) with the dialects of yEd and yFiles (graphics,
/// groups), N2G (interface names as edge labels), networkx and the Internet Topology Zoo
/// (coordinates).
class GraphMlFormat final : public Format
{
public:
    QString id() const override;
    QString name() const override;
    QStringList suffixes() const override;
    bool looksLike(QByteArrayView data) const override;
    ReadResult read(const QByteArray &data, const ReadContext &context) const override;
    QByteArray mediaType() const override;
    std::optional<QByteArray> write(const Topology &topology) const override;
};

} // namespace patchboard::formats
