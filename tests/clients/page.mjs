// The host's live page in Chromium: what others do appears, a host that dies and comes back is
// followed, nothing is asked of anybody else.
// Usage: node page.mjs PATCHBOARD-SERVER [--pictures FOLDER]
import assert from "node:assert/strict";
import { join } from "node:path";
import { texts } from "../../resources/web/texts.js";
import { Board } from "../../resources/web/board.js";
import { typeInfo } from "../../resources/web/types.js";
import { Browser } from "./browser.mjs";
import { serveOldPage } from "./oldpage.mjs";
import { Host, check, done, until } from "./support.mjs";

const [program, option, pictures] = process.argv.slice(2);
assert.ok(program && (option === undefined || (option === "--pictures" && pictures)));
const host = new Host(program);
await host.start("--demo");
const { http } = host;
const call = host.call.bind(host);
const browser = await Browser.start();
const page = await browser.page({ width: 1440, height: 900 });
const picture = (name, of = page) => pictures && of.picture(join(pictures, `${name}.png`));

// What stands on the map and beside it.
const cy = `document.querySelector("#map")._cyreg.cy`;
const node = (name) => `${cy}.nodes().filter((each) => each.data("label") === ${JSON.stringify(name)})`;
const state = (word, of = page) => of.until(`document.querySelector("#state-word").textContent === ${JSON.stringify(word)}`);
const rows = `[...document.querySelectorAll("#list .name")].map((each) => each.textContent)`;
const shown = (name) => page.until(`${node(name)}.length === 1 && ${rows}.includes(${JSON.stringify(name)})`);
const gone = (name) => page.until(`${node(name)}.length === 0 && !${rows}.includes(${JSON.stringify(name)})`);
const signOf = (name) => `(() => {
  const row = [...document.querySelectorAll("#list li")].find((each) => each.querySelector(".name").textContent === ${JSON.stringify(name)});
  return row?.querySelector(".signs").title;
})()`;
const details = `document.querySelector("#details").innerText`;
const choose = (name) => page.value(`[...document.querySelectorAll("#list li")].find((each) => each.querySelector(".name").textContent === ${JSON.stringify(name)}).click()`);

await check("the page says the same in both languages", () => {
  assert.deepEqual(Object.keys(texts.en).sort(), Object.keys(texts.de).sort());
  for (const key of Object.keys(texts.en)) {
    const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort();
    assert.deepEqual(places(texts.en[key]), places(texts.de[key]), key);
  }
});

