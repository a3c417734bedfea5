/**
 * The one place where expressions are made. Equal expressions become one object, index arithmetic is brought to its
 * normal form, and expressions are simplified by the ranges of loop counters.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import * as division from "./division.ts";
import { type Checked, children, type Expression, type Literal, type Result, type Variable } from "./expression.ts";
import { folded } from "./folding.ts";
import { type Range, rangeOf } from "./ranges.ts";
import type { ScalarOp } from "../scalar/operations.ts";

/** Rebuilds an expression with some of its parts replaced. */
export type Substitution = (expression: Expression) => Expression;

/** What a substitution changes in addition to the expressions that it replaces. */
export interface SubstitutionOptions {
  /** The new number of a reduction's result. */
  readonly renumber?: ((reduction: number) => number) | undefined;
}

const sameNumber = (reduction: number): number => reduction;

/** Makes expressions. Those of another table must be adopted before they are combined with this one's. */
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

  literal(dtype: DType, value: number): Literal {
    return this.#intern({ kind: "literal", dtype, value });
  }

  /** The element at `index` of a slot; 0 if `guard` is present and false. */
  load(dtype: DType, slot: number, index: Expression, { guard }: { guard?: Expression | undefined } = {}): Expression {
    if (guard?.kind === "literal") return guard.value ? this.load(dtype, slot, index) : this.literal(dtype, 0);
    return this.#intern({ kind: "load", dtype, slot, index, ...(guard ? { guard } : {}) });
  }

  result(dtype: DType, reduction: number): Expression {
    return this.#intern({ kind: "result", dtype, reduction });
  }

  /** An index that the device checks, unless it is known to be within the limit. */
  checked(index: Expression, { position, number, size }: Pick<Checked, "position" | "number" | "size">): Expression {
    const range = this.range(index);
    if (range && range[0] >= 0 && range[1] < size) return index;
    return this.#intern({ kind: "checked", dtype: "i32", index, position, number, size });
  }

  /** A scalar operation, simplified if its result is already known. */
  apply(op: ScalarOp, dtype: DType, args: readonly Expression[]): Expression {
    return folded(this, op, { dtype, args }) ?? this.#intern({ kind: "apply", dtype, op, args });
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
    division.joinDivisions(this, sums);
    const terms = [...sums].filter(([, coefficient]) => coefficient !== 0);
    if (terms.length === 0) return this.literal("i32", total);
    if (terms.length === 1 && terms[0][1] === 1 && total === 0) return terms[0][0];
    return this.#intern({ kind: "affine", dtype: "i32", terms: this.#sorted(terms), constant: total });
  }

  /** `⌊index / divisor⌋` for a whole divisor; unspecified if the index is negative. */
  quotient(index: Expression, divisor: number): Expression {
    return division.quotient(this, index, divisor);
  }

  /** `index mod divisor` for a whole divisor; unspecified if the index is negative. */
  remainder(index: Expression, divisor: number): Expression {
    return division.remainder(this, index, divisor);
  }

  /** The conjunction of two conditions; an absent one always holds. */
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

  /** The values that an i32 expression can take; null if they are not known or may overflow. */
  range(expression: Expression): Range | null {
    const known = this.#ranges.get(expression);
    if (known !== undefined) return known;
    const range = rangeOf(expression, (part) => this.range(part));
    this.#ranges.set(expression, range);
    return range;
  }

  /** The expression of this table that is equal to one of another table, which is added with its parts if it is new. */
  adopt(expression: Expression): Expression {
    return this.substitution(new Map())(expression);
  }

  /** An expression of any table with parts replaced. Unaffected parts stay the same objects where possible. */
  substitute(expression: Expression, replacements: ReadonlyMap<Expression, Expression>): Expression {
    return this.substitution(replacements)(expression);
  }

  /** As {@linkcode substitute}, for several expressions that have parts in common. */
  substitution(
    replacements: ReadonlyMap<Expression, Expression>,
    { renumber = sameNumber }: SubstitutionOptions = {},
  ): Substitution {
    const done = new Map<Expression, Expression>();
    const go = (e: Expression): Expression => {
      const known = replacements.get(e) ?? done.get(e);
      if (known) return known;
      const made = this.rebuild(e, go, renumber);
      done.set(e, made);
      return made;
    };
    return go;
  }

  /** `e` with `go` applied to its children; the same object if none of them changes. */
  rebuild(e: Expression, go: Substitution, renumber = sameNumber): Expression {
    if (e.kind === "result") return this.#renumbered(e, renumber(e.reduction));
    if (children(e).every((child) => go(child) === child)) return this.#intern(e);
    switch (e.kind) {
      case "affine":
        return this.affine(e.terms.map(([term, c]) => [go(term), c] as const), e.constant);
      case "load":
        return this.load(e.dtype, e.slot, go(e.index), { guard: e.guard && go(e.guard) });
      case "apply":
        return this.#reapplied(e.op, e.dtype, e.args.map(go));
      case "checked":
        return this.checked(go(e.index), { ...e, position: go(e.position) });
      default:
        return e;
    }
  }

  #renumbered(result: Result, reduction: number): Expression {
    return this.#intern(reduction === result.reduction ? result : { ...result, reduction });
  }

  /** A scalar operation on new operands, which may make a quotient or a remainder simpler. */
  #reapplied(op: ScalarOp, dtype: DType, args: readonly Expression[]): Expression {
    const [index, divisor] = args;
    const divides = dtype === "i32" && (op === "div" || op === "mod");
    if (!divides || divisor.kind !== "literal" || divisor.value <= 0 || !this.#isNatural(index)) {
      return this.apply(op, dtype, args);
    }
    return op === "div" ? this.quotient(index, divisor.value) : this.remainder(index, divisor.value);
  }

  #isNatural(expression: Expression): boolean {
    const range = this.range(expression);
    return range !== null && range[0] >= 0;
  }

  #id(expression: Expression): number {
    const id = this.#ids.get(expression);
    if (id === undefined) {
      throw new Error(`Cannot use an expression of another table: adopt the ${expression.kind} first`);
    }
    return id;
  }

  #sorted<T>(terms: readonly (readonly [Expression, T])[]): (readonly [Expression, T])[] {
    return [...terms].sort((a, b) => this.#id(a[0]) - this.#id(b[0]));
  }

  /** The one expression of this table that is equal to `candidate`, whose parts belong to this table. */
  #intern<E extends Expression>(candidate: E): E {
    if (this.#ids.has(candidate)) return candidate;
    const key = this.#keyOf(candidate);
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known) return known as E;
    if (key !== undefined) this.#known.set(key, candidate);
    this.#ids.set(candidate, this.#ids.size);
    return candidate;
  }

  /** A text that equal expressions share. A loop counter equals only itself. */
  #keyOf(e: Expression): string | undefined {
    switch (e.kind) {
      case "variable":
        return undefined;
      case "literal":
        return `literal ${e.dtype} ${Object.is(e.value, -0) ? "-0" : e.value}`;
      case "affine":
        return `affine ${this.#sorted(e.terms).map(([term, c]) => `${c}*${this.#id(term)}`).join(" ")} ${e.constant}`;
      case "load":
        return `load ${e.dtype} ${e.slot} ${this.#id(e.index)} ${e.guard ? this.#id(e.guard) : ""}`;
      case "apply":
        return `${e.op} ${e.dtype} ${e.args.map((arg) => this.#id(arg)).join(" ")}`;
      case "result":
        return `result ${e.dtype} ${e.reduction}`;
      case "checked":
        return `checked ${e.number} ${this.#id(e.index)} ${this.#id(e.position)}`;
    }
  }
}
