#include "server/http/message.h"

#include <QStringDecoder>

namespace patchboard::http {

QByteArray Request::header(QByteArrayView name) const
{
    QByteArray out;
    for (const auto &[key, value] : headers) {
        if (key != name)
            continue;
        if (out.isNull())
            out = value.isNull() ? QByteArray("") : value;
        else
            out += ", " + value;
    }
    return out;
}

bool Request::headerHas(QByteArrayView name, QByteArrayView token) const
{
    const QByteArray all = header(name);
    for (const QByteArray &part : all.split(',')) {
        if (part.trimmed().compare(token, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

LaterAnswer::~LaterAnswer()
{
    if (m_deliver)
        std::exchange(m_deliver, nullptr)(nullptr);
}

void LaterAnswer::give(const Response &response)
{
    m_left = nullptr;
    if (m_deliver)
        std::exchange(m_deliver, nullptr)(&response);
}

void LaterAnswer::giveInstead(const Response &response)
{
    const auto left = std::exchange(m_left, nullptr);
    give(response);
    if (left)
        left();
}

void LaterAnswer::passTo(const std::shared_ptr<LaterAnswer> &other)
{
    m_deliver = [other](const Response *response) {
        if (response)
            other->give(*response);
    };
}

std::shared_ptr<LaterAnswer> LaterAnswer::through(const std::shared_ptr<LaterAnswer> &inner,
                                                  Step step)
{
    auto outer = std::make_shared<LaterAnswer>();
    // Who lets go of the inner one lets go of the outer one, too, and that ends the connection.
    inner->m_deliver = [outer, step = std::move(step)](const Response *response) {
        if (response)
            step(*response, outer);
    };
    outer->m_left = [weak = std::weak_ptr(inner)] {
        const auto left = weak.lock();
        if (!left)
            return;
        left->m_deliver = nullptr;
        if (left->m_left)
            std::exchange(left->m_left, nullptr)();
    };
    return outer;
}

std::optional<QString> percentDecoded(QByteArrayView text)
{
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9')
            return c - '0';
        if (c >= 'a' && c <= 'f')
            return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
            return c - 'A' + 10;
        return -1;
    };
    QByteArray bytes;
    bytes.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size())
                return std::nullopt;
            const int high = digit(text[i + 1]);
            const int low = digit(text[i + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            c = char(high * 16 + low);
            i += 2;
        }
        if (quint8(c) < 0x20 || c == 0x7f)
            return std::nullopt;
        bytes += c;
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
    QString out = decoder(bytes);
    if (decoder.hasError())
        return std::nullopt;
    return out;
}

bool splitPath(QByteArrayView path, Request &request)
{
    // Split before decoding: an encoded slash is part of a segment.
    if (path.isEmpty() || path.front() != '/' || path.startsWith("//"))
        return false;
    request.path.clear();
    qsizetype begin = 1;
    while (begin <= path.size()) {
        qsizetype end = path.indexOf('/', begin);
        if (end < 0)
            end = path.size();
        const auto segment = percentDecoded(path.sliced(begin, end - begin));
        if (!segment)
            return false;
        request.path.append(*segment);
        begin = end + 1;
    }
    if (!request.path.isEmpty() && request.path.last().isEmpty()) {
        request.path.removeLast();
        request.trailingSlash = !request.path.isEmpty();
    }
    return true;
}

} // namespace patchboard::http
