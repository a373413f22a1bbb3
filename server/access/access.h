#pragma once

#include "server/access/tokenfile.h"
#include "server/log/log.h"

#include <QElapsedTimer>
#include <QHash>
#include <QTimer>

#include <functional>

namespace patchboard::access {

/// Who may come to a board over the network, and what they may do there. It follows the board's
/// tokens while they are added and removed by other programs.
///
/// Open (everybody is an admin) is only a board that has no tokens, while no option asks for them;
/// once a token was needed, it stays needed, also when the last one is removed.
class Access final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        QString board;               ///< its tokens are beside it
        bool withoutTokens = false;  ///< open, whatever there is
        bool requireToken = false;   ///< never open
        std::function<qint64()> now; ///< ms since 1970 UTC; default: the system's clock
    };
    /// @a log must outlive it.
    Access(Options options, server::Log &log);
    ~Access() override;

    /// Reads the tokens; from then on changes are noticed within a second, and at once when one
    /// expires. An error: there are some and they cannot be read.
    Result<void> load();

    /// From now on a token is needed.
    void require() { m_needed = true; }
    [[nodiscard]] bool isOpen() const { return m_options.withoutTokens || !m_needed; }
    /// How many tokens open something now.
    [[nodiscard]] qsizetype validCount() const;

    /// Lets somebody in, by what they brought (empty: nothing). Errc::Unauthorized: nothing was
    /// brought, or nothing that is valid now.
    Result<Caller> admit(const QString &token, const QHostAddress &from);
    /// Whether somebody who was let in may go on.
    [[nodiscard]] bool mayStay(const Caller &caller) const;

    /// Looks at the tokens now, as it does every second: some 10 µs.
    void refresh();

    /// How many tokens of a board open something now; 0 if it has no file.
    static Result<qsizetype> countValid(const QString &board);

Q_SIGNALS:
    /// Some who were let in may have to go: ask mayStay().
    void changed();

private:
    [[nodiscard]] qint64 now() const;
    Result<void> reload();
    void awaitRefresh();
    [[nodiscard]] const Token *find(const QString &token) const;
    void flushUsed();
    void noteRefusal(const QString &why, const QHostAddress &from);

    Options m_options;
    server::Log &m_log;
    std::unique_ptr<TokenFile> m_file; ///< none: there are no tokens
    qint64 m_dataVersion = 0;
    QList<Token> m_tokens;
    bool m_needed = false;
    bool m_refreshing = false;
    bool m_broken = false; ///< the tokens could not be read the last time
    qsizetype m_expired = 0;
    QHash<qint64, qint64> m_used; ///< since the last flush
    QElapsedTimer m_sinceFlush;
    QElapsedTimer m_sinceRefusal;
    qint64 m_refusals = 0; ///< not logged
    QTimer m_timer;
};

} // namespace patchboard::access
