import { SaxesParser } from "saxes";
import { AppError } from "../errors.ts";
import { damaged } from "./read-package.ts";

/** What a reader of XML hears; names as they are written. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text?(text: string): void;
}

/** Documents of spreadsheets are a dozen elements deep. */
const maxDepth = 100;

/**
 * Reads XML piece by piece, so that a document of any size takes the memory of one piece. It must be well-formed; a
 * document type is refused, since spreadsheet programs never write one: whoever does wants entities expanded or files
 * fetched. Neither is ever done here.
 * @returns a generator that pauses after each piece, for what was found in it to be taken
 */
export async function* readXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler): AsyncGenerator<void> {
  const parser = new SaxesParser<{ position: false; xmlns: false }>({ position: false, xmlns: false });
  let depth = 0;
  parser.on("doctype", () => {
    throw damaged("it declares a document type, which spreadsheets never do");
  });
  parser.on("error", (error) => {
    throw damaged(error);
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (++depth > maxDepth) throw damaged("its elements are nested too deeply");
    handler.open(name, attributes);
  });
  parser.on("closetag", ({ name }) => {
    depth--;
    handler.close(name);
  });
  if (handler.text) {
    const text = (said: string) => handler.text!(said);
    parser.on("text", text);
    parser.on("cdata", text);
  }
  let decoder: TextDecoder | undefined;
  const feed = (text: string) => {
    try {
      parser.write(text);
    } catch (error) {
      throw error instanceof AppError ? error : damaged(error);
    }
  };
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    feed(decoder.decode(chunk, { stream: true }));
    yield;
  }
  feed(decoder?.decode() ?? "");
  try {
    parser.close();
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error);
  }
}

/** UTF-8 or, by its mark, UTF-16: no other is allowed in a package (ISO/IEC 29500-2 6.2.5). */
function encodingOf(start: Buffer): "utf-8" | "utf-16le" | "utf-16be" {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return "utf-8";
}

/** Reads a whole document of which nothing has to be taken in between. */
export async function readAllXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  for await (const _ of readXml(chunks, handler));
}

const locals = new Map<string, string>();

/** A name without its prefix. */
export function localName(name: string): string {
  let local = locals.get(name);
  if (local === undefined) {
    local = name.slice(name.indexOf(":") + 1);
    // Names come from the file: nobody needs thousands of them.
    if (locals.size < 1000) locals.set(name, local);
  }
  return local;
}
