/**
 * The rates that a device can reach, and the time that it takes to start a kernel.
 *
 * @module
 */

import type { Backend } from "../backend.ts";
import { zeros } from "../creation.ts";
import { jit, versionOf } from "../jit.ts";
import { costOfSteps } from "../nest/cost.ts";
import type { Tensor } from "../tensor.ts";
import { median, rate, timeOnDevice, timeOnHost } from "./clock.ts";
import type { Peaks } from "./profile_record.ts";

/** Rates are those of the fastest run, without the first ones. */
const RUNS = 16;
const FIRST_RUNS = 8;
/** The time of a launch is the median of those after the first ones. */
const LAUNCHES = 64;
const FIRST_LAUNCHES = 32;
/** A kernel that takes less time than this many milliseconds is measured again with more work. */
const ENOUGH = 2;
const PRODUCTS = [512, 1024, 2048, 4096];
const ELEMENTS = [2 ** 22, 2 ** 24, 2 ** 26];

interface Rates extends Peaks {
  readonly milliseconds: number;
}

type Binary = (x: Tensor, y: Tensor) => Tensor;

/** Measures a function of two tensors of this shape. */
async function ratesOf(fn: Binary, shape: readonly number[]): Promise<Rates> {
  using measured = jit(fn, { name: "peak" });
  const { compiled } = versionOf(measured, zeros(shape), zeros(shape));
  const { backend, executable, plan: { program } } = compiled;
  const times: number[] = [];
  await compiled.withBuffers(undefined, async (buffers) => {
    while (times.length < RUNS) times.push(await timeOnDevice({ executable, buffers }, backend));
  });
  const milliseconds = Math.max(1e-6, Math.min(...times.slice(FIRST_RUNS)));
  const { operations, bytes } = costOfSteps(program.steps);
  return { milliseconds, gigaflops: rate(operations, milliseconds), gigabytes: rate(bytes, milliseconds) };
}

/** Measures with more and more work, until it takes long enough. */
async function measureWorks(works: readonly number[], measure: (work: number) => Promise<Rates>): Promise<Rates> {
  let rates = await measure(works[0]);
  for (const work of works.slice(1)) if (rates.milliseconds < ENOUGH) rates = await measure(work);
  return rates;
}

async function measurePeaks(): Promise<Peaks> {
  const { gigaflops } = await measureWorks(PRODUCTS, (size) => ratesOf((x, y) => x.matmul(y), [size, size]));
  const { gigabytes } = await measureWorks(ELEMENTS, (elements) => ratesOf((x, y) => x.add(y), [elements]));
  return { gigaflops, gigabytes };
}

const known = new WeakMap<Backend, Promise<Peaks>>();

/** Returns the peaks of the current device, which are measured once. */
export function peaksOf(backend: Backend): Promise<Peaks> {
  let peaks = known.get(backend);
  if (!peaks) known.set(backend, peaks = measurePeaks());
  return peaks;
}

/** Measures how long it takes to submit a kernel that adds two numbers, and to wait for it, by the clock of the host. */
export async function launchTime(): Promise<number> {
  using measured = jit((x: Tensor) => x.add(x), { name: "launch" });
  const { compiled } = versionOf(measured, zeros([1]));
  const { backend, executable } = compiled;
  const times: number[] = [];
  await compiled.withBuffers(undefined, async (buffers) => {
    while (times.length < LAUNCHES) times.push(await timeOnHost({ executable, buffers }, backend));
  });
  return median(times.slice(FIRST_LAUNCHES));
}
