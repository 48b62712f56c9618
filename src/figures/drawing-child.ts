/** The process that draws: one picture after the other, each answered under its number. It ends with its parent. */
import type { Drawable } from "./drawing-options.ts";
import { drawWithECharts, type DrawOptions } from "./drawing-echarts.ts";
import type { Series } from "./contract.ts";

export interface Order {
  id: number;
  series: Drawable;
  options: DrawOptions;
}
export type Delivery = { id: number; svg: Series["svg"] } | { id: number; failed: string };

process.on("message", (order: Order) => void deliver(order));

async function deliver({ id, series, options }: Order): Promise<void> {
  let delivery: Delivery;
  try {
    delivery = { id, svg: await drawWithECharts(series, options) };
  } catch (error) {
    delivery = { id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send!(delivery);
}
