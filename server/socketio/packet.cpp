#include "server/socketio/packet.h"

#include "server/http/websockets.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringDecoder>

#include <algorithm>

namespace patchboard::socketio {

namespace {

constexpr char kSeparator = '\x1e';
constexpr qsizetype kMostAttachments = 32;
constexpr qsizetype kMostAttachedBytes = 8 * 1024 * 1024;
constexpr qsizetype kMostIdDigits = 15; // exact in JSON

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isReservedEvent(const QString &name)
{
    return name == QLatin1String("connect") || name == QLatin1String("connect_error") ||
           name == QLatin1String("disconnect") || name == QLatin1String("disconnecting") ||
           name == QLatin1String("newListener") || name == QLatin1String("removeListener");
}

bool fits(Packet::Type type, const QJsonValue &data)
{
    switch (type) {
    case Packet::Type::Connect:
        return data.isUndefined() || data.isObject();
    case Packet::Type::Disconnect:
        return data.isUndefined();
    case Packet::Type::ConnectError:
        return data.isString() || data.isObject();
    case Packet::Type::Event:
    case Packet::Type::BinaryEvent: {
        const QJsonValue name = data.toArray().isEmpty() ? QJsonValue() : data.toArray().first();
        return name.isDouble() || (name.isString() && !isReservedEvent(name.toString()));
    }
    case Packet::Type::Ack:
    case Packet::Type::BinaryAck:
        return data.isArray();
    }
    return false;
}

/// Every placeholder names one of @a count attachments.
bool placeholdersFit(const QJsonValue &value, qsizetype count)
{
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        return std::all_of(array.cbegin(), array.cend(),
                           [count](const QJsonValue &v) { return placeholdersFit(v, count); });
    }
    if (!value.isObject())
        return true;
    const QJsonObject object = value.toObject();
    if (object.value(QLatin1String("_placeholder")).toBool()) {
        const double number = object.value(QLatin1String("num")).toDouble(-1);
        return number >= 0 && number < double(count) && number == double(qsizetype(number));
    }
    return std::all_of(object.constBegin(), object.constEnd(),
                       [count](const QJsonValue &v) { return placeholdersFit(v, count); });
}

bool isUtf8(QByteArrayView text)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
    [[maybe_unused]] const QString decoded = decoder(text);
    return !decoder.hasError();
}

} // namespace

EnginePacket EnginePacket::bundle(const QList<std::shared_ptr<const EnginePacket>> &packets)
{
    QByteArray payload;
    QByteArray frames;
    for (const auto &packet : packets) {
        if (!payload.isEmpty())
            payload += kSeparator;
        payload += packet->polling();
        frames += packet->frame();
    }
    EnginePacket all(payload);
    all.m_binary = false;
    all.m_frame = frames;
    return all;
}

const QByteArray &EnginePacket::polling() const
{
    if (!m_binary)
        return m_content;
    if (m_base64.isEmpty())
        m_base64 = 'b' + m_content.toBase64();
    return m_base64;
}

const QByteArray &EnginePacket::frame() const
{
    if (m_frame.isEmpty()) {
        m_frame = http::webSocketFrame(m_binary ? http::FrameKind::Binary : http::FrameKind::Text,
                                       m_content);
    }
    return m_frame;
}

std::optional<ReceivedPacket> readPacket(QByteArrayView text)
{
    if (text.isEmpty())
        return std::nullopt;
    if (text.front() == 'b') {
        const auto bytes = QByteArray::fromBase64Encoding(text.sliced(1).toByteArray(),
                                                          QByteArray::AbortOnBase64DecodingErrors);
        if (!bytes)
            return std::nullopt;
        return ReceivedPacket{std::nullopt, *bytes};
    }
    if (text.front() < '0' || text.front() > '6')
        return std::nullopt;
    return ReceivedPacket{EnginePacket::Type(text.front()), text.sliced(1).toByteArray()};
}

