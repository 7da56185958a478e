// A gateway that speaks to Twilio's browser SDK what Twilio's own speaks (JSON frames `{type, payload, version}` over a WebSocket
// with TLS), on this machine. It carries no audio: whoever plays the other side makes the answer to each offer. The protocol is
// private to the SDK's pinned version: this is for tests only.
import { execFile } from "node:child_process";
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { promisify } from "node:util";
import { Frames } from "./frames";

const run = promisify(execFile);
/** What every server of WebSockets answers with (RFC 6455, 1.3). */
const ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export type Said = { type: string; payload: Record<string, unknown> };
type Claims = { exp?: number; grants?: { identity?: string } };

const id = (letters: string): string => letters + randomBytes(16).toString("hex");
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** A token as Twilio's libraries make one. */
export function accessToken(secret: string, identity: string, life = 600): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const head = part({ alg: "HS256", typ: "JWT", cty: "twilio-fpa;v=1" });
  const grants = { identity, voice: { incoming: { allow: true }, outgoing: { application_sid: id("AP") } } };
  const body = part({ jti: `${id("SK")}-${now}`, iss: id("SK"), sub: id("AC"), exp: now + life, grants });
  return `${head}.${body}.${createHmac("sha256", secret).update(`${head}.${body}`).digest("base64url")}`;
}

/** One browser that is connected. */
export class Connected {
  identity = "";
  registered = false;
  readonly said: Said[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly frames: Frames,
    private readonly gateway: Gateway,
  ) {
    frames.onText = (frame) => this.hear(JSON.parse(frame) as Said);
  }

  tell(type: string, payload: Record<string, unknown> = {}): void {
    this.frames.send(JSON.stringify({ type, payload, version: "1.6" }));
  }

  /** Waits until the browser has said something of that type, and gives the newest. */
  async hears(type: string, count = 1): Promise<Record<string, unknown>> {
    const until = Date.now() + 15_000;
    for (;;) {
      const all = this.said.filter((one) => one.type === type);
      const newest = all.at(-1);
      if (newest && all.length >= count) return newest.payload;
      if (Date.now() > until) throw new Error(`the browser did not say ${type}`);
      await new Promise<void>((wake) => {
        this.waiting.add(wake);
        setTimeout(wake, 100);
      });
    }
  }

  /** Rings at the browser with the offer of the other side; the browser's answer comes as `answer`. */
  ring(offer: string, hints: Record<string, string>): string {
    const callsid = id("CA");
    const params = new URLSearchParams(hints).toString();
    this.tell("invite", {
      callsid,
      sdp: offer,
      parameters: { CallSid: callsid, From: "client:other", To: `client:${this.identity}`, Params: params },
    });
    return callsid;
  }

  /** Breaks the connection as a network would. */
  break(): void {
    this.frames.destroy();
  }

  private hear(said: Said): void {
    this.said.push(said);
    for (const wake of this.waiting) wake();
    this.waiting.clear();
    if (said.type === "listen") this.listen(text(said.payload.token));
    if (said.type === "register") {
      this.registered = Boolean(Object(said.payload.media).audio);
      this.tell("ready");
    }
    if (said.type === "invite") void this.invite(said.payload);
    if (said.type === "hangup") this.tell("hangup", { callsid: said.payload.callsid });
  }

  private listen(token: string): void {
    const claims = this.gateway.claims(token);
    if (!claims) {
      this.tell("error", { error: { code: 31204, message: "the token cannot be verified" } });
      return;
    }
    this.identity = claims.grants?.identity ?? "";
    const ttl = (claims.exp ?? 0) - Math.floor(Date.now() / 1000);
    this.tell("connected", {
      edge: "local",
      region: "local",
      home: "us1",
      token: { identity: this.identity, ttl },
    });
  }

  /** The browser calls: the other side answers, or nobody does. */
  private async invite(payload: Record<string, unknown>): Promise<void> {
    const callsid = id("CA");
    this.tell("ringing", { callsid });
    const answer = await this.gateway.answering(text(payload.sdp));
    if (answer === undefined) {
      this.tell("hangup", { callsid, error: { code: 31486, message: "busy" } });
      return;
    }
    this.tell("answer", { callsid, sdp: answer, reconnect: id("RT") });
  }
}

/** The gateway, and the page of a test beside it. */
export class Gateway {
  /** Makes the answer to an offer; none: busy. */
  answering: (offer: string) => Promise<string | undefined> = async () => undefined;
  readonly browsers: Connected[] = [];

  private constructor(
    private readonly server: Server,
    private readonly secret: string,
    private readonly folder: string,
    private readonly files: ReadonlyMap<string, { kind: string; body: string }>,
  ) {}

  /** Listens with a certificate of its own; `files` are what it serves beside. */
  static async start(secret: string, files: ReadonlyMap<string, { kind: string; body: string }>): Promise<Gateway> {
    const folder = await mkdtemp(join(tmpdir(), "casewire-gateway-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const request = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
    ];
    await run("openssl", [...request, "-keyout", key, "-out", cert, ...subject]);
    const server = createServer({ key: await readFile(key), cert: await readFile(cert) });
    const gateway = new Gateway(server, secret, folder, files);
    server.on("request", (request, response) => {
      const file = gateway.files.get(request.url ?? "");
      response.writeHead(file ? 200 : 404, { "content-type": file?.kind ?? "text/plain" });
      response.end(file?.body ?? "");
    });
    server.on("upgrade", (request, socket) => gateway.upgrade(request, socket));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return gateway;
  }

  /** Host and port, as the SDK takes them. */
  get host(): string {
    const address = this.server.address();
    return `127.0.0.1:${address && typeof address === "object" ? address.port : 0}`;
  }

  /** Waits for the browser of that name. */
  async browser(identity: string): Promise<Connected> {
    const until = Date.now() + 15_000;
    while (Date.now() < until) {
      const found = this.browsers.findLast((one) => one.identity === identity);
      if (found) return found;
      await new Promise((wake) => setTimeout(wake, 20));
    }
    throw new Error(`${identity} did not connect`);
  }

  /** What a token claims, if it is signed with our key and has not run out. */
  claims(token: string): Claims | undefined {
    const [head = "", body = "", signature = ""] = token.split(".");
    const right = createHmac("sha256", this.secret).update(`${head}.${body}`).digest();
    const given = Buffer.from(signature, "base64url");
    if (right.length !== given.length || !timingSafeEqual(right, given)) return undefined;
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
    return (claims.exp ?? 0) > Date.now() / 1000 ? claims : undefined;
  }

  async stop(): Promise<void> {
    for (const browser of this.browsers) browser.break();
    this.server.closeAllConnections();
    await new Promise<void>((closed) => this.server.close(() => closed()));
    await rm(this.folder, { recursive: true, force: true });
  }

  private upgrade(request: IncomingMessage, socket: Duplex): void {
    if (request.url !== "/signal") {
      socket.destroy();
      return;
    }
    const key = request.headers["sec-websocket-key"] ?? "";
    const accept = createHash("sha1").update(`${key}${ACCEPT}`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    this.browsers.push(new Connected(new Frames(socket), this));
  }
}
