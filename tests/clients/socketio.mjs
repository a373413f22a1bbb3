// The real socket.io-client against the real host: each transport alone, the upgrade from one to
// the other, and a host that ends and comes back. Usage: node socketio.mjs PATCHBOARD-SERVER
import assert from "node:assert/strict";
import { io, Manager } from "socket.io-client";
import { Host, check, done } from "./support.mjs";

const host = new Host(process.argv[2]);
const next = (socket, event) => new Promise((resolve) => socket.once(event, resolve));

await host.start();
const { http } = host;
const call = host.call.bind(host);

const kinds = {
  websocket: { transports: ["websocket"] },
  polling: { transports: ["polling"] },
  upgrade: { transports: ["polling", "websocket"] },
};
const sockets = {};
for (const [name, options] of Object.entries(kinds)) {
  await check(`${name}: connects`, async () => {
    const socket = io(http, { ...options, forceNew: true, reconnectionDelay: 100, reconnectionDelayMax: 200 });
    sockets[name] = socket;
    const upgraded = name === "upgrade" ? new Promise((resolve) => {
      socket.io.on("open", () => socket.io.engine.once("upgrade", resolve));
    }) : null;
    await next(socket, "connect");
    await upgraded;
    assert.equal(socket.io.engine.transport.name, name === "upgrade" ? "websocket" : name);
  });
  await check(`${name}: hears all events in order`, async () => {
    const socket = sockets[name];
    const heard = [];
    socket.onAny((event, body) => heard.push([event, body]));
    const done = next(socket, "device:deleted");
    const made = await call("POST", "/api/devices/provision", { name: `r-${name}`, device_type: "CORE_ROUTER" });
    const other = await call("POST", "/api/devices", { name: `s-${name}`, device_type: "CORE_ROUTER" });
    await call("PATCH", `/api/devices/${other.id}/override`, { status_override: "UP" });
    await call("POST", "/api/links/create-simple", { device_a_id: made.device.id, device_b_id: other.id, link_type: "copper" });
    await call("DELETE", `/api/devices/${other.id}`);
    assert.deepEqual(await done, { id: other.id });
    socket.offAny();
    assert.deepEqual(heard.map(([event]) => event), [
      "device:created", "interface:created", "interface:created", "device_created",
      "device:created", "device:updated",
      "interface:created", "interface:created", "link:created",
      "link:deleted", "interface:deleted", "device:deleted",
    ]);
    assert.equal(heard[0][1].name, `r-${name}`);
    assert.equal(heard[5][1].status_override, "UP");
  });
}

await check("namespaces that are refused, beside one that is not", async () => {
  // Both on one connection: what one is told does not concern the other.
  const manager = new Manager(http, { transports: ["websocket"] });
  const board = manager.socket("/");
  const other = manager.socket("/nowhere", { auth: { token: "t" } });
  const [error] = await Promise.all([next(other, "connect_error"), next(board, "connect")]);
  assert.equal(error.message, "Invalid namespace");
  other.close();
  const heard = next(board, "device:created");
  await call("POST", "/api/devices", { name: "beside", device_type: "POP" });
  assert.equal((await heard).name, "beside");
  // It leaves, and comes back on the same connection.
  const third = manager.socket("/third");
  const { engine } = manager;
  board.disconnect();
  board.connect();
  await next(board, "connect");
  assert.equal(manager.engine, engine);
  third.close();
  board.close();
});

await check("what clients send does not disturb", async () => {
  for (const options of [...Object.values(kinds), { transports: ["websocket"], forceBase64: true }]) {
    const socket = io(http, { ...options, forceNew: true });
    await next(socket, "connect");
    const left = next(socket, "disconnect").then(() => assert.fail("it was sent away"));
    socket.emit("hello", 1, "two", { three: [true, null] });
    socket.volatile.emit("perhaps", Uint8Array.from([1, 2, 3]));
    socket.emit("bytes", Uint8Array.from([4]), { deep: new Uint8Array(70000) });
    await assert.rejects(socket.timeout(50).emitWithAck("an answer?", "please"), /timed out/);
    const heard = next(socket, "device:created");
    await call("POST", "/api/devices", { name: `still there ${socket.id}`, device_type: "POP" });
    await Promise.race([heard, left]);
    socket.off();
    socket.close();
  }
});

