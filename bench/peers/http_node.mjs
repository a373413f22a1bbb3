// Devices over HTTP as node does it, from memory; what changes is committed to SQLite before it is
// answered. http_node.mjs LIST.json FILE; prints its port. Its packages lie where NODE_PEERS says.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const devices = new Map(JSON.parse(readFileSync(process.argv[2], "utf8")).map((d) => [d.id, d]));
let commit;
if (process.env.NODE_PEERS) {
  const Database = createRequire(process.env.NODE_PEERS + "/")("better-sqlite3");
  const store = new Database(process.argv[3]);
  store.pragma("journal_mode = WAL");
  store.pragma("synchronous = FULL");
  store.exec("CREATE TABLE device (id INTEGER PRIMARY KEY, x REAL, y REAL)");
  store.exec("CREATE TABLE log (revision INTEGER PRIMARY KEY, body TEXT)");
  const log = store.prepare("INSERT INTO log (body) VALUES (?)");
  const place = store.prepare("INSERT OR REPLACE INTO device VALUES (?, ?, ?)");
  commit = store.transaction((id, { x, y }) => {
    log.run(JSON.stringify({ id, x, y }));
    place.run(id, x, y);
  });
}

function answer(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

const server = createServer((request, response) => {
  const [, , , id] = request.url.split("/");
  const found = id === undefined ? [...devices.values()] : devices.get(Number(id));
  if (!found) {
    answer(response, 404, { detail: "Device not found" });
  } else if (request.method === "PATCH") {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const { x, y } = JSON.parse(body);
      commit(found.id, { x, y });
      Object.assign(found, { x, y });
      answer(response, 200, { message: `Device position updated to (${x}, ${y})` });
    });
  } else {
    answer(response, 200, found);
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
