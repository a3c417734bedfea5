/**
 * Runs loop nests in double precision on the host, to check without a device that a nest computes its part of the
 * graph.
 *
 * @module
 */

import { roundTo } from "../dtype.ts";
import type { Checked, Expression, Load, Result, Variable } from "./expression.ts";
import { record, recordIndex } from "./index_checks.ts";
import type { Nest, Phase, Reduction, Store } from "./nest.ts";
import type { Program, ProgramStep } from "./program.ts";
import { identityOf, reductionKinds } from "./reduction_kinds.ts";
import { scalarFunction } from "../scalar/evaluate.ts";
import type { ScalarTypes } from "../scalar/facts.ts";
import type { ScalarOp } from "../scalar/operations.ts";

/** The variables, results and memory that an expression's value depends on. */
export interface Surroundings {
  readonly variable: (variable: Variable) => number;
  readonly result: (result: Result) => number;
  readonly load: (load: Load) => number;
  /** Records the value of a checked index at a position (default: does nothing). */
  readonly check?: (check: Checked, index: number, position: number) => void;
}

/** Gives a value when it is called. */
type Value = () => number;

/** What gives the values of expressions that depend on more than their operands. */
interface Leaves {
  /** That of an expression inside. */
  value(expression: Expression): Value;
  variable(variable: Variable): Value;
  result(result: Result): Value;
  load(load: Load): Value;
  checked(check: Checked, index: Value, position: Value): Value;
}

/** An operation on operands, which it computes in order. */
function applied(op: ScalarOp, operands: readonly Value[], types: ScalarTypes): Value {
  const compute = scalarFunction(op, types);
  const values = operands.map(() => 0);
  return () => {
    for (let i = 0; i < operands.length; i++) values[i] = operands[i]();
    return compute(values);
  };
}

function summed(terms: readonly (readonly [Value, number])[], constant: number): Value {
  return () => {
    let sum = constant;
    for (let i = 0; i < terms.length; i++) sum += terms[i][1] * terms[i][0]();
    return sum | 0;
  };
}

/** A function that gives the value of an expression. Making it costs about as much as a call. */
function valueOf(expression: Expression, leaves: Leaves): Value {
  const value = (one: Expression): Value => leaves.value(one);
  switch (expression.kind) {
    case "literal":
      return () => expression.value;
    case "variable":
      return leaves.variable(expression);
    case "affine":
      return summed(expression.terms.map(([term, coefficient]) => [value(term), coefficient]), expression.constant);
    case "result":
      return leaves.result(expression);
    case "load":
      return leaves.load(expression);
    case "checked":
      return leaves.checked(expression, value(expression.index), value(expression.position));
    case "apply": {
      const { op, args, dtype } = expression;
      return applied(op, args.map(value), { to: dtype, from: args[0].dtype });
    }
  }
}

/** A function that gives the value of an expression in its surroundings at each call. */
export function expressionIn(around: Surroundings, expression: Expression): () => number {
  const leaves: Leaves = {
    value: (one) => valueOf(one, leaves),
    variable: (one) => () => around.variable(one),
    result: (one) => () => around.result(one),
    load: (one) => () => around.load(one),
    checked: (one, index, position) => () => {
      const found = index();
      around.check?.(one, found, position());
      return found;
    },
  };
  return valueOf(expression, leaves);
}

/** The value of an expression. */
export function evaluateExpression(expression: Expression, around: Surroundings): number {
  return expressionIn(around, expression)();
}

type Memory = (Float64Array | undefined)[];
type Point = ReadonlyMap<Variable, number>;

/** A loop, and where it is. */
interface Loop {
  readonly extent: number;
  at: number;
}

/** A reduction that is under way. */
interface Accumulation {
  readonly id: number;
  readonly start: number;
  /** Takes the next value. */
  readonly take: (position: number) => void;
}

/** A store that is about to happen. */
interface Pending {
  readonly slot: number;
  readonly isMeant: Value;
  readonly index: Value;
  readonly value: Value;
  readonly add: boolean;
  /** What the next write stores where; undefined if nothing. */
  at: number | undefined;
  now: number;
}

/** A nest on the cells of its slots. */
class NestRun implements Leaves {
  readonly #results: number[] = [];
  readonly #made = new Map<Expression, Value>();
  readonly #loops = new Map<Variable, Loop>();
  readonly #run: () => void;

