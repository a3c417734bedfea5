/**
 * Loops over the points of variables: one by one, several at a time in lanes, or from a number that encodes them.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import type { Code } from "../encode/assembler.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";

/** A loop whose successive values are computed in lanes. */
export interface VectorLoop {
  readonly variable: Variable;
  readonly from: Local;
  readonly to: Local;
  /** The number of vectors per iteration. */
  readonly copies: number;
  /** Either `to − from` is a multiple of this, or `to` is the variable's extent and `from` is a multiple of this. */
  readonly blocks: number;
  /** Whether `from` is a multiple of 4. */
  readonly aligned: boolean;
}

/** Whether one iteration with all copies has all values of a loop, so it is not a loop. */
export function isOneIteration({ extent }: Variable, copies: number): boolean {
  return extent === 4 * copies;
}

/** Puts all values of a variable into the lanes of `copies` vectors until the end of the current level. */
export function spreadAll(scope: CodeScope, variable: Variable, copies: number): void {
  scope.spread(variable, Array.from({ length: copies }, (_, i) => scope.i32(4 * i)), true);
}

/** Runs `body` with the variable in `copies` vectors, then in one, and then without lanes for the remaining values. */
export function vectorLoops(scope: CodeScope, loop: VectorLoop, body: (vector: boolean) => void): void {
  const { variable, from, to, copies, blocks, aligned } = loop;
  const even = (step: number): boolean => variable.extent % step === 0 && blocks % step === 0;
  let at = from;
  for (const count of copies > 1 ? [copies, 1] : [1]) {
    const step = 4 * count;
    at = scope.loop({ from: at, to: scope.op("i32.sub", [to, scope.i32(step - 1)]), step }, (counter) => {
      scope.spread(variable, consecutive(scope, counter, count), aligned);
      body(true);
    });
    if (even(step)) return;
  }
  scope.loop({ from: at, to, step: 1 }, (counter) => {
    scope.bind(variable, counter);
    body(false);
  });
}

/** The first values of `count` successive vectors. */
function consecutive(scope: CodeScope, first: Local, count: number): Local[] {
  return Array.from({ length: count }, (_, i) => i ? scope.op("i32.add", [first, scope.i32(4 * i)]) : first);
}

/** The first value of a loop and the end after its last one. */
export interface Range {
  readonly from: Local;
  readonly to: Local;
}

/** Loops whose values are accumulated in blocks. */
export interface Blocks {
  /** The lengths of a loop's blocks, longest first; each is a multiple of the next one. */
  readonly lengthsOf: (variable: Variable) => readonly number[];
  /** Writes the code of one block. */
  readonly block: (body: () => void) => void;
}

/** Writes `body` for the range, or for each of its shortest blocks, which are inside of the longer ones. */
export function inBlocks(
  scope: CodeScope,
  range: Range,
  { lengths, block, body }: Pick<Blocks, "block"> & {
    readonly lengths: readonly number[];
    readonly body: (range: Range) => void;
  },
): void {
  const [length, ...shorter] = lengths;
  if (length === undefined) return body(range);
  scope.loop({ ...range, step: length }, (from) => {
    const to = least(scope, scope.op("i32.add", [from, scope.i32(length)]), range.to);
    block(() => inBlocks(scope, { from, to }, { lengths: shorter, block, body }));
  });
}

/** How points are run through. */
export interface PointOptions {
  /** The ranges of the loops (default: all values). */
  readonly rangeOf?: ((variable: Variable) => Range) | undefined;
  /** The blocks of the loops (default: none). */
  readonly blocks?: Blocks | undefined;
}

/** Innermost loops with a total of at most this many points are unrolled completely, if their code stays short. */
const UNROLLED_POINTS = 9;
/** The most bytes of an unrolled loop. Engines take seconds for long functions, or refuse them. */
const UNROLLED_BYTES = 2 ** 14;

/** Writes `body` for each value of `variable`, one after the other. Returns false and writes nothing if that is long. */
function unroll(scope: CodeScope, { extent }: Variable, body: (counter: Local, turn: number) => void): boolean {
  let first: Code | undefined;
  scope.deeper(() => body(scope.i32(0), 0), (code) => first = code);
  if (!first || extent > 1 && first.bytes.length * extent > UNROLLED_BYTES) return false;
  scope.code.append(first);
  for (let turn = 1; turn < extent; turn++) {
    scope.deeper(() => body(scope.i32(turn), turn), (code) => scope.code.append(code));
  }
  return true;
}

/** The counters of unrolled loops, which are known numbers. */
export type KnownCounters = ReadonlyMap<Variable, number>;

const NONE: KnownCounters = new Map();

/** Runs `body` for each point of `variables`, the last one fastest. Short loops without ranges and blocks are unrolled. */
export function forEachPoint(
  scope: CodeScope,
  variables: readonly Variable[],
  body: (known: KnownCounters) => void,
  { rangeOf, blocks, known = NONE }: PointOptions & { readonly known?: KnownCounters } = {},
): void {
  const [variable, ...rest] = variables;
  if (!variable) return body(known);
  const inner = (counter: Local, turn?: number): void => {
    scope.bind(variable, counter);
    const now = turn === undefined ? known : new Map([...known, [variable, turn]]);
    forEachPoint(scope, rest, body, { rangeOf, blocks, known: now });
  };
  const lengths = blocks?.lengthsOf(variable) ?? [];
  const isShort = !rangeOf && lengths.length === 0 && pointsOf(variables) <= UNROLLED_POINTS;
  if (variable.extent === 0 || isShort && unroll(scope, variable, inner)) return;
  const whole = rangeOf?.(variable) ?? { from: scope.i32(0), to: scope.i32(variable.extent) };
  const block = blocks?.block ?? ((body) => body());
  inBlocks(scope, whole, { lengths, block, body: (range) => scope.loop({ ...range, step: 1 }, (at) => inner(at)) });
}

/** The counters of the point of `variables` whose row-major number is `point`. */
export function countersOf(scope: CodeScope, variables: readonly Variable[], point: Local): Local[] {
  const counters: Local[] = [];
  let rest = point;
  for (let i = variables.length - 1; i >= 0; i--) {
    const extent = scope.i32(variables[i].extent);
    counters[i] = i === 0 ? rest : scope.op("i32.rem_u", [rest, extent]);
    if (i > 0) rest = scope.op("i32.div_u", [rest, extent]);
  }
  return counters;
}

/** Binds `variables` to the point whose row-major number is `point`. */
export function decode(scope: CodeScope, variables: readonly Variable[], point: Local): void {
  countersOf(scope, variables, point).forEach((counter, i) => scope.bind(variables[i], counter));
}

/** The quotient and the remainder of a non-negative value. */
export function divide(scope: CodeScope, value: Local, divisor: number): [Local, Local] {
  if (divisor === 1) return [value, scope.i32(0)];
  const by = scope.i32(divisor);
  return [scope.op("i32.div_u", [value, by]), scope.op("i32.rem_u", [value, by])];
}

/** The smaller of two whole numbers. */
export function least(scope: CodeScope, a: Local, b: Local): Local {
  return scope.op("select", [a, b, scope.op("i32.lt_s", [a, b])]);
}

/** The larger of two whole numbers. */
export function greatest(scope: CodeScope, a: Local, b: Local): Local {
  return scope.op("select", [a, b, scope.op("i32.gt_s", [a, b])]);
}
