const maxCharacters = 200;
/** Folders take names of 255 bytes; an export puts something before it. */
const maxBytes = 200;

/** Signs that turn the direction of writing would show `exe.gpj` as `jpg.exe`; the others cannot be seen at all. */
const unseen = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
/** Windows takes none of these in a name. */
const forbidden = /[<>:"|?*]/g;

/**
 * What a file is called here, from what its sender called it: the last part of a path, without signs that cannot be
 * seen or that folders do not take; shortened before its ending.
 */
export function cleanFileName(given: string): string {
  const name = given
    .toWellFormed()
    .split(/[/\\]/)
    .at(-1)!
    .replace(unseen, " ")
    .replace(forbidden, "_")
    .replace(/\s+/g, " ")
    .normalize("NFC")
    .replace(/^[\s.]+|[\s.]+$/g, "");
  return shortened(name) || "file";
}

function shortened(name: string): string {
  const ending = /\.[^.\s]{1,20}$/.exec(name)?.[0] ?? "";
  const stem = Array.from(name.slice(0, name.length - ending.length));
  const fits = () => {
    const whole = stem.join("") + ending;
    return whole.length <= maxCharacters && Buffer.byteLength(whole) <= maxBytes;
  };
  while (stem.length > 0 && !fits()) stem.pop();
  return stem.join("").trimEnd() + ending;
}
