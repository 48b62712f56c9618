/**
 * /r#TOKEN or /r#TOKEN.ASSET: somebody without an account reports a problem. A page of its own of a few kilobytes, for a
 * phone in a corridor. The token stays behind the #, which no browser sends; it goes to the server in the body.
 */
import "./report.css";
import { report as words } from "../text/en/report.ts";
import { longId, newId, newSecret, post, remember, remembered } from "./device.ts";
import { sendLater, workOffline } from "./offline.ts";
import { addWaiting, forgetSent, listSent, listWaiting, sendWaiting, takeBack, type Waiting } from "./outbox.ts";
import { base64, shrink } from "./photo.ts";

const draftKey = "openbook.report";
const nameKey = "openbook.report.name";
const pageKey = "openbook.report.page";
/** While the page is open and something waits: sooner at first, and never often enough to be refused for it. */
const pauses = { first: 3000, longest: 60_000 };

const find = <T extends HTMLElement = HTMLElement>(id: string) => document.querySelector<T>(`#${id}`)!;
const form = find<HTMLFormElement>("form");
const text = find<HTMLTextAreaElement>("text");
const name = find<HTMLInputElement>("name");
const send = find<HTMLButtonElement>("send");
const another = find<HTMLButtonElement>("another");
const photoField = find<HTMLInputElement>("photo");
const preview = find<HTMLImageElement>("preview");
const said = find("said");
const [token = "", asset] = location.hash.slice(1).split(".");
let photo: Blob | undefined;

document.title = words.title;
for (const id of ["title", "what", "hint", "send", "another", "earlier", "forget"] as const) {
  find(id).textContent = words[id];
}
find("who").textContent = words.name;
find("photo-label").textContent = words.photo;
find("photo-remove").textContent = words.photoRemove;
preview.alt = words.photoAlt;

text.value = remembered(draftKey);
name.value = remembered(nameKey);
text.addEventListener("input", () => remember(draftKey, text.value));

function say(message: string, tone: "good" | "bad" | "wait", more?: HTMLElement): void {
  said.dataset["tone"] = tone;
  said.replaceChildren(message, ...(more ? [document.createElement("br"), more] : []));
  said.focus();
}

function showPhoto(next: Blob | undefined): void {
  if (preview.src) URL.revokeObjectURL(preview.src);
  photo = next;
  photoField.value = "";
  find("photo-shown").hidden = !next;
  find("photo-label").textContent = next ? words.photoAgain : words.photo;
  if (next) preview.src = URL.createObjectURL(next);
  else preview.removeAttribute("src");
}
photoField.addEventListener("change", () => {
  const file = photoField.files?.[0];
  if (file) void takePhoto(file);
});
async function takePhoto(file: File): Promise<void> {
  try {
    showPhoto(await shrink(file));
    said.textContent = "";
  } catch {
    say(words.photoBad, "bad");
  }
}
find("photo-remove").addEventListener("click", () => {
  showPhoto(undefined);
  text.focus();
});

/** What the server will not take comes back into the form, with its reason: nothing that was written is lost. */
async function giveBack(waiting: Waiting): Promise<void> {
  await takeBack(waiting.id);
  const before = text.value.trim();
  text.value = before && before !== waiting.text ? `${waiting.text}\n\n${before}` : waiting.text;
  remember(draftKey, text.value);
  if (waiting.photo && !photo) {
    showPhoto(new Blob([Uint8Array.from(atob(waiting.photo), (sign) => sign.charCodeAt(0))], { type: "image/jpeg" }));
  }
  form.hidden = false;
  another.hidden = true;
  say(waiting.refused || words.noLink, "bad");
}

function linkTo(follow: string, label: string): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = `/follow#${follow}`;
  link.textContent = label;
  return link;
}

/** Sends what waits, and shows how that went. @param id the report that was written just now */
async function flush(id?: string): Promise<void> {
  const left = await sendWaiting();
  const waiting = await listWaiting();
  const sent = await listSent();
  showLists(waiting, sent);
  const mine = sent.find((one) => one.id === id);
  if (mine) {
    const lost = mine.photoLost ? ` ${words.photoLost}` : "";
    say(`${words.received} ${words.number} #${mine.number}.${lost}`, "good", linkTo(mine.follow, words.follow));
  }
  for (const one of waiting) if (one.refused !== undefined) await giveBack(one);
  tryAgain(left > 0);
  if (left === 0) return;
  const later = await sendLater();
  if (id && waiting.some((one) => one.id === id && one.refused === undefined)) {
    if (navigator.onLine) say(`${words.busy} ${words.waitsOpen}`, "wait");
    else say(later ? words.waits : `${words.waits} ${words.waitsOpen}`, "wait");
  }
}

