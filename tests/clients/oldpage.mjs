// Serves oldpage.html with socket.io-client, as any web server would.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";

const here = new URL(".", import.meta.url);
const library = "node_modules/socket.io-client/dist/socket.io.esm.min.js";
const files = {
  "/": ["text/html; charset=utf-8", readFileSync(new URL("oldpage.html", here))],
  "/empty": ["text/html; charset=utf-8", '<!doctype html><link rel="icon" href="data:,">'],
  "/socket.io.js": ["text/javascript", readFileSync(new URL(library, here))],
};

/** The origin of the page; another one each time. */
export async function serveOldPage() {
  const server = createServer((request, response) => {
    const [type, bytes] = files[request.url.split("?")[0]] ?? [];
    response.writeHead(bytes ? 200 : 404, { "content-type": type ?? "text/plain" }).end(bytes);
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  return `http://localhost:${server.address().port}`;
}
