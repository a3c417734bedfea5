/**
 * Progress for people: a bar on a terminal, a line an epoch elsewhere.
 *
 * @module
 */

import {
  formatError,
  formatSec,
  logLines,
  type StepEvent,
  type TrainingEvent,
  type ValidationEvent,
} from "../model/mod.ts";
import type { Output } from "./output.ts";

/** Milliseconds from one drawing of the bar to the next. */
const REDRAW = 100;

/** Cells of the bar. */
const CELLS = 20;

/** Something that is told all events of a training. */
export type Watcher = (event: TrainingEvent) => void;

/** Watches a training for people. `now` gives milliseconds. */
export function watchProgress(output: Output, now: () => number = performance.now.bind(performance)): Watcher {
  const progress = new Progress(output, now);
  return (event) => progress.tell(event);
}

class Progress {
  #begin = 0;
  #drawn = -Infinity;
  #epochs = 1;
  #examples = 0;
  #validation: ValidationEvent | undefined;

  constructor(readonly output: Output, readonly now: () => number) {}

  tell(event: TrainingEvent): void {
    switch (event.event) {
      case "start":
        this.#begin = this.now();
        [this.#epochs, this.#examples] = [event.epochs, event.examples];
        return;
      case "pretraining":
        this.#line(logLines(event).join("\n"));
        // What is left is measured from the first step.
        this.#begin = this.now();
        return;
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
      case "end":
        return this.#clear();
    }
  }

  /** A line that stays; on a terminal in place of the bar. */
  #line(text: string): void {
    this.#clear();
    this.output.note(`${text}\n`);
  }

  #clear(): void {
    if (this.output.columns() !== undefined) this.output.note("\r\x1b[K");
  }

  #draw(step: StepEvent): void {
    const columns = this.output.columns();
    if (columns === undefined || this.now() - this.#drawn < REDRAW) return;
    this.#drawn = this.now();
    this.output.note(`\r${this.#bar(step).slice(0, columns - 1)}\x1b[K`);
  }

  #bar({ epoch, batch, batches, iteration }: StepEvent): string {
    const seconds = (this.now() - this.#begin) / 1000;
    const filled = Math.round(CELLS * batch / batches);
    const left = seconds / iteration * (this.#epochs * batches - iteration);
    const parts = [
      `epoch ${epoch}/${this.#epochs} [${"#".repeat(filled)}${".".repeat(CELLS - filled)}] ${batch}/${batches}`,
      speed(iteration / seconds * this.#examples / batches),
      `at most ${formatSec(Math.round(left)).replace(/\.000/, "")} left`,
      ...this.#known(),
    ];
    return parts.join("  ");
  }

  /** What the last validation told. */
  #known(): string[] {
    if (!this.#validation) return [];
    const { trainLoss, validationError, errorUnit } = this.#validation;
    return [`loss ${trainLoss.toFixed(4)}`, `validation error ${formatError(validationError, errorUnit)}`];
  }
}

/** `4,616 samples/s`. */
export function speed(samplesPerSecond: number): string {
  return `${Math.round(samplesPerSecond).toLocaleString("en-US")} samples/s`;
}
