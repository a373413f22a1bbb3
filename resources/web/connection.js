// The host: its board as a whole, then its events (Socket.IO), in an order in which none is missed.
// Attempts to come back are made here rather than by the library, so that the page can say when.
import { io } from "./lib/socket.io.js";

const kTimeoutMs = 6000;
const kLongestWaitMs = 5000;
const kReadAgainMs = 300; // what is told to be read again is, once in that time
const kOfflineAfterMs = 10000; // until then a lost connection is only "reconnecting"

export class Refused extends Error {}

export class Connection {
  state = "connecting"; // "live", "reconnecting", "offline", "refused" (a token is needed)
  retryAt = 0; // ms since 1970; 0: an attempt is being made
  liveAt = null; // when the board was last known to be right
  #token;
  #socket;
  #heard = null; // events while the board is being fetched; null: they are passed on
  #turn = 0;
  #attempts = 0;
  #lostAt = 0;
  #timer = 0;
  #watch = 0;
  #again = 0;

  /** `on`: { state(), board(snapshot), event(name, body) } */
  constructor(token, on) {
    this.#token = token;
    this.on = on;
    this.#socket = io({
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnection: false,
      autoConnect: false,
      timeout: kTimeoutMs,
      auth: (give) => give(this.#token ? { token: this.#token } : {}),
    });
    this.#socket.on("connect", () => this.#fetchBoard());
    this.#socket.onAny((name, body) => {
      // More is different than the host tells one by one.
      if (name === "board:computed") this.#readAgain();
      if (this.#heard) this.#heard.push([name, body]);
      else this.on.event(name, body);
    });
    this.#socket.on("disconnect", () => this.#lost());
    this.#socket.on("connect_error", () => this.#failed());
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.#socket.disconnect());
  }

  get token() {
    return this.#token;
  }

  /** Connects, or connects anew with another token. */
  start(token = this.#token) {
    this.#token = token;
    this.#socket.disconnect();
    clearTimeout(this.#timer);
    this.#attempts = 0;
    this.#enter(this.liveAt ? "reconnecting" : "connecting");
    this.#connect();
  }

  /** Makes the next attempt now. */
  retry() {
    if (this.retryAt !== 0) this.#connect();
  }

  #connect() {
    clearTimeout(this.#timer);
    this.retryAt = 0;
    this.on.state();
    this.#socket.connect();
  }

  #enter(state) {
    if (state === "live") {
      this.#lostAt = 0;
      clearTimeout(this.#watch);
    } else if (state === "reconnecting" && this.#lostAt === 0) {
      this.#lostAt = Date.now();
      this.#watch = setTimeout(() => {
        if (this.state === "reconnecting") this.#enter("offline");
      }, kOfflineAfterMs);
    }
    this.state = state;
    this.on.state();
  }

  async #fetchBoard() {
    const turn = ++this.#turn;
    this.#heard = [];
    try {
      const snapshot = await this.#get("/api/board");
      if (turn !== this.#turn) return;
      // Events that the answer knows already are told again: they say what is, not what to do.
      this.on.board(snapshot);
      for (const [name, body] of this.#heard) this.on.event(name, body);
      this.#heard = null;
      this.#attempts = 0;
      this.#enter("live");
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error instanceof Refused) this.#refused();
      else this.#socket.disconnect();
    }
  }

  #readAgain() {
    this.#again ||= setTimeout(() => {
      this.#again = 0;
      if (this.state !== "live") return;
      if (this.#heard) this.#readAgain();
      else this.#fetchBoard();
    }, kReadAgainMs);
  }

  async #get(path) {
    const headers = this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
    const answer = await fetch(path, { headers });
    if (answer.status === 401 || answer.status === 403) throw new Refused();
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }

  #lost() {
    this.#turn += 1;
    if (this.state === "refused") return;
    if (this.state === "live") this.liveAt = new Date();
    this.#enter(this.state === "offline" ? "offline" : "reconnecting");
    this.#wait();
  }

  /** No connection came about: the host is not there, or does not want us. */
  async #failed() {
    const turn = ++this.#turn;
    this.#enter(this.state === "offline" || !navigator.onLine ? "offline" : "reconnecting");
    try {
      await this.#get("/api/devices?limit=1");
      // It answers, so the next attempt may well succeed.
    } catch (error) {
      if (error instanceof Refused && turn === this.#turn) {
        this.#refused();
        return;
      }
    }
    if (turn === this.#turn) this.#wait();
  }

  #refused() {
    this.#enter("refused");
    this.#socket.disconnect();
  }

  #wait() {
    const wait = Math.min(kLongestWaitMs, 500 * 2 ** this.#attempts);
    this.#attempts += 1;
    // Not all pages of a host that comes back at the same instant.
    const spread = wait * (0.75 + Math.random() / 2);
    this.retryAt = Date.now() + spread;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), spread);
    this.on.state();
  }
}
