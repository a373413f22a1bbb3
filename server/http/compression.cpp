#include "server/http/compression.h"

#include <algorithm>
#include <limits>

#include <zlib.h>
#include <zstd.h>

namespace patchboard::http {

namespace {

constexpr int kForgetPackedMs = 10'000;
constexpr qsizetype kMostWorks = 8;
/// Above it speed counts more than the last tenth of the size.
constexpr qsizetype kLargeBytes = 1024 * 1024;

/// Text of any kind; pictures and fonts are packed already.
bool isCompressible(const QByteArray &contentType)
{
    const QByteArray type = contentType.split(';').first().trimmed().toLower();
    return type.startsWith("text/") || type == "application/json" || type == "image/svg+xml" ||
           type == "application/javascript" || type == "application/yaml" ||
           type == "application/xml" || type.endsWith("+xml") || type.endsWith("+json");
}

/// 0 to 1000; nullopt if it is no weight.
std::optional<int> weightOf(const QByteArray &parameters)
{
    for (const QByteArray &each : parameters.split(';')) {
        const QByteArray parameter = each.trimmed().toLower();
        if (!parameter.startsWith("q="))
            continue;
        bool ok = false;
        const double weight = parameter.mid(2).toDouble(&ok);
        if (!ok || !(weight >= 0 && weight <= 1))
            return std::nullopt;
        return int(weight * 1000 + 0.5);
    }
    return 1000;
}

QByteArray gzipped(const QByteArray &bytes)
{
    z_stream stream{};
    const int level = bytes.size() > kLargeBytes ? 1 : 6;
    constexpr int kGzipWindow = 15 + 16; // a header and trailer of RFC 1952
    if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    QByteArray out(qsizetype(deflateBound(&stream, uLong(bytes.size()))), Qt::Uninitialized);
    constexpr qsizetype kPiece = std::numeric_limits<uInt>::max() / 2;
    qsizetype taken = 0;
    qsizetype made = 0;
    int state = Z_OK;
    while (state == Z_OK) {
        const qsizetype in = std::min(bytes.size() - taken, kPiece);
        const qsizetype room = std::min(out.size() - made, kPiece);
        // zlib only reads what it is given.
        stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.constData() + taken));
        stream.avail_in = uInt(in);
        stream.next_out = reinterpret_cast<Bytef *>(out.data() + made);
        stream.avail_out = uInt(room);
        state = deflate(&stream, taken + in == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
        taken += in - qsizetype(stream.avail_in);
        made += room - qsizetype(stream.avail_out);
    }
    deflateEnd(&stream);
    if (state != Z_STREAM_END)
        return {};
    out.resize(made);
    return out;
}

QByteArray zstandard(const QByteArray &bytes)
{
    QByteArray out(qsizetype(ZSTD_compressBound(size_t(bytes.size()))), Qt::Uninitialized);
    const size_t length = ZSTD_compress(out.data(), size_t(out.size()), bytes.constData(),
                                        size_t(bytes.size()), bytes.size() > kLargeBytes ? 1 : 3);
    if (ZSTD_isError(length))
        return {};
    out.resize(qsizetype(length));
    return out;
}

/// The tag of another representation of the same thing: "7-12" packed is "7-12;gzip".
QByteArray tagOf(const QByteArray &tag, Coding coding)
{
    if (!tag.endsWith('"'))
        return tag;
    return tag.chopped(1) + ';' + codingName(coding) + '"';
}

/// Says that another Accept-Encoding may get another form.
void varies(Response &response)
{
    for (auto &[name, value] : response.headers) {
        if (name == "Vary") {
            value += ", Accept-Encoding";
            return;
        }
    }
    response.headers.emplaceBack("Vary", "Accept-Encoding");
}

/// The answer with its body packed, if that is worth it.
Response withBody(Response response, Coding coding, const QByteArray &bytes)
{
    if (bytes.isEmpty() || response.body.size() < Compression::kLeastBytes ||
        bytes.size() >= response.body.size())
        return response;
    response.body = bytes;
    for (auto &[name, value] : response.headers) {
        if (name == "ETag")
            value = tagOf(value, coding);
    }
    response.headers.emplaceBack("Content-Encoding", codingName(coding));
    return response;
}

} // namespace

QByteArray codingName(Coding coding)
{
    switch (coding) {
    case Coding::Gzip:
        return "gzip";
    case Coding::Zstd:
        return "zstd";
    case Coding::Identity:
        break;
    }
    return {};
}

