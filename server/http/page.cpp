#include "server/http/preconditions.h"
#include "server/http/resources.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QFile>

namespace patchboard::http {

namespace {

const char *const kPageFiles = ":/web/";

QByteArray pageFileType(const QString &name)
{
    if (name.endsWith(QLatin1String(".html")))
        return "text/html; charset=utf-8";
    if (name.endsWith(QLatin1String(".css")))
        return "text/css; charset=utf-8";
    if (name.endsWith(QLatin1String(".js")))
        return "text/javascript; charset=utf-8";
    if (name.endsWith(QLatin1String(".svg")))
        return "image/svg+xml";
    return "text/plain; charset=utf-8";
}

/// What a browser may do with a file: ask this host, and nobody else.
const QByteArray kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

Response pageFile(const QString &name)
{
    QFile file(QLatin1String(kPageFiles) + name);
    Response response;
    if (file.open(QIODevice::ReadOnly))
        response.body = file.readAll();
    response.contentType = pageFileType(name);
    const QByteArray hash = QCryptographicHash::hash(response.body, QCryptographicHash::Sha1);
    response.headers = {{"ETag", '"' + hash.toHex().left(20) + '"'},
                        // Kept, but asked for each time: another version of the host has others.
                        {"Cache-Control", "no-cache"},
                        {"Content-Security-Policy", kPagePolicy},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Referrer-Policy", "no-referrer"}};
    return response;
}

} // namespace

void addPage(Router &router)
{
    const QString root = QLatin1String(kPageFiles);
    QDirIterator files(root, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString name = files.next().mid(root.size());
        const bool isIndex = name == QLatin1String("index.html");
        const Response whole = pageFile(name);
        router
            .add({"GET", isIndex ? QStringLiteral("/") : QStringLiteral("/page/") + name,
                  Role::Anybody, std::nullopt,
                  [whole, isIndex](const Call &call) {
                      const QByteArray accept = call.request.header("accept");
                      // Programs find nothing here, as ever; a browser names text/html.
                      if (isIndex && accept.contains("json") && !accept.contains("text/html"))
                          return problem(404, QStringLiteral("Not Found"));
                      if (auto same = notModified(call.request, whole.headers.first().second))
                          return *same;
                      return whole;
                  },
                  QStringLiteral("A file of the live page")})
            .described = false;
    }
}

} // namespace patchboard::http