let pause = pauses.first;
let timer: ReturnType<typeof setTimeout> | undefined;

function tryAgain(needed: boolean): void {
  clearTimeout(timer);
  if (!needed) {
    pause = pauses.first;
    return;
  }
  timer = setTimeout(() => void flush(), pause);
  pause = Math.min(pause * 2, pauses.longest);
}

function showLists(waiting: Waiting[], sent: Awaited<ReturnType<typeof listSent>>): void {
  const open = waiting.filter(({ refused }) => refused === undefined);
  find("waiting").hidden = open.length === 0;
  find("waiting").textContent = `${words.waiting} ${open.map((one) => `“${one.text.slice(0, 60)}”`).join(", ")}`;
  find("own").hidden = sent.length === 0;
  const items = sent.map((one) => {
    const item = document.createElement("li");
    const link = linkTo(one.follow, `#${one.number} ${one.line}`);
    link.dir = "auto";
    item.append(link);
    return item;
  });
  find("sent").replaceChildren(...items);
}

async function write(): Promise<void> {
  const given = name.value.trim();
  const waiting: Waiting = {
    id: newId(),
    token,
    ...(asset ? { asset } : {}),
    text: text.value.trim(),
    ...(given ? { name: given } : {}),
    ...(photo ? { photo: await base64(photo) } : {}),
    follow: newSecret(),
    writtenAt: Date.now(),
  };
  await addWaiting(waiting);
  remember(nameKey, given);
  remember(draftKey, "");
  text.value = "";
  showPhoto(undefined);
  form.hidden = true;
  another.hidden = false;
  await flush(waiting.id);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!text.value.trim()) return say(words.empty, "bad");
  send.disabled = true;
  send.textContent = words.sending;
  void write().finally(() => {
    send.disabled = false;
    send.textContent = words.send;
  });
});

another.addEventListener("click", () => {
  said.textContent = "";
  form.hidden = false;
  another.hidden = true;
  text.focus();
});

find("forget").addEventListener("click", () => void forgetSent().then(async () => showLists(await listWaiting(), [])));

/** Whose page it is, and what the label was on: from the last time at once, and as it is now. */
async function showPage(): Promise<void> {
  const show = ({ company, asset: thing }: { company?: unknown; asset?: unknown }) => {
    find("company").textContent = typeof company === "string" ? company : "";
    find("about").textContent = typeof thing === "string" ? `${words.about} ${thing}` : "";
    find("about").hidden = typeof thing !== "string";
  };
  const kept = remembered(pageKey);
  if (kept.startsWith(`${location.hash}\n`)) show(JSON.parse(kept.slice(location.hash.length + 1)) as object);
  const answer = await post("/report-page", { token, ...(asset ? { asset } : {}) });
  if (answer.ok) {
    show(answer.body);
    remember(pageKey, `${location.hash}\n${JSON.stringify(answer.body)}`);
  } else if (answer.status === 422 || answer.body["code"] === "invalid_link") say(words.noLink, "bad", memberLink());
}

/** The label of a link that has ended still says which company's thing it is on, to whoever may sign in there. */
function memberLink(): HTMLAnchorElement | undefined {
  const [company, thing] = [longId(token.slice(0, 22)), longId(asset ?? "")];
  if (!company || !thing) return undefined;
  const link = document.createElement("a");
  link.href = `/c/${company}/requests/new?asset=${thing}`;
  link.textContent = words.member;
  return link;
}

if (token === "") {
  form.hidden = true;
  say(words.noLink, "bad");
} else void showPage();
void flush();
addEventListener("online", () => {
  pause = pauses.first;
  void flush();
});
addEventListener("pageshow", (event) => event.persisted && void flush());
// Another label read on the same page: another thing.
addEventListener("hashchange", () => location.reload());
addEventListener("load", workOffline);
