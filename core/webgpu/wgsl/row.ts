/**
 * The row schedule: one workgroup for each outer point, whose threads share the inner loops.
 *
 * @module
 */

import type { Expression } from "../../nest/expression.ts";
import { type Nest, type Phase, pointsOf } from "../../nest/nest.ts";
import { Emitter } from "./emitter.ts";
import { bindCounters, groupNumber, type Kernel, moduleText, spread } from "./kernel.ts";
import {
  accumulate,
  accumulatedType,
  type Accumulator,
  combinedText,
  declareAccumulator,
  resultName,
} from "./reductions.ts";
import { Rewriter } from "../schedule/rewrite.ts";
import type { RowSchedule } from "../schedule/schedule.ts";
import { valueType } from "./scalar.ts";

interface RowFrame {
  readonly emitter: Emitter;
  readonly rewriter: Rewriter;
  readonly lanes: number;
  /** The declarations of workgroup memory. */
  readonly globals: Set<string>;
}

/** True for nests that the row schedule can compute: none of their stores add. */
export function isRowable({ phases }: Nest): boolean {
  return phases.every(({ stores }) => stores.every(({ add }) => !add));
}

/**
 * Writes the kernel of `nest` with one workgroup for each outer point.
 *
 * @throws {TypeError} if the nest is not {@linkcode isRowable}.
 */
export function renderRow(nest: Nest, { lanes }: RowSchedule): Kernel {
  if (!isRowable(nest)) throw new TypeError(`Cannot share rows of ${nest.name}: stores that add must run in order`);
  const points = pointsOf(nest.outer);
  const workgroups = spread(points);
  const frame: RowFrame = { emitter: new Emitter(nest.slots), rewriter: new Rewriter(), lanes, globals: new Set() };
  const { emitter, rewriter } = frame;
  const point = rewriter.table.variable("point", points);
  bindCounters(nest, emitter);
  emitter.line(`let point = i32(${groupNumber(workgroups)});`);
  emitter.line(`if (point >= ${points}) { return; }`);
  emitter.bind(point, "point");
  const replacements = rewriter.unflatten(nest.outer, point);
  for (const phase of nest.phases) renderPhase(frame, rewriter.phase(phase, replacements));
  return {
    name: nest.name,
    schedule: `row, ${lanes} lanes`,
    code: moduleText(nest, emitter, lanes, [...frame.globals].sort()),
    slots: nest.slots,
    counters: nest.counters,
    workgroups: points === 0 ? [0, 1, 1] : workgroups,
  };
}

function renderPhase(frame: RowFrame, phase: Phase): void {
  const { emitter, rewriter, lanes } = frame;
  const accumulators = phase.reductions.map((reduction) => declareAccumulator(emitter, reduction));
  const points = pointsOf(phase.inner);
  if (phase.inner.length === 0) {
    emitter.within("if (lane == 0u)", () => renderPoint(frame, phase, accumulators, rewriter.table.literal("i32", 0)));
  } else if (points > 0) {
    const name = emitter.name("n");
    emitter.within(`for (var ${name} = i32(lane); ${name} < ${points}; ${name} += ${lanes})`, () => {
      const at = rewriter.table.variable("at", points);
      emitter.bind(at, name);
      renderPoint(frame, rewriter.phase(phase, rewriter.unflatten(phase.inner, at)), accumulators, at);
    });
  }
  for (const accumulator of accumulators) {
    const { id, dtype } = accumulator.reduction;
    emitter.bind(rewriter.table.result(dtype, id), share(frame, accumulator));
  }
}

function renderPoint(
  { emitter }: RowFrame,
  phase: Phase,
  accumulators: readonly Accumulator[],
  position: Expression,
): void {
  accumulators.forEach((accumulator, number) =>
    accumulate(emitter, { ...accumulator, reduction: phase.reductions[number] }, position)
  );
  emitter.stores(phase.stores);
}

/** Writes how the threads' parts of a reduction become one by halves, and gives the name of the whole. */
function share(frame: RowFrame, accumulator: Accumulator): string {
  const { emitter, lanes } = frame;
  const { reduction, value, position } = accumulator;
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
      if (!positions) return emitter.line(`${a} = ${combinedText(emitter, reduction.kind, dtype, a, b)};`);
      const better = `${b} ${reduction.kind === "argmax" ? ">" : "<"} ${a}`;
      const first = `${b} == ${a} && ${positions}[${other}] < ${positions}[lane]`;
      emitter.line(`if (${better} || (${first})) { ${a} = ${b}; ${positions}[lane] = ${positions}[${other}]; }`);
    });
    emitter.line("workgroupBarrier();");
  }
  const whole = emitter.name(resultName(accumulator));
  emitter.line(`let ${whole} = ${positions ?? values}[0];`);
  emitter.line("workgroupBarrier();");
  return whole;
}

function memory({ globals, lanes }: RowFrame, name: string, type: string): string {
  globals.add(`var<workgroup> ${name}: array<${type}, ${lanes}>;`);
  return name;
}
