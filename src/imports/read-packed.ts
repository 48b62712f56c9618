import type { SheetRow } from "./read-rows.ts";

/** Begins packed rows; JSON begins with another. */
export const packedRows = 1;

const headBytes = 1 + 8 + 4 + 4;

/**
 * A batch of rows as bytes, so that whoever keeps only what differs makes no string of each cell. A mark (1), how much
 * of the file was read (float64, 0 to 1), how many rows, how long the JSON of what few rows have (problems and marks by
 * index of the row), that JSON; then each row: its number (int32), how many cells, and each cell's bytes in UTF-8 after
 * their count. Counts are uint32; all little endian.
 */
export class PackedRows {
  readonly kind = "rows";
  readonly bytes: Buffer;
  /** How many rows. */
  readonly count: number;
  private readonly notes: ReadonlyMap<number, Notes>;
  private readonly start: number;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.count = bytes.readUInt32LE(9);
    this.start = headBytes + bytes.readUInt32LE(13);
    const notes = this.start > headBytes ? JSON.parse(bytes.toString("utf8", headBytes, this.start)) : [];
    this.notes = new Map(notes as [number, Notes][]);
  }

  get share(): number {
    return this.bytes.readDoubleLE(1);
  }

  /** Hands on each row, and each of its cells before it. @param cell index of its column, and where its bytes stand */
  each(
    cell: (column: number, start: number, length: number) => void,
    row: (number: number, notes: Notes) => void,
  ): void {
    const { bytes } = this;
    let at = this.start;
    for (let index = 0; index < this.count; index++) {
      const number = bytes.readInt32LE(at);
      const width = bytes.readUInt32LE(at + 4);
      at += 8;
      for (let column = 0; column < width; column++) {
        const length = bytes.readUInt32LE(at);
        at += 4;
        cell(column, at, length);
        at += length;
      }
      row(number, this.notes.get(index) ?? {});
    }
  }

  /** The same as rows with texts. */
  rows(): SheetRow[] {
    const rows: SheetRow[] = [];
    let cells: string[] = [];
    this.each(
      (_, start, length) => void cells.push(this.bytes.toString("utf8", start, start + length)),
      (number, notes) => {
        rows.push({ number, cells, ...notes } as SheetRow);
        cells = [];
      },
    );
    return rows;
  }
}

/** What is said of a row besides its cells. */
export interface Notes {
  problem?: SheetRow["problem"] | undefined;
  marks?: SheetRow["marks"] | undefined;
}

/** @param share how much of the file has been read, 0 to 1 */
export function packRows(rows: readonly SheetRow[], share: number): PackedRows {
  const notes: [number, Notes][] = [];
  let most = headBytes;
  for (const [index, { cells, problem, marks }] of rows.entries()) {
    if (problem || marks) notes.push([index, { ...(problem && { problem }), ...(marks && { marks }) }]);
    most += 8 + cells.length * 4;
    for (const cell of cells) most += cell.length * 3;
  }
  const noted = notes.length > 0 ? Buffer.from(JSON.stringify(notes)) : Buffer.alloc(0);
  const bytes = Buffer.allocUnsafe(most + noted.length);
  bytes[0] = packedRows;
  bytes.writeDoubleLE(share, 1);
  bytes.writeUInt32LE(rows.length, 9);
  bytes.writeUInt32LE(noted.length, 13);
  let at = headBytes + noted.copy(bytes, headBytes);
  for (const { number, cells } of rows) {
    bytes.writeInt32LE(number, at);
    at = bytes.writeUInt32LE(cells.length, at + 4);
    for (const cell of cells) {
      const length = bytes.write(cell, at + 4);
      at = bytes.writeUInt32LE(length, at) + length;
    }
  }
  return new PackedRows(bytes.subarray(0, at));
}
