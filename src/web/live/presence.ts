import { useEffect, useSyncExternalStore } from "react";
import { shareAttention, type Attention } from "../../live/contract.ts";
import { address, call, randomKey } from "../call.ts";
import { useCompany } from "../CompanyContext.tsx";

/** Who else looks at a request, as the server last said; and that we do, said again while the page is looked at. */

const tab = randomKey();
const everyMs = 20_000;
/** Whoever typed nothing for so long has stopped writing. */
const writingMs = 12_000;

const none: Attention["others"] = [];
const known = new Map<string, Attention["others"]>();
const listeners = new Set<() => void>();
const typedAt = new Map<string, number>();
/** Says to the server what is the case now; of the requests on the screen. */
const saying = new Map<string, () => void>();

export function hearPresence({ requestId, others }: Attention & { requestId: string }): void {
  if (!saying.has(requestId)) return;
  known.set(requestId, others);
  for (const one of listeners) one();
}

/** Somebody types what others will read: said at once, and again while they go on. */
export function noteTyping(requestId: string): void {
  const wrote = isWriting(requestId);
  typedAt.set(requestId, performance.now());
  if (!wrote) saying.get(requestId)?.();
}

/** What was typed is sent or thrown away. */
export function noteTyped(requestId: string): void {
  if (typedAt.delete(requestId)) saying.get(requestId)?.();
}

const isWriting = (requestId: string) => performance.now() - (typedAt.get(requestId) ?? -writingMs) < writingMs;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Who else is at this request, as long as the page is; and tells them that we are. */
export function useAttention(requestId: string): Attention["others"] {
  const { id: company, may } = useCompany();
  const tells = may("requests.read");
  useEffect(() => {
    if (!tells) return undefined;
    const params = { company, request: requestId };
    let said = "";
    const say = async () => {
      if (document.hidden) return;
      const writing = isWriting(requestId);
      said = `${writing}`;
      const reply = await call(shareAttention, { params, body: { tab, here: true, writing } }).catch(() => undefined);
      if (reply) hearPresence({ requestId, others: reply.others });
    };
    const leave = () => {
      // Outlives the page that is left.
      const body = JSON.stringify({ tab, here: false, writing: false });
      const headers = { "content-type": "application/json" };
      void fetch(address(shareAttention, { params }), { method: "POST", headers, body, keepalive: true }).catch(
        () => {},
      );
    };
    const look = () => (document.hidden ? leave() : void say());
    saying.set(requestId, () => void say());
    void say();
    const timers = [
      setInterval(() => void say(), everyMs),
      setInterval(() => `${isWriting(requestId)}` !== said && void say(), 2_000),
    ];
    document.addEventListener("visibilitychange", look);
    window.addEventListener("pagehide", leave);
    return () => {
      timers.forEach((timer) => clearInterval(timer));
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("pagehide", leave);
      saying.delete(requestId);
      typedAt.delete(requestId);
      known.delete(requestId);
      leave();
    };
  }, [company, requestId, tells]);
  return useOthers(requestId);
}

/** Who else is there, for a second place of the same page. */
export function useOthers(requestId: string): Attention["others"] {
  return useSyncExternalStore(subscribe, () => known.get(requestId) ?? none);
}
