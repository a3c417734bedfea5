/**
 * Writes the nests that are not tiled products: elementwise work, reductions, and chains of them over rows.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { type Nest, type Phase, pointsOf } from "../../nest/nest.ts";
import { accumulate, type Accumulator, join, joinLanes, resultOf, start } from "./accumulators.ts";
import { FunctionWriter } from "../encode/assembler.ts";
import { ExpressionWriter } from "./expressions.ts";
import { writeStores } from "./loads.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { type GuardedSum, guardedSum } from "../schedule/skipping.ts";
import { type Local, Scope } from "./scope.ts";
import { decode, forEachPoint, least, vectorLoops } from "./iteration.ts";

/** A part of an inner loop: piece number `piece` of those of `length` turns. */
export interface Piece {
  readonly loop: Variable;
  readonly piece: Variable;
  readonly length: number;
}

/**
 * The function `(begin, end, ...counters, ...slots)` that computes some units of a nest's work; where `part` is given,
 * its loop runs over one piece only.
 */
export function writeLoopNest(nest: Nest, schedule: Schedule, part?: Piece): FunctionWriter {
  const params = ["begin", "end", ...nest.counters, ...nest.slots].map(() => "i32" as const);
  const writer = new FunctionWriter(params);
  new LoopNest(nest, schedule, new Scope(writer), part).write();
  return writer;
}

class LoopNest {
  readonly #expressions: ExpressionWriter;

  constructor(readonly nest: Nest, readonly schedule: Schedule, readonly scope: Scope, readonly part?: Piece) {
    const firstSlot = 2 + nest.counters.length;
    this.#expressions = new ExpressionWriter(scope, nest.slots.map((_, i) => firstSlot + i));
  }

  write(): void {
    const { scope, nest, schedule } = this;
    nest.counters.forEach((counter, i) => scope.bind(counter, 2 + i));
    const [begin, end] = [0, 1];
    scope.loop(begin, end, 1, (unit) => {
      const lanes = schedule.mode === "outer" ? schedule.lanes[0]! : undefined;
      const rows = nest.outer.filter((variable) => variable !== lanes);
      if (!lanes) {
        decode(scope, rows, unit);
        this.#phases();
        return;
      }
      const blocks = Math.ceil(lanes.extent / schedule.block);
      decode(scope, rows, blocks === 1 ? unit : scope.op("i32.div_u", [unit, scope.i32(blocks)]));
      this.#outerLanes(lanes, blocks === 1 ? undefined : scope.op("i32.rem_u", [unit, scope.i32(blocks)]));
    });
  }

