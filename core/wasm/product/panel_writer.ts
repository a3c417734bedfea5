/**
 * What all ways of packing have in common: the loops over panels and over the depth, and the stores.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import type { ExpressionTable } from "../../nest/expression_table.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { bytesOfLanes, LANES } from "../encode/lanes.ts";
import type { PackedSide, ProductSchedule } from "../schedule/product_schedule.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";
import { HIGH, LOW, mix, transpose } from "../scalar/shuffles.ts";
import { countersOf, forEachPoint, least, type Range } from "../write/iteration.ts";
import type { ExpressionWriter } from "../write/expressions.ts";

/** A block to be packed. */
export interface Packing {
  readonly schedule: Pick<ProductSchedule, "depthSplit" | "depthBlock" | "depthInner">;
  readonly side: PackedSide;
  /** The range of the side's points. */
  readonly from: Local;
  readonly to: Local;
  /** The range of the depth's split loop. */
  readonly depthFrom: Local;
  readonly depthTo: Local;
  readonly target: Target;
}

/** The destination of panels: their address, and the bytes of a panel. */
export interface Target {
  readonly panels: Local;
  readonly panelBytes: Local;
}

/** Where a vector of a panel is stored: an address, the bytes after it, and how many of its lanes are points. */
interface StoredAt {
  readonly at: Local;
  readonly offset: number;
  readonly lanes: number;
}

/** The values of the last loop of the depth that are packed by one piece of code: their indices without the constant. */
export interface Taps {
  /** The index of the smallest address. */
  readonly index: Expression;
  /** For each of them, what replaces the loop's counter, and the bytes from the smallest address. */
  readonly taps: readonly { readonly substitute: (e: Expression) => Expression; readonly offset: number }[];
}

/** A last loop of the depth of at most this many iterations is unrolled, if its elements are near each other. */
const MOST_TAPS = 8;
const MOST_DISTANCE = 8;

/** Writes the parts of a packing. */
export class PanelWriter {
  readonly scope: CodeScope;
  readonly side: PackedSide;
  /** The loops of the depth's block, outermost first. */
  readonly depth: readonly Variable[];

  constructor(readonly writer: ExpressionWriter, readonly packing: Packing) {
    this.scope = writer.scope;
    this.side = packing.side;
    this.depth = [packing.schedule.depthSplit, ...packing.schedule.depthInner];
  }

  /** The bytes from one depth of a panel to the next one. */
  get stride(): number {
    return 4 * this.side.panel;
  }

