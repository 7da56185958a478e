// The page of handsets: shows what /handsets and /handsets/{number}/messages say, and writes by POST. No state but the choice.
"use strict";

const byId = (id) => document.getElementById(id);
const added = new Set();
let chosen = null;
let shownTexts = "";
let shownHandsets = "";

async function ask(path, body) {
  const options = body === undefined
    ? {}
    : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, options);
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.detail || answer.statusText);
  return content;
}

function say(text) {
  byId("status").textContent = text;
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function showHandsets(handsets) {
  for (const number of added) {
    if (!handsets.some((handset) => handset.number === number)) handsets.push({ number, label: null, messages: 0 });
  }
  if (chosen === null && handsets.length > 0) chosen = handsets[0].number;
  const now = JSON.stringify([handsets, chosen]);
  if (now === shownHandsets) return;
  shownHandsets = now;
  byId("handsets").replaceChildren(...handsets.map((handset) => {
    const button = element("button", handset.label ? `${handset.label} ` : "");
    button.append(element("small", `${handset.number} · ${handset.messages} texts`));
    button.type = "button";
    button.setAttribute("aria-pressed", String(handset.number === chosen));
    button.addEventListener("click", () => { chosen = handset.number; refresh(); });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

function showTexts(messages) {
  const now = JSON.stringify([chosen, messages]);
  if (now === shownTexts) return;
  shownTexts = now;
  byId("chosen").textContent = chosen;
  byId("texts").replaceChildren(...messages.map((message) => {
    const sent = message.direction === "inbound";
    const item = element("li", message.body, sent ? "sent" : "got");
    for (const media of message.media) item.append(element("small", `[${media.content_type}]`));
    item.append(element("small", `${sent ? "to " + message.to : "from " + message.from} · ${message.at}`));
    return item;
  }));
}

async function refresh() {
  try {
    showHandsets((await ask("/handsets")).handsets);
    if (chosen !== null) showTexts((await ask(`/handsets/${encodeURIComponent(chosen)}/messages`)).messages);
    const clock = await ask("/clock");
    byId("now").textContent = clock.now;
    byId("advance").hidden = !clock.can_be_advanced;
  } catch (error) {
    say(`The sandbox does not answer: ${error.message}`);
  }
}

byId("add").addEventListener("submit", (event) => {
  event.preventDefault();
  const number = byId("new-handset").value.trim();
  if (number) { added.add(number); chosen = number; refresh(); }
});

byId("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const media = byId("media").value.trim();
    await ask(`/handsets/${encodeURIComponent(chosen)}/messages`, { to: byId("to").value, body: byId("body").value, media: media ? [media] : [] });
    byId("body").value = "";
    byId("media").value = "";
    say("Sent.");
  } catch (error) {
    say(`Not sent: ${error.message}`);
  }
  refresh();
});

byId("advance").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await ask("/clock", { advance_seconds: Math.round(Number(byId("hours").value) * 3600) });
    say("The clock was moved on.");
  } catch (error) {
    say(`Not moved: ${error.message}`);
  }
  refresh();
});

ask("/numbers").then(({ numbers }) => {
  byId("to").replaceChildren(...numbers.map(({ number }) => element("option", number)));
});
refresh();
setInterval(refresh, 1000);
