const longestMs = 5_000;
let ended: (() => void) | undefined;

/**
 * Whoever knows a shortcut types on at once. From now on until a field has the focus, what is typed is no shortcut: it
 * waits, and is written into that field. For forms that are loaded, or take the focus, only a moment after the key.
 */
export function holdTyping(): void {
  ended?.();
  let text = "";
  const hear = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" || event.key === "Tab") return end();
    if (event.key === "Backspace") text = text.slice(0, -1);
    else if ([...event.key].length === 1) text += event.key;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const meet = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
    end();
    if (text !== "") write(target, text);
  };
  const end = () => {
    clearTimeout(expired);
    document.removeEventListener("keydown", hear, true);
    document.removeEventListener("focusin", meet);
    ended = undefined;
  };
  const expired = setTimeout(end, longestMs);
  document.addEventListener("keydown", hear, true);
  document.addEventListener("focusin", meet);
  ended = end;
}

/** As if it had been typed there: React listens to the event, and looks for a value that its own setter did not set. */
function write(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const kind = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value")!.set!.call(field, field.value + text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
