/**
 * For tests: index expressions at random, beside what they are by plain arithmetic.
 *
 * @module
 */

import fc from "fast-check";
import { evaluateExpression } from "./evaluate.ts";
import type { Expression, Variable } from "./expression.ts";
import { ExpressionTable } from "./expression_table.ts";

/** The values of some loop counters. */
export type LoopPoint = ReadonlyMap<Variable, number>;

/** All points of some loops, the last one fastest. */
export function pointsIn(variables: readonly Variable[]): LoopPoint[] {
  return variables.reduce<LoopPoint[]>(
    (points, variable) =>
      points.flatMap((point) =>
        Array.from({ length: variable.extent }, (_, value) => new Map([...point, [variable, value]]))
      ),
    [new Map()],
  );
}

/** The value of an expression of loop counters. */
export function valueAt(expression: Expression, point: LoopPoint): number {
  const unknown = (): never => {
    throw new Error("not an expression of loop counters");
  };
  return evaluateExpression(expression, { variable: (one) => point.get(one)!, load: unknown, result: unknown });
}

/** A formula of whole numbers that are not negative. */
export type Formula =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "counter"; readonly loop: number }
  | { readonly kind: "sum"; readonly parts: readonly (readonly [Formula, number])[]; readonly constant: number }
  | { readonly kind: "quotient" | "remainder"; readonly of: Formula; readonly divisor: number };

const extents = [3, 4, 5];

const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constant("counter" as const), loop: fc.nat(extents.length - 1) }),
    fc.record({ kind: fc.constant("number" as const), value: fc.nat(7) }),
    fc.record({
      kind: fc.constant("sum" as const),
      parts: fc.array(fc.tuple(tie("formula"), fc.integer({ min: 1, max: 6 })), { maxLength: 3 }),
      constant: fc.nat(9),
    }),
    fc.record({
      kind: fc.constantFrom("quotient" as const, "remainder" as const),
      of: tie("formula"),
      divisor: fc.integer({ min: 1, max: 7 }),
    }),
  ),
}));

/** Any formula. */
export const formulas: fc.Arbitrary<Formula> = formula;

/** The value of a formula by plain arithmetic. */
export function plainValue(formula: Formula, counters: readonly number[]): number {
  switch (formula.kind) {
    case "number":
      return formula.value;
    case "counter":
      return counters[formula.loop];
    case "sum":
      return formula.parts.reduce((sum, [part, factor]) => sum + factor * plainValue(part, counters), formula.constant);
    case "quotient":
      return Math.floor(plainValue(formula.of, counters) / formula.divisor);
    case "remainder":
      return plainValue(formula.of, counters) % formula.divisor;
  }
}

/** A table with the loops that formulas are over. */
export class Loops {
  readonly table = new ExpressionTable();
  readonly variables: readonly Variable[] = extents.map((extent) => this.table.variable("i", extent));

  /** The formula as an expression of the table. */
  expression(formula: Formula): Expression {
    const { table } = this;
    switch (formula.kind) {
      case "number":
        return table.literal("i32", formula.value);
      case "counter":
        return this.variables[formula.loop];
      case "sum":
        return table.affine(
          formula.parts.map(([part, factor]) => [this.expression(part), factor]),
          formula.constant,
        );
      case "quotient":
        return table.quotient(this.expression(formula.of), formula.divisor);
      case "remainder":
        return table.remainder(this.expression(formula.of), formula.divisor);
    }
  }

  get points(): LoopPoint[] {
    return pointsIn(this.variables);
  }

  /** The counters of a point in the order of the loops. */
  counters(point: LoopPoint): number[] {
    return this.variables.map((variable) => point.get(variable)!);
  }
}
