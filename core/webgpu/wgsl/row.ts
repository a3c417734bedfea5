/**
 * The row schedule: one workgroup for each outer point, whose threads share the inner loops.
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

interface RowFrame {
  readonly emitter: Emitter;
  readonly lanes: number;
  /** The workgroup memory, by name. */
  readonly memory: Map<string, WorkgroupArray>;
}

/**
 * Writes the body of `nest` with one workgroup for each outer point.
 *
 * @throws {TypeError} if the nest is not {@linkcode isRowable}.
 */
export function renderRow(nest: Nest, { lanes }: RowSchedule): KernelBody {
  if (!isRowable(nest)) throw new TypeError(`Cannot share rows of ${nest.name}: stores that add must run in order`);
  const points = pointsOf(nest.outer);
  const frame: RowFrame = { emitter: new Emitter(nest.slots), lanes, memory: new Map() };
  const { emitter, emitter: { table } } = frame;
  const point = table.variable("point", points);
  bindCounters(nest, emitter);
  emitter.line(`let point = i32(${groupText(points)});`);
  emitter.line(`if (point >= ${points}) { return; }`);
  emitter.bind(point, "point");
  const expression = table.substitution(countersAt(table, nest.outer, point));
  for (const phase of nest.phases) renderPhase(frame, mapPhase(phase, { expression }));
  const memory = [...frame.memory.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  return bodyOf(nest, emitter, { schedule: `row, ${lanes} lanes`, lanes, groups: points, memory });
}

function renderPhase(frame: RowFrame, phase: Phase): void {
  const { emitter, emitter: { table }, lanes } = frame;
  const accumulators = new Accumulators(emitter, phase.reductions);
  const points = pointsOf(phase.inner);
  if (phase.inner.length === 0) {
    emitter.within("if (lane == 0u)", () => renderPoint(emitter, phase, { accumulators, at: table.literal("i32", 0) }));
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
    inBlocks(emitter, { from: "i32(lane)", to: `${points}` }, { lengths, block: accumulators.block, body });
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
  const { emitter, lanes } = frame;
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
    emitter.within(`if (lane < ${half}u)`, () => {
      const [a, b] = [`${values}[lane]`, `${values}[${other}]`];
      if (rule.gives === "value") {
        return emitter.line(`${a} = ${combinedText(emitter, rule, { values: [a, b], dtype })};`);
      }
      const worse = betterText(emitter, rule, { best: b, value: a, dtype });
      const first = `!(${worse}) && ${positions}[${other}] < ${positions}[lane]`;
      const replaces = `${betterText(emitter, rule, { best: a, value: b, dtype })} || (${first})`;
      emitter.line(`if (${replaces}) { ${a} = ${b}; ${positions}[lane] = ${positions}[${other}]; }`);
    });
    emitter.line("workgroupBarrier();");
  }
  const whole = emitter.name(resultName(accumulator));
  emitter.line(`let ${whole} = ${positions ?? values}[0];`);
  emitter.line("workgroupBarrier();");
  return whole;
}

function memory({ memory, lanes }: RowFrame, name: string, element: string): string {
  memory.set(name, { name, element, lengths: [lanes] });
  return name;
}
