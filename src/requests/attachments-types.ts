/**
 * What a file is, by its first bytes. A table of fixed signatures and no parser: a library that walks through
 * containers would be a parser of foreign bytes in the server's own process. What is not recognised is just bytes;
 * nothing depends on recognising it, as files are only ever downloaded.
 */
export interface Seen {
  type: string;
  /** Pixels; of PNG, JPEG, GIF and WebP whose head says so. */
  width?: number | undefined;
  height?: number | undefined;
}

/** How much of a file's beginning is looked at: a photo's head may carry a preview and a colour profile. */
export const lookedAtBytes = 256 * 1024;

const anything = "application/octet-stream";

const latin = (text: string) => Buffer.from(text, "latin1");
/** Signatures at the beginning. https://www.iana.org/assignments/media-types, RFC 9639, ISO 10918-1, PNG 3, RFC 9649 */
const beginnings: readonly [signature: Buffer, type: string][] = [
  [latin("\x89PNG\r\n\x1a\n"), "image/png"],
  [latin("\xff\xd8\xff"), "image/jpeg"],
  [latin("GIF87a"), "image/gif"],
  [latin("GIF89a"), "image/gif"],
  [latin("II*\0"), "image/tiff"],
  [latin("MM\0*"), "image/tiff"],
  [latin("%PDF-"), "application/pdf"],
  [latin("PK\x03\x04"), "application/zip"],
  [latin("PK\x05\x06"), "application/zip"],
  [latin("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "application/x-ole-storage"],
  [latin("\x1f\x8b"), "application/gzip"],
  [latin("7z\xbc\xaf\x27\x1c"), "application/x-7z-compressed"],
  [latin("Rar!\x1a\x07"), "application/vnd.rar"],
  [latin("MZ"), "application/vnd.microsoft.portable-executable"],
  [latin("\x7fELF"), "application/x-executable"],
  [latin("\x1a\x45\xdf\xa3"), "video/webm"],
  [latin("OggS"), "audio/ogg"],
  [latin("ID3"), "audio/mpeg"],
  [latin("fLaC"), "audio/flac"],
];

/** Inside RIFF the kind stands at byte 8; in the ISO base media format a brand follows `ftyp`. */
const riff: Readonly<Record<string, string>> = { WEBP: "image/webp", WAVE: "audio/wav", "AVI ": "video/x-msvideo" };
const brands: readonly [RegExp, string][] = [
  [/^(heic|heix|mif1|msf1)/, "image/heic"],
  [/^avi[fs]/, "image/avif"],
  [/^qt/, "video/quicktime"],
  [/^M4A/, "audio/mp4"],
  [/./, "video/mp4"],
];

/** Containers of one kind and texts are told apart by what the name ends with; that much may be believed. */
const office = "application/vnd.openxmlformats-officedocument";
const openDocument = "application/vnd.oasis.opendocument";
const byName: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "application/zip": {
    docx: `${office}.wordprocessingml.document`,
    xlsx: `${office}.spreadsheetml.sheet`,
    pptx: `${office}.presentationml.presentation`,
    odt: `${openDocument}.text`,
    ods: `${openDocument}.spreadsheet`,
    odp: `${openDocument}.presentation`,
  },
  "application/x-ole-storage": {
    doc: "application/msword",
    xls: "application/vnd.ms-excel",
    ppt: "application/vnd.ms-powerpoint",
    msg: "application/vnd.ms-outlook",
  },
  "text/plain": {
    csv: "text/csv",
    htm: "text/html",
    html: "text/html",
    svg: "image/svg+xml",
    xml: "application/xml",
    json: "application/json",
    eml: "message/rfc822",
    ics: "text/calendar",
  },
};

/**
 * @param head the first {@link lookedAtBytes} of the file, or all of it
 * @param name what it is called
 */
export function typeOf(head: Buffer, name: string): Seen {
  const type = signatureOf(head) ?? (looksLikeText(head) ? "text/plain" : anything);
  const measured = measures[type]?.(head);
  const finer = byName[type]?.[endingOf(name)];
  return { type: finer ?? type, ...(measured && measured.width > 0 && measured.height > 0 ? measured : {}) };
}

function endingOf(name: string): string {
  return /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}

function signatureOf(head: Buffer): string | undefined {
  const text = (from: number, to: number) => head.toString("latin1", from, to);
  if (text(0, 4) === "RIFF" && Object.hasOwn(riff, text(8, 12))) return riff[text(8, 12)];
  if (text(4, 8) === "ftyp") return brands.find(([brand]) => brand.test(text(8, 12)))?.[1];
  return beginnings.find(([signature]) => head.subarray(0, signature.length).equals(signature))?.[1];
}

const allowedControls = new Set([9, 10, 12, 13, 27]);

/** Of whatever 8-bit alphabet, or UTF-16 with its mark. */
function looksLikeText(head: Buffer): boolean {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark === 0xfeff || mark === 0xfffe) return true;
  return head.every((byte) => byte >= 32 || allowedControls.has(byte));
}

interface Size {
  width: number;
  height: number;
}

const measures: Readonly<Record<string, (head: Buffer) => Size | undefined>> = {
  "image/png": (head) =>
    head.length >= 24 && head.toString("latin1", 12, 16) === "IHDR"
      ? { width: head.readUInt32BE(16), height: head.readUInt32BE(20) }
      : undefined,
  "image/gif": (head) =>
    head.length >= 10 ? { width: head.readUInt16LE(6), height: head.readUInt16LE(8) } : undefined,
  "image/webp": measureWebp,
  "image/jpeg": measureJpeg,
};

/** RFC 9649: the canvas of the extended form, else the frame of the only picture. */
function measureWebp(head: Buffer): Size | undefined {
  if (head.length < 30) return undefined;
  const form = head.toString("latin1", 12, 16);
  if (form === "VP8X") return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
  if (form === "VP8 ") return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
  if (form !== "VP8L") return undefined;
  const bits = head.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** From marker to marker (ISO 10918-1, B.1.1) until the one that begins the frame. */
function measureJpeg(head: Buffer): Size | undefined {
  for (let at = 2; at + 9 <= head.length && head[at] === 0xff;) {
    const marker = head[at + 1]!;
    if (marker === 0xff) at++;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: head.readUInt16BE(at + 7), height: head.readUInt16BE(at + 5) };
    } else if (marker === 0xd9 || marker === 0xda) return undefined;
    else at += 2 + Math.max(2, head.readUInt16BE(at + 2));
  }
  return undefined;
}
