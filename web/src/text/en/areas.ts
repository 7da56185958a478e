// The words by area. A screen loads those of the areas that it names, so nothing here may put them together into one object.
export { admin } from "./admin";
export { audit } from "./audit";
export { cases } from "./cases";
export { composer } from "./composer";
export { contacts } from "./contacts";
export { embed } from "./embed";
export { inbox } from "./inbox";
export { phone } from "./phone";
export { record } from "./record";
export { reports } from "./reports";
export { search } from "./search";
export { session } from "./session";
export { shell } from "./shell";
export { supervisor } from "./supervisor";
export { thread } from "./thread";
export { walls } from "./walls";
