#pragma once

#include "model/sync/session.h"

#include <QAbstractTableModel>

namespace patchboard::ui {

class UndoStack;

/// What became of a user's changes that met somebody else's: values that were replaced (mine or
/// theirs, both are kept), things that were removed meanwhile, names that were taken, changes that
/// were refused. One per board, shared by its windows; the newest first. Kept on this machine, as
/// what is pending is, until it is cleared.
class ConflictList : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { When, Who, What, Action, ColumnCount };
    /// What can be done about it with one click.
    enum class Remedy : quint8 {
        None,
        TakeTheirs, ///< mine counts; the value that it replaced is kept here
        TakeMine,   ///< theirs counts; mine is kept here
        Restore     ///< it was removed; with what I had set, if that came too late
    };
    static constexpr int kMost = 500; ///< rows; the oldest go

    /// Listens to the session of @a undo, which must outlive it.
    explicit ConflictList(UndoStack &undo, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// 0 if the row is about nothing on the board.
    [[nodiscard]] EntityId idAt(int row) const;
    [[nodiscard]] Remedy remedyAt(int row) const;
    /// The remedy would change something, and this user may.
    [[nodiscard]] bool canRemedy(int row) const;
    /// One ordinary change, which can be taken back.
    bool remedy(int row);
    /// "Take Mine"; empty without a remedy.
    static QString remedyText(Remedy remedy);
    /// Rows that came since the last call of markSeen().
    [[nodiscard]] int unseen() const { return m_unseen; }

public Q_SLOTS:
    void markSeen();
    void clear();

Q_SIGNALS:
    void unseenChanged();
    /// The board has changed: what canRemedy() says may be another.
    void remediesChanged();

private:
    struct Conflict
    {
        qint64 time = 0; ///< ms since 1970 UTC
        QString who;
        QString what;
        EntityId id = 0;
        Remedy remedy = Remedy::None;
        QList<FieldValue> values; ///< what the remedy sets
    };
    void restore(const QByteArray &kept);
    void keep() const;
    void take(const QString &label, const QList<Notice> &notices);
    void add(QList<Conflict> conflicts);
    [[nodiscard]] QList<Edit> editsOf(const Conflict &conflict) const;

    UndoStack &m_undo;
    Session &m_session;
    QList<Conflict> m_rows;
    int m_unseen = 0;
};

} // namespace patchboard::ui
