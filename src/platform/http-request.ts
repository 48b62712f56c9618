import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "../errors.ts";
import { networkOfRequest, type Trusts } from "./http-networks.ts";
import type { RequestFacts } from "./http-routes.ts";
import type { Log, LogFields } from "./log.ts";

const processId = randomBytes(5).toString("hex");
let count = 0;

/** For a whole upload; JSON bodies have their own, shorter limit. */
export const requestTimeoutMs = 600_000;

/** One request: what handlers may know of it, and what its log line says. */
export class HttpRequest implements RequestFacts {
  readonly id = `${processId}-${(++count).toString(36)}`;
  /** The target as it was sent, without decoding. */
  readonly path: string;
  readonly search: string;
  routeId: string | undefined;
  /** Set once the actor is proven. */
  company: string | undefined;
  actor: string | undefined;
  #incoming: IncomingMessage;
  #outgoing: ServerResponse;
  #trusts: Trusts;
  #gone: AbortController | undefined;
  #started = performance.now();

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, trusts: Trusts) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#trusts = trusts;
    const target = incoming.url ?? "";
    const at = target.indexOf("?");
    this.path = at < 0 ? target : target.slice(0, at);
    this.search = at < 0 ? "" : target.slice(at);
  }

  get network(): string {
    return networkOfRequest(this.#incoming, this.#trusts);
  }

  get userAgent(): string | undefined {
    return this.#incoming.headers["user-agent"]?.slice(0, 300);
  }

  get host(): string | undefined {
    return this.#incoming.headers.host;
  }

  /** @throws AppError precondition_failed: an ETag that this API never gave. */
  get ifMatch(): number | undefined {
    const value = this.#incoming.headers["if-match"];
    if (value === undefined || value.trim() === "*") return undefined;
    const version = /^\s*"(\d{1,15})"\s*$/.exec(value)?.[1];
    if (version === undefined) {
      throw new AppError(
        "precondition_failed",
        'If-Match must be an ETag of this API, such as "7". Nothing was changed.',
      );
    }
    return Number(version);
  }

  get signal(): AbortSignal {
    if (!this.#gone) {
      const gone = (this.#gone = new AbortController());
      const outgoing = this.#outgoing;
      if (outgoing.destroyed && !outgoing.writableFinished) gone.abort();
      outgoing.once("close", () => {
        if (!outgoing.writableFinished) gone.abort();
      });
    }
    return this.#gone.signal;
  }

  /** A log whose lines carry this request's id. */
  logTo(log: Log): Log {
    const { id } = this;
    const mark = (fields?: LogFields) => ({ request: id, ...fields });
    return {
      info: (message, fields) => log.info(message, mark(fields)),
      warn: (message, fields) => log.warn(message, mark(fields)),
      error: (message, fields) => log.error(message, mark(fields)),
    };
  }

  /** Never the target: ids of things, search words and tokens stay out of the log. */
  logLine(status: number): LogFields {
    return {
      request: this.id,
      method: this.#incoming.method,
      route: this.routeId,
      status,
      ms: Math.round((performance.now() - this.#started) * 10) / 10,
      company: this.company,
      actor: this.actor,
    };
  }
}

/** Doubled, encoded or dotted separators would let one thing have several addresses (and pass a proxy's rules). */
const ambiguous = /\/\/|[\\\0]|\/\.{1,2}(?:\/|$)|%(?:2f|5c|2e|00|25)/i;

/** Whether a target's path is one address only; others are answered as missing. */
export function isPlainPath(path: string): boolean {
  return path.startsWith("/") && !ambiguous.test(path);
}
