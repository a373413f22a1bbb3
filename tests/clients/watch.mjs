// A page of another origin, with socket.io-client, in Chromium: says where it is served, takes the
// address of a host from standard input, and then says what the page hears and shows, a line of
// JSON each, until its input ends. tst_pageandwindow.cpp holds that against what it does.
// Usage: node watch.mjs
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Browser } from "./browser.mjs";
import { serveOldPage } from "./oldpage.mjs";

const origin = await serveOldPage();
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
