import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { isLoopback } from "../config.ts";
import { AppError, notFound } from "../errors.ts";
import type { App } from "./http.ts";
import { problemResponse } from "./http-replies.ts";
import { trustedProxies } from "./http-networks.ts";
import { HttpRequest, isPlainPath, requestTimeoutMs } from "./http-request.ts";
import { takeTheRest } from "./http-rest.ts";
import type { Log } from "./log.ts";

export interface HttpServer {
  /** Where it listens, e.g. `http://127.0.0.1:4320`. */
  url: string;
  port: number;
  /** Takes no new request, lets those under way finish for `graceMs`, then ends what is left. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  publicUrl: string | undefined;
  /** @see trustedProxies; default: none but the one on this machine, behind a public URL */
  trustedProxies?: readonly string[];
  log: Log;
  /** Default 15 s: a service manager waits 20. */
  graceMs?: number;
}

const headersTimeoutMs = 10_000;

/**
 * @throws AppError port_in_use · port_not_allowed · host_not_available: nothing was started.
 */
export async function listen(app: App, options: ServerOptions): Promise<HttpServer> {
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // Longer than a proxy keeps its idle connections, so that none is closed under a request just sent.
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: 2_000,
    },
    listenerOf(app, options),
  );
  server.listen(options.port, options.host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw notListening(error, options);
  }
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  let stopping: Promise<void> | undefined;
  return { url: `http://${host}:${port}`, port, stop: () => (stopping ??= stop(server, options.graceMs ?? 15_000)) };
}

/** On every reply; a page or a file may say it again in its own words. */
function headersOfAll(publicUrl: string | undefined): [name: string, value: string][] {
  const headers: [string, string][] = [
    ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
    ["X-Content-Type-Options", "nosniff"],
    ["Referrer-Policy", "no-referrer"],
    ["Cross-Origin-Opener-Policy", "same-origin"],
    ["Cross-Origin-Resource-Policy", "same-origin"],
  ];
  if (publicUrl?.startsWith("https:")) headers.push(["Strict-Transport-Security", "max-age=31536000"]);
  return headers;
}

/**
 * On loopback without a public address the server answers to this machine's own names alone. Else a page of the web
 * whose name leads here for a moment (DNS rebinding) would be of the same origin as the pages, and could try passwords.
 */
function answersTo({ host, publicUrl }: ServerOptions): (named: string | undefined) => boolean {
  if (publicUrl || !isLoopback(host)) return () => true;
  return (named) => named === undefined || isLoopback(URL.parse(`http://${named}`)?.hostname ?? "");
}

function listenerOf(app: App, options: ServerOptions) {
  const { publicUrl, log, trustedProxies: named = [] } = options;
  const trusts = trustedProxies(named, publicUrl);
  const isOurs = answersTo(options);
  const headers = headersOfAll(publicUrl);
  const listener = getRequestListener(
    async (request, env) => {
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse };
      const facts = new HttpRequest(incoming, outgoing, trusts);
      outgoing.setHeader("X-Request-Id", facts.id);
      const response = !isOurs(facts.host)
        ? problemResponse(facts, misdirected(), log)
        : isPlainPath(facts.path)
          ? await app.fetch(request, { incoming, outgoing, request: facts })
          : problemResponse(facts, notFound(), log);
      log.info("request", facts.logLine(outgoing.headersSent ? outgoing.statusCode : response.status));
      return response;
    },
    // What is left of a body is taken by takeTheRest: half a second, as is the default, is too short for an upload.
    { errorHandler: (error) => unreadable(error, log), autoCleanupIncoming: false },
  );
  return (incoming: IncomingMessage, outgoing: ServerResponse) => {
    for (const [name, value] of headers) outgoing.setHeader(name, value);
    takeTheRest(incoming, outgoing);
    void listener(incoming, outgoing);
  };
}

function misdirected(): AppError {
  const message =
    "Openbook runs for this machine alone and is opened as localhost. Under another name it needs --public-url.";
  return new AppError("misdirected_request", message);
}

/** A request that does not even become one (a Host header or a target that is none). */
function unreadable(error: unknown, log: Log): Response {
  const isTheirs = error instanceof Error && error.name === "RequestError";
  const malformed = new AppError("malformed_request", "The request's target or Host header cannot be used.");
  return problemResponse(undefined, isTheirs ? malformed : error, log);
}

async function stop(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  // Connections kept alive become idle one by one, as their replies are sent.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

function notListening(error: unknown, { host, port }: ServerOptions): unknown {
  const code = (error as { code?: string }).code;
  if (code === "EADDRINUSE") {
    return new AppError(
      "port_in_use",
      `Port ${port} on ${host} is in use, perhaps by another Openbook. Stop that, or choose another with --port. Nothing was started.`,
    );
  }
  if (code === "EACCES") {
    return new AppError(
      "port_not_allowed",
      `Port ${port} is not allowed for this user. Choose one above 1023 with --port. Nothing was started.`,
    );
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new AppError("host_not_available", `This machine has no address ${host}. Nothing was started.`);
  }
  return error;
}
