#pragma once

#include "model/core/edits.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;

namespace patchboard::ui {

/// The device types that a board adds to the built-in ones.
class DeviceTypesDialog : public QDialog
{
    Q_OBJECT
public:
    explicit DeviceTypesDialog(const Topology &topology, QWidget *parent = nullptr);

    /// What is to be changed of @a topology's types; empty if nothing is.
    [[nodiscard]] QList<Edit> edits(const Topology &topology, const edits::IdSource &newId) const;

public Q_SLOTS:
    void accept() override;

private:
    void addType();
    void removeType();
    void show(int row);
    void take();
    /// Why the types cannot be as they are; empty if they can. @a row: of the type that is wrong.
    [[nodiscard]] QString problem(int *row) const;

    QList<CustomType> m_types;
    QSet<QString> m_used; ///< keys of types that devices have
    int m_row = -1;
    bool m_showing = false;

    QListWidget *m_list;
    QWidget *m_form;
    QLineEdit *m_key;
    QLineEdit *m_label;
    QComboBox *m_icon;
    QCheckBox *m_container;
    QPlainTextEdit *m_interfaces;
    QLabel *m_problem;
};

} // namespace patchboard::ui
