// The one way to the server's API: same-origin with the cookie, or with a bearer token inside another site's frame; every
// request that changes something carries its own Idempotency-Key and is sent once more with the same key where no answer
// came. Refuses to keep data: that is the live store's and the query client's. Errors: error.ts.
import createClient from "openapi-fetch";
import { ApiError } from "./error";
import type { paths } from "./types";

export { ApiError, type ProblemCode } from "./error";
export type { paths, Schemas } from "./types";

/** A request without an answer is given up after this long. */
const PATIENCE_MS = 30_000;
/** How long to wait before an unanswered change is sent again with the same key. */
const SECOND_TRY_MS = 700;

let bearer: string | undefined;
let signedOut: (() => void) | undefined;

/** Uses a token instead of the cookie; kept in memory alone. */
export function setToken(token: string | undefined): void {
  bearer = token;
}

/** The token in use, for the live socket. */
export function currentToken(): string | undefined {
  return bearer;
}

/** Who is told that the sign-in ended while working. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** The live socket learnt that the sign-in ended. */
export function tellSignedOut(): void {
  signedOut?.();
}

/** A key of 128 random bits; also where `crypto.randomUUID` is missing, on plain http. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function attempt(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]);
  return await fetch(new Request(request, { signal }));
}

async function send(request: Request): Promise<Response> {
  const isChange = request.method !== "GET" && request.method !== "HEAD";
  if (!isChange) {
    return await attempt(request);
  }
  request.headers.set("idempotency-key", newKey());
  const again = request.clone();
  try {
    return await attempt(request);
  } catch (thrown) {
    if (request.signal.aborted) {
      throw thrown;
    }
    await wait(SECOND_TRY_MS);
    return await attempt(again);
  }
}

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? "http://localhost", fetch: send });

api.use({
  onRequest({ request }) {
    if (bearer !== undefined) {
      request.headers.set("authorization", `Bearer ${bearer}`);
    }
    return request;
  },
  onResponse({ request, response }) {
    const isSignIn = request.method === "POST" && new URL(request.url).pathname.startsWith("/api/session");
    if (response.status === 401 && !isSignIn) {
      signedOut?.();
    }
    return undefined;
  },
  onError() {
    return ApiError.network();
  },
});

/** The answer's data; throws {@link ApiError} where there is none. */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) {
    throw ApiError.answered(response, error);
  }
  // The boundary: an answer of 2xx holds what the description says.
  return data as T;
}

/** A request whose body or answer is no JSON: the content of a document. Sent once. Throws {@link ApiError} as all others do. */
export async function fetchContent(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (bearer !== undefined) {
    headers.set("authorization", `Bearer ${bearer}`);
  }
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch {
    throw ApiError.network();
  }
  if (response.status === 401) {
    signedOut?.();
  }
  if (!response.ok) {
    throw ApiError.answered(response, await response.json().catch(() => undefined));
  }
  return response;
}
