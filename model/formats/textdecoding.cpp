#include "model/formats/textdecoding.h"

#include <QCoreApplication>
#include <QStringDecoder>

#include <array>

namespace patchboard::formats {

namespace {

QString decodingText(const char *text)
{
    return QCoreApplication::translate("patchboard::formats::Text", text);
}

ReadError invalidUtf8(QByteArrayView data, qsizetype offset)
{
    const qint64 line = lineOfOffset(data, offset);
    const auto byte = static_cast<unsigned char>(data.at(offset));
    return {decodingText(QT_TRANSLATE_NOOP("patchboard::formats::Text",
                                           "Line %1 is not valid UTF-8 (byte 0x%2)."))
                .arg(line)
                .arg(uint(byte), 2, 16, QLatin1Char('0')),
            line};
}

enum class Utf16Order { Little, Big };

std::variant<DecodedText, ReadError> decodeUtf16(const QByteArray &data, qsizetype bom,
                                                 Utf16Order order)
{
    QStringDecoder decoder(order == Utf16Order::Little ? QStringDecoder::Utf16LE
                                                       : QStringDecoder::Utf16BE);
    const QString text = decoder(QByteArrayView(data).sliced(bom));
    bool bad = decoder.hasError() || (data.size() - bom) % 2 != 0;
    qint64 line = 1;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == QLatin1Char('\n'))
            ++line;
        if (c.isSurrogate()) {
            if (c.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate()) {
                ++i;
                continue;
            }
            bad = true;
            break;
        }
        if (c == QChar::ReplacementCharacter && bad)
            break;
    }
    if (bad)
        return ReadError{decodingText(QT_TRANSLATE_NOOP("patchboard::formats::Text",
                                                        "Line %1 is not valid UTF-16."))
                             .arg(line),
                         line};
    return DecodedText{text, {}};
}

/// Windows code page 1252, 0x80 … 0x9F (0 = not assigned), from unicode.org's CP1252.TXT.
constexpr std::array<char16_t, 32> Windows1252High = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

QString decodeWindows1252(const QByteArray &data)
{
    QString text = QString::fromLatin1(data);
    for (QChar &c : text) {
        const char16_t u = c.unicode();
        if (u >= 0x80 && u < 0xA0 && Windows1252High[u - 0x80U] != 0)
            c = QChar(Windows1252High[u - 0x80U]);
    }
    return text;
}

/// ISO 8859-15 differs from 8859-1 in eight places.
QString decodeLatin9(const QByteArray &data)
{
    QString text = QString::fromLatin1(data);
    for (QChar &c : text) {
        switch (c.unicode()) {
        case 0xA4:
            c = QChar(0x20AC);
            break;
        case 0xA6:
            c = QChar(0x0160);
            break;
        case 0xA8:
            c = QChar(0x0161);
            break;
        case 0xB4:
            c = QChar(0x017D);
            break;
        case 0xB8:
            c = QChar(0x017E);
            break;
        case 0xBC:
            c = QChar(0x0152);
            break;
        case 0xBD:
            c = QChar(0x0153);
            break;
        case 0xBE:
            c = QChar(0x0178);
            break;
        default:
            break;
        }
    }
    return text;
}

/// Value of `encoding` in `<?xml … ?>`, lower case; empty = none.
QByteArray declaredEncoding(const QByteArray &data)
{
    if (!data.startsWith("<?xml"))
        return {};
    const qsizetype end = data.indexOf("?>");
    if (end < 0 || end > 500)
        return {};
    const QByteArray declaration = data.first(end);
    qsizetype at = declaration.indexOf("encoding");
    if (at < 0)
        return {};
    at = declaration.indexOf('=', at);
    if (at < 0)
        return {};
    for (++at; at < declaration.size(); ++at) {
        const char quote = declaration.at(at);
        if (quote == '"' || quote == '\'') {
            const qsizetype close = declaration.indexOf(quote, at + 1);
            return close < 0 ? QByteArray() : declaration.sliced(at + 1, close - at - 1).toLower();
        }
    }
    return {};
}

std::variant<DecodedText, ReadError> decodeUtf8(const QByteArray &data)
{
    const qsizetype bad = firstInvalidUtf8(data);
    if (bad >= 0)
        return invalidUtf8(data, bad);
    const QByteArrayView view =
        data.startsWith("\xEF\xBB\xBF") ? QByteArrayView(data).sliced(3) : QByteArrayView(data);
    return DecodedText{QString::fromUtf8(view), {}};
}

} // namespace

