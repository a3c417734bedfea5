/**
 * Schedules as rewriting: a nest's expressions, made anew in a table of the renderer's own with its loop counters
 * replaced by what the kernel knows, such as the number of the thread.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { Phase } from "../../nest/nest.ts";

/** What to put in the place of loop counters. */
export type Replacements = ReadonlyMap<Variable, Expression>;

/** Makes expressions of another table anew in its own, where equal ones become one object and are simplified. */
export class Rewriter {
  readonly table = new ExpressionTable();

  /** `expression` with variables replaced; others are taken over. `renumber` gives results new numbers. */
  expression(
    expression: Expression,
    replacements: Replacements,
    renumber: (id: number) => number = (id) => id,
  ): Expression {
    const done = new Map<Expression, Expression>();
    const go = (e: Expression): Expression => {
      const known = done.get(e);
      if (known) return known;
      const made = e.kind === "result"
        ? this.table.result(e.dtype, renumber(e.reduction))
        : this.#rebuild(e, go, replacements);
      done.set(e, made);
      return made;
    };
    return go(expression);
  }

  /** A phase with the variables of its values, indices and guards replaced. */
  phase(
    { inner, reductions, stores }: Phase,
    replacements: Replacements,
    renumber?: (id: number) => number,
  ): Phase {
    const go = (e: Expression): Expression => this.expression(e, replacements, renumber);
    return {
      inner,
      reductions: reductions.map((one) => ({ ...one, id: renumber?.(one.id) ?? one.id, value: go(one.value) })),
      stores: stores.map((store) => ({
        ...store,
        index: go(store.index),
        value: go(store.value),
        ...(store.guard ? { guard: go(store.guard) } : {}),
      })),
    };
  }

  /** `⌊index / divisor⌋` of an index that is not negative. */
  quotient(index: Expression, divisor: number): Expression {
    const common = this.#commonFactor(index, divisor);
    if (!common) return this.table.quotient(index, divisor);
    return this.table.quotient(common.multiple, divisor / common.factor);
  }

  /** `index mod divisor` of an index that is not negative. */
  remainder(index: Expression, divisor: number): Expression {
    const common = this.#commonFactor(index, divisor);
    if (!common) return this.table.remainder(index, divisor);
    const { factor, multiple, rest } = common;
    return this.table.affine([[this.table.remainder(multiple, divisor / factor), factor]], rest);
  }

  /** `index = factor · multiple + rest` where `factor` divides the divisor and `0 ≤ rest < factor`. */
  #commonFactor(index: Expression, divisor: number) {
    if (index.kind !== "affine") return undefined;
    const factor = index.terms.reduce((common, [, each]) => greatestCommonDivisor(common, Math.abs(each)), divisor);
    const rest = index.constant % factor;
    if (factor === 1 || rest < 0) return undefined;
    const parts = index.terms.map(([term, each]) => [term, each / factor] as const);
    return { factor, rest, multiple: this.table.affine(parts, (index.constant - rest) / factor) };
  }

  /** Row-major loop counters as functions of the number of the point among all their points. */
  unflatten(variables: readonly Variable[], point: Expression): Map<Variable, Expression> {
    const replacements = new Map<Variable, Expression>();
    let stride = 1;
    for (const [position, variable] of [...variables.entries()].reverse()) {
      const quotient = this.quotient(point, stride);
      const outermost = variables.slice(0, position).every(({ extent }) => extent === 1);
      replacements.set(variable, outermost ? quotient : this.remainder(quotient, Math.max(1, variable.extent)));
      stride *= Math.max(1, variable.extent);
    }
    return replacements;
  }

  /** The number of a point among all points of `variables`, row-major. */
  flatten(variables: readonly Variable[]): Expression {
    const parts: [Expression, number][] = [];
    let stride = 1;
    for (const variable of [...variables].reverse()) {
      parts.push([this.table.adopt(variable), stride]);
      stride *= variable.extent;
    }
    return this.table.affine(parts);
  }

  #rebuild(
    e: Exclude<Expression, { kind: "result" }>,
    go: (e: Expression) => Expression,
    replacements: Replacements,
  ): Expression {
    const { table } = this;
    switch (e.kind) {
      case "variable":
        return replacements.get(e) ?? table.adopt(e);
      case "literal":
        return table.literal(e.dtype, e.value);
      case "affine":
        return table.affine(e.terms.map(([term, factor]) => [go(term), factor] as const), e.constant);
      case "load":
        return table.load(e.dtype, e.slot, go(e.index), e.guard && go(e.guard));
      case "apply": {
        const args = e.args.map(go);
        const [index, divisor] = args;
        if (
          e.dtype === "i32" && divisor?.kind === "literal" && divisor.value > 0 && (table.range(index)?.[0] ?? -1) >= 0
        ) {
          if (e.op === "div") return this.quotient(index, divisor.value);
          if (e.op === "mod") return this.remainder(index, divisor.value);
        }
        return table.apply(e.op, e.dtype, args);
      }
    }
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
