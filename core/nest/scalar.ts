/**
 * The value of every scalar operation in double precision: what all devices are measured against.
 *
 * @module
 */

import { roundTo } from "../dtype.ts";
import { factsOf, type ScalarOp, type ScalarTypes } from "./scalar_ops.ts";

/** `op` of `operands`, as a value of type `to`; f32 stays in double precision. `from` is the first operand's type. */
export function evaluateScalar(op: ScalarOp, operands: readonly number[], types: ScalarTypes): number {
  return roundTo(types.to, factsOf(op).evaluate(operands, types));
}
