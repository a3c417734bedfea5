/**
 * Trains every example network on MNIST for a few epochs, and writes the table of docs/networks.md:
 *
 * ```sh
 * deno task table [NETWORK …] [--data DIRECTORY] [--device wasm] [--seed 1] [--results .table] [--again]
 * ```
 *
 * The report of each training is kept in the folder of results, so an interrupted call resumes with the next network;
 * `--again` trains all of them again. Without names all networks are trained; the table has all that were trained so
 * far. The exit code is 1 if a network misses its bound.
 *
 * @module
 */

import { cpus } from "node:os";
import { parseArgs } from "@std/cli";
import { join } from "@std/path";
import { type DeviceChoice, setDevice } from "../core/mod.ts";
import { suggestName } from "../core/nearest.ts";
import { type Data, data, mnistLoader } from "../data/mod.ts";
import { networks } from "../examples/networks.ts";
import { model, type Report } from "../model/mod.ts";
import { getUpdate } from "../optim/mod.ts";
import { type NetworkRun, networkRuns, titleOf } from "./network_runs.ts";

const page = "docs/networks.md";
const [begin, end] = ["<!-- table: written by deno task table -->", "<!-- end of the table -->"];

/** A run, its report, and the processor that computed it. */
export interface Result {
  readonly run: NetworkRun;
  readonly report: Report;
  readonly processor: string;
}

/** Trains the network of a run to the end, without early stopping. */
export async function trainRun(run: NetworkRun, mnist: Data, seed: number): Promise<Report> {
  const { build, hyperparameters, update = "momentum" } = networks[run.network];
  const values = {
    ...hyperparameters,
    nEpochs: run.epochs,
    ...run.pretraining !== undefined && { pretrainingEpochs: run.pretraining },
    ...run.settings,
  };
  const untrained = model({
    name: titleOf(run),
    network: build(values),
    data: mnist,
    hyperparameters: values,
    updates: getUpdate(update),
  });
  const { report } = await untrained.train({ seed, earlyStop: false, progress: false });
  return report;
}

const heads = ["network", "epochs", "test error", "bound", "PyTorch", "seconds", "samples/s"];

/** Returns the table in Markdown, and below it the conditions of the measurement. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ run, report: { testError, seconds, samplesPerSecond } }) => [
    titleOf(run).replace(run.network, `\`${run.network}\``),
    run.pretraining === undefined ? `${run.epochs}` : `${run.pretraining} + ${run.epochs}`,
    `${testError?.toFixed(2)} %`,
    `${run.bound} %`,
    run.pytorch === undefined ? "–" : `${run.pytorch} %`,
    seconds.total.toFixed(0),
    Math.round(samplesPerSecond).toLocaleString("en-US"),
  ]);
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join(" | ")} |`;
  const rule = widths.map((width, i) => i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`);
  return `${[heads, rule, ...rows].map(line).join("\n")}\n\n${circumstances(results)}`;
}

function circumstances(results: readonly Result[]): string {
  const circumstance = ({ report: { device, data, seed, versions }, processor }: Result): string =>
    `${data}, seed ${seed}; ${device.name} on ${processor}, Deno ${versions.deno}.`;
  return [...new Set(results.map(circumstance))].join("\n");
}

/** Returns the page with another table between its markers. */
export function replaceTable(text: string, table: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`Cannot write the table to ${page}: expected the lines ${begin} and ${end}`);
  }
  return `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}`;
}

function processorName(): string {
  const all = cpus();
  return `${all.length} cores of ${all[0]?.model.trim() ?? "an unknown processor"}`;
}

function fileOf(folder: string, run: NetworkRun): string {
  return join(folder, `${titleOf(run).replaceAll(/[^\w.]+/g, "_")}.json`);
}

/** Returns the result of a run in an earlier call. */
async function readResult(folder: string, run: NetworkRun): Promise<Result | undefined> {
  try {
    return { ...JSON.parse(await Deno.readTextFile(fileOf(folder, run))), run };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function writeResult(folder: string, result: Result): Promise<void> {
  const file = fileOf(folder, result.run);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${file}.part`, JSON.stringify(result, null, 2));
  await Deno.rename(`${file}.part`, file);
}

/** Whether a run stays within its bound; prints a line about it. */
function judge({ run, report: { testError, seconds } }: Result): boolean {
  const passed = testError !== null && testError <= run.bound;
  const errors = `test error ${testError?.toFixed(2)} %, ${passed ? "within" : "ABOVE"} its bound of ${run.bound} %`;
  console.log(`${titleOf(run)}: ${errors}; ${seconds.total.toFixed(0)} s`);
  return passed;
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseArgs([...args], { string: ["data", "device", "seed", "results"], boolean: ["again"] });
  const { results: folder = ".table", device = "wasm", seed = "1" } = options;
  const names = options._.map(String);
  const unknown = names.find((name) => !Object.hasOwn(networks, name));
  if (unknown) throw new RangeError(`Cannot train ${unknown}${suggestName(unknown, Object.keys(networks))}`);
  await setDevice(device as DeviceChoice);
  const mnist = data(await mnistLoader(options.data === undefined ? {} : { data: options.data }), { name: "MNIST" });
  for (const run of networkRuns.filter(({ network }) => names.length === 0 || names.includes(network))) {
    const known = options.again ? undefined : await readResult(folder, run);
    const result = known ?? { run, report: await trainRun(run, mnist, Number(seed)), processor: processorName() };
    if (!known) await writeResult(folder, result);
    if (!judge(result)) Deno.exitCode = 1;
  }
  const known = await Promise.all(networkRuns.map((run) => readResult(folder, run)));
  const table = tableOf(known.filter((one) => one !== undefined));
  await Deno.writeTextFile(page, replaceTable(await Deno.readTextFile(page), table));
}

if (import.meta.main) await main(Deno.args);
