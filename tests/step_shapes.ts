/**
 * The work of a training step of each example network, and of one with normalized convolutions, on WebGPU, counted without a GPU:
 *
 * ```sh
 * deno task shapes            # write tests/step_shapes.json
 * deno task shapes --check    # fail if a figure of any network has grown
 * ```
 *
 * @module
 */

import { trainings, trainingStep } from "../bench/networks.ts";
import { deviceStatistics, setDevice } from "../core/mod.ts";
import type { CompiledGraph } from "../core/compiled_graph.ts";
import { versionOf } from "../core/jit.ts";
import { costOfSteps } from "../core/nest/cost.ts";
import { waitsOf } from "../core/nest/launches.ts";
import type { ProgramStep } from "../core/nest/program.ts";
import { data, digitsLoader } from "../data/mod.ts";
import { networks } from "../examples/networks.ts";
import { type Model, model } from "../model/mod.ts";
import { getUpdate } from "../optim/mod.ts";
import { holdTimers } from "./held_timers.ts";
import { pretendGpu } from "./pretended_gpu.ts";

/** The classes of devices, which have different schedules. */
export const deviceClasses = ["hardware", "software"] as const;

/** A class of devices. */
export type DeviceClass = typeof deviceClasses[number];

/** What is counted. None of it may grow unnoticed. */
export interface StepShape {
  /** Kernels launched in one step. */
  readonly dispatches: number;
  /** Different kernels of a step. */
  readonly pipelines: number;
  /** The times that a kernel of a step waits for all earlier ones. */
  readonly barriers: number;
  /** The most kernels of a step of which each waits for the one before it. */
  readonly longestChain: number;
  /** Bytes that a step reads and writes if every element is moved once per kernel. */
  readonly bytesMoved: number;
  /** Submissions per step of a training, the mean of some steps in a row. */
  readonly submissions: number;
  /** Kernels that a new process compiles until its first step is submitted, first weights and pre-training included. */
  readonly coldPipelines: number;
}

/** The networks of the benchmarks that are counted in addition to the examples. */
const benchmarks = { separable: trainings.separable };

/** The names of all networks that are counted. */
export const countedNetworks: readonly string[] = [...Object.keys(networks), ...Object.keys(benchmarks)];

/** The figures of all networks. */
export type StepShapes = Readonly<Record<DeviceClass, Readonly<Record<string, StepShape>>>>;

/** The file of the recorded figures. */
export const recordedShapes: URL = new URL("step_shapes.json", import.meta.url);

/** The steps whose submissions are counted: those of several steps are submitted together. */
const COUNTED = 8;

/** One step comes before them; the others ensure that the last counted step is not the last one of an epoch. */
const BATCHES = COUNTED + 3;

function exampleModel(name: string): Model {
  const { build, hyperparameters, update = "momentum" } = networks[name];
  const pretraining = hyperparameters.pretrainingEpochs === undefined ? {} : { pretrainingEpochs: 1 };
  const values = { ...hyperparameters, ...pretraining };
  const { batchSize } = values;
  return model({
    name,
    network: build(values),
    data: data(digitsLoader({ sizes: [BATCHES * batchSize, batchSize, batchSize] }), { name: "digits" }),
    hyperparameters: values,
    updates: getUpdate(update),
  });
}

/** What is counted while a training runs, and its step. */
interface CountedTraining extends Pick<StepShape, "submissions" | "coldPipelines"> {
  readonly compiled: CompiledGraph;
}

/** Stops the clock: trainings pause after some milliseconds, in which what was collected so far is submitted. */
function stopClock(): Disposable {
  const { now } = performance;
  Object.assign(performance, { now: () => 0 });
  return { [Symbol.dispose]: () => void Object.assign(performance, { now }) };
}

/** Counts the first steps of a training on the chosen device. */
async function countTraining(untrained: Model): Promise<Omit<CountedTraining, "compiled">> {
  using _ = stopClock();
  // Work that was collected is submitted when it is enough, and not whenever the event loop gets to it.
  using _timers = holdTimers();
  let first: { readonly submissions: number; readonly coldPipelines: number } | undefined;
  let steps = 0;
  for await (const { event } of untrained.events({ seed: 1 })) {
    if (event !== "step") continue;
    const { submissions, compilations: coldPipelines } = deviceStatistics();
    first ??= { submissions, coldPipelines };
    if (steps++ < COUNTED) continue;
    return { submissions: (submissions - first.submissions) / COUNTED, coldPipelines: first.coldPipelines };
  }
  throw new Error(`Cannot count the steps of ${untrained.name}: expected more than ${COUNTED}, got ${steps}`);
}

