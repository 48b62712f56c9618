/**
 * The report page without a connection. Its reach is /r alone: the page and the few files it is made of come from this
 * device at once and are looked for anew behind it; what waits in the outbox is sent when the browser says that there is
 * a connection, also when the page is closed (where the browser can do that).
 */
import { sendWaiting } from "./outbox.ts";

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith(reply: Promise<Response>): void;
}
interface Worker {
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(type: "sync", listener: (event: Lasting & { tag: string }) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
}
const worker = self as unknown as Worker;
const page = "/r";
const cacheName = "openbook-report-page";

/** The page as it is now with the files it names; all of it, or what was there stays. */
async function refresh(): Promise<void> {
  const reply = await fetch(page, { cache: "no-store", credentials: "omit" });
  if (!reply.ok) return;
  const html = await reply.clone().text();
  const named = [...html.matchAll(/(?:src|href)="(\/[^"#?]+)"/g)].map((match) => match[1]!);
  const cache = await caches.open(cacheName);
  const missing: string[] = [];
  for (const path of named) if (!path.startsWith("/assets/") || !(await cache.match(path))) missing.push(path);
  await cache.addAll(missing);
  await cache.put(page, reply);
  const wanted = new Set([page, ...named]);
  for (const { url } of await cache.keys()) if (!wanted.has(new URL(url).pathname)) await cache.delete(url);
}

async function fromDevice(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(refresh().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname !== page) return;
    event.respondWith(fromDevice(page, request));
    event.waitUntil(refresh().catch(() => undefined));
  } else if (!url.pathname.startsWith("/api/")) {
    event.respondWith(fromDevice(url.pathname, request));
  }
});
worker.addEventListener("sync", (event) => {
  if (event.tag !== "reports") return;
  const send = async () => {
    // What this throws makes the browser try again later.
    if ((await sendWaiting()) > 0) throw new Error("no connection yet");
  };
  event.waitUntil(send());
});