await check("a message that is too large ends the connection, and it is made anew", async () => {
  for (const transport of ["websocket", "polling"]) {
    const socket = io(http, { transports: [transport], forceNew: true, reconnectionDelay: 50 });
    await next(socket, "connect");
    const left = next(socket, "disconnect");
    socket.emit("large", "x".repeat(1000001));
    await left;
    await next(socket, "connect");
    socket.close();
  }
});

await check("other ways to the same host", async () => {
  for (const options of [
    { transports: ["websocket", "polling"], tryAllTransports: true },
    { upgrade: false },
    { addTrailingSlash: false },
    { query: { token: "x", EIO: "4" } },
    { rememberUpgrade: true, timestampRequests: true, withCredentials: true },
  ]) {
    const socket = io(http, { ...options, forceNew: true });
    await next(socket, "connect");
    socket.close();
  }
});

await check("a client of the former protocol is told which is spoken", async () => {
  for (const transport of ["polling", "websocket"]) {
    const answer = await fetch(`${http}/socket.io/?EIO=3&transport=${transport}`);
    assert.equal(answer.status, 400);
    assert.deepEqual(await answer.json(), { code: 5, message: "Unsupported protocol version" });
  }
});

await check("where a token is needed, by what the client says or by its headers", async () => {
  const guarded = new Host(process.argv[2], "guarded");
  const [right, other] = [await guarded.addToken("right"), await guarded.addToken("other")];
  await guarded.start();
  for (const options of Object.values(kinds)) {
    let token = "wrong";
    const asked = io(guarded.http, { ...options, forceNew: true, auth: (give) => give({ token }) });
    assert.equal((await next(asked, "connect_error")).message, "Not authenticated");
    assert.equal(asked.active, false);
    token = right;
    asked.connect();
    const named = io(guarded.http, { ...options, forceNew: true, extraHeaders: { authorization: `Bearer ${other}` } });
    await Promise.all([next(asked, "connect"), next(named, "connect")]);
    sockets[`asked ${options.transports}`] = asked;
    sockets[`named ${options.transports}`] = named;
  }
  // One is taken away: those who came by it are sent away, and do not come back by themselves.
  const gone = Object.values(kinds).map(({ transports }) => next(sockets[`named ${transports}`], "disconnect"));
  await guarded.removeToken("other");
  for (const reason of await Promise.all(gone)) assert.equal(reason, "io server disconnect");
  for (const { transports } of Object.values(kinds)) {
    assert.equal(sockets[`named ${transports}`].active, false);
    assert.equal(sockets[`asked ${transports}`].connected, true);
    for (const who of ["named", "asked"]) {
      sockets[`${who} ${transports}`].close();
      delete sockets[`${who} ${transports}`];
    }
  }
  await guarded.stop();
});

for (const signal of ["SIGTERM", "SIGKILL"]) {
  await check(`all come back when the host does, after ${signal}`, async () => {
    const left = Object.values(sockets).map((socket) => next(socket, "disconnect"));
    await host.stop(signal);
    await Promise.all(left);
    const back = Object.values(sockets).map((socket) => next(socket, "connect"));
    await host.start();
    await Promise.all(back);
    const heard = Object.values(sockets).map((socket) => next(socket, "device:created"));
    await call("POST", "/api/devices", { name: `after ${signal}`, device_type: "POP" });
    for (const body of await Promise.all(heard)) assert.equal(body.name, `after ${signal}`);
  });
}

for (const socket of Object.values(sockets)) socket.close();
await host.stop();
done();
