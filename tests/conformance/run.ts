/**
 * Runs operator cases in the style of ONNX on this framework:
 *
 *     deno run -A tests/conformance/run.ts DIR [--device auto|webgpu|wasm]
 *
 * A case is a folder of DIR with `case.json` (`{ "name", "op", "attributes", "inputs", "outputs", "rtol"?, "atol"?,
 * "opset"? }`, operator and attributes as in ONNX) and `case.safetensors` with the tensors that it names. Prints a line
 * for each case and the total; the exit code is 1 if a case fails, 2 if nothing could be run.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { type DeviceChoice, setDevice } from "../../core/mod.ts";
import { caseFolders, readCase } from "./case.ts";
import { execute, type Outcome } from "./execute.ts";

/** The number of cases with each result. */
export type Total = Record<Outcome["verdict"], number>;

async function outcomeOf(folder: string): Promise<Outcome & { readonly name: string }> {
  try {
    const one = await readCase(folder);
    return { name: one.name, ...await execute(one) };
  } catch (error) {
    return { name: folder, verdict: "FAIL", error: NaN, reason: String(error) };
  }
}

function lineOf({ name, verdict, error, reason }: Outcome & { readonly name: string }): string {
  const size = Number.isNaN(error) ? "" : `  ${error.toExponential(1)}`;
  return `${verdict.padEnd(4)} ${name}${size}${reason === undefined ? "" : `  ${reason.split("\n")[0]}`}`;
}

/** Runs every case of a directory on the chosen device. */
export async function runDirectory(directory: string, print: (line: string) => void): Promise<Total> {
  const total: Total = { ok: 0, FAIL: 0, skip: 0 };
  for (const folder of await caseFolders(directory)) {
    const outcome = await outcomeOf(folder);
    total[outcome.verdict]++;
    print(lineOf(outcome));
  }
  print(`total ${total.ok + total.FAIL + total.skip}: ${total.ok} ok, ${total.FAIL} FAIL, ${total.skip} skip`);
  return total;
}

async function main(): Promise<number> {
  const { _: [directory, ...more], device } = parseArgs(Deno.args, { string: ["device"], default: { device: "auto" } });
  if (directory === undefined || more.length > 0) {
    console.error("Usage: run.ts DIR [--device auto|webgpu|wasm]");
    return 2;
  }
  const { kind, name } = await setDevice(device as DeviceChoice);
  console.error(`on ${name || kind}`);
  const { ok, FAIL, skip } = await runDirectory(String(directory), console.log);
  if (ok + FAIL + skip === 0) console.error(`No cases in ${directory}: expected folders with a case.json`);
  return FAIL > 0 ? 1 : ok + skip > 0 ? 0 : 2;
}

if (import.meta.main) {
  try {
    Deno.exit(await main());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(2);
  }
}
