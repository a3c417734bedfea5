/**
 * The row schedule: some threads of a workgroup for each outer point, which share the inner loops.
 *
 * @module
 */

import type { Expression } from "../../nest/expression.ts";
import { type Nest, type Phase, pointsOf } from "../../nest/nest.ts";
import { accumulatedType, reductionKinds } from "../../nest/reduction_kinds.ts";
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

/** The threads of a row, and where a thread is among them. */
interface RowThreads {
  /** The number of threads of a row. */
  readonly lanes: number;
  /** The number of threads of a workgroup. */
  readonly threads: number;
  /** The text of the thread's number in its row. */
  readonly lane: string;
  /** The text of the number of the row's first thread in the workgroup. */
  readonly first: string;
  /** The text that says whether the thread has a row, if there are some that have none. */
  readonly hasRow: string | undefined;
}

interface RowFrame extends RowThreads {
  readonly emitter: Emitter;
  /** The workgroup memory, by name. */
  readonly memory: Map<string, WorkgroupArray>;
}

/**
 * Writes the body of `nest` with some threads for each outer point.
 *
 * @throws {TypeError} if the nest is not {@linkcode isRowable}.
 */
export function renderRow(nest: Nest, schedule: RowSchedule): KernelBody {
  if (!isRowable(nest)) throw new TypeError(`Cannot share rows of ${nest.name}: stores that add must run in order`);
  const points = pointsOf(nest.outer);
  const emitter = new Emitter(nest.slots);
  const { table } = emitter;
  const point = table.variable("point", points);
  bindCounters(nest, emitter);
  const { lanes, threads = lanes } = schedule;
  const groups = Math.ceil(points / Math.floor(threads / lanes));
  const place = threads === lanes ? locate(emitter, schedule, points) : locateAmong(emitter, schedule, points);
  const frame: RowFrame = { emitter, ...place, memory: new Map() };
  emitter.bind(point, "point");
  const expression = table.substitution(countersAt(table, nest.outer, point));
  for (const phase of nest.phases) renderPhase(frame, mapPhase(phase, { expression }));
  const memory = [...frame.memory.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  const among = threads === lanes ? "" : ` of ${threads}`;
  return bodyOf(nest, emitter, { schedule: `row, ${lanes}${among} lanes`, lanes: threads, groups, memory });
}

/** Writes the thread's row if the workgroup has only one. */
function locate(emitter: Emitter, { lanes }: RowSchedule, points: number): RowThreads {
  emitter.line(`let point = i32(${groupText(points)});`);
  emitter.line(`if (point >= ${points}) { return; }`);
  return { lanes, threads: lanes, lane: "lane", first: "0", hasRow: undefined };
}

/**
 * Writes the thread's row if the workgroup has several. Threads without a row take part in all barriers: they have the
 * last row, but no share in its loops, and store nothing.
 */
function locateAmong(emitter: Emitter, { lanes, threads = lanes }: RowSchedule, points: number): RowThreads {
  const rows = Math.floor(threads / lanes);
  emitter.line(`let begin = i32(${groupText(Math.ceil(points / rows))}) * ${rows};`);
  emitter.line(`if (begin >= ${points}) { return; }`);
  emitter.line(`let row = begin + i32(lane / ${lanes}u);`);
  emitter.line(`let point = min(row, ${points - 1});`);
  emitter.line(`let place = lane % ${lanes}u;`);
  emitter.line(`let first = lane - place;`);
  const conditions = [
    ...points % rows === 0 ? [] : [`row < ${points}`],
    ...threads % lanes === 0 ? [] : [`lane < ${rows * lanes}u`],
  ];
  if (conditions.length > 0) emitter.line(`let has_row = ${conditions.join(" && ")};`);
  return { lanes, threads, lane: "place", first: "first", hasRow: conditions.length > 0 ? "has_row" : undefined };
}

function renderPhase(frame: RowFrame, phase: Phase): void {
  const { emitter, emitter: { table }, lanes, lane, hasRow } = frame;
  const accumulators = new Accumulators(emitter, phase.reductions);
  const points = pointsOf(phase.inner);
  if (phase.inner.length === 0) {
    emitter.within(
      `if (${hasRow ? `${hasRow} && ` : ""}${lane} == 0u)`,
      () => renderPoint(emitter, phase, { accumulators, at: table.literal("i32", 0) }),
    );
  } else if (points > 0) {
    const lengths = accumulators.blocksOf([Math.ceil(points / lanes)])[0].map((length) => length * lanes);
    const body = ({ from, to }: Range): void => {
      const name = emitter.name("n");
      emitter.within(`for (var ${name} = ${from}; ${name} < ${to}; ${name} += ${lanes})`, () => {
        const at = table.variable("at", points);
        emitter.bind(at, name);
        const expression = table.substitution(countersAt(table, phase.inner, at));
        renderPoint(emitter, mapPhase(phase, { expression }), { accumulators, at });
      });
    };
    const to = hasRow ? `select(0, ${points}, ${hasRow})` : `${points}`;
    inBlocks(emitter, { from: `i32(${lane})`, to }, { lengths, block: accumulators.block, body });
  }
  for (const accumulator of accumulators.current) {
    const { id, dtype } = accumulator.reduction;
    emitter.bind(table.result(dtype, id), share(frame, accumulator));
  }
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
  const { emitter, lanes, lane, first } = frame;
  const { reduction, value, position } = accumulator;
  const rule = reductionKinds[reduction.kind];
  const dtype = accumulatedType(reduction);
  const values = memory(frame, `shared_${dtype}`, valueType[dtype]);
  const positions = position === undefined ? undefined : memory(frame, "shared_positions", "i32");
  emitter.line(`${values}[lane] = ${value};`);
  if (positions) emitter.line(`${positions}[lane] = ${position};`);
  emitter.line("workgroupBarrier();");
  for (let half = lanes / 2; half >= 1; half /= 2) {
    const other = `lane + ${half}u`;
    emitter.within(`if (${lane} < ${half}u)`, () => {
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
  emitter.line(`let ${whole} = ${positions ?? values}[${first}];`);
  emitter.line("workgroupBarrier();");
  return whole;
}

function memory({ memory, lanes, threads }: RowFrame, name: string, element: string): string {
  memory.set(name, { name, element, lengths: [Math.ceil(threads / lanes) * lanes] });
  return name;
}
