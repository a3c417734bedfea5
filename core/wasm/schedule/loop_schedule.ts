/**
 * How a nest is run: which loop lies in the lanes, how far it is unrolled, and how the work is cut into chunks.
 *
 * A schedule follows from the nest alone, never from the number of threads, so results do not depend on it either.
 *
 * @module
 */

import { dependsOn, type Expression, type Variable, walk } from "../../nest/expression.ts";
import { type Nest, type Phase, pointsOf } from "../../nest/nest.ts";
import { isPositional } from "../../nest/reduction_kinds.ts";
import { spanAlong, strideAlong } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import { vectorOperations } from "../scalar/operations.ts";

/** The plan for one nest that is computed in loops. */
export interface LoopSchedule {
  /** `outer`: lanes are successive outer points; `inner`: successive inner points of each phase; `none`: one at a time. */
  readonly mode: "outer" | "inner" | "none";
  /** The variable in the lanes: of the nest in mode `outer`, of each phase in mode `inner`. */
  readonly lanes: readonly (Variable | undefined)[];
  /** Vectors computed side by side in one turn of the vector loop, for each phase. */
  readonly copies: readonly number[];
  /** Outer points of a unit of work along the lanes' variable, in mode `outer`. */
  readonly block: number;
  /** Units of work, and how many of them make a chunk. */
  readonly units: number;
  readonly unitsPerChunk: number;
}

/** Rough costs in cycles, for four lanes at once. */
const loadCosts = new Map([[0, 0.5], [1, 1], [2, 3], [-1, 2]]) as ReadonlyMap<number | undefined, number>;
const NEAR_COST = 4;
const GATHER_COST = 7;
const CHUNK_CYCLES = 30_000;
const MOST_CHUNKS = 64;
/** Phases of more cycles are unrolled twice instead of four times; those of twice as many cycles are not unrolled. */
const UNROLL_LIMIT = 60;
/** Reductions of at least this many points, each of at most this many cycles, compute this many vectors at a time. */
const LONG_COLUMN = 32;
const LIGHT = 4;
const WIDE_COPIES = 8;

/** Plans a nest. The outer variable `apart` is never put into lanes, because its values have loops of different lengths. */
export function loopScheduleOf(nest: Nest, apart?: Variable): LoopSchedule {
  const inner = nest.phases.map((phase) => bestOf(innerCandidates(phase), (variable) => phaseCost(phase, variable)));
  const scalarCost = total(nest, () => undefined);
  const innerCost = total(nest, (phase) => inner[nest.phases.indexOf(phase)]);
  const outer = bestOf(
    nest.outer.filter((variable) => variable.extent >= LANES && variable !== apart),
    (variable) => total(nest, () => variable),
  );
  const outerCost = outer ? total(nest, () => outer) : Infinity;
  if (outer && outerCost <= innerCost) return outerSchedule(nest, outer, outerCost);
  const mode = inner.some((variable) => variable) && innerCost < scalarCost ? "inner" : "none";
  const lanes = nest.phases.map((_, i) => mode === "inner" ? inner[i] : undefined);
  const points = pointsOf(nest.outer);
  const perPoint = Math.min(innerCost, scalarCost);
  return {
    mode,
    lanes,
    copies: nest.phases.map((phase, i) => lanes[i] ? copiesOf(phase, lanes[i]) : 1),
    block: 1,
    units: points,
    unitsPerChunk: unitsPerChunk(points, perPoint),
  };
}

function outerSchedule(nest: Nest, variable: Variable, pointCost: number): LoopSchedule {
  const rows = pointsOf(nest.outer.filter((one) => one !== variable));
  const copies = copiesAcross(nest, variable);
  const step = LANES * copies;
  const cycles = rows * variable.extent * pointCost;
  const wanted = Math.max(1, Math.min(MOST_CHUNKS, Math.floor(cycles / CHUNK_CYCLES)));
  const blocks = rows >= wanted ? 1 : Math.ceil(wanted / rows);
  const block = Math.min(variable.extent, Math.ceil(variable.extent / blocks / step) * step);
  const units = rows * Math.ceil(variable.extent / block);
  return {
    mode: "outer",
    lanes: [variable],
    copies: [copies],
    block,
    units,
    unitsPerChunk: unitsPerChunk(units, pointCost * block),
  };
}

