/**
 * The inner loop of products: a few rows times eight columns, held in registers, over the depth of two packed panels.
 *
 * It is a function of its own, as the engine switches to optimised code when a function is entered.
 *
 * @module
 */

import { Code, FunctionWriter } from "../encode/assembler.ts";
import { operate } from "../encode/relaxed.ts";

const [ROWS, COLUMNS, TILE, DEPTH, STRIDE, ADDS] = [0, 1, 2, 3, 4, 5];
const UNROLL = 4;
const VECTORS = 2;
const COLUMN_BYTES = 16 * VECTORS;

/**
 * `(rows, columns, tile, depth, stride, adds)`: the product of two panels into (or, where `adds` is not 0, onto) a tile
 * whose rows are `stride` bytes apart. At each depth the panels hold `rows` (4 or 5) and 8 values.
 */
export function writeMicroKernel(rows: number): FunctionWriter {
  const writer = new FunctionWriter(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const { code } = writer;
  const sums = Array.from({ length: rows * VECTORS }, () => writer.local("v128"));
  const left = { four: writer.local("v128"), one: writer.local("v128") };
  const right = Array.from({ length: VECTORS }, () => writer.local("v128"));
  const rowAddress = writer.local("i32");
  const turns = writer.local("i32");

  code.get(ADDS).if().append(transfer(rows, rowAddress, sums, false)).end();
  const turn = (step: number): Code => depthStep(new Code(), rows, step, sums, left, right);
  code.get(DEPTH).i32(Math.log2(UNROLL)).op("i32.shr_u").tee(turns).if().loop();
  for (let step = 0; step < UNROLL; step++) code.append(turn(step));
  advance(code, UNROLL, rows);
  code.get(turns).i32(-1).op("i32.add").tee(turns).op("br_if", 0).end().end();
  code.get(DEPTH).i32(UNROLL - 1).op("i32.and").tee(turns).if().loop().append(turn(0));
  advance(code, 1, rows);
  code.get(turns).i32(-1).op("i32.add").tee(turns).op("br_if", 0).end().end();
  code.append(transfer(rows, rowAddress, sums, true));
  return writer;
}

/** Loads the tile into `sums`, or stores them. */
function transfer(rows: number, address: number, sums: readonly number[], stores: boolean): Code {
  const code = new Code().get(TILE).set(address);
  for (let row = 0; row < rows; row++) {
    if (row > 0) code.get(address).get(STRIDE).op("i32.add").set(address);
    for (let vector = 0; vector < VECTORS; vector++) {
      const sum = sums[VECTORS * row + vector];
      code.get(address);
      if (stores) code.get(sum).op("v128.store", 16 * vector);
      else code.op("v128.load", 16 * vector).set(sum);
    }
  }
  return code;
}

function depthStep(
  code: Code,
  rows: number,
  step: number,
  sums: readonly number[],
  left: { readonly four: number; readonly one: number },
  right: readonly number[],
): Code {
  code.get(ROWS).op("v128.load", 4 * rows * step).set(left.four);
  right.forEach((local, vector) => code.get(COLUMNS).op("v128.load", COLUMN_BYTES * step + 16 * vector).set(local));
  for (let row = 0; row < rows; row++) {
    if (row < 4) code.get(left.four).get(left.four).op("i8x16.shuffle", ...splatLane(row)).set(left.one);
    else code.get(ROWS).op("v128.load32_splat", 4 * (rows * step + row)).set(left.one);
    right.forEach((local, vector) => {
      const sum = sums[VECTORS * row + vector];
      operate(code, "f32x4.relaxed_madd", [left.one, local, sum]).set(sum);
    });
  }
  return code;
}

const splatLane = (lane: number): number[] => Array.from({ length: 16 }, (_, byte) => 4 * lane + byte % 4);

function advance(code: Code, steps: number, rows: number): void {
  code.get(ROWS).i32(4 * rows * steps).op("i32.add").set(ROWS);
  code.get(COLUMNS).i32(COLUMN_BYTES * steps).op("i32.add").set(COLUMNS);
}
