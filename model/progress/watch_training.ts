/**
 * Readable progress of a training: a bar on a terminal, and a line per epoch.
 *
 * @module
 */

import type {
  EndEvent,
  EpochEvent,
  PretrainingStepEvent,
  SaveEvent,
  StepEvent,
  TrainingEvent,
  ValidationEvent,
} from "../training/events.ts";
import { type BarContext, pretrainingParts, trainingParts } from "./bar_parts.ts";
import { epochHead, epochLine, pretrainingLine, shortEpochLine } from "./epoch_line.ts";
import { rateReducedLine } from "../training/log_lines.ts";
import { fitLine, type LinePart } from "./fit_line.ts";
import { type Measures, measuresOf, unknownMeasures } from "./measures.ts";
import { endLines, onlyLine, startLine } from "./summary.ts";

/** The least time between two updates of the bar, in milliseconds. */
const REDRAW = 100;

/** After this many lines, there is at most one per {@linkcode LINE_PAUSE} if lines are `few`. */
const MANY_LINES = 50;

/** In milliseconds. */
const LINE_PAUSE = 1000;

/**
 * Where there is no terminal, a training that is over before this time has one line, so that loops of short trainings
 * have one line each. In milliseconds.
 */
const SHORT = 2000;

/** Where progress is shown. */
export interface ProgressOutput {
  /** Writes a text, which ends with a line end unless it is a bar. */
  note(text: string): void;
  /** The width of the terminal; `undefined` if there is none. */
  columns(): number | undefined;
}

/** A function that receives all events of a training. */
export type Watcher = (event: TrainingEvent) => void;

/** What is printed in addition to the bar. */
export interface ProgressLines {
  /** A line for every epoch, or fewer if there are very many epochs, or none. */
  readonly epochs: "all" | "few" | "none";
  /** Whether the first line says what is trained, and the last lines how it ended. */
  readonly frame: boolean;
}

/** Shows the progress of a training. */
export interface ProgressWatcher {
  readonly tell: Watcher;
  /** Removes the bar, so that something else can be printed, and ends the progress. */
  readonly clear: () => void;
}

/** Shows the progress of a training. `now` returns milliseconds. */
export function watchTraining(
  output: ProgressOutput,
  lines: ProgressLines = { epochs: "all", frame: false },
  now: () => number = performance.now.bind(performance),
): ProgressWatcher {
  const display = new Display(output, lines, now);
  return { tell: (event) => display.tell(event), clear: () => display.close() };
}

class Display {
  #drawn = -Infinity;
  #begun = -Infinity;
  /** The lines of a training that may be over soon. */
  #held: string[] | undefined;
  #isShown = false;
  #lines = 0;
  #lastLine = -Infinity;
  #epochs = 1;
  #examples = 0;
  #measures: Measures = unknownMeasures;
  #step: StepEvent | undefined;
  #validation: ValidationEvent | undefined;
  #save: SaveEvent | undefined;
  /** Why the last save failed: a reason that stays the same is shown once. */
  #failure: string | undefined;
  readonly #pace: Pace;

  constructor(readonly output: ProgressOutput, readonly lines: ProgressLines, readonly now: () => number) {
    this.#pace = new Pace(now);
  }

