#include "server/access/access.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QScopedValueRollback>

namespace patchboard::access {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct AccessText
{
    Q_DECLARE_TR_FUNCTIONS(Access)
};

constexpr int kRefreshMs = 1000;
constexpr qint64 kFlushMs = 60'000;   ///< between two notes of when tokens were used
constexpr qint64 kRefusalMs = 10'000; ///< between two lines of the log that tell of refusals

} // namespace

Access::Access(Options options, server::Log &log)
    : m_options(std::move(options))
    , m_log(log)
    , m_needed(m_options.requireToken)
{
    m_sinceFlush.start();
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        refresh();
        awaitRefresh();
    });
}

Access::~Access()
{
    flushUsed();
}

qint64 Access::now() const
{
    return m_options.now ? m_options.now() : QDateTime::currentMSecsSinceEpoch();
}

Result<void> Access::load()
{
    auto read = reload();
    if (read)
        awaitRefresh();
    return read;
}

/// In a second, or when the next token expires.
void Access::awaitRefresh()
{
    const qint64 time = now();
    qint64 wait = kRefreshMs;
    for (const Token &token : std::as_const(m_tokens)) {
        if (token.expires && !token.isExpired(time))
            wait = std::min(wait, *token.expires - time);
    }
    m_timer.start(int(wait));
}

Result<void> Access::reload()
{
    m_tokens.clear();
    m_file.reset();
    auto opened = TokenFile::openExisting(TokenFile::pathFor(m_options.board));
    if (!opened)
        return opened.error();
    if (*opened) {
        // The number first: what is written after it is seen the next time.
        const auto version = (*opened)->dataVersion();
        if (!version)
            return version.error();
        auto tokens = (*opened)->tokens();
        if (!tokens)
            return tokens.error();
        m_file = std::move(*opened);
        m_dataVersion = *version;
        m_tokens = std::move(*tokens);
    }
    if (!m_tokens.isEmpty())
        m_needed = true;
    m_expired = m_tokens.size() - validCount();
    return {};
}

qsizetype Access::validCount() const
{
    const qint64 time = now();
    return std::count_if(m_tokens.cbegin(), m_tokens.cend(),
                         [time](const Token &token) { return !token.isExpired(time); });
}

Result<qsizetype> Access::countValid(const QString &board)
{
    const auto file = TokenFile::openExisting(TokenFile::pathFor(board));
    if (!file)
        return file.error();
    if (!*file)
        return qsizetype(0);
    const auto tokens = (*file)->tokens();
    if (!tokens)
        return tokens.error();
    const qint64 time = QDateTime::currentMSecsSinceEpoch();
    return qsizetype(std::count_if(tokens->cbegin(), tokens->cend(),
                                   [time](const Token &token) { return !token.isExpired(time); }));
}

void Access::refresh()
{
    // Whoever hears that something changed may look themselves.
    if (m_refreshing)
        return;
    const QScopedValueRollback refreshing(m_refreshing, true);
    if (m_sinceFlush.elapsed() >= kFlushMs)
        flushUsed();
    bool stale = m_broken;
    if (m_file) {
        const auto version = m_file->dataVersion();
        stale = stale || m_file->isReplaced() || !version || *version != m_dataVersion;
    } else {
        stale = stale || QFileInfo::exists(TokenFile::pathFor(m_options.board));
    }
    if (stale) {
        const auto read = reload();
        if (!read) {
            // Nobody is let in by what cannot be read.
            m_needed = true;
            if (!std::exchange(m_broken, true))
                m_log.error(QStringLiteral("The tokens cannot be read"),
                            {{"error", read.error().text}});
        } else {
            m_broken = false;
            m_log.info(QStringLiteral("Tokens changed"), {{"valid", qint64(validCount())}});
        }
        Q_EMIT changed();
        return;
    }
    const qsizetype expired = m_tokens.size() - validCount();
    if (std::exchange(m_expired, expired) < expired)
        Q_EMIT changed();
}

const Token *Access::find(const QString &token) const
{
    const QByteArray hash = hashOfToken(token.toUtf8());
    const Token *found = nullptr;
    for (const Token &known : m_tokens) {
        if (equalInConstantTime(known.hash, hash))
            found = &known;
    }
    return found;
}

Result<Caller> Access::admit(const QString &token, const QHostAddress &from)
{
    const Token *found = token.isEmpty() ? nullptr : find(token);
    const bool isValid = found && !found->isExpired(now());
    if (isValid)
        m_used.insert(found->id, now());
    if (isOpen())
        return Caller{Role::Admin, 0, isValid ? found->name : QString()};
    if (isValid)
        return Caller{found->role, found->id, found->name};
    if (token.isEmpty())
        return Error{Errc::Unauthorized, AccessText::tr("This host asks for a token")};
    noteRefusal(found ? QStringLiteral("expired") : QStringLiteral("unknown"), from);
    if (found)
        return Error{Errc::Unauthorized, AccessText::tr("The token has expired")};
    return Error{Errc::Unauthorized, AccessText::tr("The host does not know this token")};
}

bool Access::mayStay(const Caller &caller) const
{
    if (isOpen())
        return true;
    const qint64 time = now();
    return std::any_of(m_tokens.cbegin(), m_tokens.cend(), [&](const Token &token) {
        return token.id == caller.tokenId && token.role == caller.role && !token.isExpired(time);
    });
}

void Access::flushUsed()
{
    m_sinceFlush.restart();
    if (!m_file || m_used.isEmpty())
        return;
    QList<std::pair<qint64, qint64>> used;
    for (auto it = m_used.cbegin(); it != m_used.cend(); ++it)
        used.append({it.key(), it.value()});
    m_used.clear();
    if (const auto ok = m_file->setLastUsed(used); !ok)
        m_log.info(QStringLiteral("Use of tokens not noted"), {{"error", ok.error().text}});
}

/// One who tries all the time does not fill the disk.
void Access::noteRefusal(const QString &why, const QHostAddress &from)
{
    if (m_sinceRefusal.isValid() && m_sinceRefusal.elapsed() < kRefusalMs) {
        ++m_refusals;
        return;
    }
    m_sinceRefusal.start();
    m_log.info(
        QStringLiteral("Token refused"),
        {{"why", why}, {"address", addressText(from)}, {"before", std::exchange(m_refusals, 0)}});
}

} // namespace patchboard::access
