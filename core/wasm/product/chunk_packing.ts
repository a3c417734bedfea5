/**
 * Packs a side whose rows are cut by panels into equal chunks of whole vectors: one address serves all vectors of a chunk
 * and all taps of a row. Whether a row exists is decided once for a chunk; masks are only for its first and last vectors.
 *
 * @module
 */

import { dependsOn, type Expression, type Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import type { Local } from "../scalar/code_scope.ts";
import { decode, divide } from "../write/iteration.ts";
import type { PackedSource } from "../schedule/packed_source.ts";
import { type PanelWriter, readLanes, type Taps } from "./panel_writer.ts";
import { hasRuns } from "./run_packing.ts";

/** The points of a chunk: a divisor of rows and of panels. */
function chunkOf({ side: { variables, panel } }: PanelWriter): number {
  let [a, b] = [variables.at(-1)?.extent ?? 1, panel];
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** With fewer points in a chunk, panels would be written in pieces that are shorter than the lines of the cache. */
const LEAST_CHUNK = 16;

/** Whether the rows of a side are cut into chunks of whole vectors that are long enough. */
export function hasChunks(panels: PanelWriter, source: PackedSource): boolean {
  const chunk = chunkOf(panels);
  const isLong = chunk === panels.side.panel || chunk >= LEAST_CHUNK;
  return isLong && chunk % LANES === 0 && hasRuns(panels, source);
}

/** Packs panels of chunks. */
export function packChunks(panels: PanelWriter, source: PackedSource): void {
  new ChunkPacker(panels, source).write();
}

class ChunkPacker {
  readonly #chunk: number;
  readonly #last: Variable;
  readonly #stride: number;
  /** A point of a row is in lane `#lane` of one of the vectors of chunk `#number`. */
  readonly #number: Variable;
  readonly #lane: Variable;
  readonly #taps: Taps;
  /** The loops of the depth around the taps. */
  readonly #loops: readonly Variable[];
  /** Whether the elements of a chunk exist, apart from its first and last ones. */
  readonly #exists: Expression | undefined;

  constructor(readonly panels: PanelWriter, readonly source: PackedSource) {
    const { table, index, conditions } = source;
    this.#chunk = chunkOf(panels);
    this.#last = panels.side.variables.at(-1)!;
    this.#stride = coefficientOf(index, this.#last);
    this.#number = table.variable("chunk", this.#last.extent / this.#chunk);
    this.#lane = table.variable("lane", LANES);
    const common = conditions.map(({ holds }) => holds).filter((holds) => !dependsOn(holds, this.#last));
    this.#exists = common.reduce<Expression | undefined>((all, holds) => table.both(all, holds), undefined);
    const first = table.substitute(index, new Map([[this.#last, this.#position(0)]]));
    const lowest = this.#stride < 0 ? this.#stride * (this.#chunk - 1) : 0;
    const start = table.affine([[first, 1], [this.#lane, -this.#stride]], lowest);
    const { around, ...taps } = panels.tapsOf(
      table,
      start,
      !common.some((one) => dependsOn(one, panels.depth.at(-1)!)),
    );
    this.#taps = taps;
    this.#loops = around;
  }

  /** The number of a point in its row, if it is in a vector of a chunk. */
  #position(vector: number): Expression {
    const { table } = this.source;
    const start = this.#number.extent > 1 ? [[this.#number, this.#chunk] as const] : [];
    return table.affine([...start, [this.#lane, 1]], LANES * vector);
  }

  write(): void {
    const { panels: { scope, side } } = this;
    this.panels.eachPiece(this.#chunk, (point, target) => {
      const rows = side.variables.slice(0, -1);
      const [number] = divide(scope, point, this.#chunk);
      decode(scope, this.#number.extent > 1 ? [...rows, this.#number] : rows, number);
      scope.spread(this.#lane, [scope.i32(0)], true);
      this.#depths(target);
    });
  }

  /** Packs all depths of a chunk, whose first point at the first depth goes to `target`. */
  #depths(target: Local): void {
    const { panels: { scope, writer } } = this;
    const deciding = this.#loops.findLastIndex((loop) => this.#exists && dependsOn(this.#exists, loop));
    const [outside, inside] = [this.#loops.slice(0, deciding + 1), this.#loops.slice(deciding + 1)];
    this.#each(outside, target, (at) => {
      if (!this.#exists) return this.#each(inside, at, (at) => this.#copy(at));
      const exists = writer.scalar(this.#exists);
      scope.when(exists, () => this.#each(inside, at, (at) => this.#copy(at)));
      scope.when(scope.op("i32.eqz", [exists]), () => this.#each(inside, at, (at) => this.#clear(at)));
    });
  }

  /** Writes `body` for each point of some loops, with the address of its values. */
  #each([loop, ...rest]: readonly Variable[], at: Local, body: (at: Local) => void): void {
    if (!loop) return body(at);
    const { scope, depth, stride } = this.panels;
    const range = this.panels.rangeOf(loop);
    const bytes = scope.i32(stride * pointsOf(depth.slice(depth.indexOf(loop) + 1)));
    scope.loop({ ...range, step: 1 }, (counter) => {
      scope.bind(loop, counter);
      const turn = loop === depth[0] ? scope.op("i32.sub", [counter, range.from]) : counter;
      this.#each(rest, scope.op("i32.add", [at, scope.op("i32.mul", [turn, bytes])]), body);
    });
  }

  #copy(at: Local): void {
    const { panels: { scope, writer }, source: { slot } } = this;
    const address = writer.address(slot, this.#taps.index);
    const vectors = this.#chunk / LANES;
    this.#eachVector(at, (tap, vector) => {
      const mask = this.#mask(tap, vector);
      if (mask?.kind === "literal") return scope.i32x4(0);
      const place = this.#stride < 0 ? vectors - 1 - vector : this.#stride * vector;
      const value = readLanes(scope, this.#stride, { address, offset: tap.offset + 16 * place });
      return mask ? scope.op("v128.and", [value, writer.vector(mask)]) : value;
    });
  }

  #clear(at: Local): void {
    const zeros = this.panels.scope.i32x4(0);
    this.#eachVector(at, () => zeros);
  }

  #eachVector(at: Local, valueOf: (tap: Taps["taps"][number], vector: number) => Local): void {
    const { panels } = this;
    this.#taps.taps.forEach((tap, number) => {
      for (let vector = 0; vector < this.#chunk / LANES; vector++) {
        const offset = panels.stride * number + 16 * vector;
        panels.storePoints(valueOf(tap, vector), { at, offset, lanes: LANES });
      }
    });
  }

  /** The condition for each lane of a vector; undefined if all elements exist, a literal if none does. */
  #mask({ substitute }: Taps["taps"][number], vector: number): Expression | undefined {
    const { table, conditions } = this.source;
    const places = new Map([[this.#last, this.#position(vector)]]);
    return conditions.filter(({ holds }) => dependsOn(holds, this.#last))
      .map(({ holds }) => substitute(table.substitute(holds, places)))
      .filter((one) => one.kind !== "literal" || !one.value)
      .reduce<Expression | undefined>((all, one) => table.both(all, one), undefined);
  }
}
