import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { type Asset, type AssetKind, assetKinds, getAsset, listAssetHistory, listAssets } from "../contract.ts";

/** The filters of the list as its address carries them. */
export interface AssetsSearch {
  q?: string;
  kind?: AssetKind;
  use?: "ended" | "all";
}

/** Keeps what is a filter and lets the rest of an address fall. */
export function readAssetsSearch(raw: Record<string, unknown>): AssetsSearch {
  const { q, kind, use } = raw;
  const search: AssetsSearch = {};
  if ((typeof q === "string" && q !== "") || typeof q === "number") search.q = String(q).slice(0, 200);
  if (assetKinds.includes(kind as AssetKind)) search.kind = kind as AssetKind;
  if (use === "ended" || use === "all") search.use = use;
  return search;
}

/** Assets by name, a page at a time; those in use where nothing else is asked for. */
export function assetsQuery(company: string, search: AssetsSearch) {
  const use = search.use === "all" ? undefined : (search.use ?? "current");
  return infiniteQueryOptions({
    queryKey: ["assets", company, "list", search],
    queryFn: ({ pageParam, signal }) =>
      call(
        listAssets,
        { params: { company }, query: { q: search.q, kind: search.kind, use, limit: 100, cursor: pageParam } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** The first assets in use whose name or serial number begins like this. */
export function assetsBeginningQuery(company: string, beginning: string) {
  return queryOptions({
    queryKey: ["assets", company, "beginning", beginning],
    queryFn: ({ signal }) =>
      call(
        listAssets,
        { params: { company }, query: { q: beginning || undefined, use: "current", limit: 8 } },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
}

export function assetQuery(company: string, asset: string) {
  return queryOptions({
    queryKey: ["assets", company, "one", asset],
    queryFn: ({ signal }) => call(getAsset, { params: { company, asset } }, { signal }),
  });
}

/** By its version: what is shown is never older than the asset beside it. */
export function assetHistoryQuery(company: string, { id, version }: Asset) {
  return queryOptions({
    queryKey: ["assets", company, "history", id, version],
    queryFn: ({ signal }) => call(listAssetHistory, { params: { company, asset: id } }, { signal }),
  });
}
