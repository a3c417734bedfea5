/**
 * The options of a training.
 *
 * @module
 */

import { finite, whole } from "../../core/options/numbers.ts";
import { custom, type Declaration, type Option } from "../../core/options/option.ts";
import { either, flag, nullable, oneOf } from "../../core/options/values.ts";

/**
 * When a training is saved: only where it is told to stop, at its end, at each new least validation error and at the end,
 * or after each epoch and at the end. Whenever it is told to stop, it is saved too.
 */
export type SaveMode = "stop" | "end" | "each" | "epoch";

/** All modes. */
export const saveModes: readonly SaveMode[] = ["stop", "end", "each", "epoch"];

/** Whether, when and where a training is saved. */
export interface SaveOptions {
  /** When to save; null for never (default: `end` if there is a file, else null). */
  readonly saveMode?: SaveMode | null | undefined;
  /** Where to save, by convention `.ym` (default: the model's file, else `NAME_yyyymmddhhmmss.ym`). */
  readonly file?: string | URL | undefined;
}

/** Options of a training. */
export interface TrainOptions extends SaveOptions {
  /** What all random numbers come from: the same seed gives the same weights on the same device (default: 1). */
  readonly seed?: number | undefined;
  /**
   * Whether unsupervised layers learn from their input first (default: if the network carries no weights yet).
   */
  readonly unsupervisedTraining?: boolean | undefined;
  /** Whether to stop when validation error stops improving (default: true). */
  readonly earlyStop?: boolean | undefined;
  /** Whether each epoch has an order of its own (default: true). */
  readonly shuffle?: boolean | undefined;
  /** Whether the weights with the least validation error are kept rather than the last (default: true). */
  readonly restoreBest?: boolean | undefined;
  /**
   * The bytes of the device that examples may take (default: 2 GiB). Sets that need more are streamed there, a few
   * batches at a time, which changes no bit of what is learned; the smaller ones stay.
   */
  readonly deviceBytes?: number | undefined;
  /** Stops the training after the step in progress; what was reached is kept. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Resumes a saved training as if it had never stopped: that of `file` (true), or of another file. The model must be the
   * one that was saved; only `nEpochs` may differ. Options that are not given are those of that training.
   */
  readonly resume?: boolean | string | URL | undefined;
}

/** The path of a file. */
export const path: Option<string | URL> = custom({
  expected: "a path or a URL",
  accepts: (value): value is string | URL => value instanceof URL || typeof value === "string" && value !== "",
  resembles: (value) => typeof value === "string",
  parse: (text) => text,
  toJson: String,
});

/** What stops something that takes long. */
export const signal: Option<AbortSignal> = custom({
  expected: "an AbortSignal",
  accepts: (value): value is AbortSignal => typeof value === "object" && value !== null && "aborted" in value,
});

/**
 * Bytes of a device that examples may take where nothing else is said: half of what the 32-bit addresses of WebAssembly
 * reach. The other half is left to the weights, the state of the update rule and what a step holds meanwhile. A graphics
 * card does not tell how much memory it has.
 */
const DEVICE_BYTES = 2 * 2 ** 30;

/** The options of a training. A saved training that goes on has its own defaults: what it was begun with. */
export const trainOptions = {
  saveMode: nullable(oneOf<SaveMode>(saveModes), {
    help: "when to save: only when told to stop, at the end, at each new best validation error, or after each epoch",
    otherwise: "end, if there is a file",
  }),
  file: { ...path, help: "where to save, by convention .ym", otherwise: "the model's file" },
  seed: whole({ default: 1, help: "random seed" }),
  unsupervisedTraining: flag({
    help: "let unsupervised layers learn from their input first",
    otherwise: "if the network carries no weights yet",
  }),
  earlyStop: flag({ default: true, help: "stop when validation error stops improving" }),
  shuffle: flag({ default: true, help: "give each epoch an order of its own" }),
  restoreBest: flag({ default: true, help: "keep the weights with the best validation error, not the last ones" }),
  deviceBytes: finite({
    least: 1,
    infinite: true,
    default: DEVICE_BYTES,
    help: "bytes of the device that examples may take",
  }),
  signal: { ...signal, help: "stops the training after the step in progress" },
  resume: either([flag(), path], { help: "resume a saved training: that of file (true), or of another file" }),
} satisfies Declaration<TrainOptions>;
