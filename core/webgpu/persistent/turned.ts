/**
 * Matrices that are turned before a loop.
 *
 * In a product with a transposed matrix, as in the gradient of one, neighboring threads would read elements that are far
 * apart, in every turn. So a kernel before the loop copies the matrix, and neighbors read neighbors.
 *
 * @module
 */

import { dependsOn, loadsIn, type Variable } from "../../nest/expression.ts";
import { type Nest, pointsOf, type Slot } from "../../nest/nest.ts";
import { pointNumber } from "../../nest/row_major.ts";
import { distanceAlong } from "../../nest/strides.ts";
import type { SliceProduct } from "./product.ts";
import type { SharedLoop } from "./shared_slots.ts";

/** A matrix that is copied before a loop. */
export interface TurnedMatrix {
  /** The nest that copies it from its first slot to its second one. */
  readonly nest: Nest;
  /** The slot of the loop that it is copied from. */
  readonly source: number;
  /** The product, which reads the copy from the slot with the given number. */
  readonly reading: (slot: number) => SliceProduct;
  readonly copy: Slot;
}

/** The matrix of a product if it should be turned: neighbors along depth are closer in memory than those of columns. */
export function turnedMatrix({ table, slots, counter }: SharedLoop, product: SliceProduct): TurnedMatrix | undefined {
  const { nest, matrix, columns, depth } = product;
  if (matrix.kind !== "load" || slots[matrix.slot].access !== "read") return undefined;
  const isNear = distanceAlong(matrix.index, depth.at(-1)) < distanceAlong(matrix.index, columns.at(-1));
  const isConstant = [counter, ...nest.counters].every((one) => !dependsOn(matrix, one)) &&
    loadsIn([matrix]).length === 1;
  if (!isNear || !isConstant) return undefined;
  const loops: readonly Variable[] = [...depth, ...columns];
  const index = pointNumber(table, loops);
  const { dtype } = matrix;
  const copy: Slot = { dtype, elements: pointsOf(loops), access: "write" };
  const value = table.load(dtype, 0, matrix.index, matrix);
  return {
    nest: {
      name: `${nest.name}, turned`,
      slots: [slots[matrix.slot], copy],
      counters: [],
      outer: loops,
      phases: [{ inner: [], reductions: [], stores: [{ slot: 1, index, value }] }],
    },
    source: matrix.slot,
    reading: (slot) => ({ ...product, matrix: table.load(dtype, slot, index) }),
    copy: { ...copy, access: "read" },
  };
}
