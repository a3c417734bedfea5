/**
 * Writes the nests that are not tiled products: elementwise operations, reductions, and chains of them over rows.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import type { Nest, Phase, Reduction } from "../../nest/nest.ts";
import { isPositional } from "../../nest/reduction_kinds.ts";
import type { LoopParts } from "../../nest/split.ts";
import { sumBlocks, sumsSingles } from "../../nest/sum_blocks.ts";
import {
  accumulateLanes,
  joinAccumulators,
  joinAll,
  type LaneAccumulator,
  reductionResult,
  startAccumulator,
} from "./accumulators.ts";
import { FunctionWriter } from "../encode/assembler.ts";
import { LANES } from "../encode/lanes.ts";
import { ExpressionWriter } from "./expressions.ts";
import { writeStores } from "./loads.ts";
import type { LoopSchedule } from "../schedule/loop_schedule.ts";
import { type GuardedSum, guardedSum } from "../schedule/skipping.ts";
import { CodeScope, type Local } from "../scalar/code_scope.ts";
import {
  type Blocks,
  decode,
  forEachPoint,
  inBlocks,
  isOneIteration,
  least,
  type Range,
  spreadAll,
  vectorLoops,
} from "./iteration.ts";
import { withKnownGuards } from "./known_counters.ts";
import { inSquares } from "./squares.ts";

/** How a nest is written as loops. */
export interface LoopPlan {
  readonly schedule: LoopSchedule;
  /** If present, its loop runs only over the iterations of one part. */
  readonly parts?: LoopParts | undefined;
  /** The function that records an index outside of its table, if the nest checks indices. */
  readonly recorder?: number | undefined;
}

/** The function `(begin, end, ...counters, ...slots)` that computes a range of units of a nest's work. */
export function writeLoopNest(nest: Nest, plan: LoopPlan): FunctionWriter {
  const params = ["begin", "end", ...nest.counters, ...nest.slots].map(() => "i32" as const);
  const writer = new FunctionWriter(params);
  new LoopNest(nest, plan, new CodeScope(writer)).write();
  return writer;
}

/** The loop in the lanes of a phase, its vectors per iteration, and the loops around it. */
interface LanePlaces {
  readonly lanes: Variable;
  /** The loop in squares within that of the lanes, if there is one. */
  readonly across: Variable | undefined;
  readonly copies: number;
  readonly others: readonly Variable[];
  readonly blocks: Blocks;
}

class LoopNest {
  readonly #expressions: ExpressionWriter;
  /** The accumulators to which values are added, for each copy of a phase's body and, with inner lanes, for the tail. */
  #states: readonly (readonly LaneAccumulator[])[] = [];

  constructor(readonly nest: Nest, readonly plan: LoopPlan, readonly scope: CodeScope) {
    const firstSlot = 2 + nest.counters.length;
    this.#expressions = new ExpressionWriter(scope, nest.slots.map((_, i) => firstSlot + i), plan.recorder);
  }

  write(): void {
    const { scope, nest, plan: { schedule } } = this;
    nest.counters.forEach((counter, i) => scope.bind(counter, 2 + i));
    const [begin, end] = [0, 1];
    // Values that depend on such lanes alone, such as the masks of a padded image, are then computed once.
    if (this.#isWhole) spreadAll(scope, schedule.lanes[0]!, schedule.copies[0]);
    scope.loop({ from: begin, to: end, step: 1 }, (unit) => {
      const lanes = schedule.mode === "outer" ? schedule.lanes[0]! : undefined;
      const rows = nest.outer.filter((variable) => variable !== lanes);
      if (!lanes) {
        decode(scope, rows, unit);
        this.#phases();
        return;
      }
      if (this.#isWhole) {
        decode(scope, rows, unit);
        this.#phases();
        return;
      }
      const blocks = Math.ceil(lanes.extent / schedule.block);
      decode(scope, rows, blocks === 1 ? unit : scope.op("i32.div_u", [unit, scope.i32(blocks)]));
      this.#outerLanes(lanes, blocks === 1 ? undefined : scope.op("i32.rem_u", [unit, scope.i32(blocks)]));
    });
  }

  /** Whether the lanes hold all values of an outer variable. */
  get #isWhole(): boolean {
    const { mode, lanes: [lanes], copies: [copies] } = this.plan.schedule;
    return mode === "outer" && isOneIteration(lanes!, copies);
  }

