/**
 * Runs loop nests in double precision on the host: shows that a nest means what its graph does, without a device.
 *
 * @module
 */

import { roundTo } from "../dtype.ts";
import { evaluateScalar } from "./scalar.ts";
import type { Expression, Variable } from "./expression.ts";
import type { Nest, Phase, Reduction } from "./nest.ts";
import type { Program, Step } from "./program.ts";
import { reductionKinds } from "./reduction_kinds.ts";

type Memory = (Float64Array | undefined)[];
type Point = Map<Variable, number>;

class NestRun {
  readonly results: number[] = [];
  readonly point: Point;

  constructor(readonly nest: Nest, readonly memory: Memory, counters: Point) {
    this.point = new Map(counters);
  }

  run(): void {
    this.loop(this.nest.outer, () => this.nest.phases.forEach((phase) => this.phase(phase)));
  }

  loop(variables: readonly Variable[], visit: () => void, depth = 0): void {
    if (depth === variables.length) return visit();
    for (let i = 0; i < variables[depth].extent; i++) {
      this.point.set(variables[depth], i);
      this.loop(variables, visit, depth + 1);
    }
  }

  phase({ inner, reductions, stores }: Phase): void {
    const best: (number | undefined)[] = [];
    for (const { id, kind } of reductions) this.results[id] = reductionKinds[kind].identity;
    let position = 0;
    this.loop(inner, () => {
      for (const reduction of reductions) this.accumulate(reduction, best, position);
      position++;
      // A store may overwrite what the others read: all values come first.
      const ready = stores.filter(({ guard }) => !guard || this.value(guard))
        .map((store) => ({ ...store, at: this.value(store.index), now: this.value(store.value) }));
      for (const { slot, at, now, add } of ready) {
        const cells = this.memory[slot]!;
        if (at < 0 || at >= cells.length) throw new RangeError(`${this.nest.name}: store at ${at} of ${cells.length}`);
        cells[at] = add ? roundTo(this.nest.slots[slot].dtype, cells[at] + now) : now;
      }
    });
  }

  accumulate({ id, kind, value, dtype }: Reduction, best: (number | undefined)[], position: number): void {
    const now = this.value(value);
    const { results } = this;
    const rule = reductionKinds[kind];
    if (rule.gives === "value") {
      results[id] = evaluateScalar(rule.combine, [results[id], now], { to: dtype, from: dtype });
    } else {
      const old = best[id];
      if (old === undefined || rule.isBetter(now, old)) {
        best[id] = now;
        results[id] = position;
      }
    }
  }

  value(e: Expression): number {
    switch (e.kind) {
      case "literal":
        return e.value;
      case "variable": {
        const value = this.point.get(e);
        if (value === undefined) throw new Error(`${this.nest.name}: ${e.name} is not a loop here`);
        return value;
      }
      case "affine":
        return e.terms.reduce((sum, [term, c]) => sum + c * this.value(term), e.constant) | 0;
      case "result":
        return this.results[e.reduction];
      case "load":
        return this.load(e.slot, e.index, e.guard);
      case "apply":
        return evaluateScalar(e.op, e.args.map((arg) => this.value(arg)), { to: e.dtype, from: e.args[0].dtype });
    }
  }

  load(slot: number, index: Expression, guard?: Expression): number {
    if (guard && !this.value(guard)) return 0;
    const at = this.value(index);
    const cells = this.memory[slot]!;
    if (at < 0 || at >= cells.length) throw new RangeError(`${this.nest.name}: load at ${at} of ${cells.length}`);
    return cells[at];
  }
}

/** Runs one nest on the cells of its slots. */
export function evaluateNest(nest: Nest, memory: Memory, counters: Point = new Map()): void {
  new NestRun(nest, memory, counters).run();
}

/** Runs a program on the cells of its buffers. */
export function evaluateProgram(program: Program, memory: Memory): void {
  const counters: Point = new Map();
  const run = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.kind === "nest") evaluateNest(step.nest, step.buffers.map((buffer) => memory[buffer]), counters);
      else {
        for (let i = 0; i < step.counter.extent; i++) {
          counters.set(step.counter, i);
          run(step.steps);
        }
      }
    }
  };
  run(program.steps);
}
