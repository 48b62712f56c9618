import { listFields, type ListName } from "../contract.ts";

/** What the address of the import page says. */
export interface ImportsSearch {
  /** What the file to come is about; absent: its columns say. */
  about?: ListName;
}

export function readImportsSearch({ about }: Record<string, unknown>): ImportsSearch {
  return typeof about === "string" && Object.hasOwn(listFields, about) ? { about: about as ListName } : {};
}
