// The script that a host page includes: defines <casewire-case case-id server organization launch-url [fit]>, which frames the case view
// and hands it launch tokens. Refuses messages from any other window or origin, and a launch-url outside of the host page's own origin.
// No dependency, about 2 kB. The frame's side of the handshake: ../embed/handshake.ts.

type Answer = string | { launch_token: string };
type Word = { casewire?: unknown; count?: unknown; height?: unknown };

const own = document.currentScript;
const home = own instanceof HTMLScriptElement ? own.src : location.href;
/** A host that answers at once with tokens that are refused is not asked more often than this (milliseconds). */
const PAUSE = 2000;

class CasewireCase extends HTMLElement {
  static readonly observedAttributes = ["case-id", "server", "organization"];

  /** Set by the host page: gives a launch token. Goes before `launch-url`. Declared only, so that what was set before stays. */
  declare launch: (() => Promise<Answer>) | undefined;

  #frame: HTMLIFrameElement | undefined;
  #origin = "";
  #asking = false;
  #asked = 0;

  connectedCallback(): void {
    addEventListener("message", this.#hear);
    this.style.display ||= "block";
    this.style.position ||= "relative";
    this.style.minHeight ||= "20rem";
    this.#show();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.#hear);
    this.#frame?.remove();
    this.#frame = undefined;
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#show();
  }

  #show(): void {
    const number = this.getAttribute("case-id");
    if (!number) return;
    const address = new URL(
      `/embed/cases/${encodeURIComponent(number)}`,
      new URL(this.getAttribute("server") || home, home),
    );
    const organization = this.getAttribute("organization");
    if (organization) address.searchParams.set("organization", organization);
    this.#origin = address.origin;
    if (!this.#frame) {
      const frame = document.createElement("iframe");
      frame.title = this.getAttribute("title") || "Casewire";
      frame.allow = "microphone; autoplay; speaker-selection; clipboard-write";
      frame.referrerPolicy = "strict-origin";
      Object.assign(frame.style, { position: "absolute", inset: "0", width: "100%", height: "100%", border: "0" });
      this.#frame = frame;
    }
    if (this.#frame.src !== address.href) this.#frame.src = address.href;
    if (!this.#frame.isConnected) this.append(this.#frame);
  }

  readonly #hear = (event: MessageEvent<Word | null>): void => {
    if (!this.#frame || event.source !== this.#frame.contentWindow || event.origin !== this.#origin) return;
    const { casewire: word, count, height } = event.data ?? {};
    if (word === "ready" || word === "session-ended") void this.#hand();
    if (word === "unread-count" && typeof count === "number") this.#tell(word, count);
    if (word === "height" && typeof height === "number" && height > 0) {
      if (this.hasAttribute("fit")) this.style.height = `${Math.ceil(height)}px`;
      this.#tell(word, height);
    }
  };

  async #hand(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      // A large negative delay would wrap around.
      await new Promise((go) => setTimeout(go, Math.max(0, this.#asked + PAUSE - Date.now())));
      this.#asked = Date.now();
      const answer = await (this.launch ? this.launch() : this.#fetch());
      const token = typeof answer === "string" ? answer : answer.launch_token;
      this.#frame?.contentWindow?.postMessage({ casewire: "launch", token }, this.#origin);
    } catch (error) {
      this.#tell("error", error);
    } finally {
      this.#asking = false;
    }
  }

  async #fetch(): Promise<Answer> {
    const url = new URL(this.getAttribute("launch-url") ?? "", location.href);
    if (!this.hasAttribute("launch-url") || url.origin !== location.origin)
      throw new Error("casewire-case: launch-url must be of this page's origin");
    const answer = await fetch(url, { method: "POST", headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(`casewire-case: launch-url answered ${answer.status}`);
    return answer.json();
  }

  #tell(word: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`casewire-${word}`, { detail }));
  }
}

if (!customElements.get("casewire-case")) customElements.define("casewire-case", CasewireCase);
