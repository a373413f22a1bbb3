// The built-in device types, as the catalogue has them: English, German. Their icons are called as
// they are, in lower case.
const kTypes = {
  BACKBONE_GATEWAY: ["Backbone gateway", "Backbone-Gateway"],
  CORE_ROUTER: ["Core router", "Core-Router"],
  EDGE_ROUTER: ["Edge router", "Edge-Router"],
  OLT: ["OLT", "OLT"],
  AON_SWITCH: ["AON switch", "AON-Switch"],
  ONT: ["ONT", "ONT"],
  BUSINESS_ONT: ["Business ONT", "Business-ONT"],
  AON_CPE: ["AON CPE", "AON-CPE"],
  POP: ["POP", "POP"],
  CORE_SITE: ["Core site", "Kernstandort"],
  ODF: ["ODF", "ODF"],
  NVT: ["NVT", "NVT"],
  SPLITTER: ["Splitter", "Splitter"],
  HOP: ["HOP", "HOP"],
  ROUTER: ["Router", "Router"],
  SWITCH: ["Switch", "Switch"],
  FIREWALL: ["Firewall", "Firewall"],
  HOST: ["Host", "Host"],
  SERVER: ["Server", "Server"],
  ACCESS_POINT: ["Access point", "Access Point"],
  CLOUD: ["Cloud", "Cloud"],
  GENERIC: ["Generic", "Allgemein"],
  GROUP: ["Group", "Gruppe"],
};
const kContainers = ["POP", "CORE_SITE", "GROUP"];

/** What a type is called and looks like. `own`: the types of the board, by key. */
export function typeInfo(key, own, language) {
  const builtIn = kTypes[key];
  if (builtIn) {
    return {
      label: builtIn[language === "de" ? 1 : 0],
      icon: iconOf(key),
      container: kContainers.includes(key),
    };
  }
  const type = own.get(key);
  return {
    label: type?.label || key,
    icon: iconOf(type?.icon ?? "GENERIC"),
    container: type?.container ?? false,
  };
}

function iconOf(key) {
  const known = key.toUpperCase() in kTypes ? key.toLowerCase() : "generic";
  return `/page/icons/devices/${known}.svg`;
}
