import type { z } from "zod";
import type { Priority } from "../../companies/contract.ts";
import { t } from "../../web/text/text.ts";
import type { Channel, CreateRequest, Kind } from "../contract.ts";
import type { Attachment } from "../contract-attachments.ts";
import { type PersonValue, whoOf } from "../../companies/web/person.ts";
import { instantText, isFuture } from "./local-times.ts";

/** What stands in the form; times are local times of the company. */
export interface LogDraft {
  subject: string;
  reporter: PersonValue;
  priority: Priority;
  when: "now" | "earlier";
  reportedAt: string;
  promised: "no" | "yes";
  promiseText: string;
  promiseDue: string;
  description: string;
  kind: Kind;
  category: string;
  asset: string;
  /** Of the one that was picked; empty: words. */
  assetId: string;
  tags: readonly string[];
  channel: Channel;
  /** Empty: the company's only supplier, as the server knows it. */
  supplierId: string;
  technician: PersonValue;
  /** Those that have arrived. */
  files: Attachment[];
}

export const freshLog: LogDraft = {
  subject: "",
  reporter: { name: "" },
  priority: "normal",
  when: "now",
  reportedAt: "",
  promised: "no",
  promiseText: "",
  promiseDue: "",
  description: "",
  kind: "incident",
  category: "",
  asset: "",
  assetId: "",
  tags: [],
  channel: "phone",
  supplierId: "",
  technician: { name: "" },
  files: [],
};

export type LogProblems = Partial<Record<"subject" | "reportedAt" | "promiseDue", string>>;

/** What is missing before it can be sent. */
export function problemsOf(draft: LogDraft, zone: string): LogProblems {
  const problems: LogProblems = {};
  if (draft.subject.trim() === "") problems.subject = t("log.needWhat");
  if (draft.when === "earlier") {
    if (draft.reportedAt === "") problems.reportedAt = t("log.needWhen");
    else if (isFuture(draft.reportedAt, zone)) problems.reportedAt = t("log.future");
  }
  if (draft.promised === "yes" && draft.promiseDue === "") problems.promiseDue = t("log.needDue");
  return problems;
}

/** The call as the API takes it. */
export function bodyOf(draft: LogDraft, zone: string, attachmentIds?: string[]): z.input<typeof CreateRequest> {
  const dueAt = draft.promised === "yes" ? instantText(draft.promiseDue, zone) : undefined;
  return {
    subject: draft.subject.trim(),
    description: draft.description.trim() || undefined,
    kind: draft.kind,
    priority: draft.priority,
    category: draft.category.trim() || undefined,
    ...(draft.assetId ? { assetId: draft.assetId } : { asset: draft.asset.trim() || undefined }),
    tags: draft.tags.length > 0 ? [...draft.tags] : undefined,
    channel: draft.channel,
    reporter: whoOf(draft.reporter),
    technician: whoOf(draft.technician),
    supplierId: draft.supplierId === "none" ? null : draft.supplierId || undefined,
    reportedAt: draft.when === "earlier" ? instantText(draft.reportedAt, zone) : undefined,
    promise: dueAt ? { party: "supplier", text: draft.promiseText.trim(), dueAt } : undefined,
    attachmentIds,
  };
}
