<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>DeviceType</name>
    <message>
        <source>Backbone gateway</source>
        <translation>Backbone-Gateway</translation>
    </message>
    <message>
        <source>Core router</source>
        <translation>Core-Router</translation>
    </message>
    <message>
        <source>Edge router</source>
        <translation>Edge-Router</translation>
    </message>
    <message>
        <source>OLT</source>
        <translation>OLT</translation>
    </message>
    <message>
        <source>AON switch</source>
        <translation>AON-Switch</translation>
    </message>
    <message>
        <source>ONT</source>
        <translation>ONT</translation>
    </message>
    <message>
        <source>Business ONT</source>
        <translation>Business-ONT</translation>
    </message>
    <message>
        <source>AON CPE</source>
        <translation>AON-CPE</translation>
    </message>
    <message>
        <source>POP</source>
        <translation>POP</translation>
    </message>
    <message>
        <source>Core site</source>
        <translation>Kernstandort</translation>
    </message>
    <message>
        <source>ODF</source>
        <translation>ODF</translation>
    </message>
    <message>
        <source>NVT</source>
        <translation>NVT</translation>
    </message>
    <message>
        <source>Splitter</source>
        <translation>Splitter</translation>
    </message>
    <message>
        <source>HOP</source>
        <translation>HOP</translation>
    </message>
    <message>
        <source>Router</source>
        <translation>Router</translation>
    </message>
    <message>
        <source>Switch</source>
        <translation>Switch</translation>
    </message>
    <message>
        <source>Firewall</source>
        <translation>Firewall</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Host</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Access point</source>
        <translation>Access Point</translation>
    </message>
    <message>
        <source>Cloud</source>
        <translation>Cloud</translation>
    </message>
    <message>
        <source>Generic</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
</context>
<context>
    <name>Edits</name>
    <message>
        <source>Device not found</source>
        <translation>Gerät nicht gefunden</translation>
    </message>
    <message>
        <source>Cannot link device to itself</source>
        <translation>Ein Gerät kann nicht mit sich selbst verbunden werden</translation>
    </message>
    <message>
        <source>%1 is a container; link to a device in it</source>
        <translation>%1 ist ein Container; verbinden Sie ein Gerät darin</translation>
    </message>
    <message>
        <source>No valid link rule between %1 and %2</source>
        <translation>Keine gültige Verbindungsregel zwischen %1 und %2</translation>
    </message>
</context>
<context>
    <name>Field</name>
    <message>
        <source>Down</source>
        <translation>Ausgefallen</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Aktiv</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>Beeinträchtigt</translation>
    </message>
    <message>
        <source>Ethernet</source>
        <translation>Ethernet</translation>
    </message>
    <message>
        <source>Optical</source>
        <translation>Optisch</translation>
    </message>
    <message>
        <source>Loopback</source>
        <translation>Loopback</translation>
    </message>
    <message>
        <source>Advise</source>
        <translation>Hinweisen</translation>
    </message>
    <message>
        <source>Enforce</source>
        <translation>Erzwingen</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Link rules</source>
        <translation>Verbindungsregeln</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notizen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Status override</source>
        <translation>Statusvorgabe</translation>
    </message>
    <message>
        <source>Override reason</source>
        <translation>Grund der Vorgabe</translation>
    </message>
    <message>
        <source>Overridden by</source>
        <translation>Vorgegeben von</translation>
    </message>
    <message>
        <source>Overridden at</source>
        <translation>Vorgegeben am</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Container</source>
        <translation>Container</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Transmit power</source>
        <translation>Sendeleistung</translation>
    </message>
    <message>
        <source>Receiver sensitivity</source>
        <translation>Empfängerempfindlichkeit</translation>
    </message>
    <message>
        <source>Insertion loss</source>
        <translation>Einfügedämpfung</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>End A</source>
        <translation>Ende A</translation>
    </message>
    <message>
        <source>End B</source>
        <translation>Ende B</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Beschriftung</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Medium</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Dämpfung</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Icon</source>
        <translation>Symbol</translation>
    </message>
    <message>
        <source>Is a container</source>
        <translation>Ist ein Container</translation>
    </message>
    <message>
        <source>Default interfaces</source>
        <translation>Standardschnittstellen</translation>
    </message>
    <message>
        <source>a value is needed</source>
        <translation>ein Wert wird gebraucht</translation>
    </message>
    <message>
        <source>must be text</source>
        <translation>muss Text sein</translation>
    </message>
    <message>
        <source>at most %1 characters</source>
        <translation>höchstens %1 Zeichen</translation>
    </message>
    <message>
        <source>must not be empty</source>
        <translation>darf nicht leer sein</translation>
    </message>
    <message>
        <source>must be true or false</source>
        <translation>muss wahr oder falsch sein</translation>
    </message>
    <message>
        <source>must be a whole number</source>
        <translation>muss eine ganze Zahl sein</translation>
    </message>
    <message>
        <source>must be a time</source>
        <translation>muss ein Zeitpunkt sein</translation>
    </message>
    <message>
        <source>must be an id</source>
        <translation>muss eine Kennung sein</translation>
    </message>
    <message>
        <source>is none of the allowed values</source>
        <translation>ist keiner der erlaubten Werte</translation>
    </message>
    <message>
        <source>must be a finite place on the board</source>
        <translation>muss ein endlicher Ort auf dem Board sein</translation>
    </message>
    <message>
        <source>must be a finite number</source>
        <translation>muss eine endliche Zahl sein</translation>
    </message>
    <message>
        <source>must be between %1 and %2</source>
        <translation>muss zwischen %1 und %2 liegen</translation>
    </message>
    <message>
        <source>The name of a property has 1 to 255 characters</source>
        <translation>Der Name einer Eigenschaft hat 1 bis 255 Zeichen</translation>
    </message>
    <message>
        <source>Property %1: must be text of at most %2 characters</source>
        <translation>Eigenschaft %1: muss Text von höchstens %2 Zeichen sein</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
