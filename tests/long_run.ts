/**
 * A long run in a process of its own: makes models, compiled functions and tables, uses each once and drops it. Prints what is in
 * memory before and after as a line of JSON. `endurance.ts` starts it; it needs `--v8-flags=--expose-gc`.
 *
 * @module
 */

import { gather, jit, setDevice, type Tensor, tensor, zeros } from "../core/mod.ts";
import { currentBackend, deviceStatistics } from "../core/device.ts";
import { checkNumbers } from "../core/nest/numbered_checks.ts";
import { freeKept } from "../core/programs/kept_programs.ts";
import { data, samples } from "../data/mod.ts";
import { denseLayer, inputLayer, logisticRegression } from "../layers/mod.ts";
import { model, network } from "../model/mod.ts";
import type { InMemory, LongRun, LongRunOptions } from "./endurance.ts";

const { device, models, functions, tables, modelsPerShape, warmUp, sampleEvery }: LongRunOptions = JSON.parse(
  Deno.args[0],
);

function collectGarbage(): void {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") throw new Error("Cannot collect garbage: pass --v8-flags=--expose-gc");
  collect();
}

/** Collects garbage, and lets the callbacks of the collector run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function inMemory(): InMemory {
  const { liveBytes, buffers, programs, modules, threads } = deviceStatistics();
  return { liveBytes, buffers, programs, modules, threads, checks: checkNumbers.size };
}

/** What is in memory when nothing is in use, and nothing is kept to be used again. */
async function leftOver(expected?: InMemory): Promise<InMemory> {
  // Sleeping threads drop their modules when they have woken up.
  for (let turn = 0; turn < 200; turn++) {
    freeKept(currentBackend());
    await settle();
    checkNumbers.forgetUnused();
    if (turn > 5 && (!expected || JSON.stringify(inMemory()) === JSON.stringify(expected))) break;
  }
  return inMemory();
}

const set = {
  x: samples(Float32Array.from({ length: 96 }, (_, i) => Math.sin(i)), [8, 12]),
  y: Int32Array.from({ length: 8 }, (_, i) => i % 3),
};
const points = data([set, set, set], { name: "points" });

/** A model of its own learning rate that is trained a step, with the numbers of hidden units of one of 50 shapes. */
async function trainModel(number: number, shape: number): Promise<void> {
  const input = inputLayer({ shape: [null, 12] });
  const hidden = denseLayer(input, { nUnits: 2 + 17 * shape % 50 });
  const layers = [input, hidden, logisticRegression(hidden, { nClass: 3 })];
  const hyperparameters = { batchSize: 8, nEpochs: 1, learningRate: 0.1 / (1 + number) };
  await model({ network: network("small", layers), data: points, hyperparameters }).train({ progress: false });
}

const [small, large] = [zeros([8]), zeros([1 << 16])];

/** A function with code of its own; every fourth one has work for several threads. */
async function compileFunction(number: number): Promise<void> {
  const held = tensor([number]);
  const f = jit((x: Tensor) => x.add(number + 0.5).mul(held).tanh());
  using result = f(number % 4 === 0 ? large : small);
  if (number % 16 === 0) await result.data();
}

/** Looks up rows of a table of a size of its own, by indices that only the device has, so that it checks them. */
async function lookUp(number: number): Promise<void> {
  const f = jit((x: Tensor, indices: Tensor) => gather(x, indices.add(1)));
  using result = f(zeros([3 + number]), tensor(Int32Array.of(0, 1)));
  if (number % 16 === 0) await result.data();
}

/** Does something `count` times. Returns the resident megabytes, with the numbers of times after which they were measured. */
async function repeat(count: number, work: (number: number) => Promise<void>): Promise<LongRun["resident"]> {
  const resident: [number, number][] = [];
  for (let number = 0; number < count; number++) {
    await work(warmUp + number);
    if (number % sampleEvery !== sampleEvery - 1) continue;
    await settle();
    resident.push([number + 1, Deno.memoryUsage().rss / 2 ** 20]);
  }
  return resident;
}

await setDevice(device);
// Each has a shape of its own, so that the programs that are kept are as many as they will be.
for (let number = 0; number < warmUp; number++) {
  await trainModel(number, number);
  await compileFunction(number);
  await lookUp(number);
}
const start = performance.now();
const trainNext = (number: number): Promise<void> => trainModel(number, Math.floor(number / modelsPerShape));
const work = {
  models: [models, trainNext],
  functions: [functions, compileFunction],
  tables: [tables, lookUp],
} as const;
const runs: LongRun[] = [];
for (const [name, [count, one]] of Object.entries(work)) {
  const before = await leftOver();
  const resident = await repeat(count, one);
  const after = await leftOver(before);
  runs.push({ name, count, before, after, resident, seconds: (performance.now() - start) / 1000 });
}
console.log(JSON.stringify(runs));
Deno.exit(0);
