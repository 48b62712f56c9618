/** From which side the pages are read: whose "you" it is. */
export interface ReaderSide {
  /** Of whom a supplier's people read: who is "you" for everybody else. */
  company: string;
}

let side: ReaderSide | undefined;

/** Set with the frame of a company, before its pages are drawn, like the language. */
export function setReaderSide(reader: ReaderSide | undefined): void {
  side = reader;
}

/** undefined: the company's own people read. */
export function readerSide(): ReaderSide | undefined {
  return side;
}
