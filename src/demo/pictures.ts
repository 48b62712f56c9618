import { crc32, deflateSync } from "node:zlib";

/**
 * Pictures for the demo, drawn here: what somebody's screen shows when it does not work. Deterministic, a few KB each.
 */

/** Five columns of seven dots, the lowest bit on top; drawn like the characters of an old display. */
const glyphs: Readonly<Record<string, string>> = {
  A: "7e1111117e", B: "7f49494936", C: "3e41414122", D: "7f4141221c", E: "7f49494941", F: "7f09090901",
  G: "3e4149497a", H: "7f0808087f", I: "00417f4100", J: "2040413f01", K: "7f08142241", L: "7f40404040",
  M: "7f020c027f", N: "7f0408107f", O: "3e4141413e", P: "7f09090906", Q: "3e4151215e", R: "7f09192946",
  S: "4649494931", T: "01017f0101", U: "3f4040403f", V: "1f2040201f", W: "3f4038403f", X: "6314081463",
  Y: "0708700807", Z: "6151494543", "0": "3e5149453e", "1": "00427f4000", "2": "4261514946", "3": "2141454b31",
  "4": "1814127f10", "5": "2745454539", "6": "3c4a494930", "7": "0171090503", "8": "3649494936", "9": "064949291e",
  ".": "0060600000", ",": "0050300000", ":": "0036360000", "-": "0808080808", "/": "2010080402", "'": "0005030000",
}; // prettier-ignore

/** Red, green, blue of each colour. */
const colours = [
  [244, 245, 247],
  [36, 62, 104],
  [255, 255, 255],
  [38, 40, 44],
  [178, 42, 34],
  [205, 209, 216],
] as const;
type Colour = 0 | 1 | 2 | 3 | 4 | 5;
const [wall, bar, sheet, ink, red, frame] = [0, 1, 2, 3, 4, 5] as const;

class Drawing {
  readonly width: number;
  readonly height: number;
  readonly #dots: Buffer;

  constructor(width: number, height: number, colour: Colour) {
    this.width = width;
    this.height = height;
    this.#dots = Buffer.alloc(width * height, colour);
  }

  fill(left: number, top: number, width: number, height: number, colour: Colour): void {
    for (let y = top; y < Math.min(top + height, this.height); y++) {
      this.#dots.fill(colour, y * this.width + left, y * this.width + Math.min(left + width, this.width));
    }
  }

  write(text: string, left: number, top: number, size: number, colour: Colour): void {
    for (const [place, letter] of [...text.toUpperCase()].entries()) {
      const columns = Buffer.from(glyphs[letter] ?? "0000000000", "hex");
      for (const [x, column] of columns.entries()) {
        for (let y = 0; y < 7; y++) {
          if ((column >> y) & 1) this.fill(left + (place * 6 + x) * size, top + y * size, size, size, colour);
        }
      }
    }
  }

  /** With a palette (PNG 3, 11.1): a byte a dot, and no filter. */
  toPng(): Buffer {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(this.width, 0);
    head.writeUInt32BE(this.height, 4);
    head.set([8, 3], 8);
    const lines = Array.from({ length: this.height }, (_, y) =>
      Buffer.concat([Buffer.alloc(1), this.#dots.subarray(y * this.width, (y + 1) * this.width)]),
    );
    return Buffer.concat([
      Buffer.from("89504e470d0a1a0a", "hex"),
      chunk("IHDR", head),
      chunk("PLTE", Buffer.from(colours.flat())),
      chunk("IDAT", deflateSync(Buffer.concat(lines))),
      chunk("IEND", Buffer.alloc(0)),
    ]);
  }
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** A window with a message in it, as it is photographed by pressing a key. PNG. */
export function screenOf(title: string, lines: readonly string[]): Buffer {
  const drawing = new Drawing(640, 400, wall);
  drawing.fill(0, 0, 640, 34, bar);
  drawing.write(title.slice(0, 48), 14, 10, 2, sheet);
  drawing.fill(70, 90, 500, 220, frame);
  drawing.fill(72, 92, 496, 216, sheet);
  drawing.fill(96, 120, 40, 40, red);
  drawing.write("X", 106, 126, 4, sheet);
  for (const [row, line] of lines.entries()) drawing.write(line.slice(0, 32), 160, 124 + row * 28, 2, ink);
  drawing.fill(458, 258, 88, 34, bar);
  drawing.write("OK", 490, 268, 2, sheet);
  return drawing.toPng();
}
