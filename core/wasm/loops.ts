/**
 * Writes the nests that are not tiled products: elementwise work, reductions, and chains of them over rows.
 *
 * @module
 */

import type { Variable } from "../compile/expression.ts";
import { type Nest, type Phase, pointsOf } from "../compile/nest.ts";
import { accumulate, type Accumulator, join, joinLanes, resultOf, start } from "./accumulators.ts";
import { FunctionWriter } from "./assembler.ts";
import { ExpressionWriter } from "./expressions.ts";
import { writeStore } from "./loads.ts";
import type { Schedule } from "./schedule.ts";
import { type Local, Scope } from "./scope.ts";

/** The function `(begin, end, ...counters, ...slots)` that computes some units of a nest's work. */
export function writeLoopNest(nest: Nest, schedule: Schedule): FunctionWriter {
  const params = ["begin", "end", ...nest.counters, ...nest.slots].map(() => "i32" as const);
  const writer = new FunctionWriter(params);
  new LoopNest(nest, schedule, new Scope(writer)).write();
  return writer;
}

class LoopNest {
  readonly #expressions: ExpressionWriter;

  constructor(readonly nest: Nest, readonly schedule: Schedule, readonly scope: Scope) {
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
        this.#decode(rows, unit);
        this.#phases();
        return;
      }
      const blocks = Math.ceil(lanes.extent / schedule.block);
      this.#decode(rows, blocks === 1 ? unit : scope.op("i32.div_u", [unit, scope.i32(blocks)]));
      this.#outerLanes(lanes, blocks === 1 ? undefined : scope.op("i32.rem_u", [unit, scope.i32(blocks)]));
    });
  }

  /** Binds the counters of `variables`, whose points are numbered by `row`. */
  #decode(variables: readonly Variable[], row: Local): void {
    const { scope } = this;
    let rest = row;
    [...variables].reverse().forEach((variable, i) => {
      const last = i === variables.length - 1;
      scope.bind(variable, last ? rest : scope.op("i32.rem_u", [rest, scope.i32(variable.extent)]));
      if (!last) rest = scope.op("i32.div_u", [rest, scope.i32(variable.extent)]);
    });
  }

  /** All phases for the outer points of one block along `variable`. */
  #outerLanes(variable: Variable, block: Local | undefined): void {
    const { scope, schedule } = this;
    const from = block === undefined ? scope.i32(0) : scope.op("i32.mul", [block, scope.i32(schedule.block)]);
    const to = block === undefined ? scope.i32(variable.extent) : this.#limit(from, variable.extent);
    this.#vectorLoops(variable, from, to, schedule.copies[0], () => this.#phases());
  }

  #limit(from: Local, extent: number): Local {
    const { scope } = this;
    const end = scope.op("i32.add", [from, scope.i32(this.schedule.block)]);
    return scope.op("select", [end, scope.i32(extent), scope.op("i32.lt_s", [end, scope.i32(extent)])]);
  }

  /** Runs `body` with `variable` in `copies` vectors, then in one, then without lanes for what is left. */
  #vectorLoops(variable: Variable, from: Local, to: Local, copies: number, body: (vector: boolean) => void): void {
    const { scope } = this;
    const even = (step: number): boolean => variable.extent % step === 0 && this.schedule.block % step === 0;
    let at = from;
    for (const count of copies > 1 ? [copies, 1] : [1]) {
      at = scope.loop(at, this.#minus(to, 4 * count - 1), 4 * count, (counter) => {
        const starts = Array.from(
          { length: count },
          (_, copy) => copy ? scope.op("i32.add", [counter, scope.i32(4 * copy)]) : counter,
        );
        scope.spread(variable, starts);
        body(true);
      });
      if (even(4 * count)) return;
    }
    scope.loop(at, to, 1, (counter) => {
      scope.bind(variable, counter);
      body(false);
    });
  }

  #minus(local: Local, constant: number): Local {
    return this.scope.op("i32.sub", [local, this.scope.i32(constant)]);
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
    this.#loops(phase.inner, () => {
      scope.eachCopy((copy) => this.#point(phase, states[copy]));
    });
    phase.reductions.forEach(({ id }, i) => {
      scope.bindResult(id, states.map((state) => resultOf(state[i])), scope.lanes !== undefined);
    });
  }

  /** One phase with successive inner points in the lanes. */
  #phaseAlong(phase: Phase, lanes: Variable, copies: number): void {
    const { scope } = this;
    const states = Array.from({ length: copies }, () => phase.reductions.map((reduction) => start(scope, reduction)));
    const tail = phase.reductions.map((reduction) => start(scope, reduction));
    this.#loops(phase.inner.filter((variable) => variable !== lanes), () => {
      const [from, to] = [scope.i32(0), scope.i32(lanes.extent)];
      this.#vectorLoops(lanes, from, to, copies, (vector) => {
        scope.eachCopy((copy) => this.#point(phase, vector ? states[copy] : tail));
      });
    });
    phase.reductions.forEach((reduction, i) => {
      const [first, ...others] = states.map((state) => state[i]);
      for (const other of others) join(scope, reduction, first, other);
      joinLanes(scope, reduction, first);
      join(scope, reduction, first, tail[i]);
      scope.bindResult(reduction.id, [resultOf(first)], false);
    });
  }

  #point(phase: Phase, state: readonly Accumulator[]): void {
    const { scope } = this;
    const needed = phase.reductions.some(({ kind }) => kind.startsWith("arg"));
    const position = needed ? this.#position(phase.inner) : scope.i32x4(0);
    phase.reductions.forEach((reduction, i) => {
      accumulate(scope, reduction, state[i], this.#expressions.vector(reduction.value), position);
    });
    for (const store of phase.stores) writeStore(this.#expressions, store);
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
    const along = scope.lanes && inner.includes(scope.lanes.variable);
    return along ? scope.op("i32x4.add", [first, scope.i32x4(0, 1, 2, 3)]) : first;
  }

  #loops([variable, ...rest]: readonly Variable[], body: () => void): void {
    if (!variable) return body();
    const { scope } = this;
    scope.loop(scope.i32(0), scope.i32(variable.extent), 1, (counter) => {
      scope.bind(variable, counter);
      this.#loops(rest, body);
    });
  }
}

/** Points that a nest visits; one without any has nothing to run. */
export function isEmpty(nest: Nest): boolean {
  return pointsOf(nest.outer) === 0;
}
