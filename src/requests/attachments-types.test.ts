import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { cleanFileName } from "./attachments-names.ts";
import { typeOf } from "./attachments-types.ts";
import { isPicture } from "./contract-attachments.ts";

const latin = (text: string) => Buffer.from(text, "latin1");
const png = (width: number, height: number) => {
  const head = Buffer.from("89504e470d0a1a0a0000000d49484452000000000000000008060000", "hex");
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
};

describe("a file is what its bytes say", () => {
  const cases: [name: string, bytes: Buffer, type: string][] = [
    ["a.png", png(3, 2), "image/png"],
    ["renamed.txt", png(3, 2), "image/png"],
    ["page.png", latin("<html><script>alert(1)</script>"), "text/plain"],
    ["page.html", latin("<html>"), "text/html"],
    ["drawing.svg", latin('<svg onload="alert(1)">'), "image/svg+xml"],
    ["feed.xml", latin("<?xml version='1.0'?>"), "application/xml"],
    ["invoice.pdf", latin("MZ\x90\0"), "application/vnd.microsoft.portable-executable"],
    ["invoice.pdf", latin("%PDF-1.7\n"), "application/pdf"],
    ["list.xlsx", latin("PK\x03\x04\x14\0"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    ["list.jpg", latin("PK\x03\x04\x14\0"), "application/zip"],
    ["mail.msg", latin("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "application/vnd.ms-outlook"],
    ["photo.heic", latin("\0\0\0\x18ftypheic\0"), "image/heic"],
    ["clip.mov", latin("\0\0\0\x14ftypqt  "), "video/quicktime"],
    ["notes.txt", Buffer.from("Größe: 5 µm\r\n"), "text/plain"],
    ["notes.txt", latin("Gr\xf6\xdfe"), "text/plain"],
    ["notes.txt", Buffer.from("\ufeffhello", "utf16le"), "text/plain"],
    ["dump.txt", latin("a\0b"), "application/octet-stream"],
    ["constructor", latin("RIFF\0\0\0\0constructor"), "application/octet-stream"],
    ["x.toString", latin("text"), "text/plain"],
  ];
  for (const [name, bytes, type] of cases) {
    test(`${name} that begins ${JSON.stringify(bytes.toString("latin1", 0, 8))}: ${type}`, () => {
      assert.equal(typeOf(bytes, name).type, type);
    });
  }

  test("pictures say how large they are, and none is shown that does not, or that would fill a page's memory", () => {
    const jpeg = Buffer.concat([
      latin("\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
      latin("\xff\xc0\0\x11\x08\x01\x2c\x02\x58\x03"),
    ]);
    const sizes: [Buffer, number, number][] = [
      [png(640, 480), 640, 480],
      [jpeg, 600, 300],
      [latin("GIF89a\x0a\0\x14\0"), 10, 20],
      [latin("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x63\0\0\x31\0\0"), 100, 50],
      [latin("RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x64\0\x32\0"), 100, 50],
      [latin("RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x63\x40\x0c\0\0\0\0\0\0"), 100, 50],
    ];
    for (const [bytes, width, height] of sizes) {
      const seen = typeOf(bytes, "x");
      assert.deepEqual([seen.width, seen.height], [width, height], seen.type);
      assert.ok(isPicture({ ...seen, type: seen.type }));
    }
    assert.ok(!isPicture({ ...typeOf(png(50_000, 50_000), "bomb.png") }));
    assert.ok(!isPicture({ ...typeOf(latin("\xff\xd8\xff\xe0\0\x10JFIF"), "cut.jpg") }));
    assert.ok(!isPicture({ ...typeOf(latin("<svg width='1' height='1'>"), "x.svg") }));
  });

  test("whatever the bytes, it says something and reads nothing beyond them", () => {
    const heads = ["\xff\xd8\xff", "GIF89a", "\x89PNG\r\n\x1a\n", "RIFF\0\0\0\0WEBPVP8 ", "\0\0\0\0ftyp", ""].map(
      latin,
    );
    const any = fc.tuple(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 60 }), fc.string());
    fc.assert(
      fc.property(any, ([head, rest, name]) => {
        const { type, width, height } = typeOf(Buffer.concat([head, rest]), name);
        assert.match(type, /^[a-z]+\/[\w.+-]+$/);
        assert.ok((width ?? 1) > 0 && (height ?? 1) > 0);
      }),
    );
  });
});

describe("names", () => {
  const cases: [string, string][] = [
    ["photo.jpg", "photo.jpg"],
    ["../../etc/passwd", "passwd"],
    ["C:\\fakepath\\Übersicht 2026.xlsx", "Übersicht 2026.xlsx"],
    ["invoice\u202egpj.exe", "invoice gpj.exe"],
    ["a\r\nSet-Cookie: x.txt", "a Set-Cookie_ x.txt"],
    ['"quoted" <b>.txt', "_quoted_ _b_.txt"],
    ["...", "file"],
    ["", "file"],
    [".htaccess", "htaccess"],
    ["half \ud800 pair.txt", "half \ufffd pair.txt"],
    ["गणित.pdf", "गणित.pdf"],
  ];
  for (const [given, clean] of cases) {
    test(JSON.stringify(given), () => assert.equal(cleanFileName(given), clean));
  }

  test("a long name keeps its ending and fits into a folder", () => {
    for (const letter of ["x", "名", "😀"]) {
      const clean = cleanFileName(`${letter.repeat(900)}.jpeg`);
      assert.ok(clean.endsWith(".jpeg") && clean.isWellFormed());
      assert.ok(Buffer.byteLength(clean) <= 200 && clean.length > 50);
    }
  });
});
