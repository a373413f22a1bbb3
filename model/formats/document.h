#pragma once

#include "model/core/result.h"

#include <QHash>
#include <QList>
#include <QMap>
#include <QPointF>
#include <QSizeF>
#include <QString>

#include <optional>
#include <variant>

namespace patchboard::formats {

/// Something that a reader could not take as it stands. @a line counts from 1; 0 = no line.
struct Warning
{
    qint64 line = 0;
    QString text;
};

/// Why a file was refused; nothing of it is taken. Lines and columns count from 1; 0 = unknown.
struct ReadError
{
    QString text;
    qint64 line = 0;
    qint64 column = 0;
    bool cancelled = false;

    /// "name:line: text", for terminals and logs.
    QString describe(const QString &fileName) const;
    /// The same as an error of the board's world: Protocol, Cancelled.
    Error toError(const QString &fileName) const;
};

/// Values keep the text of the file; positions are scene units, y downwards, centre of the thing.
struct DocumentInterface
{
    QString name;
    QString type; ///< ETHERNET, OPTICAL or LOOPBACK; empty = ETHERNET
    QString address;
    QMap<QString, QString> properties;
};

struct DocumentNode
{
    QString key;  ///< unique in the document; what links and children refer to
    QString name; ///< never empty; need not be unique
    QString type; ///< key of a device type
    std::optional<QPointF> position;
    std::optional<QSizeF> size; ///< of a container, if the file says
    QString parentKey;          ///< key of a container; empty = top level
    QString managementAddress;
    QString notes;
    QMap<QString, QString> properties;
    QList<DocumentInterface> interfaces; ///< distinct names
    int tier = -1;                       ///< a hint for the layout: 0 = top row; -1 = none
    qint64 line = 0;
    bool container = false;
};

struct DocumentLink
{
    QString a;          ///< key of a node
    QString aInterface; ///< name of one of its interfaces; empty = the file names none
    QString b;
    QString bInterface;
    QString label;
    std::optional<double> lengthKm;
    QMap<QString, QString> properties;
    qint64 line = 0;
};

/// What a reader understood of a file, in plain values, independent of any board.
struct Document
{
    QString format; ///< id of the format that was read
    QString title;
    QMap<QString, QString> properties;
    QList<DocumentNode> nodes;
    QList<DocumentLink> links; ///< both ends are nodes of the document
    QList<Warning> warnings;
    /// Positions come from coordinates of another kind (degrees, any plane): their unit means
    /// nothing here, the importer may scale them.
    bool freeScale = false;
};

/// What `inspect` prints.
struct Summary
{
    QString format;
    qsizetype devices = 0; ///< containers included
    qsizetype links = 0;
    qsizetype interfaces = 0; ///< those that the file names
    qsizetype containers = 0;
    QList<Warning> warnings;
};

Summary summaryOf(const Document &document);

/// A document or the reason why there is none.
class [[nodiscard]] ReadResult
{
public:
    ReadResult(Document document)
        : m_value(std::move(document))
    {
    }
    ReadResult(ReadError error)
        : m_value(std::move(error))
    {
    }

    explicit operator bool() const { return std::holds_alternative<Document>(m_value); }
    const Document &document() const { return std::get<Document>(m_value); }
    Document &document() { return std::get<Document>(m_value); }
    const ReadError &error() const { return std::get<ReadError>(m_value); }

private:
    std::variant<Document, ReadError> m_value;
};

/// Collects warnings; of one kind only the first few are listed one by one, the rest is counted,
/// so that a file of a million oddities stays readable.
class WarningCollector
{
public:
    /// @a kind groups; @a line counts from 1.
    void add(const QString &kind, qint64 line, const QString &text);
    QList<Warning> take();

    static constexpr int ListedPerKind = 20;

private:
    struct Kind
    {
        int count = 0;
        qint64 lastLine = 0;
    };
    QList<Warning> m_warnings;
    QHash<QString, Kind> m_kinds;
    QList<QString> m_order;
};

} // namespace patchboard::formats