async function countExample(name: string): Promise<CountedTraining> {
  const untrained = exampleModel(name);
  const counted = await countTraining(untrained);
  return { ...counted, compiled: versionOf(await untrained.trainingStep()).compiled };
}

/** Counts the steps of a benchmark, which reads back the loss of each step. */
async function countBenchmark(name: keyof typeof benchmarks): Promise<CountedTraining> {
  const step = trainingStep(benchmarks[name]);
  await step();
  const { submissions: before, compilations: coldPipelines } = deviceStatistics();
  for (let steps = 0; steps < COUNTED; steps++) await step();
  return {
    submissions: (deviceStatistics().submissions - before) / COUNTED,
    coldPipelines,
    compiled: versionOf(step.compiled).compiled,
  };
}

function isBenchmark(name: string): name is keyof typeof benchmarks {
  return Object.hasOwn(benchmarks, name);
}

function kernelsIn(source: string): number {
  // Each kernel begins with a line that names it and its number of workgroups.
  return new Set(source.split(/^\/\/ .*workgroups\n/m).slice(1)).size;
}

function bytesMovedBy(steps: readonly ProgramStep[]): number {
  return costOfSteps(steps).bytes;
}

/** Counts the work of a training step of a network. */
export async function shapeOfStep(name: string, deviceClass: DeviceClass): Promise<StepShape> {
  using gpu = pretendGpu(deviceClass);
  try {
    await setDevice("webgpu");
    const { compiled, submissions, coldPipelines } =
      await (isBenchmark(name) ? countBenchmark(name) : countExample(name));
    return {
      dispatches: compiled.executable.dispatches,
      pipelines: kernelsIn(compiled.executable.source),
      ...waitsOf(compiled.executable.launches),
      bytesMoved: bytesMovedBy(compiled.plan.program.steps),
      submissions,
      coldPipelines,
    };
  } finally {
    gpu.lose();
  }
}

/** Reads the recorded figures. */
export async function readShapes(): Promise<StepShapes> {
  return JSON.parse(await Deno.readTextFile(recordedShapes));
}

/** Says which figures of a network have grown. */
export function growth(where: string, recorded: StepShape | undefined, now: StepShape): string[] {
  const cure = "If it is intended, record it anew: deno task shapes";
  if (!recorded) return [`${where} is not recorded yet: run deno task shapes`];
  return (Object.keys(now) as (keyof StepShape)[]).filter((figure) => !(now[figure] <= recorded[figure])).map(
    (figure) => `${where}: ${figure} grew from ${recorded[figure]} to ${now[figure]}. ${cure}`,
  );
}

/** The figures as text, with one line per network. */
export function showShapes(shapes: StepShapes): string {
  const lines = deviceClasses.map((deviceClass) => {
    const rows = Object.entries(shapes[deviceClass]).map(([name, shape]) => {
      const figures = Object.entries(shape).map(([figure, value]) => `"${figure}": ${value}`).join(", ");
      return `    "${name}": { ${figures} }`;
    });
    return `  "${deviceClass}": {\n${rows.join(",\n")}\n  }`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

async function allShapes(): Promise<StepShapes> {
  const shapes: Record<DeviceClass, Record<string, StepShape>> = { hardware: {}, software: {} };
  for (const deviceClass of deviceClasses) {
    for (const name of countedNetworks) shapes[deviceClass][name] = await shapeOfStep(name, deviceClass);
  }
  return shapes;
}

if (import.meta.main) {
  const shapes = await allShapes();
  if (Deno.args.includes("--check")) {
    const recorded = await readShapes();
    const grown = deviceClasses.flatMap((deviceClass) =>
      Object.entries(shapes[deviceClass]).flatMap(([name, shape]) =>
        growth(`${name} on ${deviceClass}`, recorded[deviceClass][name], shape)
      )
    );
    grown.forEach((line) => console.error(line));
    Deno.exit(grown.length > 0 ? 1 : 0);
  }
  await Deno.writeTextFile(recordedShapes, showShapes(shapes));
  Deno.exit(0);
}
