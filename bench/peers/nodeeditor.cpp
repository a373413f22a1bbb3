// Measures the nodeeditor library (libqnodeeditor-dev, a QGraphicsScene of one item per node and
// connection) on a board, and prints the figures as JSON:
//
//   nodeeditor BOARD.json
//
// BOARD.json is that of cytoscape.mjs. Debian's library is made for Qt 5, so this is a program of
// its own, which `./dev bench` compiles.

#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtWidgets/QApplication>

#include <nodes/FlowScene>
#include <nodes/FlowView>
#include <nodes/Node>
#include <nodes/NodeDataModel>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

namespace {

/// A device: a name, one port for the links that begin here and one for those that end here.
class DeviceNode : public QtNodes::NodeDataModel
{
public:
    explicit DeviceNode(QString name)
        : m_name(std::move(name))
    {
    }
    QString caption() const override { return m_name; }
    QString name() const override { return QStringLiteral("Device"); }
    unsigned int nPorts(QtNodes::PortType) const override { return 1; }
    std::unique_ptr<QtNodes::NodeDataModel> clone() const override
    {
        return std::make_unique<DeviceNode>(m_name);
    }
    ConnectionPolicy portInConnectionPolicy(QtNodes::PortIndex) const override
    {
        return ConnectionPolicy::Many;
    }
    std::shared_ptr<QtNodes::NodeDataType> dataType(QtNodes::PortType,
                                                    QtNodes::PortIndex) const override
    {
        static const auto type = std::make_shared<QtNodes::NodeDataType>(
            QtNodes::NodeDataType{QStringLiteral("link"), QString()});
        return type;
    }
    void setInData(std::shared_ptr<QtNodes::NodeData>, QtNodes::PortIndex) override {}
    std::shared_ptr<QtNodes::NodeData> outData(QtNodes::PortIndex) override { return nullptr; }
    QWidget *embeddedWidget() override { return nullptr; }

private:
    QString m_name;
};

/// Paints what is due, at once.
void frame(QWidget *window)
{
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents(QEventLoop::AllEvents);
    window->repaint(QRegion());
}

/// The median time in ms of doing one thing and painting it.
double median(QWidget *view, int times, const std::function<void(int)> &act)
{
    std::vector<double> all;
    for (int i = 0; i <= times; ++i) {
        QElapsedTimer timer;
        timer.start();
        act(i);
        frame(view);
        if (i > 0) // the first is warmth
            all.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QFile file(application.arguments().value(1));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the board cannot be read");
    const QJsonObject board = QJsonDocument::fromJson(file.readAll()).object();

    QElapsedTimer timer;
    timer.start();
    QtNodes::FlowScene scene;
    QtNodes::FlowView view(&scene);
    QHash<qint64, QtNodes::Node *> nodes;
    for (const QJsonValue &value : board.value(QLatin1String("devices")).toArray()) {
        const QJsonArray device = value.toArray();
        QtNodes::Node &node = scene.createNode(std::make_unique<DeviceNode>(device[1].toString()));
        scene.setNodePosition(node, {device[2].toDouble(), device[3].toDouble()});
        nodes.insert(qint64(device[0].toDouble()), &node);
    }
    for (const QJsonValue &value : board.value(QLatin1String("links")).toArray()) {
        const QJsonArray link = value.toArray();
        QtNodes::Node *from = nodes.value(qint64(link[0].toDouble()));
        QtNodes::Node *to = nodes.value(qint64(link[1].toDouble()));
        if (from != to)
            scene.createConnection(*to, 0, *from, 0);
    }
    view.resize(1920, 1080);
    view.show();
    view.fitInView(scene.itemsBoundingRect(), Qt::KeepAspectRatio);
    frame(&view);
    QJsonObject figures;
    figures.insert(QStringLiteral("load"), double(timer.nsecsElapsed()) / 1e6);

    figures.insert(QStringLiteral("fit"), median(&view, 5, [&](int) {
                       view.resetTransform();
                       view.fitInView(scene.itemsBoundingRect(), Qt::KeepAspectRatio);
                   }));
    QtNodes::Node &middle = *nodes.value(qint64(board.value(QLatin1String("middle")).toDouble()));
    view.resetTransform();
    // It has no scroll bars: what is seen is the view's part of the scene, and that is how its own
    // mouse pans.
    QRectF seen({}, QSizeF(view.size()));
    seen.moveCenter(scene.getNodePosition(middle));
    view.setSceneRect(seen);
    frame(&view);
    figures.insert(QStringLiteral("pan"), median(&view, 40, [&](int i) {
                       const int by = i % 20 < 10 ? 24 : -24;
                       seen.translate(by, by / 2.0);
                       view.setSceneRect(seen);
                   }));
    figures.insert(QStringLiteral("drag"), median(&view, 40, [&](int i) {
                       const QPointF at = scene.getNodePosition(middle);
                       scene.setNodePosition(middle, at + QPointF(i % 2 == 0 ? 9 : -9, 0));
                   }));
    std::printf("%s\n", QJsonDocument(figures).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
    std::_Exit(0); // without an hour of taking 20,000 items apart
}
