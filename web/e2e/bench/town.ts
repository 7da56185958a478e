// The firm that the budgets are measured in: the demo's, with thousands of people more on two hundred cases, each with a text of
// before. Made once by `casewire import` in a folder that every bench starts from a copy of.
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { BINARY, Demo } from "../support/demo";
import { QUICK } from "./record";

/** How many people the firm has besides the demo's; each has one conversation. */
export const PEOPLE = QUICK ? 1_000 : 10_000;
/** Fifty people in each. */
const CASES = PEOPLE / 50;
/** In two cases at once, so that what they write is unclaimed. */
export const SHARED_CASES = ["K-1", "K-2"] as const;
export const SHARED_PEOPLE = 24;
/** Whom one looks for; the first four letters of each are nobody else's. */
export const WITNESSES = [
  "Quimby Aldous",
  "Xanthe Brill",
  "Yorick Clegg",
  "Zephyr Dunmore",
  "Ulrike Embury",
  "Ignatz Fosdick",
  "Oswald Gribble",
  "Wilmot Hexham",
  "Evander Isley",
  "Jocasta Jupp",
  "Phineas Kittle",
  "Leopold Lumley",
  "Hortense Mapp",
  "Tancred Noakes",
  "Dorothea Ogle",
  "Fenwick Prout",
  "Gideon Quill",
  "Cosima Rudge",
  "Barnaby Snead",
  "Ambrose Twigg",
] as const;

const FIRM = "Hale & Ortiz LLP";
const ROLES = ["Witness", "Expert Witness", "Opposing Party", "Adjuster"];
/** Parts of the numbering plan; a hundred fictional numbers in each. */
const AREAS =
  "201 202 203 205 206 207 208 209 210 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254 256 260 262 " +
  "267 269 270 272 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 325 330 331 334 336 337 " +
  "339 346 347 351 352 360 361 385 386 401 402 404 405 406 407 408 409 410 412 413 414 417 419 423 424 425 430 432 434 435 440 443 " +
  "458 469 470 475 478 479 480 484 501 502 503 504";
const FIRST = ["Ma", "Lo", "Re", "Sa", "Ti", "No", "Ka", "Vi", "El", "Ru"];
const SECOND = ["rian", "lena", "nora", "mund", "stan", "dora", "vin", "lia", "bert", "shan"];

function areaAndLine(person: number): [string, string] {
  return [AREAS.split(" ")[Math.floor(person / 100)] ?? "", `555-01${String(person % 100).padStart(2, "0")}`];
}

/** A person's number as the carrier has it. */
export function numberOf(person: number): string {
  const [area, line] = areaAndLine(person);
  return `+1${area}${line.replace("-", "")}`;
}

/** A person's number as the pages have it. */
export function shownNumberOf(person: number): string {
  const [area, line] = areaAndLine(person);
  return `(${area}) ${line}`;
}

export function nameOf(person: number): string {
  const digit = (power: number) => Math.floor(person / 10 ** power) % 10;
  const last = `${FIRST[digit(1)]}${SECOND[digit(0)]}`;
  return `${FIRST[digit(3)]}${SECOND[digit(2)]} ${last}-${person}`;
}

/** The person's place of a witness, and of somebody in the shared cases: behind all others. */
export const witnessPlace = (at: number) => PEOPLE + SHARED_PEOPLE + at;
export const sharedPlace = (at: number) => PEOPLE + at;

/** The case that a person is in. */
export function caseOf(person: number): string {
  return `B-${person % CASES}`;
}

type Tables = Record<"contacts" | "phones" | "cases" | "case-contacts" | "sms", string[]>;

function tables(): Tables {
  const made: Tables = {
    contacts: ["external_id,name"],
    phones: ["contact_external_id,number,label,is_primary"],
    cases: ["mycase_case_id,name,assigned"],
    "case-contacts": ["mycase_case_id,contact_external_id,role"],
    sms: ["at,direction,number,body,case_number"],
  };
  const join = (place: number, name: string, cases: readonly string[]) => {
    made.contacts.push(`p-${place},${name}`);
    made.phones.push(`p-${place},${numberOf(place)},mobile,yes`);
    for (const number of cases) made["case-contacts"].push(`${number},p-${place},${ROLES[place % ROLES.length]}`);
  };
  for (let at = 0; at < CASES; at += 1) made.cases.push(`B-${at},Matter of B-${at},`);
  for (const number of SHARED_CASES) made.cases.push(`${number},Matter of ${number},attorney@demo.example`);
  const first = Date.UTC(2026, 0, 5);
  for (let person = 0; person < PEOPLE; person += 1) {
    join(person, nameOf(person), [caseOf(person)]);
    const at = new Date(first + person * 60_000).toISOString();
    const body = `This is about what I saw on the afternoon of the ${1 + (person % 28)}th. Please call me.`;
    made.sms.push(`${at},inbound,${numberOf(person)},${body},${caseOf(person)}`);
  }
  for (let at = 0; at < SHARED_PEOPLE; at += 1) join(sharedPlace(at), `Shared Person-${at}`, SHARED_CASES);
  for (const [at, name] of WITNESSES.entries()) join(witnessPlace(at), name, [caseOf(at)]);
  return made;
}

/** Makes it, and says in the environment where it is; gives what removes it. */
export default async function fill(): Promise<() => Promise<void>> {
  const folder = await (await Demo.start()).leave();
  const files = Object.entries(tables()).flatMap(([name, lines]) => {
    const file = join(folder, `${name}.csv`);
    return [{ option: `--${name}`, file, text: `${lines.join("\n")}\n` }];
  });
  for (const { file, text } of files) await writeFile(file, text);
  const report = join(folder, "refused.csv");
  const { stdout } = await promisify(execFile)(
    BINARY,
    ["import", "--organization", FIRM, "--report", report, ...files.flatMap(({ option, file }) => [option, file])],
    // Nothing else of this environment: the binary takes what begins with CASEWIRE_ for its configuration.
    { env: { CASEWIRE_DATABASE__ADDRESS: join(folder, "casewire.db") } },
  );
  if (!/sms: \d+ added/.test(stdout) || /[1-9]\d* refused/.test(stdout)) {
    throw new Error(`the import did not take everything:\n${stdout}`);
  }
  for (const { file } of files) await rm(file);
  process.env.CASEWIRE_BENCH_DATA = folder;
  return async () => await rm(folder, { recursive: true, force: true });
}
