/**
 * Names of benchmarks with the rates that they reach, as `deno bench` shows times only.
 *
 * @module
 */

import type { Backend, DeviceBuffer } from "../core/backend.ts";
import { costOfSteps } from "../core/nest/cost.ts";
import type { Program } from "../core/nest/program.ts";
import { peaksOf } from "../core/profile/peaks.ts";

/** The runs that are timed, after as many that are not. */
const RUNS = 5;

/** A program on a device, ready to run. */
export interface LoadedBench {
  /** Runs it, and waits until it has finished. */
  run(): Promise<void>;
  /** The name, with the rate of the fastest of some runs, and the share of the peak of the current device. */
  readonly name: string;
}

/** Loads a program whose buffers hold numbers between −1 and 1, measures it, and names it. */
export async function loadBench(name: string, program: Program, backend: Backend): Promise<LoadedBench> {
  const buffers = program.buffers.map(({ bytes }): DeviceBuffer => {
    const buffer = backend.allocate(bytes);
    backend.write(buffer, new Float32Array(bytes / 4).map((_, i) => Math.sin(i)));
    return buffer;
  });
  const executable = backend.load(program);
  const run = async (): Promise<void> => {
    executable.run(buffers);
    await backend.finish();
  };
  const times: number[] = [];
  while (times.length < 2 * RUNS) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return { run, name: `${name}: ${await rateOf(program, Math.min(...times.slice(RUNS)), backend)}` };
}

/** The rate of a program that takes this time: of what limits it, with its share of the peak. */
async function rateOf(program: Program, milliseconds: number, backend: Backend): Promise<string> {
  const peaks = await peaksOf(backend);
  const { operations, bytes } = costOfSteps(program.steps);
  const [gigaflops, gigabytes] = [operations, bytes].map((work) => work / milliseconds / 1e6);
  const shares = [gigaflops / peaks.gigaflops, gigabytes / peaks.gigabytes];
  const [rate, unit, share] = shares[0] > shares[1]
    ? [gigaflops, "GFLOP/s", shares[0]]
    : [gigabytes, "GB/s", shares[1]];
  return `${rate.toPrecision(3)} ${unit}, ${(100 * share).toFixed(0)} % of the peak`;
}
