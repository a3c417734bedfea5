/**
 * The row schedule: a team of threads for each outer point, or for a few neighbors, which shares the inner loops. A
 * workgroup has one team or several.
 *
 * @module
 */

import type { Expression } from "../../nest/expression.ts";
import type { ExpressionTable } from "../../nest/expression_table.ts";
import { type Nest, type Phase, pointsOf } from "../../nest/nest.ts";
import { accumulatedType, identityOf, reductionKinds } from "../../nest/reduction_kinds.ts";
import { mapPhase } from "../../nest/rewrite.ts";
import { countersAt } from "../../nest/row_major.ts";
import { isRowable, type RowSchedule } from "../schedule/schedule.ts";
import { bindCounters, bodyOf, groupText, type KernelBody, type WorkgroupArray } from "./body.ts";
import { Emitter } from "./emitter.ts";
import { inBlocks, type Range } from "./loops.ts";
import {
  Accumulators,
  betterText,
  combinedText,
  resultName,
  type WgslAccumulator,
  writeAccumulation,
} from "./reductions.ts";
import { valueType } from "./scalar_operations.ts";

/** Where a thread is among the others. */
interface ThreadPlace {
  /** The text of the thread's number in its team. */
  readonly lane: string;
  /** The text of the number of the team's first thread in the workgroup; undefined if there is only one team. */
  readonly first: string | undefined;
}

interface RowFrame extends ThreadPlace {
  readonly emitter: Emitter;
  /** The number of threads of all teams of a workgroup, if the last team were complete. */
  readonly places: number;
  /** The number of neighboring points of a team. Neighboring threads have neighboring points. */
  readonly columns: number;
  /** The number of threads that share a point. */
  readonly shares: number;
  /** The most values that a thread loads before it adds the first of them. */
  readonly strip: number;
  /** The condition that the thread's point is not past the last one; undefined if none is. */
  readonly inside: Expression | undefined;
  /** The workgroup memory, by name. */
  readonly memory: Map<string, WorkgroupArray>;
}

/**
 * Writes the body of `nest` with some threads for each outer point, or for a few neighboring ones.
 *
 * @throws {TypeError} if the nest is not {@linkcode isRowable}.
 */