await check("it is served as pages should be", async () => {
  const first = await fetch(`${http}/`, { headers: { accept: "text/html" } });
  assert.equal(first.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(first.headers.get("content-security-policy"), /^default-src 'none'; script-src 'self';/);
  assert.doesNotMatch(first.headers.get("content-security-policy"), /unsafe|http|\*/);
  const tag = first.headers.get("etag");
  const again = await fetch(`${http}/`, { headers: { "if-none-match": tag } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), "");
  const head = await fetch(`${http}/page/main.js`, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.match(head.headers.get("content-type"), /^text\/javascript/);
  assert.equal((await fetch(`${http}/page/none.js`)).status, 404);
  assert.equal((await fetch(`${http}/page/%2e%2e/patchboard.svg`)).status, 404);
  assert.equal((await fetch(`${http}/`, { method: "POST" })).status, 405);
  const asProgram = await fetch(`${http}/`, { headers: { accept: "application/json" } });
  assert.equal(asProgram.status, 404);
  assert.deepEqual(await asProgram.json(), { detail: "Not Found" });
  const licences = await (await fetch(`${http}/page/licences.txt`)).text();
  for (const name of ["Cytoscape Consortium", "Guillermo Rauch", "Component"]) assert.ok(licences.includes(name), name);
});

await check("the demo board is there", async () => {
  await page.open(http);
  await state("Live");
  await shown("BackboneGW1");
  assert.equal(await page.value(`${cy}.nodes().length`), 10);
  assert.equal(await page.value(`${cy}.edges().length`), 8);
  assert.deepEqual(await page.value(`${cy}.edges(".DEGRADED").map((each) => each.target().data("label"))`), ["ONT4"]);
  assert.equal(await page.value(`${node("OLT1")}.data("pictures")[0]`), "/page/icons/devices/olt.svg");
  assert.equal(await page.value(signOf("ONT4")), "Degraded");
  assert.equal(await page.value(`document.querySelector("#summary").textContent`), "10 devices, 8 links");
});

let made;
await check("a board's title and types of its own follow", async () => {
  await call("PATCH", "/api/board", { title: "Lab <1>" });
  await page.until(`document.querySelector("#title").textContent === "Lab <1>" && document.title === "Lab <1> – Patchboard"`);
  await call("PATCH", "/api/board", { title: "" });
  await page.until(`document.querySelector("#title").textContent === "Patchboard"`);
  const board = new Board(() => {});
  const type = { id: 7, key: "MUX", label: "Multiplexer", icon: "SPLITTER", container: false };
  board.apply("device_type:created", type);
  assert.equal(typeInfo("MUX", board.types, "en").icon, "/page/icons/devices/splitter.svg");
  board.apply("device_type:updated", { ...type, key: "WDM", label: "WDM" });
  assert.equal(typeInfo("WDM", board.types, "en").label, "WDM");
  assert.equal(typeInfo("MUX", board.types, "en").label, "MUX");
  board.apply("device_type:deleted", { id: 7 });
  assert.equal(board.types.size, 0);
});

await check("what others make appears", async () => {
  made = (await call("POST", "/api/devices/provision", { name: "CoreRouter3", device_type: "CORE_ROUTER", x: 420, y: 100 })).device;
  await shown("CoreRouter3");
  assert.equal(await page.value(signOf("CoreRouter3")), "Down");
  assert.deepEqual(await page.value(`${node("CoreRouter3")}.position()`), { x: 420, y: 100 });
  await call("PATCH", `/api/devices/${made.id}`, { x: 440, y: 110.5 });
  await page.until(`${node("CoreRouter3")}.position("y") === 110.5`);
});

await check("an override appears, with its reason, and goes", async () => {
  await choose("CoreRouter3");
  await page.until(`${details}.includes("mgmt0")`);
  await call("PATCH", `/api/devices/${made.id}/override`, { status_override: "UP", override_reason: "in the lab" });
  await page.until(`${signOf("CoreRouter3")} === "Forced: Up"`);
  await page.until(`${details}.includes("in the lab") && ${details}.includes("Reported: Down")`);
  assert.match(await page.value(`${node("CoreRouter3")}.data("pictures").join()`), /,none,.*override-light\.svg$/);
  await picture("page-chosen");
  await call("DELETE", `/api/devices/${made.id}/override`);
  await page.until(`${signOf("CoreRouter3")} === "Down" && !${details}.includes("in the lab")`);
});

let link;
await check("a link appears, with its ends, and goes", async () => {
  const other = (await call("GET", "/api/devices")).find((each) => each.name === "CoreRouter2");
  link = (await call("POST", "/api/links/create-simple", { device_a_id: made.id, device_b_id: other.id, link_type: "fiber" })).link;
  const edge = `${cy}.getElementById("l${link.id}")`;
  await page.until(`${edge}.length === 1 && ${details}.includes("CoreRouter2")`);
  assert.deepEqual(await page.value(`[${edge}.data("a"), ${edge}.data("b")]`), ["port3", "port3"]);
  await call("PATCH", `/api/links/${link.id}`, { status: "DEGRADED" });
  await page.until(`${edge}.hasClass("DEGRADED")`);
  await page.value(`void ${edge}.emit("tap")`);
  await page.until(`${details}.includes("CoreRouter3 – CoreRouter2")`);
  await call("DELETE", `/api/links/${link.id}`);
  await page.until(`${edge}.length === 0 && document.querySelector("#details").hidden`);
});

await check("containers hold what lies in them", async () => {
  const pop = await call("POST", "/api/devices", { name: "POP North", device_type: "POP", x: 600, y: 300 });
  await shown("POP North");
  await call("PATCH", `/api/devices/${made.id}`, { parent_container_id: pop.id });
  await page.until(`${node("CoreRouter3")}.data("parent") === "d${pop.id}"`);
  await page.until(`${cy}.getElementById("d${pop.id}").data("label") === "POP North   ■ 1"`);
  await call("PATCH", `/api/devices/${made.id}`, { status: "UP" });
  await shown("POP North");
  await call("DELETE", `/api/devices/${pop.id}`);
  await gone("POP North");
  assert.equal(await page.value(`${node("CoreRouter3")}.isOrphan()`), true);
});

await check("a device that is deleted goes, and its details with it", async () => {
  await choose("CoreRouter3");
  await page.until(`!document.querySelector("#details").hidden`);
  await call("DELETE", `/api/devices/${made.id}`);
  await gone("CoreRouter3");
  assert.equal(await page.value(`document.querySelector("#details").hidden`), true);
});

await check("search and filter leave what fits", async () => {
  await page.key("/");
  await page.type("edge router");
  await page.until(`${rows}.length === 2`);
  assert.deepEqual(await page.value(rows), ["EdgeRouter1", "EdgeRouter2"]);
  assert.equal(await page.value(`${cy}.nodes(".found").length`), 2);
  assert.equal(await page.value(`${cy}.nodes(".faded").length`), 8);
  await page.key("ArrowDown");
  await page.key("ArrowDown");
  await page.key("Enter");
  await page.until(`document.querySelector("#details h2")?.textContent === "EdgeRouter2"`);
  await page.key("Escape");
  await page.until(`${rows}.length === 10 && ${cy}.nodes(".faded").length === 0`);
  await page.key("Escape");
  await page.until(`document.querySelector("#details").hidden`);
  await page.clickOn(`#filter [data-status="DEGRADED"]`);
  await page.until(`${rows}.join() === "ONT4"`);
  await page.clickOn(`#filter [data-status=""]`);
  await page.until(`${rows}.length === 10`);
});

await check("keys alone reach everything", async () => {
  await page.value(`document.querySelector("#map").focus()`);
  await page.key("ArrowDown");
  await page.until(`!document.querySelector("#details").hidden`);
  const first = await page.value(`document.querySelector("#details h2").textContent`);
  await page.key("ArrowUp");
  await page.until(`document.querySelector("#details h2").textContent !== ${JSON.stringify(first)}`);
  const zoom = await page.value(`${cy}.zoom()`);
  await page.key("+");
  await page.until(`${cy}.zoom() > ${zoom}`);
  await page.key("0");
  await page.key("Enter");
  await page.until(`document.activeElement.closest("#details") !== null`);
  await page.key("Escape");
  await page.until(`document.querySelector("#details").hidden`);
});

await check("names of interfaces stand at the links of what the mouse is over", async () => {
  const at = await page.value(`(() => {
    const box = document.querySelector("#map").getBoundingClientRect();
    const place = ${node("OLT1")}.renderedPosition();
    return [box.x + place.x, box.y + place.y];
  })()`);
  await page.move(...at);
  await page.until(`!document.querySelector("#tip").hidden && document.querySelector("#tip").textContent.startsWith("OLT1 · OLT · Up")`);
  assert.equal(await page.value(`${cy}.edges(".near").length`), 5);
  await page.click(...at);
  await page.until(`document.querySelector("#details h2")?.textContent === "OLT1"`);
  await page.move(400, 850);
  await page.until(`document.querySelector("#tip").hidden`);
  assert.equal(await page.value(`${cy}.edges(".near").length`), 5);
  await picture("page-light");
  await page.key("Escape");
});

await check("light and dark, English and German", async () => {
  const colour = `getComputedStyle(document.body).backgroundColor`;
  const light = await page.value(colour);
  await page.dark(true);
  await page.until(`${colour} !== ${JSON.stringify(light)}`);
  assert.match(await page.value(`${node("OLT1")}.data("pictures")[1]`), /up-dark\.svg$/);
  const choice = (id, value) => page.value(`(() => {
    const select = document.querySelector("#${id}");
    select.value = "${value}";
    select.dispatchEvent(new Event("change"));
  })()`);
  await choice("theme", "light");
  await page.until(`${colour} === ${JSON.stringify(light)}`);
  await choice("theme", "dark");
  await choice("language", "de");
  await page.until(`document.documentElement.lang === "de" && document.querySelector("#summary").textContent === "10 Geräte, 8 Verbindungen"`);
  await picture("page-dark-de");
  await page.open(http);
  await page.until(`document.documentElement.lang === "de" && document.documentElement.dataset.theme === "dark"`);
  await state("Live");
  await choice("theme", "system");
  await choice("language", "en");
  await page.dark(false);
  const german = await browser.page({ language: "de-DE" });
  await german.open(http);
  await german.until(`${rows}.length === 10 && document.querySelector("#list .type").textContent === "Backbone-Gateway"`);
  assert.deepEqual(german.errors, []);
});

await check("nothing went wrong, and only the host was asked", () => {
  assert.deepEqual(page.errors, []);
  const origins = [http, http.replace("http", "ws")];
  assert.ok(page.requests.length > 30);
  for (const url of page.requests) assert.ok(origins.some((each) => url.startsWith(`${each}/`)), url);
});

await check("a killed host: the page says so, keeps the board, and is right when it is back", async () => {
  await host.stop("SIGKILL");
  await state("Reconnecting…");
  await page.until(`!document.querySelector("#message").hidden && document.querySelector("#message-text").textContent.includes("as it was at")`);
  assert.equal(await page.value(`${cy}.nodes().length`), 10);
  await state("Offline");
  await picture("page-offline");
  // Another one changes the board before the page is back.
  await host.start();
  await call("POST", "/api/devices", { name: "meanwhile", device_type: "HOST", x: 500, y: 50 });
  const ont = (await call("GET", "/api/devices")).find((each) => each.name === "ONT2");
  await call("DELETE", `/api/devices/${ont.id}`);
  await page.clickOn("#retry");
  await state("Live");
  await shown("meanwhile");
  await gone("ONT2");
  assert.equal(await page.value(`document.querySelector("#message").hidden`), true);
  assert.equal(await page.value(`${cy}.edges().length`), 7);
  await call("POST", "/api/devices", { name: "afterwards", device_type: "HOST", x: 560, y: 50 });
  await shown("afterwards");
});

await check("a host that ends in order is followed without a hand", async () => {
  await host.stop();
  await state("Reconnecting…");
  await host.start();
  await state("Live");
  await call("POST", "/api/devices", { name: "again", device_type: "HOST", x: 620, y: 50 });
  await shown("again");
});

await check("changes that come while the board is fetched are not lost", async () => {
  // Many at once, from the moment the page asks.
  const busy = await browser.page();
  await busy.send("Page.navigate", { url: http });
  let wanted = 0;
  for (; wanted < 60; ++wanted)
    await call("POST", "/api/devices", { name: `busy ${wanted}`, device_type: "HOST", x: wanted * 60, y: 600 });
  await state("Live", busy);
  await busy.until(`${cy}.nodes().filter((each) => each.data("label").startsWith("busy")).length === 60`);
  assert.deepEqual(busy.errors, []);
});

await check("of a board that is too large for a map it shows a part", async () => {
  const hosts = [];
  for (let i = 0; i < 2100; ++i)
    hosts.push({ op: "create", kind: "device", ref: `h${i}`, fields: { name: `host-${i}`, device_type: "HOST", x: (i % 50) * 80, y: 800 + Math.floor(i / 50) * 80 } });
  const ports = [];
  for (let i = 0; i < 300; ++i) {
    ports.push({ op: "create", kind: "interface", ref: `p${i}`, fields: { name: "p", interface_type: "ETHERNET", device_id: `h${i}` } });
    ports.push({ op: "create", kind: "interface", ref: `q${i}`, fields: { name: `q${i}`, interface_type: "ETHERNET", device_id: "h2000" } });
    ports.push({ op: "create", kind: "link", fields: { a_interface_id: `p${i}`, b_interface_id: `q${i}` } });
  }
  await call("POST", "/api/batch", { edits: [...hosts, ...ports] });
  const note = `document.querySelector("#note").textContent`;
  // Events come in pieces: which device is in the middle at first depends on how much was there.
  await page.until(`!document.querySelector("#note").hidden && document.querySelector("#summary").textContent.includes("2,1")`);
  const find = async (name) => {
    await page.value(`document.querySelector("#search").value = "${name}", document.querySelector("#search").dispatchEvent(new Event("input"))`);
    await page.until(`${rows}.join() === "${name}"`);
    await page.value(`document.querySelector("#list li").click()`);
  };
  await find("host-2000");
  await page.until(`${note}.includes("250 around host-2000")`);
  assert.equal(await page.value(`${cy}.nodes().length`), 250);
  await page.until(`${node("host-2000  +51")}.length === 1`);
  await find("host-299");
  await page.until(`${note}.includes("250 around host-299") && ${cy}.nodes(".chosen").data("label") === "host-299"`);
  await call("PATCH", `/api/devices/${(await call("GET", "/api/devices?name=host-299"))[0].id}`, { status: "UP" });
  await page.until(`${cy}.nodes(".chosen").data("pictures")[1].includes("up-light")`);
  await picture("page-large");
  await page.key("Escape");
  await page.key("Escape");
  // What lies far away changes nothing here, what joins does.
  await call("POST", "/api/devices", { name: "elsewhere", device_type: "HOST" });
  await page.until(`document.querySelector("#summary").textContent.startsWith("2,1")`);
  await call("POST", "/api/seed");
  await page.until(`document.querySelector("#note").hidden && ${cy}.nodes().length === 10 && ${cy}.edges().length === 8`);
  assert.deepEqual(page.errors.filter((each) => !each.includes("ERR_CONNECTION")), []);
});

await check("what is computed shows, and follows", async () => {
  const board = new Board(() => {});
  board.apply("device:created", { id: 1, name: "a", parent_container_id: null });
  board.apply("device:computed", { id: 1, optical_budget: { signal: "CRITICAL", overloaded: false } });
  board.apply("device:updated", { id: 1, name: "b", parent_container_id: null });
  assert.equal(board.trouble(board.devices.get(1)), "CRITICAL");
  board.apply("device:computed", { id: 1 });
  assert.equal(board.trouble(board.devices.get(1)), null);
  board.apply("device:computed", { id: 2, health: "DOWN" });
  assert.equal(board.devices.size, 1);

  const id = async (name) => (await call("GET", `/api/devices?name=${name}`))[0].id;
  const [first, second, third, fourth] = await Promise.all(["ONT1", "ONT2", "ONT3", "ONT4"].map(id));
  const pon = (await call("GET", `/api/devices/${first}/interfaces`)).find((each) => each.name === "pon0").id;
  const drop = (await call("GET", "/api/links")).find((each) => each.b_interface_id === pon).id;
  const pop = (await call("POST", "/api/devices", { name: "POP West", device_type: "POP", x: 500, y: 300 })).id;
  await shown("POP West");
  await choose("ONT1");
  await page.until(`${details}.includes("ONT1")`);
  assert.equal(await page.value(`${details}.includes("Optical signal")`), false);
  // The whole board is read again.
  await call("PATCH", "/api/board", { computed_status: true });
  await page.until(`${details}.includes("Optical signal") && ${details}.includes("33 dB")`);
  assert.equal(await page.value(signOf("ONT1")), "Up");
  assert.equal(await page.value(signOf("POP West")), "Down");
  const picturesOf = (name) => `${node(name)}.data("pictures").join()`;
  for (const [loss, sign, word, margin] of [
    [29.5, "warning", "Low optical margin", "3.5 dB"],
    [31, "critical", "Critical optical margin", "2 dB"],
    [33.5, "no_signal", "No signal", "-0.5 dB"],
  ]) {
    await call("PATCH", `/api/links/${drop}`, { link_loss_db: loss });
    await page.until(`${signOf("ONT1")} === "Up · ${word}"`);
    await page.until(`${details}.includes("${word}") && ${details}.includes("${margin}")`);
    assert.ok((await page.value(picturesOf("ONT1"))).includes(`/page/badges/${sign}-light.svg`));
  }
  // What else changes of it leaves that as it is.
  await call("PATCH", `/api/devices/${first}`, { notes: "looked at", status: "DEGRADED" });
  await page.until(`${signOf("ONT1")} === "Degraded · No signal" && ${details}.includes("looked at")`);
  await call("PATCH", `/api/devices/${second}`, { overload_dbm: -8 });
  await page.until(`${signOf("ONT2")} === "Up · Receiver overload"`);
  await call("PATCH", `/api/devices/${fourth}`, { parent_container_id: pop });
  await page.until(`${signOf("POP West")} === "Down · Degraded inside"`);
  await page.until(`${cy}.getElementById("d${pop}").hasClass("INSIDE_DEGRADED")`);
  await picture("page-computed");
  await call("PATCH", `/api/devices/${third}`, { parent_container_id: pop, status: "DOWN" });
  await page.until(`${cy}.getElementById("d${pop}").hasClass("INSIDE_DOWN") && !${cy}.getElementById("d${pop}").hasClass("INSIDE_DEGRADED")`);
  await choose("POP West");
  await page.until(`${details}.includes("Health inside") && ${signOf("POP West")} === "Down · Down inside"`);
  await page.dark(true);
  await page.until(`${picturesOf("ONT1")}.includes("no_signal-dark.svg")`);
  assert.match(await page.value(`getComputedStyle(document.querySelector("#list .trouble")).backgroundImage`), /-dark\.svg/);
  await picture("page-computed-dark");
  await page.dark(false);
  // More than are told one by one.
  const edits = [];
  for (let i = 0; i < 1100; ++i)
    edits.push({ op: "create", kind: "device", fields: { name: `ont-${i}`, device_type: "ONT", x: (i % 40) * 80, y: 900 + Math.floor(i / 40) * 80 } });
  await call("POST", "/api/batch", { edits });
  await page.until(`${signOf("ont-7")} === "Down · No signal"`);
  await call("PATCH", "/api/board", { computed_status: false });
  await page.until(`${signOf("ont-7")} === "Down"`);
  await page.until(`!${picturesOf("ONT1")}.includes("no_signal") && !${cy}.getElementById("d${pop}").hasClass("INSIDE_DOWN")`);
  await page.key("Escape");
  await call("POST", "/api/seed");
  await page.until(`${cy}.nodes().length === 10`);
  assert.deepEqual(page.errors.filter((each) => !each.includes("ERR_CONNECTION")), []);
});

await check("a host that wants a token is given one", async () => {
  const guarded = new Host(program, "guarded");
  const [right, other] = [await guarded.addToken("right"), await guarded.addToken("other")];
  await guarded.start("--demo");
  const url = guarded.http;
  const guest = await browser.page();
  const kept = `sessionStorage.getItem("patchboard.token")`;
  const asked = (wrong) => guest.until(`document.querySelector("#sign-in").open && document.querySelector("#sign-in-wrong").hidden === ${!wrong}`);
  await guest.open(url);
  await asked(false);
  await guest.open("about:blank");
  await guest.open(`${url}/#token=wrong`);
  await asked(true);
  assert.equal(await guest.value("location.hash"), "");
  assert.equal(await guest.value(kept), null);
  await picture("page-token", guest);
  await guest.type(right);
  await guest.key("Enter");
  await state("Live", guest);
  assert.equal(await guest.value(`${cy}.nodes().length`), 10);
  assert.equal(await guest.value(kept), right);
  // Whoever took the token away takes the page away.
  await guarded.removeToken("right");
  await asked(true);
  await guest.open("about:blank");
  await guest.open(`${url}/#token=${other}`);
  await state("Live", guest);
  await guarded.stop();
});

await check("pages of other origins, where the host lets them", async () => {
  const [listed, stranger] = [await serveOldPage(), await serveOldPage()];
  const other = new Host(program, "other");
  await other.start("--cors-origin", listed);
  for (const transports of ["websocket", "polling", "polling,websocket"]) {
    const old = await browser.page();
    const told = [];
    await old.letTell((text) => told.push(JSON.parse(text)));
    await old.open(`${listed}/?${new URLSearchParams({ host: other.http, transports })}`);
    await until(() => told.length === 1);
    assert.equal(told[0].event, "connect");
    assert.ok(transports.split(",").includes(told[0].body.transport));
    await other.call("POST", "/api/devices", { name: `for ${transports}`, device_type: "POP" });
    await until(() => told.length === 2);
    assert.equal(told[1].event, "device:created");
    assert.ok(told[1].devices.includes(`for ${transports} DOWN`));
    assert.deepEqual(old.errors, []);
  }
  const strange = await browser.page();
  await strange.open(`${stranger}/empty`);
  for (const transport of ["websocket", "polling"]) {
    const outcome = await strange.value(`import("/socket.io.js").then(({ io }) => new Promise((resolve) => {
      const socket = io(${JSON.stringify(other.http)}, { transports: ["${transport}"], reconnection: false });
      for (const event of ["connect", "connect_error"]) socket.once(event, () => resolve(event));
    }))`);
    assert.equal(outcome, "connect_error", transport);
  }
  assert.ok(strange.errors.some((each) => each.includes("CORS policy")));
  await other.stop();
});

await browser.end();
await host.stop();
done();
