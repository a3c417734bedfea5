/**
 * Packs a side point by point: each point of a panel has an address of its own, and four depths of each point are read
 * at once and transposed, or the points are read one after the other if successive depths are not next to each other.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import type { Local } from "../scalar/code_scope.ts";
import { greatest, least, type Range } from "../write/iteration.ts";
import type { Condition } from "../schedule/near_memory.ts";
import { isReadAtOnce, type PackedSource } from "../schedule/packed_source.ts";
import { type PanelWriter, readLanes } from "./panel_writer.ts";

/** Whether four depths of a point can be read at once wherever the depth is cut. */
export function hasDepthRuns({ depth, packing: { schedule } }: PanelWriter, source: PackedSource): boolean {
  const last = depth.at(-1)!;
  const { depthSplit, depthBlock } = schedule;
  const shortest = last === depthSplit ? last.extent % depthBlock || depthBlock : last.extent;
  return shortest >= LANES && isReadAtOnce(source, last);
}

/** Panels of more points are packed in pieces, which are as long as the lines of the cache, so that code stays short. */
const PIECE = 16;

/** The number of points that are packed together. */
function pieceOf({ side: { panel } }: PanelWriter): number {
  return panel % PIECE === 0 ? PIECE : panel;
}

/** Packs panels of points, of which each has successive depths next to each other. */
export function packDepthRuns(panels: PanelWriter, source: PackedSource): void {
  new DepthRunPacker(panels, source).write();
}

/** Packs panels of points one by one. Every element must exist. */
export function packPoints(panels: PanelWriter, { table, slot, index }: PackedSource): void {
  const { writer } = panels;
  const piece = pieceOf(panels);
  const { taps, index: least, around } = panels.tapsOf(table, index);
  panels.eachPiece(piece, (first, target) => {
    const points = bindPoints(panels, index, []);
    points.bind(first);
    const at = panels.pointer(target);
    panels.eachDepth(around, () => {
      const addresses = points.each(() => writer.address(slot, least));
      taps.forEach(({ offset }, tap) => {
        for (let one = 0; one < piece; one += LANES) {
          const lanes = Math.min(LANES, piece - one);
          const from = Array.from({ length: lanes }, (_, i) => points.place(addresses, one + i));
          const value = gathered(panels, from, offset);
          panels.storePoints(value, { at, offset: panels.stride * tap + 4 * one, lanes });
        }
      });
      panels.advance(at, panels.stride * taps.length);
    });
  });
}

/** The elements at some places, `offset` bytes after each, in the first lanes. */
function gathered({ scope }: PanelWriter, from: readonly Place[], offset: number): Local {
  const value = scope.local("v128");
  scope.code.statement((code) => {
    from.forEach(({ address, bytes }, lane) => {
      code.get(address);
      if (lane === 0) code.op("v128.load32_zero", bytes + offset);
      else code.get(value).op("v128.load32_lane", lane, bytes + offset);
      code.set(value);
    });
  });
  return value;
}

/** An address, and bytes to add. */
interface Place {
  readonly address: Local;
  readonly bytes: number;
}

/** How the points of a piece are told apart: by addresses of their own, or by their distance from the first one. */
interface PanelPoints {
  /** Binds the side's variables for the piece that starts with `first`. */
  bind(first: Local): void;
  /** What `write` returns for each copy of the code: one for each point, or one for all. */
  each(write: () => Local): Local[];
  /** The place of a point's element, from what `each` returned. */
  place(addresses: readonly Local[], point: number): Place;
}

/** The points of pieces whose elements are at `index` if `conditions` hold. */
function bindPoints(panels: PanelWriter, index: Expression, conditions: readonly Condition[]): PanelPoints {
  const { scope, side: { variables } } = panels;
  const piece = pieceOf(panels);
  const last = variables.at(-1);
  const stride = last ? coefficientOf(index, last) : 0;
  const together = last !== undefined && last.extent % piece === 0 && stride > 0 && conditions.length === 0;
  const each = (write: () => Local): Local[] => {
    const values: Local[] = [];
    scope.eachCopy(() => values.push(write()));
    return values;
  };
  if (together) {
    return {
      bind: (first) => panels.bindPoints([first]),
      each,
      place: ([address], point) => ({ address, bytes: 4 * stride * point }),
    };
  }
  return {
    bind: (first) => {
      panels.bindPoints(panels.pointsFrom(first, Array.from({ length: piece }, (_, i) => i)));
      scope.replicate(piece);
    },
    each,
    place: (addresses, point) => ({ address: addresses[point], bytes: 0 }),
  };
}

class DepthRunPacker {
  readonly #last: Variable;
  readonly #stride: number;
  /** Conditions that hold for all or for none of the depths of a run, and others. */
  readonly #ofRuns: readonly Condition[];
  readonly #ofDepths: readonly Condition[];
  readonly #points: PanelPoints;

  constructor(readonly panels: PanelWriter, readonly source: PackedSource) {
    const { index, conditions } = source;
    this.#last = panels.depth.at(-1)!;
    this.#stride = coefficientOf(index, this.#last);
    this.#ofDepths = conditions.filter(({ sum }) => coefficientOf(sum, this.#last) !== 0);
    this.#ofRuns = conditions.filter((one) => !this.#ofDepths.includes(one));
    this.#points = bindPoints(panels, index, conditions);
  }

