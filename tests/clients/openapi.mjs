// The description that a host gives of its own interface: a valid OpenAPI 3.1 document, by a public
// validator, and true of every answer of every operation. Usage: node openapi.mjs PATCHBOARD-SERVER
import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Host } from "./support.mjs";

const host = new Host(process.argv[2]);
await host.start("--demo");
const { http } = host;

const spec = await (await fetch(`${http}/openapi.json`)).json();
assert.equal(spec.openapi, "3.1.0");
const verdict = await new Validator().validate(structuredClone(spec));
assert.ok(verdict.valid, JSON.stringify(verdict.errors, null, 1));
console.log("ok a valid OpenAPI 3.1 document");

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
addFormats(ajv);
ajv.addVocabulary(["components"]);
ajv.addSchema({ $id: "spec", components: spec.components });
const compiled = new Map();
function fits(schema, value, where) {
  const text = JSON.stringify(schema).replaceAll("#/components", "spec#/components");
  if (!compiled.has(text)) compiled.set(text, ajv.compile(JSON.parse(text)));
  const check = compiled.get(text);
  assert.ok(check(value), `${where}: ${ajv.errorsText(check.errors)}\n${JSON.stringify(value).slice(0, 600)}`);
}

const succeeded = new Set();
let answers = 0;
/** Sends a request, and holds its answer against what the description says of it. */
async function call(method, template, { id, query = "", body, headers = {}, status } = {}) {
  const operation = spec.paths[template]?.[method.toLowerCase()];
  assert.ok(operation, `${method} ${template} is not described`);
  const path = template.replace(/\{\w+\}/, String(id));
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const type = text === undefined ? {} : { "content-type": Object.keys(operation.requestBody.content)[0] };
  const where = `${method} ${path}${query}`;
  if (typeof body === "object" && status < 300)
    fits(operation.requestBody.content["application/json"].schema, body, `${where}, request`);
  const answer = await fetch(http + path + query, { method, headers: { ...type, ...headers }, body: text });
  assert.equal(answer.status, status, `${where}: ${answer.status}`);
  const described = operation.responses[String(status)];
  assert.ok(described, `${where}: ${status} is not described`);
  const bytes = await answer.text();
  if (described.content) {
    const given = answer.headers.get("content-type");
    const [media, { schema }] =
      Object.entries(described.content).find(([each]) => each === given) ?? Object.entries(described.content)[0];
    assert.equal(answer.headers.get("content-type"), media, where);
    fits(schema, media === "application/json" ? JSON.parse(bytes) : bytes, where);
  } else {
    assert.equal(bytes, "", where);
  }
  for (const name of Object.keys(described.headers ?? {}))
    assert.ok(answer.headers.has(name), `${where}: ${name} is missing`);
  if (status < 300) succeeded.add(`${method} ${template}`);
  answers += 1;
  return { headers: answer.headers, json: bytes && answer.headers.get("content-type") === "application/json" ? JSON.parse(bytes) : null };
}

await call("GET", "/health", { status: 200 });
await call("GET", "/metrics", { status: 200 });
await call("GET", "/api/probes", { status: 200 });
await call("GET", "/openapi.json", { status: 200 });
await call("GET", "/docs", { status: 200 });

const kinds = [["device", 1, 999], ["interface", 12, 999], ["link", 35, 999]];
for (const [kind, id, unknown] of kinds) {
  const list = `/api/${kind}s`;
  const one = `/api/${kind}s/{${kind}_id}`;
  const { headers } = await call("GET", list, { status: 200 });
  await call("GET", list, { query: "?limit=3&offset=1&status=UP&effective_status=UP&name=*", status: 200 });
  await call("GET", list, { query: "?limit=0", status: 422 });
  await call("GET", list, { headers: { "if-none-match": headers.get("etag") }, status: 304 });
  const { headers: tagged } = await call("GET", one, { id, status: 200 });
  await call("GET", one, { id, headers: { "if-none-match": tagged.get("etag") }, status: 304 });
  await call("GET", one, { id: unknown, status: 404 });
  await call("GET", one, { id: "x", status: 422 });
  await call("PATCH", one, { id, body: { status: "DEGRADED", notes: "n", properties: { a: "b" } }, status: 200 });
  await call("PATCH", one, { id, body: { notes: 5 }, status: 422 });
  await call("PATCH", one, { id, body: { notes: "n" }, headers: { "if-match": '"old"' }, status: 412 });
  await call("PATCH", one, { id: unknown, body: {}, status: kind === "device" ? 422 : 404 });
  const key = { "idempotency-key": `key of ${kind}` };
  await call("PATCH", `${one}/override`, { id, body: { status_override: "UP", override_reason: null }, headers: key, status: 200 });
  await call("PATCH", `${one}/override`, { id, body: { status_override: "DOWN" }, headers: key, status: 422 });
  await call("PATCH", `${one}/override`, { id, body: { status_override: "SIDEWAYS" }, status: 400 });
  await call("PATCH", `${one}/override`, { id: unknown, body: { status_override: "UP" }, status: 404 });
  await call("DELETE", `${one}/override`, { id, status: 200 });
  await call("POST", `${one}/override-status`, { id, body: { status: "DEGRADED", reason: "why" }, status: 200 });
  await call("POST", `${one}/override-status`, { id, body: {}, status: 422 });
  await call("GET", list, { status: 200 });
  await call("DELETE", `${one}/override-status`, { id, status: 200 });
  await call("DELETE", `${one}/override-status`, { id: unknown, status: 404 });
}
await call("PATCH", "/api/devices/{device_id}", { id: 1, body: { x: 1, y: 2.5 }, status: 200 });
await call("PATCH", "/api/devices/{device_id}", { id: 1, body: { name: "OLT1" }, status: 409 });
await call("GET", "/api/devices/{device_id}/interfaces", { id: 6, status: 200 });
await call("GET", "/api/devices/{device_id}/interfaces", { id: 999, status: 404 });

