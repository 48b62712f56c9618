import { addAssets, type AssetInput } from "../assets/assets.ts";
import type { Context } from "../context.ts";
import { colleagues, type SupplierKey } from "./company.ts";

/** A line of the company's list of equipment. */
interface Device {
  name: string;
  kind: AssetInput["kind"];
  place: string;
  supplier?: SupplierKey;
  /** Months from the first day until the warranty ends; negative: it had ended before. */
  warranty?: number;
  note?: string;
}

/** What the year's calls are about, as the office manager wrote it down before the record began. */
const devices: readonly Device[] = [
  { name: "MFP-1 office copier", kind: "printer", place: "Office, ground floor", supplier: "it", warranty: 19 },
  { name: "MFP-2 copier, first floor", kind: "printer", place: "Office, first floor", supplier: "it", warranty: -4 },
  { name: "LP-01 label printer, goods in", kind: "printer", place: "Warehouse, goods in", supplier: "it", warranty: 8 },
  {
    name: "LP-02 label printer, dispatch",
    kind: "printer",
    place: "Warehouse, dispatch",
    supplier: "it",
    warranty: 13,
    note: "Two vans wait when it stops. Replaced under warranty once.",
  },
  { name: "SC-3 document scanner, accounts", kind: "other", place: "Accounts", supplier: "it", warranty: 15 },
  ...[3, 5, 8, 9, 12].map((n): Device => {
    return { name: `Scanner ${n}`, kind: "other", place: "Warehouse, charging rack", supplier: "it", warranty: n - 6 };
  }),
  ...["04", "07", "11"].map((n): Device => {
    return { name: `Tablet T-${n}`, kind: "computer", place: "Vans", supplier: "it", warranty: 10 };
  }),
  { name: "Server QA-SRV1", kind: "server", place: "Server room", supplier: "it", warranty: 22 },
  { name: "Backup storage", kind: "server", place: "Server room", supplier: "it", warranty: 22 },
  { name: "Firewall", kind: "network", place: "Server room", supplier: "it", warranty: 6 },
  { name: "Switch SW-3", kind: "network", place: "Warehouse, mezzanine", supplier: "it", warranty: -11 },
  { name: "Access point AP-2", kind: "network", place: "Warehouse, aisle 14", supplier: "it", warranty: -11 },
  { name: "Access point AP-6", kind: "network", place: "Office, first floor", supplier: "it", warranty: 17 },
  { name: "Sensor CS-4", kind: "other", place: "Cold store 2", supplier: "it" },
  { name: "Sensor CS-7", kind: "other", place: "Cold store 3", supplier: "it" },
  { name: "Meeting room, big screen", kind: "other", place: "Meeting room", supplier: "it", warranty: 30 },
  { name: "Internet line", kind: "line", place: "Server room", supplier: "it", note: "1 Gbit/s, no second way in." },
  {
    name: "Telephone system",
    kind: "phone",
    place: "Hosted",
    supplier: "agency",
    note: "Extensions 201 to 260. Changes of the greeting: a day ahead.",
  },
  { name: "Handset 9", kind: "phone", place: "Customer service", supplier: "agency", warranty: -2 },
  { name: "Web shop", kind: "application", place: "Hosted", supplier: "agency" },
];

/** What has no plate with a number. */
const withoutPlate = new Set<Device["kind"]>(["line", "application"]);

/** Adds the list of equipment: a notebook for whoever has a desk, and what everybody uses. @param from the first day */
export async function addInventory(
  ctx: Context,
  supplierIds: Record<SupplierKey, string>,
  { from, people }: { from: Temporal.PlainDate; people: ReadonlyMap<string, string> },
): Promise<void> {
  const shared = devices.map((device, index): AssetInput => {
    const { name, kind, place, supplier, warranty, note } = device;
    const plated = !withoutPlate.has(kind) && place !== "Hosted";
    const serialNumber = plated ? `QA${String(41_207 + index * 137)}` : null;
    const warrantyEnds = warranty === undefined ? null : from.add({ months: warranty }).toString();
    return { name, kind, place, note, serialNumber, warrantyEnds, supplierId: supplier && supplierIds[supplier] };
  });
  const notebooks = colleagues.flatMap(({ name, department, laptop, newcomer }, index): AssetInput[] => {
    const id = people.get(name);
    if (!laptop || newcomer || !id) return [];
    return [
      {
        name: laptop,
        kind: "computer",
        serialNumber: `5CG${String(30_118 + index * 53)}QX`,
        place: department,
        owner: { id },
        supplierId: supplierIds.it,
        warrantyEnds: from.add({ months: (index * 5) % 34 }).toString(),
      },
    ];
  });
  await addAssets(ctx, [...shared, ...notebooks]);
}
