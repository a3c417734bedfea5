/**
 * Reductions in the making: the locals that hold them, how a value enters, how two are joined.
 *
 * @module
 */

import type { Reduction, ReductionKind } from "../../nest/nest.ts";
import { choose } from "./math.ts";
import type { Opcode } from "../encode/opcodes.ts";
import { extreme, unit, vectorOperations } from "./operations.ts";
import type { Local, Scope } from "./scope.ts";

/** A reduction's state: its best or summed value, and for `argmax` and `argmin` the position of it. */
export interface Accumulator {
  readonly value: Local;
  readonly position?: Local;
  /** For the `max` and `min` of singles: all bits of a lane are set once there was a NaN, which `value` passes over. */
  readonly unordered?: Local;
}

/** One instruction each, which keeps the first where the second is a NaN; those that hand NaN on take seven. */
const passing: Partial<Record<ReductionKind, Opcode>> = { max: "f32x4.pmax", min: "f32x4.pmin" };

const passes = ({ kind, dtype, value }: Reduction): Opcode | undefined =>
  dtype === "f32" && value.dtype === "f32" ? passing[kind] : undefined;

const combine: Record<Exclude<ReductionKind, "argmax" | "argmin">, "add" | "mul" | "max" | "min"> = {
  sum: "add",
  prod: "mul",
  max: "max",
  min: "min",
};

const identities: Record<ReductionKind, (m: Scope, reduction: Reduction) => Local> = {
  sum: (m) => m.i32x4(0),
  prod: (m, { dtype }) => unit(m, dtype),
  max: (m, { dtype }) => extreme(m, dtype, false),
  min: (m, { dtype }) => extreme(m, dtype, true),
  argmax: (m, { value }) => extreme(m, value.dtype, false),
  argmin: (m, { value }) => extreme(m, value.dtype, true),
};

/** A new accumulator at its identity. */
export function start(m: Scope, reduction: Reduction): Accumulator {
  const begin = (from: Local): Local => {
    const local = m.local("v128");
    set(m, local, from);
    return local;
  };
  const value = begin(identities[reduction.kind](m, reduction));
  if (passes(reduction)) return { value, unordered: begin(m.i32x4(0)) };
  return reduction.kind === "argmax" || reduction.kind === "argmin"
    ? { value, position: begin(m.i32x4(0)) }
    : { value };
}

function set(m: Scope, local: Local, from: Local): void {
  m.code.statement((code) => code.get(from).set(local));
}

/** Takes in the lanes of `value`; `position` are their places among the inner points. */
export function accumulate(m: Scope, reduction: Reduction, into: Accumulator, value: Local, position: Local): void {
  const { kind, dtype } = reduction;
  if (kind === "argmax" || kind === "argmin") {
    const from = reduction.value.dtype;
    const pair = kind === "argmax" ? [into.value, value] : [value, into.value];
    const better = vectorOperations.lt(m, pair, { to: "bool", from });
    replace(m, into, better, value, position);
    return;
  }
  const pass = passes(reduction);
  if (pass) {
    set(m, into.value, m.op(pass, [into.value, value]));
    set(m, into.unordered!, m.op("v128.or", [into.unordered!, m.op("f32x4.ne", [value, value])]));
    return;
  }
  const from = reduction.value.dtype;
  const entering = from === dtype ? value : vectorOperations.cast(m, [value], { from, to: dtype });
  const joined = vectorOperations[combine[kind]](m, [into.value, entering], { to: dtype, from: dtype });
  set(m, into.value, joined);
}

/** Takes another accumulator into `into`, lane by lane. */
export function join(m: Scope, reduction: Reduction, into: Accumulator, other: Accumulator): void {
  const { kind, dtype } = reduction;
  if (kind === "argmax" || kind === "argmin") {
    const types = { to: "bool", from: reduction.value.dtype } as const;
    const pair = kind === "argmax" ? [into.value, other.value] : [other.value, into.value];
    const beyond = vectorOperations.lt(m, pair, types);
    const equal = vectorOperations.eq(m, pair, types);
    const earlier = m.op("i32x4.lt_s", [other.position!, into.position!]);
    const better = m.op("v128.or", [beyond, m.op("v128.and", [equal, earlier])]);
    replace(m, into, better, other.value, other.position!);
    return;
  }
  const pass = passes(reduction);
  if (pass) {
    set(m, into.value, m.op(pass, [into.value, other.value]));
    set(m, into.unordered!, m.op("v128.or", [into.unordered!, other.unordered!]));
    return;
  }
  const joined = vectorOperations[combine[kind]](m, [into.value, other.value], { to: dtype, from: dtype });
  set(m, into.value, joined);
}

/** Joins the four lanes, in a fixed order; afterwards all lanes hold the result. */
export function joinLanes(m: Scope, reduction: Reduction, accumulator: Accumulator): void {
  for (const distance of [2, 1]) {
    const { value, position, unordered } = accumulator;
    join(m, reduction, accumulator, {
      value: swapped(m, value, distance),
      ...(position === undefined ? {} : { position: swapped(m, position, distance) }),
      ...(unordered === undefined ? {} : { unordered: swapped(m, unordered, distance) }),
    });
  }
}

/** The result of a reduction: its position for `argmax` and `argmin`, else its value. */
export function resultOf(m: Scope, { value, position, unordered }: Accumulator): Local {
  return unordered === undefined ? position ?? value : m.op("v128.or", [value, unordered]);
}

function replace(m: Scope, into: Accumulator, better: Local, value: Local, position: Local): void {
  set(m, into.value, choose(m, better, value, into.value));
  set(m, into.position!, choose(m, better, position, into.position!));
}

/** Every lane exchanged with the one `distance` away. */
function swapped(m: Scope, local: Local, distance: number): Local {
  const bytes = Array.from({ length: 16 }, (_, byte) => byte ^ (4 * distance));
  return m.op("i8x16.shuffle", [local, local], ...bytes);
}
