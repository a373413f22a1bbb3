#pragma once

#include "model/wire/codec.h"

#include <QUuid>
#include <QWebSocket>

/// A client of /sync that says what a test wants, not what the protocol asks for.
class SyncPeer : public QObject
{
public:
    /// Connects, and says Hello with @a token if @a greet.
    SyncPeer(quint16 port, const QByteArray &token, bool greet = true)
    {
        using namespace patchboard;
        hello.profile = QUuid::createUuid().toString(QUuid::WithoutBraces);
        hello.author = QStringLiteral("peer");
        hello.token = QString::fromLatin1(token);
        connect(&m_socket, &QWebSocket::connected, this, [this, greet] {
            open = true;
            if (greet)
                send(hello);
        });
        connect(&m_socket, &QWebSocket::disconnected, this, [this] { closed = true; });
        connect(&m_socket, &QWebSocket::binaryMessageReceived, this,
                [this](const QByteArray &frame) {
                    auto fed = m_assembler.feed(frame);
                    if (!fed || !*fed)
                        return;
                    const wire::Message &message = **fed;
                    if (const auto *welcome = std::get_if<wire::Welcome>(&message)) {
                        welcomed = true;
                        protocol = welcome->protocol;
                        readOnly = welcome->readOnly;
                        site = welcome->site;
                    } else if (const auto *said = std::get_if<wire::Failure>(&message)) {
                        failure = *said;
                    } else if (const auto *outcome = std::get_if<wire::Outcomes>(&message)) {
                        outcomes += outcome->outcomes;
                    } else if (const auto *commits = std::get_if<wire::Commits>(&message)) {
                        committed += commits->commits.size();
                        for (const QByteArray &bytes : commits->commits) {
                            if (const auto commit = wire::decodeCommit(bytes)) {
                                sites.insert(commit->site);
                                log.append(*commit);
                            }
                        }
                    } else if (const auto *people = std::get_if<wire::People>(&message)) {
                        persons += people->people;
                    } else if (std::holds_alternative<wire::Pong>(message)) {
                        ++pongs;
                    }
                });
        m_socket.open(QUrl(QStringLiteral("ws://127.0.0.1:%1/sync").arg(port)));
    }
    void send(const patchboard::wire::Message &message)
    {
        for (const QByteArray &frame :
             patchboard::wire::toFrames(patchboard::wire::encode(message), m_counter))
            m_socket.sendBinaryMessage(frame);
    }
    void sendBytes(const QByteArray &frame) { m_socket.sendBinaryMessage(frame); }
    [[nodiscard]] QWebSocketProtocol::CloseCode closeCode() const { return m_socket.closeCode(); }

    patchboard::wire::Hello hello;
    bool open = false;
    bool welcomed = false;
    bool readOnly = false;
    bool closed = false;
    quint32 site = 0;
    quint32 protocol = 0;
    int pongs = 0;
    qsizetype committed = 0;
    QSet<patchboard::SiteId> sites; ///< whose changes came
    QList<patchboard::Commit> log;  ///< what came
    std::optional<patchboard::wire::Failure> failure;
    QList<patchboard::wire::Outcome> outcomes;
    QList<patchboard::wire::PersonNews> persons;

private:
    QWebSocket m_socket;
    patchboard::wire::Assembler m_assembler;
    quint64 m_counter = 0;
};
