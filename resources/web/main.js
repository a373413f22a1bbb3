// The live page: puts the host, the board, the map, the list and the details together.
import { Board } from "./board.js";
import { Connection } from "./connection.js";
import { Details } from "./details.js";
import { DeviceList } from "./list.js";
import { BoardMap } from "./map.js";
import { currentLanguage, number, say, setLanguage, texts, time } from "./texts.js";
import { typeInfo } from "./types.js";

const kGatherMs = 40; // changes that come within it are shown together
const kLarge = 5000; // devices; above, the list is refreshed less often
const kTokenKey = "patchboard.token";

const part = (id) => document.getElementById(id);
const systemDark = matchMedia("(prefers-color-scheme: dark)");

let chosen = null; // { kind, id }
let changes = { all: false, devices: new Set(), links: new Set() };
let gathering = 0;
let listDue = 0;

const board = new Board((kind, id) => {
  if (kind === "all") {
    changes.all = true;
    list.textsChanged();
  }
  else if (kind === "device") changes.devices.add(id);
  else if (kind === "link") changes.links.add(id);
  gathering ||= setTimeout(show, kGatherMs);
});

const map = new BoardMap(board, part("map"), {
  choose,
  release: () => choose(null),
  hover: showTip,
  leave: () => (part("tip").hidden = true),
});

const list = new DeviceList(
  board,
  { list: part("list"), filter: part("filter"), more: part("list-more") },
  {
    choose: (id) => choose("device", id, true),
    filtered: find,
  },
);

const details = new Details(board, part("details"), {
  choose: (kind, id) => choose(kind, id, true),
  close: () => {
    choose(null);
    part("map").focus();
  },
});

const connection = new Connection(firstToken(), {
  state: showState,
  board: (snapshot) => {
    board.load(snapshot);
    show();
  },
  event: (name, body) => board.apply(name, body),
});

// --- what changed ------------------------------------------------------------------------------

function show() {
  clearTimeout(gathering);
  gathering = 0;
  const { all, devices, links } = changes;
  changes = { all: false, devices: new Set(), links: new Set() };
  if (chosen && !(chosen.kind === "device" ? board.devices : board.links).has(chosen.id))
    choose(null);
  if (all) map.load();
  else map.update(devices, links);
  details.show(chosen?.kind, chosen?.id);
  showNote();
  if (board.devices.size <= kLarge || all) refreshList();
  else listDue ||= setTimeout(refreshList, 500);
}

function refreshList() {
  clearTimeout(listDue);
  listDue = 0;
  list.refresh();
  if (list.searches) map.find(new Set(list.matches));
  showSummary();
}

function showSummary() {
  const title = board.title || "Patchboard";
  part("title").textContent = title;
  document.title = board.title ? `${title} – Patchboard` : title;
  part("summary").textContent =
    board.names === 0 // nothing came yet
      ? ""
      : say("summary", { devices: number(board.devices.size), links: number(board.links.size) });
}

function showNote() {
  const note = part("note");
  const around = board.devices.get(map.around);
  note.hidden = !map.isPart || !around;
  if (note.hidden) return;
  const text = say("large", {
    total: number(board.devices.size),
    shown: number(map.shown),
    name: around.name,
  });
  if (note.textContent !== text) note.textContent = text;
}

// --- choosing and finding ----------------------------------------------------------------------

/** `reveal`: it was chosen elsewhere than on the map, which shall show it. */
function choose(kind, id, reveal = false) {
  chosen = kind ? { kind, id } : null;
  const wasHidden = part("details").hidden;
  details.show(kind, id);
  if (part("details").hidden !== wasHidden) map.resized();
  list.choose(kind === "device" ? id : 0);
  map.choose(kind, id);
  if (reveal && kind === "device") {
    map.centreOn(id);
    map.reveal(id);
  }
  showNote();
  if (kind === "device" && board.devices.has(id)) {
    const device = board.devices.get(id);
    const type = typeInfo(device.device_type, board.types, currentLanguage());
    const trouble = board.trouble(device);
    const said = [device.name, type.label, say(board.status(device)), trouble && say(trouble)];
    speak(said.filter(Boolean).join(", "));
  }
}

function find() {
  list.search(part("search").value);
  list.refresh();
  map.find(list.searches ? new Set(list.matches) : null);
}

function showTip(kind, id, x, y) {
  const tip = part("tip");
  if (kind === "device") {
    const device = board.devices.get(id);
    if (!device) return;
    const type = typeInfo(device.device_type, board.types, currentLanguage());
    const trouble = board.trouble(device);
    tip.textContent = [device.name, type.label, statusText(device), trouble && say(trouble)]
      .filter(Boolean)
      .join(" · ");
  } else {
    const link = board.links.get(id);
    if (!link) return;
    const ends = [link.a_interface_id, link.b_interface_id].map((end) => {
      const each = board.interfaces.get(end);
      return `${board.devices.get(each?.device_id)?.name} ${each?.name}`;
    });
    tip.textContent = `${ends.join(" – ")} · ${statusText(link)}`;
  }
  tip.hidden = false;
  const stage = part("stage");
  tip.style.left = `${Math.max(4, Math.min(x + 14, stage.clientWidth - tip.offsetWidth - 4))}px`;
  tip.style.top = `${Math.max(4, Math.min(y + 18, stage.clientHeight - tip.offsetHeight - 4))}px`;
}