const device = { name: "n", device_type: "OLT", x: 1, y: 2, tx_power_dbm: 5 };
const { json: made } = await call("POST", "/api/devices", { body: device, status: 201 });
await call("POST", "/api/devices", { body: device, status: 409 });
await call("POST", "/api/devices", { body: { name: "n" }, status: 422 });
await call("POST", "/api/devices/provision", { body: { ...device, name: "p", validate_upstream: true }, status: 201 });
await call("POST", "/api/devices/provision", { body: { ...device, name: "p" }, status: 400 });
await call("POST", "/api/devices/provision", { body: {}, status: 422 });
const port = { name: "eth0", interface_type: "OPTICAL", device_id: made.id };
const { json: a } = await call("POST", "/api/interfaces", { body: port, status: 201 });
const { json: b } = await call("POST", "/api/interfaces", { body: port, status: 201 });
await call("POST", "/api/interfaces", { body: { ...port, device_id: 999 }, status: 404 });
await call("POST", "/api/interfaces", { body: { ...port, interface_type: "RADIO" }, status: 422 });
const ends = { a_interface_id: a.id, b_interface_id: b.id, length_km: 2, physical_medium_id: "G652D" };
const { json: link } = await call("POST", "/api/links", { body: ends, status: 201 });
await call("POST", "/api/links", { body: { ...ends, a_interface_id: 999 }, status: 404 });
await call("POST", "/api/links", { body: {}, status: 422 });
const simple = { device_a_id: 1, device_b_id: 6, link_type: "fiber", status: "UP" };
await call("POST", "/api/links/create-simple", { body: simple, status: 200 });
await call("POST", "/api/links/create-simple", { body: { ...simple, device_b_id: 1 }, status: 400 });
await call("POST", "/api/links/create-simple", { body: { ...simple, device_b_id: 999 }, status: 404 });
const stale = { "if-match": '"old"' };
await call("POST", "/api/devices", { body: { ...device, name: "q" }, headers: stale, status: 412 });
await call("POST", "/api/devices/provision", { body: { ...device, name: "q" }, headers: stale, status: 412 });
await call("POST", "/api/interfaces", { body: port, headers: stale, status: 412 });
await call("POST", "/api/links", { body: ends, headers: stale, status: 412 });
await call("POST", "/api/links/create-simple", { body: simple, headers: stale, status: 412 });
await call("DELETE", "/api/links/{link_id}", { id: link.id, status: 204 });
await call("DELETE", "/api/links/{link_id}", { id: link.id, status: 404 });
await call("DELETE", "/api/interfaces/{interface_id}", { id: a.id, headers: { "if-match": '"old"' }, status: 412 });
await call("DELETE", "/api/interfaces/{interface_id}", { id: a.id, status: 204 });
await call("DELETE", "/api/devices/{device_id}", { id: made.id, status: 204 });

const edits = [
  { op: "create", kind: "device", ref: "r", fields: { name: "batch", device_type: "POP" } },
  { op: "create", kind: "interface", ref: null, fields: { name: "eth0", interface_type: "OPTICAL", device_id: "r" } },
  { op: "update", id: "r", fields: { x: 4, properties: { k: "v" } } },
  { op: "delete", id: 42 },
];
await call("POST", "/api/batch", { body: { edits, dry_run: true }, status: 200 });
await call("POST", "/api/batch", { body: { edits }, status: 200 });
await call("POST", "/api/batch", { body: { edits }, status: 404 });
await call("POST", "/api/batch", { body: { edits: edits.slice(0, 1) }, status: 409 });
await call("POST", "/api/batch", { body: { edits: [{ op: "explode" }] }, status: 422 });
await call("POST", "/api/batch", { body: { edits: [] }, headers: { "if-match": '"old"' }, status: 412 });

