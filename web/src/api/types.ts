// The names of what goes over the wire, from the generated description. Refuses anything by hand.
import type { components } from "./schema";

export type { paths } from "./schema";
export type Schemas = components["schemas"];
