#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>

/// Build step: `render_icon FILE.svg (SIZE FILE.png)...` draws an icon at each size, in pixels.
int main(int argc, char *argv[])
{
    const QGuiApplication application(argc, argv);
    const QStringList arguments = QGuiApplication::arguments();
    QSvgRenderer icon(arguments.value(1));
    if (!icon.isValid())
        return 1;
    for (qsizetype at = 2; at + 1 < arguments.size(); at += 2) {
        const int size = arguments.at(at).toInt();
        QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        icon.render(&painter);
        painter.end();
        if (!image.save(arguments.at(at + 1)))
            return 1;
    }
    return 0;
}
