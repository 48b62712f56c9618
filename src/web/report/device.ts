/** What a page without a company's frame keeps on the device, and makes there. */

/** Storage may be switched off: then nothing is remembered, and reporting works all the same. */
export function remembered(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

export function remember(key: string, value: string): void {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // As above.
  }
}

/** randomUUID() is there under https alone; on plain http in an office the same is made by hand. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** A UUID from the 22 characters of base64url in which a link carries it. */
export function longId(short: string): string | undefined {
  if (!/^[\w-]{22}$/.test(short)) return undefined;
  const bytes = atob(short.replaceAll("-", "+").replaceAll("_", "/"));
  const hex = Array.from(bytes, (sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** 256 random bits in base64url. */
export function newSecret(): string {
  const text = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export interface Answer {
  ok: boolean;
  /** 0: it did not come through. */
  status: number;
  body: Record<string, unknown>;
  detail: string | undefined;
}

/** A photo on a very slow line takes this long; a connection that hangs for longer is none. */
const longestMs = 70_000;

/** One call of the API, without a cookie. */
export async function post(path: string, body: unknown): Promise<Answer> {
  const reply = await fetch(`/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(longestMs),
  }).catch(() => undefined);
  if (!reply) return { ok: false, status: 0, body: {}, detail: undefined };
  const answer = (await reply.json().catch(() => undefined)) as Record<string, unknown> | undefined;
  // An answer that broke off is no answer.
  if (!answer) return { ok: false, status: reply.ok ? 0 : reply.status, body: {}, detail: undefined };
  const detail = typeof answer["detail"] === "string" ? answer["detail"] : undefined;
  return { ok: reply.ok, status: reply.status, body: answer, detail };
}
