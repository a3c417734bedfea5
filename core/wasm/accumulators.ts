/**
 * Reductions in the making: the locals that hold them, how a value enters, how two are joined.
 *
 * @module
 */

import type { Reduction, ReductionKind } from "../compile/nest.ts";
import { extreme, unit, vectorOperations } from "./operations.ts";
import type { Local, Scope } from "./scope.ts";

/** A reduction's state: its best or summed value, and for `argmax` and `argmin` the position of it. */
export interface Accumulator {
  readonly value: Local;
  readonly position?: Local;
}

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
  const value = m.local("v128");
  m.code.get(identities[reduction.kind](m, reduction)).set(value);
  if (reduction.kind !== "argmax" && reduction.kind !== "argmin") return { value };
  const position = m.local("v128");
  m.code.get(m.i32x4(0)).set(position);
  return { value, position };
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
  const from = reduction.value.dtype;
  const entering = from === dtype ? value : vectorOperations.cast(m, [value], { from, to: dtype });
  const joined = vectorOperations[combine[kind]](m, [into.value, entering], { to: dtype, from: dtype });
  m.code.get(joined).set(into.value);
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
  const joined = vectorOperations[combine[kind]](m, [into.value, other.value], { to: dtype, from: dtype });
  m.code.get(joined).set(into.value);
}

/** Joins the four lanes, in a fixed order; afterwards all lanes hold the result. */
export function joinLanes(m: Scope, reduction: Reduction, accumulator: Accumulator): void {
  for (const distance of [2, 1]) {
    const moved = (local: Local): Local => swapped(m, local, distance);
    join(m, reduction, accumulator, {
      value: moved(accumulator.value),
      ...(accumulator.position === undefined ? {} : { position: moved(accumulator.position) }),
    });
  }
}

/** The result of a reduction: its position for `argmax` and `argmin`, else its value. */
export function resultOf({ value, position }: Accumulator): Local {
  return position ?? value;
}

function replace(m: Scope, into: Accumulator, better: Local, value: Local, position: Local): void {
  m.code.get(value).get(into.value).get(better).op("v128.bitselect").set(into.value);
  m.code.get(position).get(into.position!).get(better).op("v128.bitselect").set(into.position!);
}

/** Every lane exchanged with the one `distance` away. */
function swapped(m: Scope, local: Local, distance: number): Local {
  const bytes = Array.from({ length: 16 }, (_, byte) => byte ^ (4 * distance));
  return m.op("i8x16.shuffle", [local, local], ...bytes);
}
