#include "server/access/tokenfile.h"

#include "server/store/sqlitestore.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QSqlError>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace patchboard::access {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct TokenText
{
    Q_DECLARE_TR_FUNCTIONS(Access)
};

constexpr qint32 kTokenFileId = 0x50424143; // "PBAC", SQLite's application_id
constexpr int kTokenFileVersion = 1;
constexpr auto kSelect = "SELECT \"id\", \"name\", \"role\", \"hash\", \"created\", \"expires\", "
                         "\"last_used\" FROM \"tokens\" ORDER BY \"id\"";

quint64 inodeOf(const QString &path)
{
    struct stat info = {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? quint64(info.st_ino) : 0;
}

QVariant orNull(const std::optional<qint64> &value)
{
    return value ? QVariant(*value) : QVariant();
}

std::optional<qint64> orNothing(const QVariant &value)
{
    return value.isNull() ? std::nullopt : std::optional(value.toLongLong());
}

bool isName(const QString &name)
{
    return !name.isEmpty() && name.size() <= kMaxTokenName && name.trimmed() == name &&
           std::all_of(name.cbegin(), name.cend(), [](QChar c) { return c.isPrint(); });
}

/// An empty file for its owner alone. What root makes belongs to whom the board does: the host
/// runs as that user.
Result<void> createEmpty(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    const int descriptor = ::open(name.constData(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        if (errno == EEXIST)
            return {};
        return Error{Errc::Storage, TokenText::tr("%1 cannot be made: %2")
                                        .arg(path, QString::fromLocal8Bit(std::strerror(errno)))};
    }
    if (::geteuid() == 0) {
        struct stat info = {};
        const QByteArray board = QFile::encodeName(path.chopped(int(qstrlen("-access"))));
        const QByteArray folder = QFile::encodeName(QFileInfo(path).absolutePath());
        if (::stat(board.constData(), &info) == 0 || ::stat(folder.constData(), &info) == 0)
            (void)!::fchown(descriptor, info.st_uid, info.st_gid);
    }
    ::close(descriptor);
    return {};
}

} // namespace

QByteArray newTokenText()
{
    std::array<quint32, 8> words;
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    const QByteArray bytes(reinterpret_cast<const char *>(words.data()), qsizetype(sizeof(words)));
    // The beginning is for people and for programs that look for secrets in the wrong places.
    return "pbt_" + bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray hashOfToken(QByteArrayView text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256);
}

bool equalInConstantTime(QByteArrayView a, QByteArrayView b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= unsigned(quint8(a[i]) ^ quint8(b[i]));
    return difference == 0;
}

TokenFile::TokenFile(QString path, std::unique_ptr<server::SqliteConnection> connection)
    : m_path(std::move(path))
    , m_connection(std::move(connection))
    , m_inode(inodeOf(m_path))
{
}

TokenFile::~TokenFile() = default;

QString TokenFile::pathFor(const QString &board)
{
    const QFileInfo info(board);
    const QString canonical = info.canonicalFilePath(); // empty if there is none
    return (canonical.isEmpty() ? info.absoluteFilePath() : canonical) + QStringLiteral("-access");
}

Result<std::unique_ptr<TokenFile>> TokenFile::open(const QString &path)
{
    if (auto made = createEmpty(path); !made)
        return made.error();
    return openAt(path);
}

Result<std::unique_ptr<TokenFile>> TokenFile::openExisting(const QString &path)
{
    if (!QFileInfo::exists(path))
        return std::unique_ptr<TokenFile>();
    return openAt(path);
}

Result<std::unique_ptr<TokenFile>> TokenFile::openAt(const QString &path)
{
    using server::SqliteConnection;
    auto connection = SqliteConnection::open(path, SqliteConnection::Mode::ReadWrite);
    if (!connection)
        return connection.error();
    SqliteConnection &db = **connection;
    for (const QString &pragma : {QStringLiteral("PRAGMA journal_mode = DELETE"),
                                  QStringLiteral("PRAGMA secure_delete = ON")}) {
        if (auto ok = db.run(pragma); !ok)
            return ok.error();
    }
    const auto number = [&db](const QString &name) -> Result<int> {
        const auto value = db.single(QStringLiteral("PRAGMA %1").arg(name));
        if (!value)
            return value.error();
        return value->toInt();
    };
    auto id = number(QStringLiteral("application_id"));
    if (!id)
        return id.error();
    if (*id == 0) {
        // Empty; or somebody else is filling it at this moment.
        const QStringList statements{
            QStringLiteral("BEGIN IMMEDIATE"),
            QStringLiteral("CREATE TABLE IF NOT EXISTS \"tokens\" (\"id\" INTEGER PRIMARY KEY "
                           "AUTOINCREMENT, \"name\" TEXT NOT NULL UNIQUE, \"role\" TEXT NOT NULL, "
                           "\"hash\" BLOB NOT NULL UNIQUE, \"created\" INTEGER NOT NULL, "
                           "\"expires\" INTEGER, \"last_used\" INTEGER)"),
            QStringLiteral("PRAGMA application_id = %1").arg(kTokenFileId),
            QStringLiteral("PRAGMA user_version = %1").arg(kTokenFileVersion),
            QStringLiteral("COMMIT"),
        };
        for (const QString &statement : statements) {
            if (auto ok = db.run(statement); !ok)
                return ok.error();
        }
        id = kTokenFileId;
    }
    const auto version = number(QStringLiteral("user_version"));
    if (!version)
        return version.error();
    if (*id != kTokenFileId || *version != kTokenFileVersion) {
        return Error{Errc::Protocol,
                     TokenText::tr("%1 holds no tokens that this program can read").arg(path)};
    }
    return std::unique_ptr<TokenFile>(new TokenFile(path, std::move(*connection)));
}

Result<QList<Token>> TokenFile::tokens() const
{
    QSqlQuery query(m_connection->database());
    query.setForwardOnly(true);
    if (!query.exec(QString::fromLatin1(kSelect)))
        return m_connection->error(query.lastError());
    QList<Token> out;
    while (query.next()) {
        const auto role = roleFromKey(query.value(2).toString());
        if (!role) {
            return Error{
                Errc::Protocol,
                TokenText::tr("%1 holds no tokens that this program can read").arg(m_path)};
        }
        out.append({query.value(0).toLongLong(), query.value(1).toString(), *role,
                    query.value(3).toByteArray(), query.value(4).toLongLong(),
                    orNothing(query.value(5)), orNothing(query.value(6))});
    }
    if (query.lastError().isValid())
        return m_connection->error(query.lastError());
    return out;
}

Result<TokenFile::Added> TokenFile::add(const QString &name, Role role,
                                        std::optional<qint64> expires, qint64 now)
{
    if (!name.isEmpty() && !isName(name)) {
        return Error{Errc::BadValue,
                     TokenText::tr("A token's name has 1 to %1 letters, digits and signs")
                         .arg(kMaxTokenName)};
    }
    if (expires && *expires <= now)
        return Error{Errc::BadValue, TokenText::tr("The token would have expired already")};
    Added added;
    added.text = newTokenText();
    added.token = {0, name, role, hashOfToken(added.text), now, expires, std::nullopt};
    if (auto ok = m_connection->run(QStringLiteral("BEGIN IMMEDIATE")); !ok)
        return ok.error();
    const auto failed = [this](const Error &error) {
        (void)m_connection->run(QStringLiteral("ROLLBACK"));
        return error;
    };
    const auto known = tokens();
    if (!known)
        return failed(known.error());
    const auto isTaken = [&known](const QString &wanted) {
        return std::any_of(known->cbegin(), known->cend(),
                           [&wanted](const Token &token) { return token.name == wanted; });
    };
    if (name.isEmpty()) {
        int number = 1;
        do
            added.token.name = QStringLiteral("%1-%2").arg(roleKey(role)).arg(number++);
        while (isTaken(added.token.name));
    } else if (isTaken(name)) {
        return failed({Errc::Conflict, TokenText::tr("There is a token named %1").arg(name)});
    }
    QSqlQuery query(m_connection->database());
    query.prepare(QStringLiteral("INSERT INTO \"tokens\" (\"name\", \"role\", \"hash\", "
                                 "\"created\", \"expires\") VALUES (?, ?, ?, ?, ?)"));
    query.bindValue(0, added.token.name);
    query.bindValue(1, roleKey(role));
    query.bindValue(2, added.token.hash);
    query.bindValue(3, now);
    query.bindValue(4, orNull(expires));
    if (!query.exec())
        return failed(m_connection->error(query.lastError()));
    added.token.id = query.lastInsertId().toLongLong();
    query.finish();
    if (auto ok = m_connection->run(QStringLiteral("COMMIT")); !ok)
        return failed(ok.error());
    return added;
}

Result<void> TokenFile::remove(const QString &name)
{
    QSqlQuery query(m_connection->database());
    query.prepare(QStringLiteral("DELETE FROM \"tokens\" WHERE \"name\" = ?"));
    query.bindValue(0, name);
    if (!query.exec())
        return m_connection->error(query.lastError());
    if (query.numRowsAffected() != 1)
        return Error{Errc::NotFound, TokenText::tr("There is no token named %1").arg(name)};
    return {};
}

Result<void> TokenFile::setLastUsed(const QList<std::pair<qint64, qint64>> &used)
{
    if (auto ok = m_connection->run(QStringLiteral("BEGIN IMMEDIATE")); !ok)
        return ok;
    QSqlQuery query(m_connection->database());
    query.prepare(QStringLiteral("UPDATE \"tokens\" SET \"last_used\" = ? WHERE \"id\" = ?"));
    for (const auto &[id, when] : used) {
        query.bindValue(0, when);
        query.bindValue(1, id);
        if (!query.exec()) {
            const Error error = m_connection->error(query.lastError());
            (void)m_connection->run(QStringLiteral("ROLLBACK"));
            return error;
        }
    }
    return m_connection->run(QStringLiteral("COMMIT"));
}

Result<qint64> TokenFile::dataVersion() const
{
    const auto version = m_connection->single(QStringLiteral("PRAGMA data_version"));
    if (!version)
        return version.error();
    return version->toLongLong();
}

bool TokenFile::isReplaced() const
{
    return inodeOf(m_path) != m_inode;
}

} // namespace patchboard::access
