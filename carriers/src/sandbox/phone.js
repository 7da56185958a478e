// The phones of the page of handsets: they ring, answer, call the firm and hang up, with real audio straight to the firm's voice engine.
// Who is on which call is the sandbox's to say; here are only the connections of this page. Goes on with its calls after a reload.
"use strict";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
/** How long a lost connection may take to come back by itself before it is made anew. */
const LOST = 3000;
/** How long the end of a call stands on its handset. */
const STANDS = 8000;
const ENDS = { hung_up: "You hung up", firm_hung_up: "The firm hung up", declined: "Declined", no_answer: "Not answered" };

/** Per handset: this page's connection, and what is to be said about it. */
const lines = new Map();
/** Per handset: its newest call, as the sandbox says. */
let calls = new Map();
let phonesLaid = false;

const lineOf = (number) => {
  if (!lines.has(number)) lines.set(number, { note: "", busy: false, connection: null, muted: false, pad: false });
  return lines.get(number);
};

// ---- audio

function wordsFor(error) {
  if (error instanceof Refused) return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
  if (!window.isSecureContext || !navigator.mediaDevices) return "A browser gives the microphone only to this machine itself (127.0.0.1, localhost) or over https. Open the page that way.";
  if (error?.name === "NotAllowedError") return "This page may not use the microphone. Allow it beside the address of the page, then try again.";
  if (error?.name === "NotFoundError") return "No microphone was found. Connect one, then try again.";
  if (error?.name === "NotReadableError") return "The microphone is in use by another program. Close that, then try again.";
  return "The sandbox does not answer. Is it running?";
}

/** Offers this page's audio by a request that answers with the firm's. */
async function connect(number, path, body) {
  const line = lineOf(number);
  if (!navigator.mediaDevices) throw new DOMException("no microphone here", "NotAllowedError");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  const peer = new RTCPeerConnection({ iceServers: [] });
  const audio = new Audio();
  audio.autoplay = true;
  const [track] = stream.getAudioTracks();
  track.enabled = !line.muted;
  const { sender } = peer.addTransceiver(track, { direction: "sendrecv", streams: [stream] });
  peer.addEventListener("track", (event) => {
    audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    audio.play().catch(() => { line.note = "The browser plays no sound yet: click anywhere on this page."; draw(number); });
  });
  try {
    await peer.setLocalDescription();
    const answer = await ask(`/handsets/${encodeURIComponent(number)}/phone/${path}`, { ...body, sdp: peer.localDescription.sdp });
    await peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    disconnect(line);
    line.connection = { call: answer.call, peer, stream, track, audio, sender };
    sessionStorage.setItem(`on ${number}`, answer.call);
    watch(number, line, peer);
    return answer.call;
  } catch (error) {
    peer.close();
    track.stop();
    throw error;
  }
}

function disconnect(line) {
  if (!line.connection) return;
  const { peer, stream, audio } = line.connection;
  line.connection = null;
  peer.close();
  for (const track of stream.getTracks()) track.stop();
  audio.srcObject = null;
}

/** A connection that is lost is made anew while the call goes on. */
function watch(number, line, peer) {
  let timer = 0;
  peer.addEventListener("connectionstatechange", () => {
    clearTimeout(timer);
    if (line.connection?.peer !== peer) return;
    if (peer.connectionState === "connected" && line.note.startsWith("The connection")) { line.note = ""; draw(number); }
    if (peer.connectionState === "disconnected" || peer.connectionState === "failed") {
      timer = setTimeout(() => again(number, "The connection was lost. It is being made anew …"), peer.connectionState === "failed" ? 0 : LOST);
    }
  });
}

/** Goes on with a call of this handset. */
async function again(number, note) {
  const call = calls.get(number);
  if (!call || call.state === "ended") return;
  const line = lineOf(number);
  line.note = note;
  draw(number);
  await does(number, () => connect(number, "answer", { call: call.call, again: true }));
}

/** Does something at a handset, one thing at a time, and says why not where it cannot. */
async function does(number, act) {
  const line = lineOf(number);
  if (line.busy) return;
  line.busy = true;
  draw(number);
  try {
    await act();
    line.note = "";
  } catch (error) {
    line.note = wordsFor(error);
  }
  line.busy = false;
  draw(number);
}

