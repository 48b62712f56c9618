/** The same words twice: for a plain field, and with links for a mail or a document. */
export interface Copied {
  text: string;
  html: string;
}

/**
 * Puts words on the clipboard, with links where the browser takes them; where it has no clipboard for pages (plain http
 * away from loopback) the old way, by marking. @returns whether they are there now
 */
export async function copy({ text, html }: Copied): Promise<boolean> {
  try {
    if (typeof ClipboardItem === "function" && navigator.clipboard?.write) {
      const kinds = { "text/plain": new Blob([text], { type: "text/plain" }), "text/html": new Blob([html], { type: "text/html" }) }; // prettier-ignore
      await navigator.clipboard.write([new ClipboardItem(kinds)]);
      return true;
    }
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused: the old way needs no permission.
  }
  return copyByMarking({ text, html });
}

function copyByMarking({ text, html }: Copied): boolean {
  const put = (event: ClipboardEvent) => {
    event.preventDefault();
    event.clipboardData?.setData("text/plain", text);
    event.clipboardData?.setData("text/html", html);
  };
  document.addEventListener("copy", put);
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    document.removeEventListener("copy", put);
  }
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
