/** A short word at the edge of the page. What matters stays on the page itself; this only tells that it happened. */
export interface Notice {
  text: string;
  tone?: "good" | "bad";
  action?: { label: string; run: () => void };
}

let show: ((notice: Notice) => void) | undefined;
const waiting: Notice[] = [];
const listeners = new Set<() => void>();
let wanted = false;

/** Shows a notice; the part that draws it is loaded with the first one. */
export function notify(notice: Notice): void {
  if (show) {
    show(notice);
    return;
  }
  waiting.push(notice);
  wanted = true;
  for (const listener of listeners) listener();
}

/** For the place that draws notices: mounted from the first notice on. */
export const noticesWanted = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: () => wanted,
};

export function drawNotices(draw: (notice: Notice) => void): void {
  show = draw;
  for (const notice of waiting.splice(0)) draw(notice);
}
