// Every word that a user sees, by area; each area has its file under en/ and its line in en/areas.ts. Refuses logic beyond putting a
// value into a sentence.
export * as text from "./en/areas";
