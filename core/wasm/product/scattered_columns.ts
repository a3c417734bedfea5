/**
 * Writes the copy of the image from which machine code reads the columns of a tile, and the two tables by which it finds
 * them: the address of each vector, and the distance of each point of the depth.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import type { ScatteredColumns } from "../schedule/scattered_columns.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";
import { decode, divide, forEachPoint, type Range } from "../write/iteration.ts";
import type { ExpressionWriter } from "../write/expressions.ts";

/** The columns of a tile and a block of the depth. */
export interface ScatteredBlock {
  readonly scattered: ScatteredColumns;
  /** The range of the tile's rows of points. */
  readonly from: Local;
  readonly to: Local;
  /** The loops of the depth's block, and the range of the first one. */
  readonly depth: readonly Variable[];
  readonly depthFrom: Local;
  readonly depthTo: Local;
  /** The addresses of the copy and of the tables. */
  readonly copy: Local;
  readonly vectors: Local;
  readonly distances: Local;
}

/** At most this many vectors of a row are copied without a loop. */
const MOST_UNROLLED = 16;

/** Writes the copy and the tables. */
export function writeScatteredColumns(writer: ExpressionWriter, block: ScatteredBlock): void {
  const columns = new ColumnWriter(writer, block);
  columns.copyImage();
  columns.writeVectors();
  columns.writeDistances();
}

class ColumnWriter {
  readonly #scope: CodeScope;
  /** The first row of the image that is copied. */
  readonly #first: Local;

  constructor(readonly writer: ExpressionWriter, readonly block: ScatteredBlock) {
    this.#scope = writer.scope;
    this.#first = this.#imageRow(block.from);
  }

  copyImage(): void {
    const { block: { scattered, to, copy } } = this;
    const scope = this.#scope;
    const last = this.#imageRow(scope.op("i32.sub", [to, scope.i32(1)]));
    const past = scope.op("i32.add", [last, scope.i32(1 + scattered.rowHalo)]);
    const target = scope.local("i32");
    scope.code.get(copy).set(target);
    scope.loop({ from: this.#first, to: past, step: 1 }, (row) => {
      decode(scope, scattered.rowVariables, row);
      const at = scope.local("i32");
      scope.code.get(target).set(at);
      this.#eachDepth(scattered.planes, () => {
        this.#copyRow(at);
        scope.code.get(at).i32(4 * scattered.planeElements).op("i32.add").set(at);
      });
      scope.code.get(target).i32(4 * scattered.column.extent).op("i32.add").set(target);
    });
  }

  /** Writes the address of each vector of the tile. */
  writeVectors(): void {
    const { block: { scattered, from, to, copy, vectors } } = this;
    const scope = this.#scope;
    const entry = scope.local("i32");
    scope.code.get(vectors).set(entry);
    scope.loop({ from, to, step: 1 }, (row) => {
      const distance = scope.op("i32.sub", [this.#imageRow(row), this.#first]);
      const bytes = scope.op("i32.mul", [distance, scope.i32(4 * scattered.column.extent)]);
      const start = scope.op("i32.add", [copy, bytes]);
      const end = scope.op("i32.add", [start, scope.i32(4 * scattered.width)]);
      scope.loop({ from: start, to: end, step: 4 * scattered.lanes }, (address) => {
        scope.code.get(entry).get(address).op("i32.store");
        scope.code.get(entry).i32(4).op("i32.add").set(entry);
      });
    });
  }

  /** Writes the distance of each point of the depth. */
  writeDistances(): void {
    const { writer, block: { scattered: { distance, planes }, depth, depthFrom, distances } } = this;
    const scope = this.#scope;
    const entry = scope.local("i32");
    scope.code.get(distances).set(entry);
    // The planes of a block are counted from its first one.
    const step = planes.includes(depth[0]) ? coefficientOf(distance, depth[0]) : 0;
    const before = scope.op("i32.mul", [depthFrom, scope.i32(step)]);
    this.#eachDepth(depth, () => {
      const elements = scope.op("i32.sub", [writer.scalar(distance), before]);
      const bytes = scope.op("i32.shl", [elements, scope.i32(2)]);
      scope.code.get(entry).get(bytes).op("i32.store");
      scope.code.get(entry).i32(4).op("i32.add").set(entry);
    });
  }

  /** The number of the first row of the image for a row of points. */
  #imageRow(row: Local): Local {
    const { group, rowHalo } = this.block.scattered;
    const scope = this.#scope;
    if (rowHalo === 0) return row;
    const [image] = divide(scope, row, group);
    return scope.op("i32.add", [row, scope.op("i32.mul", [image, scope.i32(rowHalo)])]);
  }

  #eachDepth(loops: readonly Variable[], body: () => void): void {
    const { block: { depth, depthFrom, depthTo } } = this;
    const scope = this.#scope;
    const rangeOf = (variable: Variable): Range =>
      variable === depth[0] ? { from: depthFrom, to: depthTo } : { from: scope.i32(0), to: scope.i32(variable.extent) };
    forEachPoint(scope, loops, body, { rangeOf });
  }

  /** Copies a row, vector by vector. The vectors of a short one are known, so their masks are computed once per tile. */
  #copyRow(at: Local): void {
    const { column } = this.block.scattered;
    const scope = this.#scope;
    const count = column.extent / LANES;
    if (count > MOST_UNROLLED) {
      scope.loop({ from: scope.i32(0), to: scope.i32(column.extent), step: LANES }, (first) => {
        const address = scope.op("i32.add", [at, scope.op("i32.shl", [first, scope.i32(2)])]);
        this.#copyVector(first, address, 0);
      });
      return;
    }
    for (let vector = 0; vector < count; vector++) {
      scope.deeper(
        () => this.#copyVector(scope.i32(LANES * vector), at, 4 * LANES * vector),
        (code) => scope.code.append(code),
      );
    }
  }

  #copyVector(first: Local, at: Local, offset: number): void {
    const scope = this.#scope;
    const { column, value } = this.block.scattered;
    scope.spread(column, [first], true);
    const lanes = this.writer.vector(value);
    scope.code.get(at).get(lanes).op("v128.store", offset);
  }
}