export function renderRow(nest: Nest, schedule: RowSchedule): KernelBody {
  if (!isRowable(nest)) throw new TypeError(`Cannot share rows of ${nest.name}: stores that add must run in order`);
  const { lanes, columns = 1, strip = 1, threads = lanes } = schedule;
  const points = pointsOf(nest.outer);
  const groups = groupsOf(schedule, points);
  const emitter = new Emitter(nest.slots);
  const { table } = emitter;
  bindCounters(nest, emitter);
  const place = openTeam(emitter, schedule);
  const { point, inside } = openPoint(emitter, schedule, points);
  const places = Math.ceil(threads / lanes) * lanes;
  const shares = lanes / columns;
  const frame: RowFrame = { emitter, ...place, places, columns, shares, strip, inside, memory: new Map() };
  const expression = table.substitution(countersAt(table, nest.outer, point));
  for (const phase of nest.phases) renderPhase(frame, onlyInside(frame, mapPhase(phase, { expression })));
  const memory = [...frame.memory.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  const among = threads === lanes ? "" : ` of ${threads}`;
  const shared = columns > 1 ? ` for ${columns} columns` : "";
  return bodyOf(nest, emitter, { schedule: `row, ${lanes}${among} lanes${shared}`, lanes: threads, groups, memory });
}

/** The number of teams of a workgroup that have all of their threads. */
const teamsOf = ({ lanes, threads = lanes }: RowSchedule): number => Math.floor(threads / lanes);

const groupsOf = (schedule: RowSchedule, points: number): number =>
  Math.ceil(points / (teamsOf(schedule) * (schedule.columns ?? 1)));

/** Writes the thread's team and its place in it. */
function openTeam(emitter: Emitter, { lanes, threads = lanes }: RowSchedule): ThreadPlace {
  if (threads === lanes) return { lane: "lane", first: undefined };
  emitter.line(`let team = i32(lane / ${lanes}u);`);
  emitter.line(`let place = lane % ${lanes}u;`);
  emitter.line("let first = lane - place;");
  return { lane: "place", first: "first" };
}

/**
 * Writes the thread's point. Past the last one it is the last one, as in a team without all of its threads, since all
 * threads must reach the barriers.
 */
function openPoint(
  emitter: Emitter,
  schedule: RowSchedule,
  points: number,
): Pick<RowFrame, "inside"> & { readonly point: Expression } {
  const { lanes, columns = 1, threads = lanes } = schedule;
  const { table } = emitter;
  const [teams, groups] = [teamsOf(schedule), groupsOf(schedule, points)];
  const isIncomplete = threads % lanes !== 0;
  const point = table.variable("point", groups * teams * columns + (isIncomplete ? columns : 0));
  if (teams * columns === 1 && !isIncomplete) {
    emitter.line(`let point = i32(${groupText(groups)});`);
    emitter.line(`if (point >= ${points}) { return; }`);
  } else {
    emitter.line(`let begin = i32(${groupText(groups)}) * ${teams * columns};`);
    emitter.line(`if (begin >= ${points}) { return; }`);
    const ofTeam = threads === lanes ? "" : columns === 1 ? " + team" : ` + team * ${columns}`;
    const ofColumn = columns === 1 ? "" : ` + i32(lane % ${columns}u)`;
    emitter.line(`let point = begin${ofTeam}${ofColumn};`);
  }
  emitter.bind(point, "point");
  if (points === groups * teams * columns && !isIncomplete) return { point, inside: undefined };
  const isPoint = table.apply("lt", "bool", [point, table.literal("i32", points)]);
  return {
    point: table.apply("min", "i32", [point, table.literal("i32", points - 1)]),
    inside: isIncomplete ? table.both(isPoint, isComplete(emitter, teams)) : isPoint,
  };
}

/** The condition that the thread's team has all of its threads. */
function isComplete(emitter: Emitter, teams: number): Expression {
  const { table } = emitter;
  const team = table.variable("team", teams + 1);
  emitter.bind(team, "team");
  return table.apply("lt", "bool", [team, table.literal("i32", teams)]);
}

/** A phase that stores nothing for points past the last one. */
function onlyInside({ inside, emitter: { table } }: RowFrame, phase: Phase): Phase {
  if (!inside) return phase;
  return { ...phase, stores: phase.stores.map((store) => ({ ...store, guard: table.both(store.guard, inside)! })) };
}

function renderPhase(frame: RowFrame, phase: Phase): void {
  const { emitter, emitter: { table }, columns, shares, lane } = frame;
  const accumulators = new Accumulators(emitter, phase.reductions);
  const points = pointsOf(phase.inner);
  if (phase.inner.length === 0) {
    const isFirst = columns === 1 ? `${lane} == 0u` : `${lane} < ${columns}u`;
    emitter.within(`if (${isFirst})`, () => renderPoint(emitter, phase, { accumulators, at: table.literal("i32", 0) }));
  } else if (points > 0) {
    const lengths = accumulators.blocksOf([Math.ceil(points / shares)])[0].map((length) => length * shares);
    const body = (range: Range): void => renderTurns(frame, { phase, accumulators, points, range });
    const from = columns === 1 ? `i32(${lane})` : `i32(${lane} / ${columns}u)`;
    inBlocks(emitter, { from, to: `${points}` }, { lengths, block: accumulators.block, body });
  }
  for (const accumulator of accumulators.current) {
    const { id, dtype } = accumulator.reduction;
    emitter.bind(table.result(dtype, id), share(frame, accumulator));
  }
}

/** Some turns of a phase's loops. */
interface RowTurns {
  readonly phase: Phase;
  readonly accumulators: Accumulators;
  /** The points of the loops. */
  readonly points: number;
  /** The points of these turns. */
  readonly range: Range;
}

/**
 * Writes the loop over the thread's turns, several of them in each iteration so that their loads run side by side. They
 * are added to a sum of their own first, which has fewer rounding errors.
 */
function renderTurns(frame: RowFrame, { phase, accumulators, points, range: { from, to } }: RowTurns): void {
  const { emitter, emitter: { table }, shares, strip } = frame;
  const turns = Math.ceil(points / shares);
  const most = phase.stores.length > 0 ? 1 : Math.min(strip, turns);
  const together = Math.ceil(turns / Math.ceil(turns / most));
  const name = emitter.name("n");
  emitter.within(`for (var ${name} = ${from}; ${name} < ${to}; ${name} += ${shares * together})`, () => {
    const at = table.variable("at", points);
    emitter.bind(at, name);
    const end = to === `${points}` ? table.literal("i32", points) : table.variable("end", points + 1);
    if (end.kind === "variable") emitter.bind(end, to);
    const isWhole = end.kind === "literal" && points % (shares * together) === 0;
    const addTurn = (turn: number): void => {
      const place = table.affine([[at, 1]], turn * shares);
      const isInside = isWhole || turn === 0 ? undefined : table.apply("lt", "bool", [place, end]);
      const here = isInside ? table.apply("min", "i32", [place, table.affine([[end, 1]], -1)]) : place;
      const expression = table.substitution(countersAt(table, phase.inner, here));
      renderPoint(emitter, onlyTurns(table, mapPhase(phase, { expression }), isInside), { accumulators, at: here });
    };
    if (together === 1) return addTurn(0);
    accumulators.block(() => {
      for (let turn = 0; turn < together; turn++) addTurn(turn);
    });
  });
}

/** A phase that adds nothing unless the condition holds. Its extreme values then see the last point once more. */
function onlyTurns(table: ExpressionTable, phase: Phase, isInside: Expression | undefined): Phase {
  if (!isInside) return phase;
  return {
    ...phase,
    reductions: phase.reductions.map((one) => {
      if (one.kind !== "sum" && one.kind !== "prod") return one;
      const { dtype } = one.value;
      const identity = table.literal(dtype, identityOf(one.kind, one.dtype));
      return { ...one, value: table.apply("where", dtype, [isInside, one.value, identity]) };
    }),
  };
}

function renderPoint(
  emitter: Emitter,
  phase: Phase,
  { accumulators, at }: { readonly accumulators: Accumulators; readonly at: Expression },
): void {
  accumulators.current.forEach((accumulator, number) =>
    writeAccumulation(emitter, { ...accumulator, reduction: phase.reductions[number] }, at)
  );
  emitter.stores(phase.stores);
}

/** Writes the code that joins the threads' parts of a reduction by halves, and returns the name of the result. */
function share(frame: RowFrame, accumulator: WgslAccumulator): string {
  const { emitter, columns, shares, lane, first } = frame;
  const { reduction, value, position } = accumulator;
  const rule = reductionKinds[reduction.kind];
  const dtype = accumulatedType(reduction);
  const values = memory(frame, `shared_${dtype}`, valueType[dtype]);
  const positions = position === undefined ? undefined : memory(frame, "shared_positions", "i32");
  emitter.line(`${values}[lane] = ${value};`);
  if (positions) emitter.line(`${positions}[lane] = ${position};`);
  emitter.line("workgroupBarrier();");
  for (let half = shares / 2; half >= 1; half /= 2) {
    const other = `lane + ${half * columns}u`;
    emitter.within(`if (${lane} < ${half * columns}u)`, () => {
      const [a, b] = [`${values}[lane]`, `${values}[${other}]`];
      if (rule.gives === "value") {
        return emitter.line(`${a} = ${combinedText(emitter, rule, { values: [a, b], dtype })};`);
      }
      const worse = betterText(emitter, rule, { best: b, value: a, dtype });
      const isFirst = `!(${worse}) && ${positions}[${other}] < ${positions}[lane]`;
      const replaces = `${betterText(emitter, rule, { best: a, value: b, dtype })} || (${isFirst})`;
      emitter.line(`if (${replaces}) { ${a} = ${b}; ${positions}[lane] = ${positions}[${other}]; }`);
    });
    emitter.line("workgroupBarrier();");
  }
  const whole = emitter.name(resultName(accumulator));
  const column = columns === 1 ? undefined : `lane % ${columns}u`;
  const at = first && column ? `${first} + ${column}` : first ?? column ?? "0";
  emitter.line(`let ${whole} = ${positions ?? values}[${at}];`);
  emitter.line("workgroupBarrier();");
  return whole;
}

function memory({ memory, places }: RowFrame, name: string, element: string): string {
  memory.set(name, { name, element, lengths: [places] });
  return name;
}
