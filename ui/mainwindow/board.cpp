#include "ui/mainwindow/board.h"

#include "model/optics/computedstatus.h"
#include "model/searchindex.h"
#include "model/topologymodel.h"
#include "ui/commands/boardcommands.h"
#include "ui/commands/undostack.h"
#include "ui/panels/conflictlist.h"

#include <QDateTime>
#include <QFileInfo>
#include <QUrl>
#include <QUrlQuery>

namespace patchboard::ui {

Board::Board(std::unique_ptr<BoardConnection> connection, QString location)
    : m_connection(std::move(connection))
    , m_undo(std::make_unique<UndoStack>(m_connection->session()))
    , m_conflicts(std::make_unique<ConflictList>(*m_undo))
    , m_index(std::make_unique<SearchIndex>(m_connection->session().topology()))
    , m_computed(std::make_unique<ComputedStatus>(m_connection->session().topology()))
    , m_location(std::move(location))
{
    // Cells of trees ask here; the model itself writes nothing.
    connect(session().model(), &TopologyModel::editRequested, this, &Board::edit);
}

Board::~Board() = default;

void Board::edit(EntityId id, const FieldKey &key, const Value &value)
{
    const Topology &topology = session().topology();
    const bool isName = key.field == Field::Name || key.field == Field::Label;
    const QString *name = std::get_if<QString>(&value);
    commands::Command command;
    if (isName && name)
        command = commands::rename(topology, id, *name);
    else if (key.field == Field::StatusOverride)
        command = commands::overrideStatus(
            topology, {id},
            isNull(value) ? std::nullopt : std::optional(Status(std::get<qint64>(value))), {},
            session().author(), QDateTime::currentMSecsSinceEpoch());
    else
        command = commands::setField(topology, {id}, key, value);
    (void)m_undo->push(command.edits, command.label);
}

std::pair<QUrl, QString> splitToken(const QUrl &url)
{
    const QString key = QStringLiteral("token");
    QUrlQuery query(url);
    const QString token = query.queryItemValue(key, QUrl::FullyDecoded);
    query.removeAllQueryItems(key);
    QUrl clean = url;
    clean.setQuery(query.isEmpty() ? QString() : query.toString(QUrl::FullyEncoded));
    return {clean, token};
}

Result<void> Board::share(const ShareOffer &offer)
{
    auto result = m_connection->share(offer);
    Q_EMIT sharingChanged();
    return result;
}

void Board::unshare()
{
    m_connection->unshare();
    Q_EMIT sharingChanged();
}

bool Board::isFile() const
{
    return !m_location.contains(QLatin1String("://"));
}

QString Board::title() const
{
    if (const QString title = session().topology().board().title; !title.isEmpty())
        return title;
    if (isFile())
        return QFileInfo(m_location).completeBaseName();
    return QUrl(m_location).authority();
}

} // namespace patchboard::ui
