#pragma once

#include "model/optics/computedstatus.h"
#include "model/sync/session.h"

#include <QPointer>
#include <QWidget>

#include <array>
#include <functional>
#include <vector>

class QFormLayout;
class QGridLayout;
class QLabel;
class QLineEdit;
class QScrollArea;
class QTableWidget;
class QTableWidgetItem;
class QTreeWidget;

namespace patchboard::ui {

class UndoStack;

/// The fields of what is selected, from the field registry: one form for one item or for many, and
/// the board's own settings while nothing is selected. A value in which the items differ is shown
/// as mixed, and setting it sets it for all of them.
///
/// What arrives from others shows at once, except in the one editor that is being typed into.
class PropertiesPanel : public QWidget, private ComputedObserver
{
    Q_OBJECT
public:
    /// What was being typed for items that somebody removed.
    struct Orphan
    {
        QList<EntityId> ids;
        FieldKey key;
        QString label;              ///< of the field
        QString text;               ///< as it was typed
        std::optional<Value> value; ///< nothing if that is no value yet
    };

    explicit PropertiesPanel(QWidget *parent = nullptr);
    ~PropertiesPanel() override;

    /// nullptr, nullptr: there is no board. All must outlive their use here. @a computed: what is
    /// shown of a single item besides its fields.
    void setBoard(Session *session, UndoStack *undo, const ComputedStatus *computed = nullptr);
    void setSelection(const QList<EntityId> &ids);
    [[nodiscard]] const QList<EntityId> &selection() const { return m_ids; }
    /// The editor of a field, for keyboard shortcuts and tests; nullptr if it has no row now.
    [[nodiscard]] QWidget *editor(Field field) const;
    /// Takes over what is being typed; before the board or the selection changes.
    void commitPending();

Q_SIGNALS:
    /// A value that was typed is none; for the bar above the canvas.
    void message(const QString &text);
    void activated(patchboard::EntityId id);
    void addInterfaceRequested(patchboard::EntityId device);
    void orphaned(const patchboard::ui::PropertiesPanel::Orphan &orphan);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Row
    {
        const FieldInfo *info;
        QWidget *editor;
        std::function<void()> refresh;
    };
    /// The one value of all items; `mixed` if they differ.
    struct Shared
    {
        Value value;
        bool mixed = false;
    };

    void rebuild();
    void refresh();
    /// What is being typed, and into which field; text is null if nothing is.
    [[nodiscard]] Orphan typed() const;
    void refreshHeader();
    void refreshOverrideInfo();
    void onChanged(const Delta &delta);
    [[nodiscard]] QList<EntityKind> kindsOfSelection() const;
    [[nodiscard]] QList<const FieldInfo *> commonFields() const;
    [[nodiscard]] Shared shared(const FieldKey &key) const;
    [[nodiscard]] QList<EntityId> targets() const;
    void push(const QList<Edit> &edits, const QString &label);
    void set(const FieldKey &key, const Value &value);
    void setName(const QString &name);
    void setOverride(const Value &value);
    void setPlace(QLineEdit *line, bool isX);
    /// Says so if @a value cannot be set.
    bool isGood(const FieldInfo &info, const Value &value);

    void addRow(const FieldInfo &info, QFormLayout *form);
    void makeTextEditor(Row &row);
    void makeNotesEditor(Row &row);
    void makeRealEditor(Row &row);
    void makeFlagEditor(Row &row);
    void makeEnumerationEditor(Row &row);
    void makeTypeEditor(Row &row);
    void makeReferenceEditor(Row &row);
    void makePlaceEditor(Row &row);

    void computedChanged(const ComputedStatus &computed, const QSet<EntityId> &ids) override;
    void computedReset(const ComputedStatus &computed) override;
    void postRefresh();
    [[nodiscard]] bool mayEdit() const;
    void makeComputedRows(QFormLayout *form);
    void refreshComputed();
    void refreshOpticalPath(EntityId device, const optics::Budget &budget);
    void makeInterfaceList(QFormLayout *form);
    void refreshInterfaces();
    void makePropertyTable(QFormLayout *form);
    void refreshProperties();
    void propertyEdited(QTableWidgetItem *item);
    void removeProperty();

    QPointer<Session> m_session;
    QPointer<UndoStack> m_undo;
    const ComputedStatus *m_computed = nullptr;
    QList<EntityId> m_ids;
    QSet<EntityId> m_watched; ///< whose changes are seen here
    std::vector<Row> m_rows;
    QList<EntityKind> m_kinds;
    bool m_singleDevice = false;
    bool m_refreshPosted = false;
    bool m_refreshing = false;

    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_subtitle;
    QScrollArea *m_scroll;
    QWidget *m_form = nullptr;
    QPointer<QTableWidget> m_properties;
    QPointer<QTreeWidget> m_interfaces;
    QPointer<QLabel> m_overrideInfo;
    QGridLayout *m_computedForm = nullptr; ///< of m_form; nullptr if it has no such rows
    QPointer<QWidget> m_computedBox;
    QPointer<QTreeWidget> m_opticalPath;
    std::array<QPointer<QLabel>, 6> m_computedLabels; ///< by ComputedRow
};

} // namespace patchboard::ui
