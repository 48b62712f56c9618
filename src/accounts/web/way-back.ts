/**
 * Where somebody wanted to go before they had to sign in: a path within these pages, whatever the address said.
 * The browser's own parser decides, as it does when it goes there: it drops tabs and line breaks, and takes `\` for `/`.
 * @returns undefined: nowhere, or somewhere else
 */
export function wayBack(back: string | undefined, origin: string): string | undefined {
  if (!back?.startsWith("/") || !URL.canParse(back, origin)) return undefined;
  const url = new URL(back, origin);
  // "/..//host" is a path here, and one that names a host once it is written out.
  const inside = url.origin === origin && !url.pathname.startsWith("//");
  return inside ? url.pathname + url.search + url.hash : undefined;
}
