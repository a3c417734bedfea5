/**
 * Runs the suites of the proof one after another: what tests cannot try in a few minutes, with numbers.
 *
 * ```sh
 * deno task prove [SUITE …] [--seed 1] [--count N] [--folders core,optim] [--write]
 * ```
 *
 * Without names all suites run. `--count` replaces the number of cases of each suite. `--folders` draws mutants from some
 * folders only. `--write` writes the sections of
 * these suites in docs/accuracy.md, and records what later runs are compared with. The exit code is 1 if there is a
 * fault.
 *
 * @module
 */

import { cpus } from "node:os";
import { parseArgs } from "@std/cli";
import { fromFileUrl } from "@std/path";
import { devices } from "../../core/mod.ts";
import { suggestName } from "../../core/nearest.ts";
import { deviceKinds } from "../on_every_device.ts";
import { FOLDERS } from "./mutants/exclusions.ts";
import { type Result, showSeconds, updatedPage } from "./page.ts";
import type { Suite, SuiteOptions, SuiteReport } from "./suite.ts";
import { suites } from "./suites.ts";

const root = new URL("../../", import.meta.url);
const page = new URL("docs/accuracy.md", root);

/** What the command line asks for. */
export interface Order {
  readonly names: readonly string[];
  readonly seed: number;
  readonly count?: number;
  readonly folders?: readonly string[];
  readonly writes: boolean;
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`Cannot use --${name} ${text}: expected a whole number`);
}

function knownFolders(text: string): readonly string[] {
  const names = text.split(",");
  const unknown = names.find((name) => !FOLDERS.includes(name));
  if (unknown === undefined) return names;
  throw new RangeError(`Cannot draw mutants from folder "${unknown}"${suggestName(unknown, FOLDERS)}`);
}

/** Reads the command line. */
export function readOrder(args: readonly string[]): Order {
  const { _: named, seed, count, folders, write } = parseArgs([...args], {
    string: ["seed", "count", "folders"],
    boolean: ["write"],
    default: { seed: "1" },
    unknown: (arg, key) => {
      if (key !== undefined) throw new RangeError(`Cannot use ${arg}: expected --seed, --count, --folders or --write`);
    },
  });
  const known = Object.keys(suites);
  const unknown = named.map(String).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`Cannot run suite "${unknown}"${suggestName(unknown, known)}`);
  return {
    names: named.length === 0 ? known : known.filter((name) => named.includes(name)),
    seed: wholeNumber("seed", seed),
    ...count !== undefined && { count: wholeNumber("count", count) },
    ...folders !== undefined && { folders: knownFolders(folders) },
    writes: write,
  };
}

/** The processor, its cores, the version of Deno, and the adapters. */
async function describeMachine(): Promise<string> {
  const all = cpus();
  const adapters = (await devices()).filter(({ kind }) => kind === "webgpu").map(({ name }) => name);
  const processor = `${all.length} cores of ${all[0]?.model.trim() ?? "an unknown processor"}`;
  return [processor, `Deno ${Deno.version.deno}`, ...adapters].join(", ");
}

/** Runs a suite; what it throws is a fault. */
async function runSuite(suite: Suite, options: SuiteOptions): Promise<SuiteReport> {
  try {
    return await suite.run(options);
  } catch (error) {
    const fault = `the suite itself failed: ${error instanceof Error ? error.stack : error}`;
    return { tried: "nothing, because the suite failed", faults: [fault], section: "" };
  }
}

const kinds = (["wasm", "webgpu"] as const).filter((kind) => deviceKinds.includes(kind));

/** Runs the suites of an order, and says what they did. */
async function prove({ names, seed, count, folders, writes }: Order): Promise<Result[]> {
  const results: Result[] = [];
  const machine = await describeMachine();
  for (const name of names) {
    const suite = await suites[name]();
    console.log(`${name}: ${suite.description}`);
    const start = performance.now();
    const log = (line: string) => console.log(`  ${showSeconds((performance.now() - start) / 1000)}: ${line}`);
    const report = await runSuite(suite, {
      seed,
      ...count !== undefined && { count },
      ...folders !== undefined && { folders },
      devices: kinds,
      log,
      records: writes,
    });
    const seconds = (performance.now() - start) / 1000;
    for (const fault of report.faults) console.log(`  FAULT: ${fault}`);
    console.log(
      `  tried ${report.tried}, with seed ${seed}, in ${showSeconds(seconds)}: ${report.faults.length} faults`,
    );
    results.push({ suite, report, seed, seconds, date: new Date().toISOString().slice(0, 10), machine });
    // After each suite, so that an interrupted run leaves what it found.
    if (writes) await writePage(results);
  }
  return results;
}

/** Writes the sections of these results. */
async function writePage(results: readonly Result[]): Promise<void> {
  const old = await Deno.readTextFile(page).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  await Deno.writeTextFile(page, updatedPage(old, results, Object.keys(suites)));
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", fromFileUrl(page)], cwd: fromFileUrl(root) })
    .output();
}

if (import.meta.main) {
  const results = await prove(readOrder(Deno.args));
  const faults = results.reduce((sum, { report }) => sum + report.faults.length, 0);
  console.log(faults === 0 ? "Everything held" : `${faults} faults`);
  Deno.exit(faults === 0 ? 0 : 1);
}
