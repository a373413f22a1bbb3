#include "model/formats/document.h"

#include <QCoreApplication>

namespace patchboard::formats {

QString ReadError::describe(const QString &fileName) const
{
    if (line <= 0)
        return QStringLiteral("%1: %2").arg(fileName, text);
    return QStringLiteral("%1:%2: %3").arg(fileName, QString::number(line), text);
}

Error ReadError::toError(const QString &fileName) const
{
    return {cancelled ? Errc::Cancelled : Errc::Protocol, describe(fileName)};
}

Summary summaryOf(const Document &document)
{
    Summary summary;
    summary.format = document.format;
    summary.devices = document.nodes.size();
    summary.links = document.links.size();
    for (const DocumentNode &node : document.nodes) {
        summary.interfaces += node.interfaces.size();
        if (node.container)
            ++summary.containers;
    }
    summary.warnings = document.warnings;
    return summary;
}

void WarningCollector::add(const QString &kind, qint64 line, const QString &text)
{
    auto it = m_kinds.find(kind);
    if (it == m_kinds.end()) {
        it = m_kinds.insert(kind, {});
        m_order.append(kind);
    }
    ++it->count;
    it->lastLine = line;
    if (it->count <= ListedPerKind)
        m_warnings.append({line, text});
}

QList<Warning> WarningCollector::take()
{
    for (const QString &kind : std::as_const(m_order)) {
        const Kind &counted = m_kinds[kind];
        if (counted.count > ListedPerKind) {
            m_warnings.append(
                {counted.lastLine,
                 QCoreApplication::translate("patchboard::formats", "%n more of this kind: %1",
                                             nullptr, counted.count - ListedPerKind)
                     .arg(kind)});
        }
    }
    m_kinds.clear();
    m_order.clear();
    return std::exchange(m_warnings, {});
}

} // namespace patchboard::formats