</context>
<context>
    <name>Topology</name>
    <message>
        <source>A committed change holds an edit that is not expanded</source>
        <translation>Eine bestätigte Änderung enthält einen nicht aufgelösten Schritt</translation>
    </message>
    <message>
        <source>A field is given twice</source>
        <translation>Ein Feld ist doppelt angegeben</translation>
    </message>
    <message>
        <source>Unknown field</source>
        <translation>Unbekanntes Feld</translation>
    </message>
    <message>
        <source>%1: a value is needed</source>
        <translation>%1: ein Wert wird gebraucht</translation>
    </message>
    <message>
        <source>Invalid id %1</source>
        <translation>Ungültige Kennung %1</translation>
    </message>
    <message>
        <source>The id %1 is in use</source>
        <translation>Die Kennung %1 ist vergeben</translation>
    </message>
    <message>
        <source>This kind of thing cannot be created</source>
        <translation>So etwas kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>Unknown device type %1</source>
        <translation>Unbekannter Gerätetyp %1</translation>
    </message>
    <message>
        <source>Device with name &apos;%1&apos; already exists</source>
        <translation>Ein Gerät namens „%1“ gibt es schon</translation>
    </message>
    <message>
        <source>Container not found</source>
        <translation>Container nicht gefunden</translation>
    </message>
    <message>
        <source>%1 is not a container</source>
        <translation>%1 ist kein Container</translation>
    </message>
    <message>
        <source>Device not found</source>
        <translation>Gerät nicht gefunden</translation>
    </message>
    <message>
        <source>Interface with name &apos;%1&apos; already exists on this device</source>
        <translation>Eine Schnittstelle namens „%1“ hat dieses Gerät schon</translation>
    </message>
    <message>
        <source>Interface not found</source>
        <translation>Schnittstelle nicht gefunden</translation>
    </message>
    <message>
        <source>Device type &apos;%1&apos; already exists</source>
        <translation>Den Gerätetyp „%1“ gibt es schon</translation>
    </message>
    <message>
        <source>Default interfaces, line %1: expected a name, a type and a status</source>
        <translation>Standardschnittstellen, Zeile %1: Name, Typ und Status erwartet</translation>
    </message>
    <message>
        <source>%1 cannot be changed</source>
        <translation>%1 kann nicht geändert werden</translation>
    </message>
    <message>
        <source>%1 holds devices, so it must stay a container</source>
        <translation>%1 enthält Geräte und muss daher ein Container bleiben</translation>
    </message>
    <message>
        <source>%1 cannot lie in itself or in what it holds</source>
        <translation>%1 kann nicht in sich selbst liegen oder in dem, was es enthält</translation>
    </message>
    <message>
        <source>Device type &apos;%1&apos; is in use</source>
        <translation>Der Gerätetyp „%1“ wird benutzt</translation>
    </message>
    <message>
        <source>There is no item with id %1</source>
        <translation>Es gibt nichts mit der Kennung %1</translation>
    </message>
    <message>
        <source>Something still hangs on the item %1</source>
        <translation>An %1 hängt noch etwas</translation>
    </message>
    <message>
        <source>The id %1 belongs to another site</source>
        <translation>Die Kennung %1 gehört einer anderen Stelle</translation>
    </message>
    <message>
        <source>The id %1 was used before</source>
        <translation>Die Kennung %1 war schon vergeben</translation>
    </message>
    <message>
        <source>No valid link rule between %1 and %2</source>
        <translation>Keine gültige Verbindungsregel zwischen %1 und %2</translation>
    </message>
    <message>
        <source>The board itself cannot be removed</source>
        <translation>Das Board selbst kann nicht gelöscht werden</translation>
    </message>
    <message>
        <source>What it was to be attached to has been removed</source>
        <translation>Das, woran es hängen sollte, wurde gelöscht</translation>
    </message>
    <message>
        <source>Device type %1 cannot be loaded</source>
        <translation>Der Gerätetyp %1 kann nicht geladen werden</translation>
    </message>
    <message>
        <source>Device %1 cannot be loaded</source>
        <translation>Das Gerät %1 kann nicht geladen werden</translation>
    </message>
    <message>
        <source>Device %1 lies in an impossible container</source>
        <translation>Das Gerät %1 liegt in einem unmöglichen Container</translation>
    </message>
    <message>
        <source>Interface %1 cannot be loaded</source>
        <translation>Die Schnittstelle %1 kann nicht geladen werden</translation>
    </message>
    <message>
        <source>Link %1 cannot be loaded</source>
        <translation>Die Verbindung %1 kann nicht geladen werden</translation>
    </message>
</context>
</TS>