// What is computed: a plant with a budget, a container that is down, a link that no rule allows.
await call("GET", "/api/probes", { status: 200 });
await call("GET", "/api/problems", { status: 200 });
await call("PATCH", "/api/board", { body: { computed_status: true }, status: 200 });
await call("PATCH", "/api/devices/{device_id}", { id: 7, body: { overload_dbm: -8 }, status: 200 });
await call("PATCH", "/api/links/{link_id}", { id: 39, body: { length_km: 3 }, status: 200 });
const { json: ont } = await call("GET", "/api/devices/{device_id}", { id: 7, status: 200 });
assert.equal(ont.optical_budget.overloaded, true);
assert.equal(ont.optical_path.length, 1);
await call("GET", "/api/devices", { status: 200 });
await call("GET", "/api/links", { status: 200 });
const { json: problems } = await call("GET", "/api/problems", { query: "?limit=50", status: 200 });
assert.ok(problems.some((each) => each.problem === "OVERLOAD" && each.id === 7));
await call("GET", "/api/problems", { query: "?limit=0", status: 422 });

const { headers: tag } = await call("GET", "/api/board", { status: 200 });
await call("GET", "/api/board", { headers: { "if-none-match": tag.get("etag") }, status: 304 });
await call("GET", "/api/board", { query: "?revision=1", status: 200 });
await call("GET", "/api/board", { query: "?revision=99999", status: 404 });
await call("GET", "/api/board", { query: "?revision=x", status: 422 });
const { json: snapshot } = await call("POST", "/api/snapshots", { body: { name: "s", revision: 2 }, status: 201 });
await call("POST", "/api/snapshots", { body: { name: "s" }, status: 409 });
await call("POST", "/api/snapshots", { body: { name: "t", revision: 99999 }, status: 404 });
await call("POST", "/api/snapshots", { body: {}, status: 422 });
const { headers: named } = await call("GET", "/api/snapshots", { status: 200 });
await call("GET", "/api/snapshots", { headers: { "if-none-match": named.get("etag") }, status: 304 });
await call("PATCH", "/api/snapshots/{snapshot_id}", { id: snapshot.id, body: { name: "u" }, status: 200 });
await call("DELETE", "/api/snapshots/{snapshot_id}", { id: snapshot.id, headers: { "if-match": named.get("etag") }, status: 412 });
await call("PATCH", "/api/snapshots/{snapshot_id}", { id: 99, body: { name: "u" }, status: 404 });
await call("GET", "/api/board", { query: "?snapshot=u", status: 200 });
await call("POST", "/api/restore", { body: { snapshot: "u", dry_run: true }, status: 200 });
await call("POST", "/api/restore", { body: { revision: 1, ids: [6] }, status: 200 });
await call("POST", "/api/restore", { body: { revision: 1, ids: [99999] }, status: 404 });
await call("POST", "/api/restore", { body: { revision: 1 }, headers: { "if-match": '"old"' }, status: 412 });
await call("POST", "/api/restore", { body: {}, status: 422 });
await call("DELETE", "/api/snapshots/{snapshot_id}", { id: snapshot.id, status: 204 });
await call("DELETE", "/api/snapshots/{snapshot_id}", { id: snapshot.id, status: 404 });
await call("PATCH", "/api/board", { body: { title: "T", link_policy: "enforce", notes: null }, status: 200 });
await call("PATCH", "/api/board", { body: { link_policy: "maybe" }, status: 422 });
await call("POST", "/api/links/create-simple", { body: { ...simple, device_b_id: 7 }, status: 409 });
await call("GET", "/api/export", { query: "?format=json", status: 200 });
await call("GET", "/api/export", { query: "?format=graphml", status: 200 });
await call("GET", "/api/export", { headers: { accept: "application/yaml" }, status: 200 });
await call("GET", "/api/export", { query: "?format=fax", status: 422 });
const graph = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="undirected">'
  + '<node id="a"/><node id="b"/><edge source="a" target="b"/><edge source="a" target="c"/></graph></graphml>';
await call("POST", "/api/import", { query: "?format=graphml&name=x.graphml", body: graph, status: 201 });
await call("POST", "/api/import", { body: "who knows", status: 422 });
await call("POST", "/api/import", { query: "?format=fax", body: graph, status: 422 });
await call("POST", "/api/import", { body: graph, headers: { "if-match": '"old"' }, status: 412 });
const { json: changes } = await call("GET", "/api/changes", { query: "?since=0", status: 200 });
assert.ok(changes.changes.length > 20);
await call("GET", "/api/changes", { query: "?since=99999", status: 409 });
await call("GET", "/api/audit", { query: "?limit=3", status: 200 });
await call("GET", "/api/audit", { query: "?act=x", status: 422 });
await call("GET", "/api/changes", { query: "?since=x", status: 422 });
await call("POST", "/api/seed", { headers: { "if-match": '"old"' }, status: 412 });
await call("POST", "/api/seed", { status: 201 });

for (const [path, operations] of Object.entries(spec.paths))
  for (const method of Object.keys(operations))
    assert.ok(succeeded.has(`${method.toUpperCase()} ${path}`), `${method} ${path} was not tried`);
console.log(`ok ${succeeded.size} operations, ${answers} answers as described`);

await host.stop();
