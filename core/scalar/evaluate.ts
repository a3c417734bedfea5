/**
 * The double-precision value of every scalar operation, the reference for all devices.
 *
 * @module
 */

import { roundTo } from "../dtype.ts";
import type { ScalarTypes } from "./facts.ts";
import { type ScalarOp, scalarOps } from "./operations.ts";

/** `op` of `operands`, as a value of type `to`. f32 stays in double precision. `from` is the first operand's type. */
export function evaluateScalar(op: ScalarOp, operands: readonly number[], types: ScalarTypes): number {
  return roundTo(types.to, scalarOps[op].evaluate(operands, types));
}
