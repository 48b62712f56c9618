import { faultOfActor, faultOfEntry } from "../requests/requests.ts";
import type { Table } from "./columns.ts";
import { checkRow, damaged, type Place, type Row } from "./rows.ts";

/** Checks the rows of one reading of an export, in its order: each against its table, entries against their kind. */
export class RowChecks {
  private readonly known = { people: new Set<unknown>(), suppliers: new Set<unknown>(), assets: new Set<unknown>() };
  private readonly isWhole: boolean;

  /** @param supplier whose part of a record it is: such a part does not list everybody; null: all of it */
  constructor(supplier: string | null) {
    this.isWhole = supplier === null;
  }

  /** @throws AppError export_damaged, naming place and column */
  check(table: Table, row: Row, place: Place): Row {
    checkRow(table, row, place);
    const known = this.isWhole ? this.known : undefined;
    switch (table.name) {
      case "people":
      case "suppliers":
      case "assets":
        this.known[table.name].add(row["id"]);
        break;
      case "entries": {
        const [content, supplierId] = [row["content"] ?? null, row["supplierId"] ?? null];
        const found = faultOfEntry({ ...row, content, supplierId } as Parameters<typeof faultOfEntry>[0], known);
        if (found) throw damaged(`${place()}: ${found.column} ${found.fault}`);
        break;
      }
      case "assetChanges":
      case "attachments": {
        const column = table.name === "attachments" ? "createdBy" : "actor";
        const fault = faultOfActor(row[column] as string, known);
        if (fault) throw damaged(`${place()}: ${column} ${fault}`);
      }
    }
    return row;
  }
}
