#pragma once

#include "model/core/result.h"
#include "server/access/caller.h"

#include <QList>

#include <memory>

namespace patchboard::server {
class SqliteConnection;
}

namespace patchboard::access {

/// What is kept of a token: enough to know it again, not enough to be it.
struct Token
{
    qint64 id = 0; ///< never used again
    QString name;  ///< unique in its file
    Role role = Role::Viewer;
    QByteArray hash;                ///< SHA-256 of the text
    qint64 created = 0;             ///< ms since 1970 UTC
    std::optional<qint64> expires;  ///< from then on it opens nothing
    std::optional<qint64> lastUsed; ///< to about a minute

    [[nodiscard]] bool isExpired(qint64 now) const { return expires && *expires <= now; }
    bool operator==(const Token &) const = default;
};

/// The text of a new token: 256 random bits. It is shown once and kept nowhere.
QByteArray newTokenText();
QByteArray hashOfToken(QByteArrayView text);
/// In a time that does not tell where they differ.
bool equalInConstantTime(QByteArrayView a, QByteArrayView b);

inline constexpr qsizetype kMaxTokenName = 64; ///< characters

/// The tokens of a board: an SQLite file beside it, readable by its owner alone, so that neither a
/// backup nor a board that is handed on carries access with it. Several processes may have it open.
/// Used by the thread that opened it.
class TokenFile
{
public:
    /// Where the tokens of a board are: NAME.board-access.
    static QString pathFor(const QString &board);
    /// Makes the file if there is none (for the owner of its folder's board, if root does).
    static Result<std::unique_ptr<TokenFile>> open(const QString &path);
    /// nullptr if there is no file: the board has no tokens.
    static Result<std::unique_ptr<TokenFile>> openExisting(const QString &path);
    ~TokenFile();
    TokenFile(const TokenFile &) = delete;
    TokenFile &operator=(const TokenFile &) = delete;

    [[nodiscard]] const QString &path() const { return m_path; }
    Result<QList<Token>> tokens() const;

    struct Added
    {
        Token token;
        QByteArray text; ///< to be shown, once
    };
    /// An empty name is chosen. Errc::Conflict: the name is in use; Errc::BadValue: it is none, or
    /// @a expires is not in the future.
    Result<Added> add(const QString &name, Role role, std::optional<qint64> expires, qint64 now);
    /// Errc::NotFound if there is none of this name.
    Result<void> remove(const QString &name);
    /// When tokens were last used: id and ms since 1970.
    Result<void> setLastUsed(const QList<std::pair<qint64, qint64>> &used);

    /// A number that changes when another connection has written to the file.
    Result<qint64> dataVersion() const;
    /// The file that was opened is no longer the one at its path.
    [[nodiscard]] bool isReplaced() const;

private:
    TokenFile(QString path, std::unique_ptr<server::SqliteConnection> connection);
    static Result<std::unique_ptr<TokenFile>> openAt(const QString &path);

    QString m_path;
    std::unique_ptr<server::SqliteConnection> m_connection;
    quint64 m_inode = 0;
};

} // namespace patchboard::access
