/**
 * The schedule of a nest that is computed in loops: which loop is in the lanes, how far it is unrolled, and how the
 * work is cut into chunks.
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
import { acrossOf, isSquare } from "./squares.ts";

/** The plan for one nest that is computed in loops. */
export interface LoopSchedule {
  /** Lanes are successive outer points (`outer`), successive inner points of a phase (`inner`), or unused (`none`). */
  readonly mode: "outer" | "inner" | "none";
  /** The variable in the lanes: for the nest in mode `outer`, otherwise for each phase. */
  readonly lanes: readonly (Variable | undefined)[];
  /** The number of vectors per iteration of the vector loop: for the nest in mode `outer`, otherwise for each phase. */
  readonly copies: readonly number[];
  /** The inner loop of each phase that is computed in squares (`squares.ts`). */
  readonly across: readonly (Variable | undefined)[];
  /** In mode `outer`, the number of points of a unit of work along the lanes' variable. */
  readonly block: number;
  /** The number of units of work, and of units per chunk. */
  readonly units: number;
  readonly unitsPerChunk: number;
}

/** Rough costs in cycles for four lanes, by stride. */
const loadCosts = new Map([[0, 0.5], [1, 1], [2, 3], [-1, 2]]) as ReadonlyMap<number | undefined, number>;
const NEAR_COST = 4;
const GATHER_COST = 7;
/** A vector load or store, and two shuffles. */
const SQUARE_COST = 3;
const CHUNK_CYCLES = 30_000;
const MOST_CHUNKS = 64;
/** Phases of more cycles are unrolled twice instead of four times, and those of more than twice as many not at all. */
const UNROLL_LIMIT = 60;
/** How much longer the code of a point is in squares: they have four rows, and there is code for the rest of the rows. */
const SQUARE_LENGTH = 2 * LANES;
/** Phases of more cycles are not computed in squares. */
const SQUARE_LIMIT = 30;
/** Reductions of `LONG_COLUMN` or more points of at most `LIGHT` cycles compute `WIDE_COPIES` vectors at a time. */
const LONG_COLUMN = 32;
const LIGHT = 4;
const WIDE_COPIES = 8;

/** The loop of a phase that is in the lanes, and the one that is computed in squares. */
interface PhaseLoops {
  readonly lanes?: Variable | undefined;
  readonly across?: Variable | undefined;
}

/** Plans a nest. The outer variable `apart` is never in lanes, because its values have loops of different lengths. */
export function loopScheduleOf(nest: Nest, apart?: Variable): LoopSchedule {
  const inner = nest.phases.map((phase) =>
    bestOf(innerCandidates(phase), (lanes) => phaseCost(phase, loopsOf(phase, lanes)))
  );
  const scalarCost = total(nest, () => ({}));
  const innerCost = total(nest, (phase) => loopsOf(phase, inner[nest.phases.indexOf(phase)]));
  const outer = bestOf(
    nest.outer.filter((variable) => variable.extent >= LANES && variable !== apart),
    (variable) => total(nest, (phase) => loopsOf(phase, variable)),
  );
  const outerCost = outer ? total(nest, (phase) => loopsOf(phase, outer)) : Infinity;
  if (outer && outerCost <= innerCost) return outerSchedule(nest, outer, outerCost);
  const mode = inner.some((variable) => variable) && innerCost < scalarCost ? "inner" : "none";
  const lanes = nest.phases.map((_, i) => mode === "inner" ? inner[i] : undefined);
  const points = pointsOf(nest.outer);
  const perPoint = Math.min(innerCost, scalarCost);
  return {
    mode,
    lanes,
    copies: nest.phases.map((phase, i) => lanes[i] ? copiesOf(phase, lanes[i]) : 1),
    across: nest.phases.map((phase, i) => lanes[i] && squaresAcross(phase, lanes[i])),
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
    across: nest.phases.map((phase) => squaresAcross(phase, variable)),
    block,
    units,
    unitsPerChunk: unitsPerChunk(units, pointCost * block),
  };
}

function unitsPerChunk(units: number, unitCost: number): number {
  const wanted = Math.max(1, Math.min(MOST_CHUNKS, Math.floor(units * unitCost / CHUNK_CYCLES)));
  return Math.max(1, Math.ceil(units / wanted));
}

/** The loops of a phase with these lanes. */
function loopsOf(phase: Phase, lanes: Variable | undefined): PhaseLoops {
  return lanes ? { lanes, across: squaresAcross(phase, lanes) } : {};
}