  /** All phases for the outer points of one block along `variable`. */
  #outerLanes(variable: Variable, block: Local | undefined): void {
    const { scope, schedule } = this;
    const from = block === undefined ? scope.i32(0) : scope.op("i32.mul", [block, scope.i32(schedule.block)]);
    const to = block === undefined ? scope.i32(variable.extent) : this.#limit(from, variable.extent);
    vectorLoops(
      scope,
      { variable, from, to, copies: schedule.copies[0], blocks: schedule.block, aligned: true },
      () => this.#phases(),
    );
  }

  #limit(from: Local, extent: number): Local {
    const { scope } = this;
    const end = scope.op("i32.add", [from, scope.i32(this.schedule.block)]);
    return least(scope, end, scope.i32(extent));
  }

  #phases(): void {
    this.nest.phases.forEach((phase, i) => {
      const lanes = this.schedule.mode === "inner" ? this.schedule.lanes[i] : undefined;
      if (lanes) this.#phaseAlong(phase, lanes, this.schedule.copies[i]);
      else this.#phase(phase);
    });
  }

  /** One phase, point by point; lanes and copies, if any, are outer points. */
  #phase(phase: Phase): void {
    const { scope } = this;
    const states: Accumulator[][] = [];
    scope.eachCopy(() => states.push(phase.reductions.map((reduction) => start(scope, reduction))));
    const points = (inner: readonly Variable[], phase: Phase): void => {
      forEachPoint(scope, inner, () => {
        scope.eachCopy((copy) => this.#point(phase, states[copy]));
      }, this.part && ((variable) => this.#range(variable)));
    };
    const guarded = this.part ? undefined : guardedSum(phase, scope.lanes);
    if (!guarded) points(phase.inner, phase);
    else this.#where(guarded, () => points(phase.inner.slice(1), guarded.phase));
    phase.reductions.forEach(({ id }, i) => {
      scope.bindResult(id, states.map((state) => resultOf(scope, state[i])));
    });
  }

  /** Runs `body` for those values of the first inner loop at which anything is added. */
  #where({ loop, conditions }: GuardedSum, body: () => void): void {
    const { scope } = this;
    scope.loop(scope.i32(0), scope.i32(loop.extent), 1, (counter) => {
      scope.bind(loop, counter);
      const holds = conditions.map((condition) => this.#expressions.scalar(condition));
      scope.when(holds.reduce((a, b) => scope.op("i32.and", [a, b])), body);
    });
  }

  /** One phase with successive inner points in the lanes. */
  #phaseAlong(phase: Phase, lanes: Variable, copies: number): void {
    const { scope } = this;
    const states = Array.from({ length: copies }, () => phase.reductions.map((reduction) => start(scope, reduction)));
    const tail = phase.reductions.map((reduction) => start(scope, reduction));
    forEachPoint(scope, phase.inner.filter((variable) => variable !== lanes), () => {
      const [from, to] = this.#range(lanes);
      vectorLoops(scope, { variable: lanes, from, to, copies, blocks: 4 * copies, aligned: true }, (vector) => {
        scope.eachCopy((copy) => this.#point(phase, vector ? states[copy] : tail));
      });
    }, this.part && ((variable) => this.#range(variable)));
    phase.reductions.forEach((reduction, i) => {
      const [first, ...others] = states.map((state) => state[i]);
      for (const other of others) join(scope, reduction, first, other);
      joinLanes(scope, reduction, first);
      join(scope, reduction, first, tail[i]);
      scope.bindResult(reduction.id, [resultOf(scope, first)]);
    });
  }

  #range(variable: Variable): [Local, Local] {
    const { scope, part } = this;
    if (!part || part.loop !== variable) return [scope.i32(0), scope.i32(variable.extent)];
    const from = scope.op("i32.mul", [scope.variable(part.piece), scope.i32(part.length)]);
    return [from, least(scope, scope.op("i32.add", [from, scope.i32(part.length)]), scope.i32(variable.extent))];
  }

  #point(phase: Phase, state: readonly Accumulator[]): void {
    const { scope } = this;
    const needed = phase.reductions.some(({ kind }) => kind.startsWith("arg"));
    const position = needed ? this.#position(phase.inner) : scope.i32x4(0);
    phase.reductions.forEach((reduction, i) => {
      accumulate(scope, reduction, state[i], this.#expressions.vector(reduction.value), position);
    });
    writeStores(this.#expressions, phase.stores);
  }

  /** The row-major position of the current inner point, in lanes. */
  #position(inner: readonly Variable[]): Local {
    const { scope } = this;
    let position: Local | undefined;
    for (const variable of inner) {
      const counter = scope.variable(variable);
      position = position === undefined
        ? counter
        : scope.op("i32.add", [scope.op("i32.mul", [position, scope.i32(variable.extent)]), counter]);
    }
    const first = scope.op("i32x4.splat", [position ?? scope.i32(0)]);
    const along = scope.lanes && inner.includes(scope.lanes);
    return along ? scope.op("i32x4.add", [first, scope.i32x4(0, 1, 2, 3)]) : first;
  }
}

/** Points that a nest visits; one without any has nothing to run. */
export function isEmpty(nest: Nest): boolean {
  return pointsOf(nest.outer) === 0;
}
