/**
 * Indices that a device checks where it uses them.
 *
 * @module
 */

import { isFloat } from "../dtype.ts";
import { showType } from "../graph/node.ts";
import { limitIndices } from "../index_limits.ts";
import { NOT_WHOLE } from "../nest/index_checks.ts";
import { type IndexLimit, numberedCheck } from "../nest/numbered_checks.ts";
import type { Tensor } from "../tensor.ts";
import { converted } from "./converted.ts";

/**
 * Indices as i32, which are checked now if the host has them, otherwise in the kernels that use them. These record the
 * first index outside of the limit, which the next read reports.
 *
 * @throws {TypeError} for indices that are bool.
 * @throws {RangeError} for an index that is not a whole number from 0 to `size − 1`, if the host has it.
 */
export function checkedIndices(indices: Tensor, limit: IndexLimit): Tensor {
  if (indices.dtype === "bool") {
    throw new TypeError(
      `Cannot ${limit.action}: expected whole numbers, got ${showType(indices)}; if 0 and 1 are meant, cast it to i32`,
    );
  }
  const isKnown = limitIndices(indices.node, limit);
  const whole = converted(indices, "i32");
  if (isKnown) return whole;
  const index = isFloat(indices.dtype) ? indices.equal(indices.floor()).where(whole, NOT_WHOLE) : whole;
  return index.apply("checked", [], numberedCheck(limit, whole.shape));
}
