/**
 * The instruction sets for which there are kernels, and the shapes of these.
 *
 * @module
 */

import type { VectorBytes } from "./encode/assembler.ts";

/** An instruction set and the largest product that its registers hold. */
export interface InstructionSet {
  readonly name: "AVX2" | "AVX-512";
  readonly vectorBytes: VectorBytes;
  /** Rows of a panel of rows. */
  readonly rows: number;
  /** Columns of a panel of columns: two vectors. */
  readonly columns: number;
}

/**
 * Fills 15 of 16 registers: 12 for sums, 2 for the values of the columns, and one for the value of a row. That is 8
 * loads for 12 products of vectors, and processors load and multiply two vectors per cycle.
 */
export const AVX2: InstructionSet = { name: "AVX2", vectorBytes: 32, rows: 6, columns: 16 };

/**
 * Eight rows have as many sums as a processor adds to at the same time, twice over. With 12 or 14 rows, the kernels
 * were 1 to 2 % faster where blocks fill the panels, and 2 to 8 % for
 * small remainders, but their code is two or three times as long.
 */
export const AVX512: InstructionSet = { name: "AVX-512", vectorBytes: 64, rows: 8, columns: 32 };

/** The columns of a piece that the kernels find by its address: a vector of 32 bytes. */
export const PIECE = 8;

/** The number of vectors of a panel of columns. */
export const VECTORS = 2;
