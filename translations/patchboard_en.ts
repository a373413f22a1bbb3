<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
</TS>
