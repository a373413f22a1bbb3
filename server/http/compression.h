#pragma once

#include "server/http/background.h"
#include "server/http/message.h"

#include <QTimer>

/// Content codings (RFC 9110, 8.4): answers of some size go out packed to whoever takes that.
namespace patchboard::http {

enum class Coding : quint8 { Identity, Gzip, Zstd };

/// "gzip"; "" of Identity.
QByteArray codingName(Coding coding);
/// What an Accept-Encoding likes best of what is spoken here; at the same weight zstd before gzip.
/// Identity if nothing is named, nothing fits, or it is liked better than all else.
Coding acceptedCoding(const QByteArray &acceptEncoding);
/// The bytes packed; RFC 1952 (a gzip member) or RFC 8878 (a zstd frame). Any thread.
QByteArray packed(const QByteArray &bytes, Coding coding);

/// Packs answers on their way out: small ones stay as they are, large ones are packed by another
/// thread, once for all who ask for the same bytes. What is packed is another representation: its
/// strong tag says so (`"7-12;gzip"`), and conditions understand it. Used by the thread of the
/// host.
class Compression final : public QObject
{
    Q_OBJECT
public:
    explicit Compression(Background &background);

    [[nodiscard]] Response apply(const Request &request, Response response);

    /// Bodies below it are not worth it: they fit a packet.
    static constexpr qsizetype kLeastBytes = 1400;
    /// Bodies up to it are packed at once, which takes about 2 ms.
    static constexpr qsizetype kAtOnceBytes = 64 * 1024;

private:
    using Take = std::function<void(const QByteArray &)>;
    struct Work;
    [[nodiscard]] std::shared_ptr<Work> workOf(const QByteArray &bytes, Coding coding) const;
    /// Answers with the packed bytes, now or later.
    void give(Response response, Coding coding, const std::shared_ptr<LaterAnswer> &answer);

    struct Work
    {
        QByteArray bytes; ///< shared with who gave it: the same data is the same answer
        Coding coding = Coding::Identity;
        QByteArray result; ///< null while it is being made
        QList<Take> waiting;
    };
    Background &m_background;
    QList<std::shared_ptr<Work>> m_works; ///< the newest last
    QTimer m_forget;
};

} // namespace patchboard::http