/** The inner loop of a phase that is computed in squares; undefined if there is none, or if the code would be long. */
function squaresAcross(phase: Phase, lanes: Variable): Variable | undefined {
  const across = acrossOf(phase, lanes, innerCandidates(phase));
  return across && phaseCost(phase, {}) <= SQUARE_LIMIT ? across : undefined;
}

/** The loops that may be in the lanes: only the last one if the order matters. */
function innerCandidates({ inner, reductions, stores }: Phase): readonly Variable[] {
  const ordered = reductions.some(({ kind }) => isPositional(kind)) || stores.some(({ add }) => add);
  return inner.filter((variable, i) => variable.extent >= LANES && (!ordered || i === inner.length - 1));
}

function bestOf(variables: readonly Variable[], cost: (variable: Variable) => number): Variable | undefined {
  let best: Variable | undefined;
  for (const variable of [...variables].reverse()) if (!best || cost(variable) < cost(best)) best = variable;
  return best;
}

/** Cycles per outer point. */
function total(nest: Nest, loops: (phase: Phase) => PhaseLoops): number {
  return nest.phases.reduce((sum, phase) => sum + pointsOf(phase.inner) * phaseCost(phase, loops(phase)), 0);
}

/** Cycles per point of a phase. */
export function phaseCost(phase: Phase, loops: PhaseLoops): number {
  const values = phase.reductions.map(({ value }) => value);
  const stored = phase.stores.flatMap(({ value, guard }) => guard ? [value, guard] : [value]);
  const stores = phase.stores.reduce(
    (sum, { index, guard, add }) => sum + accessCost(index, guard || add ? { lanes: loops.lanes } : loops),
    0,
  );
  const lanes = loops.lanes ? usedLanes(loops.lanes) : 1;
  return (weightOf([...values, ...stored], loops) + stores + phase.reductions.length) / lanes;
}

/** Cycles for four points of `expressions` with `variable` in the lanes. */
export function costAlong(expressions: readonly Expression[], variable: Variable): number {
  return weightOf(expressions, { lanes: variable }) * LANES / usedLanes(variable);
}

/** The average number of values of `variable` per vector. The remaining values are computed one by one. */
function usedLanes({ extent }: Variable): number {
  return extent / (Math.floor(extent / LANES) + extent % LANES);
}

function weightOf(expressions: readonly Expression[], loops: PhaseLoops): number {
  const { lanes } = loops;
  let weight = 0;
  walk(expressions, (e) => {
    if (e.kind === "apply" && e.dtype !== "i32") weight += vectorOperations[e.op].cycles;
    else if (e.kind === "load") {
      weight += accessCost(e.index, e.guard ? { lanes } : loops);
      if (e.guard && lanes && dependsOn(e.guard, lanes)) weight += 2;
    }
  });
  return weight;
}

function accessCost(index: Expression, { lanes, across }: PhaseLoops): number {
  if (!lanes) return 1;
  const known = loadCosts.get(strideAlong(index, lanes, LANES));
  if (known !== undefined) return known;
  if ((spanAlong(index, lanes, LANES) ?? LANES) < LANES) return NEAR_COST;
  if (!across || !isSquare(index, { lanes, across })) return GATHER_COST;
  const rest = across.extent % LANES / across.extent;
  return (1 - rest) * SQUARE_COST + rest * GATHER_COST;
}

/** As many copies as every phase allows; more for a simple reduction, which then reads longer pieces of each row. */
function copiesAcross({ phases }: Nest, variable: Variable): number {
  const [first, ...later] = phases;
  const down = first.reductions.length === 1 && first.stores.length === 0 && pointsOf(first.inner) >= LONG_COLUMN &&
    phaseCost(first, {}) <= LIGHT && !squaresAcross(first, variable) &&
    later.every((phase) => !squaresAcross(phase, variable) && phaseCost(phase, {}) <= UNROLL_LIMIT);
  if (down && variable.extent % (LANES * WIDE_COPIES) === 0) return WIDE_COPIES;
  return Math.min(...phases.map((phase) => copiesOf(phase, variable)));
}

function copiesOf(phase: Phase, lanes: Variable): number {
  const { extent } = lanes;
  const weight = (squaresAcross(phase, lanes) ? SQUARE_LENGTH : 1) * phaseCost(phase, {});
  const most = weight > 2 * UNROLL_LIMIT ? 1 : weight > UNROLL_LIMIT || phase.reductions.length > 2 ? 2 : 4;
  return extent >= LANES * most ? most : extent >= 8 ? Math.min(2, most) : 1;
}
