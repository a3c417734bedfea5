/**
 * Measures the kernels of a compiled function.
 *
 * @module
 */

import type { Backend, DeviceBuffer, Executable } from "../backend.ts";
import type { CompiledGraph } from "../compiled_graph.ts";
import { costOf, costOfSteps } from "../nest/cost.ts";
import type { Variable } from "../nest/expression.ts";
import { isEmpty, type Nest } from "../nest/nest.ts";
import type { NestStep, Program, ProgramStep } from "../nest/program.ts";
import { loopsOf } from "../plan_text.ts";
import type { Storage } from "../storage.ts";
import { median, rate, timeOnDevice, timeOnHost } from "./clock.ts";
import { launchTime, peaksOf } from "./peaks.ts";
import type { KernelProfile, Peaks, Profile } from "./profile_record.ts";

/** Rounds that are not counted, in which the host optimizes its code. */
const WARM_UP = 3;

/** A nest of a program, and the loops around it. */
export interface Part {
  readonly nest: Nest;
  /** A program of this nest and its loops alone, on the buffers of the whole program. */
  readonly program: Program;
  /** How often a run of the whole program runs the nest. */
  readonly runs: number;
}

/** Returns the nests of a program as programs of their own, in the order in which they run. */
export function partsOf(program: Program): Part[] {
  const around = (inner: ProgramStep, counter: Variable): ProgramStep => ({ kind: "loop", counter, steps: [inner] });
  const alone = (step: NestStep, counters: readonly Variable[]): Part => ({
    nest: step.nest,
    program: { ...program, steps: [counters.reduceRight<ProgramStep>(around, step)] },
    runs: counters.reduce((product, { extent }) => product * extent, 1),
  });
  const visit = (steps: readonly ProgramStep[], counters: readonly Variable[]): Part[] =>
    steps.flatMap((step) => {
      if (step.kind === "loop") return visit(step.steps, [...counters, step.counter]);
      return isEmpty(step.nest) ? [] : [alone(step, counters)];
    });
  return visit(program.steps, []).filter(({ runs }) => runs > 0);
}

/** A program, and its times in each round. */
interface Timed {
  readonly executable: Executable;
  readonly milliseconds: number[];
}

/** The whole program, and its parts in order. */
interface TimedProgram {
  readonly whole: Timed;
  readonly parts: readonly Timed[];
}

/** Where programs are run, and how often. */
interface Setting {
  readonly backend: Backend;
  readonly buffers: readonly DeviceBuffer[];
  readonly count: number;
}

/** Runs the whole program and then each of its parts, so that caches hold what they hold in a step. */
async function runRounds({ whole, parts }: TimedProgram, { backend, buffers, count }: Setting): Promise<void> {
  for (let round = -WARM_UP; round < count; round++) {
    const step = await timeOnHost({ executable: whole.executable, buffers }, backend);
    if (round >= 0) whole.milliseconds.push(step);
    for (const { executable, milliseconds } of parts) {
      const time = await timeOnDevice({ executable, buffers }, backend);
      if (round >= 0) milliseconds.push(time);
    }
  }
}

function kindOf({ contraction, phases }: Nest): KernelProfile["kind"] {
  if (contraction) return "product";
  return phases.some(({ reductions }) => reductions.length > 0) ? "reduction" : "elementwise";
}

/** The measurement of a kernel that took some milliseconds per step. */
export function kernelOf({ nest, runs }: Part, milliseconds: number, peaks: Peaks): Omit<KernelProfile, "number"> {
  const { operations, bytes } = costOf(nest);
  const [gigaflops, gigabytes] = [operations, bytes].map((work) => rate(runs * work, milliseconds));
  const [arithmetic, memory] = [gigaflops / peaks.gigaflops, gigabytes / peaks.gigabytes];
  return {
    ...{ name: nest.name, kind: kindOf(nest), loops: loopsOf(nest), runs, milliseconds },
    ...{ operations: runs * operations, bytes: runs * bytes, gigaflops, gigabytes },
    share: Math.max(arithmetic, memory),
    limit: arithmetic >= memory ? "arithmetic" : "memory",
  };
}

/** What to measure. */
export interface Measured {
  readonly compiled: CompiledGraph;
  /** The arguments; undefined for numbers of the function's own choice. */
  readonly inputs: readonly Storage[] | undefined;
  readonly rounds: number;
}

/** Measures a compiled function and its kernels. Arguments are copied, so donated ones stay usable. */
export async function measureProfile({ compiled, inputs, rounds }: Measured): Promise<Profile> {
  const { backend, executable, plan: { program } } = compiled;
  const peaks = await peaksOf(backend);
  const launchMilliseconds = await launchTime();
  const parts = partsOf(program);
  const whole: Timed = { executable, milliseconds: [] };
  const timed = parts.map(({ program }): Timed => ({ executable: backend.load(program), milliseconds: [] }));
  try {
    await compiled.withBuffers(
      inputs,
      (buffers) => runRounds({ whole, parts: timed }, { backend, buffers, count: rounds }),
    );
  } finally {
    timed.forEach(({ executable }) => executable.dispose());
  }
  const clock = executable.time ? "device" : "host";
  const extra = clock === "host" ? launchMilliseconds : 0;
  const kernels = parts.map((part, i): KernelProfile => {
    const milliseconds = Math.max(0, median(timed[i].milliseconds) - extra);
    return { number: i + 1, ...kernelOf(part, milliseconds, peaks) };
  });
  const milliseconds = median(whole.milliseconds);
  const kernelMilliseconds = kernels.reduce((sum, kernel) => sum + kernel.milliseconds, 0);
  return {
    ...{ name: program.name, device: backend.info.name, clock, rounds, milliseconds, kernelMilliseconds },
    ...{ outsideMilliseconds: Math.max(0, milliseconds - kernelMilliseconds), launchMilliseconds },
    ...costOfSteps(program.steps),
    peaks,
    kernels: kernels.toSorted((a, b) => b.milliseconds - a.milliseconds),
  };
}
