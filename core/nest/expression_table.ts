/**
 * The one place where expressions are made: equal expressions become one object, index arithmetic is brought to its
 * normal form, and what is known from the ranges of loop counters is simplified away.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import type { Affine, Apply, Expression, Literal, Variable } from "./expression.ts";
import { type ScalarOp, scalarOps } from "./scalar_ops.ts";

/** The least and greatest value of an integer expression. */
type Range = readonly [number, number];

/** Makes expressions. Those from two tables must not be mixed. */
export class ExpressionTable {
  readonly #known = new Map<string, Expression>();
  readonly #ids = new Map<Expression, number>();
  readonly #ranges = new Map<Expression, Range | null>();

  /** A new loop counter, different from all others. */
  variable(name: string, extent: number): Variable {
    const variable: Variable = { kind: "variable", dtype: "i32", name: `${name}${this.#ids.size}`, extent };
    this.#ids.set(variable, this.#ids.size);
    return variable;
  }

  /** Takes in a loop counter made elsewhere. */
  adopt(variable: Variable): Variable {
    if (!this.#ids.has(variable)) this.#ids.set(variable, this.#ids.size);
    return variable;
  }

  literal(dtype: DType, value: number): Literal {
    const key = `literal ${dtype} ${Object.is(value, -0) ? "-0" : value}`;
    return this.#intern(key, () => ({ kind: "literal", dtype, value })) as Literal;
  }

  load(dtype: DType, slot: number, index: Expression, guard?: Expression): Expression {
    if (guard?.kind === "literal") return guard.value ? this.load(dtype, slot, index) : this.literal(dtype, 0);
    const key = `load ${dtype} ${slot} ${this.#id(index)} ${guard ? this.#id(guard) : ""}`;
    return this.#intern(
      key,
      () => guard ? { kind: "load", dtype, slot, index, guard } : { kind: "load", dtype, slot, index },
    );
  }

  result(dtype: DType, reduction: number): Expression {
    return this.#intern(`result ${dtype} ${reduction}`, () => ({ kind: "result", dtype, reduction }));
  }