  tell(event: TrainingEvent): void {
    if (this.#held && this.now() - this.#begun >= SHORT) this.#release();
    switch (event.event) {
      case "start":
        [this.#epochs, this.#examples, this.#measures] = [event.epochs, event.examples, measuresOf(event)];
        this.#hold();
        if (this.lines.frame) this.#line(startLine(event));
        return;
      case "pretrainingStep":
        return this.#pretrainingStep(event);
      case "step": {
        this.#step = event;
        const pace = this.#pace.after("", event.iteration);
        return this.#draw(() => trainingParts(event, this.#context(pace)));
      }
      case "pretraining":
        return this.#epochLine(event.epoch === event.epochs, () => pretrainingLine(event));
      case "epoch":
        return this.#epochLine(event.epoch === this.#epochs, () => this.#textOf(event));
      case "rateReduced":
        return this.#note(rateReducedLine(event));
      case "saveFailed":
        return this.#saveFailed(event.error.message);
      case "end":
        this.clear();
        if (this.lines.frame) this.#endLines(event).forEach((line) => this.#line(line));
        return;
      case "validation":
        this.#validation = event;
        return this.clear();
      case "save":
        [this.#save, this.#failure] = [event, undefined];
        return this.clear();
      case "checkpoint":
        return this.clear();
    }
  }

  #saveFailed(reason: string): void {
    this.#release();
    if (reason === this.#failure) return this.clear();
    this.#failure = reason;
    this.#note(reason);
  }

  /** Removes the bar, and prints the lines that were kept of a training that failed. */
  close(): void {
    this.clear();
    this.#release();
  }

  clear(): void {
    if (this.#isShown) this.output.note("\r\x1b[K");
    this.#isShown = false;
  }

  /** From now on, lines are kept until it is known whether the training is short. */
  #hold(): void {
    const { frame, epochs } = this.lines;
    if (!frame || epochs !== "few" || this.output.columns() !== undefined) return;
    [this.#held, this.#begun] = [[], this.now()];
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    held.forEach((line) => this.#line(line));
  }

  #endLines(event: EndEvent): string[] {
    if (!this.#held || event.report.stop === "aborted") {
      this.#release();
      return endLines(event, this.#measures, this.#save);
    }
    this.#held = undefined;
    return [onlyLine(event, this.#measures, this.#save)];
  }

  /** A line that stays; on a terminal, it replaces the bar. */
  #line(text: string): void {
    if (this.#held) return void this.#held.push(text);
    this.clear();
    this.output.note(`${text}\n`);
  }

  #pretrainingStep(event: PretrainingStepEvent): void {
    const { layer, epoch, batch, batches } = event;
    const pace = this.#pace.after(layer, (epoch - 1) * batches + batch);
    this.#draw(() => pretrainingParts(event, pace));
  }

  /** A line between those of epochs. */
  #note(text: string): void {
    this.clear();
    if (this.lines.epochs !== "none") this.#line(text);
  }

  #epochLine(isLast: boolean, text: () => string): void {
    this.clear();
    const { epochs } = this.lines;
    if (epochs === "none") return;
    const isEarly = epochs === "few" && this.#lines >= MANY_LINES && this.now() - this.#lastLine < LINE_PAUSE;
    if (isEarly && !isLast) return;
    this.#lines++;
    this.#lastLine = this.now();
    this.#line(text());
  }

  #textOf(event: EpochEvent): string {
    const columns = this.output.columns();
    const head = epochHead(event.epoch, this.#epochs, this.#step);
    const text = epochLine(event, head, this.#measures);
    return columns === undefined || text.length < columns ? text : shortEpochLine(event, head, this.#measures);
  }

  #context(pace: number | undefined): BarContext {
    return {
      epochs: this.#epochs,
      examples: this.#examples,
      pace,
      measures: this.#measures,
      validation: this.#validation,
    };
  }

  #draw(parts: () => LinePart[]): void {
    const columns = this.output.columns();
    if (columns === undefined || this.now() - this.#drawn < REDRAW) return;
    this.#drawn = this.now();
    this.#isShown = true;
    this.output.note(`\r${fitLine(parts(), columns - 1)}\x1b[K`);
  }
}

/** Measures the time of steps, from the end of the first one on: before it, programs are compiled. */
class Pace {
  #first?: { readonly what: string; readonly iteration: number; readonly time: number };

  constructor(readonly now: () => number) {}

  /** Seconds per step, after a step of a phase; undefined before its second step. */
  after(what: string, iteration: number): number | undefined {
    const time = this.now();
    const first = this.#first?.what === what ? this.#first : this.#first = { what, iteration, time };
    const steps = iteration - first.iteration;
    const seconds = (time - first.time) / 1000;
    return steps === 0 || seconds === 0 ? undefined : seconds / steps;
  }
}
