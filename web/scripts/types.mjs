// Writes src/api/schema.d.ts from the API description. What the description refers to and lacks stands in awaited.json, in the
// same form, and is passed over as soon as the description has it. Refuses to change the description.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const description = JSON.parse(await readFile(new URL("../../docs/openapi.json", import.meta.url), "utf8"));
const awaited = await readFile(new URL("awaited.json", import.meta.url), "utf8").then(JSON.parse, () => ({}));

/** Adds what is missing; what is there stays as it is. */
function complete(into, from) {
  for (const [name, value] of Object.entries(from)) {
    if (Array.isArray(value) && Array.isArray(into[name])) {
      const known = new Set(into[name].map((entry) => entry.name ?? entry.properties?.type?.enum?.[0] ?? entry));
      into[name].push(...value.filter((entry) => !known.has(entry.name ?? entry.properties?.type?.enum?.[0] ?? entry)));
    } else if (value !== null && typeof value === "object" && into[name] !== undefined) {
      complete(into[name], value);
    } else if (into[name] === undefined) {
      into[name] = value;
    }
  }
}
complete(description, awaited);

// The description names operations by their module's verbs, which repeat; the client calls by path.
for (const operations of Object.values(description.paths)) {
  for (const operation of Object.values(operations)) {
    delete operation.operationId;
  }
}

const types = astToString(await openapiTS(description));
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const before = await readFile(target, "utf8").catch(() => "");
if (before !== types) {
  await writeFile(target, types);
}
