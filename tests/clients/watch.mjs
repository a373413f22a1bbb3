// A page of another origin, with socket.io-client, in Chromium: says where it is served, takes the
// address of a host from standard input, and then says what the page hears and shows, a line of
// JSON each, until its input ends. tst_pageandwindow.cpp holds that against what it does.
// Usage: node watch.mjs
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Browser } from "./browser.mjs";

const here = new URL(".", import.meta.url);
const library = "node_modules/socket.io-client/dist/socket.io.esm.min.js";
const files = {
  "/": ["text/html; charset=utf-8", readFileSync(new URL("oldpage.html", here))],
  "/socket.io.js": ["text/javascript", readFileSync(new URL(library, here))],
};
const server = createServer((request, response) => {
  const [type, bytes] = files[request.url.split("?")[0]] ?? [];
  response.writeHead(bytes ? 200 : 404, { "content-type": type ?? "text/plain" }).end(bytes);
});
server.listen(0, "localhost");
await once(server, "listening");
const origin = `http://localhost:${server.address().port}`;
const input = createInterface(process.stdin);
const ended = once(input, "close");
const asked = once(input, "line");
console.log(JSON.stringify({ origin }));

const [host] = await Promise.race([asked, ended]);
if (!host) process.exit(1);
const browser = await Browser.start();
const page = await browser.page();
await page.letTell((text) => console.log(text));
await page.open(`${origin}/?host=${encodeURIComponent(host)}`);
await ended;
console.log(JSON.stringify({ errors: page.errors }));
await browser.end();
process.exit(0);
