#include "server/http/tls.h"

#include <QCoreApplication>
#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

namespace patchboard::http {

namespace {

/// The texts of this file; lupdate knows their context by it.
struct TlsText
{
    Q_DECLARE_TR_FUNCTIONS(Tls)
};

} // namespace

Result<QSslConfiguration> readTls(const QString &certificateFile, const QString &keyFile)
{
    if (!QSslSocket::supportsSsl())
        return Error{Errc::Unavailable, TlsText::tr("This system's Qt has no TLS")};
    const auto contentOf = [](const QString &path) -> Result<QByteArray> {
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            return file.readAll();
        return Error{Errc::Storage,
                     TlsText::tr("%1 cannot be read: %2").arg(path, file.errorString())};
    };
    const auto certificate = contentOf(certificateFile);
    if (!certificate)
        return certificate.error();
    const QList<QSslCertificate> chain = QSslCertificate::fromData(*certificate, QSsl::Pem);
    if (chain.isEmpty())
        return Error{Errc::BadValue,
                     TlsText::tr("There is no certificate in %1").arg(certificateFile)};
    const auto keyText = contentOf(keyFile);
    if (!keyText)
        return keyText.error();
    QSslKey key;
    for (const auto algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        if (key.isNull())
            key = QSslKey(*keyText, algorithm, QSsl::Pem, QSsl::PrivateKey);
    }
    if (key.isNull()) {
        return Error{Errc::BadValue,
                     TlsText::tr("There is no key without a passphrase in %1").arg(keyFile)};
    }
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(chain);
    tls.setPrivateKey(key);
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    return tls;
}

} // namespace patchboard::http
