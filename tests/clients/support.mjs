// What the scripts of this folder share: hosts and other programs that end when the script does,
// however it does, and checks that are counted.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** A folder of this script, gone when it ends. */
export const scratch = mkdtempSync(join(tmpdir(), "patchboard-"));

const running = new Set();
process.once("exit", () => {
  for (const each of running) each.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** Starts a program. The kernel ends it when this script is gone, even by SIGKILL. */
export function launch(program, args, stdio) {
  const started = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, ...args], { stdio });
  running.add(started);
  started.once("exit", () => running.delete(started));
  return started;
}

/** The first of a program's lines that is wanted; an error if it ends without one. */
export function lineOf(started, stream, wanted = () => true) {
  return new Promise((resolve, reject) => {
    started.once("error", reject);
    const lines = createInterface(stream);
    lines.on("line", (line) => wanted(line) && resolve(line));
    lines.once("close", () => reject(new Error("it ended before it had said what was waited for")));
  });
}

/** `patchboard-server serve` on a board in `scratch`. */
export class Host {
  http; // its address, once it runs
  port = 0; // any, then always the same
  #program;
  #board;
  #process;

  constructor(program, name = "a") {
    this.#program = program;
    this.#board = join(scratch, `${name}.board`);
  }

  async start(...options) {
    const always = ["serve", this.#board, "--port", String(this.port), "--json", "--quiet"];
    this.#process = launch(this.#program, [...always, ...options], ["ignore", "pipe", "inherit"]);
    ({ http: this.http, port: this.port } = JSON.parse(await lineOf(this.#process, this.#process.stdout)));
  }

  async stop(signal = "SIGTERM") {
    const ended = once(this.#process, "exit");
    this.#process.kill(signal);
    const [code] = await ended;
    if (signal === "SIGTERM") assert.equal(code, 0);
  }

  /** A request that has to succeed; what it answers. */
  async call(method, path, body) {
    const answer = await fetch(this.http + path, {
      method,
      headers: body ? { "content-type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  }

  async addToken(name, role = "viewer") {
    const { stdout } = await this.#token("add", this.#board, "--role", role, "--name", name);
    return stdout.match(/\S{20,}/)[0];
  }

  removeToken(name) {
    return this.#token("remove", name, this.#board);
  }

  #token(...args) {
    return promisify(execFile)(this.#program, ["token", ...args]);
  }
}

let passed = 0;

/** Does some work, which has to come to an end. */
export async function check(name, work, patienceMs = 60000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}: nothing after ${patienceMs} ms`)), patienceMs);
  });
  await Promise.race([work(), late]);
  clearTimeout(timer);
  passed += 1;
  console.log(`ok ${name}`);
}

/** Waits until a condition is true; whoever waits for too long is ended by check(). */
export async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The end of a script whose checks have all passed. */
export function done() {
  console.log(`${passed} passed, 0 failed`);
  process.exit(0);
}
