// The page of handsets: a card per handset with its texts, the clock and the faults. All state is the sandbox's; here is only which
// handsets were added by hand, what was typed, and how many texts of each were seen. Asks once a second while the page is visible.
"use strict";

const EVERY = 1000;
const byId = (id) => document.getElementById(id);
const cards = new Map();
const added = new Map();
let numbers = [];
let names = new Map();

class Refused extends Error {}

async function ask(path, body, method = body === undefined ? "GET" : "POST") {
  const options = { method };
  if (body !== undefined) Object.assign(options, { headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const answer = await fetch(path, options);
  if (answer.status === 204) return null;
  const content = await answer.json();
  if (!answer.ok) throw new Refused(content.detail || answer.statusText);
  return content;
}

function say(text, tone = "") {
  const status = byId("status");
  if (status.textContent !== text) status.textContent = text;
  status.className = `status ${tone}`;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A number of North America as people there write it; everything else as it is. */
function spoken(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

function initials(label) {
  return label.split(/\s+/).filter((word) => /^\p{L}/u.test(word)).map((word) => [...word][0]).slice(-2).join("").toUpperCase() || "#";
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// ---- handsets

function makeCard(handset) {
  const card = byId("phone").content.cloneNode(true).querySelector("article");
  const one = (selector) => card.querySelector(selector);
  const label = handset.label || spoken(handset.number);
  const made = { card, number: handset.number, label, shown: -1, seen: null, texts: one(".texts"), badge: one(".new"), to: one("select"), chosen: false };
  const title = `phone-${cards.size}`;
  one("h2").textContent = label;
  one("h2").id = title;
  card.setAttribute("aria-labelledby", title);
  card.dataset.number = handset.number;
  one(".number").textContent = handset.label ? spoken(handset.number) : "Added here";
  one(".face").textContent = initials(label);
  made.texts.setAttribute("aria-label", `Texts of ${label}`);
  made.to.append(...numbers.map((number) => new Option(spoken(number), number)));
  made.to.addEventListener("change", () => { made.chosen = true; });
  const body = one("textarea");
  body.setAttribute("aria-label", `Text from ${label}. Enter sends.`);
  body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      one("form").requestSubmit();
    }
  });
  for (const button of card.querySelectorAll("[data-word]")) button.addEventListener("click", () => write(made, button.dataset.word, []));
  one("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const picture = one("input[type=url]");
    const file = one("input[type=file]");
    const media = [picture.value.trim(), file.files[0] ? await dataAddress(file.files[0]) : ""].filter(Boolean);
    if (!body.value.trim() && media.length === 0) return;
    if (await write(made, body.value, media)) {
      body.value = "";
      picture.value = "";
      file.value = "";
    }
  });
  card.addEventListener("focusin", () => { made.seen = made.got; mark(made); });
  cards.set(handset.number, made);
  byId("phones").append(card);
  document.dispatchEvent(new CustomEvent("handset", { detail: made }));
  byId("fault-number").append(new Option(label, handset.number));
  return made;
}

/** A file as a data: address, which the sandbox holds as the carrier would. */
function dataAddress(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** A picture that the handset has, or what else it got. */
function attachment(media) {
  const isPicture = /^image\/(jpeg|png|gif|webp)$/.test(media.content_type) && media.url.startsWith("data:");
  if (!isPicture) return element("div", "", `[${media.content_type}]`);
  const image = element("img", "picture");
  image.src = media.url;
  image.alt = "Picture";
  return image;
}

async function write(made, body, media) {
  try {
    await ask(`/handsets/${encodeURIComponent(made.number)}/messages`, { to: made.to.value, body, media });
    say(`${made.label} wrote to ${spoken(made.to.value)}.`);
    await refresh();
    return true;
  } catch (error) {
    say(`Not sent: ${error.message}`, "bad");
    return false;
  }
}

function mark(made) {
  const news = made.seen === null ? 0 : (made.got ?? 0) - made.seen;
  made.badge.hidden = news <= 0;
  made.card.classList.toggle("alerted", news > 0);
  put(made.badge, `${news} new`);
}

function bubble(message, made) {
  const sent = message.direction === "inbound";
  const reply = message.direction === "outbound-reply";
  const item = element("li", sent ? "sent" : reply ? "got reply" : "got");
  const content = element("div", "bubble", message.body);
  content.dir = "auto";
  for (const media of message.media) content.append(attachment(media));
  const at = new Date(message.at);
  const stamp = element("span", "stamp");
  const time = element("time", "", at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }));
  time.dateTime = message.at;
  time.title = at.toLocaleString();
  const other = sent ? `to ${spoken(message.to)}` : reply ? "the carrier's own reply" : `from ${spoken(message.from)}`;
  stamp.append(`${other} · `, time);
  item.append(content, stamp);
  if (message.direction === "inbound" && !made.chosen && numbers.includes(message.to)) made.to.value = message.to;
  if (message.direction === "outbound-api" && !made.chosen && numbers.includes(message.from)) made.to.value = message.from;
  return item;
}

