#pragma once

#include "model/formats/document.h"

#include <QByteArrayView>
#include <QString>

#include <variant>

namespace patchboard::formats {

/// Offset of the first byte that is not valid UTF-8 (RFC 3629: no overlong forms, no surrogates, at
/// most U+10FFFF), or -1.
qsizetype firstInvalidUtf8(QByteArrayView data);

/// Line of a byte offset, from 1; lines end with LF, CR or CR LF.
qint64 lineOfOffset(QByteArrayView data, qsizetype offset);

struct DecodedText
{
    QString text;
    QString remark; ///< not empty: what was done against the letter of the declaration
};

/// Decodes an XML file as its byte-order mark or declaration says: UTF-8, UTF-16, US-ASCII,
/// ISO-8859-1, ISO-8859-15 and windows-1252. Strict: what does not decode is refused with its line.
std::variant<DecodedText, ReadError> decodeXml(const QByteArray &data);

/// Decodes a file that must be UTF-8 (with or without BOM) or UTF-16 with BOM.
std::variant<DecodedText, ReadError> decodeUnicode(const QByteArray &data);

} // namespace patchboard::formats
