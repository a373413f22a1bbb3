<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>Access</name>
    <message>
        <source>This host asks for a token</source>
        <translation>Dieser Host verlangt ein Token</translation>
    </message>
    <message>
        <source>The token has expired</source>
        <translation>Das Token ist abgelaufen</translation>
    </message>
    <message>
        <source>The host does not know this token</source>
        <translation>Der Host kennt dieses Token nicht</translation>
    </message>
    <message>
        <source>%1 cannot be made: %2</source>
        <translation>%1 lässt sich nicht anlegen: %2</translation>
    </message>
    <message>
        <source>%1 holds no tokens that this program can read</source>
        <translation>%1 enthält keine Token, die dieses Programm lesen kann</translation>
    </message>
    <message>
        <source>A token&apos;s name has 1 to %1 letters, digits and signs</source>
        <translation>Der Name eines Tokens hat 1 bis %1 Buchstaben, Ziffern und Zeichen</translation>
    </message>
    <message>
        <source>The token would have expired already</source>
        <translation>Das Token wäre schon abgelaufen</translation>
    </message>
    <message>
        <source>There is a token named %1</source>
        <translation>Es gibt schon ein Token namens %1</translation>
    </message>
    <message>
        <source>There is no token named %1</source>
        <translation>Es gibt kein Token namens %1</translation>
    </message>
</context>
<context>
    <name>Authority</name>
    <message>
        <source>This message does not belong here</source>
        <translation>Diese Nachricht gehört nicht hierher</translation>
    </message>
    <message>
        <source>A second greeting</source>
        <translation>Eine zweite Begrüßung</translation>
    </message>
    <message>
        <source>The host is of an older version than this program</source>
        <translation>Der Host ist älter als dieses Programm</translation>
    </message>
    <message>
        <source>This program is of an older version than the host</source>
        <translation>Dieses Programm ist älter als der Host</translation>
    </message>
    <message>
        <source>Continued by another connection</source>
        <translation>Von einer anderen Verbindung fortgesetzt</translation>
    </message>
    <message>
        <source>The log has a hole</source>
        <translation>Das Protokoll hat eine Lücke</translation>
    </message>
    <message>
        <source>You may only look at this board</source>
        <translation>Dieses Board dürfen Sie nur ansehen</translation>
    </message>
    <message>
        <source>A change of somebody else</source>
        <translation>Eine fremde Änderung</translation>
    </message>
    <message>
        <source>The change has too many parts</source>
        <translation>Die Änderung hat zu viele Teile</translation>
    </message>
    <message>
        <source>Too many changes at once</source>
        <translation>Zu viele Änderungen auf einmal</translation>
    </message>
    <message>
        <source>Too far behind</source>
        <translation>Zu weit im Rückstand</translation>
    </message>
    <message>
        <source>Too many large changes at once; trying again</source>
        <translation>Zu viele große Änderungen auf einmal; neuer Versuch folgt</translation>
    </message>
    <message>
        <source>The rest of a change is missing</source>
        <translation>Der Rest einer Änderung fehlt</translation>
    </message>
    <message>
        <source>The change is too large to be sent</source>
        <translation>Die Änderung ist zu groß, um gesendet zu werden</translation>
    </message>
    <message>
        <source>Too many questions at once</source>
        <translation>Zu viele Fragen auf einmal</translation>
    </message>
    <message>
        <source>This snapshot is no longer there</source>
        <translation>Diesen Schnappschuss gibt es nicht mehr</translation>
    </message>
    <message>
        <source>There is a snapshot of that name</source>
        <translation>Einen Schnappschuss dieses Namens gibt es schon</translation>
    </message>
    <message>
        <source>A snapshot needs a name</source>
        <translation>Ein Schnappschuss braucht einen Namen</translation>
    </message>
    <message>
        <source>There is no such revision</source>
        <translation>Eine solche Revision gibt es nicht</translation>
    </message>
    <message>
        <source>There are too many snapshots</source>
        <translation>Es gibt zu viele Schnappschüsse</translation>
    </message>
    <message>
        <source>Revision %1 is no longer kept</source>
        <translation>Revision %1 wird nicht mehr aufbewahrt</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 lässt sich nicht schreiben: %2</translation>
    </message>
    <message>
        <source>%1 exists; --force replaces it</source>
        <translation>%1 gibt es schon; --force ersetzt es</translation>
    </message>
    <message>
        <source>%1 is a copy of %2</source>
        <translation>%1 ist eine Kopie von %2</translation>
    </message>
    <message>
        <source>%1 is sound: %2, %3, %4, revision %5</source>
        <translation>%1 ist in Ordnung: %2, %3, %4, Stand %5</translation>
    </message>
    <message>
        <source>%1, %2, %3, %4</source>
        <translation>%1, %2, %3, %4</translation>
    </message>
    <message>
        <source>%1: %2, from %3</source>
        <translation>%1: %2, aus %3</translation>
    </message>
    <message numerus="yes">
        <source>%n container(s)</source>
        <translation>
            <numerusform>%n Behälter</numerusform>
            <numerusform>%n Behälter</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n Gerät</numerusform>
            <numerusform>%n Geräte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n interface(s)</source>
        <translation>
            <numerusform>%n Schnittstelle</numerusform>
            <numerusform>%n Schnittstellen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>--%1 %2: %3</source>
        <translation>--%1 %2: %3</translation>
    </message>
    <message>
        <source>Address to listen on (127.0.0.1)</source>
        <translation>Adresse, an der gelauscht wird (127.0.0.1)</translation>
    </message>
    <message>
        <source>Copies a board, also while it is hosted</source>
        <translation>Kopiert ein Board, auch während es bereitgestellt wird</translation>
    </message>
    <message>
        <source>Copies a board, also while it is hosted, into a new file that appears when it is complete.</source>
        <translation>Kopiert ein Board, auch während es bereitgestellt wird, in eine neue Datei, die erst erscheint, wenn sie vollständig ist.</translation>
    </message>
    <message>
        <source>Hosts a board for windows and programs</source>
        <translation>Stellt ein Board für Fenster und Programme bereit</translation>
    </message>
    <message>
        <source>Hosts a board: windows connect to ws://HOST:PORT, programs to http://HOST:PORT/api. Without a file, the board of this user.</source>
        <translation>Stellt ein Board bereit: Fenster verbinden sich mit ws://HOST:PORT, Programme mit http://HOST:PORT/api. Ohne Datei das Board dieses Benutzers.</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>Language of the texts: en or de</source>
        <translation>Sprache der Texte: en oder de</translation>
    </message>
    <message>
        <source>Logs one JSON object a line</source>
        <translation>Protokolliert ein JSON-Objekt je Zeile</translation>
    </message>
    <message>
        <source>Logs warnings and errors only</source>
        <translation>Protokolliert nur Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Pages of this origin may use the host; may be given again</source>
        <translation>Seiten dieser Herkunft dürfen den Host benutzen; mehrmals möglich</translation>
    </message>
    <message>
        <source>Port to listen on (%1); 0 takes a free one</source>
        <translation>Port, an dem gelauscht wird (%1); 0 nimmt einen freien</translation>
    </message>
    <message>
        <source>Prints no warnings</source>
        <translation>Gibt keine Warnungen aus</translation>
    </message>
    <message>
        <source>Prints one JSON object</source>
        <translation>Gibt ein JSON-Objekt aus</translation>
    </message>
    <message>
        <source>Puts the demo board on an empty board</source>
        <translation>Legt das Beispielboard auf ein leeres Board</translation>
    </message>
    <message>
        <source>Reads a board, or any file that can be imported, changes nothing, and prints what is in it.</source>
        <translation>Liest ein Board oder eine Datei, die sich importieren lässt, ändert nichts und gibt aus, was darin ist.</translation>
    </message>
    <message>
        <source>Reads a file of another program into a new board</source>
        <translation>Liest eine Datei eines anderen Programms in ein neues Board</translation>
    </message>
    <message>
        <source>Reads a file of another program into a new board: all of it or nothing. Each thing that could not be taken is listed with its line.</source>
        <translation>Liest eine Datei eines anderen Programms in ein neues Board: ganz oder gar nicht. Alles, was nicht übernommen werden konnte, wird mit seiner Zeile genannt.</translation>
    </message>
    <message>
        <source>Replaces a file that is there</source>
        <translation>Ersetzt eine vorhandene Datei</translation>
    </message>
    <message>
        <source>Says what is in a board or a file that can be imported</source>
        <translation>Sagt, was in einem Board oder einer importierbaren Datei ist</translation>
    </message>
    <message>
        <source>Serving %1 at %2 (windows: %3)</source>
        <translation>%1 ist erreichbar unter %2 (Fenster: %3)</translation>
    </message>
    <message>
        <source>Signals cannot be caught</source>
        <translation>Signale lassen sich nicht abfangen</translation>
    </message>
    <message>
        <source>The board</source>
        <translation>Das Board</translation>
    </message>
    <message>
        <source>The board; made if it is not there</source>
        <translation>Das Board; wird angelegt, wenn es fehlt</translation>
    </message>
    <message>
        <source>The copy</source>
        <translation>Die Kopie</translation>
    </message>
    <message>
        <source>The file</source>
        <translation>Die Datei</translation>
    </message>
    <message>
        <source>The new board</source>
        <translation>Das neue Board</translation>
    </message>
    <message>
        <source>There are no texts in the language %1</source>
        <translation>In der Sprache %1 gibt es keine Texte</translation>
    </message>
    <message>
        <source>Usage: %1 COMMAND [options]

Hosts boards of network topologies, and works on their files.

Commands:
%2
  %1 COMMAND --help  says more of one
  --language CODE  Language of the texts: en or de
  -v, --version  Prints the version</source>
        <translation>Aufruf: %1 BEFEHL [Optionen]

Stellt Boards mit Netztopologien bereit und arbeitet an ihren Dateien.

