import type { Readable } from "node:stream";
import type { Context, Platform } from "../context.ts";
import type { Route, RouteInput, RouteReply } from "../contract.ts";
import type { StoredFile } from "./files.ts";
import type { Credentials } from "./http-credentials.ts";
import type { Log } from "./log.ts";
import type { Tx } from "./postgres.ts";

/** What a handler may know of the request beyond its input. */
export interface RequestFacts {
  /** Also in the log line and in the reply's X-Request-Id. */
  id: string;
  /** The version the reader saw (If-Match); undefined: none was sent, or `*`. Handlers throw precondition_failed. */
  ifMatch: number | undefined;
  /** Ends when the client has gone. */
  signal: AbortSignal;
  /** Who asks, for limits: an IPv4 address or the /64 of an IPv6 one. */
  network: string;
  userAgent: string | undefined;
  /** The Host the client named: not proven by anything. */
  host: string | undefined;
}

export type Input<R extends Route> = RouteInput<R> & { request: RequestFacts };
export type Reply<R extends Route> = undefined extends RouteReply<R> ? void | undefined : RouteReply<R>;

/** A reply that is a file: always a download, never shown by the browser. A stream is sent after the commit. */
export interface FileReply {
  fileName: string;
  /** Default: the route's `replyType`. */
  type?: string;
  /** A function opens the stream after the commit; what it throws is the answer. */
  body: Uint8Array | string | Readable | (() => Promise<Readable>);
  /** Bytes, of a stream that knows. */
  size?: number;
  /** Of a file that never changes, in quotes: a reader who has it gets 304. */
  etag?: string;
}

/** Runs in the company's transaction (a read-only snapshot for GET); the actor is proven and its role suffices. */
export type CompanyHandler<R extends Route> = (ctx: Context, input: Input<R>) => Promise<Reply<R>>;
export type FileHandler<R extends Route> = (ctx: Context, input: Input<R>) => Promise<FileReply>;
/** The file has arrived and is kept when the handler's transaction commits, deleted when it does not. */
export type UploadHandler<R extends Route, T = undefined> = (
  ctx: Context,
  input: Input<R> & { file: StoredFile; examined: T },
) => Promise<Reply<R>>;
export interface UploadOptions<R extends Route, T> {
  maxBytes: number;
  /** Refuses before the first byte is taken. `declaredBytes` is what the sender says: 0 where nothing is said. */
  admit?: (ctx: Context, input: Input<R> & { declaredBytes: number }) => Promise<void>;
  /** What takes long, with no transaction open; its result is the handler's `examined`. What it throws is the answer. */
  examine?: (file: StoredFile, input: Input<R>) => Promise<T>;
  /**
   * Called once for whatever was examined, when nothing more will be done with it: the handler may have run several
   * times. `used`: what it wrote is there, or may be.
   */
  release?: (examined: T, used: boolean) => Promise<void>;
}

/** A reply that goes on (server-sent events), one per reader who keeps listening. */
export interface EventStream {
  /** A reader who does not keep up is sent `reload` once they do, in place of what they missed. */
  send(message: { id: string; event: string; data: unknown }): void;
  /** Keeps the connection open, and lets the reader resume from here. */
  beat(id: string): void;
  end(): void;
  onClosed(listener: () => void): void;
}
/** Runs in the company's read transaction; what it gives is called after it, with the stream that is then open. */
export type StreamHandler<R extends Route> = (
  ctx: Context,
  input: Input<R> & { credentials: Pick<Credentials, "kind" | "tokenHash">; lastEventId: string | undefined },
) => Promise<(stream: EventStream) => void>;

/** Nobody needs to be known: no transaction is open; the feature opens its own, around what is slow. */
export interface PublicContext {
  platform: Platform;
  /** Starts a session: the token goes into an HttpOnly cookie until `expires`. */
  setSession(token: string, expires: Date): void;
}
export type PublicHandler<R extends Route> = (outside: PublicContext, input: Input<R>) => Promise<Reply<R>>;

/** A signed-in account, outside any company: one transaction in which it sees its own memberships. */
export interface AccountContext {
  db: Tx;
  now: Date;
  log: Log;
  account: { id: string };
  /** SHA-256 of the session's token. */
  tokenHash: Buffer;
  clearSession(): void;
  /** Puts another session in the place of this one. */
  setSession(token: string, expires: Date): void;
}
export type AccountHandler<R extends Route> = (ctx: AccountContext, input: Input<R>) => Promise<Reply<R>>;

/** A signed-in account with no transaction open: for what works long, e.g. on a password. */
export type AccountOutside = PublicContext & Pick<AccountContext, "account" | "tokenHash">;
export type AccountOutsideHandler<R extends Route> = (outside: AccountOutside, input: Input<R>) => Promise<Reply<R>>;

/**
 * What a feature's `routes.ts` gets: mounts a route of its contract with what it does.
 * `export function requestRoutes(mount: Mount) { mount(createRequest, async (ctx, { body }) => …) }`
 */
export interface Mount {
  <R extends Route>(route: R, handler: CompanyHandler<R>): void;
  /** A company's route with `replyType`. */
  file<R extends Route>(route: R, handler: FileHandler<R>): void;
  /** A company's route with `bodyKind: "bytes"`. */
  upload<R extends Route, T = undefined>(route: R, options: UploadOptions<R, T>, handler: UploadHandler<R, T>): void;
  /** A company's route with `replyType: "text/event-stream"`. */
  stream<R extends Route>(route: R, handler: StreamHandler<R>): void;
  /** `permission: "public"` */
  public<R extends Route>(route: R, handler: PublicHandler<R>): void;
  /** `permission: "account"` */
  account<R extends Route>(route: R, handler: AccountHandler<R>): void;
  /** `permission: "account"`; the feature opens its own transactions. */
  accountOutside<R extends Route>(route: R, handler: AccountOutsideHandler<R>): void;
}
