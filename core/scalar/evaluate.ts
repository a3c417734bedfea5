/**
 * The double-precision value of every scalar operation, the reference for all devices.
 *
 * @module
 */

import { roundTo } from "../dtype.ts";
import type { ScalarTypes } from "./facts.ts";
import { type ScalarOp, scalarOps } from "./operations.ts";

/** The function that gives the value of an operation, as a value of type `types.to`. f32 stays in double precision. */
export function scalarFunction(op: ScalarOp, types: ScalarTypes): (operands: readonly number[]) => number {
  const { evaluate } = scalarOps[op];
  const { to } = types;
  if (to === "f32") return (operands) => evaluate(operands, types);
  return (operands) => roundTo(to, evaluate(operands, types));
}

/** `op` of `operands`, as a value of type `to`. `from` is the first operand's type. */
export function evaluateScalar(op: ScalarOp, operands: readonly number[], types: ScalarTypes): number {
  return scalarFunction(op, types)(operands);
}
