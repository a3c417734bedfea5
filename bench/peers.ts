/**
 * Measures this package beside other frameworks on the same machine, in interleaved rounds:
 *
 * ```sh
 * deno task peers [--rows lenet5,vgg] [--rounds 5] [--device wasm] [--python python3] [--onnx DIR] [--write] [--json]
 * ```
 *
 * PyTorch is measured if that Python has it, and ONNX Runtime on forward passes if `npm install --ignore-scripts
 * onnxruntime-node` was run in the folder of `--onnx` (default: this one). Before a row is measured, both sides compute it
 * from the same numbers, and must get the same. `--write` writes the table of docs/performance.md; measure all rows for
 * it, on a quiet machine.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { type DeviceChoice, deviceStatistics, setDevice } from "../core/mod.ts";
import { suggestName } from "../core/nearest.ts";
import { measureRow, type RowResult } from "./peers/measure.ts";
import { startOnnx } from "./peers/onnx.ts";
import type { Peer } from "./peers/peer.ts";
import { rows } from "./peers/rows.ts";
import { page, replaceTable, tableOf } from "./peers/table.ts";
import { startTorch } from "./peers/torch.ts";
import type { Row } from "./peers/workload.ts";

/** Returns the rows of these names; all without names. */
export function chosenRows(names: readonly string[]): readonly Row[] {
  const known = rows.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`Cannot measure ${unknown}${suggestName(unknown, known)}`);
  return names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name));
}

function show({ row, milliseconds, peers }: RowResult): string {
  const others = peers.map(({ peer, milliseconds: { median }, speedup, variant }) =>
    `${peer} ${median.toPrecision(3)} ms (${variant}): ${speedup.toFixed(2)} ×`
  );
  return [`${row}: ${milliseconds.median.toPrecision(3)} ms`, ...others].join("; ");
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseArgs([...args], {
    string: ["rows", "rounds", "device", "python", "onnx"],
    boolean: ["write", "json"],
  });
  const { rounds = "5", device: choice = "wasm", python = "python3", onnx: onnxFolder = "." } = options;
  const chosen = chosenRows(options.rows?.split(",") ?? []);
  const { name: device } = await setDevice(choice as DeviceChoice);
  const threads = deviceStatistics().threads + 1;
  const torch = await startTorch(python, threads);
  if (!torch) console.error(`${python} has no PyTorch, so only this package is measured`);
  const onnx = torch && await startOnnx(onnxFolder, python, threads);
  if (torch && !onnx) console.error(`${onnxFolder} has no onnxruntime-node, so it is not measured`);
  const peers: readonly Peer[] = [torch, onnx].filter((peer) => peer !== undefined);
  const results: RowResult[] = [];
  for (const row of chosen) {
    results.push(await measureRow(row, peers, { rounds: Number(rounds), roundMilliseconds: 300 }));
    console.error(show(results.at(-1)!));
  }
  for (const peer of peers) await peer.close();
  const names = peers.map(({ name }) => name);
  const table = tableOf(results, { device, peers: names, threads, rounds: Number(rounds) });
  console.log(options.json ? JSON.stringify({ device, threads, peers: names, results }, null, 2) : table);
  if (options.write) await Deno.writeTextFile(page, replaceTable(await Deno.readTextFile(page), table));
}

if (import.meta.main) await main(Deno.args);