  /** A scalar operation, simplified where its result is known beforehand. */
  apply(op: ScalarOp, dtype: DType, args: readonly Expression[]): Expression {
    return this.#fold(op, dtype, args) ??
      this.#intern(
        `${op} ${dtype} ${args.map((arg) => this.#id(arg)).join(" ")}`,
        (): Apply => ({ kind: "apply", dtype, op, args }),
      );
  }

  /** `Σ coefficient · expression + constant` of i32 expressions. */
  affine(parts: readonly (readonly [Expression, number])[], constant = 0): Expression {
    const sums = new Map<Expression, number>();
    let total = constant;
    const collect = (expression: Expression, factor: number): void => {
      if (expression.kind === "literal") total += factor * expression.value;
      else if (expression.kind === "affine") {
        total += factor * expression.constant;
        expression.terms.forEach(([term, coefficient]) => collect(term, factor * coefficient));
      } else sums.set(expression, (sums.get(expression) ?? 0) + factor);
    };
    parts.forEach(([expression, factor]) => collect(expression, factor));
    this.#joinDivisions(sums);
    const terms = [...sums].filter(([, coefficient]) => coefficient !== 0);
    terms.sort((a, b) => this.#id(a[0]) - this.#id(b[0]));
    if (terms.length === 0) return this.literal("i32", total);
    if (terms.length === 1 && terms[0][1] === 1 && total === 0) return terms[0][0];
    const key = `affine ${terms.map(([term, c]) => `${c}*${this.#id(term)}`).join(" ")} ${total}`;
    return this.#intern(key, (): Affine => ({ kind: "affine", dtype: "i32", terms, constant: total }));
  }

  /** `⌊index / divisor⌋` for a whole divisor; unspecified where the index is negative. */
  quotient(index: Expression, divisor: number): Expression {
    if (divisor === 1) return index;
    const { multiple, rest } = this.#split(index, divisor);
    const range = this.range(rest);
    if (range && range[0] >= 0 && range[1] < divisor) return multiple;
    if (multiple.kind !== "literal" && range && range[0] >= 0) {
      return this.affine([[multiple, 1], [this.quotient(rest, divisor), 1]]);
    }
    // ⌊⌊x / a⌋ / b⌋ = ⌊x / (a·b)⌋
    if (index.kind === "apply" && index.op === "div" && index.args[1].kind === "literal") {
      return this.quotient(index.args[0], index.args[1].value * divisor);
    }
    return this.apply("div", "i32", [index, this.literal("i32", divisor)]);
  }

  /** `index mod divisor` for a whole divisor; unspecified where the index is negative. */
  remainder(index: Expression, divisor: number): Expression {
    if (divisor === 1) return this.literal("i32", 0);
    const { rest, multiple } = this.#split(index, divisor);
    const range = this.range(rest);
    if (range && range[0] >= 0) {
      if (range[1] < divisor) return rest;
      if (multiple.kind !== "literal") return this.remainder(rest, divisor);
    }
    return this.apply("mod", "i32", [index, this.literal("i32", divisor)]);
  }

  /** True everywhere where both are. */
  both(a: Expression | undefined, b: Expression | undefined): Expression | undefined {
    if (!a || !b || a === b) return a ?? b;
    return this.apply("and", "bool", [a, b]);
  }

  /** `low ≤ index < high`. */
  within(index: Expression, low: number, high: number): Expression {
    return this.both(
      this.apply("le", "bool", [this.literal("i32", low), index]),
      this.apply("lt", "bool", [index, this.literal("i32", high)]),
    )!;
  }

  /** The values that an i32 expression can take, or null where they are not known to stay far from overflow. */
  range(expression: Expression): Range | null {
    const known = this.#ranges.get(expression);
    if (known !== undefined) return known;
    const range = this.#rangeOf(expression);
    this.#ranges.set(expression, range);
    return range;
  }

  /** The expression with variables replaced; what is not touched stays the same object. */
  substitute(expression: Expression, replacements: ReadonlyMap<Expression, Expression>): Expression {
    const done = new Map<Expression, Expression>();
    const go = (e: Expression): Expression => {
      const replaced = replacements.get(e) ?? done.get(e);
      if (replaced) return replaced;
      const made = this.rebuild(e, go);
      done.set(e, made);
      return made;
    };
    return go(expression);
  }

  /** `e` with `go` applied to what it is made of; `e` itself where that stays the same. */
  rebuild(e: Expression, go: (e: Expression) => Expression): Expression {
    switch (e.kind) {
      case "affine":
        return this.affine(e.terms.map(([term, c]) => [go(term), c] as const), e.constant);
      case "load":
        return this.load(e.dtype, e.slot, go(e.index), e.guard && go(e.guard));
      case "apply": {
        const args = e.args.map(go);
        if (e.dtype === "i32" && args[1]?.kind === "literal" && args[1].value > 0 && this.#isNatural(args[0])) {
          if (e.op === "div") return this.quotient(args[0], args[1].value);
          if (e.op === "mod") return this.remainder(args[0], args[1].value);
        }
        return this.apply(e.op, e.dtype, args);
      }
      default:
        return e;
    }
  }

  #isNatural(expression: Expression): boolean {
    const range = this.range(expression);
    return range !== null && range[0] >= 0;
  }

  #id(expression: Expression): number {
    const id = this.#ids.get(expression);
    if (id === undefined) throw new Error(`an expression of another table: ${expression.kind}`);
    return id;
  }

  #intern(key: string, make: () => Expression): Expression {
    let expression = this.#known.get(key);
    if (!expression) {
      expression = make();
      this.#known.set(key, expression);
      this.#ids.set(expression, this.#ids.size);
    }
    return expression;
  }

  /** c·d·⌊x/d⌋ + c·(x mod d) = c·x */
  #joinDivisions(sums: Map<Expression, number>): void {
    for (const [rest, factor] of [...sums]) {
      if (rest.kind !== "apply" || rest.op !== "mod" || rest.args[1].kind !== "literal") continue;
      const [dividend, divisor] = rest.args as [Expression, Literal];
      const multiple = this.quotient(dividend, divisor.value);
      if (multiple.kind !== "apply" || sums.get(multiple) !== factor * divisor.value) continue;
      sums.delete(rest);
      sums.delete(multiple);
      const { terms, constant } = dividend.kind === "affine"
        ? dividend
        : { terms: [[dividend, 1] as const], constant: 0 };
      const parts: (readonly [Expression, number])[] = constant
        ? [...terms, [this.literal("i32", 1), constant]]
        : [...terms];
      for (const [term, c] of parts) sums.set(term, (sums.get(term) ?? 0) + c * factor);
      return this.#joinDivisions(sums);
    }
  }

  /** `index = divisor · multiple + rest`. */
  #split(index: Expression, divisor: number): { multiple: Expression; rest: Expression } {
    const terms = index.kind === "affine" ? index.terms : index.kind === "literal" ? [] : [[index, 1] as const];
    const constant = index.kind === "affine" ? index.constant : index.kind === "literal" ? index.value : 0;
    const divisible = terms.filter(([, c]) => c % divisor === 0);
    const others = terms.filter(([, c]) => c % divisor !== 0);
    const whole = Math.floor(constant / divisor);
    return {
      multiple: this.affine(divisible.map(([term, c]) => [term, c / divisor] as const), whole),
      rest: this.affine(others, constant - whole * divisor),
    };
  }

  #rangeOf(e: Expression): Range | null {
    switch (e.kind) {
      case "literal":
        return [e.value, e.value];
      case "variable":
        return [0, Math.max(0, e.extent - 1)];
      case "affine": {
        let [low, high] = [e.constant, e.constant];
        for (const [term, c] of e.terms) {
          const range = this.range(term);
          if (!range) return null;
          low += Math.min(c * range[0], c * range[1]);
          high += Math.max(c * range[0], c * range[1]);
        }
        return low < -(2 ** 31) || high >= 2 ** 31 ? null : [low, high];
      }
      case "apply":
        return this.#rangeOfApply(e);
      default:
        return null;
    }
  }

  #rangeOfApply({ op, dtype, args }: Apply): Range | null {
    if (dtype === "bool") return [0, 1];
    if (dtype !== "i32") return null;
    const [a, b] = args.slice(-2).map((arg) => arg.dtype === "i32" ? this.range(arg) : null);
    if (op === "max" || op === "min") {
      const pick = op === "max" ? Math.max : Math.min;
      if (a && b) return [pick(a[0], b[0]), pick(a[1], b[1])];
      return null;
    }
    if (op === "where" && a && b) return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
    if (op === "div" && a && b && b[0] === b[1] && b[0] > 0) return [Math.trunc(a[0] / b[0]), Math.trunc(a[1] / b[0])];
    if (op === "mod" && b && b[0] === b[1] && b[0] > 0) return a && a[0] >= 0 ? [0, b[0] - 1] : [1 - b[0], b[0] - 1];
    return null;
  }

  #fold(op: ScalarOp, dtype: DType, args: readonly Expression[]): Expression | undefined {
    if (op === "cast" && args[0].dtype === dtype) return args[0];
    if (op === "where") {
      if (args[0].kind === "literal") return args[0].value ? args[1] : args[2];
      if (args[1] === args[2]) return args[1];
    }
    if (dtype !== "bool") return undefined;
    if (op === "and" || op === "or") {
      const stop = op === "and" ? 0 : 1;
      for (const [known, other] of [[args[0], args[1]], [args[1], args[0]]]) {
        if (known.kind === "literal") return (known.value ? 1 : 0) === stop ? known : other;
      }
      if (args[0] === args[1]) return args[0];
    }
    if (op === "not" && args[0].kind === "literal") return this.literal("bool", args[0].value ? 0 : 1);
    if (scalarOps[op].isComparison && args[0].dtype === "i32") return this.#foldComparison(op, args[0], args[1]);
    return undefined;
  }

  #foldComparison(op: ScalarOp, a: Expression, b: Expression): Expression | undefined {
    const bounded = this.range(a) && this.range(b);
    const difference = bounded && this.range(this.affine([[b, 1], [a, -1]]));
    if (!difference) return undefined;
    const [low, high] = difference;
    const known = (value: boolean) => this.literal("bool", value ? 1 : 0);
    if (op === "lt" && (low > 0 || high <= 0)) return known(low > 0);
    if (op === "le" && (low >= 0 || high < 0)) return known(low >= 0);
    if ((op === "eq" || op === "ne") && (low > 0 || high < 0)) return known(op === "ne");
    if ((op === "eq" || op === "ne") && low === 0 && high === 0) return known(op === "eq");
    return undefined;
  }
}
