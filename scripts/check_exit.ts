/**
 * Counts how often Deno crashes if a process exits while a thread that used WebGPU ends, without this package:
 * `deno run -A scripts/check_exit.ts [RUNS]`. Each test module is such a thread.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

const device = "const device = await (await navigator.gpu.requestAdapter()).requestDevice();";
const work = "device.queue.submit([]);";

/** What the thread does before it ends. */
const programs: Readonly<Record<string, string>> = {
  "no WebGPU": "",
  "an adapter": "await navigator.gpu.requestAdapter();",
  "a device with work": device + work,
  "a device that was destroyed after its work": device + work +
    "await device.queue.onSubmittedWorkDone(); device.destroy(); await device.lost;",
};

/** Runs as the process: starts the thread, and exits as soon as it was told to end. */
async function exitEarly(name: string): Promise<void> {
  const text = `${programs[name]}\nself.onmessage = () => self.close();\nself.postMessage("ready");`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(text)}`, { type: "module" });
  await new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage("end");
  await new Promise((resolve) => setTimeout(resolve, 0));
  Deno.exit(0);
}

/** The number of crashes of a program by their signals and messages. */
async function crashesOf(name: string, runs: number): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const args = ["run", "-A", "--no-check", fromFileUrl(import.meta.url), "--program", name];
    const { success, signal, code, stderr } = await new Deno.Command(Deno.execPath(), { args, stdout: "null" })
      .output();
    if (success) continue;
    const message = new TextDecoder().decode(stderr).trim();
    const crash = [signal ?? `exit code ${code}`, message].filter(Boolean).join(", ");
    found.set(crash, (found.get(crash) ?? 0) + 1);
  }
  return found;
}

async function main(): Promise<void> {
  if (Deno.args[0] === "--program") return await exitEarly(Deno.args[1]);
  const runs = Number(Deno.args[0] ?? 150);
  for (const name of Object.keys(programs)) {
    const crashes = await crashesOf(name, runs);
    const count = [...crashes.values()].reduce((sum, one) => sum + one, 0);
    console.log(`${name}: ${count} of ${runs} runs crashed`);
    for (const [crash, times] of crashes) console.log(`  ${times} × ${crash}`);
  }
}

if (import.meta.main) await main();
