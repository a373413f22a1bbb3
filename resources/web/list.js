// The list of devices: what the search and the filter leave, for eyes, keys and screen readers.
import { currentLanguage, number, say } from "./texts.js";
import { typeInfo } from "./types.js";

const kRows = 200;
const kCollated = 5000; // above, names are put in order by their letters' numbers
export const statuses = ["UP", "DEGRADED", "DOWN"];

export class DeviceList {
  matches = []; // ids, in order
  filter = null; // a status; null: all
  #board;
  #list;
  #filterBar;
  #more;
  #words = [];
  #chosen = 0;
  #order = [];
  #orderOf = -1;
  #texts = new WeakMap();
  #rows = new Map();

  /** `on`: { choose(id), filtered() } */
  constructor(board, { list, filter, more }, on) {
    this.#board = board;
    this.#list = list;
    this.#filterBar = filter;
    this.#more = more;
    this.on = on;
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-device]");
      if (row) on.choose(Number(row.dataset.device));
    });
    list.addEventListener("keydown", (event) => this.#key(event));
    filter.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      this.filter = button.dataset.status || null;
      on.filtered();
    });
  }

  get searches() {
    return this.#words.length > 0 || this.filter !== null;
  }

  search(text) {
    this.#words = text.toLowerCase().split(/\s+/).filter(Boolean);
  }

  choose(id) {
    this.#chosen = id;
    for (const [each, row] of this.#rows) this.#mark(each, row);
  }

  /** Types are called otherwise, or in another language. */
  textsChanged() {
    this.#texts = new WeakMap();
  }

  focusFirst() {
    this.#list.querySelector("[data-device]")?.focus();
  }

  refresh() {
    const board = this.#board;
    if (this.#orderOf !== board.names) {
      this.#orderOf = board.names;
      this.#order = [...board.devices.values()];
      const collator = new Intl.Collator(undefined, { numeric: true });
      this.#order.sort(
        this.#order.length <= kCollated
          ? (a, b) => collator.compare(a.name, b.name)
          : (a, b) => (a.name < b.name ? -1 : 1),
      );
      this.#order = this.#order.map((device) => device.id);
    }
    const counts = { UP: 0, DEGRADED: 0, DOWN: 0 };
    this.matches = [];
    for (const id of this.#order) {
      const device = board.devices.get(id);
      if (!this.#fits(device)) continue;
      const status = board.status(device);
      counts[status] += 1;
      if (this.filter === null || this.filter === status) this.matches.push(id);
    }
    this.#showFilter(counts);
    this.#showRows();
    return counts;
  }

  #fits(device) {
    if (this.#words.length === 0) return true;
    let text = this.#texts.get(device);
    if (text === undefined) {
      const type = typeInfo(device.device_type, this.#board.types, currentLanguage());
      text = [device.name, type.label, device.device_type, device.address ?? ""]
        .join("\n")
        .toLowerCase();
      this.#texts.set(device, text);
    }
    return this.#words.every((word) => text.includes(word));
  }

  #showFilter(counts) {
    const all = counts.UP + counts.DEGRADED + counts.DOWN;
    const buttons = [["", "all", all], ...statuses.map((each) => [each, each, counts[each]])];
    if (this.#filterBar.childElementCount !== buttons.length) {
      this.#filterBar.replaceChildren(
        ...buttons.map(([status]) => {
          const button = document.createElement("button");
          button.type = "button";
          button.dataset.status = status;
          const sign = document.createElement("span");
          sign.className = status ? `sign ${status}` : "";
          button.append(sign, document.createElement("span"));
          return button;
        }),
      );
    }
    buttons.forEach(([status, text, count], at) => {
      const button = this.#filterBar.children[at];
      button.setAttribute("aria-pressed", String((this.filter ?? "") === status));
      button.title = say(text);
      button.setAttribute("aria-label", `${say(text)}: ${number(count)}`);
      button.lastChild.textContent = status ? number(count) : `${say(text)} ${number(count)}`;
    });
  }

  #showRows() {
    const ids = this.matches.slice(0, kRows);
    const rows = new Map();
    for (const id of ids) {
      const row = this.#rows.get(id) ?? this.#makeRow(id);
      this.#fillRow(id, row);
      rows.set(id, row);
    }
    const before = [...this.#rows.keys()];
    this.#rows = rows;
    if (before.length !== ids.length || before.some((id, at) => id !== ids[at])) {
      const focused = this.#list.contains(document.activeElement)
        ? Number(document.activeElement.dataset.device)
        : 0;
      this.#list.replaceChildren(...rows.values());
      if (focused) (rows.get(focused) ?? this.#list).focus();
    }
    const rest = this.matches.length - ids.length;
    if (rest > 0) this.#more.textContent = say("moreRows", { count: number(rest) });
    else if (ids.length === 0 && this.#board.names > 0)
      this.#more.textContent = say(this.#board.devices.size === 0 ? "noDevices" : "noMatch");
    else this.#more.textContent = "";
    const stop = rows.get(this.#chosen) ?? rows.values().next().value;
    for (const row of rows.values()) row.tabIndex = row === stop ? 0 : -1;
  }

  #makeRow(id) {
    const row = document.createElement("li");
    row.role = "option";
    row.dataset.device = id;
    const icon = document.createElement("img");
    icon.alt = "";
    icon.width = icon.height = 24;
    icon.loading = "lazy";
    const name = document.createElement("span");
    name.className = "name";
    const type = document.createElement("span");
    type.className = "type";
    const signs = document.createElement("span");
    signs.className = "signs";
    signs.role = "img";
    for (let i = 0; i < 3; ++i) signs.append(document.createElement("span"));
    row.append(icon, name, type, signs);
    return row;
  }

  #fillRow(id, row) {
    const device = this.#board.devices.get(id);
    const type = typeInfo(device.device_type, this.#board.types, currentLanguage());
    const status = this.#board.status(device);
    const [icon, name, kind, signs] = row.children;
    if (icon.getAttribute("src") !== type.icon) icon.src = type.icon;
    name.textContent = device.name;
    kind.textContent = type.label;
    const forced = device.status_override !== null;
    const trouble = this.#board.trouble(device);
    signs.children[0].className = trouble ? `trouble ${trouble}` : "";
    signs.children[1].className = forced ? "sign forced" : "";
    signs.children[2].className = `sign ${status}`;
    const said = forced ? say("overridden", { status: say(status) }) : say(status);
    signs.title = trouble ? `${said} · ${say(trouble)}` : said;
    signs.ariaLabel = signs.title;
    this.#mark(id, row);
  }

  #mark(id, row) {
    row.ariaSelected = String(id === this.#chosen);
  }

  #key(event) {
    const row = event.target.closest("[data-device]");
    if (!row) return;
    const rows = [...this.#list.children];
    const at = rows.indexOf(row);
    const to = {
      ArrowDown: rows[at + 1],
      ArrowUp: rows[at - 1],
      Home: rows[0],
      End: rows.at(-1),
    }[event.key];
    if (to) {
      to.focus();
      event.preventDefault();
    } else if (event.key === "Enter" || event.key === " ") {
      this.on.choose(Number(row.dataset.device));
      event.preventDefault();
    }
  }
}
