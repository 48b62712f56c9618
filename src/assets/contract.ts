import { z } from "zod";
import { Who } from "../companies/contract.ts";
import { CompanyPath, Id, Instant, LocalDate, Name, PageQuery, page, route } from "../contract.ts";

/** What an asset is: a configuration item type in ITIL's words, as coarse as a small business tells them apart. */
export const assetKinds = [
  "computer",
  "server",
  "printer",
  "phone",
  "network",
  "line",
  "application",
  "other",
] as const;
export const AssetKind = z.enum(assetKinds).meta({
  id: "AssetKind",
  description:
    "network: switches, access points, firewalls · line: what a carrier provides · application: any software",
});
export type AssetKind = z.infer<typeof AssetKind>;

/** Characters of each text, for forms and imports alike. */
export const assetLimits = { name: 200, serialNumber: 100, place: 200, note: 2000 } as const;

const Named = z.object({ id: Id, name: z.string() });
export const Asset = z
  .object({
    id: Id,
    name: z.string(),
    kind: AssetKind,
    serialNumber: z.string().nullable(),
    place: z.string().nullable(),
    owner: Named.nullable().meta({ description: "Who uses it or answers for it" }),
    supplier: Named.nullable().meta({ description: "Who looks after it" }),
    warrantyEnds: LocalDate.nullable(),
    note: z.string().nullable(),
    endedAt: Instant.nullable().meta({ description: "No longer in use since" }),
    version: z.int(),
  })
  .meta({ id: "Asset" });
export type Asset = z.infer<typeof Asset>;

export const assetChangeKinds = ["added", "changed", "ended", "resumed"] as const;
export const AssetChangeKind = z.enum(assetChangeKinds).meta({ id: "AssetChangeKind" });
export type AssetChangeKind = z.infer<typeof AssetChangeKind>;
const AssetHistoryEntry = z
  .object({
    version: z.int(),
    kind: AssetChangeKind,
    changedAt: Instant,
    by: z.string(),
    changes: z
      .array(
        z.object({
          field: z.enum(["name", "kind", "serialNumber", "place", "owner", "supplier", "warrantyEnds", "note"]),
          from: z.string().nullable(),
          to: z.string().nullable(),
        }),
      )
      .meta({ description: "People and suppliers by the name they have now" }),
  })
  .meta({ id: "AssetHistoryEntry" });
export type AssetHistoryEntry = z.infer<typeof AssetHistoryEntry>;

const text = (most: number) => z.string().trim().max(most).nullable().optional();
const AssetInput = z.object({
  name: Name,
  kind: AssetKind,
  serialNumber: text(assetLimits.serialNumber),
  place: text(assetLimits.place),
  owner: Who.nullable().optional(),
  supplierId: Id.nullable().optional(),
  warrantyEnds: LocalDate.nullable().optional(),
  note: text(assetLimits.note),
});

const AssetPath = CompanyPath.extend({ asset: Id });
const manage = {
  tag: "assets",
  permission: "assets.manage",
  params: AssetPath,
  reply: Asset,
  versioned: true,
} as const;

export const AssetsQuery = PageQuery.extend({
  q: z.string().trim().max(200).optional().meta({ description: "Beginning of the name or of the serial number" }),
  kind: AssetKind.optional(),
  owner: Id.optional(),
  supplier: Id.optional(),
  use: z.enum(["current", "ended"]).optional().meta({ description: "Default: both" }),
});

export const listAssets = route({
  id: "listAssets",
  method: "get",
  path: "/companies/{company}/assets",
  summary: "Assets by name: what requests are about",
  tag: "assets",
  permission: "assets.read",
  params: CompanyPath,
  query: AssetsQuery,
  reply: page(Asset),
});
export const getAsset = route({
  id: "getAsset",
  method: "get",
  path: "/companies/{company}/assets/{asset}",
  summary: "One asset",
  tag: "assets",
  permission: "assets.read",
  params: AssetPath,
  reply: Asset,
  versioned: true,
});
export const listAssetHistory = route({
  id: "listAssetHistory",
  method: "get",
  path: "/companies/{company}/assets/{asset}/history",
  summary: "Who changed what of an asset, the latest first",
  tag: "assets",
  permission: "assets.read",
  params: AssetPath,
  reply: z.object({ items: z.array(AssetHistoryEntry) }),
});
export const addAsset = route({
  id: "addAsset",
  method: "post",
  path: "/companies/{company}/assets",
  summary: "Add an asset",
  tag: "assets",
  permission: "assets.manage",
  params: CompanyPath,
  body: AssetInput.extend({ kind: AssetKind.default("other") }).meta({ id: "AddAsset" }),
  reply: Asset,
  status: 201,
  idempotent: true,
});
export const changeAsset = route({
  ...manage,
  id: "changeAsset",
  method: "patch",
  path: "/companies/{company}/assets/{asset}",
  summary: "Change what is known of an asset",
  body: AssetInput.partial().meta({ id: "ChangeAsset" }),
});
export const endAsset = route({
  ...manage,
  id: "endAsset",
  method: "post",
  path: "/companies/{company}/assets/{asset}/ending",
  summary: "Say that an asset is no longer in use; it stays in the record",
  status: 201,
});
export const resumeAsset = route({
  ...manage,
  id: "resumeAsset",
  method: "delete",
  path: "/companies/{company}/assets/{asset}/ending",
  summary: "Say that an asset is in use after all",
});
