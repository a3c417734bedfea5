/**
 * What can be read off index expressions: their terms, and how far they step along a loop.
 *
 * @module
 */

import { type Affine, children, type Expression, type Variable, walk } from "./expression.ts";

/** The terms of an index with their coefficients, and its constant. */
export function termsOf(index: Expression): { terms: readonly (readonly [Expression, number])[]; constant: number } {
  if (index.kind === "affine") return index;
  if (index.kind === "literal") return { terms: [], constant: index.value };
  return { terms: [[index, 1]], constant: 0 };
}

/** True where `expression` depends on `variable`. */
export function dependsOn(expression: Expression, variable: Variable): boolean {
  const seen = new Set<Expression>();
  const go = (e: Expression): boolean => {
    if (e === variable) return true;
    if (seen.has(e)) return false;
    seen.add(e);
    return children(e).some(go);
  };
  return go(expression);
}

/** Values in lanes. */
const LANES = 4;

/**
 * By how much `index` grows from lane to lane when `variable` grows by one; undefined where that is not always the same.
 * Where the first lane's value is `aligned` to 4, `variable / 8` stays and `variable mod 8` grows by one, too.
 */
export function strideAlong(index: Expression, variable: Variable, aligned = false): number | undefined {
  let stride = 0;
  for (const [term, coefficient] of termsOf(index).terms) {
    const step = strideOfTerm(term, variable, aligned);
    if (step === undefined) return undefined;
    stride += coefficient * step;
  }
  return stride;
}

function strideOfTerm(term: Expression, variable: Variable, aligned: boolean): number | undefined {
  if (term === variable) return 1;
  if (!dependsOn(term, variable)) return 0;
  if (!aligned || term.kind !== "apply" || term.dtype !== "i32" || (term.op !== "div" && term.op !== "mod")) {
    return undefined;
  }
  const [dividend, divisor] = term.args;
  if (divisor.kind !== "literal") return undefined;
  const stride = strideAlong(dividend, variable, true);
  if (stride === 0) return 0;
  const whole = stride === 1 && divisor.value % LANES === 0 && isMultiple(dividend, variable);
  return whole ? (term.op === "div" ? 0 : 1) : undefined;
}

/** Whether an index is a multiple of 4 where `variable` is one. */
function isMultiple(index: Expression, variable: Variable): boolean {
  if (index.kind === "apply" && index.op === "mod" && index.args[1].kind === "literal") {
    return index.args[1].value % LANES === 0 && isMultiple(index.args[0], variable);
  }
  const { terms, constant } = termsOf(index);
  return constant % LANES === 0 && terms.every(([term, c]) => term === variable || c % LANES === 0);
}

/**
 * The most by which `index` grows over four successive values of `variable`, of which the first has the least;
 * undefined where that is not known. `⌊variable / 2⌋` and its like stay within two elements.
 */
export function spanAlong(index: Expression, variable: Variable): number | undefined {
  let span = 0;
  for (const [term, coefficient] of termsOf(index).terms) {
    if (!dependsOn(term, variable)) continue;
    const step = coefficient < 0 ? undefined : stepOf(term, variable);
    if (step === undefined) return undefined;
    span += coefficient * step;
  }
  return span;
}

function stepOf(term: Expression, variable: Variable): number | undefined {
  if (term === variable) return 3;
  if (term.kind !== "apply" || term.op !== "div" || term.dtype !== "i32" || term.args[1].kind !== "literal") {
    return undefined;
  }
  const [dividend, { value: divisor }] = [term.args[0], term.args[1]];
  const stride = strideAlong(dividend, variable);
  return stride !== undefined && stride >= 0 && divisor > 0 ? Math.ceil(3 * stride / divisor) : undefined;
}

/**
 * How many of the last of `variables` act as one: everywhere in `expressions` they occur only as the row-major number of
 * their point (times some coefficient), so that one longer loop can take their place.
 */
export function mergeableTail(variables: readonly Variable[], expressions: Iterable<Expression>): number {
  const indices: Affine[] = [];
  const bare = new Set<Expression>();
  walk(expressions, (e) => {
    if (e.kind === "affine") indices.push(e);
    const direct = e.kind === "affine" ? [] : children(e);
    for (const child of direct) if (child.kind === "variable") bare.add(child);
  });
  let count = 1;
  let extent = 1;
  const coefficient = (index: Affine, variable: Variable): number =>
    index.terms.find(([term]) => term === variable)?.[1] ?? 0;
  const last = variables.at(-1);
  for (let i = variables.length - 2; i >= 0; i--) {
    extent *= variables[i + 1].extent;
    const merges = !bare.has(variables[i]) && !bare.has(last!) &&
      indices.every((index) => coefficient(index, variables[i]) === extent * coefficient(index, last!));
    if (!merges) break;
    count++;
  }
  return Math.min(count, variables.length);
}

/** The row-major number of the point of `variables`. */
export function rowMajor(variables: readonly Variable[]): Affine {
  let stride = 1;
  const terms = [...variables].reverse().map((variable): readonly [Variable, number] => {
    const term = [variable, stride] as const;
    stride *= variable.extent;
    return term;
  });
  return { kind: "affine", dtype: "i32", terms: terms.reverse(), constant: 0 };
}

/** True where `expression` is made from the results of reductions. */
export function usesResults(expression: Expression): boolean {
  let found = false;
  walk([expression], (e) => found ||= e.kind === "result");
  return found;
}
