// Every word that a user sees, by area; each area has its file under en/. Refuses logic beyond putting a value into a
// sentence.
import { admin } from "./en/admin";
import { cases } from "./en/cases";
import { composer } from "./en/composer";
import { contacts } from "./en/contacts";
import { embed } from "./en/embed";
import { inbox } from "./en/inbox";
import { phone } from "./en/phone";
import { session } from "./en/session";
import { shell } from "./en/shell";
import { supervisor } from "./en/supervisor";
import { thread } from "./en/thread";

export const text = {
  admin,
  cases,
  composer,
  contacts,
  embed,
  inbox,
  phone,
  session,
  shell,
  supervisor,
  thread,
} as const;
