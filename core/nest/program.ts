/**
 * A program: the nests of one compiled call in the order in which they run, and the buffers they share.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import type { Variable } from "./expression.ts";
import type { Nest } from "./nest.ts";

/** A buffer of a program. */
export interface ProgramBuffer {
  readonly dtype: DType;
  readonly bytes: number;
}

/** Runs one nest; slot `i` of the nest is the program's buffer `buffers[i]`. */
export interface NestStep {
  readonly kind: "nest";
  readonly nest: Nest;
  readonly buffers: readonly number[];
}

/** Runs `steps` for each value of `counter`, in order. Loops may lie inside of loops. */
export interface LoopStep {
  readonly kind: "loop";
  readonly counter: Variable;
  readonly steps: readonly ProgramStep[];
}

/** One step of a program. */
export type ProgramStep = NestStep | LoopStep;

/** What a backend compiles and runs as one unit. */
export interface Program {
  readonly name: string;
  readonly buffers: readonly ProgramBuffer[];
  readonly steps: readonly ProgramStep[];
}