  /** Whether some panels have fewer points than others. */
  get #isRagged(): boolean {
    return this.side.points % this.side.panel !== 0;
  }

  /** Writes `body` for each panel of the block, with its first point and the address of its values. */
  eachPanel(body: (first: Local, panel: Local) => void): void {
    const { scope, packing: { from, to, target: { panels, panelBytes } } } = this;
    const panel = this.pointer(panels);
    scope.loop({ from, to, step: this.side.panel }, (first) => {
      body(first, panel);
      scope.code.get(panel).get(panelBytes).op("i32.add").set(panel);
    });
  }

  /** Writes `body` for each piece of `points` points of each panel, with its first point and the address of its values. */
  eachPiece(points: number, body: (first: Local, piece: Local) => void): void {
    const { scope, side, packing: { to } } = this;
    this.eachPanel((first, panel) => {
      if (points === side.panel) return body(first, panel);
      const end = least(scope, scope.op("i32.add", [first, scope.i32(side.panel)]), to);
      scope.loop({ from: first, to: end, step: points }, (point) => {
        const distance = scope.op("i32.shl", [scope.op("i32.sub", [point, first]), scope.i32(2)]);
        body(point, scope.op("i32.add", [panel, distance]));
      });
    });
  }

  /** The points at these distances from `first`. Those past the end of the block are replaced by its last one. */
  pointsFrom(first: Local, distances: readonly number[]): Local[] {
    const { scope } = this;
    const last = this.#isRagged ? scope.op("i32.sub", [this.packing.to, scope.i32(1)]) : undefined;
    return distances.map((distance) => {
      if (distance === 0) return first;
      const point = scope.op("i32.add", [first, scope.i32(distance)]);
      return last === undefined ? point : least(scope, point, last);
    });
  }

  /** Binds the side's variables to one point for each copy. */
  bindPoints(points: readonly Local[]): void {
    const { scope, side: { variables } } = this;
    const counters = points.map((point) => countersOf(scope, variables, point));
    variables.forEach((variable, i) => scope.bind(variable, ...counters.map((of) => of[i])));
  }

  /** Writes `body` for each point of some loops of the depth, the first of which is the split one. */
  eachDepth(loops: readonly Variable[], body: () => void): void {
    const { scope } = this;
    const rangeOf = (variable: Variable): Range => this.rangeOf(variable);
    forEachPoint(scope, loops, body, { rangeOf });
  }

  /** The values of a loop of the depth in this block. */
  rangeOf(variable: Variable): Range {
    const { scope, packing: { schedule: { depthSplit }, depthFrom, depthTo } } = this;
    if (variable === depthSplit) return { from: depthFrom, to: depthTo };
    return { from: scope.i32(0), to: scope.i32(variable.extent) };
  }

  /** The last loop of the depth, if it may be unrolled and is short, and the loops around it. */
  tapsOf(table: ExpressionTable, index: Expression, mayUnroll = true): Taps & { readonly around: readonly Variable[] } {
    const last = this.depth.at(-1)!;
    const stride = coefficientOf(index, last);
    const unrolled = mayUnroll && this.depth.length > 1 && last.extent <= MOST_TAPS &&
      (last.extent - 1) * Math.abs(stride) <= MOST_DISTANCE;
    if (!unrolled) return { index, around: this.depth, taps: [{ substitute: (e) => e, offset: 0 }] };
    const least = stride < 0 ? last.extent - 1 : 0;
    const at = (turn: number): (e: Expression) => Expression =>
      table.substitution(new Map([[last, table.literal("i32", turn)]]));
    const taps = Array.from({ length: last.extent }, (_, turn) => ({
      substitute: at(turn),
      offset: 4 * stride * (turn - least),
    }));
    return { index: at(least)(index), around: this.depth.slice(0, -1), taps };
  }

  /** Stores one vector of points. */
  storePoints(value: Local, { at, offset, lanes }: StoredAt): void {
    const { scope: { code } } = this;
    code.statement(() => {
      if (lanes >= LANES) return code.get(at).get(value).op("v128.store", offset);
      if (lanes >= 2) code.get(at).get(value).op("v128.store64_lane", 0, offset);
      if (lanes === 2) return code;
      return code.get(at).get(value).op("v128.store32_lane", lanes - 1, offset + 4 * (lanes - 1));
    });
  }

  /** Stores four depths of a panel's points, of which each vector holds those of one point. */
  storeDepths(values: readonly Local[], at: Local): void {
    for (let first = 0; first < values.length; first += LANES) {
      this.#storeGroup(values.slice(first, first + LANES), at, 4 * first);
    }
  }

  #storeGroup(points: readonly Local[], at: Local, offset: number): void {
    const { scope, stride } = this;
    /** Pushes the address of the points of a depth and a value, and returns the bytes to add. */
    const push = (value: Local, depth: number): number => {
      scope.code.get(at).get(value);
      return offset + stride * depth;
    };
    const [a, b] = points;
    if (points.length === 1) {
      for (const depth of [0, 1, 2, 3]) scope.code.op("v128.store32_lane", depth, push(a, depth));
      return;
    }
    if (points.length === 2) {
      const halves = [mix(scope, [a, b], LOW), mix(scope, [a, b], HIGH)];
      for (const depth of [0, 1, 2, 3]) {
        scope.code.op("v128.store64_lane", depth % 2, push(halves[depth >> 1], depth));
      }
      return;
    }
    transpose(scope, [0, 1, 2, 3].map((i) => points[i] ?? points[0])).forEach((value, depth) => {
      this.storePoints(value, { at, offset: offset + stride * depth, lanes: points.length });
    });
  }

  /** A new local that begins with an address. */
  pointer(address: Local): Local {
    const local = this.scope.local("i32");
    this.scope.code.get(address).set(local);
    return local;
  }

  advance(pointer: Local, bytes: number): void {
    this.scope.code.get(pointer).i32(bytes).op("i32.add").set(pointer);
  }
}

/** Four elements, `stride` apart in memory: 1, 2 or −1. The address is the smallest one. */
export function readLanes(m: CodeScope, stride: number, { address, offset }: ReadFrom): Local {
  const first = m.op("v128.load", [address], offset);
  if (stride === 1) return first;
  if (stride === -1) return m.op("i8x16.shuffle", [first, first], ...bytesOfLanes(3, 2, 1, 0));
  return mix(m, [first, m.op("v128.load", [address], offset + 16)], [0, 2, 4, 6]);
}

/** An address, and the bytes after it. */
interface ReadFrom {
  readonly address: Local;
  readonly offset: number;
}
