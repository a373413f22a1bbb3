#include "model/layout/helper.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QProcess>

#include <cmath>

namespace patchboard::layout {

Helper::Helper(const QString &program)
    : m_program(program)
{
}

Helper::~Helper()
{
    if (m_process && m_process->state() != QProcess::NotRunning) {
        m_process->closeWriteChannel(); // it ends when there is no more to read
        if (!m_process->waitForFinished(200)) {
            m_process->kill();
            m_process->waitForFinished(1000);
        }
    }
}

QString Helper::programPath()
{
    const QString own = QCoreApplication::applicationDirPath();
    for (const QString &folder : {own, own + QStringLiteral("/../libexec/patchboard"),
                                  own + QStringLiteral("/../lib/patchboard")}) {
        const QFileInfo info(folder + QStringLiteral("/patchboard-layout"));
        if (info.isFile() && info.isExecutable())
            return info.canonicalFilePath();
    }
    return {};
}

std::optional<Points> Helper::giveUp(const QString &message)
{
    m_message = message;
    if (m_process) {
        m_process->kill();
        m_process->waitForFinished(1000);
        m_process.reset();
    }
    return std::nullopt;
}

Engine Helper::engine()
{
    return [this](const Adjacency &graph, const Control &control) { return place(graph, control); };
}

std::optional<Points> Helper::place(const Adjacency &graph, const Control &control)
{
    if (!m_message.isEmpty())
        return std::nullopt;
    if (!m_process) {
        const QString program = m_program.isEmpty() ? programPath() : m_program;
        if (program.isEmpty())
            return giveUp(QCoreApplication::translate(
                "patchboard::layout",
                "The program patchboard-layout is not installed; the devices were "
                "placed without Graphviz."));
        m_process = std::make_unique<QProcess>();
        m_process->setProgram(program);
        m_process->setStandardErrorFile(QProcess::nullDevice());
        m_process->start();
        if (!m_process->waitForStarted(2000))
            return giveUp(QCoreApplication::translate("patchboard::layout",
                                                      "%1 cannot be started (%2); the devices were "
                                                      "placed without Graphviz.")
                              .arg(program, m_process->errorString()));
    }
    // graph NODES EDGES, then one edge a line; the answer: places NODES, then x and y a line.
    QByteArray request = "graph " + QByteArray::number(graph.size()) + ' ' +
                         QByteArray::number(graph.target.size() / 2) + '\n';
    for (int v = 0; v < graph.size(); ++v) {
        for (auto it = graph.begin(v); it != graph.end(v); ++it) {
            if (v < *it)
                request += QByteArray::number(v) + ' ' + QByteArray::number(*it) + '\n';
        }
    }
    m_process->write(request);
    QElapsedTimer timer;
    timer.start();
    QByteArray answer;
    qsizetype lines = 0;
    while (lines < graph.size() + 1) {
        if (control.isCancelled()) {
            giveUp(QCoreApplication::translate("patchboard::layout", "Cancelled."));
            return std::nullopt;
        }
        const bool ready = m_process->waitForReadyRead(20);
        const QByteArray more = m_process->readAllStandardOutput();
        lines += more.count('\n');
        answer += more;
        if (answer.startsWith("error"))
            break;
        if (!ready && m_process->state() == QProcess::NotRunning && more.isEmpty())
            return giveUp(QCoreApplication::translate(
                "patchboard::layout", "Graphviz ended unexpectedly; the devices were "
                                      "placed without it."));
        if (timer.elapsed() > MostMilliseconds)
            return giveUp(QCoreApplication::translate(
                "patchboard::layout", "Graphviz took too long; the devices were placed "
                                      "without it."));
    }
    const QList<QByteArray> rows = answer.split('\n');
    Points points;
    if (rows.first() == "places " + QByteArray::number(graph.size())) {
        for (qsizetype i = 1; i <= graph.size(); ++i) {
            const QList<QByteArray> values = rows.at(i).split(' ');
            bool okX = false, okY = false;
            const double x = values.first().toDouble(&okX);
            const double y = values.size() == 2 ? values.at(1).toDouble(&okY) : 0.0;
            if (!okX || !okY || !std::isfinite(x) || !std::isfinite(y))
                break;
            points.push_back(QPointF(x, -y)); // Graphviz counts upwards
        }
    }
    if (int(points.size()) != graph.size())
        return giveUp(QCoreApplication::translate("patchboard::layout",
                                                  "Graphviz could not place the devices; they were "
                                                  "placed without it."));
    return points;
}

} // namespace patchboard::layout
