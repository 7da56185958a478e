// Writes src/api/schema.d.ts from the API description, where it is not as it would be written.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const description = JSON.parse(await readFile(new URL("../../docs/openapi.json", import.meta.url), "utf8"));
const types = astToString(await openapiTS(description));
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const before = await readFile(target, "utf8").catch(() => "");
if (before !== types) {
  await writeFile(target, types);
}
