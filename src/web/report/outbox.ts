/**
 * Reports that were written and have not arrived: they lie on the device until the server has said that it has them.
 * Each carries an id that the device made, so that one whose answer was lost is sent again and is still one. The page and
 * the service worker both send from here.
 */
import { post } from "./device.ts";

export interface Waiting {
  id: string;
  token: string;
  asset?: string | undefined;
  text: string;
  name?: string | undefined;
  /** Base64. */
  photo?: string | undefined;
  /** What it will be followed with. */
  follow: string;
  /** By the device's own clock: only the time until it is sent is told. */
  writtenAt: number;
  /** The server's word, when it will not take it: sending it again would change nothing. */
  refused?: string | undefined;
}

export interface Sent {
  id: string;
  number: number;
  line: string;
  follow: string;
  at: number;
  photoLost: boolean;
}

const keptSent = 20;
type StoreName = "waiting" | "sent";

let opening: Promise<IDBDatabase | undefined> | undefined;
/** Where the browser keeps nothing (a private window), this page does while it is open. */
const inMemory = { waiting: new Map<string, unknown>(), sent: new Map<string, unknown>() };

function open(): Promise<IDBDatabase | undefined> {
  return (opening ??= new Promise((resolve) => {
    try {
      const request = indexedDB.open("openbook-reports", 1);
      request.addEventListener("upgradeneeded", () => {
        for (const name of ["waiting", "sent"]) request.result.createObjectStore(name, { keyPath: "id" });
      });
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => resolve(undefined));
    } catch {
      resolve(undefined);
    }
  }));
}

async function store<T>(name: StoreName, mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>) {
  const database = await open();
  if (!database) return undefined;
  return new Promise<T>((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const request = ask(transaction.objectStore(name));
    // Only what has been committed is kept.
    transaction.addEventListener("complete", () => resolve(request.result));
    transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("not kept")));
  });
}

async function put(name: StoreName, value: Waiting | Sent): Promise<void> {
  const kept = await store(name, "readwrite", (place) => place.put(value)).catch(() => undefined);
  if (kept === undefined) inMemory[name].set(value.id, value);
}

async function remove(name: StoreName, id: string): Promise<void> {
  inMemory[name].delete(id);
  await store(name, "readwrite", (place) => place.delete(id)).catch(() => undefined);
}

async function all<T>(name: StoreName): Promise<T[]> {
  const kept = (await store(name, "readonly", (place) => place.getAll()).catch(() => undefined)) ?? [];
  return [...(kept as T[]), ...(inMemory[name].values() as Iterable<T>)];
}

export const addWaiting = (waiting: Waiting) => put("waiting", waiting);
export const takeBack = (id: string) => remove("waiting", id);

export async function listWaiting(): Promise<Waiting[]> {
  return (await all<Waiting>("waiting")).toSorted((a, b) => a.writtenAt - b.writtenAt);
}

/** What has arrived from this device, the latest first. */
export async function listSent(): Promise<Sent[]> {
  return (await all<Sent>("sent")).toSorted((a, b) => b.at - a.at);
}

export async function forgetSent(): Promise<void> {
  for (const { id } of await listSent()) await remove("sent", id);
}

let sending: Promise<number> | undefined;

/**
 * Sends what waits, one after the other, until one does not come through. Page and worker may do so at once: the server
 * knows each by its id.
 * @returns how many still wait
 */
export function sendWaiting(): Promise<number> {
  return (sending ??= sendEach().finally(() => (sending = undefined)));
}

async function sendEach(): Promise<number> {
  for (const waiting of await listWaiting()) {
    if (waiting.refused === undefined && !(await sendOne(waiting))) break;
  }
  return (await listWaiting()).filter(({ refused }) => refused === undefined).length;
}

/** Statuses after which the same report may well be taken later. */
const mayPass = (status: number) => status === 0 || status === 408 || status === 409 || status === 429 || status >= 500;

/** @returns whether the way is open: false when nothing comes through just now */
async function sendOne(report: Waiting): Promise<boolean> {
  const { writtenAt, ...waiting } = report;
  const heldMinutes = Math.min(527_000, Math.max(0, Math.floor((Date.now() - writtenAt) / 60_000)));
  const answer = await post("/reports", { ...waiting, ...(heldMinutes > 0 ? { heldMinutes } : {}) });
  if (!answer.ok && mayPass(answer.status)) return false;
  if (!answer.ok) {
    await put("waiting", { ...report, refused: answer.detail ?? "" });
    return true;
  }
  const line = waiting.text
    .trim()
    .split(/[\r\n]/, 1)[0]!
    .slice(0, 80);
  const photoLost = waiting.photo !== undefined && answer.body["photoKept"] !== true;
  const { id, follow } = waiting;
  await put("sent", { id, number: Number(answer.body["number"]), line, follow, at: Date.now(), photoLost });
  await remove("waiting", id);
  for (const old of (await listSent()).slice(keptSent)) await remove("sent", old.id);
  return true;
}
