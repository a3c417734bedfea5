/**
 * Accumulators of reductions: their locals, and the code that adds a value to one and joins two of them.
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
import type { Code } from "../encode/assembler.ts";
import type { Opcode } from "../encode/opcodes.ts";
import { operate } from "../encode/relaxed.ts";
import { selectLanes } from "../scalar/math.ts";
import { vectorOperations } from "../scalar/operations.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";

/** A reduction's state in lanes: its value, and for `argmax` and `argmin` the position of the extreme. */
export interface LaneAccumulator {
  readonly value: Local;
  readonly position?: Local;
  /** For the `max` and `min` of singles: all bits of a lane are set after a NaN, which `value` skips. */
  readonly unordered?: Local;
}

/** The lanes of a value to be accumulated, and their positions among the inner points. */
export interface LaneEntry {
  readonly into: LaneAccumulator;
  readonly value: Local;
  readonly position: Local;
}

/** Two accumulators of a reduction, of which `other` is joined to `into`. */
interface LaneJoin {
  readonly into: LaneAccumulator;
  readonly other: LaneAccumulator;
}

/** Single instructions that keep the first operand if the second is NaN. Those that propagate NaN compile to seven. */
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

/** A number in all lanes. Zeros of all types share one constant. */
function inAllLanes(m: CodeScope, dtype: DType, value: number): Local {
  if (dtype === "f32" && value !== 0) return m.f32(value);
  return m.i32x4(dtype === "bool" ? -value : value);
}

function set(m: CodeScope, local: Local, from: Local): void {
  m.code.statement((code) => code.get(from).set(local));
}

/** Adds a value to an accumulator. */
export function accumulateLanes(m: CodeScope, reduction: Reduction, { into, value, position }: LaneEntry): void {
  const { kind, dtype, value: { dtype: from } } = reduction;
  const rule = reductionKinds[kind];
  if (rule.gives === "position") {
    const better = isBetter(m, rule, { best: into.value, value, from });
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

/** The accumulators of one reduction. */
interface LaneStates {
  /** Those of vectors of successive points; the first one takes the result. */
  readonly states: readonly LaneAccumulator[];
  /** That of the points after the last vector, the same in all lanes. */
  readonly tail: LaneAccumulator;
}

/** Joins all accumulators and their four lanes in a fixed order, so that all lanes of the first one hold the result. */
export function joinAll(m: CodeScope, reduction: Reduction, { states, tail }: LaneStates): void {
  const rule = reductionKinds[reduction.kind];
  if (rule.gives === "position") return joinPositions(m, { rule, from: reduction.value.dtype }, [...states, tail]);
  const [into, ...others] = states;
  for (const other of others) joinAccumulators(m, reduction, { into, other });
  joinLanes(m, reduction, into);
  joinAccumulators(m, reduction, { into, other: tail });
}

/** Joins another accumulator to `into`, lane by lane. */
export function joinAccumulators(m: CodeScope, reduction: Reduction, { into, other }: LaneJoin): void {
  const { kind, dtype } = reduction;
  const rule = reductionKinds[kind];
  const pass = passes(reduction);
  if (pass) {
    set(m, into.value, m.op(pass, [into.value, other.value]));
    set(m, into.unordered!, m.op("v128.or", [into.unordered!, other.unordered!]));
  } else if (rule.gives === "value") {
    set(m, into.value, vectorOperations[rule.combine].write(m, [into.value, other.value], { to: dtype, from: dtype }));
  }
}

function joinLanes(m: CodeScope, reduction: Reduction, into: LaneAccumulator): void {
  for (const distance of [2, 1]) {
    const { value, unordered } = into;
    const other: LaneAccumulator = {
      value: swapped(m, value, distance),
      ...(unordered === undefined ? {} : { unordered: swapped(m, unordered, distance) }),
    };
    joinAccumulators(m, reduction, { into, other });
  }
}

/** Finds the extreme of all lanes of all accumulators, and then the first position of a lane that holds it. */
function joinPositions(
  m: CodeScope,
  { rule, from }: { readonly rule: PositionReduction; readonly from: DType },
  accumulators: readonly LaneAccumulator[],
): void {
  const types = { to: from, from };
  const values = accumulators.map(({ value }) => value);
  const extreme = overLanes(m, values, (pair) => vectorOperations[rule.extreme].write(m, pair, types));
  const positions = accumulators.map(({ value, position }) => {
    const equal = vectorOperations.eq.write(m, [value, extreme], types);
    // If any value is NaN, the extreme is NaN, which is equal to nothing.
    const found = from === "f32" ? m.op("v128.or", [equal, m.op("f32x4.ne", [value, value])]) : equal;
    return selectLanes(m, found, [position!, m.i32x4(LAST_POSITION)]);
  });
  set(m, accumulators[0].position!, overLanes(m, positions, (pair) => m.op("i32x4.min_s", pair)));
}

const LAST_POSITION = 2 ** 31 - 1;

/** All lanes of all vectors combined, in every lane. */
function overLanes(
  m: CodeScope,
  vectors: readonly Local[],
  combine: (pair: readonly [Local, Local]) => Local,
): Local {
  const all = vectors.reduce((a, b) => combine([a, b]));
  return [2, 1].reduce((vector, distance) => combine([vector, swapped(m, vector, distance)]), all);
}

/** Values in lanes to be compared, and their type. */
interface ComparedLanes {
  readonly best: Local;
  readonly value: Local;
  readonly from: DType;
}

/** The lanes in which `value` is better than `best`. Of singles, NaN is better than all numbers. */
function isBetter(m: CodeScope, { extreme }: PositionReduction, { best, value, from }: ComparedLanes): Local {
  const types = { to: "bool", from } as const;
  const [low, high] = extreme === "max" ? [best, value] : [value, best];
  if (from !== "f32") return vectorOperations.lt.write(m, [low, high], types);
  const better = m.local("v128");
  m.code.statement((code) => {
    operate(code, "f32x4.eq", { args: [best, best] });
    operate(code, "f32x4.le", { args: [high, low] }).op("v128.andnot").set(better);
  });
  return better;
}

/** The result of a reduction: its position for `argmax` and `argmin`, otherwise its value. */
export function reductionResult(m: CodeScope, { value, position, unordered }: LaneAccumulator): Local {
  return unordered === undefined ? position ?? value : m.op("v128.or", [value, unordered]);
}

/** Replaces the value and the position of the lanes in which the other ones are `better`. */
function replaceWhere(m: CodeScope, better: Local, { into, other }: LaneJoin): void {
  const replace = (old: Local, next: Local): Code =>
    m.code.statement((code) => operate(code, "i32x4.relaxed_laneselect", { args: [next, old, better] }).set(old));
  replace(into.value, other.value);
  replace(into.position!, other.position!);
}

/** The lanes, each exchanged with the one at `distance`. */
function swapped(m: CodeScope, local: Local, distance: number): Local {
  return m.op("i8x16.shuffle", [local, local], ...bytesOfLanes(...[0, 1, 2, 3].map((lane) => lane ^ distance)));
}
