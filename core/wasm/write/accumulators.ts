/**
 * Accumulators of reductions: the locals that hold them, how a value enters, how two are joined.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import type { Reduction, ReductionKind } from "../../nest/nest.ts";
import {
  accumulatedType,
  identityOf,
  isPositional,
  type PositionReduction,
  reductionKinds,
} from "../../nest/reduction_kinds.ts";
import { bytesOfLanes } from "../encode/lanes.ts";
import type { Opcode } from "../encode/opcodes.ts";
import { selectLanes } from "../scalar/math.ts";
import { vectorOperations } from "../scalar/operations.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";

/** A reduction's state in lanes: its best or summed value, and for `argmax` and `argmin` the position of it. */
export interface LaneAccumulator {
  readonly value: Local;
  readonly position?: Local;
  /** For the `max` and `min` of singles: all bits of a lane are set once there was a NaN, which `value` passes over. */
  readonly unordered?: Local;
}

/** The lanes of a value that enters a reduction, and their places among the inner points. */
export interface LaneEntry {
  readonly into: LaneAccumulator;
  readonly value: Local;
  readonly position: Local;
}

/** Two accumulators of a reduction, of which one takes in the other. */
export interface LaneJoin {
  readonly into: LaneAccumulator;
  readonly other: LaneAccumulator;
}

/** One instruction each, which keeps the first operand where the second is NaN; instructions that propagate NaN take seven. */
const passing: Partial<Record<ReductionKind, Opcode>> = { max: "f32x4.pmax", min: "f32x4.pmin" };

const passes = ({ kind, dtype, value }: Reduction): Opcode | undefined =>
  dtype === "f32" && value.dtype === "f32" ? passing[kind] : undefined;

/** A new accumulator at its identity. */
export function startAccumulator(m: CodeScope, reduction: Reduction): LaneAccumulator {
  const begin = (from: Local): Local => {
    const local = m.local("v128");
    set(m, local, from);
    return local;
  };
  const dtype = accumulatedType(reduction);
  const value = begin(inAllLanes(m, dtype, identityOf(reduction.kind, dtype)));
  if (passes(reduction)) return { value, unordered: begin(m.i32x4(0)) };
  return isPositional(reduction.kind) ? { value, position: begin(m.i32x4(0)) } : { value };
}

/** A number in all lanes; zeros of all types are one constant. */
function inAllLanes(m: CodeScope, dtype: DType, value: number): Local {
  if (dtype === "f32" && value !== 0) return m.f32(value);
  return m.i32x4(dtype === "bool" ? -value : value);
}

function set(m: CodeScope, local: Local, from: Local): void {
  m.code.statement((code) => code.get(from).set(local));
}

/** Takes a value into an accumulator. */
export function accumulateLanes(m: CodeScope, reduction: Reduction, { into, value, position }: LaneEntry): void {
  const { kind, dtype, value: { dtype: from } } = reduction;
  const rule = reductionKinds[kind];
  if (rule.gives === "position") {
    const better = vectorOperations.lt.write(m, pairToCompare(rule, into.value, value), { to: "bool", from });
    return replaceWhere(m, better, { into, other: { value, position } });
  }
  const pass = passes(reduction);
  if (pass) {
    set(m, into.value, m.op(pass, [into.value, value]));
    set(m, into.unordered!, m.op("v128.or", [into.unordered!, m.op("f32x4.ne", [value, value])]));
    return;
  }
  const entering = from === dtype ? value : vectorOperations.cast.write(m, [value], { from, to: dtype });
  set(m, into.value, vectorOperations[rule.combine].write(m, [into.value, entering], { to: dtype, from: dtype }));
}

/** Takes another accumulator into `into`, lane by lane. */
export function joinAccumulators(m: CodeScope, reduction: Reduction, { into, other }: LaneJoin): void {
  const { kind, dtype, value: { dtype: from } } = reduction;
  const rule = reductionKinds[kind];
  if (rule.gives === "position") {
    const types = { to: "bool", from } as const;
    const pair = pairToCompare(rule, into.value, other.value);
    const beyond = vectorOperations.lt.write(m, pair, types);
    const equal = vectorOperations.eq.write(m, pair, types);
    const earlier = m.op("i32x4.lt_s", [other.position!, into.position!]);
    const better = m.op("v128.or", [beyond, m.op("v128.and", [equal, earlier])]);
    return replaceWhere(m, better, { into, other });
  }
  const pass = passes(reduction);
  if (pass) {
    set(m, into.value, m.op(pass, [into.value, other.value]));
    set(m, into.unordered!, m.op("v128.or", [into.unordered!, other.unordered!]));
    return;
  }
  set(m, into.value, vectorOperations[rule.combine].write(m, [into.value, other.value], { to: dtype, from: dtype }));
}

/** The pair of which `lt` says whether `value` is better than `best`. */
function pairToCompare({ extreme }: PositionReduction, best: Local, value: Local): readonly [Local, Local] {
  return extreme === "max" ? [best, value] : [value, best];
}

/** Joins the four lanes, in a fixed order; afterwards all lanes hold the result. */
export function joinLanes(m: CodeScope, reduction: Reduction, into: LaneAccumulator): void {
  for (const distance of [2, 1]) {
    const { value, position, unordered } = into;
    const other: LaneAccumulator = {
      value: swapped(m, value, distance),
      ...(position === undefined ? {} : { position: swapped(m, position, distance) }),
      ...(unordered === undefined ? {} : { unordered: swapped(m, unordered, distance) }),
    };
    joinAccumulators(m, reduction, { into, other });
  }
}

/** The result of a reduction: its position for `argmax` and `argmin`, else its value. */
export function reductionResult(m: CodeScope, { value, position, unordered }: LaneAccumulator): Local {
  return unordered === undefined ? position ?? value : m.op("v128.or", [value, unordered]);
}

/** Replaces the value and the position of those lanes in which another one is `better`. */
function replaceWhere(m: CodeScope, better: Local, { into, other }: LaneJoin): void {
  set(m, into.value, selectLanes(m, better, [other.value, into.value]));
  set(m, into.position!, selectLanes(m, better, [other.position!, into.position!]));
}

/** Every lane exchanged with the one `distance` away. */
function swapped(m: CodeScope, local: Local, distance: number): Local {
  return m.op("i8x16.shuffle", [local, local], ...bytesOfLanes(...[0, 1, 2, 3].map((lane) => lane ^ distance)));
}