std::optional<QList<ReceivedPacket>> readPayload(QByteArrayView body)
{
    if (!isUtf8(body))
        return std::nullopt;
    QList<ReceivedPacket> packets;
    qsizetype begin = 0;
    while (begin <= body.size()) {
        qsizetype end = body.indexOf(kSeparator, begin);
        if (end < 0)
            end = body.size();
        const auto packet = readPacket(body.sliced(begin, end - begin));
        if (!packet)
            return std::nullopt;
        packets.append(*packet);
        begin = end + 1;
    }
    return packets;
}

QList<EnginePacketPtr> encode(const Packet &packet)
{
    QByteArray text = QByteArray::number(int(packet.type));
    if (packet.type == Packet::Type::BinaryEvent || packet.type == Packet::Type::BinaryAck)
        text += QByteArray::number(packet.attachments.size()) + '-';
    if (packet.nsp != QLatin1String("/"))
        text += packet.nsp.toUtf8() + ',';
    if (packet.id)
        text += QByteArray::number(*packet.id);
    if (packet.data.isObject())
        text += QJsonDocument(packet.data.toObject()).toJson(QJsonDocument::Compact);
    else if (packet.data.isArray())
        text += QJsonDocument(packet.data.toArray()).toJson(QJsonDocument::Compact);
    QList<EnginePacketPtr> packets{
        std::make_shared<EnginePacket>(EnginePacket::Type::Message, text)};
    for (const QByteArray &bytes : packet.attachments)
        packets.append(std::make_shared<EnginePacket>(EnginePacket::binary(bytes)));
    return packets;
}

PacketReader::State PacketReader::addText(QByteArrayView text)
{
    if (m_missing > 0 || text.isEmpty() || text.front() < '0' || text.front() > '6')
        return State::Malformed;
    m_packet = Packet();
    m_bytes = 0;
    m_packet.type = Packet::Type(text.front() - '0');
    qsizetype at = 1;
    const auto number = [&text, &at](qsizetype most) -> std::optional<quint64> {
        const qsizetype begin = at;
        quint64 value = 0;
        while (at < text.size() && isDigit(text[at]))
            value = value * 10 + quint64(text[at++] - '0');
        if (at == begin || at - begin > most)
            return std::nullopt;
        return value;
    };
    if (m_packet.type == Packet::Type::BinaryEvent || m_packet.type == Packet::Type::BinaryAck) {
        const auto count = number(3);
        if (!count || *count > quint64(kMostAttachments) || at >= text.size() || text[at++] != '-')
            return State::Malformed;
        m_missing = qsizetype(*count);
    }
    if (at < text.size() && text[at] == '/') {
        qsizetype end = text.indexOf(',', at);
        if (end < 0)
            end = text.size();
        m_packet.nsp = QString::fromUtf8(text.sliced(at, end - at));
        at = std::min(end + 1, text.size());
    }
    if (at < text.size() && isDigit(text[at])) {
        m_packet.id = number(kMostIdDigits);
        if (!m_packet.id)
            return State::Malformed;
    }
    if (at < text.size()) {
        // In brackets, so that a lone text is JSON too.
        QJsonParseError error;
        const QJsonArray array =
            QJsonDocument::fromJson('[' + text.sliced(at).toByteArray() + ']', &error).array();
        if (error.error != QJsonParseError::NoError || array.size() != 1)
            return State::Malformed;
        m_packet.data = array.first();
    }
    if (!fits(m_packet.type, m_packet.data))
        return State::Malformed;
    return m_missing > 0 ? State::Waiting : check();
}

PacketReader::State PacketReader::addBinary(const QByteArray &bytes)
{
    m_bytes += bytes.size();
    if (m_missing == 0 || m_bytes > kMostAttachedBytes)
        return State::Malformed;
    m_packet.attachments.append(bytes);
    return --m_missing > 0 ? State::Waiting : check();
}

PacketReader::State PacketReader::check() const
{
    const bool binary =
        m_packet.type == Packet::Type::BinaryEvent || m_packet.type == Packet::Type::BinaryAck;
    return !binary || placeholdersFit(m_packet.data, m_packet.attachments.size())
               ? State::Complete
               : State::Malformed;
}

Packet PacketReader::take()
{
    return std::exchange(m_packet, Packet());
}

} // namespace patchboard::socketio
