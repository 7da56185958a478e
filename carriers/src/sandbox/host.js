// The sample host's page: its list of cases, who is at work, and the product's element for the chosen case. All that an integrator
// needs is in `show`. The launch tokens come from this site's own server: host.rs.
"use strict";

const at = (id) => document.getElementById(id);

function show(data, number) {
  const element = document.createElement("casewire-case");
  element.setAttribute("server", data.product);
  element.setAttribute("organization", data.organization);
  element.setAttribute("case-id", number);
  element.setAttribute("launch-url", `/host/launch?user=${encodeURIComponent(at("user").value)}`);
  element.addEventListener("casewire-unread-count", (event) => {
    at("status").textContent = event.detail === 0 ? "" : `${event.detail} unread`;
  });
  element.addEventListener("casewire-error", () => {
    at("status").textContent = "The messages cannot be shown just now.";
  });
  at("status").textContent = "";
  at("messages").replaceChildren(element);
}

function choose(data, number) {
  const chosen = data.cases.find((known) => known.number === number);
  if (!chosen) return;
  for (const button of at("cases").querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.number === number));
  }
  at("case-title").textContent = `${chosen.number} · ${chosen.name}`;
  show(data, number);
}

async function start() {
  const data = await (await fetch("/host/cases")).json();
  for (const user of data.users) {
    at("user").append(new Option(user.name, user.email));
  }
  for (const known of data.cases) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.number = known.number;
    const name = document.createElement("small");
    name.textContent = known.name;
    button.append(known.number, name);
    button.addEventListener("click", () => {
      location.hash = encodeURIComponent(known.number);
    });
    const line = document.createElement("li");
    line.append(button);
    at("cases").append(line);
  }
  const chosen = () => choose(data, decodeURIComponent(location.hash.slice(1)));
  addEventListener("hashchange", chosen);
  at("user").addEventListener("change", chosen);
  chosen();
}

start();
