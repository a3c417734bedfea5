/**
 * Half an hour of random use, ten thousand steps of which every hundredth throws, and five minutes of random use of
 * programs that are compiled before: nothing may remain of them.
 *
 * @module
 */

import { growthOf } from "../../endurance.ts";
import { counted, showSeconds } from "../page.ts";
import type { Suite, SuiteOptions } from "../suite.ts";
import { type EnduranceOptions, endure, type Endured } from "./processes.ts";

/** How long each use is by default. */
const lengths: Readonly<Record<EnduranceOptions["kind"], Pick<EnduranceOptions, "calls" | "seconds">>> = {
  use: { seconds: 1800 },
  steps: { calls: 10_000 },
  reuse: { seconds: 300 },
};

/** The most megabytes by which the memory may grow per 1000 calls after the warm-up. */
const MOST_GROWTH = 1;

/** The growth of the memory is measured after this share of the calls, and only if there are as many as here. */
const [WARM_UP, ENOUGH_CALLS] = [0.25, 2000];

/** A process, and what became of it. */
interface Finished {
  readonly options: EnduranceOptions;
  readonly endured: Endured;
}

/**
 * The growth of the memory in MB per 1000 calls after the warm-up: all that is resident, or, where WebGPU takes part and
 * kernels are compiled, what JavaScript holds.
 */
export function growthIn({ options, endured: { calls, memory } }: Finished): number {
  const part = options.devices.includes("webgpu") && options.kind !== "reuse" ? "own" : "resident";
  return growthOf({ resident: memory.map((sample) => [sample.calls, sample[part]] as const) }, WARM_UP * calls);
}

/** What is wrong with a run, with what repeats it. */
export function faultsOf({ options, endured }: Finished): string[] {
  const { kind, device, seed } = options;
  const grown = endured.calls >= ENOUGH_CALLS ? growthIn({ options, endured }) : 0;
  const growth = grown > MOST_GROWTH ? [`memory grows by ${grown.toFixed(2)} MB per 1000 calls`] : [];
  return [...endured.faults, ...growth].map((fault) => `${kind} on ${device}, seed ${seed}: ${fault}`);
}

/** Uses a device in all ways, one after the other; WebGPU in turns with WebAssembly. */
async function endureOn(device: EnduranceOptions["device"], options: SuiteOptions): Promise<Finished[]> {
  const { seed, count, log } = options;
  const devices: EnduranceOptions["devices"] = device === "wasm" ? ["wasm"] : options.devices;
  const finished: Finished[] = [];
  for (const kind of ["use", "steps", "reuse"] as const) {
    const process = { kind, device, devices, seed, ...lengths[kind], ...count !== undefined && { calls: count } };
    const endured = await endure(process);
    finished.push({ options: process, endured });
    const done = `${counted(endured.calls, "call")} in ${showSeconds(endured.seconds)}`;
    log(`${titleOf(process)}: ${done}, ${counted(endured.faults.length, "fault")}`);
  }
  return finished;
}

const titles: Readonly<Record<EnduranceOptions["kind"], string>> = {
  use: "random use",
  steps: "steps, every hundredth of which throws",
  reuse: "random use of compiled programs",
};

function titleOf({ kind, device }: EnduranceOptions): string {
  return `${titles[kind]}, ${device}`;
}

function rowOf({ options, endured }: Finished): string {
  const { calls, seconds, memory, compilations } = endured;
  const growth = calls >= ENOUGH_CALLS ? growthIn({ options, endured }).toFixed(2) : "–";
  const last = memory.at(-1)?.resident.toFixed(0) ?? "–";
  const cells = [titleOf(options), calls.toLocaleString("en-US"), showSeconds(seconds), compilations, last, growth];
  return `| ${cells.join(" | ")} |`;
}

function sectionOf(finished: readonly Finished[]): string {
  const heads = ["what", "calls", "time", "compiled", "MB at the end", "MB per 1000 calls"];
  return `| ${heads.join(" | ")} |
| --- | --: | --: | --: | --: | --: |
${finished.map(rowOf).join("\n")}

After each run, the buffers, programs, modules and threads of all devices, the known checks of indices, open descriptors
and files are compared with those before; there were no unhandled rejections. The last column is the growth of the
memory after a quarter of the calls, which must stay below ${MOST_GROWTH}: of all that is resident, or, where kernels of
WebGPU are compiled, of what JavaScript holds. Mesa's software adapter keeps memory of every kernel that it has compiled: a
program without this package that compiles different kernels, runs each once and drops it grows by 20 to 800 MB per 1000,
depending on their length. So there is also a random use (training, predicting, saving, loading, functions, gradients and
tensors, in turns on the devices) of programs that are all compiled before and held: that nothing is compiled is checked,
and all that is resident counts there on every device.`;
}

/** Uses every device for a long time, in processes of their own. */
export const endurance: Suite = {
  name: "endurance",
  description:
    "What processes hold after a long use, with what they held before: half an hour of training, predicting, saving, " +
    "loading, searching, changing devices, cancelling and mistakes at random; ten thousand training steps, of which every " +
    "hundredth throws, with the weights of a training without those; and five minutes of programs that are held compiled.",
  async run(options) {
    const finished = (await Promise.all(options.devices.map((device) => endureOn(device, options)))).flat();
    const calls = finished.reduce((sum, { endured }) => sum + endured.calls, 0);
    return {
      tried: `${counted(calls, "call")} on ${options.devices.join(" and ")}`,
      faults: finished.flatMap(faultsOf),
      section: sectionOf(finished),
    };
  },
};
