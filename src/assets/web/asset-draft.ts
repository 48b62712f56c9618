import { type PersonValue, whoOf } from "../../companies/web/person.ts";
import type { Asset, AssetKind } from "../contract.ts";

/** An asset as the form holds it: texts, and a person as they are typed or picked. */
export interface AssetDraft {
  name: string;
  kind: AssetKind;
  serialNumber: string;
  place: string;
  owner: PersonValue;
  supplierId: string;
  warrantyEnds: string;
  note: string;
}

export function draftOf(asset: Asset | undefined): AssetDraft {
  return {
    name: asset?.name ?? "",
    kind: asset?.kind ?? "computer",
    serialNumber: asset?.serialNumber ?? "",
    place: asset?.place ?? "",
    owner: asset?.owner ? { ...asset.owner } : { name: "" },
    supplierId: asset?.supplier?.id ?? "",
    warrantyEnds: asset?.warrantyEnds ?? "",
    note: asset?.note ?? "",
  };
}

/** What is sent of the fields that were touched; an emptied one takes the fact away. */
export function bodyOf(touched: Partial<AssetDraft>) {
  const { name, kind, serialNumber, place, owner, supplierId, warrantyEnds, note } = touched;
  const textOf = (text: string | undefined) => (text === undefined ? undefined : text.trim() || null);
  return {
    name: name?.trim(),
    kind,
    serialNumber: textOf(serialNumber),
    place: textOf(place),
    owner: owner === undefined ? undefined : (whoOf(owner) ?? null),
    supplierId: textOf(supplierId),
    warrantyEnds: textOf(warrantyEnds),
    note: textOf(note),
  };
}
