import { AppError } from "../errors.ts";
import type { AnyMapping, SubjectName } from "./contract.ts";
import type { ImportSubject } from "./subject.ts";
import { listSubject } from "./subject-lists.ts";
import { requestsSubject } from "./subject-requests.ts";

const subjects: Record<SubjectName, ImportSubject> = {
  requests: requestsSubject as ImportSubject,
  people: listSubject("people") as ImportSubject,
  suppliers: listSubject("suppliers") as ImportSubject,
  assets: listSubject("assets") as ImportSubject,
  holidays: listSubject("holidays") as ImportSubject,
};

export function subjectOf(name: SubjectName): ImportSubject {
  return subjects[name];
}

/** @throws AppError mapping_invalid: the mapping is one of something else */
export function refuseOther(subject: ImportSubject, mapping: AnyMapping): void {
  if (subject.mapping.safeParse(mapping).success) return;
  throw new AppError("mapping_invalid", "What the columns mean was said of something else. Nothing was changed.");
}