// ---- what a person does

const tell = (number, path) => ask(`/handsets/${encodeURIComponent(number)}/phone/${path}`, { call: calls.get(number)?.call });

const acts = {
  dial: (number) => does(number, () => connect(number, "dial", { to: cards.get(number).to.value })),
  answer: (number) => does(number, () => connect(number, "answer", { call: calls.get(number)?.call })),
  again: (number) => again(number, ""),
  decline: (number) => does(number, () => tell(number, "decline")),
  "hang-up": (number) => does(number, async () => {
    await tell(number, "hang-up");
    disconnect(lineOf(number));
  }),
  mute: (number) => {
    const line = lineOf(number);
    line.muted = !line.muted;
    if (line.connection) line.connection.track.enabled = !line.muted;
    draw(number);
  },
  keys: (number) => {
    const line = lineOf(number);
    line.pad = !line.pad;
    draw(number);
  },
};

function press(number, key) {
  const dtmf = lineOf(number).connection?.sender.dtmf;
  if (dtmf?.canInsertDTMF) dtmf.insertDTMF(dtmf.toneBuffer + key, 120, 70);
}

document.addEventListener("click", (event) => {
  unlock();
  const button = event.target.closest("[data-phone], [data-key]");
  const number = button?.closest("[data-number]")?.dataset.number;
  if (!number) return;
  if (button.dataset.key) press(number, button.dataset.key);
  else acts[button.dataset.phone](number);
});

