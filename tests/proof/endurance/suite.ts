/**
 * Half an hour of random use, and ten thousand steps of which every hundredth throws: nothing may remain of them.
 *
 * @module
 */

import { growthOf } from "../../endurance.ts";
import { counted, showSeconds } from "../page.ts";
import type { Suite, SuiteOptions } from "../suite.ts";
import { type EnduranceOptions, endure, type Endured } from "./processes.ts";

/** The seconds of random use by default, and the calls of the training by default. */
const [USE_SECONDS, STEPS] = [1800, 10_000];

/** The most megabytes by which the resident memory may grow per 1000 calls after the warm-up. */
const MOST_GROWTH = 1;

/**
 * Mesa's software adapter keeps some memory of every kernel, in MB: a program that makes small kernels and drops them,
 * without this package, grows by 4.7 MB per 1000.
 */
const KEPT_PER_KERNEL = 0.0047;

/** The growth of the memory is measured after this share of the calls, and only if there are as many as here. */
const [WARM_UP, ENOUGH_CALLS] = [0.25, 2000];

/** A process, and what became of it. */
interface Finished {
  readonly options: EnduranceOptions;
  readonly endured: Endured;
}

/** The resident memory's growth in MB per 1000 calls after the warm-up, without that of the adapter. */
export function ownGrowth({ options, endured }: Finished): number {
  const growth = growthOf(endured, WARM_UP * endured.calls);
  if (!options.devices.includes("webgpu")) return growth;
  return growth - 1000 * KEPT_PER_KERNEL * endured.compilations / endured.calls;
}

/** What is wrong with a run, with what repeats it. */
export function faultsOf({ options, endured }: Finished): string[] {
  const { kind, device, seed } = options;
  const grown = endured.calls >= ENOUGH_CALLS ? ownGrowth({ options, endured }) : 0;
  const growth = grown > MOST_GROWTH ? [`resident memory grows by ${grown.toFixed(2)} MB per 1000 calls`] : [];
  return [...endured.faults, ...growth].map((fault) => `${kind} on ${device}, seed ${seed}: ${fault}`);
}

/** Uses a device in both ways, one after the other. */
async function endureOn(device: EnduranceOptions["device"], options: SuiteOptions): Promise<Finished[]> {
  const { seed, count, devices, log } = options;
  const finished: Finished[] = [];
  for (const kind of ["use", "steps"] as const) {
    const length = kind === "use" ? { seconds: USE_SECONDS } : { calls: STEPS };
    const process = { kind, device, devices, seed, ...length, ...count !== undefined && { calls: count } };
    const endured = await endure(process);
    finished.push({ options: process, endured });
    const done = `${counted(endured.calls, "call")} in ${showSeconds(endured.seconds)}`;
    log(`${titleOf(process)}: ${done}, ${counted(endured.faults.length, "fault")}`);
  }
  return finished;
}

function titleOf({ kind, device }: EnduranceOptions): string {
  return `${kind === "use" ? "random use" : "steps, every hundredth of which throws"}, ${device}`;
}

function rowOf({ options, endured }: Finished): string {
  const { calls, seconds, resident, compilations } = endured;
  const growth = calls >= ENOUGH_CALLS ? ownGrowth({ options, endured }).toFixed(2) : "–";
  const last = resident.at(-1)?.[1].toFixed(0) ?? "–";
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
resident memory after a quarter of the calls, without ${1000 * KEPT_PER_KERNEL} MB per 1000 compiled kernels on WebGPU,
which Mesa's software adapter keeps by itself. It must stay below ${MOST_GROWTH}.`;
}

/** Uses every device for a long time, in processes of their own. */
export const endurance: Suite = {
  name: "endurance",
  description:
    "What processes hold after a long use, with what they held before: half an hour of training, predicting, saving, " +
    "loading, searching, changing devices, cancelling and mistakes at random; and ten thousand training steps, of which " +
    "every hundredth throws, with the weights of a training without those.",
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
