import type { Asset } from "../contract.ts";

/** An asset by id when it was picked, by its name when it was typed. */
export interface AssetValue {
  name: string;
  id?: string | undefined;
}

interface Offer {
  /** The text of the suggestion; each one is different. */
  value: string;
  name: string;
  id?: string;
  hint?: string;
}

/**
 * What a field offers: assets, those of one name told apart by what else is known of them; then words that were used
 * before and hold what is typed.
 */
export function offered(
  assets: readonly Asset[],
  words: readonly string[],
  typed: string,
  describe: (asset: Asset) => string,
): Offer[] {
  const offers = new Map<string, Offer>();
  for (const asset of assets) {
    const { id, name } = asset;
    const alike = assets.some((other) => other.id !== id && other.name === name);
    const hint = describe(asset);
    const value = alike ? `${name} · ${hint}` : name;
    if (!offers.has(value)) offers.set(value, { value, name, id, ...(!alike && { hint }) });
  }
  const part = typed.trim().toLocaleLowerCase();
  for (const word of words) {
    if (word.toLocaleLowerCase().includes(part) && !offers.has(word)) offers.set(word, { value: word, name: word });
  }
  return [...offers.values()].slice(0, 8);
}

/** What the API takes: the asset itself, else its words; nothing typed takes it away. */
export function aboutOf({ name, id }: AssetValue): { assetId: string } | { asset: string | null } {
  return id ? { assetId: id } : { asset: name.trim() || null };
}
