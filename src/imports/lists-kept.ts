import { changeAssets, lockAssets, removeAssets, type AssetInput } from "../assets/assets.ts";
import {
  changePeople,
  changeSuppliers,
  lockHolidays,
  lockPeople,
  lockSuppliers,
  removePeople,
  removeSuppliers,
  takeBackHolidays,
  type PersonInput,
  type SupplierInput,
} from "../companies/companies.ts";
import type { Context } from "../context.ts";
import type { ListName } from "./contract.ts";
import { inBatches } from "./lists-open.ts";

/** What the record says of a thing, field by field as its feature names them; texts and ids, null for nothing. */
export type Said = Readonly<Record<string, string | null>>;

/** How the things of a list are looked at, put back and removed again: each through the feature whose they are. */
export interface KeptList {
  /** Those of them that are there, locked until the transaction ends. */
  read(ctx: Context, ids: readonly string[]): Promise<Map<string, Said>>;
  /** Removes what an import added and gives back what it changed. */
  takeBack(ctx: Context, work: TakingBack, onDone: (more: number) => void | Promise<void>): Promise<void>;
}

export interface TakingBack {
  added: readonly string[];
  changed: readonly { id: string; to: Said }[];
}

function byId(things: readonly { id: string }[]): Map<string, Said> {
  return new Map(things.map(({ id, ...said }) => [id, said as Said]));
}

export const keptLists: Readonly<Record<ListName, KeptList>> = {
  people: {
    read: async (ctx, ids) => byId(await lockPeople(ctx, ids)),
    async takeBack(ctx, { added, changed }, onDone) {
      await inBatches(added, onDone, (batch) => removePeople(ctx, batch));
      await inBatches(changed, onDone, (batch) =>
        changePeople(ctx, batch as { id: string; to: Partial<PersonInput> }[]),
      );
    },
  },
  suppliers: {
    read: async (ctx, ids) => byId(await lockSuppliers(ctx, ids)),
    async takeBack(ctx, { added, changed }, onDone) {
      await inBatches(added, onDone, (batch) => removeSuppliers(ctx, batch));
      await inBatches(changed, onDone, (batch) =>
        changeSuppliers(ctx, batch as { id: string; to: Partial<SupplierInput> }[]),
      );
    },
  },
  assets: {
    read: async (ctx, ids) => byId(await lockAssets(ctx, ids)),
    async takeBack(ctx, { added, changed }, onDone) {
      await inBatches(added, onDone, (batch) => removeAssets(ctx, batch));
      await inBatches(changed, onDone, (batch) =>
        changeAssets(
          ctx,
          batch.map(({ id, to }) => ({ id, to: assetInput(to) })),
        ),
      );
    },
  },
  holidays: {
    read: async (ctx, ids) => byId(await lockHolidays(ctx, ids)),
    async takeBack(ctx, { added, changed }, onDone) {
      // All at once: each change of the holidays has every request of the company measured anew.
      const renamed = changed.map(({ id, to }) => ({ id, name: to["name"]! }));
      await takeBackHolidays(ctx, { removed: added, renamed });
      await onDone(added.length + changed.length);
    },
  },
};

function assetInput({ ownerId, ...to }: Said): Partial<AssetInput> {
  return { ...to, ...(ownerId !== undefined && { owner: ownerId === null ? null : { id: ownerId } }) };
}