function statusText(entity) {
  const status = say(board.status(entity));
  if ((entity.status_override ?? null) === null) return status;
  const reason = entity.override_reason ? ` (${entity.override_reason})` : "";
  return say("overridden", { status }) + reason;
}

function speak(text) {
  part("spoken").textContent = text;
}

// --- the host ----------------------------------------------------------------------------------

function showState() {
  const { state } = connection;
  const word = say(state === "refused" ? "tokenNeeded" : state);
  if (part("state").dataset.state !== state || part("state-word").textContent !== word) {
    part("state").dataset.state = state;
    part("state-word").textContent = word;
    part("state").title = say(
      { live: "liveHint", connecting: "connectingHint", refused: "signIn" }[state] ?? "lostEmptyHint",
    );
    speak(word);
  }
  const lost = state === "reconnecting" || state === "offline";
  part("message").hidden = !lost;
  document.body.classList.toggle("stale", lost);
  if (lost) {
    part("message-text").textContent = connection.liveAt
      ? say("lostHint", { time: time(connection.liveAt) })
      : say("lostEmptyHint");
    showWait();
  }
  const dialog = part("sign-in");
  if (state === "refused" && !dialog.open) {
    part("sign-in-wrong").hidden = !connection.token;
    sessionStorage.removeItem(kTokenKey);
    dialog.showModal();
  } else if (state !== "refused" && dialog.open) {
    dialog.close();
  }
}

function showWait() {
  const seconds = Math.ceil((connection.retryAt - Date.now()) / 1000);
  part("retry-in").textContent = seconds > 0 ? say("retryIn", { seconds }) : "";
  part("retry").disabled = seconds <= 0;
}

setInterval(() => {
  if (!part("message").hidden) showWait();
}, 500);
part("retry").addEventListener("click", () => connection.retry());

/** A token comes in the address, after #, or from before in this tab. It leaves the address. */
function firstToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(kTokenKey, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(kTokenKey) ?? "";
}

part("sign-in").addEventListener("close", () => {
  const token = part("token").value.trim();
  part("token").value = "";
  if (connection.state !== "refused") return;
  if (token) sessionStorage.setItem(kTokenKey, token);
  connection.start(token);
});

// --- looks and language ------------------------------------------------------------------------

function remembered(key) {
  try {
    return localStorage.getItem(`patchboard.${key}`);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(`patchboard.${key}`, value);
  } catch {
    // it lasts as long as the page
  }
}

function applyTheme() {
  const choice = part("theme").value;
  const dark = choice === "system" ? systemDark.matches : choice === "dark";
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  map.setTheme(dark ? "dark" : "light");
}

function applyLanguage() {
  setLanguage(part("language").value);
  document.documentElement.lang = currentLanguage();
  for (const each of document.querySelectorAll("[data-text]"))
    each.textContent = say(each.dataset.text);
  for (const each of document.querySelectorAll("[data-hint]"))
    each.placeholder = say(each.dataset.hint);
  for (const each of document.querySelectorAll("[data-name]"))
    each.ariaLabel = say(each.dataset.name);
  for (const each of document.querySelectorAll("[data-title]"))
    each.title = each.ariaLabel = say(each.dataset.title);
  list.textsChanged();
  list.refresh();
  map.refreshTexts();
  details.show(chosen?.kind, chosen?.id);
  showNote();
  showSummary();
  showState();
}

part("theme").value = remembered("theme") ?? "system";
if (!part("theme").value) part("theme").value = "system";
const wanted = remembered("language") ?? navigator.language.slice(0, 2);
part("language").value = wanted in texts ? wanted : "en";
part("theme").addEventListener("change", () => {
  remember("theme", part("theme").value);
  applyTheme();
});
part("language").addEventListener("change", () => {
  remember("language", part("language").value);
  applyLanguage();
});
systemDark.addEventListener("change", applyTheme);

// --- hands and keys ----------------------------------------------------------------------------

part("search").addEventListener("input", find);
part("search").addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") {
    list.focusFirst();
    event.preventDefault();
  } else if (event.key === "Enter" && list.matches.length > 0) {
    choose("device", list.matches[0], true);
  }
});
part("zoom-in").addEventListener("click", () => map.zoomBy(1.3));
part("zoom-out").addEventListener("click", () => map.zoomBy(1 / 1.3));
part("zoom-fit").addEventListener("click", () => map.fit());

part("map").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const way = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  }[event.key];
  if (way && event.shiftKey) {
    map.panBy(-60 * way[0], -60 * way[1]);
  } else if (way) {
    const next = map.neighbourOf(chosen?.kind === "device" ? chosen.id : 0, ...way);
    if (next !== undefined) {
      choose("device", next);
      map.reveal(next);
    }
  } else if (event.key === "+" || event.key === "=") {
    map.zoomBy(1.3);
  } else if (event.key === "-") {
    map.zoomBy(1 / 1.3);
  } else if (event.key === "0") {
    map.fit();
  } else if (event.key === "Enter" && chosen) {
    if (map.isPart && chosen.kind === "device") map.centreOn(chosen.id);
    part("details").querySelector("button")?.focus();
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing) {
    part("search").focus();
    event.preventDefault();
  } else if (event.key === "Escape" && !part("sign-in").open) {
    if (part("search").value !== "" || list.filter !== null) {
      part("search").value = "";
      list.filter = null;
      find();
    } else if (chosen) {
      choose(null);
    }
  }
});

new ResizeObserver(() => map.resized()).observe(part("map"));

applyTheme();
applyLanguage();
connection.start();
