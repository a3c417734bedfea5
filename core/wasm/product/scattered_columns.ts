/**
 * Writes the copy of the image from which machine code reads the columns of a tile, and the two tables by which it finds
 * them: the address of each vector, and the distance of each point of the depth.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { PIECE } from "../../native/instruction_sets.ts";
import { LANES } from "../encode/lanes.ts";
import type { ScatteredColumns } from "../schedule/scattered_columns.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";
import { decode, divide } from "../write/iteration.ts";
import type { ExpressionWriter } from "../write/expressions.ts";
import { type CopiedColumns, forEachDepth, WordTable, writeDistances } from "./scattered_tables.ts";

/** The columns of a tile and a block of the depth. */
export interface ScatteredBlock extends CopiedColumns {
  readonly scattered: ScatteredColumns;
}

/** At most this many equal vectors of a row are copied without a loop, and this many in each of its iterations. */
const MOST_UNROLLED = 16;
const UNROLLED = 8;
const VECTOR_BYTES = 4 * LANES;

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

  /** Copies plane by plane, so that memory is read in order. */
  copyImage(): void {
    const { block: { scattered, to, copy } } = this;
    const scope = this.#scope;
    const last = this.#imageRow(scope.op("i32.sub", [to, scope.i32(1)]));
    const past = scope.op("i32.add", [last, scope.i32(1 + scattered.rowHalo)]);
    const plane = scope.local("i32");
    scope.code.get(copy).set(plane);
    this.#eachDepth(scattered.planes, () => {
      const at = scope.local("i32");
      scope.code.get(plane).set(at);
      scope.loop({ from: this.#first, to: past, step: 1 }, (row) => {
        decode(scope, scattered.rowVariables, row);
        this.#copyRow(at);
        scope.code.get(at).i32(4 * scattered.rowElements).op("i32.add").set(at);
      });
      scope.code.get(plane).i32(4 * scattered.planeElements).op("i32.add").set(plane);
    });
  }

  /** Writes the address of each vector of the tile. */
  writeVectors(): void {
    const { block: { scattered, from, to, copy, vectors } } = this;
    const scope = this.#scope;
    const table = new WordTable(scope, vectors);
    scope.loop({ from, to, step: 1 }, (row) => {
      const distance = scope.op("i32.sub", [this.#imageRow(row), this.#first]);
      const bytes = scope.op("i32.mul", [distance, scope.i32(4 * scattered.rowElements)]);
      const start = scope.op("i32.add", [copy, bytes]);
      const end = scope.op("i32.add", [start, scope.i32(4 * scattered.width)]);
      scope.loop({ from: start, to: end, step: 4 * PIECE }, (address) => table.push(address));
    });
    table.endWith(copy);
  }

  /** Writes the distance of each point of the depth. */
  writeDistances(): void {
    const { writer, block, block: { scattered: { distance, planes }, depth, distances } } = this;
    // The planes of a block are counted from its first one.
    const step = planes.includes(depth[0]) ? coefficientOf(distance, depth[0]) : 0;
    writeDistances(writer, block, { at: distances, distance, step });
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
    forEachDepth(this.#scope, this.block, { loops, body });
  }

  /** Copies a row, or writes zeros if there is none. */
  #copyRow(at: Local): void {
    const { writer, block: { scattered: { slot, index, exists, columns } } } = this;
    const scope = this.#scope;
    const address = writer.address(slot, index);
    const whole = (): void => this.#copyVectors(vectorsOf(columns), at, address);
    if (!exists) return whole();
    const condition = writer.scalar(exists);
    scope.when(condition, whole);
    const zeros = vectorsOf(columns.map(() => false));
    scope.when(scope.op("i32.eqz", [condition]), () => this.#copyVectors(zeros, at, address));
  }

  /** Copies vectors, in loops if there are many. */
  #copyVectors(vectors: readonly Vector[], at: Local, address: Local): void {
    const scope = this.#scope;
    let next = 0;
    while (next < vectors.length) {
      const { lanes } = vectors[next];
      const other = vectors.findIndex((vector, i) => i > next && vector.lanes !== lanes);
      const count = (other < 0 ? vectors.length : other) - next;
      const copy = (to: Local, from: Local, offset: number): void => this.#copyVector({ lanes }, { to, from, offset });
      const inLoop = count > MOST_UNROLLED ? count - count % UNROLLED : 0;
      const [begin, end] = [VECTOR_BYTES * next, VECTOR_BYTES * (next + inLoop)];
      if (inLoop > 0) {
        scope.loop({ from: scope.i32(begin), to: scope.i32(end), step: VECTOR_BYTES * UNROLLED }, (offset) => {
          const [to, from] = [at, address].map((one) => scope.op("i32.add", [one, offset]));
          for (let i = 0; i < UNROLLED; i++) copy(to, from, VECTOR_BYTES * i);
        });
      }
      for (let i = inLoop; i < count; i++) copy(at, address, VECTOR_BYTES * (next + i));
      next += count;
    }
  }

  #copyVector({ lanes }: Vector, { to, from, offset }: Copy): void {
    const scope = this.#scope;
    const mask = [0, 1, 2, 3].map((lane) => -(lanes >> lane & 1)) as [number, number, number, number];
    const { code } = scope;
    if (lanes === NO_LANES) return void code.get(to).get(scope.i32x4(0)).op("v128.store", offset);
    code.get(to).get(from).op("v128.load", offset);
    if (lanes !== ALL_LANES) code.get(scope.i32x4(...mask)).op("v128.and");
    code.op("v128.store", offset);
  }
}

/** Four elements of a row: a bit for each that exists. */
interface Vector {
  readonly lanes: number;
}

/** The addresses of a vector, apart from the bytes to add. */
interface Copy {
  readonly to: Local;
  readonly from: Local;
  readonly offset: number;
}

const [NO_LANES, ALL_LANES] = [0, 15];

/** The vectors of a row. */
function vectorsOf(columns: readonly boolean[]): Vector[] {
  return Array.from({ length: columns.length / LANES }, (_, i) => ({
    lanes: columns.slice(LANES * i, LANES * (i + 1)).reduce((bits, exists, lane) => bits | Number(exists) << lane, 0),
  }));
}
