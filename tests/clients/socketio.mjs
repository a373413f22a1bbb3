// The real socket.io-client against the real host: each transport alone, the upgrade from one to
// the other, and a host that ends and comes back. Usage: node socketio.mjs PATCHBOARD-SERVER
import assert from "node:assert/strict";
import { io } from "socket.io-client";
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

await check("an unknown namespace is refused", async () => {
  const socket = io(`${http}/nowhere`, { forceNew: true });
  const error = await next(socket, "connect_error");
  assert.equal(error.message, "Invalid namespace");
  socket.close();
});

await check("all come back when the host does", async () => {
  const left = Object.values(sockets).map((socket) => next(socket, "disconnect"));
  await host.stop();
  await Promise.all(left);
  const back = Object.values(sockets).map((socket) => next(socket, "connect"));
  await host.start();
  await Promise.all(back);
  const heard = Object.values(sockets).map((socket) => next(socket, "device:created"));
  await call("POST", "/api/devices", { name: "after", device_type: "POP" });
  for (const body of await Promise.all(heard)) assert.equal(body.name, "after");
});

for (const socket of Object.values(sockets)) socket.close();
await host.stop();
done();
