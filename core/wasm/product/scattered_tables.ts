/**
 * Writes the two tables by which machine code reads the columns of a tile: the address of each vector, and the distance
 * of each point of the depth.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";
import { MOST_PIECES } from "../schedule/product_schedule.ts";
import type { ExpressionWriter } from "../write/expressions.ts";
import { forEachPoint, type Range } from "../write/iteration.ts";

/** A table of words that is written from its beginning. */
export class WordTable {
  readonly #entry: Local;

  constructor(readonly scope: CodeScope, at: Local) {
    this.#entry = scope.local("i32");
    scope.code.get(at).set(this.#entry);
  }

  push(word: Local): void {
    this.scope.code.get(this.#entry).get(word).op("i32.store");
    this.scope.code.get(this.#entry).i32(4).op("i32.add").set(this.#entry);
  }

  /** Ends a table of addresses. A kernel reads all pieces of a panel, also those behind the last vector. */
  endWith(address: Local): void {
    for (let piece = 0; piece < MOST_PIECES; piece++) {
      this.scope.code.get(this.#entry).get(address).op("i32.store", 4 * piece);
    }
  }
}

/** A block of the depth: its loops, and the range of the first one. */
export interface DepthRange {
  readonly depth: readonly Variable[];
  readonly depthFrom: Local;
  readonly depthTo: Local;
}

/** The columns of a tile, for a block of the depth, and where they are copied. */
export interface CopiedColumns extends DepthRange {
  /** The range of the tile's rows of points, or of its taps. */
  readonly from: Local;
  readonly to: Local;
  /** The addresses of the copy and of the tables. */
  readonly copy: Local;
  readonly vectors: Local;
  readonly distances: Local;
}

/** Writes `body` for each point of some loops of a block of the depth. */
export function forEachDepth(
  scope: CodeScope,
  { depth, depthFrom, depthTo }: DepthRange,
  { loops, body }: { readonly loops: readonly Variable[]; readonly body: () => void },
): void {
  const rangeOf = (variable: Variable): Range =>
    variable === depth[0] ? { from: depthFrom, to: depthTo } : { from: scope.i32(0), to: scope.i32(variable.extent) };
  forEachPoint(scope, loops, body, { rangeOf });
}

/** A table of distances in bytes. */
export interface Distances {
  readonly at: Local;
  /** The distance in elements, by the loops of the depth. */
  readonly distance: Expression;
  /** What to subtract from it for each iteration of the first loop before the block. */
  readonly step: number;
}

/** Writes the distance of each point of the depth. */
export function writeDistances(writer: ExpressionWriter, range: DepthRange, { at, distance, step }: Distances): void {
  const { scope } = writer;
  const table = new WordTable(scope, at);
  const before = scope.op("i32.mul", [range.depthFrom, scope.i32(step)]);
  forEachDepth(scope, range, {
    loops: range.depth,
    body: () => {
      const elements = scope.op("i32.sub", [writer.scalar(distance), before]);
      table.push(scope.op("i32.shl", [elements, scope.i32(2)]));
    },
  });
}
