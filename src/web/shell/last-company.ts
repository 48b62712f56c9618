const key = "openbook.company";

/** The company somebody with several looked at last; opened first the next time. */
export function lastCompany(): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

export function rememberCompany(id: string): void {
  try {
    localStorage.setItem(key, id);
  } catch {
    // No storage: the first company opens.
  }
}
