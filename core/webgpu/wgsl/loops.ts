/**
 * Loops in WGSL, and unrolled loops.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import type { Emitter } from "./emitter.ts";

/** The first value of a counter, and the end after its last one, as text. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** Writes the code of one block of a loop, which `body` writes. */
export type WriteBlock = (body: () => void) => void;

/** The blocks of a loop. */
export interface LoopBlocks {
  /** The lengths of the blocks, longest first; each is a multiple of the next one. */
  readonly lengths: readonly number[];
  readonly block: WriteBlock;
}

/** Writes `body` for the range, or for each of its shortest blocks, which are inside of the longer ones. */
export function inBlocks(
  emitter: Emitter,
  range: Range,
  { lengths, block, body }: LoopBlocks & { readonly body: (range: Range) => void },
): void {
  const [length, ...shorter] = lengths;
  if (length === undefined) return body(range);
  const [from, to] = [emitter.name("n"), emitter.name("end")];
  emitter.within(`for (var ${from} = ${range.from}; ${from} < ${range.to}; ${from} += ${length})`, () => {
    emitter.line(`let ${to} = min(${from} + ${length}, ${range.to});`);
    block(() => inBlocks(emitter, { from, to }, { lengths: shorter, block, body }));
  });
}

/** The blocks of nested loops: their lengths for each loop. */
export interface Blocks {
  readonly lengths: readonly (readonly number[])[];
  readonly block: WriteBlock;
}

/** Writes nested loops over `variables`, outermost first, in blocks (default: none). */
export function openLoops(
  emitter: Emitter,
  variables: readonly Variable[],
  body: () => void,
  { lengths: [own = [], ...others], block }: Blocks = { lengths: [], block: (body) => body() },
): void {
  const [variable, ...rest] = variables;
  if (!variable) return body();
  inBlocks(emitter, { from: "0", to: `${variable.extent}` }, {
    ...{ lengths: own, block },
    body: ({ from, to }) => {
      const name = emitter.name("n");
      emitter.within(`for (var ${name} = ${from}; ${name} < ${to}; ${name}++)`, () => {
        emitter.bind(variable, name);
        openLoops(emitter, rest, body, { lengths: others, block });
      });
    },
  });
}

/** The innermost loops that are unrolled, because they have at most `limit` points. */
export function unrolledLoops(inner: readonly Variable[], limit: number): Variable[] {
  let first = inner.length;
  while (first > 0 && pointsOf(inner.slice(first - 1)) <= limit) first--;
  return inner.slice(first);
}

/** Calls `visit` with the values of `variables` at every point, row-major. */
export function eachPoint(variables: readonly Variable[], visit: (values: readonly number[]) => void): void {
  const points = pointsOf(variables);
  for (let point = 0; point < points; point++) {
    let rest = point;
    const values = variables.map(() => 0);
    for (let axis = variables.length - 1; axis >= 0; axis--) {
      values[axis] = rest % variables[axis].extent;
      rest = Math.floor(rest / variables[axis].extent);
    }
    visit(values);
  }
}
