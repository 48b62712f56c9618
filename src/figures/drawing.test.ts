import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { drawWithECharts } from "./drawing-echarts.ts";
import type { Drawable } from "./drawing-options.ts";
import { Drawer } from "./drawing.ts";

const options = { width: 640, locale: "en-GB" };
const usual = { idleMs: 60_000, waiting: 50, pictureMs: 60_000 };

/** Calls of five days, `calls` on each. */
function series(calls: number): Drawable {
  const points = [1, 2, 3, 4, 5].map((day) => ({
    from: `2026-11-0${day}`,
    to: `2026-11-0${day}`,
    label: `${day} Nov`,
    values: { confirmed: { value: calls, n: calls, unknown: 0, rows: {} } },
  }));
  const columns = [{ key: "confirmed", label: "confirmed as fixed", unit: "count" as const }];
  return { picture: "calls-per-week", step: "day", title: "Calls per day", alternative: "Five days.", columns, points };
}

test("many at once: each gets its own picture, the same to the byte as one drawn beside it", async () => {
  const drawer = new Drawer(usual);
  const drawn = await Promise.all([1, 2, 3, 4].map((calls) => drawer.draw(series(calls), options)));
  for (const [index, svg] of drawn.entries()) assert.deepEqual(svg, await drawWithECharts(series(index + 1), options));
  assert.notEqual(drawn[0]!.light, drawn[1]!.light);
});

test("the process begins with the first picture, ends when nobody looks, and begins again", async () => {
  const drawer = new Drawer({ ...usual, idleMs: 5 });
  assert.deepEqual(await drawer.draw({ ...series(1), points: [] }, options), { light: "", dark: "" });
  assert.equal(drawer.running, false, "nothing to draw needs no process");
  const first = await drawer.draw(series(1), options);
  while (drawer.running) await wait(5);
  assert.deepEqual(await drawer.draw(series(1), options), first);
});

test("more than may wait are refused in words; those in line get theirs", async () => {
  const drawer = new Drawer({ ...usual, waiting: 2 });
  const taken = [drawer.draw(series(1), options), drawer.draw(series(2), options)];
  await assert.rejects(drawer.draw(series(3), options), { code: "busy" });
  assert.equal((await Promise.all(taken)).length, 2);
  await drawer.draw(series(3), options);
});

test("a picture that fails or a process that hangs costs that picture alone", async () => {
  const drawer = new Drawer(usual);
  const broken = { ...series(1), points: [{}] } as unknown as Drawable;
  const [failed, next] = await Promise.allSettled([drawer.draw(broken, options), drawer.draw(series(2), options)]);
  assert.equal(failed.status, "rejected");
  assert.equal(next.status, "fulfilled");
  const hasty = new Drawer({ ...usual, pictureMs: 0 });
  await assert.rejects(hasty.draw(series(1), options), /took too long/);
  assert.equal(hasty.running, false);
});
