/**
 * Reductions in WGSL: accumulators, how a value is taken in, and how two accumulators become one.
 *
 * @module
 */

import type { Expression } from "../../nest/expression.ts";
import type { Reduction } from "../../nest/nest.ts";
import { accumulatedType, combination, identityOf, isPositional, type PositionalKind } from "../../nest/reductions.ts";
import type { Emitter } from "./emitter.ts";
import { scalarText, valueType } from "./scalar.ts";

/** The variables that hold a reduction while it runs. */
export interface WgslAccumulator {
  readonly reduction: Reduction;
  /** The sum, product or extreme value. */
  readonly value: string;
  /** Its position, for `argmax` and `argmin`. */
  readonly position?: string;
}

/** By what a better value differs from the best one before. */
const better: Record<PositionalKind, ">" | "<"> = { argmax: ">", argmin: "<" };

/** Declares a reduction's variables. */
export function declareAccumulator(emitter: Emitter, reduction: Reduction): WgslAccumulator {
  const dtype = accumulatedType(reduction);
  const value = emitter.name("r");
  emitter.line(`var ${value}: ${valueType[dtype]} = ${emitter.literal(dtype, identityOf(reduction.kind, dtype))};`);
  if (!isPositional(reduction.kind)) return { reduction, value };
  const position = emitter.name("p");
  emitter.line(`var ${position}: i32 = 0;`);
  return { reduction, value, position };
}

/** The name of the variable that holds a finished reduction. */
export function resultName({ value, position }: WgslAccumulator): string {
  return position ?? value;
}

/** A condition: whether a positional reduction takes `value` for better than `best`. */
export function betterText(kind: PositionalKind, best: string, value: string): string {
  return `${value} ${better[kind]} ${best}`;
}

/** Two values combined by a reduction that gives no position. */
export function combinedText(emitter: Emitter, reduction: Reduction, values: readonly [string, string]): string {
  const dtype = accumulatedType(reduction);
  return scalarText(combination[reduction.kind], values.map((text) => ({ text, dtype })), { use: emitter.use, dtype });
}

/** Takes the reduction's value at the current inner point in; `position` is the number of that point. */
export function writeAccumulation(
  emitter: Emitter,
  accumulator: WgslAccumulator,
  position: Expression | undefined,
): void {
  const { reduction, value } = accumulator;
  const { kind, value: expression } = reduction;
  if (isPositional(kind)) {
    const now = emitter.value(expression);
    const at = emitter.value(position!);
    emitter.line(
      `if (${betterText(kind, value, now)}) { ${value} = ${now}; ${resultName(accumulator)} = ${at}; }`,
    );
  } else if (isSumOfProducts(reduction) && expression.kind === "apply") {
    const [a, b] = expression.args.map((arg) => emitter.value(arg));
    emitter.line(`${value} = fma(${a}, ${b}, ${value});`);
  } else {
    emitter.line(`${value} = ${combinedText(emitter, reduction, [value, emitter.value(expression)])};`);
  }
}

function isSumOfProducts({ kind, dtype, value }: Reduction): boolean {
  return kind === "sum" && dtype === "f32" && value.kind === "apply" && value.op === "mul";
}
