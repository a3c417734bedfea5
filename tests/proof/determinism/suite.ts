/**
 * The same training computes the same bits: in all processes, with any number of threads, and if it is resumed from any
 * of its steps.
 *
 * @module
 */

import { networks } from "../../../examples/networks.ts";
import { counted } from "../page.ts";
import type { Suite, SuiteOptions } from "../suite.ts";
import { type Computer, computersOf, hashesBy } from "./processes.ts";
import { changesOf, readRecorded, record, RECORDED_SEED, recordedSteps } from "./recorded.ts";
import { resumeEverywhere } from "./resuming.ts";
import { sameBitsOn } from "./rounding.ts";

/** The number of processes by default, and how many of them run at once. */
const [PROCESSES, AT_ONCE] = [20, 5];

/** The hashes that some processes computed on a device. */
interface Computed {
  readonly computer: Computer;
  readonly hashes: ReadonlyMap<string, string>;
}

/** Trains in a process of its own, with all networks; what fails is a fault. */
async function trainOn(computer: Computer, { seed, log }: SuiteOptions, faults: string[]): Promise<Computed[]> {
  const title = showComputer(computer);
  try {
    const options = { ...computer, steps: recordedSteps[computer.device], seed, networks: Object.keys(networks) };
    const hashes = await hashesBy(options);
    log(`${title}: ${options.networks.length} networks, ${options.steps} steps each`);
    return [{ computer, hashes }];
  } catch (error) {
    faults.push(`${title}, seed ${seed}: ${error}`);
    return [];
  }
}

/** Trains in many processes, some at once. */
async function train(options: SuiteOptions, faults: string[]): Promise<Computed[]> {
  const { count = PROCESSES, devices } = options;
  const computers = computersOf(count, devices);
  const computed: Computed[][] = [];
  for (let first = 0; first < count; first += AT_ONCE) {
    const some = computers.slice(first, first + AT_ONCE);
    computed.push(...await Promise.all(some.map((computer) => trainOn(computer, options, faults))));
  }
  return computed.flat();
}

function showComputer({ device, threads, native }: Computer): string {
  return `${device}, ${threads} thread${threads === 1 ? "" : "s"}${native ? ", machine code" : ""}`;
}

/** Which networks have other weights in a process than in the first one on the same device. */
export function differencesIn(computed: readonly Computed[]): string[] {
  return computed.flatMap(({ computer, hashes }) => {
    const first = computed.find((one) => one.computer.device === computer.device)!;
    return Object.keys(networks).filter((name) => hashes.get(name) !== first.hashes.get(name)).map((name) =>
      `${name}: other weights on ${showComputer(computer)} than on ${showComputer(first.computer)}`
    );
  });
}

/** Compares the hashes with those that are recorded, or records them. Returns what is to be said about it. */
async function compareWithRecorded(
  computed: readonly Computed[],
  options: SuiteOptions,
  faults: string[],
): Promise<string> {
  if (options.seed !== RECORDED_SEED) {
    return `The recorded hashes are those of seed ${RECORDED_SEED}; these were not compared.`;
  }
  const said: string[] = [];
  for (const device of options.devices) {
    const hashes = computed.find(({ computer }) => computer.device === device)?.hashes;
    if (hashes === undefined) continue;
    const machine = await sameBitsOn(device);
    const recorded = await readRecorded();
    const changes = changesOf(machine, hashes, recorded);
    if (options.records) {
      await record(machine, hashes);
      said.push(`${machine}: ${changes.length} of ${hashes.size} hashes changed, all are recorded anew`);
    } else {
      faults.push(...changes);
      said.push(
        `${machine}: ${recorded[machine] ? `${hashes.size - changes.length} hashes as recorded` : "not recorded yet"}`,
      );
    }
  }
  return said.map((line) => `- ${line}`).join("\n");
}

/** The table of processes per device and number of threads. */
function tableOf(computed: readonly Computed[]): string {
  const titles = computed.map(({ computer }) => showComputer(computer));
  const rows = [...new Set(titles)].map((title) => {
    const ofTitle = computed.filter((_, i) => titles[i] === title);
    return `| ${title} | ${ofTitle.length} | ${ofTitle[0].hashes.size} | ${
      recordedSteps[ofTitle[0].computer.device]
    } |`;
  });
  return ["| device | processes | networks | steps |", "| --- | --: | --: | --: |", ...rows].join("\n");
}

/** Trains all example networks in many processes, and resumes trainings from each of their steps. */
export const determinism: Suite = {
  name: "determinism",
  description:
    "The weights of all example networks after some steps, as SHA-256, in separate processes with 1, 2, 3 and 8 threads, " +
    "with and without machine code, with each other and with the recorded hashes; and trainings that are resumed from each of their steps, with " +
    "uninterrupted ones.",
  async run(options) {
    const faults: string[] = [];
    const computed = await train(options, faults);
    faults.push(...differencesIn(computed));
    const said = await compareWithRecorded(computed, options, faults);
    const resumed = await resumeEverywhere(options, faults);
    const trainings = computed.reduce((sum, { hashes }) => sum + hashes.size, 0);
    return {
      tried: `${counted(trainings, "training")} in ${counted(computed.length, "process", "processes")}, and ${
        counted(resumed, "resumed training")
      }`,
      faults,
      section: `${tableOf(computed)}\n\nRecorded hashes:\n\n${said}`,
    };
  },
};
