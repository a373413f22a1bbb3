// Every text of the page, in its two languages.
export const texts = {
  en: {
    live: "Live",
    connecting: "Connecting…",
    reconnecting: "Reconnecting…",
    offline: "Offline",
    tokenNeeded: "Token needed",
    liveHint: "What others change appears here at once.",
    connectingHint: "The host is being asked for the board.",
    lostHint: "The host does not answer. This is the board as it was at {time}.",
    lostEmptyHint: "The host does not answer.",
    retryIn: "Next attempt in {seconds} s.",
    retryNow: "Reconnect Now",
    search: "Search",
    searchHint: "Name, type or address",
    language: "Language",
    colours: "Colours",
    coloursSystem: "As the system",
    coloursLight: "Light",
    coloursDark: "Dark",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    fit: "Show everything",
    devices: "Devices",
    links: "Links",
    interfaces: "Interfaces",
    all: "All",
    UP: "Up",
    DEGRADED: "Degraded",
    DOWN: "Down",
    overridden: "Forced: {status}",
    reported: "Reported: {status}",
    reason: "Reason",
    by: "Forced by",
    at: "Forced at",
    type: "Type",
    status: "Status",
    container: "Container",
    contains: "Contains",
    address: "Address",
    txPower: "Transmit power",
    sensitivity: "Receiver sensitivity",
    insertionLoss: "Insertion loss",
    length: "Length",
    medium: "Medium",
    loss: "Loss",
    label: "Label",
    notes: "Notes",
    properties: "Properties",
    link: "Link",
    notLinked: "not linked",
    close: "Close",
    closeDetails: "Close details",
    noDevices: "There is nothing on this board yet.",
    noMatch: "Nothing on this board matches.",
    moreRows: "{count} more. Search to narrow the list.",
    map: "Map of the board",
    mapHint:
      "Arrow keys go from device to device, with Shift they move the map; plus and minus zoom, 0 shows everything, Escape lets go.",
    summary: "{devices} devices, {links} links",
    large:
      "{total} devices are too many for one map. It shows {shown} around {name}; choose another in the list, or double-click one.",
    hiddenLinks: "{name}  +{count}",
    details: "Details",
    list: "List of devices",
    signIn: "This host asks for a token",
    signInHint: "Whoever runs it can give you one. It is kept until this tab is closed.",
    signInWrong: "The host did not take this token.",
    token: "Token",
    open: "Open the board",
    licences: "Licences",
    skip: "To the list of devices",
    ethernet: "Ethernet",
    optical: "Optical",
    loopback: "Loopback",
  },
  de: {
    live: "Live",
    connecting: "Verbinden …",
    reconnecting: "Neu verbinden …",
    offline: "Offline",
    tokenNeeded: "Token nötig",
    liveHint: "Was andere ändern, erscheint hier sofort.",
    connectingHint: "Das Board wird beim Server abgefragt.",
    lostHint: "Der Server antwortet nicht. Dies ist das Board, wie es um {time} war.",
    lostEmptyHint: "Der Server antwortet nicht.",
    retryIn: "Neuer Versuch in {seconds} s.",
    retryNow: "Jetzt neu verbinden",
    search: "Suchen",
    searchHint: "Name, Typ oder Adresse",
    language: "Sprache",
    colours: "Farben",
    coloursSystem: "Wie das System",
    coloursLight: "Hell",
    coloursDark: "Dunkel",
    zoomIn: "Vergrößern",
    zoomOut: "Verkleinern",
    fit: "Alles zeigen",
    devices: "Geräte",
    links: "Verbindungen",
    interfaces: "Schnittstellen",
    all: "Alle",
    UP: "Aktiv",
    DEGRADED: "Beeinträchtigt",
    DOWN: "Ausgefallen",
    overridden: "Vorgegeben: {status}",
    reported: "Gemeldet: {status}",
    reason: "Grund der Vorgabe",
    by: "Vorgegeben von",
    at: "Vorgegeben am",
    type: "Typ",
    status: "Status",
    container: "Container",
    contains: "Enthält",
    address: "Adresse",
    txPower: "Sendeleistung",
    sensitivity: "Empfindlichkeit",
    insertionLoss: "Einfügedämpfung",
    length: "Länge",
    medium: "Medium",
    loss: "Dämpfung",
    label: "Beschriftung",
    notes: "Notizen",
    properties: "Eigenschaften",
    link: "Verbindung",
    notLinked: "nicht verbunden",
    close: "Schließen",
    closeDetails: "Einzelheiten schließen",
    noDevices: "Auf diesem Board ist noch nichts.",
    noMatch: "Nichts auf diesem Board passt dazu.",
    moreRows: "{count} weitere. Eine Suche verkürzt die Liste.",
    map: "Karte des Boards",
    mapHint:
      "Pfeiltasten gehen von Gerät zu Gerät, mit Umschalt bewegen sie die Karte; Plus und Minus ändern die Größe, 0 zeigt alles, Escape lässt los.",
    summary: "{devices} Geräte, {links} Verbindungen",
    large:
      "{total} Geräte sind zu viele für eine Karte. Sie zeigt {shown} um {name}; wählen Sie ein anderes in der Liste, oder doppelklicken Sie eines.",
    hiddenLinks: "{name}  +{count}",
    details: "Einzelheiten",
    list: "Liste der Geräte",
    signIn: "Dieser Server verlangt ein Token",
    signInHint: "Wer ihn betreibt, kann Ihnen eines geben. Es gilt, bis dieser Tab geschlossen wird.",
    signInWrong: "Der Server hat dieses Token nicht angenommen.",
    token: "Token",
    open: "Board öffnen",
    licences: "Lizenzen",
    skip: "Zur Liste der Geräte",
    ethernet: "Ethernet",
    optical: "Optisch",
    loopback: "Loopback",
  },
};

let language = "en";

export function currentLanguage() {
  return language;
}

export function setLanguage(code) {
  language = code in texts ? code : "en";
}

/** The text of a key, with {names} in it replaced by values. */
export function say(key, values = {}) {
  return texts[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function number(value) {
  return value.toLocaleString(language);
}

export function time(date) {
  return date.toLocaleTimeString(language);
}

export function dateTime(date) {
  return date.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}