async function showTexts(made) {
  const { messages } = await ask(`/handsets/${encodeURIComponent(made.number)}/messages`);
  const list = made.texts;
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const items = [];
  let day = "";
  for (const message of messages) {
    const now = new Date(message.at).toLocaleDateString([], { weekday: "short", month: "short", day: "numeric" });
    if (now !== day) items.push(element("li", "day", now));
    day = now;
    items.push(bubble(message, made));
  }
  list.replaceChildren(...items);
  const got = messages.filter((message) => message.direction !== "inbound").length;
  if (made.seen === null || made.card.contains(document.activeElement)) made.seen = got;
  else if (got > (made.got ?? 0)) say(`New text on ${made.label}.`);
  made.got = got;
  mark(made);
  if (atEnd || made.shown < 0) list.scrollTop = list.scrollHeight;
  made.shown = messages.length;
}

async function showHandsets() {
  const { handsets } = await ask("/handsets");
  for (const [number, handset] of added) {
    if (handsets.some((known) => known.number === number)) added.delete(number);
    else handsets.push(handset);
  }
  names = new Map(handsets.map((handset) => [handset.number, handset.label || spoken(handset.number)]));
  const changed = handsets.map((handset) => [cards.get(handset.number) ?? makeCard(handset), handset]).filter(([made, handset]) => made.shown !== handset.messages);
  await Promise.all(changed.map(([made]) => showTexts(made)));
  filter();
}

function filter() {
  const wanted = byId("find").value.trim().toLowerCase();
  const digits = wanted.replace(/\D/g, "");
  let any = false;
  for (const made of cards.values()) {
    const fits = made.label.toLowerCase().includes(wanted) || (digits.length > 1 && made.number.includes(digits));
    made.card.hidden = !fits;
    any ||= fits;
  }
  byId("none").hidden = any;
}

// ---- clock and faults

async function showClock() {
  const clock = await ask("/clock");
  const now = byId("now");
  now.dateTime = clock.now;
  put(now, new Date(clock.now).toLocaleString([], { month: "short", day: "numeric", hour: "numeric", minute: "2-digit", second: "2-digit" }));
  byId("clock-moves").hidden = !clock.can_be_advanced;
  byId("clock-fixed").hidden = clock.can_be_advanced;
}

async function advance(seconds) {
  try {
    await ask("/clock", { advance_seconds: seconds });
    say("The clock was moved on.");
  } catch (error) {
    say(`Not moved: ${error.message}`, "bad");
  }
  await refresh();
}

const kinds = [...document.querySelectorAll("#fault-kinds tr")].map((row) => ({
  kind: row.querySelector("code").textContent,
  name: row.dataset.name,
  needs: row.dataset.needs,
  usual: row.dataset.usual ?? "",
  means: row.lastElementChild.textContent,
}));

function showKind() {
  const chosen = kinds.find(({ kind }) => kind === byId("fault-kind").value);
  byId("fault-means").textContent = chosen.means;
  for (const label of document.querySelectorAll("#fault-values [data-needs]")) {
    label.hidden = label.dataset.needs !== chosen.needs;
    label.querySelector("input").value = label.hidden ? "" : chosen.usual;
  }
}