document.addEventListener("keydown", (event) => {
  const pad = event.target.closest?.(".call")?.querySelector(".pad:not([hidden])");
  if (pad && KEYS.includes(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) press(pad.closest("[data-number]").dataset.number, event.key);
});

// ---- what is shown

function clock(call) {
  const seconds = Math.max(0, Math.floor((Date.now() - call.shownSince) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function what(call, line) {
  const firm = spoken(call.with);
  const here = line.connection !== null || line.busy;
  if (call.state === "ringing") return `${firm} is calling`;
  if (call.state === "calling") return here ? `Calling ${firm} …` : `Calling ${firm} in another window`;
  if (call.state === "talking") return here ? `On a call with ${firm}` : `On a call with ${firm} in another window`;
  return ENDS[call.why] ?? "The call is over";
}

function draw(number) {
  const made = cards.get(number);
  if (!made) return;
  const [line, call] = [lineOf(number), calls.get(number)];
  const box = made.card.querySelector(".call");
  const live = call !== undefined && call.state !== "ended";
  const fresh = call !== undefined && !live && Date.now() - call.shownSince < STANDS;
  const here = line.connection !== null;
  box.hidden = !live && !fresh && line.note === "" && !line.busy;
  box.dataset.state = live ? call.state : fresh ? "ended" : "failed";
  put(box.querySelector(".call-what"), live || fresh ? what(call, line) : line.busy ? "Calling …" : "No call");
  put(box.querySelector(".call-time"), live && call.state === "talking" ? clock(call) : "");
  put(box.querySelector(".call-note"), line.note);
  const shown = {
    answer: live && call.state === "ringing",
    decline: live && call.state === "ringing",
    again: live && call.state !== "ringing" && !here && !line.busy,
    mute: live && here,
    keys: live && here,
    "hang-up": live && call.state !== "ringing",
  };
  for (const button of box.querySelectorAll("[data-phone]")) {
    button.hidden = !shown[button.dataset.phone];
    button.disabled = line.busy;
  }
  const mute = box.querySelector("[data-phone=mute]");
  mute.setAttribute("aria-pressed", String(line.muted));
  put(mute, line.muted ? "Muted" : "Mute");
  box.querySelector("[data-phone=keys]").setAttribute("aria-expanded", String(line.pad && here));
  box.querySelector(".pad").hidden = !(line.pad && live && here);
  const dial = made.card.querySelector(".dial");
  dial.hidden = !phonesLaid;
  dial.disabled = live || line.busy;
}

document.addEventListener("handset", ({ detail: made }) => {
  const dial = made.card.querySelector(".dial");
  dial.setAttribute("aria-label", `Call the firm from ${made.label}`);
  made.card.querySelector(".call").setAttribute("aria-label", `Call of ${made.label}`);
  made.card.querySelector(".pad").append(...KEYS.map((key) => {
    const button = element("button", "", key);
    button.type = "button";
    button.dataset.key = key;
    return button;
  }));
  draw(made.number);
  announce();
});

/** What rings stands on top of the page as well, for its card may be far below. */
function announce() {
  const ringing = [...calls.values()].filter((call) => call.state === "ringing");
  const bar = byId("incoming");
  const labelOf = (call) => cards.get(call.handset)?.label ?? spoken(call.handset);
  const now = ringing.map((call) => `${call.call} ${labelOf(call)}`).join();
  if (bar.dataset.ringing === now) return;
  bar.dataset.ringing = now;
  bar.replaceChildren(...ringing.map((call) => {
    const label = labelOf(call);
    const line = element("div", "rings");
    line.dataset.number = call.handset;
    const [answer, decline] = [element("button", "go", "Answer"), element("button", "end", "Decline")];
    for (const [button, act] of [[answer, "answer"], [decline, "decline"]]) {
      button.type = "button";
      button.dataset.phone = act;
      button.setAttribute("aria-label", `${button.textContent} as ${label}`);
    }
    line.append(element("p", "", `${label}'s phone rings: ${spoken(call.with)}`), answer, decline);
    return line;
  }));
  document.title = ringing.length > 0 ? `☎ Ringing · Casewire sandbox` : "Handsets · Casewire sandbox";
  ring(ringing.length > 0);
}

// ---- the sound of ringing

let context = null;
let bell = null;

/** A browser makes sound only once somebody has clicked. */
function unlock() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
  for (const [number, line] of lines) {
    if (line.connection?.audio.paused) line.connection.audio.play().then(() => { line.note = ""; draw(number); }, () => {});
  }
  if (byId("incoming").childElementCount > 0) ring(true);
}

function ring(on) {
  if (!on) {
    bell?.stop();
    bell = null;
    return;
  }
  if (bell || !context) return;
  const [low, high, gain] = [context.createOscillator(), context.createOscillator(), context.createGain()];
  [low.frequency.value, high.frequency.value, gain.gain.value] = [440, 480, 0];
  // The North American cadence, for two minutes: two seconds on, four off.
  for (let at = context.currentTime; at < context.currentTime + 120; at += 6) {
    gain.gain.setTargetAtTime(0.06, at, 0.01);
    gain.gain.setTargetAtTime(0, at + 2, 0.01);
  }
  low.connect(gain);
  high.connect(gain).connect(context.destination);
  low.start();
  high.start();
  bell = { stop: () => { low.stop(); high.stop(); gain.disconnect(); } };
}

// ---- the loop

/** Takes in what the sandbox says of all calls. */
function take(news) {
  phonesLaid = news.laid;
  const before = calls;
  calls = new Map();
  for (const call of news.calls) {
    const known = before.get(call.handset);
    const same = known?.call === call.call && known.state === call.state;
    const age = Math.max(0, Date.parse(news.now) - Date.parse(call.since));
    calls.set(call.handset, { ...call, shownSince: same ? known.shownSince : Date.now() - age });
    if (!cards.has(call.handset)) {
      added.set(call.handset, { number: call.handset, label: null, messages: 0 });
      refresh();
    }
    if (known?.call !== call.call) lineOf(call.handset).pad = lineOf(call.handset).muted = false;
  }
  for (const [number, line] of lines) {
    const call = calls.get(number);
    const over = !call || call.state === "ended";
    if (over && line.connection && line.connection.call === call?.call) disconnect(line);
    if (!call || line.busy || sessionStorage.getItem(`on ${number}`) !== call.call) continue;
    if (over) sessionStorage.removeItem(`on ${number}`);
    else if (!line.connection) again(number, "");
  }
  announce();
  for (const number of cards.keys()) draw(number);
}

async function listen() {
  let version = 0;
  for (;;) {
    try {
      const news = await ask(`/phones?after=${version}`);
      version = news.version;
      take(news);
      if (!news.laid) await new Promise((go) => setTimeout(go, 5 * EVERY));
    } catch {
      await new Promise((go) => setTimeout(go, EVERY));
    }
  }
}

setInterval(() => { for (const number of calls.keys()) draw(number); }, 500);
listen();
