/**
 * The inner loop of products: a few rows times eight columns, held in registers, over the depth of two packed panels.
 *
 * It is a separate function, because the engine switches to optimized code when a function is entered.
 *
 * @module
 */

import { Code, FunctionWriter } from "../encode/assembler.ts";
import { bytesOfLanes, LANES } from "../encode/lanes.ts";
import { operate } from "../encode/relaxed.ts";
import { NARROW } from "../schedule/micro_kernels.ts";

const [ROWS, COLUMNS, TILE, DEPTH, STRIDE, ADDS] = [0, 1, 2, 3, 4, 5];
const UNROLL = 4;
const VECTORS = NARROW.columns / LANES;
const COLUMN_BYTES = 16 * VECTORS;

/** The registers of a micro-kernel. */
interface Registers {
  /** For each row, one for each vector of a panel of columns. */
  readonly sums: readonly number[];
  /** The values of four rows at one depth, and one of them in all lanes. */
  readonly four: number;
  readonly one: number;
  /** The values of the columns at one depth. */
  readonly right: readonly number[];
}

/**
 * The function `(rows, columns, tile, depth, stride, adds)` that stores the product of two panels in a tile whose rows
 * are `stride` bytes apart, or adds it to the tile if `adds` is not 0. For each depth, the panels hold `rows` (4 or 5)
 * and 8 values.
 */
export function writeMicroKernel(rows: number): FunctionWriter {
  const writer = new FunctionWriter(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const { code } = writer;
  const locals = (count: number): number[] => Array.from({ length: count }, () => writer.local("v128"));
  const sums = locals(rows * VECTORS);
  const [four, one] = locals(2);
  const registers: Registers = { sums, four, one, right: locals(VECTORS) };
  const rowAddress = writer.local("i32");
  const turns = writer.local("i32");

  code.get(DEPTH).i32(Math.log2(UNROLL)).op("i32.shr_u").tee(turns).if().loop();
  for (let step = 0; step < UNROLL; step++) code.append(depthStep(registers, rows, step));
  advance(code, UNROLL, rows);
  code.get(turns).i32(-1).op("i32.add").tee(turns).op("br_if", 0).end().end();
  code.get(DEPTH).i32(UNROLL - 1).op("i32.and").tee(turns).if().loop().append(depthStep(registers, rows, 0));
  advance(code, 1, rows);
  code.get(turns).i32(-1).op("i32.add").tee(turns).op("br_if", 0).end().end();
  // Not to begin with the tile's sums keeps these sums short, so that they lose few digits.
  code.get(ADDS).if().append(transfer(sums, rowAddress, "add")).end().append(transfer(sums, rowAddress, "store"));
  return writer;
}

/** Adds the tile to `sums`, or stores them in the tile. */
function transfer(sums: readonly number[], address: number, how: "add" | "store"): Code {
  const code = new Code();
  sums.forEach((sum, i) => {
    const [row, vector] = [Math.floor(i / VECTORS), i % VECTORS];
    if (vector > 0) code.get(address);
    else if (row === 0) code.get(TILE).tee(address);
    else code.get(address).get(STRIDE).op("i32.add").tee(address);
    if (how === "store") code.get(sum).op("v128.store", 16 * vector);
    else code.op("v128.load", 16 * vector).get(sum).op("f32x4.add").set(sum);
  });
  return code;
}

function depthStep({ sums, four, one, right }: Registers, rows: number, step: number): Code {
  const code = new Code().get(ROWS).op("v128.load", 4 * rows * step).set(four);
  right.forEach((local, vector) => code.get(COLUMNS).op("v128.load", COLUMN_BYTES * step + 16 * vector).set(local));
  for (let row = 0; row < rows; row++) {
    if (row < LANES) code.get(four).get(four).op("i8x16.shuffle", ...bytesOfLanes(row, row, row, row)).set(one);
    else code.get(ROWS).op("v128.load32_splat", 4 * (rows * step + row)).set(one);
    right.forEach((local, vector) => {
      const sum = sums[VECTORS * row + vector];
      operate(code, "f32x4.relaxed_madd", { args: [one, local, sum] }).set(sum);
    });
  }
  return code;
}

function advance(code: Code, steps: number, rows: number): void {
  code.get(ROWS).i32(4 * rows * steps).op("i32.add").set(ROWS);
  code.get(COLUMNS).i32(COLUMN_BYTES * steps).op("i32.add").set(COLUMNS);
}