function unitsPerChunk(units: number, unitCost: number): number {
  const wanted = Math.max(1, Math.min(MOST_CHUNKS, Math.floor(units * unitCost / CHUNK_CYCLES)));
  return Math.max(1, Math.ceil(units / wanted));
}

/** Where order matters only the last inner loop may lie in the lanes. */
function innerCandidates({ inner, reductions, stores }: Phase): readonly Variable[] {
  const ordered = reductions.some(({ kind }) => isPositional(kind)) || stores.some(({ add }) => add);
  return inner.filter((variable, i) => variable.extent >= LANES && (!ordered || i === inner.length - 1));
}

function bestOf(variables: readonly Variable[], cost: (variable: Variable) => number): Variable | undefined {
  let best: Variable | undefined;
  for (const variable of [...variables].reverse()) if (!best || cost(variable) < cost(best)) best = variable;
  return best;
}

/** Cycles for one outer point. */
function total(nest: Nest, lanes: (phase: Phase) => Variable | undefined): number {
  return nest.phases.reduce((sum, phase) => sum + pointsOf(phase.inner) * phaseCost(phase, lanes(phase)), 0);
}

/** Cycles for one point of a phase with `variable` in the lanes. */
function phaseCost(phase: Phase, variable: Variable | undefined): number {
  const values = phase.reductions.map(({ value }) => value);
  const stored = phase.stores.flatMap(({ value, guard }) => guard ? [value, guard] : [value]);
  const stores = phase.stores.reduce((sum, { index }) => sum + accessCost(index, variable), 0);
  const lanes = variable ? usedLanes(variable) : 1;
  return (weightOf([...values, ...stored], variable) + stores + phase.reductions.length) / lanes;
}

/** Cycles for four points of `expressions` with `variable` in the lanes. */
export function costAlong(expressions: readonly Expression[], variable: Variable): number {
  return weightOf(expressions, variable) * LANES / usedLanes(variable);
}

/** The average number of values of `variable` per vector: those left over are computed one by one. */
function usedLanes({ extent }: Variable): number {
  return extent / (Math.floor(extent / LANES) + extent % LANES);
}

function weightOf(expressions: readonly Expression[], variable: Variable | undefined): number {
  let weight = 0;
  walk(expressions, (e) => {
    if (e.kind === "apply" && e.dtype !== "i32") weight += vectorOperations[e.op].cycles;
    else if (e.kind === "load") {
      weight += accessCost(e.index, variable) + (e.guard && variable && dependsOn(e.guard, variable) ? 2 : 0);
    }
  });
  return weight;
}

function accessCost(index: Expression, variable: Variable | undefined): number {
  if (!variable) return 1;
  const known = loadCosts.get(strideAlong(index, variable, LANES));
  return known ?? ((spanAlong(index, variable, LANES) ?? LANES) < LANES ? NEAR_COST : GATHER_COST);
}

/** As many copies as every phase allows; more for a plain reduction, which then reads longer pieces of each row. */
function copiesAcross({ phases }: Nest, variable: Variable): number {
  const [first, ...later] = phases;
  const down = first.reductions.length === 1 && first.stores.length === 0 && pointsOf(first.inner) >= LONG_COLUMN &&
    phaseCost(first, undefined) <= LIGHT && later.every((phase) => phaseCost(phase, undefined) <= UNROLL_LIMIT);
  if (down && variable.extent % (LANES * WIDE_COPIES) === 0) return WIDE_COPIES;
  return Math.min(...phases.map((phase) => copiesOf(phase, variable)));
}

function copiesOf(phase: Phase, { extent }: Variable): number {
  const weight = phaseCost(phase, undefined);
  const most = weight > 2 * UNROLL_LIMIT ? 1 : weight > UNROLL_LIMIT || phase.reductions.length > 2 ? 2 : 4;
  return extent >= LANES * most ? most : extent >= 8 ? Math.min(2, most) : 1;
}