Coding acceptedCoding(const QByteArray &acceptEncoding)
{
    std::optional<int> gzip;
    std::optional<int> zstd;
    std::optional<int> identity;
    std::optional<int> others;
    for (const QByteArray &each : acceptEncoding.split(',')) {
        const qsizetype mark = each.indexOf(';');
        const QByteArray name = (mark < 0 ? each : each.left(mark)).trimmed().toLower();
        const auto weight = mark < 0 ? std::optional(1000) : weightOf(each.mid(mark + 1));
        if (!weight)
            continue;
        if (name == "gzip" || name == "x-gzip")
            gzip = weight;
        else if (name == "zstd")
            zstd = weight;
        else if (name == "identity")
            identity = weight;
        else if (name == "*")
            others = weight;
    }
    // "*" is the older of the two: whoever does not name zstd need not know it.
    const int gzipWeight = gzip.value_or(others.value_or(0));
    const int zstdWeight = zstd.value_or(0);
    const int best = std::max(gzipWeight, zstdWeight);
    if (best == 0 || identity.value_or(0) > best)
        return Coding::Identity;
    return zstdWeight == best ? Coding::Zstd : Coding::Gzip;
}

QByteArray packed(const QByteArray &bytes, Coding coding)
{
    switch (coding) {
    case Coding::Gzip:
        return gzipped(bytes);
    case Coding::Zstd:
        return zstandard(bytes);
    case Coding::Identity:
        break;
    }
    return bytes;
}

Compression::Compression(Background &background)
    : m_background(background)
{
    m_forget.setSingleShot(true);
    m_forget.setInterval(kForgetPackedMs);
    connect(&m_forget, &QTimer::timeout, this,
            [this] { m_works.removeIf([](const auto &work) { return !work->result.isNull(); }); });
}

Response Compression::apply(const Request &request, Response response)
{
    const bool later = response.later != nullptr;
    if (!later && !isCompressible(response.contentType))
        return response;
    // HEAD too: its length and its tag are those of what GET would bring.
    const Coding coding = acceptedCoding(request.header("accept-encoding"));
    if (request.method == "GET" || request.method == "HEAD")
        varies(response);
    if (coding == Coding::Identity)
        return response;
    if (later) {
        Response promise;
        promise.later = LaterAnswer::through(
            response.later, [this, coding, headers = response.headers](
                                Response whole, const std::shared_ptr<LaterAnswer> &answer) {
                whole.headers += headers;
                give(std::move(whole), coding, answer);
            });
        return promise;
    }
    if (response.body.size() <= kAtOnceBytes)
        return withBody(response, coding, packed(response.body, coding));
    if (const auto work = workOf(response.body, coding); work && !work->result.isNull())
        return withBody(response, coding, work->result);
    Response promise;
    promise.later = std::make_shared<LaterAnswer>();
    give(std::move(response), coding, promise.later);
    return promise;
}

std::shared_ptr<Compression::Work> Compression::workOf(const QByteArray &bytes, Coding coding) const
{
    for (const auto &work : m_works) {
        if (work->bytes.constData() == bytes.constData() && work->bytes.size() == bytes.size() &&
            work->coding == coding)
            return work;
    }
    return nullptr;
}

void Compression::give(Response response, Coding coding, const std::shared_ptr<LaterAnswer> &answer)
{
    if (!isCompressible(response.contentType) || response.body.size() <= kAtOnceBytes) {
        if (isCompressible(response.contentType))
            response = withBody(response, coding, packed(response.body, coding));
        answer->give(response);
        return;
    }
    m_forget.start();
    auto work = workOf(response.body, coding);
    if (work && !work->result.isNull()) {
        answer->give(withBody(response, coding, work->result));
        return;
    }
    const auto take = [response, coding, answer](const QByteArray &bytes) {
        answer->give(withBody(response, coding, bytes));
    };
    if (work) {
        work->waiting.append(take);
        return;
    }
    work = std::make_shared<Work>();
    work->bytes = response.body;
    work->coding = coding;
    work->waiting.append(take);
    auto result = std::make_shared<QByteArray>();
    const bool taken =
        m_background.run([result, bytes = work->bytes, coding] { *result = packed(bytes, coding); },
                         [this, work, result] {
                             work->result = result->isNull() ? QByteArray("") : *result;
                             for (const Take &each : std::exchange(work->waiting, {}))
                                 each(work->result);
                             m_forget.start();
                         });
    if (!taken) {
        answer->give(response); // as it is, rather than not at all
        return;
    }
    m_works.append(work);
    if (m_works.size() > kMostWorks)
        m_works.removeFirst();
}

} // namespace patchboard::http
