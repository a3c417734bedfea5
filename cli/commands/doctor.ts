/**
 * The command that shows the devices of this machine, and how to improve their use.
 *
 * @module
 */

import type { DeviceInfo } from "../../core/backend.ts";
import { deviceOption } from "../../core/device.ts";
import { deviceTable } from "../../core/device_table.ts";
import { finite } from "../../core/options/numbers.ts";
import { threeDigits } from "../../core/plan_text.ts";
import { command } from "../command.ts";
import { deviceLine, optionsOf } from "../device_line.ts";
import { type Examination, examine } from "../doctor/examination.ts";
import { jsonLine } from "../json_lines.ts";
import { deviceOptions, helpOptions, outputOptions } from "../options/common.ts";
import { section, valued } from "../options/option.ts";
import { refuseWords } from "../options/words.ts";

const SECONDS = 2;

/** Examines this machine. */
export const doctorCommand = command({
  name: "doctor",
  summary: "Shows the available devices, which one is chosen and why, and how fast it is",
  usage: "[options]",
  examples: ["doctor", "doctor --device webgpu", "doctor --seconds 0 --json"],
  options: {
    ...deviceOptions,
    ...section("Device", {
      seconds: valued("S", finite({ least: 0, default: SECONDS, help: "measure for S seconds (0: do not measure)" })),
    }),
    ...outputOptions,
    ...helpOptions,
  },
  async run({ words, options: { seconds = SECONDS, json, quiet, ...wishes } }, { output, signal }) {
    refuseWords("doctor", words);
    if (seconds > 0 && !quiet) output.note(`Measuring for ${seconds} s …\n`);
    const { device = deviceOption.default } = wishes;
    const found = await examine({ device, options: optionsOf(wishes), seconds, signal });
    if (json) output.result(jsonLine("doctor", found));
    else textOf(found, deviceLine(device, found.chosen)).forEach((line) => output.result(line));
    return signal.aborted ? "interrupted" : "ok";
  },
});

/** An examination as lines of text. */
export function textOf(found: Examination, chosenLine: string): string[] {
  const { versions: { yadll, deno, v8, typescript }, platform, devices, webAssembly, permissions, advice } = found;
  const { simd, relaxedSimd, threads, processors, native, noNative } = webAssembly;
  const yes = (has: boolean): string => has ? "yes" : "no";
  return [
    `@yadll/yadll ${yadll}, Deno ${deno}, V8 ${v8}, TypeScript ${typescript}; ${platform}`,
    "",
    "Devices, best first:",
    ...devices.map((one) => `  ${describe(one)}`),
    chosenLine,
    ...(found.benchmark ? [speedLine(found.benchmark)] : []),
    "",
    `WebAssembly: SIMD ${yes(simd)}, relaxed SIMD ${yes(relaxedSimd)}, threads ${yes(threads)}; ${processors} ${
      processors === 1 ? "processor" : "processors"
    }`,
    native === null
      ? `Products in machine code: no; ${noNative}`
      : `Products in machine code: ${native}; results are those of WebAssembly, bit for bit`,
    cacheLine(found.cache),
    `Permissions: ${permissions.length === 0 ? "none granted in full" : permissions.join(", ")}`,
    ...(advice.length === 0 ? [] : ["", ...advice]),
  ];
}

function describe({ kind, name, software }: DeviceInfo): string {
  const { title, find } = deviceTable[kind];
  if (!find) return `${name}: always available (--device ${kind})`;
  return software ? `${name}: ${title} on the CPU, used only with --device ${kind}` : `${name}: ${title}`;
}

function speedLine({ size, products, seconds, gflops }: NonNullable<Examination["benchmark"]>): string {
  return `Speed: ${threeDigits(gflops)} GFLOP/s (${products} products of ${size}×${size} matrices in ${
    seconds.toFixed(1)
  } s)`;
}

function cacheLine({ path, writable, mnist, problem }: Examination["cache"]): string {
  if (path === null) return `Cache: ${problem}`;
  const state = writable === null ? "not accessible" : writable ? "writable" : `not writable: ${problem}`;
  const content = mnist === null ? "" : mnist ? "; contains MNIST" : "; MNIST is downloaded when needed";
  return `Cache: ${path}, ${state}${content}`;
}
