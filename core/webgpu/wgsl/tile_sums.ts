/**
 * The sums that a thread of a tile keeps in registers.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import { valueType } from "./scalar_operations.ts";
import type { TileFrame } from "./tile_frame.ts";

/** The name of one of the thread's sums, or of the vector of sums of neighbors along. */
const sumName = (across: number, along: number): string => `sum_${across}_${along}`;

/** The text of one of the thread's sums. */
export function sumText({ along, schedule }: TileFrame, row: number, column: number): string {
  const width = schedule.staged > 0 ? along.neighbors : 1;
  const place = column % width;
  return width === 1 ? sumName(row, column) : `${sumName(row, column - place)}.${"xyzw"[place]}`;
}

/** The WGSL type of `width` neighbors. */
export function vectorType(dtype: DType, width: number): string {
  return width === 1 ? valueType[dtype] : `vec${width}<${valueType[dtype]}>`;
}

/** Declares the thread's sums, where those of `width` neighbors along are one vector. */
export function declareSums({ emitter, across, along, reduction: { dtype } }: TileFrame, width = 1): void {
  const type = vectorType(dtype, width);
  const zero = width === 1 ? emitter.literal(dtype, 0) : `${type}()`;
  for (let row = 0; row < across.each; row++) {
    for (let column = 0; column < along.each; column += width) {
      emitter.line(`var ${sumName(row, column)}: ${type} = ${zero};`);
    }
  }
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
