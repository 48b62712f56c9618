import type { Mapping } from "./contract.ts";
import type { FixtureCell } from "./read-fixtures.ts";

/** A spreadsheet of the worst kind with the ledger that has to come out of it, and cells such spreadsheets are made of. */

export interface WorstFile {
  /** What is bad about it. */
  name: string;
  file: string;
  bytes: () => Buffer | Promise<Buffer>;
  /** Default: what is guessed. */
  mapping?: Mapping;
  /**
   * Requests in the order of their numbers: reference | subject | reporter | reported | state and when it was resolved |
   * kinds of its entries.
   */
  ledger: string[];
  /** Everybody who was named, in alphabetical order. */
  people?: string;
  /** The first hundred: row and code. */
  refused?: string[];
  /** Where they are more. */
  refusedCount?: number;
  /** Code and count. */
  doubts?: string[];
  /** What the file as a whole is warned of, one pattern each, in any order. */
  warnings?: RegExp[];
  /** Its rows are known by odd values, or by nothing but what they say: brought in again, nothing may change. */
  again?: true;
}

/** Days since 1899-12-30, as Excel counts. */
export function serial(local: string): number {
  return Date.parse(`${local.replace(" ", "T")}Z`) / 86_400_000 + 25_569;
}
export const moment = (local: string, style = 1): FixtureCell => ({
  xml: `<c r="@" s="${style}"><v>${serial(local)}</v></c>`,
});
export const styled = (style: number, value: number): FixtureCell => ({
  xml: `<c r="@" s="${style}"><v>${value}</v></c>`,
});
export const painted = (style: number, text: string): FixtureCell => ({
  xml: `<c r="@" s="${style}" t="inlineStr"><is><t>${text}</t></is></c>`,
});
export const formula = (text: string, value?: number | string): FixtureCell => {
  const type = typeof value === "string" ? ' t="str"' : "";
  return { xml: `<c r="@"${type}><f>${text}</f>${value === undefined ? "" : `<v>${value}</v>`}</c>` };
};
export const formats = ["dd.mm.yyyy hh:mm"];
export const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
export const header = ["Number", "Subject", "Reported by", "Reported", "State", "Resolved"];
