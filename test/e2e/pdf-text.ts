import { inflateSync } from "node:zlib";

/**
 * The text of each page of a PDF as Chromium writes it, in the order in which it was drawn; glyphs stand close, so
 * spaces are left out on both sides of a comparison (`pressed`). Reads just what Skia writes (ISO 32000-1, 9.10):
 * flate streams, hexadecimal strings, a ToUnicode map per font.
 */
export function pdfPages(pdf: Buffer): string[] {
  const objects = objectsOf(pdf.toString("latin1"));
  const unicodeOf = (font: string): Map<number, string> => {
    const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(font)?.head ?? "");
    return map ? characterMap(objects.get(map[1]!)!.stream) : new Map();
  };
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head));
  return pages.map(({ head }) => {
    const fonts = new Map<string, { wide: boolean; map: Map<number, string> }>();
    for (const [, name, id] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      fonts.set(name!, { wide: /\/Type0/.test(objects.get(id!)!.head), map: unicodeOf(id!) });
    }
    const content = objects.get(/\/Contents (\d+) 0 R/.exec(head)![1]!)!.stream;
    let [text, font] = ["", fonts.values().next().value];
    for (const [, named, hex] of content.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj/g)) {
      if (named) font = fonts.get(named);
      const glyphs = hex?.match(font?.wide ? /.{4}/g : /../g) ?? [];
      text += glyphs.map((glyph) => font?.map.get(Number.parseInt(glyph, 16)) ?? "").join("");
    }
    return pressed(text);
  });
}

/** @returns the text without its spaces, in the composed form */
export function pressed(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, "");
}

/** The addresses that the PDF's links lead to. */
export function pdfLinks(pdf: Buffer): string[] {
  return [...pdf.toString("latin1").matchAll(/\/URI \(([^)]*)\)/g)].map(([, address]) => address!);
}

function objectsOf(source: string): Map<string, { head: string; stream: string }> {
  const objects = new Map<string, { head: string; stream: string }>();
  const begins = /(?:^|\n)(\d+) 0 obj\n/g;
  for (let found = begins.exec(source); found; found = begins.exec(source)) {
    const rest = source.slice(begins.lastIndex);
    const head = /^[\s\S]*?(?:stream\n|endobj)/.exec(rest)![0];
    const length = head.endsWith("stream\n") ? Number(/\/Length (\d+)/.exec(head)![1]) : 0;
    const bytes = Buffer.from(rest.slice(head.length, head.length + length), "latin1");
    const text = length && /FlateDecode/.test(head) && !/Length1|Image/.test(head) ? inflateSync(bytes) : bytes;
    objects.set(found[1]!, { head, stream: text.toString("latin1") });
    begins.lastIndex += head.length + length;
  }
  return objects;
}

/** `<0003> <0041>` and `<0003> <0005> <0041>` of a ToUnicode map. */
function characterMap(source: string): Map<number, string> {
  const map = new Map<number, string>();
  const utf16 = (hex: string) => Buffer.from(hex, "hex").swap16().toString("utf16le");
  for (const [, section] of source.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, code, to] of section!.matchAll(/<(\w+)> <(\w+)>/g)) map.set(Number.parseInt(code!, 16), utf16(to!));
  }
  for (const [, section] of source.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from, last, to] of section!.matchAll(/<(\w+)> <(\w+)> <(\w+)>/g)) {
      const [first, start] = [Number.parseInt(from!, 16), Number.parseInt(to!, 16)];
      for (let code = first; code <= Number.parseInt(last!, 16); code++) {
        map.set(code, String.fromCodePoint(start + code - first));
      }
    }
  }
  return map;
}