  constructor(readonly nest: Nest, readonly memory: Memory, readonly words: Int32Array) {
    for (const one of [...nest.counters, ...nest.outer, ...nest.phases.flatMap(({ inner }) => inner)]) {
      this.#loops.set(one, { extent: one.extent, at: 0 });
    }
    const phases = nest.phases.map((phase) => this.#phase(phase));
    this.#run = this.#around(nest.outer, () => phases.forEach((phase) => phase()));
  }

  /** Runs within loops whose counters are these. */
  run(counters: Point): void {
    for (const [variable, at] of counters) if (this.#loops.has(variable)) this.#loops.get(variable)!.at = at;
    this.#run();
  }

  /** Does something at each point of some loops. */
  #around(variables: readonly Variable[], visit: () => void): () => void {
    return variables.reduceRight((inside, variable) => {
      const loop = this.#loops.get(variable)!;
      return () => {
        for (loop.at = 0; loop.at < loop.extent; loop.at++) inside();
      };
    }, visit);
  }

  #phase({ inner, reductions, stores }: Phase): () => void {
    const all = reductions.map((one) => this.#accumulation(one));
    const pending = stores.map((one) => this.#pending(one));
    let position = 0;
    const visit = this.#around(inner, () => {
      for (const one of all) one.take(position);
      position++;
      // A store may overwrite elements that others read, so all values are computed first.
      for (const one of pending) {
        one.at = one.isMeant() ? one.index() : undefined;
        if (one.at !== undefined) one.now = one.value();
      }
      for (const one of pending) if (one.at !== undefined) this.#write(one.at, one);
    });
    return () => {
      for (const { id, start } of all) this.#results[id] = start;
      position = 0;
      visit();
    };
  }

  #pending({ slot, index, value, guard, add = false }: Store): Pending {
    const isMeant = guard ? this.value(guard) : () => 1;
    return { slot, isMeant, index: this.value(index), value: this.value(value), add, at: undefined, now: 0 };
  }

  #write(at: number, { slot, add, now }: Pending): void {
    const cells = this.memory[slot]!;
    if (at < 0 || at >= cells.length) throw this.#outside("store", slot, at);
    cells[at] = add ? roundTo(this.nest.slots[slot].dtype, cells[at] + now) : now;
  }

  #accumulation(reduction: Reduction): Accumulation {
    const { id, kind, dtype } = reduction;
    const value = this.value(reduction.value);
    const rule = reductionKinds[kind];
    const results = this.#results;
    if (rule.gives === "value") {
      const combined = applied(rule.combine, [() => results[id], value], { to: dtype, from: dtype });
      return { id, start: identityOf(kind, dtype), take: () => results[id] = combined() };
    }
    let best = 0;
    const take = (position: number): void => {
      const now = value();
      if (position > 0 && !rule.isBetter(now, best)) return;
      best = now;
      results[id] = position;
    };
    return { id, start: rule.identity, take };
  }

  value(expression: Expression): Value {
    const made = this.#made.get(expression) ?? valueOf(expression, this);
    this.#made.set(expression, made);
    return made;
  }

  variable(variable: Variable): Value {
    const loop = this.#loops.get(variable);
    return () => {
      if (!loop) throw new Error(`Cannot run nest "${this.nest.name}": it has no loop ${variable.name}`);
      return loop.at;
    };
  }

  result({ reduction }: Result): Value {
    return () => this.#results[reduction];
  }

  load({ slot, index, guard }: Load): Value {
    const [place, isMeant] = [this.value(index), guard ? this.value(guard) : () => 1];
    const cells = this.memory[slot]!;
    return () => {
      if (!isMeant()) return 0;
      const at = place();
      if (at < 0 || at >= cells.length) throw this.#outside("load", slot, at);
      return cells[at];
    };
  }

  checked(check: Checked, index: Value, position: Value): Value {
    return () => {
      const found = index();
      recordIndex(this.words, { check, index: found, position: position() });
      return found;
    };
  }

  #outside(action: "load" | "store", slot: number, at: number): RangeError {
    const { length } = this.memory[slot]!;
    return new RangeError(
      `Cannot ${action} element ${at} of slot ${slot} in nest "${this.nest.name}": it has ${length} elements`,
    );
  }
}

/** Runs one nest on the cells of its slots. */
export function evaluateNest(nest: Nest, memory: Memory): void {
  new NestRun(nest, memory, new Int32Array(record.words)).run(new Map());
}

/** Runs a program on the cells of its buffers. `words` is the record of indices outside of their tables. */
export function evaluateProgram(
  program: Program,
  memory: Memory,
  words: Int32Array = new Int32Array(record.words),
): void {
  const counters = new Map<Variable, number>();
  const made = new Map<ProgramStep, NestRun>();
  const run = (steps: readonly ProgramStep[]): void => {
    for (const step of steps) {
      if (step.kind === "nest") {
        const { nest, buffers } = step;
        if (!made.has(step)) made.set(step, new NestRun(nest, buffers.map((buffer) => memory[buffer]), words));
        made.get(step)!.run(counters);
      } else {
        for (let i = 0; i < step.counter.extent; i++) {
          counters.set(step.counter, i);
          run(step.steps);
        }
      }
    }
  };
  run(program.steps);
}