Befehle:
%2
  %1 BEFEHL --help  sagt mehr zu einem
  --language CODE  Sprache der Texte: en oder de
  -v, --version  Gibt die Version aus</translation>
    </message>
    <message>
        <source>Verifies a board from end to end</source>
        <translation>Prüft ein Board von Anfang bis Ende</translation>
    </message>
    <message>
        <source>Verifies a board from end to end: its pages, what refers to what, names, containers, and the log of all changes against its tables. Changes nothing.</source>
        <translation>Prüft ein Board von Anfang bis Ende: seine Seiten, Verweise, Namen, Behälter und das Protokoll aller Änderungen gegen seine Tabellen. Ändert nichts.</translation>
    </message>
    <message>
        <source>What is logged: debug, info, warning or error</source>
        <translation>Was protokolliert wird: debug, info, warning oder error</translation>
    </message>
    <message>
        <source>What the file is, where that cannot be seen</source>
        <translation>Was die Datei ist, wenn man es ihr nicht ansieht</translation>
    </message>
    <message>
        <source>a command is missing (try --help)</source>
        <translation>Ein Befehl fehlt (siehe --help)</translation>
    </message>
    <message>
        <source>a file is missing</source>
        <translation>Eine Datei fehlt</translation>
    </message>
    <message>
        <source>address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>code</source>
        <translation>Kürzel</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>origin</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>full: acknowledged changes survive a loss of power; normal: only the end of the program</source>
        <translation>full: bestätigte Änderungen überstehen einen Stromausfall; normal: nur das Ende des Programms</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>Es ist ein Ordner</translation>
    </message>
    <message>
        <source>neither full nor normal</source>
        <translation>weder full noch normal</translation>
    </message>
    <message>
        <source>not a level</source>
        <translation>keine Stufe</translation>
    </message>
    <message>
        <source>not a port (0 to 65535)</source>
        <translation>kein Port (0 bis 65535)</translation>
    </message>
    <message>
        <source>not an IP address</source>
        <translation>keine IP-Adresse</translation>
    </message>
    <message>
        <source>the folder %1 does not exist</source>
        <translation>Den Ordner %1 gibt es nicht</translation>
    </message>
    <message>
        <source>try: %1 %2 --help</source>
        <translation>siehe: %1 %2 --help</translation>
    </message>
    <message>
        <source>unexpected: %1</source>
        <translation>Unerwartet: %1</translation>
    </message>
    <message>
        <source>unknown command or option: %1 (try --help)</source>
        <translation>Unbekannter Befehl oder unbekannte Option: %1 (siehe --help)</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>where to? -o OUT.board is missing</source>
        <translation>Wohin? -o ZIEL.board fehlt</translation>
    </message>
    <message>
        <source>Says who may come to a hosted board: add, list, remove</source>
        <translation>Sagt, wer zu einem angebotenen Board kommen darf: add, list, remove</translation>
    </message>
    <message>
        <source>Lets everybody in who reaches the port, to do everything, also from other machines</source>
        <translation>Lässt jeden ein, der den Port erreicht, und alles tun, auch von anderen Rechnern</translation>
    </message>
    <message>
        <source>Asks for a token also on this machine, and while there are none</source>
        <translation>Verlangt auch auf diesem Rechner ein Token, und solange es keine gibt</translation>
    </message>
    <message>
        <source>--require-token and --insecure-no-auth exclude each other</source>
        <translation>--require-token und --insecure-no-auth schließen einander aus</translation>
    </message>
    <message>
        <source>What it allows: viewer, editor or admin</source>
        <translation>Was es erlaubt: viewer, editor oder admin</translation>
    </message>
    <message>
        <source>How it is listed, and stands in the log of changes</source>
        <translation>Wie es aufgelistet wird und im Protokoll der Änderungen steht</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>When it ends: 12h, 30d, 2027-12-31, or a time; never, if this is left out</source>
        <translation>Wann es endet: 12h, 30d, 2027-12-31 oder ein Zeitpunkt; nie, wenn das fehlt</translation>
    </message>
    <message>
        <source>when</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>--role is viewer, editor or admin</source>
        <translation>--role ist viewer, editor oder admin</translation>
    </message>
    <message>
        <source>--expires %1: neither a span (12h, 30d) nor a day or time</source>
        <translation>--expires %1: weder eine Dauer (12h, 30d) noch ein Tag oder Zeitpunkt</translation>
    </message>
    <message>
        <source>--name is empty</source>
        <translation>--name ist leer</translation>
    </message>
    <message>
        <source>token %1 (%2) for %3; it is shown only this once:</source>
        <translation>Token %1 (%2) für %3; es wird nur dieses eine Mal gezeigt:</translation>
    </message>
    <message>
        <source>Prints one JSON array</source>
        <translation>Gibt ein JSON-Array aus</translation>
    </message>
    <message>
        <source>%1 has no tokens</source>
        <translation>%1 hat keine Token</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Angelegt</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>Läuft ab</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>Zuletzt benutzt</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>abgelaufen</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>Of the token</source>
        <translation>Der des Tokens</translation>
    </message>
    <message>
        <source>The token %1 opens nothing any more</source>
        <translation>Das Token %1 öffnet nichts mehr</translation>
    </message>
    <message>
        <source>Makes a token for a board and prints it, this once. A board that has tokens lets nobody in over the network without one; a host that runs notices within a second. Without a file, the board of this user.</source>
        <translation>Macht ein Token für ein Board und gibt es aus, dieses eine Mal. Ein Board mit Token lässt über das Netz niemanden ohne eines ein; ein laufender Host merkt es binnen einer Sekunde. Ohne Datei das Board dieses Benutzers.</translation>
    </message>
    <message>
        <source>Says which tokens a board has.</source>
        <translation>Sagt, welche Token ein Board hat.</translation>
    </message>
    <message>
        <source>Ends a token: within a second a host that runs closes the connections that it opened.</source>
        <translation>Beendet ein Token: Binnen einer Sekunde schließt ein laufender Host die Verbindungen, die es geöffnet hat.</translation>
    </message>
    <message>
        <source>token: say add, list or remove (try --help)</source>
        <translation>token: add, list oder remove angeben (siehe --help)</translation>
    </message>
    <message>
        <source>Usage: %1 token add|list|remove [options]</source>
        <translation>Aufruf: %1 token add|list|remove [Optionen]</translation>
    </message>
    <message>
        <source>Serving %1 at %2</source>
        <translation>%1 wird unter %2 bereitgestellt</translation>
    </message>
    <message>
        <source>Says who changed a board, when, by which token and from which address; also while it is hosted.</source>
        <translation>Sagt, wer ein Board geändert hat, wann, mit welchem Token und von welcher Adresse; auch während es angeboten wird.</translation>
    </message>
    <message>
        <source>Only what came after this revision</source>
        <translation>Nur, was nach dieser Revision kam</translation>
    </message>
    <message>
        <source>revision</source>
        <translation>Revision</translation>
    </message>
    <message>
        <source>Prints one JSON object a line</source>
        <translation>Gibt ein JSON-Objekt je Zeile aus</translation>
    </message>
    <message>
        <source>--since %1: not a revision</source>
        <translation>--since %1: keine Revision</translation>
    </message>
    <message>
        <source>Says who changed a board, when and from where</source>
        <translation>Sagt, wer ein Board wann und von wo geändert hat</translation>
    </message>
    <message>
        <source>Encrypts everything (https, wss) with this certificate and its chain, PEM; needs --tls-key</source>
        <translation>Verschlüsselt alles (https, wss) mit diesem Zertifikat und seiner Kette, PEM; braucht --tls-key</translation>
    </message>
    <message>
        <source>The key of the certificate, PEM, without a passphrase</source>
        <translation>Der Schlüssel des Zertifikats, PEM, ohne Passphrase</translation>
    </message>
    <message>
        <source>Requests of one address a second; 0: no limit (0 on this machine, 200 beyond it)</source>
        <translation>Anfragen einer Adresse je Sekunde; 0: unbegrenzt (0 auf diesem Rechner, sonst 200)</translation>
    </message>
    <message>
        <source>number</source>
        <translation>Zahl</translation>
    </message>
    <message>
        <source>--tls-cert and --tls-key belong together</source>
        <translation>--tls-cert und --tls-key gehören zusammen</translation>
    </message>
    <message>
        <source>not a number of requests</source>
        <translation>keine Zahl von Anfragen</translation>
    </message>
    <message>
        <source>Newest changes that the history keeps in any case (100000)</source>
        <translation>Neueste Änderungen, die der Verlauf in jedem Fall behält (100000)</translation>
    </message>
    <message>
        <source>count</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>Days for which the history keeps every change (90)</source>
        <translation>Tage, für die der Verlauf jede Änderung behält (90)</translation>
    </message>
    <message>
        <source>days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>not a number above 0</source>
        <translation>keine Zahl über 0</translation>
    </message>
    <message>
        <source>not a number of days</source>
        <translation>keine Anzahl von Tagen</translation>
    </message>
    <message>
        <source>A name by which the host may be called while it asks for no token, besides localhost and this machine&apos;s; may be given again</source>
        <translation>Ein Name, unter dem der Host angesprochen werden darf, solange er kein Token verlangt, neben localhost und dem dieses Rechners; auch mehrfach</translation>
    </message>
    <message>
        <source>not the name of a host</source>
        <translation>kein Rechnername</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopie</translation>
    </message>
    <message>
        <source>The board as it was then, without its history: the number of a change, or the name of a snapshot</source>
        <translation>Das Board, wie es damals war, ohne seinen Verlauf: die Nummer einer Änderung oder der Name eines Schnappschusses</translation>
    </message>
    <message>
        <source>%1 is a copy of %2 at revision %3</source>
        <translation>%1 ist eine Kopie von %2 zur Revision %3</translation>
    </message>
    <message>
        <source>The board as it was then: the number of a change, or the name of a snapshot</source>
        <translation>Das Board, wie es damals war: die Nummer einer Änderung oder der Name eines Schnappschusses</translation>
    </message>
    <message>
        <source>not a time such as 500ms, 30s or 5m</source>
        <translation>keine Zeit wie 500ms, 30s oder 5m</translation>
    </message>
    <message>
        <source>not a number from 1 to %1</source>
        <translation>keine Zahl von 1 bis %1</translation>
    </message>
    <message>
        <source>not a network such as 10.0.0.0/8</source>
        <translation>kein Netz wie 10.0.0.0/8</translation>
    </message>
    <message>
        <source>--%1 needs --probe</source>
        <translation>--%1 braucht --probe</translation>
    </message>
    <message>
        <source>Asks devices whether they are there, as their property probe says: tcp://HOST:PORT, http://HOST/PATH, https://HOST/PATH or icmp://HOST, several with spaces between them; {address} and {name} stand for the device&apos;s own. Their status follows</source>
        <translation>Fragt Geräte, ob sie da sind, wie es ihre Eigenschaft probe sagt: tcp://HOST:PORT, http://HOST/PFAD, https://HOST/PFAD oder icmp://HOST, mehrere mit Leerzeichen dazwischen; {address} und {name} stehen für Adresse und Namen des Geräts. Ihr Status richtet sich danach</translation>
    </message>
    <message>
        <source>Time between two questions of a probe (30s; 100ms to 24h)</source>
        <translation>Zeit zwischen zwei Fragen einer Probe (30s; 100ms bis 24h)</translation>
    </message>
    <message>
        <source>time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Time after which no answer is a failure (3s; 50ms to 60s)</source>
        <translation>Zeit, nach der keine Antwort ein Fehlschlag ist (3s; 50ms bis 60s)</translation>
    </message>
    <message>
        <source>Answers in a row that make a device UP (2)</source>
        <translation>Antworten in Folge, die ein Gerät UP machen (2)</translation>
    </message>
    <message>
        <source>Failures in a row that make a device DOWN (3)</source>
        <translation>Fehlschläge in Folge, die ein Gerät DOWN machen (3)</translation>
    </message>
    <message>
        <source>Probes that may wait for an answer at a time (64)</source>
        <translation>Proben, die zugleich auf eine Antwort warten dürfen (64)</translation>
    </message>
    <message>
        <source>Probes ask addresses of this network only, as 10.0.0.0/8; may be given again</source>
        <translation>Proben fragen nur Adressen dieses Netzes, etwa 10.0.0.0/8; auch mehrfach</translation>
    </message>
    <message>
        <source>network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Names the hosts in the local network</source>
        <translation>Nennt die Hosts im lokalen Netz</translation>
    </message>
    <message>
        <source>Names the hosts in the local network, by mDNS (Avahi): the address, whether a token is needed, the machine, the board.</source>
        <translation>Nennt die Hosts im lokalen Netz, durch mDNS (Avahi): die Adresse, ob ein Token nötig ist, den Rechner, das Board.</translation>
    </message>
    <message>
        <source>Looks for at most so long (3); ends before if all have answered</source>
        <translation>Sucht höchstens so lange (3); endet früher, wenn alle geantwortet haben</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>--wait %1: not a number of seconds</source>
        <translation>--wait %1: keine Anzahl von Sekunden</translation>
    </message>
    <message>
        <source>Hosts cannot be looked for: %1</source>
        <translation>Hosts können nicht gesucht werden: %1</translation>
    </message>
    <message>
        <source>Does not tell the local network (mDNS) that the host is there; one that only this machine reaches never does</source>
        <translation>Sagt dem lokalen Netz (mDNS) nicht, dass der Host da ist; einer, den nur dieser Rechner erreicht, tut das nie</translation>
    </message>
    <message>
        <source>not an origin, as http://localhost:5173</source>
        <translation>kein Ursprung wie http://localhost:5173</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>this computer</source>
        <translation>diesem Rechner</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made</source>
        <translation>Der Ordner %1 kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>Board %1</source>
        <translation>Board %1</translation>
    </message>
    <message>
        <source>Somebody</source>
        <translation>Jemand</translation>
    </message>
    <message>
        <source>There are no texts in the language %1</source>
        <translation>In der Sprache %1 gibt es keine Texte</translation>
    </message>
    <message>
        <source>%1 does not answer</source>
        <translation>%1 antwortet nicht</translation>
    </message>
    <message>
        <source>%1 cannot be written</source>
        <translation>%1 kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>%1 (try --help)</source>
        <translation>%1 (siehe --help)</translation>
    </message>
    <message>
        <source>one board at a time</source>
        <translation>nur ein Board auf einmal</translation>
    </message>
    <message>
        <source>%1 is no theme</source>
        <translation>%1 ist kein Farbschema</translation>
    </message>
    <message>
        <source>%1 is no size; one looks like 1440x900</source>
        <translation>%1 ist keine Größe; eine sieht aus wie 1440x900</translation>
    </message>
    <message>
        <source>The board</source>
        <translation>Das Board</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size of the picture in pixels, as 1440x900</source>
        <translation>Größe des Bildes in Pixeln, etwa 1440x900</translation>
    </message>
    <message>
        <source>WxH</source>
        <translation>BxH</translation>
    </message>
    <message>
        <source>Light on dark</source>
        <translation>Hell auf dunkel</translation>
    </message>
    <message>
        <source>The board has not come from the server yet</source>
        <translation>Das Board ist noch nicht vom Server gekommen</translation>
    </message>
    <message>
        <source>Draws a board, or any file that can be imported, into a picture: PNG, or SVG and PDF with text as text. Needs no display.</source>
        <translation>Zeichnet ein Board oder jede importierbare Datei als Bild: PNG, oder SVG und PDF mit Text als Text. Braucht keinen Bildschirm.</translation>
    </message>
    <message>
        <source>The picture; its ending decides between PNG, SVG and PDF</source>
        <translation>Das Bild; seine Endung entscheidet zwischen PNG, SVG und PDF</translation>
    </message>
    <message>
        <source>Instead of a size: how much larger than at 100 %, as 2.5</source>
        <translation>Statt einer Größe: wie viel größer als bei 100 %, etwa 2.5</translation>
    </message>
    <message>
        <source>factor</source>
        <translation>Faktor</translation>
    </message>
    <message>
        <source>Only these devices, by name, and the links between them; may be given several times</source>
        <translation>Nur diese Geräte, nach Namen, und die Verbindungen zwischen ihnen; mehrmals möglich</translation>
    </message>
    <message>
        <source>device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>where to? -o OUT.png, OUT.svg or OUT.pdf is missing</source>
        <translation>wohin? -o OUT.png, OUT.svg oder OUT.pdf fehlt</translation>
    </message>
    <message>
        <source>%1 is no scale; one is a number from 0.01 to 100</source>
        <translation>%1 ist kein Maßstab; das ist eine Zahl von 0.01 bis 100</translation>
    </message>
    <message>
        <source>there is no device %1</source>
        <translation>es gibt kein Gerät %1</translation>
    </message>
    <message>
        <source>There is no token in %1</source>
        <translation>In %1 steht kein Token</translation>
    </message>
    <message>
        <source>A token is for a host: say ws://HOST:PORT</source>
        <translation>Ein Token ist für einen Host: Geben Sie ws://HOST:PORT an</translation>
    </message>
    <message>
        <source>There is no certificate in %1</source>
        <translation>In %1 steht kein Zertifikat</translation>
    </message>
    <message>
        <source>Usage: %1 [options] [FILE | ws://HOST:PORT]
       %1 demo [options]
       %1 COMMAND [options]

Opens a window on a board: a file that saves by itself, made if it is not there, or a host&apos;s board.
Without an argument the start page opens.

Options:
  --theme light|dark|system  Colours of the window
  --language CODE            Language of the texts: en or de
  --token-file FILE          Holds the token for the host, in its first line
  --tls-ca FILE              Trusts the hosts of this certificate (PEM)
  --trust-fingerprint SHA256 Trusts the host&apos;s certificate if it is this one
  --screenshot OUT.png       Saves a picture of the window and ends
  --size WxH                 Size of the window in pixels, as 1440x900
  -h, --help                 Says this
  -v, --version              Prints the version

Commands:
  demo       Opens the demo board
  export     Draws a board into a PNG, SVG or PDF, without a display
%2
  %1 COMMAND --help  says more of one</source>
        <translation>Aufruf: %1 [Optionen] [DATEI | ws://HOST:PORT]
        %1 demo [Optionen]
        %1 BEFEHL [Optionen]

Öffnet ein Fenster mit einem Board: einer Datei, die sich selbst speichert und angelegt wird, wenn sie fehlt, oder dem Board eines Hosts.
Ohne Argument öffnet sich die Startseite.

Optionen:
  --theme light|dark|system  Farben des Fensters
  --language CODE            Sprache der Texte: en oder de
  --token-file DATEI         Enthält in der ersten Zeile das Token für den Host
  --tls-ca DATEI             Vertraut den Hosts dieses Zertifikats (PEM)
  --trust-fingerprint SHA256 Vertraut dem Zertifikat des Hosts, wenn es dieses ist
  --screenshot OUT.png       Speichert ein Bild des Fensters und endet
  --size BxH                 Größe des Fensters in Pixeln, etwa 1440x900
  -h, --help                 Gibt diese Hilfe aus
  -v, --version              Gibt die Version aus

Befehle:
  demo       Öffnet das Demo-Board
  export     Zeichnet ein Board als PNG, SVG oder PDF, ohne Bildschirm
%2
  %1 BEFEHL --help  sagt mehr zu einem Befehl</translation>
    </message>
    <message>
        <source>%1 is no SHA-256 fingerprint</source>
        <translation>%1 ist kein SHA-256-Fingerabdruck</translation>
    </message>
    <message>
        <source>A fingerprint is for a host: say wss://HOST:PORT</source>
        <translation>Ein Fingerabdruck gilt einem Host: wss://HOST:PORT angeben</translation>
    </message>
</context>
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
    <name>EntityText</name>
    <message>
        <source>%1, forced (reported: %2)</source>
        <translation>%1, vorgegeben (gemeldet: %2)</translation>
    </message>
    <message>
        <source>by %1, %2</source>
        <translation>von %1, %2</translation>
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
        <translation>Empfindlichkeit</translation>
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
    <message>
        <source>holds characters that are no text</source>
        <translation>enthält Zeichen, die kein Text sind</translation>
    </message>
    <message>
        <source>Optics and health</source>
        <translation>Optik und Zustand</translation>
    </message>
    <message>
        <source>Receiver overload</source>
        <translation>Übersteuerung</translation>
    </message>
</context>
<context>
    <name>Host</name>
    <message>
        <source>Demo board</source>
        <translation>Beispielboard</translation>
    </message>
    <message>
        <source>The host is stopping</source>
        <translation>Der Host wird beendet</translation>
    </message>
    <message>
        <source>Too many are connecting at once; trying again</source>
        <translation>Zu viele verbinden sich gleichzeitig; neuer Versuch folgt</translation>
    </message>
    <message>
        <source>The token is no longer valid</source>
        <translation>Das Token gilt nicht mehr</translation>
    </message>
    <message>
        <source>Too many messages; trying again</source>
        <translation>Zu viele Nachrichten; neuer Versuch folgt</translation>
    </message>
    <message>
        <source>The host is busy; try again in a moment</source>
        <translation>Der Host ist beschäftigt; versuchen Sie es gleich noch einmal</translation>
    </message>
    <message>
        <source>There is no such piece</source>
        <translation>Ein solches Stück gibt es nicht</translation>
    </message>
</context>
<context>
    <name>Journal</name>
    <message>
        <source>The folder %1 cannot be made</source>
        <translation>Der Ordner %1 kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>%1 cannot be written</source>
        <translation>%1 kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Too many windows have this board open</source>
        <translation>Zu viele Fenster haben dieses Board offen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 is damaged</source>
        <translation>%1 ist beschädigt</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>%1 kann nicht geöffnet werden</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of this program</source>
        <translation>%1 stammt von einer neueren Version dieses Programms</translation>
    </message>
</context>
<context>
    <name>Optics</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Critical</source>
        <translation>Kritisch</translation>
    </message>
    <message>
        <source>No signal</source>
        <translation>Kein Signal</translation>
    </message>
</context>
<context>
    <name>Problem</name>
    <message>
        <source>No signal: no optical path leads to an OLT</source>
        <translation>Kein Signal: Kein optischer Weg führt zu einem OLT</translation>
    </message>
    <message>
        <source>No signal: %1 dBm arrive, %2 dB too little</source>
        <translation>Kein Signal: %1 dBm kommen an, %2 dB zu wenig</translation>
    </message>
    <message>
        <source>Receiver overload: %1 dBm arrive, %2 dBm is the most</source>
        <translation>Empfänger übersteuert: %1 dBm kommen an, höchstens %2 dBm sind erlaubt</translation>
    </message>
    <message>
        <source>Critical optical margin: %1 dB</source>
        <translation>Kritische optische Reserve: %1 dB</translation>
    </message>
    <message>
        <source>Low optical margin: %1 dB</source>
        <translation>Geringe optische Reserve: %1 dB</translation>
    </message>
    <message>
        <source>Inside: %1 down, %2 degraded</source>
        <translation>Darin: %1 ausgefallen, %2 beeinträchtigt</translation>
    </message>
    <message>
        <source>Inside: %1 down</source>
        <translation>Darin: %1 ausgefallen</translation>
    </message>
    <message>
        <source>Inside: %1 degraded</source>
        <translation>Darin: %1 beeinträchtigt</translation>
    </message>
    <message>
        <source>No link rule allows %1 – %2</source>
        <translation>Keine Verbindungsregel erlaubt %1 – %2</translation>
    </message>
</context>
<context>
    <name>Render</name>
    <message>
        <source>A picture has at most %1 pixels a side</source>
        <translation>Ein Bild hat höchstens %1 Pixel je Seite</translation>
    </message>
    <message>
        <source>There is not enough memory for the picture</source>
        <translation>Für das Bild reicht der Speicher nicht</translation>
    </message>
    <message>
        <source>The picture cannot be written</source>
        <translation>Das Bild kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 kann nicht geschrieben werden: %2</translation>
    </message>
    <message>
        <source>The printer cannot be used</source>
        <translation>Der Drucker kann nicht benutzt werden</translation>
    </message>
    <message>
        <source>That would be more than %1 pages</source>
        <translation>Das wären mehr als %1 Seiten</translation>
    </message>
    <message>
        <source>%1 is no picture format; use .png, .svg or .pdf</source>
        <translation>%1 ist kein Bildformat; nehmen Sie .png, .svg oder .pdf</translation>
    </message>
</context>
<context>
    <name>Replica</name>
    <message>
        <source>This copy differs from the host&apos;s: %1</source>
        <translation>Diese Kopie weicht von der des Hosts ab: %1</translation>
    </message>
    <message>
        <source>revision %1 came after revision %2</source>
        <translation>auf Revision %2 folgte Revision %1</translation>
    </message>
    <message>
        <source>revision %1 is not revision %2</source>
        <translation>Revision %1 ist nicht Revision %2</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>%1 cannot be made: %2</source>
        <translation>%1 lässt sich nicht anlegen: %2</translation>
    </message>
    <message>
        <source>%1 cannot be made: the folder %2 does not exist</source>
        <translation>%1 lässt sich nicht anlegen: Den Ordner %2 gibt es nicht</translation>
    </message>
    <message>
        <source>%1 cannot be opened: %2</source>
        <translation>%1 lässt sich nicht öffnen: %2</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1 lässt sich nicht lesen: %2</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 lässt sich nicht schreiben: %2</translation>
    </message>
    <message>
        <source>%1 does not exist</source>
        <translation>%1 gibt es nicht</translation>
    </message>
    <message>
        <source>%1 exists; --force replaces it</source>
        <translation>%1 gibt es schon; --force ersetzt es</translation>
    </message>
    <message>
        <source>%1 is a database of another program, not a board of Patchboard</source>
        <translation>%1 ist eine Datenbank eines anderen Programms, kein Board von Patchboard</translation>
    </message>
    <message>
        <source>%1 is a folder, not a board</source>
        <translation>%1 ist ein Ordner, kein Board</translation>
    </message>
    <message>
        <source>%1 is damaged: %2</source>
        <translation>%1 ist beschädigt: %2</translation>
    </message>
    <message>
        <source>%1 is damaged: change %2 is missing</source>
        <translation>%1 ist beschädigt: Änderung %2 fehlt</translation>
    </message>
    <message>
        <source>%1 is damaged: it ends too early</source>
        <translation>%1 ist beschädigt: Die Datei endet zu früh</translation>
    </message>
    <message>
        <source>%1 is locked by another program</source>
        <translation>%1 ist von einem anderen Programm gesperrt</translation>
    </message>
    <message>
        <source>%1 is not a board of Patchboard</source>
        <translation>%1 ist kein Board von Patchboard</translation>
    </message>
    <message>
        <source>%1 is not a file</source>
        <translation>%1 ist keine Datei</translation>
    </message>
    <message>
        <source>%1 is open in another program (process %2). Close it there, or connect to it instead of opening the file.</source>
        <translation>%1 ist in einem anderen Programm offen (Prozess %2). Schließen Sie es dort, oder verbinden Sie sich damit, statt die Datei zu öffnen.</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of Patchboard (format %2, this program knows %3). Use that version to open it.</source>
        <translation>%1 stammt von einer neueren Version von Patchboard (Format %2, dieses Programm kennt %3). Öffnen Sie es mit jener Version.</translation>
    </message>
    <message>
        <source>%1: there is no space left</source>
        <translation>%1: Es ist kein Platz mehr</translation>
    </message>
    <message>
        <source>File: %1</source>
        <translation>Datei: %1</translation>
    </message>
    <message>
        <source>Log: change %1 cannot be read</source>
        <translation>Protokoll: Änderung %1 ist nicht lesbar</translation>
    </message>
    <message>
        <source>Log: change %1 does not fit: %2</source>
        <translation>Protokoll: Änderung %1 passt nicht: %2</translation>
    </message>
    <message>
        <source>Log: change %1 is missing</source>
        <translation>Protokoll: Änderung %1 fehlt</translation>
    </message>
    <message>
        <source>Log: the hash of change %1 is wrong</source>
        <translation>Protokoll: Die Prüfsumme der Änderung %1 ist falsch</translation>
    </message>
    <message>
        <source>Site %1 has changes beyond its last number</source>
        <translation>Ursprung %1 hat Änderungen jenseits seiner letzten Nummer</translation>
    </message>
    <message>
        <source>Snapshot: %1</source>
        <translation>Abbild: %1</translation>
    </message>
    <message>
        <source>The SQLite driver of Qt is not installed (libqt6sql6-sqlite)</source>
        <translation>Der SQLite-Treiber von Qt ist nicht installiert (libqt6sql6-sqlite)</translation>
    </message>
    <message>
        <source>The log has no change %1</source>
        <translation>Das Protokoll hat keine Änderung %1</translation>
    </message>
    <message>
        <source>The tables differ from what the log says</source>
        <translation>Die Tabellen weichen von dem ab, was das Protokoll sagt</translation>
    </message>
    <message>
        <source>change %1 is missing</source>
        <translation>Änderung %1 fehlt</translation>
    </message>
    <message>
        <source>it has no epoch</source>
        <translation>Es fehlt die Epoche</translation>
    </message>
    <message>
        <source>it has no version</source>
        <translation>Es fehlt die Version</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>Es ist ein Ordner</translation>
    </message>
    <message>
        <source>it is the board itself</source>
        <translation>Es ist das Board selbst</translation>
    </message>
    <message>
        <source>the folder %1 does not exist</source>
        <translation>Den Ordner %1 gibt es nicht</translation>
    </message>
    <message>
        <source>This board keeps nothing of its past</source>
        <translation>Dieses Board bewahrt nichts von seiner Vergangenheit auf</translation>
    </message>
    <message>
        <source>There is no revision %1</source>
        <translation>Es gibt keine Revision %1</translation>
    </message>
    <message>
        <source>Revision %1 is no longer kept</source>
        <translation>Revision %1 wird nicht mehr aufbewahrt</translation>
    </message>
    <message>
        <source>There is no revision and no snapshot %1</source>
        <translation>Es gibt keine Revision und keinen Schnappschuss %1</translation>
    </message>
    <message>
        <source>Snapshot: it differs from the log</source>
        <translation>Abbild: Es weicht vom Protokoll ab</translation>
    </message>
    <message>
        <source>Log: change %1 has a number that its site has used</source>
        <translation>Log: Änderung %1 hat eine Nummer, die ihr Ursprung schon verwendet hat</translation>
    </message>
    <message>
        <source>Log: no mark leads to change %1</source>
        <translation>Log: keine Marke führt zu Änderung %1</translation>
    </message>
</context>
<context>
    <name>SyncClient</name>
    <message>
        <source>A piece of the board is missing</source>
        <translation>Ein Teil des Boards fehlt</translation>
    </message>
    <message>
        <source>The board arrived damaged</source>
        <translation>Das Board kam beschädigt an</translation>
    </message>
    <message>
        <source>The copy of the board on this computer is damaged</source>
        <translation>Die Kopie des Boards auf diesem Rechner ist beschädigt</translation>
    </message>
    <message>
        <source>The board has not been loaded yet</source>
        <translation>Das Board ist noch nicht geladen</translation>
    </message>
    <message>
        <source>You may only look at this board</source>
        <translation>Dieses Board dürfen Sie nur ansehen</translation>
    </message>
    <message>
        <source>The change has too many parts</source>
        <translation>Die Änderung hat zu viele Teile</translation>
    </message>
    <message>
        <source>The change is too large to be sent</source>
        <translation>Die Änderung ist zu groß, um gesendet zu werden</translation>
    </message>
    <message>
        <source>The host asks for a change that it has</source>
        <translation>Der Host fragt nach einer Änderung, die er schon hat</translation>
    </message>
    <message>
        <source>The host does not follow the protocol</source>
        <translation>Der Host hält sich nicht an das Protokoll</translation>
    </message>
    <message>
        <source>This copy differed from the host&apos;s and is fetched anew</source>
        <translation>Diese Kopie wich von der des Hosts ab und wird neu geholt</translation>
    </message>
    <message>
        <source>Two copies of this profile were in use; this one gets new numbers</source>
        <translation>Zwei Kopien dieses Profils waren in Gebrauch; diese bekommt neue Nummern</translation>
    </message>
    <message>
        <source>There is no connection</source>
        <translation>Es besteht keine Verbindung</translation>
    </message>
</context>
<context>
    <name>Tls</name>
    <message>
        <source>This system&apos;s Qt has no TLS</source>
        <translation>Das Qt dieses Systems hat kein TLS</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1 lässt sich nicht lesen: %2</translation>
    </message>
    <message>
        <source>There is no certificate in %1</source>
        <translation>In %1 steht kein Zertifikat</translation>
    </message>
    <message>
        <source>There is no key without a passphrase in %1</source>
        <translation>In %1 steht kein Schlüssel ohne Passphrase</translation>
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
    <message>
        <source>The board cannot be loaded</source>
        <translation>Das Board kann nicht geladen werden</translation>
    </message>
    <message>
        <source>A removed item with id %1 cannot be loaded</source>
        <translation>Ein entferntes Element mit der Nummer %1 kann nicht geladen werden</translation>
    </message>
    <message>
        <source>What is new on the board does not fit this copy</source>
        <translation>Was auf dem Board neu ist, passt nicht zu dieser Kopie</translation>
    </message>
</context>
<context>
    <name>Wire</name>
    <message>
        <source>A message does not follow the protocol</source>
        <translation>Eine Nachricht hält sich nicht an das Protokoll</translation>
    </message>
    <message>
        <source>A record is damaged or of a newer version</source>
        <translation>Ein Eintrag ist beschädigt oder von einer neueren Version</translation>
    </message>
    <message>
        <source>A message is too long</source>
        <translation>Eine Nachricht ist zu lang</translation>
    </message>
    <message>
        <source>A copy of a board is damaged</source>
        <translation>Eine Kopie eines Boards ist beschädigt</translation>
    </message>
    <message>
        <source>A copy of a board is of a newer version than this program</source>
        <translation>Eine Kopie eines Boards ist von einer neueren Version als dieses Programm</translation>
    </message>
    <message>
        <source>What is new on the board arrived damaged</source>
        <translation>Was auf dem Board neu ist, kam beschädigt an</translation>
    </message>
</context>
<context>
    <name>patchboard::Loopback</name>
    <message>
        <source>The other end has closed the connection</source>
        <translation>Die Gegenseite hat die Verbindung geschlossen</translation>
    </message>
</context>
<context>
    <name>patchboard::PastSession</name>
    <message>
        <source>The past cannot be changed</source>
        <translation>Die Vergangenheit lässt sich nicht ändern</translation>
    </message>
</context>
<context>
    <name>patchboard::SyncClient</name>
    <message>
        <source>A damaged file was put aside as %1</source>
        <translation>Eine beschädigte Datei wurde als %1 beiseitegelegt</translation>
    </message>
    <message>
        <source>You chose to work offline</source>
        <translation>Sie arbeiten auf eigenen Wunsch offline</translation>
    </message>
</context>
<context>
    <name>patchboard::SyncLink</name>
    <message>
        <source>The host does not answer</source>
        <translation>Der Host antwortet nicht</translation>
    </message>
    <message>
        <source>The host cannot be reached</source>
        <translation>Der Host ist nicht erreichbar</translation>
    </message>
</context>
<context>
    <name>patchboard::TableModel</name>
    <message>
        <source>Effective status</source>
        <translation>Wirksamer Status</translation>
    </message>
    <message>
        <source>Optical signal</source>
        <translation>Optisches Signal</translation>
    </message>
    <message>
        <source>Received (dBm)</source>
        <translation>Empfangen (dBm)</translation>
    </message>
    <message>
        <source>Margin (dB)</source>
        <translation>Reserve (dB)</translation>
    </message>
    <message>
        <source>Path loss (dB)</source>
        <translation>Streckendämpfung (dB)</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Optical loss (dB)</source>
        <translation>Optische Dämpfung (dB)</translation>
    </message>
</context>
<context>
    <name>patchboard::TopologyModel</name>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Links</source>
        <translation>Verbindungen</translation>
    </message>
</context>
<context>
    <name>patchboard::WebSocketTransport</name>
    <message>
        <source>The host has closed the connection</source>
        <translation>Der Host hat die Verbindung geschlossen</translation>
    </message>
    <message>
        <source>The certificate of %1 is not trusted: %2 (SHA-256 %3)</source>
        <translation>Dem Zertifikat von %1 wird nicht vertraut: %2 (SHA-256 %3)</translation>
    </message>
    <message>
        <source>It is not the certificate that you trust</source>
        <translation>Es ist nicht das Zertifikat, dem Sie vertrauen</translation>
    </message>
</context>
<context>
    <name>patchboard::discovery::AvahiBrowser</name>
    <message>
        <source>Avahi cannot look for hosts</source>
        <translation>Avahi kann keine Hosts suchen</translation>
    </message>
</context>
<context>
    <name>patchboard::discovery::AvahiBus</name>
    <message>
        <source>There is no system message bus (D-Bus) on this computer</source>
        <translation>Auf diesem Computer gibt es keinen Systembus (D-Bus)</translation>
    </message>
    <message>
        <source>The Avahi daemon has ended</source>
        <translation>Der Avahi-Dienst ist beendet</translation>
    </message>
    <message>
        <source>The Avahi daemon does not run on this computer</source>
        <translation>Auf diesem Computer läuft der Avahi-Dienst nicht</translation>
    </message>
    <message>
        <source>The Avahi daemon is not ready</source>
        <translation>Der Avahi-Dienst ist noch nicht bereit</translation>
    </message>
</context>
<context>
    <name>patchboard::discovery::HostAnnouncer</name>
    <message>
        <source>Others in the network have all names like %1</source>
        <translation>Andere im Netz haben alle Namen wie %1 schon</translation>
    </message>
</context>
<context>
    <name>patchboard::formats</name>
    <message numerus="yes">
        <source>%n more of this kind: %1</source>
        <translation>
            <numerusform>%n weitere dieser Art: %1</numerusform>
            <numerusform>%n weitere dieser Art: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::formats::Containerlab</name>
    <message>
        <source>“%1” is there twice: in line %2 and again in line %3.</source>
        <translation>„%1“ steht doppelt da: in Zeile %2 und noch einmal in Zeile %3.</translation>
    </message>
    <message>
        <source>Line %1 has a key that is not text; if it is a template ({{ … }}), render it first.</source>
        <translation>Zeile %1 hat einen Schlüssel, der kein Text ist; ist es eine Vorlage ({{ … }}), füllen Sie sie zuerst aus.</translation>
    </message>
    <message>
        <source>%1 in line %2: expected a mapping.</source>
        <translation>%1 in Zeile %2: eine Zuordnung wird erwartet.</translation>
    </message>
    <message>
        <source>The key topology is missing: the file holds nothing.</source>
        <translation>Der Schlüssel topology fehlt: die Datei enthält nichts.</translation>
    </message>
    <message>
        <source>Line %1: expected a mapping with the keys name and topology.</source>
        <translation>Zeile %1: eine Zuordnung mit den Schlüsseln name und topology wird erwartet.</translation>
    </message>
    <message>
        <source>The key topology is missing.</source>
        <translation>Der Schlüssel topology fehlt.</translation>
    </message>
    <message>
        <source>topology in line %1: expected a mapping.</source>
        <translation>topology in Zeile %1: eine Zuordnung wird erwartet.</translation>
    </message>
    <message>
        <source>further documents</source>
        <translation>weitere Dokumente</translation>
    </message>
    <message>
        <source>The file holds more than one YAML document; only the first was read.</source>
        <translation>Die Datei enthält mehr als ein YAML-Dokument; nur das erste wurde gelesen.</translation>
    </message>
    <message>
        <source>The key topology.nodes is missing.</source>
        <translation>Der Schlüssel topology.nodes fehlt.</translation>
    </message>
    <message>
        <source>no nodes</source>
        <translation>keine Knoten</translation>
    </message>
    <message>
        <source>topology.nodes is empty: there is nothing to import.</source>
        <translation>topology.nodes ist leer: es gibt nichts zu importieren.</translation>
    </message>
    <message>
        <source>topology.links in line %1: expected a list.</source>
        <translation>topology.links in Zeile %1: eine Liste wird erwartet.</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>The node in line %1 has no name.</source>
        <translation>Der Knoten in Zeile %1 hat keinen Namen.</translation>
    </message>
    <message>
        <source>Node %1 in line %2: expected a mapping.</source>
        <translation>Knoten %1 in Zeile %2: eine Zuordnung wird erwartet.</translation>
    </message>
    <message>
        <source>unusable coordinates</source>
        <translation>unbrauchbare Koordinaten</translation>
    </message>
    <message>
        <source>The place of node %1 (x = “%2”, y = “%3”) is not usable; it is placed automatically.</source>
        <translation>Der Ort des Knotens %1 (x = „%2“, y = „%3“) ist nicht brauchbar; er wird automatisch platziert.</translation>
    </message>
    <message>
        <source>templates</source>
        <translation>Vorlagen</translation>
    </message>
    <message>
        <source>The name of node %1 holds a template; it is taken as it stands.</source>
        <translation>Der Name des Knotens %1 enthält eine Vorlage; er wird übernommen, wie er dasteht.</translation>
    </message>
    <message>
        <source>long values</source>
        <translation>lange Werte</translation>
    </message>
    <message>
        <source>The value of %1 was not taken: it is longer than %2 characters.</source>
        <translation>Der Wert von %1 wurde nicht übernommen: er ist länger als %2 Zeichen.</translation>
    </message>
    <message>
        <source>line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n link(s) cannot be read – </source>
        <translation>
            <numerusform>%n Verbindung ist nicht lesbar – </numerusform>
            <numerusform>%n Verbindungen sind nicht lesbar – </numerusform>
        </translation>
    </message>
    <message>
        <source>the endpoint “%1” has no colon, expected node:interface</source>
        <translation>der Endpunkt „%1“ hat keinen Doppelpunkt, erwartet wird Knoten:Schnittstelle</translation>
    </message>
    <message>
        <source>the endpoint “%1” names no node</source>
        <translation>der Endpunkt „%1“ nennt keinen Knoten</translation>
    </message>
    <message>
        <source>the endpoint “%1” names no interface</source>
        <translation>der Endpunkt „%1“ nennt keine Schnittstelle</translation>
    </message>
    <message>
        <source>an endpoint is neither text nor a mapping</source>
        <translation>ein Endpunkt ist weder Text noch eine Zuordnung</translation>
    </message>
    <message>
        <source>an endpoint names no node</source>
        <translation>ein Endpunkt nennt keinen Knoten</translation>
    </message>
    <message>
        <source>an endpoint names no interface</source>
        <translation>ein Endpunkt nennt keine Schnittstelle</translation>
    </message>
    <message>
        <source>The interface “%1” holds a template; it is taken as it stands.</source>
        <translation>Die Schnittstelle „%1“ enthält eine Vorlage; sie wird übernommen, wie sie dasteht.</translation>
    </message>
    <message>
        <source>links to nodes that do not exist</source>
        <translation>Verbindungen zu Knoten, die es nicht gibt</translation>
    </message>
    <message>
        <source>A link was not taken: there is no node %1.</source>
        <translation>Eine Verbindung wurde nicht übernommen: es gibt keinen Knoten %1.</translation>
    </message>
    <message>
        <source>links out of the lab</source>
        <translation>Verbindungen aus dem Labor hinaus</translation>
    </message>
    <message>
        <source>The link from %1:%2 to %3 leaves the lab: it is kept as a property of the interface.</source>
        <translation>Die Verbindung von %1:%2 nach %3 verlässt das Labor: sie bleibt als Eigenschaft der Schnittstelle erhalten.</translation>
    </message>
    <message>
        <source>expected a mapping with endpoints</source>
        <translation>eine Zuordnung mit endpoints wird erwartet</translation>
    </message>
    <message>
        <source>a link without endpoints</source>
        <translation>eine Verbindung ohne Endpunkte</translation>
    </message>
    <message>
        <source>endpoints is not a list</source>
        <translation>endpoints ist keine Liste</translation>
    </message>
    <message numerus="yes">
        <source>%n endpoint(s), expected two</source>
        <translation>
            <numerusform>%n Endpunkt, erwartet werden zwei</numerusform>
            <numerusform>%n Endpunkte, erwartet werden zwei</numerusform>
        </translation>
    </message>
    <message>
        <source>The link %1:%2 – %3:%4 was not taken: there is no node %5.</source>
        <translation>Die Verbindung %1:%2 – %3:%4 wurde nicht übernommen: es gibt keinen Knoten %5.</translation>
    </message>
    <message>
        <source>annotations</source>
        <translation>Anmerkungen</translation>
    </message>
    <message>
        <source>The annotations in %1 were not taken: %2</source>
        <translation>Die Anmerkungen in %1 wurden nicht übernommen: %2</translation>
    </message>
    <message>
        <source>keys that are there twice</source>
        <translation>Schlüssel, die doppelt dastehen</translation>
    </message>
    <message>
        <source>“%1” is there twice, first in line %2; the last counts.</source>
        <translation>„%1“ steht doppelt da, zuerst in Zeile %2; das letzte gilt.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>Line %1 holds a template ({{ … }}), so this is not yet a topology: render the template first.</source>
        <translation>Zeile %1 enthält eine Vorlage ({{ … }}), das ist also noch keine Topologie: füllen Sie die Vorlage zuerst aus.</translation>
    </message>
</context>
<context>
    <name>patchboard::formats::GraphMl</name>
    <message>
        <source>Unexpected end of the file in line %1: it is cut off.</source>
        <translation>Unerwartetes Ende der Datei in Zeile %1: sie ist abgeschnitten.</translation>
    </message>
    <message>
        <source>Not well-formed XML in line %1: %2</source>
        <translation>Kein wohlgeformtes XML in Zeile %1: %2</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>The document type in line %1 declares entities. Such files are refused: an entity can read other files or blow up the memory.</source>
        <translation>Der Dokumenttyp in Zeile %1 vereinbart Entitäten. Solche Dateien werden abgelehnt: eine Entität kann andere Dateien lesen oder den Speicher sprengen.</translation>
    </message>
    <message>
        <source>The &lt;%1&gt; in line %2 has no %3.</source>
        <translation>Dem &lt;%1&gt; in Zeile %2 fehlt %3.</translation>
    </message>
    <message>
        <source>The file holds no XML element.</source>
        <translation>Die Datei enthält kein XML-Element.</translation>
    </message>
    <message>
        <source>The root element is %1, expected graphml.</source>
        <translation>Das Wurzelelement ist %1, erwartet wird graphml.</translation>
    </message>
    <message>
        <source>There is no graph element in the file.</source>
        <translation>In der Datei gibt es kein Element graph.</translation>
    </message>
    <message>
        <source>Key %1 is declared twice: in line %2 and again in line %3.</source>
        <translation>Der Schlüssel %1 ist doppelt vereinbart: in Zeile %2 und noch einmal in Zeile %3.</translation>
    </message>
    <message>
        <source>Graphs are nested more than %1 deep in line %2.</source>
        <translation>In Zeile %2 sind Graphen tiefer als %1 verschachtelt.</translation>
    </message>
    <message>
        <source>further graphs</source>
        <translation>weitere Graphen</translation>
    </message>
    <message>
        <source>The file holds more than one graph; all are read into one board.</source>
        <translation>Die Datei enthält mehr als einen Graphen; alle kommen auf ein Board.</translation>
    </message>
    <message>
        <source>Node %1 is there twice: in line %2 and again in line %3.</source>
        <translation>Den Knoten %1 gibt es doppelt: in Zeile %2 und noch einmal in Zeile %3.</translation>
    </message>
    <message>
        <source>Ports are nested too deep in line %1.</source>
        <translation>In Zeile %1 sind Ports zu tief verschachtelt.</translation>
    </message>
    <message>
        <source>graph inside an edge</source>
        <translation>Graph in einer Kante</translation>
    </message>
    <message>
        <source>A graph inside an edge was not taken.</source>
        <translation>Ein Graph in einer Kante wurde nicht übernommen.</translation>
    </message>
    <message>
        <source>Elements are nested too deep in line %1.</source>
        <translation>In Zeile %1 sind Elemente zu tief verschachtelt.</translation>
    </message>
    <message>
        <source>values of key %1</source>
        <translation>Werte des Schlüssels %1</translation>
    </message>
    <message>
        <source>“%1” is not a value of type %2 (key %3); it is kept as text.</source>
        <translation>„%1“ ist kein Wert vom Typ %2 (Schlüssel %3); er bleibt als Text erhalten.</translation>
    </message>
    <message>
        <source>undeclared keys</source>
        <translation>nicht vereinbarte Schlüssel</translation>
    </message>
    <message>
        <source>Data refers to key %1, which is not declared; its values are kept under that name.</source>
        <translation>Daten verweisen auf den Schlüssel %1, der nicht vereinbart ist; seine Werte bleiben unter diesem Namen erhalten.</translation>
    </message>
    <message>
        <source>nodes without a name</source>
        <translation>Knoten ohne Namen</translation>
    </message>
    <message>
        <source>Node %1 has no name; it is named after its id.</source>
        <translation>Der Knoten %1 hat keinen Namen; er heißt nach seiner Kennung.</translation>
    </message>
    <message>
        <source>unusable coordinates</source>
        <translation>unbrauchbare Koordinaten</translation>
    </message>
    <message>
        <source>The place of node %1 is not usable; it is placed automatically.</source>
        <translation>Der Ort des Knotens %1 ist nicht brauchbar; er wird automatisch platziert.</translation>
    </message>
    <message>
        <source>The place of node %1 (x = “%2”, y = “%3”) is not usable; it is placed automatically.</source>
        <translation>Der Ort des Knotens %1 (x = „%2“, y = „%3“) ist nicht brauchbar; er wird automatisch platziert.</translation>
    </message>
    <message>
        <source>Longitude “%1” and latitude “%2” of node %3 are no place on earth; it is placed automatically.</source>
        <translation>Länge „%1“ und Breite „%2“ des Knotens %3 sind kein Ort auf der Erde; er wird automatisch platziert.</translation>
    </message>
    <message>
        <source>ports named twice</source>
        <translation>doppelt benannte Ports</translation>
    </message>
    <message>
        <source>Port %1 of node %2 is there twice; one was taken.</source>
        <translation>Den Port %1 des Knotens %2 gibt es doppelt; einer wurde übernommen.</translation>
    </message>
    <message>
        <source>edges to nodes that do not exist</source>
        <translation>Kanten zu Knoten, die es nicht gibt</translation>
    </message>
    <message>
        <source>The edge from %1 to %2 was not taken: there is no node %3.</source>
        <translation>Die Kante von %1 nach %2 wurde nicht übernommen: es gibt keinen Knoten %3.</translation>
    </message>
    <message>
        <source>edges from a node to itself</source>
        <translation>Kanten eines Knotens zu sich selbst</translation>
    </message>
    <message>
        <source>The edge from %1 to itself is taken as a link with both ends on one device.</source>
        <translation>Die Kante von %1 zu sich selbst wird eine Verbindung mit beiden Enden an einem Gerät.</translation>
    </message>
    <message>
        <source>An end of the hyperedge was not taken: there is no node %1.</source>
        <translation>Ein Ende der Hyperkante wurde nicht übernommen: es gibt keinen Knoten %1.</translation>
    </message>
    <message>
        <source>hyperedges with fewer than two ends</source>
        <translation>Hyperkanten mit weniger als zwei Enden</translation>
    </message>
    <message>
        <source>The hyperedge was not taken: it has fewer than two ends.</source>
        <translation>Die Hyperkante wurde nicht übernommen: sie hat weniger als zwei Enden.</translation>
    </message>
    <message>
        <source>Segment</source>
        <translation>Segment</translation>
    </message>
    <message>
        <source>hyperedges</source>
        <translation>Hyperkanten</translation>
    </message>
    <message numerus="yes">
        <source>A hyperedge with %n ends became a segment “%1” with a link to each.</source>
        <translation>
            <numerusform>Eine Hyperkante mit %n Ende wurde ein Segment „%1“ mit einer Verbindung zu ihm.</numerusform>
            <numerusform>Eine Hyperkante mit %n Enden wurde ein Segment „%1“ mit einer Verbindung zu jedem.</numerusform>
        </translation>
    </message>
    <message>
        <source>encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>empty graph</source>
        <translation>leerer Graph</translation>
    </message>
    <message>
        <source>The graph has no nodes: there is nothing to import.</source>
        <translation>Der Graph hat keine Knoten: es gibt nichts zu importieren.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>This is not XML, so it is no GraphML: it does not begin with “&lt;”.</source>
        <translation>Das ist kein XML, also kein GraphML: es beginnt nicht mit „&lt;“.</translation>
    </message>
</context>
<context>
    <name>patchboard::formats::Import</name>
    <message>
        <source>values beyond the limits of a board</source>
        <translation>Werte jenseits der Grenzen eines Boards</translation>
    </message>
    <message>
        <source>%1: %2; it was not taken.</source>
        <translation>%1: %2; der Wert wurde nicht übernommen.</translation>
    </message>
    <message>
        <source>Board</source>
        <translation>Board</translation>
    </message>
    <message>
        <source>names that are too long</source>
        <translation>zu lange Namen</translation>
    </message>
    <message>
        <source>A name of %1 characters was cut to %2.</source>
        <translation>Ein Name von %1 Zeichen wurde auf %2 gekürzt.</translation>
    </message>
    <message>
        <source>names that are there twice</source>
        <translation>doppelte Namen</translation>
    </message>
    <message>
        <source>There is a device “%1” already; this one is named “%2”.</source>
        <translation>Ein Gerät „%1“ gibt es schon; dieses heißt „%2“.</translation>
    </message>
    <message>
        <source>Link %1 – %2</source>
        <translation>Verbindung %1 – %2</translation>
    </message>
</context>
<context>
    <name>patchboard::formats::Registry</name>
    <message>
        <source>There is no format “%1”; known are: %2.</source>
        <translation>Ein Format „%1“ gibt es nicht; bekannt sind: %2.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>Neither the content nor the name tells a format that can be read. Known are: %1.</source>
        <translation>Weder Inhalt noch Name verraten ein Format, das gelesen werden kann. Bekannt sind: %1.</translation>
    </message>
    <message>
        <source>This is a folder, not a file.</source>
        <translation>Das ist ein Ordner, keine Datei.</translation>
    </message>
    <message>
        <source>The file is larger than %1 MB.</source>
        <translation>Die Datei ist größer als %1 MB.</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>Netze</translation>
    </message>
</context>
<context>
    <name>patchboard::formats::Text</name>
    <message>
        <source>Line %1 is not valid UTF-8 (byte 0x%2).</source>
        <translation>Zeile %1 ist kein gültiges UTF-8 (Byte 0x%2).</translation>
    </message>
    <message>
        <source>Line %1 is not valid UTF-16.</source>
        <translation>Zeile %1 ist kein gültiges UTF-16.</translation>
    </message>
    <message>
        <source>The file declares UTF-16 but is UTF-8; it was read as UTF-8.</source>
        <translation>Die Datei gibt UTF-16 an, ist aber UTF-8; sie wurde als UTF-8 gelesen.</translation>
    </message>
    <message>
        <source>The encoding “%1” cannot be read; save the file as UTF-8.</source>
        <translation>Die Kodierung „%1“ kann nicht gelesen werden; speichern Sie die Datei als UTF-8.</translation>
    </message>
</context>
<context>
    <name>patchboard::formats::Yaml</name>
    <message>
        <source>The alias in line %1 has no anchor.</source>
        <translation>Der Alias in Zeile %1 hat keinen Anker.</translation>
    </message>
    <message>
        <source>The alias in line %1 stands inside its own anchor: the document would never end.</source>
        <translation>Der Alias in Zeile %1 steht in seinem eigenen Anker: das Dokument würde nie enden.</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>The aliases in line %1 repeat each other: the document would grow beyond the limit of %2 values.</source>
        <translation>Die Aliasse in Zeile %1 wiederholen einander: das Dokument wüchse über die Grenze von %2 Werten hinaus.</translation>
    </message>
    <message>
        <source>Line %1 is indented with a tab; YAML wants spaces.</source>
        <translation>Zeile %1 ist mit einem Tabulator eingerückt; YAML verlangt Leerzeichen.</translation>
    </message>
    <message>
        <source>Not valid YAML in line %1: %2.</source>
        <translation>Kein gültiges YAML in Zeile %1: %2.</translation>
    </message>
    <message>
        <source>Not valid YAML: %1.</source>
        <translation>Kein gültiges YAML: %1.</translation>
    </message>
    <message>
        <source>Line %1 is nested more than %2 levels deep.</source>
        <translation>Zeile %1 ist tiefer als %2 Ebenen verschachtelt.</translation>
    </message>
</context>
<context>
    <name>patchboard::layout</name>
    <message>
        <source>The program patchboard-layout is not installed; the devices were placed without Graphviz.</source>
        <translation>Das Programm patchboard-layout ist nicht installiert; die Geräte wurden ohne Graphviz platziert.</translation>
    </message>
    <message>
        <source>%1 cannot be started (%2); the devices were placed without Graphviz.</source>
        <translation>%1 kann nicht gestartet werden (%2); die Geräte wurden ohne Graphviz platziert.</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>Graphviz ended unexpectedly; the devices were placed without it.</source>
        <translation>Graphviz endete unerwartet; die Geräte wurden ohne es platziert.</translation>
    </message>
    <message>
        <source>Graphviz took too long; the devices were placed without it.</source>
        <translation>Graphviz brauchte zu lange; die Geräte wurden ohne es platziert.</translation>
    </message>
    <message>
        <source>Graphviz could not place the devices; they were placed without it.</source>
        <translation>Graphviz konnte die Geräte nicht platzieren; sie wurden ohne es platziert.</translation>
    </message>
</context>
<context>
    <name>patchboard::server::HostThread</name>
    <message>
        <source>The board is not open</source>
        <translation>Das Board ist nicht offen</translation>
    </message>
</context>
<context>
    <name>patchboard::server::NetworkServer</name>
    <message>
        <source>%1 port %2 cannot be listened on: %3</source>
        <translation>An %1, Port %2, kann nicht gelauscht werden: %3</translation>
    </message>
    <message>
        <source>%1 can be reached from other machines, and the board has no tokens to tell who may come. Make one with `token add`, or say --insecure-no-auth if whoever reaches it may change everything.</source>
        <translation>%1 ist von anderen Rechnern erreichbar, und das Board hat keine Token, die sagen, wer kommen darf. Legen Sie mit `token add` eines an, oder geben Sie --insecure-no-auth an, wenn jeder, der es erreicht, alles ändern darf.</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::BoardActions</name>
    <message>
        <source>Select devices to copy them with the links between them</source>
        <translation>Wählen Sie Geräte aus, um sie samt den Verbindungen dazwischen zu kopieren</translation>
    </message>
    <message>
        <source>Cut %1</source>
        <translation>%1 ausschneiden</translation>
    </message>
    <message>
        <source>Select devices to duplicate them with the links between them</source>
        <translation>Wählen Sie Geräte aus, um sie samt den Verbindungen dazwischen zu duplizieren</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n Gerät</numerusform>
            <numerusform>%n Geräte</numerusform>
        </translation>
    </message>
    <message>
        <source>Duplicate %1</source>
        <translation>%1 duplizieren</translation>
    </message>
    <message>
        <source>Paste %1</source>
        <translation>%1 einfügen</translation>
    </message>
    <message>
        <source>Put %1 into %2</source>
        <translation>%1 in %2 legen</translation>
    </message>
    <message>
        <source>Create %1</source>
        <translation>%1 anlegen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::BoardCommands</name>
    <message>
        <source>the board</source>
        <translation>das Board</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n Gerät</numerusform>
            <numerusform>%n Geräte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n interface(s)</source>
        <translation>
            <numerusform>%n Schnittstelle</numerusform>
            <numerusform>%n Schnittstellen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n Element</numerusform>
            <numerusform>%n Elemente</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>%1 löschen</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>%1 umbenennen</translation>
    </message>
    <message>
        <source>Set %1 of %2</source>
        <translation>%1 von %2 setzen</translation>
    </message>
    <message>
        <source>Lock %1</source>
        <translation>%1 sperren</translation>
    </message>
    <message>
        <source>Unlock %1</source>
        <translation>%1 entsperren</translation>
    </message>
    <message>
        <source>Take %1 out of its container</source>
        <translation>%1 aus dem Container nehmen</translation>
    </message>
    <message>
        <source>Move %1 into %2</source>
        <translation>%1 nach %2 verschieben</translation>
    </message>
    <message>
        <source>Force %1 %2</source>
        <translation>%1 auf „%2“ setzen</translation>
    </message>
    <message>
        <source>Clear the override of %1</source>
        <translation>Vorgabe von %1 aufheben</translation>
    </message>
    <message>
        <source>Add %1 to %2</source>
        <translation>%1 zu %2 hinzufügen</translation>
    </message>
    <message>
        <source>That name was taken: it is called %1 now.</source>
        <translation>Der Name war vergeben: es heißt jetzt %1.</translation>
    </message>
    <message>
        <source>%1 could not be brought back: what it hung on is gone.</source>
        <translation>%1 konnte nicht zurückgeholt werden: woran es hing, ist weg.</translation>
    </message>
    <message>
        <source>%1 lies elsewhere now: its container was deleted.</source>
        <translation>%1 liegt jetzt woanders: der Container wurde gelöscht.</translation>
    </message>
    <message>
        <source>Distribute %1</source>
        <translation>%1 verteilen</translation>
    </message>
    <message>
        <source>Align %1</source>
        <translation>%1 ausrichten</translation>
    </message>
    <message>
        <source>somebody</source>
        <translation>jemand</translation>
    </message>
    <message>
        <source>%1: %2 was changed by %3 since and stays as it is.</source>
        <translation>%1: %2 hat %3 inzwischen geändert und bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>%1 was deleted by %2 meanwhile.</source>
        <translation>%1 wurde inzwischen gelöscht (von: %2).</translation>
    </message>
    <message>
        <source>%1: your %2 replaced “%3”, which %4 had just set.</source>
        <translation>%1: Ihre Eingabe für %2 hat „%3“ ersetzt; das kam gerade erst (von: %4).</translation>
    </message>
    <message>
        <source>%1: %2 set %3 to “%4” without having seen your “%5”.</source>
        <translation>%1: %2 hat %3 auf „%4“ gesetzt, ohne Ihr „%5“ gesehen zu haben.</translation>
    </message>
    <message>
        <source>%1 was deleted by %2, who had not seen what you did with it.</source>
        <translation>%1 wurde gelöscht (von: %2), ohne dass Ihre Änderung daran gesehen wurde.</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::BoardLayout</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Hierarchical</source>
        <translation>Hierarchisch</translation>
    </message>
    <message>
        <source>Force-directed</source>
        <translation>Kräftebasiert</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>Baum</translation>
    </message>
    <message>
        <source>Circle</source>
        <translation>Kreis</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>There is nothing to lay out yet.</source>
        <translation>Es gibt noch nichts anzuordnen.</translation>
    </message>
    <message>
        <source>Everything here is locked.</source>
        <translation>Hier ist alles gesperrt.</translation>
    </message>
    <message>
        <source>the whole board</source>
        <translation>das ganze Board</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n Gerät</numerusform>
            <numerusform>%n Geräte</numerusform>
        </translation>
    </message>
    <message>
        <source>Laying out %1</source>
        <translation>Anordnen: %1</translation>
    </message>
    <message numerus="yes">
        <source>Lay out %n device(s): %1</source>
        <translation>
            <numerusform>%n Gerät anordnen: %1</numerusform>
            <numerusform>%n Geräte anordnen: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>patchboard::ui::BoardSettingsDialog</name>
    <message>
        <source>Board Settings</source>
        <translation>Board-Einstellungen</translation>
    </message>
    <message>
        <source>Advise: draw any link, and point out what no rule allows</source>
        <translation>Hinweisen: jede Verbindung zulassen und zeigen, was keine Regel erlaubt</translation>
    </message>
    <message>
        <source>Enforce: refuse links that no rule allows</source>
        <translation>Erzwingen: Verbindungen ablehnen, die keine Regel erlaubt</translation>
    </message>
    <message>
        <source>&amp;Title:</source>
        <translation>&amp;Titel:</translation>
    </message>
    <message>
        <source>&amp;Link rules:</source>
        <translation>&amp;Verbindungsregeln:</translation>
    </message>
    <message>
        <source>&amp;Notes:</source>
        <translation>&amp;Notizen:</translation>
    </message>
    <message>
        <source>&amp;Compute optical budgets and the health of containers</source>
        <translation>Optische Budgets und den Zustand von Containern be&amp;rechnen</translation>
    </message>
    <message>
        <source>What light arrives at each ONT, and whether anything in a container is down: shown in properties, tables and problems</source>
        <translation>Wie viel Licht bei jedem ONT ankommt und ob in einem Container etwas ausgefallen ist: zu sehen in Eigenschaften, Tabellen und Problemen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::CanvasView</name>
    <message>
        <source>Canvas</source>
        <translation>Zeichenfläche</translation>
    </message>
    <message>
        <source>This board is empty</source>
        <translation>Dieses Board ist leer</translation>
    </message>
    <message>
        <source>Waiting for the board …</source>
        <translation>Warten auf das Board …</translation>
    </message>
    <message>
        <source>Drag a device from the palette, double-click here,
or import a network from the File menu.</source>
        <translation>Ziehen Sie ein Gerät aus der Palette hierher, doppelklicken Sie
oder importieren Sie ein Netz über das Menü „Datei“.</translation>
    </message>
    <message>
        <source>This board cannot be changed from here.</source>
        <translation>Dieses Board kann von hier aus nicht geändert werden.</translation>
    </message>
    <message numerus="yes">
        <source>Move %n device(s)</source>
        <translation>
            <numerusform>%n Gerät verschieben</numerusform>
            <numerusform>%n Geräte verschieben</numerusform>
        </translation>
    </message>
    <message>
        <source>Locked: drags and layouts leave it where it is</source>
        <translation>Gesperrt: bleibt beim Ziehen und Anordnen, wo es ist</translation>
    </message>
    <message>
        <source>Forced %1 by %2, %3 (reported: %4)</source>
        <translation>%1, vorgegeben von %2, %3 (gemeldet: %4)</translation>
    </message>
    <message>
        <source>Name of the device</source>
        <translation>Name des Geräts</translation>
    </message>
    <message>
        <source>Label of the link</source>
        <translation>Beschriftung der Verbindung</translation>
    </message>
    <message>
        <source>A device needs a name.</source>
        <translation>Ein Gerät braucht einen Namen.</translation>
    </message>
    <message>
        <source>Rename %1 to %2</source>
        <translation>%1 in %2 umbenennen</translation>
    </message>
    <message>
        <source>Label a link %1</source>
        <translation>Verbindung mit „%1“ beschriften</translation>
    </message>
    <message>
        <source>Link %1 and %2</source>
        <translation>%1 und %2 verbinden</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>%1 hinzufügen</translation>
    </message>
    <message>
        <source>%1 is locked. Unlock it to move it.</source>
        <translation>%1 ist gesperrt. Entsperren Sie es, um es zu verschieben.</translation>
    </message>
    <message numerus="yes">
        <source>Take %n device(s) out of %1</source>
        <translation>
            <numerusform>%n Gerät aus %1 nehmen</numerusform>
            <numerusform>%n Geräte aus %1 nehmen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Put %n device(s) into %1</source>
        <translation>
            <numerusform>%n Gerät in %1 legen</numerusform>
            <numerusform>%n Geräte in %1 legen</numerusform>
        </translation>
    </message>
    <message>
        <source>The board as a picture. Arrow keys move what is selected; with Ctrl they select the next device, with Ctrl+Shift one more.</source>
        <translation>Das Board als Bild. Die Pfeiltasten verschieben, was ausgewählt ist; mit Strg wählen sie das nächste Gerät aus, mit Strg+Umschalt eines dazu.</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::CertificateDialog</name>
    <message>
        <source>The Certificate Has Changed</source>
        <translation>Das Zertifikat hat sich geändert</translation>
    </message>
    <message>
        <source>Unknown Certificate</source>
        <translation>Unbekanntes Zertifikat</translation>
    </message>
    <message>
        <source>%1 shows another certificate than the one that you trust. Somebody may be pretending to be this host, to read and change what you send. Go on only if you know that its certificate was replaced.</source>
        <translation>%1 zeigt ein anderes Zertifikat als das, dem Sie vertrauen. Vielleicht gibt sich jemand als dieser Host aus, um zu lesen und zu ändern, was Sie senden. Fahren Sie nur fort, wenn Sie wissen, dass sein Zertifikat ersetzt wurde.</translation>
    </message>
    <message>
        <source>Nobody that this computer knows vouches for %1. Compare the fingerprint with the one that whoever runs the host tells you; if it is the same, you are talking to that host.</source>
        <translation>Für %1 bürgt niemand, den dieser Computer kennt. Vergleichen Sie den Fingerabdruck mit dem, den Ihnen der Betreiber des Hosts nennt; ist er gleich, sprechen Sie mit diesem Host.</translation>
    </message>
    <message>
        <source>What is wrong:</source>
        <translation>Was nicht stimmt:</translation>
    </message>
    <message>
        <source>Issued to:</source>
        <translation>Ausgestellt für:</translation>
    </message>
    <message>
        <source>Issued by:</source>
        <translation>Ausgestellt von:</translation>
    </message>
    <message>
        <source>%1 (by itself)</source>
        <translation>%1 (von sich selbst)</translation>
    </message>
    <message>
        <source>For hosts:</source>
        <translation>Für Hosts:</translation>
    </message>
    <message>
        <source>Valid:</source>
        <translation>Gültig:</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>SHA-256 fingerprint:</source>
        <translation>SHA-256-Fingerabdruck:</translation>
    </message>
    <message>
        <source>The trusted one:</source>
        <translation>Der vertraute:</translation>
    </message>
    <message>
        <source>Trust This &amp;Once</source>
        <translation>&amp;Einmal vertrauen</translation>
    </message>
    <message>
        <source>Until Patchboard ends</source>
        <translation>Bis Patchboard endet</translation>
    </message>
    <message>
        <source>&amp;Always Trust</source>
        <translation>&amp;Immer vertrauen</translation>
    </message>
    <message>
        <source>This certificate at this address; another one is asked for again</source>
        <translation>Diesem Zertifikat an dieser Adresse; nach einem anderen wird wieder gefragt</translation>
    </message>
    <message>
        <source>Do &amp;Not Connect</source>
        <translation>&amp;Nicht verbinden</translation>
    </message>
    <message>
        <source>I have &amp;compared the new fingerprint with the one of the host</source>
        <translation>Ich habe den neuen Fingerabdruck mit dem des Hosts &amp;verglichen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::Clipboard</name>
    <message>
        <source>What was copied cannot be read here</source>
        <translation>Was kopiert wurde, kann hier nicht gelesen werden</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::CommandPalette</name>
    <message>
        <source>Find a Command</source>
        <translation>Befehl suchen</translation>
    </message>
    <message>
        <source>Type what you want to do</source>
        <translation>Schreiben Sie, was Sie tun möchten</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ConflictList</name>
    <message>
        <source>“%1” was refused and taken back: %2</source>
        <translation>„%1“ wurde abgelehnt und zurückgenommen: %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message numerus="yes">
        <source>%1: … and %n more</source>
        <translation>
            <numerusform>%1: … und %n weitere</numerusform>
            <numerusform>%1: … und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>What Happened</source>
        <translation>Was geschah</translation>
    </message>
    <message>
        <source>Take the Other Value of %1</source>
        <translation>Anderen Wert von %1 übernehmen</translation>
    </message>
    <message>
        <source>Restore %1</source>
        <translation>%1 wiederherstellen</translation>
    </message>
    <message>
        <source>Take Theirs</source>
        <translation>Anderen Wert nehmen</translation>
    </message>
    <message>
        <source>Take Mine</source>
        <translation>Meinen Wert nehmen</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ConflictsPanel</name>
    <message>
        <source>Nothing that you changed has met somebody else&apos;s change.</source>
        <translation>Nichts, was Sie geändert haben, ist auf eine Änderung anderer getroffen.</translation>
    </message>
    <message>
        <source>Clear the List</source>
        <translation>Liste leeren</translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation>Konflikte</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ConnectDialog</name>
    <message>
        <source>Connect to a Server</source>
        <translation>Mit einem Server verbinden</translation>
    </message>
    <message>
        <source>&amp;Address of the server, as ws://host:5001:</source>
        <translation>&amp;Adresse des Servers, etwa ws://host:5001:</translation>
    </message>
    <message>
        <source>Servers from before</source>
        <translation>Frühere Server</translation>
    </message>
    <message>
        <source>&amp;Connect</source>
        <translation>&amp;Verbinden</translation>
    </message>
    <message>
        <source>In this network:</source>
        <translation>In diesem Netz:</translation>
    </message>
    <message>
        <source>From before:</source>
        <translation>Von früher:</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ConnectionStatus</name>
    <message>
        <source>Reconnect Now</source>
        <translation>Jetzt neu verbinden</translation>
    </message>
    <message>
        <source>Work Offline</source>
        <translation>Offline arbeiten</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Reconnecting in %1 s</source>
        <translation>Neuer Versuch in %1 s</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbinden …</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Everything you change is on %1 and with everybody who has the board open.</source>
        <translation>Was Sie ändern, ist auf %1 und bei allen, die das Board offen haben.</translation>
    </message>
    <message>
        <source>The connection to %1 is gone. You can go on editing; what you change is kept on this computer and sent as soon as the host answers.</source>
        <translation>Die Verbindung zu %1 ist weg. Sie können weiterarbeiten; was Sie ändern, bleibt auf diesem Rechner und wird gesendet, sobald der Host antwortet.</translation>
    </message>
    <message>
        <source>You are working without %1. What you change is kept on this computer and sent when you reconnect.</source>
        <translation>Sie arbeiten ohne %1. Was Sie ändern, bleibt auf diesem Rechner und wird gesendet, wenn Sie sich wieder verbinden.</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) not sent yet.</source>
        <translation>
            <numerusform>%n Änderung noch nicht gesendet.</numerusform>
            <numerusform>%n Änderungen noch nicht gesendet.</numerusform>
        </translation>
    </message>
    <message>
        <source>Connection: %1. Click for more.</source>
        <translation>Verbindungszustand: %1. Klicken Sie für mehr.</translation>
    </message>
    <message>
        <source>Connection: %1</source>
        <translation>Verbindungszustand: %1</translation>
    </message>
    <message>
        <source>Offline, reconnecting in %1 s</source>
        <translation>Offline, neuer Versuch in %1 s</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::DeviceTypesDialog</name>
    <message>
        <source>Devices can lie in it</source>
        <translation>Geräte können darin liegen</translation>
    </message>
    <message>
        <source>This Board&apos;s Device Types</source>
        <translation>Gerätetypen dieses Boards</translation>
    </message>
    <message>
        <source>Device types</source>
        <translation>Gerätetypen</translation>
    </message>
    <message>
        <source>&amp;Key:</source>
        <translation>&amp;Schlüssel:</translation>
    </message>
    <message>
        <source>&amp;Label:</source>
        <translation>&amp;Beschriftung:</translation>
    </message>
    <message>
        <source>&amp;Icon like:</source>
        <translation>S&amp;ymbol wie:</translation>
    </message>
    <message>
        <source>I&amp;nterfaces:</source>
        <translation>S&amp;chnittstellen:</translation>
    </message>
    <message>
        <source>One interface a line: name, kind (ETHERNET, OPTICAL, LOOPBACK) and status. New devices of the type get them.</source>
        <translation>Eine Schnittstelle je Zeile: Name, Art (ETHERNET, OPTICAL, LOOPBACK) und Status. Neue Geräte des Typs bekommen sie.</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>New type</source>
        <translation>Neuer Typ</translation>
    </message>
    <message>
        <source>%1 cannot be removed: there are devices of it.</source>
        <translation>%1 kann nicht entfernt werden: es gibt Geräte dieses Typs.</translation>
    </message>
    <message>
        <source>A type needs a key and a label.</source>
        <translation>Ein Typ braucht einen Schlüssel und eine Beschriftung.</translation>
    </message>
    <message>
        <source>The key %1 is in use.</source>
        <translation>Der Schlüssel %1 ist vergeben.</translation>
    </message>
    <message>
        <source>Line %1 of the interfaces of %2 is not “name KIND STATUS”.</source>
        <translation>Zeile %1 der Schnittstellen von %2 ist nicht „Name ART STATUS“.</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ExportDialog</name>
    <message>
        <source>&amp;Dark colours</source>
        <translation>&amp;Dunkle Farben</translation>
    </message>
    <message>
        <source>Export as a Picture</source>
        <translation>Als Bild exportieren</translation>
    </message>
    <message>
        <source>PNG, pixels</source>
        <translation>PNG, Bildpunkte</translation>
    </message>
    <message>
        <source>SVG, lines and text</source>
        <translation>SVG, Linien und Text</translation>
    </message>
    <message>
        <source>PDF, lines and text</source>
        <translation>PDF, Linien und Text</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>&amp;Art:</translation>
    </message>
    <message>
        <source>&amp;Resolution:</source>
        <translation>A&amp;uflösung:</translation>
    </message>
    <message>
        <source>&amp;Save as…</source>
        <translation>&amp;Speichern unter …</translation>
    </message>
    <message>
        <source>%1 × %2 pixels</source>
        <translation>%1 × %2 Bildpunkte</translation>
    </message>
    <message>
        <source>Sharp at every size</source>
        <translation>Scharf in jeder Größe</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::FieldDelegate</name>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::FindBar</name>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Find by name, type, address or any property</source>
        <translation>Nach Name, Typ, Adresse oder Eigenschaft suchen</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Previous match (Shift+Enter)</source>
        <translation>Voriger Treffer (Umschalt+Eingabe)</translation>
    </message>
    <message>
        <source>Next match (Enter)</source>
        <translation>Nächster Treffer (Eingabe)</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::FollowBanner</name>
    <message>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Ends following; the view stays where it is</source>
        <translation>Beendet das Folgen; die Ansicht bleibt, wo sie ist</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::HistoryList</name>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Revision</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::HistoryPanel</name>
    <message>
        <source>Name this State…</source>
        <translation>Diesen Stand benennen …</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Filter by person or change</source>
        <translation>Nach Person oder Änderung filtern</translation>
    </message>
    <message>
        <source>Filter the history</source>
        <translation>Verlauf filtern</translation>
    </message>
    <message>
        <source>Changes of this board</source>
        <translation>Änderungen dieses Boards</translation>
    </message>
    <message>
        <source>Named snapshots</source>
        <translation>Benannte Schnappschüsse</translation>
    </message>
    <message>
        <source>Gives the state that is shown a name by which everybody finds it</source>
        <translation>Gibt dem gezeigten Stand einen Namen, unter dem ihn alle finden</translation>
    </message>
    <message>
        <source>Forgets the name; the history stays</source>
        <translation>Vergisst den Namen; der Verlauf bleibt</translation>
    </message>
    <message>
        <source>%1 · revision %2</source>
        <translation>%1 · Revision %2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>The history is at the host: there is no connection</source>
        <translation>Der Verlauf liegt beim Host: es besteht keine Verbindung</translation>
    </message>
    <message>
        <source>Name this State</source>
        <translation>Diesen Stand benennen</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>Name:</translation>
    </message>
    <message>
        <source>Rename the Snapshot</source>
        <translation>Schnappschuss umbenennen</translation>
    </message>
    <message>
        <source>No state has a name yet</source>
        <translation>Noch hat kein Stand einen Namen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::HostList</name>
    <message>
        <source>Hosts in this network</source>
        <translation>Hosts in diesem Netz</translation>
    </message>
    <message>
        <source>needs a token</source>
        <translation>braucht ein Token</translation>
    </message>
    <message>
        <source>encrypted</source>
        <translation>verschlüsselt</translation>
    </message>
    <message>
        <source>Hosts in this network cannot be found: %1.</source>
        <translation>Hosts in diesem Netz können nicht gefunden werden: %1.</translation>
    </message>
    <message>
        <source>There are no hosts in this network at the moment.</source>
        <translation>Zurzeit gibt es keine Hosts in diesem Netz.</translation>
    </message>
    <message>
        <source>Looking for hosts in this network…</source>
        <translation>Hosts in diesem Netz werden gesucht…</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ImportDialog</name>
    <message>
        <source>Import %1</source>
        <translation>%1 importieren</translation>
    </message>
    <message>
        <source>Reading %1…</source>
        <translation>%1 wird gelesen…</translation>
    </message>
    <message>
        <source>What could not be taken</source>
        <translation>Was nicht übernommen werden konnte</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Zeile</translation>
    </message>
    <message>
        <source>What could not be taken as it stands</source>
        <translation>Was nicht unverändert übernommen werden konnte</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n Gerät</numerusform>
            <numerusform>%n Geräte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n interface(s)</source>
        <translation>
            <numerusform>%n Schnittstelle</numerusform>
            <numerusform>%n Schnittstellen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n container(s)</source>
        <translation>
            <numerusform>%n Container</numerusform>
            <numerusform>%n Container</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is a file of the format %2.</source>
        <translation>%1 ist eine Datei im Format %2.</translation>
    </message>
    <message>
        <source>Everything in it was understood.</source>
        <translation>Alles darin wurde verstanden.</translation>
    </message>
    <message>
        <source>Import into this Board</source>
        <translation>In dieses Board importieren</translation>
    </message>
    <message>
        <source>Open as a New Board</source>
        <translation>Als neues Board öffnen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::MainWindow</name>
    <message>
        <source>Open a Board</source>
        <translation>Board öffnen</translation>
    </message>
    <message>
        <source>Boards (*.board);;All files (*)</source>
        <translation>Boards (*.board);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Import a Network</source>
        <translation>Netz importieren</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>%1 cannot be imported now: the board is not ready or read-only.</source>
        <translation>%1 kann jetzt nicht importiert werden: das Board ist nicht bereit oder schreibgeschützt.</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>%1 importieren</translation>
    </message>
    <message>
        <source>Imported %1: %2, %3.</source>
        <translation>%1 importiert: %2, %3.</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n Gerät</numerusform>
            <numerusform>%n Geräte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Save a Copy</source>
        <translation>Kopie speichern</translation>
    </message>
    <message>
        <source>Boards (*.board)</source>
        <translation>Boards (*.board)</translation>
    </message>
    <message>
        <source>A copy is in %1</source>
        <translation>Eine Kopie liegt in %1</translation>
    </message>
    <message>
        <source>The picture is in %1</source>
        <translation>Das Bild liegt in %1</translation>
    </message>
    <message>
        <source>Change the board&apos;s settings</source>
        <translation>Board-Einstellungen ändern</translation>
    </message>
    <message>
        <source>Change the board&apos;s device types</source>
        <translation>Gerätetypen des Boards ändern</translation>
    </message>
    <message>
        <source>About Patchboard</source>
        <translation>Über Patchboard</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Patchboard %1&lt;/h3&gt;&lt;p&gt;A live network-topology editor.&lt;/p&gt;&lt;p&gt;A board saves by itself, and everybody who has it open sees the same.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;Patchboard %1&lt;/h3&gt;&lt;p&gt;Ein Live-Editor für Netzwerktopologien.&lt;/p&gt;&lt;p&gt;Ein Board speichert sich selbst, und alle, die es offen haben, sehen dasselbe.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Devices to Add</source>
        <translation>Gerätepalette</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>Baum</translation>
    </message>
    <message>
        <source>Properties</source>
        <translation>Eigenschaften</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>Tabellen</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Number of the newest change that is stored</source>
        <translation>Nummer der neuesten gespeicherten Änderung</translation>
    </message>
    <message>
        <source>Where the pointer is on the board</source>
        <translation>Wo der Zeiger auf dem Board steht</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>Zeichenfläche</translation>
    </message>
    <message>
        <source>“%1” was refused and taken back: %2</source>
        <translation>„%1“ wurde abgelehnt und zurückgenommen: %2</translation>
    </message>
    <message>
        <source>“%1” could not be done: %2</source>
        <translation>„%1“ ging nicht: %2</translation>
    </message>
    <message>
        <source>%1 – Patchboard</source>
        <translation>%1 – Patchboard</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 auf %2</translation>
    </message>
    <message numerus="yes">
        <source>%n not sent yet</source>
        <translation>
            <numerusform>%n noch nicht gesendet</numerusform>
            <numerusform>%n noch nicht gesendet</numerusform>
        </translation>
    </message>
    <message>
        <source>Changes that are kept on this computer until the host has answered</source>
        <translation>Änderungen, die auf diesem Rechner bleiben, bis der Host geantwortet hat</translation>
    </message>
    <message>
        <source>Revision %1</source>
        <translation>Revision %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… und noch %n</numerusform>
            <numerusform>… und noch %n</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;New Board</source>
        <translation>&amp;Neues Board</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>&amp;Connect to a Server…</source>
        <translation>Mit Ser&amp;ver verbinden…</translation>
    </message>
    <message>
        <source>Open the &amp;Sample Board</source>
        <translation>Beis&amp;piel-Board öffnen</translation>
    </message>
    <message>
        <source>&amp;Import into this Board…</source>
        <translation>In dieses Board &amp;importieren…</translation>
    </message>
    <message>
        <source>Save a &amp;Copy…</source>
        <translation>&amp;Kopie speichern…</translation>
    </message>
    <message>
        <source>Export as a &amp;Picture…</source>
        <translation>Als Bil&amp;d exportieren…</translation>
    </message>
    <message>
        <source>Export the Se&amp;lection…</source>
        <translation>Aus&amp;wahl exportieren…</translation>
    </message>
    <message>
        <source>&amp;Board Settings…</source>
        <translation>B&amp;oard-Einstellungen…</translation>
    </message>
    <message>
        <source>Close &amp;Window</source>
        <translation>Fenster &amp;schließen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>&amp;Ausschneiden</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>D&amp;uplicate</source>
        <translation>&amp;Duplizieren</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Delete with Contents</source>
        <translation>Mit Inhalt löschen</translation>
    </message>
    <message>
        <source>Re&amp;name</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>Select &amp;All</source>
        <translation>Alles au&amp;swählen</translation>
    </message>
    <message>
        <source>Select N&amp;othing</source>
        <translation>Auswahl auf&amp;heben</translation>
    </message>
    <message>
        <source>Select Nei&amp;ghbours</source>
        <translation>&amp;Nachbarn auswählen</translation>
    </message>
    <message>
        <source>Select All of this &amp;Type</source>
        <translation>Alle dieses &amp;Typs auswählen</translation>
    </message>
    <message>
        <source>&amp;Find…</source>
        <translation>Su&amp;chen…</translation>
    </message>
    <message>
        <source>Find Ne&amp;xt</source>
        <translation>Nächster Tre&amp;ffer</translation>
    </message>
    <message>
        <source>Find Pre&amp;vious</source>
        <translation>&amp;Voriger Treffer</translation>
    </message>
    <message>
        <source>Zoom &amp;In</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;Out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Fit the Board</source>
        <translation>Board &amp;einpassen</translation>
    </message>
    <message>
        <source>Zoom to the &amp;Selection</source>
        <translation>Auf die Auswahl &amp;zoomen</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <source>Snap to the &amp;Grid</source>
        <translation>Am &amp;Raster einrasten</translation>
    </message>
    <message>
        <source>As the &amp;System</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>Search Device &amp;Types</source>
        <translation>Gerätetypen &amp;suchen</translation>
    </message>
    <message>
        <source>Filter the T&amp;ree</source>
        <translation>&amp;Baum filtern</translation>
    </message>
    <message>
        <source>Filter the Ta&amp;bles</source>
        <translation>&amp;Tabellen filtern</translation>
    </message>
    <message>
        <source>&amp;Link</source>
        <translation>&amp;Verbindung</translation>
    </message>
    <message>
        <source>&amp;Interface on this Device</source>
        <translation>Schn&amp;ittstelle an diesem Gerät</translation>
    </message>
    <message>
        <source>This Board&apos;s Device &amp;Types…</source>
        <translation>Geräte&amp;typen dieses Boards…</translation>
    </message>
    <message>
        <source>&amp;Lock</source>
        <translation>Spe&amp;rren</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Entsperren</translation>
    </message>
    <message>
        <source>Put into a New &amp;Group</source>
        <translation>In neue Gru&amp;ppe legen</translation>
    </message>
    <message>
        <source>Take &amp;out of the Container</source>
        <translation>Aus dem &amp;Container nehmen</translation>
    </message>
    <message>
        <source>Align Left</source>
        <translation>Links ausrichten</translation>
    </message>
    <message>
        <source>Align Centres</source>
        <translation>Horizontal zentrieren</translation>
    </message>
    <message>
        <source>Align Right</source>
        <translation>Rechts ausrichten</translation>
    </message>
    <message>
        <source>Align Top</source>
        <translation>Oben ausrichten</translation>
    </message>
    <message>
        <source>Align Middles</source>
        <translation>Vertikal zentrieren</translation>
    </message>
    <message>
        <source>Align Bottom</source>
        <translation>Unten ausrichten</translation>
    </message>
    <message>
        <source>Distribute Horizontally</source>
        <translation>Horizontal verteilen</translation>
    </message>
    <message>
        <source>Distribute Vertically</source>
        <translation>Vertikal verteilen</translation>
    </message>
    <message>
        <source>Force &amp;Up…</source>
        <translation>Auf „&amp;Aktiv“ setzen…</translation>
    </message>
    <message>
        <source>Force De&amp;graded…</source>
        <translation>Auf „&amp;Beeinträchtigt“ setzen…</translation>
    </message>
    <message>
        <source>Force &amp;Down…</source>
        <translation>Auf „Aus&amp;gefallen“ setzen…</translation>
    </message>
    <message>
        <source>&amp;Clear the Override</source>
        <translation>&amp;Vorgabe aufheben</translation>
    </message>
    <message>
        <source>&amp;New Window</source>
        <translation>&amp;Neues Fenster</translation>
    </message>
    <message>
        <source>&amp;Reset the Layout</source>
        <translation>&amp;Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>Reconnect &amp;Now</source>
        <translation>&amp;Jetzt neu verbinden</translation>
    </message>
    <message>
        <source>Work &amp;Offline</source>
        <translation>&amp;Offline arbeiten</translation>
    </message>
    <message>
        <source>Find a &amp;Command…</source>
        <translation>Be&amp;fehl suchen…</translation>
    </message>
    <message>
        <source>&amp;Keyboard Shortcuts…</source>
        <translation>&amp;Tastenkürzel…</translation>
    </message>
    <message>
        <source>&amp;About Patchboard</source>
        <translation>Ü&amp;ber Patchboard</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open &amp;Recent</source>
        <translation>Zuletzt &amp;geöffnet</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>&amp;Insert</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>&amp;Gerät</translation>
    </message>
    <message>
        <source>&amp;Arrange</source>
        <translation>An&amp;ordnen</translation>
    </message>
    <message>
        <source>&amp;Move into</source>
        <translation>Verschie&amp;ben nach</translation>
    </message>
    <message>
        <source>&amp;Status</source>
        <translation>&amp;Status</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>&amp;Fenster</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>&amp;Undo %1</source>
        <translation>&amp;Rückgängig: %1</translation>
    </message>
    <message>
        <source>&amp;Redo %1</source>
        <translation>&amp;Wiederholen: %1</translation>
    </message>
    <message>
        <source>&amp;Clear this List</source>
        <translation>Liste &amp;leeren</translation>
    </message>
    <message>
        <source>There is no container yet</source>
        <translation>Noch gibt es keinen Container</translation>
    </message>
    <message>
        <source>&amp;Access Network</source>
        <translation>&amp;Zugangsnetz</translation>
    </message>
    <message>
        <source>&amp;Containers</source>
        <translation>&amp;Container</translation>
    </message>
    <message>
        <source>&amp;Paste Here</source>
        <translation>&amp;Hier einfügen</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Overview of the board</source>
        <translation>Übersicht des Boards</translation>
    </message>
    <message>
        <source>&amp;Automatic Layout</source>
        <translation>&amp;Automatisch anordnen</translation>
    </message>
    <message>
        <source>&amp;Hierarchical Layout</source>
        <translation>&amp;Hierarchisch anordnen</translation>
    </message>
    <message>
        <source>&amp;Force-Directed Layout</source>
        <translation>&amp;Kräftebasiert anordnen</translation>
    </message>
    <message>
        <source>&amp;Tree Layout</source>
        <translation>Als &amp;Baum anordnen</translation>
    </message>
    <message>
        <source>&amp;Circle Layout</source>
        <translation>Im K&amp;reis anordnen</translation>
    </message>
    <message>
        <source>&amp;Grid Layout</source>
        <translation>Im Ra&amp;ster anordnen</translation>
    </message>
    <message>
        <source>Cance&amp;l the Layout</source>
        <translation>Anordnen ab&amp;brechen</translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation>&amp;Layout</translation>
    </message>
    <message>
        <source>%1 cannot be imported: %2</source>
        <translation>%1 kann nicht importiert werden: %2</translation>
    </message>
    <message>
        <source>What you were editing</source>
        <translation>Was Sie bearbeiteten</translation>
    </message>
    <message>
        <source>Restore It</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message numerus="yes">
        <source>Restore %n item(s)</source>
        <translation>
            <numerusform>%n Element wiederherstellen</numerusform>
            <numerusform>%n Elemente wiederherstellen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 was deleted by somebody. You had typed, for %2: %3</source>
        <translation>%1 wurde von jemandem gelöscht. Sie hatten für %2 eingegeben: %3</translation>
    </message>
    <message>
        <source>Print %1</source>
        <translation>%1 drucken</translation>
    </message>
    <message>
        <source>&amp;Print…</source>
        <translation>&amp;Drucken…</translation>
    </message>
    <message>
        <source>P&amp;rint the Selection…</source>
        <translation>A&amp;uswahl drucken…</translation>
    </message>
    <message>
        <source>S&amp;hare this Board…</source>
        <translation>Board &amp;freigeben …</translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation>Konflikte</translation>
    </message>
    <message>
        <source>What of your changes met somebody else&apos;s; click for the list</source>
        <translation>Welche Ihrer Änderungen auf solche anderer trafen; ein Klick zeigt die Liste</translation>
    </message>
    <message numerus="yes">
        <source>%n conflict(s)</source>
        <translation>
            <numerusform>%n Konflikt</numerusform>
            <numerusform>%n Konflikte</numerusform>
        </translation>
    </message>
    <message>
        <source>Show &amp;Conflicts</source>
        <translation>&amp;Konflikte zeigen</translation>
    </message>
    <message>
        <source>Token for %1</source>
        <translation>Token für %1</translation>
    </message>
    <message>
        <source>%1

The token that you were given:</source>
        <translation>%1

Das Token, das Sie erhalten haben:</translation>
    </message>
    <message>
        <source>Enter Token…</source>
        <translation>Token eingeben …</translation>
    </message>
    <message>
        <source>%1 lets nobody in without a valid token. %2.</source>
        <translation>%1 lässt niemanden ohne gültiges Token ein. %2.</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>%1, revision %2 – Patchboard</source>
        <translation>%1, Revision %2 – Patchboard</translation>
    </message>
    <message>
        <source>Show &amp;History</source>
        <translation>&amp;Verlauf zeigen</translation>
    </message>
    <message>
        <source>Back to &amp;Now</source>
        <translation>Zurück zu &amp;jetzt</translation>
    </message>
    <message>
        <source>Restore the Selection</source>
        <translation>Auswahl wiederherstellen</translation>
    </message>
    <message>
        <source>Restore the Whole Board</source>
        <translation>Ganzes Board wiederherstellen</translation>
    </message>
    <message>
        <source>Back to Now</source>
        <translation>Zurück zu jetzt</translation>
    </message>
    <message>
        <source>You are looking at revision %1. Nothing can be changed here.</source>
        <translation>Sie sehen Revision %1. Hier lässt sich nichts ändern.</translation>
    </message>
    <message>
        <source>The history is at the host: there is no connection</source>
        <translation>Der Verlauf liegt beim Host: es besteht keine Verbindung</translation>
    </message>
    <message>
        <source>It is now as it was then.</source>
        <translation>Es ist jetzt so, wie es damals war.</translation>
    </message>
    <message>
        <source>Restore the Board of Revision %1</source>
        <translation>Board der Revision %1 wiederherstellen</translation>
    </message>
    <message numerus="yes">
        <source>Restore %n item(s) of revision %1</source>
        <translation>
            <numerusform>%n Element der Revision %1 wiederherstellen</numerusform>
            <numerusform>%n Elemente der Revision %1 wiederherstellen</numerusform>
        </translation>
    </message>
    <message>
        <source>Done: %1. Undo takes it back.</source>
        <translation>Erledigt: %1. Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Show &amp;Problems</source>
        <translation>&amp;Probleme zeigen</translation>
    </message>
    <message>
        <source>Show the Certificate…</source>
        <translation>Zertifikat zeigen…</translation>
    </message>
    <message>
        <source>%1 shows another certificate than the one that you trust; it was not connected to.</source>
        <translation>%1 zeigt ein anderes Zertifikat als das, dem Sie vertrauen; es wurde nicht verbunden.</translation>
    </message>
    <message>
        <source>The certificate of %1 is not trusted; it was not connected to.</source>
        <translation>Dem Zertifikat von %1 wird nicht vertraut; es wurde nicht verbunden.</translation>
    </message>
    <message>
        <source>You and %1 follow each other: neither view moves by itself.</source>
        <translation>Sie und %1 folgen einander: keine der beiden Ansichten bewegt sich von selbst.</translation>
    </message>
    <message>
        <source>You follow %1: your view moves with theirs until you move it.</source>
        <translation>Sie folgen %1: Ihre Ansicht bewegt sich mit, bis Sie sie selbst bewegen.</translation>
    </message>
    <message>
        <source>%1 follows you</source>
        <translation>%1 folgt Ihnen</translation>
    </message>
    <message numerus="yes">
        <source>%n people follow you</source>
        <translation>
            <numerusform>%n Person folgt Ihnen</numerusform>
            <numerusform>%n Personen folgen Ihnen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is no longer here; your view stays where it is.</source>
        <translation>%1 ist nicht mehr da; Ihre Ansicht bleibt, wo sie ist.</translation>
    </message>
    <message>
        <source>Nobody else is here</source>
        <translation>Sonst ist niemand da</translation>
    </message>
    <message>
        <source>Stop &amp;Following</source>
        <translation>&amp;Folgen beenden</translation>
    </message>
    <message>
        <source>&amp;Follow</source>
        <translation>&amp;Folgen</translation>
    </message>
    <message>
        <source>The board is read-only now.</source>
        <translation>Das Board ist jetzt nur zum Ansehen.</translation>
    </message>
    <message>
        <source>Undo Se&amp;veral</source>
        <translation>Mehreres rück&amp;gängig machen</translation>
    </message>
    <message>
        <source>Redo Severa&amp;l</source>
        <translation>Mehreres wieder&amp;holen</translation>
    </message>
    <message>
        <source>Nothing to redo</source>
        <translation>Nichts zu wiederholen</translation>
    </message>
    <message>
        <source>Nothing to undo</source>
        <translation>Nichts rückgängig zu machen</translation>
    </message>
    <message>
        <source>%1, shared at %2</source>
        <translation>%1, freigegeben unter %2</translation>
    </message>
    <message>
        <source>%1, to look at only</source>
        <translation>%1, nur zum Ansehen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::MessageBar</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::Minimap</name>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Click or drag to move the view</source>
        <translation>Klicken oder ziehen, um den Ausschnitt zu verschieben</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::OverrideDialog</name>
    <message>
        <source>Override Status</source>
        <translation>Status vorgeben</translation>
    </message>
    <message>
        <source>%1 will show this status to everybody, whatever is reported, until it is cleared.</source>
        <translation>%1 zeigt allen diesen Status, was auch gemeldet wird, bis die Vorgabe aufgehoben wird.</translation>
    </message>
    <message>
        <source>Why; for the others</source>
        <translation>Warum; für die anderen</translation>
    </message>
    <message>
        <source>&amp;Status:</source>
        <translation>&amp;Status:</translation>
    </message>
    <message>
        <source>&amp;Reason:</source>
        <translation>&amp;Grund:</translation>
    </message>
    <message>
        <source>Override</source>
        <translation>Vorgeben</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::PeoplePanel</name>
    <message>
        <source>People on this board</source>
        <translation>Personen auf diesem Board</translation>
    </message>
    <message>
        <source>%1 (you)</source>
        <translation>%1 (Sie)</translation>
    </message>
    <message>
        <source>followed</source>
        <translation>wird verfolgt</translation>
    </message>
    <message>
        <source>Click somebody to follow their view</source>
        <translation>Klicken Sie jemanden an, um dessen Ansicht zu folgen</translation>
    </message>
    <message>
        <source>follows you</source>
        <translation>folgt Ihnen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::PeopleStrip</name>
    <message>
        <source>People here: %1</source>
        <translation>Anwesend: %1</translation>
    </message>
    <message>
        <source>%1 (you)</source>
        <translation>%1 (Sie)</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::PortPicker</name>
    <message>
        <source>Ports of the new link</source>
        <translation>Ports der neuen Verbindung</translation>
    </message>
    <message>
        <source>Ports of %1</source>
        <translation>Ports von %1</translation>
    </message>
    <message>
        <source>First free port</source>
        <translation>Erster freier Port</translation>
    </message>
    <message>
        <source>%1 (used)</source>
        <translation>%1 (belegt)</translation>
    </message>
    <message>
        <source>%1 (free)</source>
        <translation>%1 (frei)</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Verbinden</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::PrintPreview</name>
    <message>
        <source>Several Pages at 100 %</source>
        <translation>Mehrere Seiten bei 100 %</translation>
    </message>
    <message>
        <source>Over as many pages as it takes, instead of on one</source>
        <translation>Auf so vielen Seiten, wie nötig, statt auf einer</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ProblemList</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Element</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ProblemsPanel</name>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n Fehler</numerusform>
            <numerusform>%n Fehler</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n Warnung</numerusform>
            <numerusform>%n Warnungen</numerusform>
        </translation>
    </message>
    <message>
        <source>No problems.</source>
        <translation>Keine Probleme.</translation>
    </message>
    <message>
        <source>Optical budgets and the health of containers are computed once they are switched on in File &gt; Board Settings.</source>
        <translation>Optische Budgets und der Zustand von Containern werden berechnet, sobald sie unter Datei &gt; Board-Einstellungen eingeschaltet sind.</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::PropertiesPanel</name>
    <message>
        <source>Mixed values</source>
        <translation>Verschiedene Werte</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>%1 umbenennen</translation>
    </message>
    <message>
        <source>“%1” is not a number</source>
        <translation>„%1“ ist keine Zahl</translation>
    </message>
    <message>
        <source>Move %1</source>
        <translation>%1 verschieben</translation>
    </message>
    <message>
        <source>No board</source>
        <translation>Kein Board</translation>
    </message>
    <message>
        <source>Board</source>
        <translation>Board</translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n Gerät</numerusform>
            <numerusform>%n Geräte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>What you set is set for all of them</source>
        <translation>Was Sie setzen, gilt für alle</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>Schnittstelle</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>This item was deleted</source>
        <translation>Dieses Element wurde gelöscht</translation>
    </message>
    <message>
        <source>(forced)</source>
        <translation>(vorgegeben)</translation>
    </message>
    <message>
        <source>by %1, %2</source>
        <translation>von %1, %2</translation>
    </message>
    <message>
        <source>Anything worth knowing</source>
        <translation>Alles Wissenswerte</translation>
    </message>
    <message>
        <source>%1: “%2” is not a number</source>
        <translation>%1: „%2“ ist keine Zahl</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>%1 (in use)</source>
        <translation>%1 (belegt)</translation>
    </message>
    <message>
        <source>Position, x</source>
        <translation>Position, x</translation>
    </message>
    <message>
        <source>Position, y</source>
        <translation>Position, y</translation>
    </message>
    <message>
        <source>Mixed</source>
        <translation>Verschieden</translation>
    </message>
    <message>
        <source>Interfaces</source>
        <translation>Schnittstellen</translation>
    </message>
    <message>
        <source>Add an interface</source>
        <translation>Schnittstelle hinzufügen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Linked with</source>
        <translation>Verbunden mit</translation>
    </message>
    <message>
        <source>Properties</source>
        <translation>Eigenschaften</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Type a key and a value in the last row; Del removes a property</source>
        <translation>Schlüssel und Wert in die letzte Zeile schreiben; Entf löscht eine Eigenschaft</translation>
    </message>
    <message>
        <source>Set %1 of %2</source>
        <translation>%1 von %2 setzen</translation>
    </message>
    <message>
        <source>With the key probe a host that runs probes asks the device whether it is there: tcp://{address}:22, http://{address}/, icmp://{address}</source>
        <translation>Mit dem Schlüssel probe fragt ein Host, der Proben ausführt, das Gerät, ob es da ist: tcp://{address}:22, http://{address}/, icmp://{address}</translation>
    </message>
    <message>
        <source>Computed</source>
        <translation>Berechnet</translation>
    </message>
    <message>
        <source>What follows from the board; it is stored nowhere and changes by itself</source>
        <translation>Was aus dem Board folgt; es ist nirgends gespeichert und ändert sich von selbst</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Optical signal</source>
        <translation>Optisches Signal</translation>
    </message>
    <message>
        <source>Received (dBm)</source>
        <translation>Empfangen (dBm)</translation>
    </message>
    <message>
        <source>Margin (dB)</source>
        <translation>Reserve (dB)</translation>
    </message>
    <message>
        <source>Path loss (dB)</source>
        <translation>Streckendämpfung (dB)</translation>
    </message>
    <message>
        <source>Optical loss (dB)</source>
        <translation>Optische Dämpfung (dB)</translation>
    </message>
    <message>
        <source>The worst effective status of what is in this container</source>
        <translation>Der schlechteste wirksame Status dessen, was in diesem Container liegt</translation>
    </message>
    <message>
        <source>OK from a margin of 6 dB, warning from 3 dB, critical from 0 dB</source>
        <translation>OK ab 6 dB Reserve, Warnung ab 3 dB, kritisch ab 0 dB</translation>
    </message>
    <message>
        <source>Transmit power of the OLT less the path loss</source>
        <translation>Sendeleistung des OLT minus Streckendämpfung</translation>
    </message>
    <message>
        <source>Received power less the receiver&apos;s sensitivity</source>
        <translation>Empfangene Leistung minus Empfindlichkeit des Empfängers</translation>
    </message>
    <message>
        <source>Losses of the links and of the passive devices on the cheapest path to an OLT</source>
        <translation>Dämpfung der Verbindungen und passiven Geräte auf dem günstigsten Weg zu einem OLT</translation>
    </message>
    <message>
        <source>The link&apos;s own loss, else its length times the attenuation of its fibre</source>
        <translation>Die eigene Dämpfung der Verbindung, sonst ihre Länge mal die Dämpfung ihrer Faser</translation>
    </message>
    <message>
        <source>Optical path</source>
        <translation>Optischer Weg</translation>
    </message>
    <message>
        <source>The parts of the sum, from the OLT to this receiver; a double click shows one</source>
        <translation>Die Teile der Summe, vom OLT bis zu diesem Empfänger; ein Doppelklick zeigt eines davon</translation>
    </message>
    <message>
        <source>dB</source>
        <translation>dB</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) down</source>
        <translation>
            <numerusform>%n ausgefallen</numerusform>
            <numerusform>%n ausgefallen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) degraded</source>
        <translation>
            <numerusform>%n beeinträchtigt</numerusform>
            <numerusform>%n beeinträchtigt</numerusform>
        </translation>
    </message>
    <message>
        <source>no optical path leads to an OLT</source>
        <translation>kein optischer Weg führt zu einem OLT</translation>
    </message>
    <message>
        <source>the receiver is overloaded</source>
        <translation>der Empfänger ist übersteuert</translation>
    </message>
    <message numerus="yes">
        <source>%1 over %2 km and %n link(s)</source>
        <translation>
            <numerusform>%1 über %2 km und %n Verbindung</numerusform>
            <numerusform>%1 über %2 km und %n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>as given</source>
        <translation>wie angegeben</translation>
    </message>
    <message>
        <source>from its length</source>
        <translation>aus der Länge</translation>
    </message>
    <message>
        <source>from its length, taken as G.652.D</source>
        <translation>aus der Länge, als G.652.D gerechnet</translation>
    </message>
    <message>
        <source>as it has no length</source>
        <translation>weil sie keine Länge hat</translation>
    </message>
    <message>
        <source>%1 dBm</source>
        <translation>%1 dBm</translation>
    </message>
    <message>
        <source>%1 transmits</source>
        <translation>%1 sendet</translation>
    </message>
    <message>
        <source>no length</source>
        <translation>ohne Länge</translation>
    </message>
    <message>
        <source>taken as G.652.D</source>
        <translation>als G.652.D gerechnet</translation>
    </message>
    <message>
        <source>%1 receives</source>
        <translation>%1 empfängt</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ShareDialog</name>
    <message>
        <source>&amp;Copy Address</source>
        <translation>Adresse &amp;kopieren</translation>
    </message>
    <message>
        <source>Share %1</source>
        <translation>%1 freigeben</translation>
    </message>
    <message>
        <source>This computer only (%1)</source>
        <translation>Nur dieser Rechner (%1)</translation>
    </message>
    <message>
        <source>Every network of this computer</source>
        <translation>Alle Netze dieses Rechners</translation>
    </message>
    <message>
        <source>The network of %1</source>
        <translation>Das Netz von %1</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>Adressen</translation>
    </message>
    <message>
        <source>People on the board</source>
        <translation>Personen auf dem Board</translation>
    </message>
    <message>
        <source>&amp;Reachable from:</source>
        <translation>&amp;Erreichbar von:</translation>
    </message>
    <message>
        <source>&amp;Port:</source>
        <translation>&amp;Port:</translation>
    </message>
    <message>
        <source>Others connect to:</source>
        <translation>Andere verbinden sich mit:</translation>
    </message>
    <message>
        <source>On the board now:</source>
        <translation>Jetzt auf dem Board:</translation>
    </message>
    <message>
        <source>%1 is on the clipboard.</source>
        <translation>%1 ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>&amp;Stop Sharing</source>
        <translation>Freigabe &amp;beenden</translation>
    </message>
    <message>
        <source>&amp;Start Sharing</source>
        <translation>Freigabe &amp;starten</translation>
    </message>
    <message>
        <source>In another window: File &gt; Connect to a Server. For scripts the same address begins with http://.</source>
        <translation>In einem anderen Fenster: Datei &gt; Mit einem Server verbinden. Für Skripte beginnt dieselbe Adresse mit http://.</translation>
    </message>
    <message>
        <source>The board is shared while one of its windows is open.</source>
        <translation>Das Board ist freigegeben, solange eines seiner Fenster offen ist.</translation>
    </message>
    <message>
        <source>Other programs of this computer can connect; nobody else can.</source>
        <translation>Andere Programme dieses Rechners können sich verbinden, sonst niemand.</translation>
    </message>
    <message>
        <source>%1 (you)</source>
        <translation>%1 (Sie)</translation>
    </message>
    <message>
        <source>Look and change</source>
        <translation>Ansehen und ändern</translation>
    </message>
    <message>
        <source>Look only</source>
        <translation>Nur ansehen</translation>
    </message>
    <message>
        <source>&amp;Others may:</source>
        <translation>&amp;Andere dürfen:</translation>
    </message>
    <message>
        <source>The token lets in whoever has the address, until you stop sharing; scripts send it as Authorization: Bearer.</source>
        <translation>Das Token lässt jeden ein, der die Adresse hat, bis Sie das Teilen beenden; Skripte senden es als Authorization: Bearer.</translation>
    </message>
    <message>
        <source>The address will hold a token; nobody comes in without it. What is sent can be read by others in the same network.</source>
        <translation>Die Adresse enthält dann ein Token; ohne es kommt niemand herein. Was gesendet wird, können andere im selben Netz mitlesen.</translation>
    </message>
    <message>
        <source>Show it to windows in that network</source>
        <translation>Fenstern in jenem Netz zeigen</translation>
    </message>
    <message>
        <source>Windows in that network do not find it by themselves: %1.</source>
        <translation>Fenster in jenem Netz finden es nicht von selbst: %1.</translation>
    </message>
    <message>
        <source>Windows in that network find it by themselves.</source>
        <translation>Fenster in jenem Netz finden es von selbst.</translation>
    </message>
    <message>
        <source>Telling the network…</source>
        <translation>Das Netz wird unterrichtet…</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>Befehle suchen</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>Neue Tasten</translation>
    </message>
    <message>
        <source>&amp;Assign</source>
        <translation>&amp;Zuweisen</translation>
    </message>
    <message>
        <source>&amp;Default</source>
        <translation>S&amp;tandard</translation>
    </message>
    <message>
        <source>New keys:</source>
        <translation>Neue Tasten:</translation>
    </message>
    <message>
        <source>%1 was on “%2”, which has it no more.</source>
        <translation>%1 gehörte zu „%2“; dort gilt es nicht mehr.</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::StartPage</name>
    <message>
        <source>Boards that you open appear here.</source>
        <translation>Boards, die Sie öffnen, erscheinen hier.</translation>
    </message>
    <message>
        <source>Draw, watch and change a network together, live.</source>
        <translation>Ein Netz gemeinsam zeichnen, beobachten und ändern – live.</translation>
    </message>
    <message>
        <source>New board</source>
        <translation>Neues Board</translation>
    </message>
    <message>
        <source>An empty board; it saves by itself.</source>
        <translation>Ein leeres Board; es speichert sich selbst.</translation>
    </message>
    <message>
        <source>Open a board…</source>
        <translation>Board öffnen…</translation>
    </message>
    <message>
        <source>Or drop a .board file anywhere here.</source>
        <translation>Oder eine .board-Datei hierher ziehen.</translation>
    </message>
    <message>
        <source>Import a network…</source>
        <translation>Netz importieren…</translation>
    </message>
    <message>
        <source>GraphML and containerlab files.</source>
        <translation>GraphML- und containerlab-Dateien.</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>A small fibre access network to play with.</source>
        <translation>Ein kleines Glasfaser-Zugangsnetz zum Ausprobieren.</translation>
    </message>
    <message>
        <source>Address of a server</source>
        <translation>Adresse eines Servers</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Anfangen</translation>
    </message>
    <message>
        <source>Join a board on a server</source>
        <translation>Board auf einem Server beitreten</translation>
    </message>
    <message>
        <source>Recent boards</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>%1 finds any command by name · %2 finds a device · drag from the edge of a device to link it · undo takes back only what you did</source>
        <translation>%1 findet jeden Befehl beim Namen · %2 findet ein Gerät · vom Rand eines Geräts ziehen verbindet es · Rückgängig nimmt nur zurück, was Sie selbst getan haben</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::TablesPanel</name>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Interfaces</source>
        <translation>Schnittstellen</translation>
    </message>
    <message>
        <source>Links</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtern</translation>
    </message>
    <message>
        <source>Filter the table</source>
        <translation>Tabelle filtern</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Choose the columns; also by a right click on their titles</source>
        <translation>Spalten auswählen; auch mit einem Rechtsklick auf ihre Titel</translation>
    </message>
    <message>
        <source>Choose the columns</source>
        <translation>Spalten auswählen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::TaskStatus</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::TreePanel</name>
    <message>
        <source>Filter by name, type or address</source>
        <translation>Nach Name, Typ oder Adresse filtern</translation>
    </message>
    <message>
        <source>Tree of the board</source>
        <translation>Baum des Boards</translation>
    </message>
    <message>
        <source>Items that match the filter</source>
        <translation>Elemente, auf die der Filter passt</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::TypePalette</name>
    <message>
        <source>Search device types</source>
        <translation>Gerätetypen suchen</translation>
    </message>
    <message>
        <source>Device types</source>
        <translation>Gerätetypen</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Containers</source>
        <translation>Container</translation>
    </message>
    <message>
        <source>Access network, active</source>
        <translation>Zugangsnetz, aktiv</translation>
    </message>
    <message>
        <source>Access network, passive</source>
        <translation>Zugangsnetz, passiv</translation>
    </message>
    <message>
        <source>This board&apos;s own</source>
        <translation>Eigene dieses Boards</translation>
    </message>
    <message>
        <source>%1: drag it onto the canvas, or click here and then there; Enter adds one</source>
        <translation>%1: auf die Zeichenfläche ziehen, oder erst hier und dann dort klicken; die Eingabetaste fügt eines hinzu</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::UndoStack</name>
    <message>
        <source>Undo %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Redo %1</source>
        <translation>Wiederholen: %1</translation>
    </message>
</context>
<context>
    <name>patchboard::ui::Windows</name>
    <message>
        <source>“%1” is not the address of a server; one looks like ws://host:5001</source>
        <translation>„%1“ ist keine Serveradresse; eine sieht aus wie ws://host:5001</translation>
    </message>
</context>
</TS>
