/** Filters of the page, as they stand in its address. */
export interface QueueSearch {
  mine?: "true" | undefined;
  overdue?: "true" | undefined;
  company?: string | undefined;
}

export function readQueueSearch(raw: Record<string, unknown>): QueueSearch {
  const { company } = raw;
  const yes = (name: string) => (String(raw[name]) === "true" ? ("true" as const) : undefined);
  const known = typeof company === "string" && /^[0-9a-f-]{36}$/i.test(company);
  return { mine: yes("mine"), overdue: yes("overdue"), company: known ? company : undefined };
}