function faultLine(fault) {
  const parts = [kinds.find(({ kind }) => kind === fault.kind)?.name ?? fault.kind];
  if (fault.code) parts.push(`code ${fault.code}`);
  if (fault.status) parts.push(`status ${fault.status}`);
  if (fault.ms) parts.push(`${fault.ms} ms`);
  if (fault.number) parts.push(`only ${names.get(fault.number) ?? spoken(fault.number)}`);
  if (fault.probability < 1) parts.push(`${Math.round(fault.probability * 100)} % of the time`);
  const left = fault.times_left === null ? "strikes always" : fault.times_left === 0 ? "used up" : `strikes ${fault.times_left} more`;
  parts.push(`struck ${fault.struck}`, left);
  return parts.join(" · ");
}

async function showFaults() {
  const { faults } = await ask("/faults");
  const lines = faults.map(faultLine);
  const list = byId("faults");
  if ([...list.children].map((item) => item.textContent).join("\n") !== lines.join("\n")) {
    list.replaceChildren(...lines.map((line) => element("li", "", line)));
  }
  byId("no-faults").hidden = byId("end-faults").hidden = false;
  byId(faults.length > 0 ? "no-faults" : "end-faults").hidden = true;
}

byId("fault").addEventListener("submit", async (event) => {
  event.preventDefault();
  const request = { kind: byId("fault-kind").value };
  for (const field of ["code", "status", "ms", "times"]) {
    const value = byId(`fault-${field}`).value.trim();
    if (value !== "") request[field] = Number(value);
  }
  if (byId("fault-number").value) request.number = byId("fault-number").value;
  try {
    await ask("/faults", request);
    say("The fault waits to strike.");
  } catch (error) {
    say(`Not started: ${error.message}`, "bad");
  }
  await refresh();
});

byId("end-faults").addEventListener("click", async () => {
  await ask("/faults", undefined, "DELETE");
  say("The carrier behaves again.");
  await refresh();
  byId("fault-kind").focus();
});

byId("advance").addEventListener("submit", (event) => {
  event.preventDefault();
  advance(Math.round(Number(byId("hours").value) * 3600));
});
for (const button of document.querySelectorAll("[data-advance]")) button.addEventListener("click", () => advance(Number(button.dataset.advance)));

byId("find").addEventListener("input", filter);
byId("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = byId("new-handset");
  const number = field.value.trim().replace(/^\+?[\d\s().-]+$/, (digits) => digits.replace(/[\s().-]/g, ""));
  try {
    await ask(`/handsets/${encodeURIComponent(number)}/messages`);
  } catch (error) {
    return say(`Not added: ${error.message}`, "bad");
  }
  if (!cards.has(number)) added.set(number, { number, label: null, messages: 0 });
  byId("find").value = "";
  field.value = "";
  await refresh();
  cards.get(number)?.card.querySelector("textarea").focus();
});

// ---- the loop

let lost = false;
async function refresh() {
  try {
    await Promise.all([showHandsets(), showClock(), showFaults()]);
    if (lost) say("The sandbox answers again.");
    lost = false;
  } catch (error) {
    if (error instanceof Refused) say(error.message, "bad");
    else say("The sandbox does not answer. Is it running?", "bad");
    lost = true;
  }
}

async function start() {
  byId("fault-kind").append(...kinds.map(({ kind, name }) => new Option(name, kind)));
  byId("fault-kind").addEventListener("change", showKind);
  showKind();
  while (numbers.length === 0) {
    try {
      numbers = (await ask("/numbers")).numbers.map(({ number }) => number);
      if (numbers.length === 0) return say("The firm has no number yet.", "bad");
    } catch {
      say("The sandbox does not answer. Is it running?", "bad");
      await new Promise((go) => setTimeout(go, EVERY));
    }
  }
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise((go) => setTimeout(go, EVERY));
  }
}
start();
