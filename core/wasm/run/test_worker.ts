/**
 * A worker that computes on several threads and posts the mean of the results. A test runs it.
 *
 * @module
 */

import { parentPort } from "node:worker_threads";
import { openWasm } from "../backend.ts";
import { programOf, runOn, Sketch, storing } from "../testing.ts";

const COUNT = 1 << 18;
const s = new Sketch();
const i = s.variable("i", COUNT);
const [x, y] = [s.slot("f32", COUNT), s.slot("f32", COUNT, "write")];
const value = s.f32("exp", s.load(x, i));
const backend = openWasm({ threads: 3 });
const program = programOf(s.nest([i], [storing([{ slot: y, index: i, value }])]));
const zeros = new Array<number>(COUNT).fill(0);
let sum = 0;
for (let run = 0; run < 3; run++) {
  const outputs = await runOn(backend, program, [zeros, zeros]);
  for (const one of outputs[y]) sum += one;
  // Meanwhile, threads start.
  await new Promise((resolve) => setTimeout(resolve, 100));
}
await backend.close();
parentPort?.postMessage(sum / (3 * COUNT));
