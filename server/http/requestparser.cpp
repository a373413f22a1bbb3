#include "server/http/requestparser.h"

#include <algorithm>

namespace patchboard::http {

namespace {

bool isTokenChar(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return true;
    return QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}

bool isToken(QByteArrayView text)
{
    if (text.isEmpty())
        return false;
    for (const char c : text) {
        if (!isTokenChar(c))
            return false;
    }
    return true;
}

bool hasControl(QByteArrayView text)
{
    return std::any_of(text.cbegin(), text.cend(),
                       [](char c) { return quint8(c) < 0x20 && c != '\t'; });
}

/// A decimal or hexadecimal number of at most 15 digits; -1 if it is none.
qsizetype plainNumber(QByteArrayView text, int base)
{
    if (text.isEmpty() || text.size() > 15)
        return -1;
    qsizetype value = 0;
    for (const char c : text) {
        int digit;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if (base == 16 && c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        else if (base == 16 && c >= 'A' && c <= 'F')
            digit = c - 'A' + 10;
        else
            return -1;
        value = value * base + digit;
    }
    return value;
}

constexpr qsizetype kMaxChunkLine = 256;
constexpr int kMostEmptyLines = 16; ///< before a request: more are somebody who holds a connection

} // namespace

RequestParser::RequestParser(const Limits &limits)
    : m_limits(limits)
{
}

bool RequestParser::fail(int status, const char *text)
{
    m_state = State::Failed;
    m_errorStatus = status;
    m_errorText = text;
    m_input.clear();
    m_request.body.clear();
    return false;
}

RequestParser::State RequestParser::feed(QByteArrayView bytes)
{
    if (m_state == State::Failed)
        return m_state;
    m_input.append(bytes);
    return parse();
}

Request RequestParser::take()
{
    Request out = std::move(m_request);
    m_request = Request();
    m_head.clear();
    m_authority.clear();
    m_emptyLines = 0;
    m_state = State::Idle;
    m_scanned = 0;
    m_expectsContinue = false;
    parse();
    return out;
}

bool RequestParser::takeExpectsContinue()
{
    return std::exchange(m_expectsContinue, false);
}

RequestParser::State RequestParser::parse()
{
    if (m_state == State::Idle) {
        // An empty line or two before a request are left over from the body before (RFC 9112, 2.2).
        while (m_input.startsWith("\r\n")) {
            m_input.remove(0, 2);
            if (++m_emptyLines > kMostEmptyLines) {
                fail(400, "Malformed request line");
                return m_state;
            }
        }
        if (!m_input.isEmpty() && m_input != "\r")
            m_state = State::Head;
    }
    if (m_state == State::Head) {
        const qsizetype end = m_input.indexOf("\r\n\r\n", std::max<qsizetype>(0, m_scanned - 3));
        const qsizetype length = end < 0 ? m_input.size() : end;
        if (length > m_limits.headBytes) {
            const qsizetype line = m_input.indexOf("\r\n");
            if (line < 0 || line > m_limits.headBytes)
                fail(414, "Request target too long");
            else
                fail(431, "Request header fields too large");
            return m_state;
        }
        if (end < 0) {
            // A line that ends without CR will never end for us: say so at once.
            for (qsizetype i = std::max<qsizetype>(0, m_scanned - 1); i < m_input.size(); ++i) {
                if (m_input[i] == '\n' && (i == 0 || m_input[i - 1] != '\r')) {
                    fail(400, "Lines must end with CR LF");
                    return m_state;
                }
            }
            m_scanned = m_input.size();
            // Refuse what cannot be a request line before its end comes.
            if (!isTokenChar(m_input[0]))
                fail(400, "Malformed request line");
            return m_state;
        }
        m_head = m_input.left(end + 4);
        m_input.remove(0, end + 4);
        if (!parseHead(QByteArrayView(m_head).chopped(4)))
            return m_state;
        m_state = State::Body;
    }
    if (m_state == State::Body && parseBody())
        m_state = State::Done;
    return m_state;
}

bool RequestParser::parseHead(QByteArrayView head)
{
    qsizetype at = head.indexOf("\r\n");
    const QByteArrayView line = at < 0 ? head : head.first(at);
    for (const char c : head) {
        if (quint8(c) < 0x20 && c != '\t' && c != '\r' && c != '\n')
            return fail(400, "Control character in the request");
    }
    const qsizetype space = line.indexOf(' ');
    const qsizetype last = line.lastIndexOf(' ');
    if (space <= 0 || last == space)
        return fail(400, "Malformed request line");
    const QByteArrayView version = line.sliced(last + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return fail(400, "Unsupported HTTP version");
    m_request.minorVersion = version.back() - '0';
    m_request.method = line.first(space).toByteArray();
    m_request.target = line.sliced(space + 1, last - space - 1).toByteArray();
    if (!isToken(m_request.method) || m_request.method.size() > 32)
        return fail(400, "Malformed request line");
    if (!parseTarget())
        return false;

    int hosts = 0;
    while (at >= 0) {
        const qsizetype begin = at + 2;
        at = head.indexOf("\r\n", begin);
        const QByteArrayView header = at < 0 ? head.sliced(begin) : head.sliced(begin, at - begin);
        const qsizetype colon = header.indexOf(':');
        if (colon <= 0 || !isToken(header.first(colon)))
            return fail(400, "Malformed header");
        const QByteArrayView value = header.sliced(colon + 1).trimmed();
        if (value.contains('\r') || value.contains('\n'))
            return fail(400, "Malformed header");
        if (m_request.headers.size() >= m_limits.headerCount)
            return fail(431, "Too many header fields");
        m_request.headers.append({header.first(colon).toByteArray().toLower(),
                                  value.isEmpty() ? QByteArray("") : value.toByteArray()});
        if (m_request.headers.last().first == "host") {
            ++hosts;
            if (!m_authority.isEmpty())
                m_request.headers.last().second = m_authority;
        }
    }
    if (hosts > 1 || (hosts == 0 && m_request.minorVersion == 1))
        return fail(400, "A request needs one Host header");
    m_request.keepAlive = m_request.minorVersion == 1
                              ? !m_request.headerHas("connection", "close")
                              : m_request.headerHas("connection", "keep-alive");
    return parseFraming();
}

bool RequestParser::parseTarget()
{
    QByteArrayView target = m_request.target;
    QByteArray origin; // of an absolute target, its path and query
    if (target.size() > m_limits.targetBytes)
        return fail(414, "Request target too long");
    for (const char c : target) {
        if (quint8(c) <= 0x20 || quint8(c) >= 0x7f)
            return fail(400, "Malformed request target");
    }
    if (target == "*")
        return m_request.method == "OPTIONS" || fail(400, "Malformed request target");
    for (const QByteArrayView scheme : {QByteArrayView("http://"), QByteArrayView("https://")}) {
        if (target.size() > scheme.size() &&
            target.first(scheme.size()).compare(scheme, Qt::CaseInsensitive) == 0) {
            // The host named here counts, not that of the header (RFC 9112, 3.2.2).
            const QByteArrayView rest = target.sliced(scheme.size());
            const auto end = std::find_if(rest.cbegin(), rest.cend(),
                                          [](char c) { return c == '/' || c == '?' || c == '#'; });
            const qsizetype length = end - rest.cbegin();
            m_authority = rest.first(length).toByteArray();
            if (m_authority.isEmpty() || m_authority.contains('@'))
                return fail(400, "Malformed request target");
            origin = rest.sliced(length).toByteArray();
            if (!origin.startsWith('/'))
                origin.prepend('/');
            target = origin;
            break;
        }
    }
    if (target.isEmpty() || target.front() != '/')
        return fail(400, "Malformed request target");
    if (target.contains('#'))
        return fail(400, "Malformed request target");
    m_request.target = target.toByteArray();
    target = m_request.target;
    if (const qsizetype mark = target.indexOf('?'); mark >= 0) {
        m_request.query = target.sliced(mark + 1).toByteArray();
        target = target.first(mark);
    }
    return splitPath(target, m_request) || fail(400, "Malformed request target");
}

bool RequestParser::parseFraming()
{
    m_framing = Framing::Length;
    m_remaining = 0;
    m_trailerBytes = 0;
    int lengths = 0;
    bool chunked = false;
    for (const auto &[name, value] : std::as_const(m_request.headers)) {
        if (name == "content-length") {
            ++lengths;
            m_remaining = plainNumber(value, 10);
            if (m_remaining < 0) {
                bool digits = !value.isEmpty();
                for (const char c : value)
                    digits = digits && c >= '0' && c <= '9';
                return digits ? fail(413, "Request body too large")
                              : fail(400, "Malformed Content-Length");
            }
        } else if (name == "transfer-encoding") {
            if (chunked || value.compare("chunked", Qt::CaseInsensitive) != 0)
                return fail(400, "Unsupported Transfer-Encoding");
            chunked = true;
        }
    }
    if (lengths > 1 || (lengths == 1 && chunked) || (chunked && m_request.minorVersion == 0))
        return fail(400, "Ambiguous length of the request body");
    if (chunked)
        m_framing = Framing::ChunkSize;
    if (m_remaining > m_limits.bodyBytes)
        return fail(413, "Request body too large");
    const QByteArray expect = m_request.header("expect");
    if (!expect.isNull() && m_request.minorVersion == 1) {
        if (expect.compare("100-continue", Qt::CaseInsensitive) != 0)
            return fail(417, "Unsupported expectation");
        m_expectsContinue = (chunked || m_remaining > 0) && m_input.isEmpty();
    }
    return true;
}

bool RequestParser::parseBody()
{
    qsizetype used = 0;
    // One removal at the end: many small chunks in one packet cost no more than one large.
    const auto finish = [&](bool done) {
        m_input.remove(0, used);
        return done;
    };
    for (;;) {
        const QByteArrayView rest = QByteArrayView(m_input).sliced(used);
        switch (m_framing) {
        case Framing::Length: {
            const qsizetype n = std::min(m_remaining, rest.size());
            m_request.body.append(rest.first(n));
            m_remaining -= n;
            used += n;
            return finish(m_remaining == 0);
        }
        case Framing::ChunkSize: {
            const qsizetype end = rest.indexOf("\r\n");
            if (end > kMaxChunkLine || (end < 0 && rest.size() > kMaxChunkLine))
                return fail(400, "Malformed chunk");
            if (end < 0)
                return finish(false);
            QByteArrayView size = rest.first(end);
            if (hasControl(size))
                return fail(400, "Malformed chunk");
            if (const qsizetype extension = size.indexOf(';'); extension >= 0)
                size = size.first(extension).trimmed();
            m_remaining = plainNumber(size, 16);
            if (m_remaining < 0)
                return fail(400, "Malformed chunk");
            if (m_remaining > m_limits.bodyBytes - m_request.body.size())
                return fail(413, "Request body too large");
            used += end + 2;
            m_framing = m_remaining == 0 ? Framing::Trailer : Framing::ChunkData;
            break;
        }
        case Framing::ChunkData: {
            const qsizetype n = std::min(m_remaining, rest.size());
            m_request.body.append(rest.first(n));
            m_remaining -= n;
            used += n;
            if (m_remaining > 0)
                return finish(false);
            m_framing = Framing::ChunkEnd;
            break;
        }
        case Framing::ChunkEnd:
            if (rest.size() < 2) {
                if (!rest.isEmpty() && rest[0] != '\r')
                    return fail(400, "Malformed chunk");
                return finish(false);
            }
            if (!rest.startsWith("\r\n"))
                return fail(400, "Malformed chunk");
            used += 2;
            m_framing = Framing::ChunkSize;
            break;
        case Framing::Trailer: {
            const qsizetype end = rest.indexOf("\r\n");
            if (m_trailerBytes + (end < 0 ? rest.size() : end) > m_limits.headBytes)
                return fail(431, "Request header fields too large");
            if (end < 0)
                return finish(false);
            // Trailers are read over, but what a neighbour could read otherwise is refused.
            const QByteArrayView trailer = rest.first(end);
            if (end > 0 && (!isToken(trailer.first(std::max<qsizetype>(0, trailer.indexOf(':')))) ||
                            hasControl(trailer)))
                return fail(400, "Malformed trailer");
            used += end + 2;
            m_trailerBytes += end + 2;
            if (end == 0)
                return finish(true);
            break;
        }
        }
    }
}

} // namespace patchboard::http
