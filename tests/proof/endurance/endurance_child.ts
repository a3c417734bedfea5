/**
 * The program of a process that uses the package for a long time. `processes.ts` starts it in an empty folder; it prints
 * what became of it as a line of JSON.
 *
 * @module
 */

import type { EnduranceOptions, Endured } from "./processes.ts";
import { reuseCompiled } from "./reuse.ts";
import { useAtRandom } from "./random_use.ts";
import { trainThrowing } from "./throwing_steps.ts";

const options: EnduranceOptions = JSON.parse(Deno.args[0]);
const measured = { devices: options.devices, folder: Deno.cwd() };

// Deno listens to signals from some time after its start: with two sockets, which would count as left over.
const listener = () => {};
Deno.addSignalListener("SIGINT", listener);
Deno.removeSignalListener("SIGINT", listener);

const rejections: string[] = [];
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  rejections.push(`unhandled rejection: ${event.reason instanceof Error ? event.reason.stack : event.reason}`);
});

const kinds = { use: useAtRandom, steps: trainThrowing, reuse: reuseCompiled };
const endured = await kinds[options.kind](options, measured);
const result: Endured = { ...endured, faults: [...endured.faults, ...rejections] };
console.log(JSON.stringify(result));
Deno.exit(0);
