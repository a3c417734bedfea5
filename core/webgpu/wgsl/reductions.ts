/**
 * Reductions in WGSL: accumulators, how a value is taken in, and how two accumulators become one.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import type { Expression } from "../../nest/expression.ts";
import type { Reduction, ReductionKind } from "../../nest/nest.ts";
import type { Emitter } from "./emitter.ts";
import { valueType } from "./scalar.ts";

/** The variables that hold a reduction while it runs. */
export interface Accumulator {
  readonly reduction: Reduction;
  /** The sum, product or extreme value. */
  readonly value: string;
  /** Its position, for `argmax` and `argmin`. */
  readonly position?: string;
}

const least: Record<DType, number> = { f32: -Infinity, i32: -(2 ** 31), u32: 0, bool: 0 };
const greatest: Record<DType, number> = { f32: Infinity, i32: 2 ** 31 - 1, u32: 2 ** 32 - 1, bool: 1 };

/** The value that changes nothing. */
export function identityOf(kind: ReductionKind, dtype: DType): number {
  switch (kind) {
    case "sum":
      return 0;
    case "prod":
      return 1;
    case "max":
    case "argmax":
      return least[dtype];
    case "min":
    case "argmin":
      return greatest[dtype];
  }
}

/** True for the reductions that give a position. */
export function isPositional(kind: ReductionKind): boolean {
  return kind === "argmax" || kind === "argmin";
}

/** The element type in which a reduction accumulates. */
export function accumulatedType({ kind, value, dtype }: Reduction): DType {
  return isPositional(kind) ? value.dtype : dtype;
}

/** Declares a reduction's variables. */
export function declareAccumulator(emitter: Emitter, reduction: Reduction): Accumulator {
  const dtype = accumulatedType(reduction);
  const value = emitter.name("r");
  emitter.line(`var ${value}: ${valueType[dtype]} = ${emitter.literal(dtype, identityOf(reduction.kind, dtype))};`);
  if (!isPositional(reduction.kind)) return { reduction, value };
  const position = emitter.name("p");
  emitter.line(`var ${position}: i32 = 0;`);
  return { reduction, value, position };
}

/** The name of the variable that holds a finished reduction. */
export function resultName({ value, position }: Accumulator): string {
  return position ?? value;
}

/** `a` and `b` combined by a reduction that gives no position. */
export function combinedText(emitter: Emitter, kind: ReductionKind, dtype: DType, a: string, b: string): string {
  if (dtype === "bool") return `${a} ${kind === "prod" || kind === "min" ? "&&" : "||"} ${b}`;
  if (kind === "sum" || kind === "prod") return `${a} ${kind === "sum" ? "+" : "*"} ${b}`;
  const name = kind === "max" ? "max" : "min";
  return `${dtype === "f32" ? emitter.use(name === "max" ? "maximum" : "minimum") : name}(${a}, ${b})`;
}

/** Takes the reduction's value at the current inner point in; `position` is the number of that point. */
export function accumulate(emitter: Emitter, accumulator: Accumulator, position: Expression | undefined): void {
  const { reduction, value } = accumulator;
  const { kind, value: expression } = reduction;
  if (accumulator.position !== undefined) {
    const now = emitter.value(expression);
    const at = emitter.value(position!);
    const better = `${now} ${kind === "argmax" ? ">" : "<"} ${value}`;
    emitter.line(`if (${better}) { ${value} = ${now}; ${accumulator.position} = ${at}; }`);
    return;
  }
  const dtype = accumulatedType(reduction);
  if (kind === "sum" && dtype === "f32" && expression.kind === "apply" && expression.op === "mul") {
    const [a, b] = expression.args.map((arg) => emitter.value(arg));
    emitter.line(`${value} = fma(${a}, ${b}, ${value});`);
  } else {
    emitter.line(`${value} = ${combinedText(emitter, kind, dtype, value, emitter.value(expression))};`);
  }
}
