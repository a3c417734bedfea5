/**
 * Trains 5 000 models a step, compiles 12 000 functions and looks up rows of 3 000 tables on each kind of device, in
 * processes of their own, and checks that nothing remains of them: `deno task endurance [DEVICE …]`.
 *
 * @module
 */

import { type DeviceKind, deviceKinds as known } from "../core/device_table.ts";
import { growthOf, type LongRun, runLong } from "../tests/endurance.ts";
import { deviceKinds } from "../tests/on_every_device.ts";

/** The most megabytes per 1000 models, functions or tables, after the first 500. */
const MOST_GROWTH = 1;

/**
 * The same for tables on WebGPU, each of which has a kernel of its own. Mesa's software adapter keeps some memory of
 * every kernel: a program that makes small kernels and drops them, without this package, grows by 4.7 MB per 1000.
 */
const MOST_GROWTH_BY_ADAPTER = 8;
const FROM = 500;

const options = { models: 5000, modelsPerShape: 100, functions: 12_000, tables: 3000, warmUp: 20, sampleEvery: 100 };

/** Prints the result of a run, and returns whether everything was released. */
function report(device: DeviceKind, run: LongRun): boolean {
  const growth = growthOf(run, FROM);
  const [before, after] = [JSON.stringify(run.before), JSON.stringify(run.after)];
  const resident = run.resident.map(([, megabytes]) => megabytes);
  console.log(`${device}: ${run.count} ${run.name}, ${run.seconds.toFixed(0)} s since the start`);
  console.log(`  in memory before ${before}`);
  console.log(`  in memory after  ${after}`);
  console.log(`  resident memory ${Math.min(...resident).toFixed(0)} to ${Math.max(...resident).toFixed(0)} MB`);
  console.log(`  growth ${growth.toFixed(2)} MB per 1000 after the first ${FROM}`);
  const most = device === "webgpu" && run.name === "tables" ? MOST_GROWTH_BY_ADAPTER : MOST_GROWTH;
  return before === after && growth < most;
}

const wanted = Deno.args.length > 0 ? known.filter((kind) => Deno.args.includes(kind)) : deviceKinds;
let released = true;
for (const device of wanted) {
  for (const run of await runLong({ device, ...options })) released = report(device, run) && released;
}
console.log(released ? "Everything was released" : "Not everything was released");
if (!released) Deno.exit(1);
