#pragma once

#include <QByteArray>
#include <QJsonValue>
#include <QList>
#include <QString>

#include <memory>
#include <optional>

/// Engine.IO 4 and Socket.IO 5, from the protocol documents of github.com/socketio. Knows nothing
/// of boards. Everything here belongs to one thread.
namespace patchboard::socketio {

/// An Engine.IO packet on its way to one or many: encoded once for each kind of transport.
class EnginePacket
{
public:
    enum class Type : char {
        Open = '0',
        Close = '1',
        Ping = '2',
        Pong = '3',
        Message = '4',
        Upgrade = '5',
        Noop = '6'
    };
    /// A packet of text: its type and its data, UTF-8.
    EnginePacket(Type type, const QByteArray &text)
        : m_content(char(type) + text)
    {
    }
    /// A message of bytes.
    static EnginePacket binary(const QByteArray &bytes) { return EnginePacket(bytes); }

    /// Several packets as one, in this order: written at once.
    static EnginePacket bundle(const QList<std::shared_ptr<const EnginePacket>> &packets);

    /// As it stands in a payload of long-polling.
    [[nodiscard]] const QByteArray &polling() const;
    /// As a frame of a WebSocket.
    [[nodiscard]] const QByteArray &frame() const;
    [[nodiscard]] qsizetype size() const { return m_content.size(); }
    /// Of text or bytes; so is a bundle of them.
    [[nodiscard]] bool isMessage() const
    {
        return m_binary || m_content.startsWith(char(Type::Message));
    }

private:
    explicit EnginePacket(QByteArray bytes)
        : m_content(std::move(bytes))
        , m_binary(true)
    {
    }
    QByteArray m_content;
    bool m_binary = false;
    mutable QByteArray m_base64; ///< of bytes
    mutable QByteArray m_frame;
};
using EnginePacketPtr = std::shared_ptr<const EnginePacket>;

/// A packet as it came. No type: a message of bytes.
struct ReceivedPacket
{
    std::optional<EnginePacket::Type> type;
    QByteArray data;
};
/// One packet of text; nullopt if it is none. Bytes may come as `b…`, base64: by long-polling
/// always, in a WebSocket from clients that were told to.
std::optional<ReceivedPacket> readPacket(QByteArrayView text);
/// All packets of a payload of long-polling; nullopt if one is malformed.
std::optional<QList<ReceivedPacket>> readPayload(QByteArrayView body);

/// A Socket.IO packet. Bytes stand beside the data, which holds placeholders for them:
/// {"_placeholder": true, "num": index}.
struct Packet
{
    enum class Type : quint8 {
        Connect = 0,
        Disconnect = 1,
        Event = 2,
        Ack = 3,
        ConnectError = 4,
        BinaryEvent = 5,
        BinaryAck = 6
    };
    Type type = Type::Event;
    QString nsp = QStringLiteral("/");
    std::optional<quint64> id;
    QJsonValue data = QJsonValue::Undefined;
    QList<QByteArray> attachments;
};

/// The packets of Engine.IO that carry it; the attachments follow the text.
QList<EnginePacketPtr> encode(const Packet &packet);

/// Puts the packets of one client together.
class PacketReader
{
public:
    enum class State : quint8 { Waiting, Complete, Malformed };
    State addText(QByteArrayView text);
    State addBinary(const QByteArray &bytes);
    /// After Complete.
    [[nodiscard]] Packet take();

private:
    [[nodiscard]] State check() const;
    Packet m_packet;
    qsizetype m_missing = 0;
    qsizetype m_bytes = 0;
};

} // namespace patchboard::socketio
