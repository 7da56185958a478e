// The real binary, running its demo on free ports in a folder of its own; killed and started again where a test asks for it.
// The people in it are those of the README: Jane Doe is a witness in 123, 456 and 789.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const BINARY = process.env.CASEWIRE_BINARY ?? resolve(import.meta.dirname, "../../../target/debug/casewire");
const READY_WITHIN = 60_000;

/** The outside of the demo: who texts the firm, and the firm's number. */
export const JANE = "+12125550123";
export const FIRM = "+14155550100";
export const PASSWORD = "casewire-demo";

async function freePort(): Promise<number> {
  return await new Promise((found, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? found(address.port) : failed(new Error("no port"))));
    });
  });
}

export class Demo {
  private child: ChildProcess | undefined;

  private constructor(
    readonly address: string,
    readonly sandbox: string,
    private readonly folder: string,
    private readonly options: readonly string[],
  ) {}

  /** On the sample data alone, or on a copy of a folder that a demo has left; with further options of `casewire demo`. */
  static async start(filled?: string, options: readonly string[] = []): Promise<Demo> {
    if (!existsSync(BINARY)) throw new Error(`there is no ${BINARY}; cargo build makes it`);
    const folder = await mkdtemp(join(tmpdir(), "casewire-e2e-"));
    if (filled !== undefined) await cp(filled, folder, { recursive: true });
    const demo = new Demo(
      `http://127.0.0.1:${await freePort()}`,
      `http://127.0.0.1:${await freePort()}`,
      folder,
      options,
    );
    await demo.run(filled === undefined ? ["--fresh"] : []);
    return demo;
  }

  /** Ends it and keeps what it has stored, for a demo that is started on it. */
  async leave(): Promise<string> {
    await this.end("SIGTERM");
    return this.folder;
  }

  private async run(further: readonly string[]): Promise<void> {
    const host = (address: string) => new URL(address).host;
    const log: string[] = [];
    const child = spawn(
      BINARY,
      [
        "demo",
        "--listen",
        host(this.address),
        "--sandbox-listen",
        host(this.sandbox),
        "--data",
        this.folder,
        ...this.options,
        ...further,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => log.push(chunk.toString()));
    this.child = child;
    const until = Date.now() + READY_WITHIN;
    while (Date.now() < until) {
      const ready = await fetch(`${this.address}/readyz`).catch(() => undefined);
      if (ready?.ok) return;
      if (child.exitCode !== null) break;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`the demo did not become ready:\n${log.join("").slice(-4000)}`);
  }

  private async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((wake) => child.once("exit", wake));
    child.kill(signal);
    await ended;
  }

  /** Ends the server as a crash would. */
  async crash(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Starts it again on what it had. */
  async resume(): Promise<void> {
    await this.run([]);
  }

  async stop(): Promise<void> {
    await this.end("SIGTERM");
    await rm(this.folder, { recursive: true, force: true });
  }

  private async sandboxed(path: string, body: unknown): Promise<Response> {
    const answer = await fetch(`${this.sandbox}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`the sandbox refused ${path}: ${answer.status}`);
    return answer;
  }

  /** A person outside texts the firm. */
  async text(body: string, from: string = JANE): Promise<void> {
    await this.sandboxed(`/handsets/${from}/messages`, { to: FIRM, body });
  }

  /** What the phone of a person outside does: state, and the call where there is one. */
  async phone(number: string = JANE): Promise<{ call: string; state: string; why?: string } | undefined> {
    const news: unknown = await (await fetch(`${this.sandbox}/phones?after=0`)).json();
    return Object(news).calls.findLast((one: { handset: string }) => one.handset === number);
  }

  /** What a person outside has got from the firm and written to it, oldest first. */
  async handset(number: string = JANE): Promise<{ body: string }[]> {
    const answer = await fetch(`${this.sandbox}/handsets/${number}/messages`);
    const list: unknown = await answer.json();
    return Array.isArray(list) ? list : Object(list).messages;
  }

  /** Moves everybody's clock forward. */
  async advance(seconds: number): Promise<void> {
    await this.sandboxed("/clock", { advance_seconds: seconds });
  }

  /** Tells the carrier to misbehave. */
  async fault(fault: Record<string, unknown>): Promise<void> {
    await this.sandboxed("/faults", fault);
  }

  /** A program that is signed in as one of the demo's people. */
  async api(user: string): Promise<Api> {
    const answer = await fetch(`${this.address}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: user.includes("@") ? user : `${user}@demo.example`, password: PASSWORD }),
    });
    if (!answer.ok) throw new Error(`${user} could not sign in: ${answer.status}`);
    const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    return new Api(this.address, cookie);
  }
}

/** Asks the API with somebody's session. */
export class Api {
  constructor(
    private readonly address: string,
    readonly cookie: string,
  ) {}

  // biome-ignore lint/suspicious/noExplicitAny: the tests look at single members of answers
  async ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
    const answer = await fetch(`${this.address}${path}`, {
      method,
      headers: { cookie: this.cookie, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  // biome-ignore lint/suspicious/noExplicitAny: the tests look at single members of answers
  async get(path: string): Promise<any> {
    const answer = await this.ask("GET", path);
    if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}`);
    return answer.body;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the tests look at single members of answers
  async post(path: string, body: unknown): Promise<any> {
    const answer = await this.ask("POST", path, body);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.body?.code}`);
    return answer.body;
  }

  /** Adds a document: its content is the body. */
  async upload(path: string, content: string | Buffer): Promise<void> {
    const headers = { cookie: this.cookie, origin: this.address, "content-type": "application/octet-stream" };
    const body = typeof content === "string" ? content : new Uint8Array(content);
    const answer = await fetch(`${this.address}${path}`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}`);
  }
}