  /** Writes all phases for the outer points of one block along `variable`. */
  #outerLanes(variable: Variable, block: Local | undefined): void {
    const { scope, plan: { schedule } } = this;
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
    const end = scope.op("i32.add", [from, scope.i32(this.plan.schedule.block)]);
    return least(scope, end, scope.i32(extent));
  }

  #phases(): void {
    const { scope, plan: { schedule } } = this;
    this.nest.phases.forEach((phase, i) => {
      const lanes = schedule.mode === "inner" ? schedule.lanes[i] : undefined;
      const across = lanes ?? scope.lanes ? schedule.across[i] : undefined;
      if (lanes) this.#phaseAlong(phase, lanes, { copies: schedule.copies[i], across });
      else if (across) this.#phaseInSquares(phase, across);
      else this.#phase(phase);
    });
  }

  /** Writes a phase, point by point. Lanes and copies, if there are any, are outer points. */
  #phase(phase: Phase): void {
    const { scope, plan: { parts } } = this;
    const states: LaneAccumulator[][] = [];
    scope.eachCopy(() => states.push(this.#start(phase)));
    this.#states = states;
    const blocks = this.#blocks(phase, phase.inner.map((variable) => this.#turns(variable)));
    const points = (inner: readonly Variable[], phase: Phase): void => {
      forEachPoint(scope, inner, (known) => {
        const here = withKnownGuards(this.#expressions.table, phase, known);
        scope.eachCopy((copy) => this.#point(here, this.#states[copy]));
      }, { ...this.#ranges, blocks });
    };
    const guarded = parts ? undefined : guardedSum(phase, scope.lanes);
    if (!guarded) points(phase.inner, phase);
    else this.#where(guarded, blocks, () => points(phase.inner.slice(1), guarded.phase));
    this.#bindResults(phase, states);
  }

  /** Writes a phase with outer points in the lanes, and four values of an inner variable after each other. */
  #phaseInSquares(phase: Phase, across: Variable): void {
    const { scope } = this;
    const states: LaneAccumulator[][] = [];
    scope.eachCopy(() => states.push(this.#start(phase)));
    this.#states = states;
    const others = phase.inner.filter((variable) => variable !== across);
    const inner = [...others, across];
    const blocks = this.#blocks({ ...phase, inner }, inner.map((variable) => this.#turns(variable)));
    // With ranges, short loops are not unrolled, since the rows of a square already are.
    forEachPoint(
      scope,
      others,
      () => this.#squares(phase, across, blocks),
      { rangeOf: (variable) => this.#range(variable), blocks },
    );
    this.#bindResults(phase, states);
  }

  /** Writes the points of a loop in squares, in its blocks. */
  #squares(phase: Phase, across: Variable, { lengthsOf, block }: Blocks): void {
    const lengths = lengthsOf(across);
    const even = [across.extent, ...lengths, this.#turns(across)].every((length) => length % LANES === 0);
    const body = (range: Range): void =>
      inSquares(this.#expressions, { ...range, across, even }, (copy) => this.#point(phase, this.#states[copy]));
    inBlocks(this.scope, this.#range(across), { lengths, block, body });
  }

  #bindResults({ reductions }: Phase, states: readonly (readonly LaneAccumulator[])[]): void {
    reductions.forEach(({ id }, i) => {
      this.scope.bindResult(id, states.map((state) => reductionResult(this.scope, state[i])));
    });
  }

  #start({ reductions }: Phase): LaneAccumulator[] {
    return reductions.map((reduction) => startAccumulator(this.scope, reduction));
  }

  /** Writes `body` for the values of the first inner loop at which anything is added. */
  #where({ loop, conditions }: GuardedSum, { lengthsOf, block }: Blocks, body: () => void): void {
    const { scope } = this;
    const turn = (counter: Local): void => {
      scope.bind(loop, counter);
      const holds = conditions.map((condition) => this.#expressions.scalar(condition));
      scope.when(holds.reduce((a, b) => scope.op("i32.and", [a, b])), body);
    };
    const all = { from: scope.i32(0), to: scope.i32(loop.extent) };
    const turns = (range: Range): unknown => scope.loop({ ...range, step: 1 }, turn);
    inBlocks(scope, all, { lengths: lengthsOf(loop), block, body: turns });
  }

  /** Writes a phase with successive inner points in the lanes, perhaps in squares. */
  #phaseAlong(phase: Phase, lanes: Variable, { copies, across }: Pick<LanePlaces, "copies" | "across">): void {
    const { scope } = this;
    const states = Array.from({ length: copies + 1 }, () => this.#start(phase));
    this.#states = states;
    const step = LANES * copies;
    const others = phase.inner.filter((variable) => variable !== lanes && variable !== across);
    const inner = [...others, lanes, ...(across ? [across] : [])];
    const turns = inner.map((one) => one === lanes ? Math.ceil(this.#turns(lanes) / step) : this.#turns(one));
    const blocks = this.#blocks({ ...phase, inner }, turns);
    const places = { lanes, across, copies, others, blocks };
    const isWhole = !across && isOneIteration(lanes, copies) && this.plan.parts?.loop !== lanes;
    if (isWhole && blocks.lengthsOf(lanes).length === 0) this.#wholeLanes(phase, places);
    else this.#lanesInTurn(phase, places);
    const tail = states.pop()!;
    phase.reductions.forEach((reduction, i) => {
      joinAll(scope, reduction, { states: states.map((state) => state[i]), tail: tail[i] });
      scope.bindResult(reduction.id, [reductionResult(scope, states[0][i])]);
    });
  }

  /** Writes a phase whose lanes hold all values of a loop, so that what depends on them alone is computed once. */
  #wholeLanes(phase: Phase, { lanes, copies, others, blocks }: LanePlaces): void {
    const { scope } = this;
    scope.deeper(() => {
      spreadAll(scope, lanes, copies);
      forEachPoint(scope, others, () => {
        scope.eachCopy((copy) => this.#point(phase, this.#states[copy]));
      }, { ...this.#ranges, blocks });
    }, (code) => scope.code.append(code));
  }

  #lanesInTurn(phase: Phase, { lanes, across, copies, others, blocks }: LanePlaces): void {
    const { scope } = this;
    const points = (vector: boolean): void => {
      const point = (copy: number): void => this.#point(phase, this.#states[vector ? copy : copies]);
      if (across && vector) this.#squares(phase, across, blocks);
      else if (across) forEachPoint(scope, [across], () => point(copies), { ...this.#ranges, blocks });
      else scope.eachCopy(point);
    };
    const step = LANES * copies;
    forEachPoint(scope, others, () => {
      const lengths = blocks.lengthsOf(lanes).map((length) => length * step);
      const body = (range: Range): void =>
        vectorLoops(scope, { variable: lanes, ...range, copies, blocks: step, aligned: true }, points);
      inBlocks(scope, this.#range(lanes), { lengths, block: blocks.block, body });
    }, { ...this.#ranges, blocks });
  }

  /** The blocks in which a phase adds many singles, if its loops run `turns` times each. */
  #blocks({ inner, reductions }: Phase, turns: readonly number[]): Blocks {
    const lengths = reductions.some(sumsSingles) ? sumBlocks(turns) : [];
    return {
      lengthsOf: (variable) => lengths[inner.indexOf(variable)] ?? [],
      block: (body) => this.#block(reductions, body),
    };
  }

  /** Writes a block, whose singles are added to sums of their own, and these to the sums of what is around it. */
  #block(reductions: readonly Reduction[], body: () => void): void {
    const { scope } = this;
    const around = this.#states;
    const own = (one: LaneAccumulator, i: number): LaneAccumulator =>
      sumsSingles(reductions[i]) ? startAccumulator(scope, reductions[i]) : one;
    this.#states = around.map((state) => state.map(own));
    body();
    this.#states.forEach((state, copy) =>
      reductions.forEach((reduction, i) => {
        if (!sumsSingles(reduction)) return;
        joinAccumulators(scope, reduction, { into: around[copy][i], other: state[i] });
      })
    );
    this.#states = around;
  }

  /** Ranges for the loops, if one of them runs over a part only. */
  get #ranges(): { readonly rangeOf?: (variable: Variable) => Range } {
    return this.plan.parts ? { rangeOf: (variable) => this.#range(variable) } : {};
  }

  #range(variable: Variable): Range {
    const { scope, plan: { parts } } = this;
    if (parts?.loop !== variable) return { from: scope.i32(0), to: scope.i32(variable.extent) };
    const from = scope.op("i32.mul", [scope.variable(parts.part), scope.i32(parts.length)]);
    const to = least(scope, scope.op("i32.add", [from, scope.i32(parts.length)]), scope.i32(variable.extent));
    return { from, to };
  }

  /** The most iterations of a loop. */
  #turns(variable: Variable): number {
    const { parts } = this.plan;
    return parts?.loop === variable ? parts.length : variable.extent;
  }

  #point(phase: Phase, state: readonly LaneAccumulator[]): void {
    const { scope } = this;
    const needed = phase.reductions.some(({ kind }) => isPositional(kind));
    const position = needed ? this.#position(phase.inner) : scope.i32x4(0);
    phase.reductions.forEach((reduction, i) => {
      const value = this.#expressions.vector(reduction.value);
      accumulateLanes(scope, reduction, { into: state[i], value, position });
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