  write(): void {
    const { panels } = this;
    panels.eachPiece(pieceOf(panels), (first, piece) => {
      this.#points.bind(first);
      const at = panels.pointer(piece);
      panels.eachDepth(panels.depth.slice(0, -1), () => this.#run(at));
    });
  }

  /** Packs a run: four depths at a time, the last four of which may overlap with those before. */
  #run(at: Local): void {
    const { panels: { scope, stride }, panels } = this;
    const range = panels.rangeOf(this.#last);
    const rows = this.#rows();
    const lastFour = scope.op("i32.sub", [range.to, scope.i32(LANES)]);
    scope.loop({ ...range, step: LANES }, (counter) => {
      const depth = this.#isEven ? counter : least(scope, counter, lastFour);
      const bytes = scope.op("i32.mul", [depth, scope.i32(4 * this.#stride)]);
      const distance = scope.op("i32.mul", [scope.op("i32.sub", [depth, range.from]), scope.i32(stride)]);
      const target = scope.op("i32.add", [at, distance]);
      const addresses = rows.map((row) => scope.op("i32.add", [row, bytes]));
      const values = Array.from({ length: pieceOf(panels) }, (_, point) => {
        const { address, bytes: offset } = this.#points.place(addresses, point);
        return readLanes(scope, this.#stride, { address, offset });
      });
      panels.storeDepths(values, target);
    });
    this.#clear(range, at);
    const length = scope.op("i32.sub", [range.to, range.from]);
    scope.code.get(at).get(length).i32(stride).op("i32.mul").op("i32.add").set(at);
  }

  /** Whether the number of depths of a run is a multiple of four. */
  get #isEven(): boolean {
    const { depthSplit, depthBlock } = this.panels.packing.schedule;
    return this.#last.extent % LANES === 0 && (this.#last !== depthSplit || depthBlock % LANES === 0);
  }

  /** The addresses of the elements at depth 0 of the last loop; those of runs that do not exist are in the buffer. */
  #rows(): Local[] {
    const { panels: { scope, writer }, source: { table, slot, index } } = this;
    const backward = this.#stride < 0 ? 1 - LANES : 0;
    const row = table.affine([[index, 1], [this.#last, -this.#stride]], backward);
    const exists = this.#exists();
    return this.#points.each(() => {
      const address = writer.address(slot, row);
      return exists ? scope.op("select", [address, writer.slots[slot], writer.scalar(exists)]) : address;
    });
  }

  #exists(): Expression | undefined {
    const { table } = this.source;
    return this.#ofRuns.reduce<Expression | undefined>((all, { holds }) => table.both(all, holds), undefined);
  }

  /** Replaces the elements that do not exist by zeros. Of most runs, these are the first or the last ones, or none. */
  #clear(range: Range, at: Local): void {
    if (this.source.conditions.length === 0) return;
    const { scope } = this.panels;
    const ends: Range[] = [];
    scope.eachCopy(() => ends.push(this.#existing(range)));
    ends.forEach(({ from, to }, point) => {
      this.#zeros({ from: range.from, to: least(scope, from, range.to) }, at, { point, range });
      this.#zeros({ from: greatest(scope, to, range.from), to: range.to }, at, { point, range });
    });
  }

  /** The depths of a point that exist: none if `from` is the end of the run. */
  #existing(range: Range): Range {
    const { panels: { scope, writer } } = this;
    let { from, to } = range;
    for (const condition of this.#ofDepths) {
      const limit = this.#limit(condition);
      if (coefficientOf(condition.sum, this.#last) > 0) from = greatest(scope, from, limit);
      else to = least(scope, to, limit);
    }
    const exists = this.#exists();
    if (!exists) return { from, to };
    return { from: scope.op("select", [from, range.to, writer.scalar(exists)]), to };
  }

  /** The first depth at which a condition holds, or the first one at which it no longer does; negative ones count as 0. */
  #limit({ sum }: Condition): Local {
    const { panels: { scope, writer }, source: { table } } = this;
    const step = coefficientOf(sum, this.#last);
    const size = Math.abs(step);
    const rest = table.affine([[sum, step > 0 ? -1 : 1], [this.#last, size]], step > 0 ? size - 1 : size);
    const { level, copied } = scope.facts(rest);
    return scope.at(level, copied, () => {
      const positive = greatest(scope, writer.scalar(rest), scope.i32(0));
      return size === 1 ? positive : scope.op("i32.div_s", [positive, scope.i32(size)]);
    });
  }

  #zeros({ from, to }: Range, at: Local, { point, range }: { readonly point: number; readonly range: Range }): void {
    const { scope, stride } = this.panels;
    scope.loop({ from, to, step: 1 }, (depth) => {
      const { code } = scope;
      code.get(depth).get(range.from).op("i32.sub").i32(stride).op("i32.mul").get(at).op("i32.add");
      code.i32(0).op("i32.store", 4 * point);
    });
  }
}