qsizetype firstInvalidUtf8(QByteArrayView data)
{
    const auto *bytes = reinterpret_cast<const unsigned char *>(data.data());
    const qsizetype size = data.size();
    const auto continues = [&](qsizetype at) { return at < size && (bytes[at] & 0xC0) == 0x80; };
    for (qsizetype i = 0; i < size;) {
        const unsigned char b = bytes[i];
        if (b < 0x80) {
            ++i;
        } else if (b >= 0xC2 && b <= 0xDF) {
            if (!continues(i + 1))
                return i;
            i += 2;
        } else if (b >= 0xE0 && b <= 0xEF) {
            if (!continues(i + 1) || !continues(i + 2) || (b == 0xE0 && bytes[i + 1] < 0xA0) ||
                (b == 0xED && bytes[i + 1] > 0x9F)) {
                return i;
            }
            i += 3;
        } else if (b >= 0xF0 && b <= 0xF4) {
            if (!continues(i + 1) || !continues(i + 2) || !continues(i + 3) ||
                (b == 0xF0 && bytes[i + 1] < 0x90) || (b == 0xF4 && bytes[i + 1] > 0x8F)) {
                return i;
            }
            i += 4;
        } else {
            return i;
        }
    }
    return -1;
}

qint64 lineOfOffset(QByteArrayView data, qsizetype offset)
{
    qint64 line = 1;
    for (qsizetype i = 0; i < offset && i < data.size(); ++i) {
        if (data.at(i) == '\n' ||
            (data.at(i) == '\r' && i + 1 < data.size() && data.at(i + 1) != '\n'))
            ++line;
    }
    return line;
}

std::variant<DecodedText, ReadError> decodeUnicode(const QByteArray &data)
{
    if (data.startsWith("\xFF\xFE"))
        return decodeUtf16(data, 2, Utf16Order::Little);
    if (data.startsWith("\xFE\xFF"))
        return decodeUtf16(data, 2, Utf16Order::Big);
    return decodeUtf8(data);
}

std::variant<DecodedText, ReadError> decodeXml(const QByteArray &data)
{
    if (data.startsWith("\xFF\xFE") || data.startsWith("\xFE\xFF") ||
        data.startsWith("\xEF\xBB\xBF")) {
        return decodeUnicode(data);
    }
    // Without a mark, "<?" tells the order of UTF-16 (XML 1.0, appendix F).
    if (data.startsWith(QByteArrayView("<\0?\0", 4)))
        return decodeUtf16(data, 0, Utf16Order::Little);
    if (data.startsWith(QByteArrayView("\0<\0?", 4)))
        return decodeUtf16(data, 0, Utf16Order::Big);

    const QByteArray encoding = declaredEncoding(data);
    if (encoding.isEmpty() || encoding == "utf-8" || encoding == "utf8" || encoding == "us-ascii" ||
        encoding == "ascii") {
        return decodeUtf8(data);
    }
    if (encoding == "iso-8859-1" || encoding == "latin1" || encoding == "latin-1" ||
        encoding == "iso8859-1" || encoding == "iso_8859-1") {
        return DecodedText{QString::fromLatin1(data), {}};
    }
    if (encoding == "iso-8859-15")
        return DecodedText{decodeLatin9(data), {}};
    if (encoding == "windows-1252" || encoding == "cp1252")
        return DecodedText{decodeWindows1252(data), {}};
    if (encoding.startsWith("utf-16") || encoding == "ucs-2" || encoding == "iso-10646-ucs-2") {
        // Programs that write through a 16-bit string declare that although they store UTF-8.
        auto decoded = decodeUtf8(data);
        if (auto *text = std::get_if<DecodedText>(&decoded)) {
            text->remark = decodingText(
                QT_TRANSLATE_NOOP("patchboard::formats::Text",
                                  "The file declares UTF-16 but is UTF-8; it was read as UTF-8."));
        }
        return decoded;
    }
    return ReadError{
        decodingText(QT_TRANSLATE_NOOP("patchboard::formats::Text",
                                       "The encoding “%1” cannot be read; save the file as UTF-8."))
            .arg(QString::fromLatin1(encoding.left(40))),
        1};
}

} // namespace patchboard::formats
