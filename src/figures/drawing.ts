/**
 * Pictures are drawn in a process of their own. ECharts costs memory with the first picture and leaves more with each:
 * the process begins with the first picture and ends when nobody looked at one for a while, and all of that with it.
 * Meanwhile the server goes on answering. Measured with 221 pictures of 53 bars, megabytes of the server: drawn in it
 * 283, in a thread 199 also after its end (freed, but not given back), in a process no more than before.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AppError } from "../errors.ts";
import type { Series } from "./contract.ts";
import type { DrawOptions } from "./drawing-echarts.ts";
import type { Drawable } from "./drawing-options.ts";
import type { Delivery, Order } from "./drawing-child.ts";

export interface DrawerLimits {
  /** The process ends when nothing was drawn for so long. */
  idleMs: number;
  /** So many may be drawn or wait at once; a caller beyond gets `busy`. */
  waiting: number;
  /** A process that takes longer over one picture is ended. One takes 30 ms of work. */
  pictureMs: number;
}

const usual: DrawerLimits = { idleMs: 30_000, waiting: 50, pictureMs: 15_000 };
/** A picture needs a few megabytes; beyond this the process ends, not the server. */
const heapMb = 192;
const program = fileURLToPath(new URL("./drawing-child.ts", import.meta.url));

interface Waiting {
  order: Order;
  resolve(svg: Series["svg"]): void;
  reject(error: Error): void;
}

export class Drawer {
  readonly #limits: DrawerLimits;
  #child: ChildProcess | undefined;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(limits: DrawerLimits = usual) {
    this.#limits = limits;
  }

  /** Whether there is a process now. */
  get running(): boolean {
    return this.#child !== undefined;
  }

  /**
   * @returns the same drawing for light and for dark paper; empty where there is nothing to draw
   * @throws AppError busy: too many pictures wait already
   */
  async draw(series: Drawable, options: DrawOptions): Promise<Series["svg"]> {
    if (series.points.length === 0) return { light: "", dark: "" };
    if (this.#waiting.length >= this.#limits.waiting) {
      throw new AppError("busy", "Too many pictures are being drawn. Nothing is lost: ask again in a moment.");
    }
    const order: Order = { id: ++this.#count, series, options };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      if (this.#waiting.length === 1) this.#begin();
    });
  }

  /** Hands the first in line to the process. One at a time: what is still in line survives a process that dies. */
  #begin(): void {
    const [first] = this.#waiting;
    clearTimeout(this.#timer);
    const child = (this.#child ??= this.#start());
    if (!first) {
      this.#timer = setTimeout(() => this.#end(child), this.#limits.idleMs).unref();
      child.unref();
      child.channel?.unref();
      return;
    }
    child.ref();
    child.channel?.ref();
    this.#timer = setTimeout(() => this.#lose(child, "took too long"), this.#limits.pictureMs).unref();
    child.send(first.order, (error) => error && this.#lose(child, error.message));
  }

  #start(): ChildProcess {
    const child = fork(program, [], {
      // No environment: it holds the database's password. Nor the server's own flags.
      env: { TZ: "UTC" },
      execArgv: [`--max-old-space-size=${heapMb}`, "--max-semi-space-size=8"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.on("message", (delivery: Delivery) => {
      if (child === this.#child) this.#deliver(delivery);
    });
    child.on("error", (error) => this.#lose(child, error.message));
    child.on("exit", (code, signal) => this.#lose(child, `ended with ${code ?? signal}`));
    return child;
  }

  #deliver(delivery: Delivery): void {
    const first = this.#waiting.shift();
    this.#begin();
    if ("svg" in delivery) first?.resolve(delivery.svg);
    else first?.reject(new Error(`The picture could not be drawn: ${delivery.failed}`));
  }

  /** The process is gone or goes: the picture it was at has failed, the next one gets a new process. */
  #lose(child: ChildProcess, why: string): void {
    if (child !== this.#child) return;
    this.#end(child);
    const first = this.#waiting.shift();
    if (this.#waiting.length > 0) this.#begin();
    first?.reject(new Error(`The process that draws pictures is gone: ${why}`));
  }

  #end(child: ChildProcess): void {
    clearTimeout(this.#timer);
    if (child === this.#child) this.#child = undefined;
    child.kill("SIGKILL");
  }
}

const drawer = new Drawer();

/** @throws AppError busy */
export function draw(series: Drawable, options: DrawOptions): Promise<Series["svg"]> {
  return drawer.draw(series, options);
}
