/**
 * How long files may be, so that they take little memory.
 *
 * @module
 */

import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";

/** Options of functions that read files. */
export interface ReadOptions {
  /**
   * The longest file that is read, in bytes; default: 8 GiB for models and parameters, 16 MiB for configurations. Raise it
   * for longer files that you trust.
   */
  readonly limitBytes?: number;
}

/** {@linkcode ReadOptions} of files with tensors. */
export const tensorFileOptions = {
  limitBytes: count({ default: 2 ** 33, help: "longest file that is read, in bytes" }),
} satisfies Declaration<ReadOptions>;

/** {@linkcode ReadOptions} of configurations. */
export const textFileOptions = {
  limitBytes: count({ default: 2 ** 24, help: "longest file that is read, in bytes" }),
} satisfies Declaration<ReadOptions>;
