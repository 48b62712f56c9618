/**
 * /follow#TOKEN: whoever reported follows their request without an account, adds a word, confirms or reopens. The token
 * stays behind the #, which no browser sends, and goes to the server in the body.
 */
import "./follow.css";
import type { Followed } from "../../reports/contract-following.ts";
import { newId, post, type Answer } from "../report/device.ts";
import { follow as words } from "../text/en/follow.ts";
import { didWords, nextWords, stateWords, whoWords } from "./words.ts";

type Kind = "message" | "confirmed" | "reopened" | "followed_up";
/** While the page is open and looked at. */
const lookAgainMs = 20_000;

const find = <T extends HTMLElement = HTMLElement>(id: string) => document.querySelector<T>(`#${id}`)!;
const text = find<HTMLTextAreaElement>("text");
const buttons = { message: find("message"), confirmed: find("confirmed"), reopened: find("reopened") };
const notice = find("notice");
const said = find("said");
const token = location.hash.slice(1);
const draftKey = `openbook.follow.${token.slice(0, 8)}`;
let shown = "";
/** It ended too long ago to be opened again: what is written opens a new one. */
let followsUp = false;

document.title = words.title;
find("word").textContent = words.word;
find("hint").textContent = words.wordHint;
find("history").textContent = words.history;
buttons.message.textContent = words.send;
buttons.confirmed.textContent = words.fixed;
buttons.reopened.textContent = words.broken;

function tell(message: string): void {
  notice.textContent = message;
  notice.hidden = message === "";
}

function say(message: string, tone: "good" | "bad"): void {
  said.dataset["tone"] = tone;
  said.textContent = message;
  said.focus();
}

function paragraph(content: string, name?: string): HTMLParagraphElement {
  const line = document.createElement("p");
  line.textContent = content;
  line.dir = "auto";
  if (name) line.className = name;
  return line;
}

function clock({ locale, timeZone }: Followed["company"]): (instant: string) => string {
  const style = { dateStyle: "medium", timeStyle: "short", timeZone } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat(locale, style);
  } catch {
    format = new Intl.DateTimeFormat("en-GB", style);
  }
  return (instant) => format.format(new Date(instant));
}

function entryLine(entry: Followed["entries"][number], when: (instant: string) => string): HTMLLIElement {
  const item = document.createElement("li");
  // The announcement is a sentence of its own.
  const did = didWords(entry);
  const who = entry.kind === "closing_announced" ? did : `${whoWords(entry)} ${did}`;
  const time = document.createElement("span");
  time.className = "soft";
  time.textContent = ` · ${when(entry.happenedAt)}`;
  const head = paragraph(who, "who");
  head.append(time);
  item.append(head);
  if (entry.text) item.append(paragraph(entry.text));
  if (entry.dueAt) item.append(paragraph(words.until.replace("{time}", when(entry.dueAt)), "soft"));
  if (entry.files.length > 0) item.append(paragraph(`${words.files} ${entry.files.join(", ")}`, "soft"));
  return item;
}

function show(request: Followed): void {
  const as = JSON.stringify(request);
  if (as === shown) return;
  shown = as;
  const when = clock(request.company);
  find("company").textContent = `${request.company.name} · #${request.number}`;
  find("subject").textContent = request.subject;
  document.title = `#${request.number} ${request.subject}`;
  find("state").textContent = stateWords(request);
  const next = find("next");
  next.textContent = nextWords(request, when);
  if (request.promise?.overdue) {
    const late = document.createElement("span");
    late.className = "late";
    late.textContent = ` ${words.overdue}`;
    next.append(late);
  }
  buttons.confirmed.hidden = !request.may.confirm;
  buttons.reopened.hidden = !request.may.reopen && !request.may.followUp;
  followsUp = request.may.followUp;
  buttons.reopened.textContent = followsUp ? words.again : words.broken;
  find("hint").textContent = followsUp ? words.againHint : words.wordHint;
  buttons.message.hidden = followsUp;
  find("entries").replaceChildren(...request.entries.map((entry) => entryLine(entry, when)).toReversed());
  find("request").hidden = false;
}

function dead(): void {
  find("request").hidden = true;
  tell(words.noLink);
}

async function look(): Promise<void> {
  const answer = await post("/follow", { token });
  if (answer.ok) {
    tell("");
    show(answer.body as unknown as Followed);
  } else if (isDead(answer)) dead();
  else if (answer.detail) tell(answer.detail);
  else tell(words.offline);
}

const isDead = ({ status, body }: Answer) => body["code"] === "invalid_link" || status === 422;

/** What is being sent keeps its id until it has arrived: pressed again after a lost answer it is still one. */
let pending: { as: string; id: string } | undefined;

async function act(kind: Kind): Promise<void> {
  const word = text.value.trim();
  if (kind !== "confirmed" && !word) {
    say(kind === "message" ? words.needText : words.needWord, "bad");
    text.focus();
    return;
  }
  const as = `${kind} ${word}`;
  if (pending?.as !== as) pending = { as, id: newId() };
  const answer = await post("/follow/entries", { token, id: pending.id, kind, ...(word ? { text: word } : {}) });
  if (!answer.ok) {
    if (answer.body["code"] === "invalid_link") return dead();
    say(answer.detail ?? words.failed, "bad");
    return look();
  }
  pending = undefined;
  text.value = "";
  keepDraft();
  show(answer.body as unknown as Followed);
  say(words.thanks, "good");
}

function keepDraft(): void {
  try {
    if (text.value) sessionStorage.setItem(draftKey, text.value);
    else sessionStorage.removeItem(draftKey);
  } catch {
    // Storage is switched off: then a closed page forgets what was not sent.
  }
}

async function once(kind: Kind): Promise<void> {
  const all = Object.values(buttons) as HTMLButtonElement[];
  for (const button of all) button.disabled = true;
  await act(kind).finally(() => {
    for (const button of all) button.disabled = false;
  });
}

text.addEventListener("input", keepDraft);
find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  void once(followsUp ? "followed_up" : "message");
});
buttons.confirmed.addEventListener("click", () => void once("confirmed"));
buttons.reopened.addEventListener("click", () => void once(followsUp ? "followed_up" : "reopened"));
addEventListener("hashchange", () => location.reload());

try {
  text.value = sessionStorage.getItem(draftKey) ?? "";
} catch {
  // As above.
}
if (token === "") dead();
else {
  tell(words.loading);
  void look();
  setInterval(() => !document.hidden && void look(), lookAgainMs);
}
