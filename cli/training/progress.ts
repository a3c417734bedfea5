/**
 * Readable progress: a bar on a terminal, otherwise one line per epoch.
 *
 * @module
 */

import { formatSec } from "../../model/format_seconds.ts";
import type { StepEvent, TrainingEvent, ValidationEvent } from "../../model/training/events.ts";
import { logLines, validationText } from "../../model/training/log_lines.ts";
import type { Output } from "../output.ts";

/** The least time between two updates of the bar, in milliseconds. */
const REDRAW = 100;

/** Cells of the bar. */
const CELLS = 20;

/** A function that receives all events of a training. */
export type Watcher = (event: TrainingEvent) => void;

/** Prints the progress of a training. `now` returns milliseconds. */
export function watchProgress(output: Output, now: () => number = performance.now.bind(performance)): Watcher {
  const progress = new Progress(output, now);
  return (event) => progress.tell(event);
}

class Progress {
  #drawn = -Infinity;
  #epochs = 1;
  #examples = 0;
  #validation: ValidationEvent | undefined;
  /** The first step of this process, and when it was done. Before it, programs are compiled. */
  #first: { readonly iteration: number; readonly time: number } | undefined;

  constructor(readonly output: Output, readonly now: () => number) {}

  tell(event: TrainingEvent): void {
    switch (event.event) {
      case "start":
        [this.#epochs, this.#examples] = [event.epochs, event.examples];
        return;
      case "pretraining":
        return this.#line(logLines(event).join("\n"));
      case "step":
        return this.#draw(event);
      case "validation":
        this.#validation = event;
        return;
      case "epoch": {
        const { trainLoss, samplesPerSecond } = event;
        const [error] = this.#validation ? logLines(this.#validation) : [`epoch ${event.epoch}`];
        return this.#line(`${error}, loss ${trainLoss.toFixed(4)}, ${speed(samplesPerSecond)}`);
      }
      case "saveFailed":
        return this.#line(event.error.message);
      case "end":
        return this.#clear();
    }
  }

  /** A line that stays; on a terminal, it replaces the bar. */
  #line(text: string): void {
    this.#clear();
    this.output.note(`${text}\n`);
  }

  #clear(): void {
    if (this.output.columns() !== undefined) this.output.note("\r\x1b[K");
  }

  #draw(step: StepEvent): void {
    this.#first ??= { iteration: step.iteration, time: this.now() };
    const columns = this.output.columns();
    if (columns === undefined || this.now() - this.#drawn < REDRAW) return;
    this.#drawn = this.now();
    this.output.note(`\r${fitting(this.#parts(step), columns - 1)}\x1b[K`);
  }

  #parts(step: StepEvent): Part[] {
    const { epoch, batch, batches } = step;
    return [
      { text: `epoch ${epoch}/${this.#epochs}`, order: 0 },
      { text: bar(batch / batches, CELLS), short: bar(batch / batches, CELLS / 2), order: 3, glued: true },
      { text: `${batch}/${batches}`, order: 4, glued: true },
      ...this.#measured(step),
      ...this.#known(),
    ];
  }

  /** Speed and remaining time, from the second step on. */
  #measured({ iteration, batches, lastIteration = Infinity }: StepEvent): Part[] {
    const { iteration: before, time } = this.#first ?? { iteration, time: 0 };
    const seconds = (this.now() - time) / 1000 / (iteration - before);
    if (iteration === before || seconds === 0) return [];
    const all = this.#epochs * batches;
    const left = formatSec(Math.round(seconds * (Math.min(all, lastIteration) - iteration))).replace(/\.000/, "");
    return [
      { text: speed(this.#examples / batches / seconds), order: 5 },
      // Early stopping ends training there only if the error does not improve until then.
      { text: lastIteration < all ? `at least ${left} left` : `${left} left`, order: 2 },
    ];
  }

  /** The results of the last validation. */
  #known(): Part[] {
    if (!this.#validation) return [];
    const { trainLoss } = this.#validation;
    return [
      { text: `loss ${trainLoss.toFixed(4)}`, order: 6 },
      { text: validationText(this.#validation), order: 1 },
    ];
  }
}

/** A part of the progress line. */
interface Part {
  readonly text: string;
  /** A shorter text with the same content. */
  readonly short?: string;
  /** If the line is too long, parts of a high order are omitted first. */
  readonly order: number;
  /** Whether only one space precedes it. */
  readonly glued?: boolean;
}

function bar(share: number, cells: number): string {
  const filled = Math.round(cells * share);
  return `[${"#".repeat(filled)}${".".repeat(cells - filled)}]`;
}

/** All parts, or if they do not fit the most important ones, each as short as possible. */
function fitting(parts: readonly Part[], room: number): string {
  const joined = (some: readonly Part[]): string =>
    some.map(({ text, glued }, i) => `${i === 0 ? "" : glued ? " " : "  "}${text}`).join("");
  const whole = joined(parts);
  if (whole.length <= room) return whole;
  const shortened = parts.map((part) => ({ ...part, text: part.short ?? part.text }));
  const kept = new Set<Part>();
  for (const part of shortened.toSorted((a, b) => a.order - b.order)) {
    kept.add(part);
    const isFirst = kept.size === 1;
    if (!isFirst && joined(shortened.filter((one) => kept.has(one))).length > room) kept.delete(part);
  }
  return joined(shortened.filter((one) => kept.has(one))).slice(0, room);
}

/** `4,616 samples/s`. */
export function speed(samplesPerSecond: number): string {
  return `${Math.round(samplesPerSecond).toLocaleString("en-US")} samples/s`;
}
