/**
 * How far index expressions step along a loop.
 *
 * @module
 */

import {
  type Affine,
  type Apply,
  children,
  dependsOn,
  type Expression,
  termsOf,
  type Variable,
  walk,
} from "./expression.ts";

/** The coefficient of `variable` among the terms of `index`; 0 where it is none of them. */
export function coefficientOf(index: Expression, variable: Variable): number {
  return termsOf(index).terms.find(([term]) => term === variable)?.[1] ?? 0;
}

/** How many elements apart neighbors along `variable` lie; infinitely many where `variable` is no term of the index. */
export function distanceAlong(index: Expression, variable: Variable | undefined): number {
  return (variable && Math.abs(coefficientOf(index, variable))) || Infinity;
}

/**
 * By how much `index` grows when `variable` grows by one; undefined where that is not always the same.
 *
 * Where `block` is given, it is enough that the growth is the same over each `block` values of `variable` that start at a
 * multiple of `block`: there `⌊variable / 8⌋` stays and `variable mod 8` grows by one, for a block of 1, 2, 4 or 8.
 */
export function strideAlong(index: Expression, variable: Variable, block?: number): number | undefined {
  let stride = 0;
  for (const [term, coefficient] of termsOf(index).terms) {
    const step = strideOfTerm(term, variable, block);
    if (step === undefined) return undefined;
    stride += coefficient * step;
  }
  return stride;
}

function strideOfTerm(term: Expression, variable: Variable, block: number | undefined): number | undefined {
  if (term === variable) return 1;
  if (!dependsOn(term, variable)) return 0;
  const division = block === undefined ? undefined : divisionOf(term);
  if (!division || block === undefined) return undefined;
  const { op, dividend, divisor } = division;
  const stride = strideAlong(dividend, variable, block);
  if (stride === 0) return 0;
  const staysWhole = stride === 1 && divisor % block === 0 && isMultiple(dividend, variable, block);
  return staysWhole ? (op === "div" ? 0 : 1) : undefined;
}

/** A quotient or a remainder of indices. */
interface Division {
  readonly op: "div" | "mod";
  readonly dividend: Expression;
  readonly divisor: number;
}

/** The parts of a quotient or remainder by a known whole number; undefined for other expressions. */
function divisionOf(term: Expression): Division | undefined {
  if (term.kind !== "apply" || term.dtype !== "i32" || !isDivision(term)) return undefined;
  const { op, args: [dividend, divisor] } = term;
  return divisor.kind === "literal" ? { op, dividend, divisor: divisor.value } : undefined;
}

function isDivision(e: Apply): e is Apply & { readonly op: "div" | "mod" } {
  return e.op === "div" || e.op === "mod";
}

/** Whether an index is a multiple of `block` where `variable` is one. */
function isMultiple(index: Expression, variable: Variable, block: number): boolean {
  const division = divisionOf(index);
  if (division?.op === "mod") return division.divisor % block === 0 && isMultiple(division.dividend, variable, block);
  const { terms, constant } = termsOf(index);
  return constant % block === 0 && terms.every(([term, c]) => term === variable || c % block === 0);
}

/**
 * The most by which `index` grows over `count` successive values of `variable`, of which the first has the least;
 * undefined where that is not known. Over four values, `⌊variable / 2⌋` grows by two at most.
 */
export function spanAlong(index: Expression, variable: Variable, count: number): number | undefined {
  let span = 0;
  for (const [term, coefficient] of termsOf(index).terms) {
    if (!dependsOn(term, variable)) continue;
    const growth = coefficient < 0 ? undefined : growthOf(term, variable, count);
    if (growth === undefined) return undefined;
    span += coefficient * growth;
  }
  return span;
}

function growthOf(term: Expression, variable: Variable, count: number): number | undefined {
  if (term === variable) return count - 1;
  const division = divisionOf(term);
  if (division?.op !== "div") return undefined;
  const stride = strideAlong(division.dividend, variable);
  if (stride === undefined || stride < 0 || division.divisor <= 0) return undefined;
  return Math.ceil((count - 1) * stride / division.divisor);
}

/**
 * How many of the last of `variables` act as one: everywhere in `expressions` they occur only as the row-major number of
 * their point (times some coefficient), so that one longer loop can take their place.
 */
export function mergeableTail(variables: readonly Variable[], expressions: Iterable<Expression>): number {
  const last = variables.at(-1);
  if (!last) return 0;
  const indices: Affine[] = [];
  const bare = new Set<Expression>();
  walk(expressions, (e) => {
    if (e.kind === "affine") indices.push(e);
    else for (const child of children(e)) if (child.kind === "variable") bare.add(child);
  });
  let count = 1;
  let extent = 1;
  for (let i = variables.length - 2; i >= 0; i--) {
    extent *= variables[i + 1].extent;
    const merges = !bare.has(variables[i]) && !bare.has(last) &&
      indices.every((index) => coefficientOf(index, variables[i]) === extent * coefficientOf(index, last));
    if (!merges) break;
    count++;
  }
  return count;
}
