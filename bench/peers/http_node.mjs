// Devices over HTTP as node does it, from memory. Its list comes from a file: http_node.mjs
// LIST.json; prints its port.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const devices = new Map(JSON.parse(readFileSync(process.argv[2], "utf8")).map((d) => [d.id, d]));
const server = createServer((request, response) => {
  const [, , , id] = request.url.split("/");
  const found = id === undefined ? [...devices.values()] : devices.get(Number(id));
  const body = JSON.stringify(found ?? { detail: "Device not found" });
  response.writeHead(found ? 200 : 404, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
