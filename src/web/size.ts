import { t } from "./text/text.ts";

/** "2.3 MB", in the company's way of writing numbers. */
export function fileSize(bytes: number, number: (value: number) => string): string {
  if (bytes < 1000) return t("size.bytes", { n: bytes });
  if (bytes < 999_500) return t("size.kb", { n: number(Math.round(bytes / 1000)) });
  return t("size.mb", { n: number(Math.round(bytes / 100_000) / 10) });
}
