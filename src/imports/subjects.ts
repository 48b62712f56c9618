import type { SubjectName } from "./contract.ts";
import type { ImportSubject } from "./subject.ts";
import { requestsSubject } from "./subject-requests.ts";

const subjects: Record<SubjectName, ImportSubject> = { requests: requestsSubject };

export function subjectOf(name: SubjectName): ImportSubject {
  return subjects[name];
}
