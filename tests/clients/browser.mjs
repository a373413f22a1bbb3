// Chromium, driven through its DevTools protocol: just enough to be a person at a page.
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import WebSocket from "ws";
import { launch, lineOf, scratch } from "./support.mjs";

const patienceMs = 15000;

export class Browser {
  #process;
  #socket;
  #next = 1;
  #asked = new Map();
  #pages = new Map();

  static async start() {
    const browser = new Browser();
    browser.#process = launch(
      "chromium",
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        `--user-data-dir=${mkdtempSync(join(scratch, "chromium-"))}`,
        "--remote-debugging-port=0",
        "about:blank",
      ],
      ["ignore", "ignore", "pipe"],
    );
    const said = /^DevTools listening on (ws:\S+)/;
    const line = await lineOf(browser.#process, browser.#process.stderr, (each) => said.test(each));
    const address = line.match(said)[1];
    browser.#socket = new WebSocket(address, { perMessageDeflate: false });
    browser.#socket.on("message", (bytes) => browser.#took(JSON.parse(bytes)));
    await once(browser.#socket, "open");
    return browser;
  }

  async end() {
    const ended = once(this.#process, "exit");
    await this.send("Browser.close");
    await ended;
  }

  /** A page of nobody yet, in a profile of its own. */
  async page({ width = 1280, height = 800, language = "en", dark = false } = {}) {
    const { browserContextId } = await this.send("Target.createBrowserContext");
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId);
    this.#pages.set(sessionId, page);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await page.send(`${domain}.enable`);
    const { userAgent } = await this.send("Browser.getVersion");
    await page.send("Emulation.setUserAgentOverride", { userAgent, acceptLanguage: language });
    await page.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await page.dark(dark);
    return page;
  }

  send(method, params = {}, sessionId) {
    const id = this.#next++;
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((resolve, reject) => this.#asked.set(id, { method, resolve, reject }));
  }

  #took(message) {
    const asked = this.#asked.get(message.id);
    if (!asked) {
      this.#pages.get(message.sessionId)?.heard(message.method, message.params);
      return;
    }
    this.#asked.delete(message.id);
    if (message.error) asked.reject(new Error(`${asked.method}: ${message.error.message}`));
    else asked.resolve(message.result);
  }
}

export class Page {
  errors = []; // what the console was told, exceptions, and what the policy forbade
  requests = []; // addresses
  #browser;
  #session;
  #loaded = null;
  #told = null;

  constructor(browser, session) {
    this.#browser = browser;
    this.#session = session;
  }

  send(method, params) {
    return this.#browser.send(method, params, this.#session);
  }

  heard(method, params) {
    if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type))
      this.errors.push(params.args.map((each) => each.value ?? each.description).join(" "));
    if (method === "Runtime.exceptionThrown")
      this.errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level))
      this.errors.push(`${params.entry.text} ${params.entry.url ?? ""}`);
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    if (method === "Network.webSocketCreated") this.requests.push(params.url);
    if (method === "Page.loadEventFired") this.#loaded?.();
    if (method === "Runtime.bindingCalled") this.#told(params.payload);
  }

  async open(url) {
    const loaded = new Promise((resolve) => (this.#loaded = resolve));
    await this.send("Page.navigate", { url });
    await loaded;
  }

  /** From now on `tell(text)` in the page is heard here. */
  letTell(told) {
    this.#told = told;
    return this.send("Runtime.addBinding", { name: "tell" });
  }

  dark(dark) {
    return this.send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }],
    });
  }

  /** The value of an expression in the page; a promise is awaited. */
  async value(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    return result.value;
  }

  /** Waits until an expression is true. */
  async until(expression, patience = patienceMs) {
    const deadline = Date.now() + patience;
    for (;;) {
      if (await this.value(expression)) return;
      if (Date.now() > deadline) throw new Error(`never true: ${expression}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async click(x, y) {
    for (const type of ["mouseMoved", "mousePressed", "mouseReleased"])
      await this.send("Input.dispatchMouseEvent", { type, x, y, button: type === "mouseMoved" ? "none" : "left", clickCount: 1 });
  }

  move(x, y) {
    return this.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
  }

  async clickOn(selector) {
    const [x, y] = await this.value(`(() => {
      const box = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    })()`);
    await this.click(x, y);
  }

  async key(key, modifiers = 0) {
    const text = key.length === 1 ? key : key === "Enter" ? "\r" : undefined;
    const codes = { Enter: 13, Escape: 27, Tab: 9, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40 };
    const windowsVirtualKeyCode = codes[key] ?? key.toUpperCase().charCodeAt(0);
    for (const type of ["keyDown", "keyUp"])
      await this.send("Input.dispatchKeyEvent", { type, key, windowsVirtualKeyCode, modifiers, text: type === "keyDown" ? text : undefined });
  }

  type(text) {
    return this.send("Input.insertText", { text });
  }

  async picture(file) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    writeFileSync(file, Buffer.from(data, "base64"));
  }
}
