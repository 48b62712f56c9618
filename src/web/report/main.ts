/**
 * /r#TOKEN: somebody without an account reports a problem. A page of its own of a few kilobytes, for a phone in a
 * corridor. The token stays behind the #, which no browser sends; it goes to the server in the body of the report.
 */
import "./report.css";
import { report as words } from "../text/en/report.ts";

interface Draft {
  /** The same for every try to send one report, so that it arrives once. */
  id: string;
  text: string;
}
const draftKey = "openbook.report";
const nameKey = "openbook.report.name";

const find = <T extends HTMLElement>(id: string) => document.querySelector<T>(`#${id}`)!;
const form = find<HTMLFormElement>("form");
const text = find<HTMLTextAreaElement>("text");
const name = find<HTMLInputElement>("name");
const send = find<HTMLButtonElement>("send");
const another = find<HTMLButtonElement>("another");
const said = find("said");

document.title = words.title;
for (const [id, word] of Object.entries({
  title: words.title,
  what: words.what,
  hint: words.hint,
  who: words.name,
  send: words.send,
  another: words.another,
})) {
  find(id).textContent = word;
}

/** Storage may be switched off: then nothing is remembered, and reporting works all the same. */
function remembered(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
function remember(key: string, value: string): void {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // As above.
  }
}

/** randomUUID() is there under https alone; on plain http in an office the same is made by hand. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function draftKept(): Draft {
  try {
    const kept = JSON.parse(remembered(draftKey)) as Partial<Draft>;
    if (typeof kept.id === "string" && typeof kept.text === "string") return { id: kept.id, text: kept.text };
  } catch {
    // None, or not ours.
  }
  return { id: newId(), text: "" };
}

let draft = draftKept();
text.value = draft.text;
name.value = remembered(nameKey);
text.addEventListener("input", () => {
  draft.text = text.value;
  remember(draftKey, draft.text ? JSON.stringify(draft) : "");
});

function say(message: string, tone: "good" | "bad"): void {
  said.dataset["tone"] = tone;
  said.textContent = message;
  said.focus();
}

async function post(): Promise<void> {
  const given = name.value.trim();
  const body = { token: location.hash.slice(1), id: draft.id, text: text.value, ...(given ? { name: given } : {}) };
  const reply = await fetch("/api/v1/reports", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
  }).catch(() => undefined);
  if (!reply) return say(words.notSent, "bad");
  const answer = (await reply.json().catch(() => ({}))) as { number?: number; detail?: string };
  if (!reply.ok) return say(answer.detail ?? words.failed, "bad");
  remember(draftKey, "");
  remember(nameKey, given);
  form.hidden = true;
  another.hidden = false;
  say(`${words.received} ${words.number} #${answer.number}.`, "good");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!text.value.trim()) return say(words.empty, "bad");
  send.disabled = true;
  send.textContent = words.sending;
  void post().finally(() => {
    send.disabled = false;
    send.textContent = words.send;
  });
});

another.addEventListener("click", () => {
  draft = { id: newId(), text: "" };
  text.value = "";
  said.textContent = "";
  form.hidden = false;
  another.hidden = true;
  text.focus();
});

if (location.hash.length < 2) {
  form.hidden = true;
  say(words.noLink, "bad");
}
