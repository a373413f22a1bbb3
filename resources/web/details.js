// All that is known of one device or link. Texts of the board become text nodes, never markup.
import { currentLanguage, dateTime, number, say } from "./texts.js";
import { typeInfo } from "./types.js";

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export class Details {
  #board;
  #panel;

  /** `on`: { choose(kind, id), close() } */
  constructor(board, panel, on) {
    this.#board = board;
    this.#panel = panel;
    panel.addEventListener("click", (event) => {
      const target = event.target.closest("button");
      if (!target) return;
      if (target.dataset.kind) on.choose(target.dataset.kind, Number(target.dataset.id));
      else on.close();
    });
  }

  /** Shows an entity; nothing if `kind` is null. */
  show(kind, id) {
    const entity = kind === "device" ? this.#board.devices.get(id) : this.#board.links.get(id);
    this.#panel.hidden = !kind || !entity;
    if (this.#panel.hidden) {
      this.#panel.replaceChildren();
      return;
    }
    const made = element("div", "");
    made.append(...(kind === "device" ? this.#device(entity) : this.#link(entity)));
    const old = this.#panel.firstElementChild;
    if (old?.isEqualNode(made)) return;
    const focused = this.#panel.contains(document.activeElement) ? document.activeElement : null;
    const same = focused?.dataset.id
      ? `button[data-kind="${focused.dataset.kind}"][data-id="${focused.dataset.id}"]`
      : "button.close";
    this.#panel.replaceChildren(made);
    if (focused) (made.querySelector(same) ?? made.querySelector("button.close")).focus();
  }

  #head(icon, title, subtitle) {
    const image = element("img");
    image.src = icon;
    image.alt = "";
    image.width = image.height = 40;
    const close = element("button", "close", "×");
    close.type = "button";
    close.title = say("closeDetails");
    close.ariaLabel = say("closeDetails");
    return element(
      "header",
      "",
      image,
      element("div", "", element("h2", "", title), element("p", "", subtitle)),
      close,
    );
  }

  #facts(rows) {
    const list = element("dl");
    for (const [key, value] of rows) {
      if (value === null || value === undefined || value === "") continue;
      list.append(element("dt", "", say(key)), element("dd", "", value));
    }
    return list;
  }

  #statusRows(entity) {
    const status = this.#board.status(entity);
    const forced = (entity.status_override ?? null) !== null;
    const text = element("span", "", say(status));
    const cell = element("span", "status", element("span", `sign ${status}`), text);
    const rows = [["status", cell]];
    if (forced) {
      text.textContent = say("overridden", { status: say(status) });
      cell.append(element("small", "", say("reported", { status: say(entity.status) })));
      rows.push(
        ["reason", entity.override_reason],
        ["by", entity.override_by],
        ["at", entity.override_at ? dateTime(new Date(entity.override_at)) : null],
      );
    }
    return rows;
  }

  /** What the host computes of a device, while the board wants it. */
  #computedRows(device) {
    const board = this.#board;
    const sign = (word, className) =>
      element("span", "status", element("span", className), element("span", "", say(word)));
    const trouble = board.trouble(device);
    const rows = [];
    if (device.health) {
      const word = device.health;
      rows.push(["health", sign(word, trouble ? `trouble ${trouble}` : `sign ${word}`)]);
    }
    const budget = device.optical_budget;
    if (budget) {
      const source = board.devices.get(budget.olt_id);
      rows.push(
        ["signal", sign(trouble ?? "signalOk", trouble ? `trouble ${trouble}` : "sign UP")],
        ["received", this.#unit(budget.received_dbm, "dBm")],
        ["margin", this.#unit(budget.margin_db, "dB")],
        ["pathLoss", this.#unit(budget.path_loss_db, "dB")],
        ["pathLength", this.#unit(budget.length_km || null, "km")],
        ["lightFrom", source ? this.#button("device", source.id, source.name) : null],
      );
    }
    return rows;
  }

  #button(kind, id, text) {
    const button = element("button", "to", text);
    button.type = "button";
    button.dataset.kind = kind;
    button.dataset.id = id;
    return button;
  }

  #unit(value, unit) {
    return value === null || value === undefined ? null : `${number(value)} ${unit}`;
  }

  #remarks(entity) {
    const parts = [];
    const properties = Object.entries(entity.properties ?? {});
    if (properties.length > 0) {
      const list = element("dl");
      for (const [key, value] of properties)
        list.append(element("dt", "", key), element("dd", "", value));
      parts.push(element("h3", "", say("properties")), list);
    }
    if (entity.notes)
      parts.push(element("h3", "", say("notes")), element("p", "notes", entity.notes));
    return parts;
  }

  #device(device) {
    const board = this.#board;
    const type = typeInfo(device.device_type, board.types, currentLanguage());
    const parent = board.devices.get(device.parent_container_id);
    const parts = [
      this.#head(type.icon, device.name, type.label),
      this.#facts([
        ...this.#statusRows(device),
        ...this.#computedRows(device),
        ["address", device.address],
        ["container", parent ? this.#button("device", parent.id, parent.name) : null],
        ["txPower", this.#unit(device.tx_power_dbm, "dBm")],
        ["sensitivity", this.#unit(device.sensitivity_min_dbm, "dBm")],
        ["insertionLoss", this.#unit(device.insertion_loss_db, "dB")],
      ]),
    ];
    const byName = (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true });
    const children = board
      .childrenOf(device.id)
      .map((id) => board.devices.get(id))
      .sort(byName);
    if (children.length > 0) {
      parts.push(
        element("h3", "", `${say("contains")} (${number(children.length)})`),
        element(
          "ul",
          "",
          ...children
            .slice(0, 200)
            .map((child) =>
              element(
                "li",
                "",
                element("span", `sign ${board.status(child)}`),
                this.#button("device", child.id, child.name),
              ),
            ),
        ),
      );
    }
    const interfaces = board
      .interfacesOf(device.id)
      .map((id) => board.interfaces.get(id))
      .sort(byName);
    if (interfaces.length > 0) {
      parts.push(
        element("h3", "", `${say("interfaces")} (${number(interfaces.length)})`),
        element("ul", "interfaces", ...interfaces.map((each) => this.#interface(each))),
      );
    }
    return [...parts, ...this.#remarks(device)];
  }

  #interface(each) {
    const board = this.#board;
    const status = board.status(each);
    const forced = (each.status_override ?? null) !== null;
    const signs = element("span", "signs", element("span", `sign ${status}`));
    if (forced) signs.prepend(element("span", "sign forced"));
    signs.role = "img";
    signs.ariaLabel = forced ? say("overridden", { status: say(status) }) : say(status);
    signs.title = signs.ariaLabel;
    const row = element("li", "", signs, element("span", "name", each.name));
    row.append(element("small", "", say(each.interface_type.toLowerCase())));
    for (const id of board.linksOf(each.id)) {
      const link = board.links.get(id);
      const other = board.interfaces.get(
        link.a_interface_id === each.id ? link.b_interface_id : link.a_interface_id,
      );
      const device = other && board.devices.get(other.device_id);
      if (!device) continue;
      row.append(
        element(
          "span",
          "end",
          element("span", `sign line ${board.status(link)}`),
          this.#button("device", device.id, device.name),
          element("small", "", other.name),
        ),
      );
    }
    return row;
  }

  #link(link) {
    const board = this.#board;
    const ends = [link.a_interface_id, link.b_interface_id].map((id) => board.interfaces.get(id));
    const devices = ends.map((end) => end && board.devices.get(end.device_id));
    const title = devices.map((device) => device?.name ?? "?").join(" – ");
    return [
      this.#head("/page/icons/interfaces/optical.svg", title, say("link")),
      this.#facts([
        ...this.#statusRows(link),
        ["label", link.label],
        ["length", this.#unit(link.length_km, "km")],
        ["medium", link.physical_medium_id],
        ["loss", this.#unit(link.link_loss_db, "dB")],
      ]),
      element(
        "ul",
        "interfaces",
        ...ends.flatMap((end, at) =>
          end && devices[at]
            ? [
                element(
                  "li",
                  "",
                  element("span", `sign ${board.status(end)}`),
                  this.#button("device", devices[at].id, devices[at].name),
                  element("small", "", end.name),
                ),
              ]
            : [],
        ),
      ),
      ...this.#remarks(link),
    ];
  }
}
