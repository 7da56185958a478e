// A refusal or failure of a request in one shape: the server's problem document, or "network" where no answer came. The one
// place where an unknown answer is read as that document. Refuses words for users: see text/.
import type { Schemas } from "./types";

export type ProblemCode = Schemas["ProblemCode"];

type Fields = Record<string, unknown>;

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Why a request was refused or failed. `body` holds the further members of some codes, such as `claimed_by`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ProblemCode | "network";
  readonly title: string;
  readonly detail: string;
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  /** Seconds to wait before another try, where the server said so. */
  readonly retryAfter: number | undefined;
  readonly body: Fields;

  constructor(status: number, body: Fields, retryAfter?: number) {
    const title = textOf(body.title) ?? "";
    super(title);
    this.name = "ApiError";
    this.status = status;
    // The boundary: what the server says is taken at its word, as the description has it.
    this.code = (textOf(body.code) ?? (status === 0 ? "network" : "internal")) as ProblemCode | "network";
    this.title = title;
    this.detail = textOf(body.detail) ?? title;
    this.field = textOf(body.field);
    this.requestId = textOf(body.request_id);
    this.retryAfter = retryAfter;
    this.body = body;
  }

  static network(): ApiError {
    return new ApiError(0, {});
  }

  /** Whatever was thrown, as an error of this shape. */
  static of(thrown: unknown): ApiError {
    return thrown instanceof ApiError ? thrown : ApiError.network();
  }

  static answered(response: Response, body: unknown): ApiError {
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return new ApiError(response.status, isRecord(body) ? body : {}, Number.isFinite(seconds) ? seconds : undefined);
  }

  /** Whether trying again later may help: no answer, or the server could not. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}
