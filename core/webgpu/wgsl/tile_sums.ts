/**
 * The sums that a thread of a tile keeps in registers.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import { valueType } from "./scalar_operations.ts";
import type { TileFrame } from "./tile_frame.ts";

/** The sums of a block, and those of all blocks. */
type SumKind = "sum" | "total";

/** The name of one of the thread's sums, or of the vector of sums of neighbors along. */
const sumName = (across: number, along: number, kind: SumKind = "sum"): string => `${kind}_${across}_${along}`;

/** The text of one of the thread's sums. */
export function sumText(frame: TileFrame, row: number, column: number): string {
  const { along, schedule, isInBlocks } = frame;
  const neighbors = schedule.staged > 0 ? along.neighbors : 1;
  const width = isInBlocks ? totalWidth(frame, neighbors) : neighbors;
  const place = column % width;
  const name = sumName(row, column - place, isInBlocks ? "total" : "sum");
  return width === 1 ? name : `${name}.${"xyzw"[place]}`;
}

/** The number of sums along whose totals are one vector, which makes the code shorter. */
function totalWidth({ along }: TileFrame, width: number): number {
  return width > 1 ? width : [4, 2, 1].find((count) => along.each % count === 0)!;
}

/** The WGSL type of `width` neighbors. */
export function vectorType(dtype: DType, width: number): string {
  return width === 1 ? valueType[dtype] : `vec${width}<${valueType[dtype]}>`;
}

/** Calls `write` with the place of each of the thread's sums, where those of `width` neighbors along are one vector. */
function eachSum({ across, along }: TileFrame, width: number, write: (row: number, column: number) => void): void {
  for (let row = 0; row < across.each; row++) {
    for (let column = 0; column < along.each; column += width) write(row, column);
  }
}

/** The names of the thread's staged sums, each a vector of as many neighbors along as the workgroup memory has. */
export function sumNames(frame: TileFrame): string[] {
  const names: string[] = [];
  eachSum(frame, frame.along.neighbors, (row, column) => {
    names.push(sumName(row, column, frame.isInBlocks ? "total" : "sum"));
  });
  return names;
}

function declare(frame: TileFrame, width: number, kind: SumKind): void {
  const { emitter, reduction: { dtype } } = frame;
  const type = vectorType(dtype, width);
  const zero = width === 1 ? emitter.literal(dtype, 0) : `${type}()`;
  eachSum(frame, width, (row, column) => emitter.line(`var ${sumName(row, column, kind)}: ${type} = ${zero};`));
}

/** Declares the thread's sums, where those of `width` neighbors along are one vector. */
export function declareSums(frame: TileFrame, width = 1): void {
  if (frame.isInBlocks) declare(frame, totalWidth(frame, width), "total");
  else declare(frame, width, "sum");
}

/** Writes a block, whose products are added to sums of their own, and these to the sums of all blocks. */
export function sumBlock(frame: TileFrame, width: number, body: () => void): void {
  declare(frame, width, "sum");
  body();
  const together = totalWidth(frame, width);
  eachSum(frame, together, (row, column) => {
    const sums = Array.from({ length: together / width }, (_, i) => sumName(row, column + i * width));
    const text = sums.length === 1 ? sums[0] : `vec${together}(${sums.join(", ")})`;
    frame.emitter.line(`${sumName(row, column, "total")} += ${text};`);
  });
}

/** The values of a thread at one depth point. */
export interface TileValues {
  readonly across: readonly string[];
  /** Each value is a vector of as many neighbors as its sum. */
  readonly along: readonly string[];
}

/** Adds the products of values across and along to the thread's sums; each value along has `width` neighbors. */
export function addProducts(
  { emitter, reduction: { dtype } }: TileFrame,
  { across, along }: TileValues,
  width = 1,
): void {
  const type = vectorType(dtype, width);
  const zero = emitter.literal(dtype, 0);
  across.forEach((a, row) =>
    along.forEach((b, column) => {
      const sum = sumName(row, column * width);
      // Drivers take the product with a literal 0 for 0, also that of NaN or infinity.
      if (dtype === "f32" && (a === zero || b === zero)) {
        return emitter.line(`${sum} += ${emitter.use("times_zero")}(${a === zero ? b : a});`);
      }
      const factor = width === 1 || dtype !== "f32" ? a : `${type}(${a})`;
      emitter.line(dtype === "f32" ? `${sum} = fma(${factor}, ${b}, ${sum});` : `${sum} += ${factor} * ${b};`);
    })
  );
}
