/**
 * Indices that a device checks where it uses them.
 *
 * @module
 */

import { limitIndices } from "../index_limits.ts";
import { type IndexLimit, numberedCheck } from "../nest/index_checks.ts";
import type { Tensor } from "../tensor.ts";
import { converted } from "./converted.ts";

/**
 * Indices as i32, which are checked now if the host has them, otherwise in the kernels that use them. These record the
 * first index outside of the limit, which the next read reports.
 *
 * @throws {RangeError} for an index that is not from 0 to `size − 1`, if the host has it.
 */
export function checkedIndices(indices: Tensor, limit: IndexLimit): Tensor {
  const isKnown = limitIndices(indices.node, limit);
  const whole = converted(indices, "i32");
  return isKnown ? whole : whole.apply("checked", [], numberedCheck(limit, whole.shape));
}
