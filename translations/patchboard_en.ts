<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Commands</name>
    <message numerus="yes">
        <source>%n container(s)</source>
        <translation>
            <numerusform>%n container</numerusform>
            <numerusform>%n containers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n interface(s)</source>
        <translation>
            <numerusform>%n interface</numerusform>
            <numerusform>%n interfaces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n link</numerusform>
            <numerusform>%n links</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::formats</name>
    <message numerus="yes">
        <source>%n more of this kind: %1</source>
        <translation>
            <numerusform>%n more of this kind: %1</numerusform>
            <numerusform>%n more of this kind: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::formats::Containerlab</name>
    <message numerus="yes">
        <source>%n link(s) cannot be read – </source>
        <translation>
            <numerusform>%n link cannot be read – </numerusform>
            <numerusform>%n links cannot be read – </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n endpoint(s), expected two</source>
        <translation>
            <numerusform>%n endpoint, expected two</numerusform>
            <numerusform>%n endpoints, expected two</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::formats::GraphMl</name>
    <message numerus="yes">
        <source>A hyperedge with %n ends became a segment “%1” with a link to each.</source>
        <translation>
            <numerusform>A hyperedge with %n end became a segment “%1” with a link to it.</numerusform>
            <numerusform>A hyperedge with %n ends became a segment “%1” with a link to each.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::BoardActions</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::BoardCommands</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n interface(s)</source>
        <translation>
            <numerusform>%n interface</numerusform>
            <numerusform>%n interfaces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n link</numerusform>
            <numerusform>%n links</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::BoardLayout</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Lay out %n device(s): %1</source>
        <translation>
            <numerusform>Lay out %n device: %1</numerusform>
            <numerusform>Lay out %n devices: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::CanvasView</name>
    <message numerus="yes">
        <source>Move %n device(s)</source>
        <translation>
            <numerusform>Move %n device</numerusform>
            <numerusform>Move %n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Take %n device(s) out of %1</source>
        <translation>
            <numerusform>Take %n device out of %1</numerusform>
            <numerusform>Take %n devices out of %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Put %n device(s) into %1</source>
        <translation>
            <numerusform>Put %n device into %1</numerusform>
            <numerusform>Put %n devices into %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ConflictList</name>
    <message numerus="yes">
        <source>%1: … and %n more</source>
        <translation>
            <numerusform>%1: … and %n more</numerusform>
            <numerusform>%1: … and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ConnectionStatus</name>
    <message numerus="yes">
        <source>%n change(s) not sent yet.</source>
        <translation>
            <numerusform>%n change not sent yet.</numerusform>
            <numerusform>%n changes not sent yet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ImportDialog</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n link</numerusform>
            <numerusform>%n links</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n interface(s)</source>
        <translation>
            <numerusform>%n interface</numerusform>
            <numerusform>%n interfaces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n container(s)</source>
        <translation>
            <numerusform>%n container</numerusform>
            <numerusform>%n containers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::MainWindow</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n link</numerusform>
            <numerusform>%n links</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not sent yet</source>
        <translation>
            <numerusform>%n not sent yet</numerusform>
            <numerusform>%n not sent yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Restore %n item(s)</source>
        <translation>
            <numerusform>Restore %n item</numerusform>
            <numerusform>Restore %n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n conflict(s)</source>
        <translation>
            <numerusform>%n conflict</numerusform>
            <numerusform>%n conflicts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Restore %n item(s) of revision %1</source>
        <translation>
            <numerusform>Restore %n item of revision %1</numerusform>
            <numerusform>Restore %n items of revision %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n people follow you</source>
        <translation>
            <numerusform>%n person follows you</numerusform>
            <numerusform>%n people follow you</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ProblemsPanel</name>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::PropertiesPanel</name>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n link</numerusform>
            <numerusform>%n links</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) down</source>
        <translation>
            <numerusform>%n thing down</numerusform>
            <numerusform>%n things down</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) degraded</source>
        <translation>
            <numerusform>%n thing degraded</numerusform>
            <numerusform>%n things degraded</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 over %2 km and %n link(s)</source>
        <translation>
            <numerusform>%1 over %2 km and %n link</numerusform>
            <numerusform>%1 over %2 km and %n links</numerusform>
        </translation>
    </message>
</context>
</TS>
