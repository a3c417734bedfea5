/**
 * Random use of programs that are all compiled before: nothing new is compiled, so neither this package nor a driver has
 * a reason to take more memory, and all that is resident can be judged, on every device.
 *
 * @module
 */

import { grad, jit, type Tensor, tensor } from "../../../core/mod.ts";
import { loadModel, type Model, type TrainingEvent } from "../../../model/mod.ts";
import { type Random, randomOf } from "../../hostile_models/craft.ts";
import type { EnduranceOptions, Endured } from "./processes.ts";
import {
  compilationsOn,
  type Device,
  differences,
  leftOver,
  type Measured,
  memoryAfter,
  type MemorySample,
  settle,
} from "./resources.ts";
import {
  drop,
  emptyWorld,
  moveTo,
  newFile,
  oneOf,
  shapedInputs,
  someTensor,
  trainableModel,
  type World,
} from "./world.ts";

/** What stays in use on a device, so that its programs stay compiled. */
interface Held {
  readonly functions: readonly ((x: Tensor) => Tensor)[];
  readonly models: readonly Model[];
  /** Trainings that do not end. */
  readonly trainings: readonly AsyncIterator<TrainingEvent>[];
}

/** The kinds of models, the rows of predictions, and the events of a training until all its programs are compiled. */
const [KINDS, ROWS, EVENTS] = [["dense", "noisy", "normal"], [1, 2, 3], 60] as const;

/** How often each use is made before the measurement: so often that every shape has certainly occurred. */
const ROUNDS = 150;

const SAMPLE_EVERY = 50;

/** Reads a result, disposes of it, or only drops it. */
async function use(random: Random, result: Tensor): Promise<void> {
  if (random(2) === 0) await result.data();
  if (random(2) === 0) result.dispose();
}

/** One use of programs that stay compiled. */
type Use = (world: World, held: Held) => Promise<void>;

const uses: Readonly<Record<string, Use>> = {
  call: ({ random }, { functions }) => use(random, oneOf(random, functions)(someTensor(random))),
  combine: async ({ random }) => {
    const sum = someTensor(random).slice([0], [1]).add(someTensor(random).mul(2));
    if (random(2) === 0) await sum.sum().item();
    await use(random, sum);
  },
  predict: ({ random }, { models }) =>
    use(random, oneOf(random, models).predict(shapedInputs(random, oneOf(random, ROWS)))),
  train: async ({ random }, { trainings }) => {
    const training = oneOf(random, trainings);
    for (let events = random(5); events >= 0; events--) await training.next();
  },
  saveAndLoad: async (world, { models }) => {
    const [file, model] = [newFile(world, ".ym"), oneOf(world.random, models)];
    await model.saveModel(file);
    const rows = shapedInputs(world.random, oneOf(world.random, ROWS));
    await use(world.random, loadModel(file, { network: model.network }).predict(rows));
    await Deno.remove(file);
  },
};

/** Compiles everything that random use needs. */
async function hold(world: World): Promise<Held> {
  const functions = [1, 2, 3].flatMap((factor) => [
    jit((x: Tensor) => x.mul(factor).tanh().add(tensor([1, 2, 3]))),
    grad((x: Tensor) => x.mul(factor).mul(x).sum()),
  ]);
  const models: Model[] = [];
  const trainings: AsyncIterator<TrainingEvent>[] = [];
  for (const kind of KINDS) {
    models.push((await trainableModel(world, kind, { nEpochs: 2 }).train({ progress: false })).model);
    const training = trainableModel(world, kind, { nEpochs: 1e6 }).events({ earlyStop: false })[Symbol.asyncIterator]();
    for (let events = 0; events < EVENTS; events++) await training.next();
    trainings.push(training);
  }
  return { functions, models, trainings };
}

/** Uses everything on a device, with all shapes. */
async function useAll(world: World, held: Held): Promise<void> {
  for (const one of Object.values(uses)) {
    for (let round = 0; round < ROUNDS; round++) await one(world, held);
  }
}

/** Random calls, which may change the device, and what went wrong in them. */
async function callsOf(
  world: World,
  held: ReadonlyMap<Device, Held>,
  { calls = Infinity, seconds = Infinity }: EnduranceOptions,
): Promise<Pick<Endured, "calls" | "memory" | "seconds">> {
  const memory: MemorySample[] = [];
  const start = performance.now();
  let done = 0;
  for (; done < calls && performance.now() - start < 1000 * seconds; done++) {
    if (world.random(8) === 0) await moveTo(world, oneOf(world.random, world.devices));
    await oneOf(world.random, Object.values(uses))(world, held.get(world.device)!);
    if (done % SAMPLE_EVERY !== SAMPLE_EVERY - 1) continue;
    await settle();
    memory.push(memoryAfter(done + 1));
  }
  return { calls: done, memory, seconds: (performance.now() - start) / 1000 };
}

/** Compiles and uses everything on every device. */
async function holdAll(world: World): Promise<Map<Device, Held>> {
  const all = new Map<Device, Held>();
  for (const device of world.devices) {
    await moveTo(world, device);
    const held = await hold(world);
    all.set(device, held);
    await useAll(world, held);
  }
  return all;
}

/** Ends the trainings, and drops everything. */
async function dropAll(world: World, all: Map<Device, Held>): Promise<void> {
  for (const [device, { trainings }] of all) {
    await moveTo(world, device);
    for (const training of trainings) await training.return?.(undefined);
  }
  all.clear();
  drop(world);
}

/**
 * Uses compiled programs at random. That one is compiled again is a fault: then the memory would say nothing. What is
 * held before is measured after everything was made and dropped once.
 */
export async function reuseCompiled(options: EnduranceOptions, measured: Measured): Promise<Endured> {
  const world = emptyWorld({ random: randomOf(options.seed), device: options.device, ...measured });
  await dropAll(world, await holdAll(world));
  const before = await leftOver(measured);
  const all = await holdAll(world);
  const compiledBefore = await compilationsOn(measured.devices);
  await moveTo(world, options.device);
  const used = await callsOf(world, all, options);
  const compilations = await compilationsOn(measured.devices) - compiledBefore;
  await dropAll(world, all);
  const faults = differences(before, await leftOver(measured, before));
  if (compilations > 0) faults.push(`${compilations} programs were compiled, although all are held`);
  return { ...used, faults, compilations };
}
