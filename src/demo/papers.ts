/** Papers for the demo: a page of text as PDF (ISO 32000-1, with one of the fonts that every reader has), and logs. */

/** One A4 page; the first line is its heading. Letters of Latin-1. */
export function paperOf(heading: string, lines: readonly string[]): Buffer {
  const show = (line: string, size: number, y: number) =>
    `BT /F1 ${size} Tf 60 ${y} Td (${line.replace(/[\\()]/g, "\\$&")}) Tj ET`;
  const page = [show(heading, 18, 770), ...lines.map((line, row) => show(line, 11, 730 - row * 18))].join("\n");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
    `<< /Length ${Buffer.byteLength(page, "latin1")} >>\nstream\n${page}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join("")}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(text + table + trailer, "latin1");
}

/** What a device wrote down before it gave up. @param until epoch milliseconds of the last line */
export function logOf(device: string, until: number, last: string): Buffer {
  const lines = Array.from({ length: 40 }, (_, index) => {
    const at = new Date(until - (39 - index) * 37_000).toISOString().slice(0, 19).replace("T", " ");
    const said = index === 39 ? `ERROR  ${last}` : index % 9 === 8 ? "WARN   answer came late" : "INFO   still here";
    return `${at}  ${device}  ${said}`;
  });
  return Buffer.from(`${lines.join("\n")}\n`);
}
