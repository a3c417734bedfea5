/**
 * Reductions in WGSL: accumulators, and the code that adds a value to one and joins two of them.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import type { Expression } from "../../nest/expression.ts";
import type { Reduction } from "../../nest/nest.ts";
import {
  accumulatedType,
  identityOf,
  isPositional,
  type PositionReduction,
  reductionKinds,
  type ValueReduction,
} from "../../nest/reduction_kinds.ts";
import { sumBlocks, sumsSingles } from "../../nest/sum_blocks.ts";
import type { Emitter } from "./emitter.ts";
import { scalarText, valueType } from "./scalar_operations.ts";

/** The variables that hold a reduction while it runs. */
export interface WgslAccumulator {
  readonly reduction: Reduction;
  /** The sum, product or extreme value. */
  readonly value: string;
  /** Its position, for `argmax` and `argmin`. */
  readonly position?: string;
}

/** The comparison of a better value with the best one so far: the operator of integers, and the function of floats. */
const better = {
  max: { operator: ">", float: "above" },
  min: { operator: "<", float: "below" },
} as const;

/** Declares a reduction's variables. */
function declareAccumulator(emitter: Emitter, reduction: Reduction): WgslAccumulator {
  const dtype = accumulatedType(reduction);
  const value = emitter.name("r");
  emitter.line(`var ${value}: ${valueType[dtype]} = ${emitter.literal(dtype, identityOf(reduction.kind, dtype))};`);
  if (!isPositional(reduction.kind)) return { reduction, value };
  const position = emitter.name("p");
  emitter.line(`var ${position}: i32 = 0;`);
  return { reduction, value, position };
}

/** The accumulators to which a phase adds its values. */
export class Accumulators {
  #current: readonly WgslAccumulator[];

  constructor(readonly emitter: Emitter, reductions: readonly Reduction[]) {
    this.#current = reductions.map((one) => declareAccumulator(emitter, one));
  }

  get current(): readonly WgslAccumulator[] {
    return this.#current;
  }

  /** The lengths of the blocks in which loops that run `turns` times each add many singles. */
  blocksOf(turns: readonly number[]): number[][] {
    return this.#current.some(({ reduction }) => sumsSingles(reduction)) ? sumBlocks(turns) : turns.map(() => []);
  }

  /** Writes a block, whose singles are added to sums of their own, and these to the sums of what is around it. */
  readonly block = (body: () => void): void => {
    const { emitter } = this;
    const around = this.#current;
    this.#current = around.map((one) => sumsSingles(one.reduction) ? declareAccumulator(emitter, one.reduction) : one);
    body();
    this.#current.forEach(({ value }, i) => {
      if (value !== around[i].value) emitter.line(`${around[i].value} += ${value};`);
    });
    this.#current = around;
  };
}

/** The name of the variable that holds a finished reduction. */
export function resultName({ value, position }: WgslAccumulator): string {
  return position ?? value;
}

/** Two values to be compared, and their type. */
export interface ComparedValues {
  readonly best: string;
  readonly value: string;
  readonly dtype: DType;
}

/** The condition that `value` is better than `best`. NaN is better than all numbers. */
export function betterText(
  { use }: Emitter,
  { extreme }: PositionReduction,
  { best, value, dtype }: ComparedValues,
): string {
  const { operator, float } = better[extreme];
  return dtype === "f32" ? `${use(float)}(${value}, ${best})` : `${value} ${operator} ${best}`;
}

/** Two values of type `dtype` combined by a reduction; `literal` is the second value if it is known. */
export function combinedText(
  { use }: Emitter,
  { combine }: ValueReduction,
  { values: [a, b], dtype, literal }: CombinedValues,
): string {
  return scalarText(combine, [{ text: a, dtype }, { text: b, dtype, literal }], { use, dtype });
}

/** Two values to be combined, and their type. */
interface CombinedValues {
  readonly values: readonly [string, string];
  readonly dtype: DType;
  readonly literal?: number | undefined;
}

/** Adds the reduction's value at the current inner point, whose number is `position`, to the accumulator. */
export function writeAccumulation(
  emitter: Emitter,
  accumulator: WgslAccumulator,
  position: Expression | undefined,
): void {
  const { reduction, value } = accumulator;
  const { kind, value: expression, dtype } = reduction;
  const rule = reductionKinds[kind];
  if (rule.gives === "position") {
    const now = emitter.value(expression);
    const at = emitter.value(position!);
    const replaces = betterText(emitter, rule, { best: value, value: now, dtype: expression.dtype });
    emitter.line(`if (${replaces}) { ${value} = ${now}; ${resultName(accumulator)} = ${at}; }`);
  } else if (isSumOfProducts(reduction) && expression.kind === "apply") {
    const [a, b] = expression.args.map((arg) => emitter.value(arg));
    emitter.line(`${value} = fma(${a}, ${b}, ${value});`);
  } else {
    const literal = expression.kind === "literal" ? expression.value : undefined;
    const values = [value, emitter.value(expression)] as const;
    emitter.line(`${value} = ${combinedText(emitter, rule, { values, dtype, literal })};`);
  }
}

function isSumOfProducts({ kind, dtype, value }: Reduction): boolean {
  return kind === "sum" && dtype === "f32" && value.kind === "apply" && value.op === "mul" &&
    !value.args.some((arg) => arg.kind === "literal" && arg.value === 0);
}
