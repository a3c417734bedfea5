/**
 * Runs loop nests in double precision on the host, to check without a device that a nest computes its part of the
 * graph.
 *
 * @module
 */

import { roundTo } from "../dtype.ts";
import type { Checked, Expression, Load, Result, Variable } from "./expression.ts";
import { record, recordIndex } from "./index_checks.ts";
import type { Nest, Phase, Reduction } from "./nest.ts";
import type { Program, ProgramStep } from "./program.ts";
import { identityOf, reductionKinds } from "./reduction_kinds.ts";
import { evaluateScalar } from "../scalar/evaluate.ts";

/** The variables, results and memory that an expression's value depends on. */
export interface Surroundings {
  readonly variable: (variable: Variable) => number;
  readonly result: (result: Result) => number;
  readonly load: (load: Load) => number;
  /** Records the value of a checked index at a position (default: does nothing). */
  readonly check?: (check: Checked, index: number, position: number) => void;
}

/** The value of an expression. */
export function evaluateExpression(expression: Expression, around: Surroundings): number {
  const value = (e: Expression): number => {
    switch (e.kind) {
      case "literal":
        return e.value;
      case "variable":
        return around.variable(e);
      case "affine":
        return e.terms.reduce((sum, [term, c]) => sum + c * value(term), e.constant) | 0;
      case "result":
        return around.result(e);
      case "load":
        return around.load(e);
      case "checked": {
        const index = value(e.index);
        around.check?.(e, index, value(e.position));
        return index;
      }
      case "apply":
        return evaluateScalar(e.op, e.args.map(value), { to: e.dtype, from: e.args[0].dtype });
    }
  };
  return value(expression);
}

type Memory = (Float64Array | undefined)[];
type Point = Map<Variable, number>;

/** What runs of nests have in common. */
interface Course {
  /** Counters of the loops around the nest. */
  readonly counters: Point;
  /** The record of indices outside of their tables. */
  readonly words: Int32Array;
}

class NestRun implements Surroundings {
  readonly results: number[] = [];
  readonly point: Point;

  constructor(readonly nest: Nest, readonly memory: Memory, readonly course: Course) {
    this.point = new Map(course.counters);
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
    for (const one of reductions) this.results[one.id] = startOf(one);
    let position = 0;
    this.loop(inner, () => {
      for (const reduction of reductions) this.accumulate(reduction, best, position);
      position++;
      // A store may overwrite elements that others read, so all values are computed first.
      const ready = stores.filter(({ guard }) => !guard || this.value(guard))
        .map((store) => ({ ...store, at: this.value(store.index), now: this.value(store.value) }));
      for (const { slot, at, now, add } of ready) {
        const cells = this.memory[slot]!;
        if (at < 0 || at >= cells.length) throw this.outside("store", slot, at);
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

  value(expression: Expression): number {
    return evaluateExpression(expression, this);
  }

  variable(variable: Variable): number {
    const value = this.point.get(variable);
    if (value === undefined) throw new Error(`Cannot run nest "${this.nest.name}": it has no loop ${variable.name}`);
    return value;
  }

  result({ reduction }: Result): number {
    return this.results[reduction];
  }

  load({ slot, index, guard }: Load): number {
    if (guard && !this.value(guard)) return 0;
    const at = this.value(index);
    const cells = this.memory[slot]!;
    if (at < 0 || at >= cells.length) throw this.outside("load", slot, at);
    return cells[at];
  }

  check(check: Checked, index: number, position: number): void {
    recordIndex(this.course.words, { check, index, position });
  }

  outside(action: "load" | "store", slot: number, at: number): RangeError {
    const { length } = this.memory[slot]!;
    return new RangeError(
      `Cannot ${action} element ${at} of slot ${slot} in nest "${this.nest.name}": it has ${length} elements`,
    );
  }
}

/** The result of a reduction of no values. */
function startOf({ kind, dtype }: Reduction): number {
  const rule = reductionKinds[kind];
  return rule.gives === "value" ? identityOf(kind, dtype) : rule.identity;
}

/** Runs one nest on the cells of its slots. */
export function evaluateNest(
  nest: Nest,
  memory: Memory,
  { counters = new Map(), words = new Int32Array(record.words) }: Partial<Course> = {},
): void {
  new NestRun(nest, memory, { counters, words }).run();
}

/** Runs a program on the cells of its buffers. `words` is the record of indices outside of their tables. */
export function evaluateProgram(program: Program, memory: Memory, words?: Int32Array): void {
  const course: Course = { counters: new Map(), words: words ?? new Int32Array(record.words) };
  const run = (steps: readonly ProgramStep[]): void => {
    for (const step of steps) {
      if (step.kind === "nest") evaluateNest(step.nest, step.buffers.map((buffer) => memory[buffer]), course);
      else {
        for (let i = 0; i < step.counter.extent; i++) {
          course.counters.set(step.counter, i);
          run(step.steps);
        }
      }
    }
  };
  run(program.steps);
}
