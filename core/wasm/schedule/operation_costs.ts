/**
 * What scalar operations cost in WebAssembly.
 *
 * @module
 */

import type { ScalarOp } from "../../nest/scalar_ops.ts";

/** Rough costs in cycles, for four lanes at once. */
const cycles: Record<ScalarOp, number> = {
  neg: 1,
  abs: 1,
  sign: 1,
  exp: 10,
  log: 15,
  sqrt: 4,
  sin: 20,
  cos: 20,
  tanh: 15,
  sigmoid: 15,
  erf: 25,
  floor: 1,
  not: 1,
  cast: 1,
  bitcast: 1,
  add: 1,
  sub: 1,
  mul: 1,
  div: 4,
  mod: 8,
  max: 1,
  min: 1,
  pow: 40,
  lt: 1,
  le: 1,
  eq: 1,
  ne: 1,
  and: 1,
  or: 1,
  xor: 1,
  shl: 1,
  shr: 1,
  where: 1,
  threefry: 100,
};

/** From here on an operation takes as long as many loads. */
const COSTLY = 10;

/** Cycles for four lanes. */
export function cyclesOf(op: ScalarOp): number {
  return cycles[op];
}

/** True for operations that take as long as many loads. */
export function isCostly(op: ScalarOp): boolean {
  return cycles[op] >= COSTLY;
}
