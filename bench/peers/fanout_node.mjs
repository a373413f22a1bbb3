// What a board is to its clients, as Socket.IO on node does it: each change is committed to SQLite,
// then sent to everybody. fanout_node.mjs FILE normal|full; prints its port. Its packages lie where
// NODE_PEERS says.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const packages = createRequire(process.env.NODE_PEERS + "/");
const Database = packages("better-sqlite3");
const { Server } = packages("socket.io");

const store = new Database(process.argv[2]);
store.pragma("journal_mode = WAL");
store.pragma("synchronous = " + process.argv[3]);
store.exec("CREATE TABLE device (id INTEGER PRIMARY KEY, notes TEXT)");
store.exec("CREATE TABLE log (revision INTEGER PRIMARY KEY, body TEXT)");
const log = store.prepare("INSERT INTO log (body) VALUES (?)");
const device = store.prepare("INSERT OR REPLACE INTO device VALUES (?, ?)");
const commit = store.transaction((change) => {
  log.run(JSON.stringify(change));
  device.run(change.id, change.notes);
});
const server = createServer();
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => {
  socket.on("change", (change) => {
    commit(change);
    io.emit("change", change);
  });
});
server.listen(0, "127.0.0.1", 2048, () => console.log(server.address().port));
