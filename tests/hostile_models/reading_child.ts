/**
 * Reads a file in a process of its own, and prints the error and the growth of its memory: `FileFormatError: Cannot …`,
 * and the kilobytes.
 *
 * @module
 */

import { readRun } from "../../cli/runs/read.ts";
import { readConfig } from "../../cli/training/config_file.ts";
import { zeros } from "../../core/mod.ts";
import { readJournal } from "../../model/search/journal.ts";
import { importModel, loadModel, readConfiguration, readParameters } from "../../model/mod.ts";

const readers: Readonly<Record<string, (path: string) => unknown>> = {
  model: (path) => loadModel(path),
  parameters: (path) => readParameters(path, { network: "x", params: { b: zeros([2]) } }),
  configuration: readConfiguration,
  folder: (path) => importModel(path),
  journal: readJournal,
  settings: (path) => readConfig(path, {}),
  run: readRun,
};

/** The most memory that the process had, in kilobytes. */
function peak(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1]);
}

const [kind, path] = Deno.args;
const before = peak();
let message = "read";
try {
  readers[kind](path);
} catch (error) {
  message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
console.log(JSON.stringify({ message, kilobytes: peak() - before }));
