import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after } from "node:test";
import { freshCompany, type TestPlatform } from "../../test/harness.ts";
import { asOperator, inCompany } from "../context.ts";
import { AppError } from "../errors.ts";
import { openFiles } from "../platform/files.ts";
import { actOnRequests, keepAttachments, openRequests } from "../requests/requests.ts";
import { bringBackFile, exportToFile, type ExportFormat } from "./exports.ts";

/** A folder for exports and files, gone at the end. */
export async function exportStage(platform: TestPlatform) {
  const folder = await mkdtemp(join(tmpdir(), "openbook-exports-"));
  after(() => rm(folder, { recursive: true, force: true }));
  const files = openFiles(join(folder, "files"));
  const tools = { platform, files };
  let made = 0;
  const exportOf = async (company: string, format: ExportFormat, packed = false): Promise<string> => {
    const path = join(folder, `${++made}.${format}`);
    const choice = { format, ...(packed ? { files } : {}) };
    await inCompany(platform, company, asOperator("test"), (ctx) => exportToFile(ctx, path, choice), "read");
    return path;
  };
  const bringBack = async (path: string, company?: string): Promise<string> => {
    const other = company ?? (await freshCompany(platform, "America/New_York"));
    await bringBackFile(tools, other, path);
    return other;
  };
  /** A request with a file, a note of the company's own, and an answer. */
  const smallCompany = async (): Promise<string> => {
    const company = await freshCompany(platform);
    const file = await files.storeFile(Readable.from([Buffer.from("line 1\n")]), { maxBytes: 100 });
    await platform.within(company, async (ctx) => {
      const seen = { type: "text/plain" };
      const [attached] = await keepAttachments(ctx, { files }, [{ fileName: "printer.log", file, seen }]);
      const opened = [{ subject: "=Printer", attachmentIds: [attached!.id] }, { subject: "Mail" }];
      const [id] = await openRequests(ctx, opened);
      await actOnRequests(ctx, [
        { requestId: id!, entry: { kind: "note", text: "they always take long" } },
        { requestId: id!, entry: { kind: "message", text: "Is it on?" } },
      ]);
    });
    return company;
  };
  return { folder, files, tools, exportOf, bringBack, smallCompany };
}

/** What was refused, in words of one line: code and message. */
export async function refusal(work: Promise<unknown>): Promise<{ code: string; message: string; fields?: unknown }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message, fields: error.fields };
    throw error;
  }
  return { code: "nothing was refused", message: "" };
}
