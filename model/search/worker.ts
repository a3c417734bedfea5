/**
 * The program of a search worker. It tries the combinations that it receives, on its own device.
 *
 * @module
 */

import { setDevice } from "../../core/device.ts";
import { neededModule } from "../../core/host.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import { type Build, runTrial } from "./trial.ts";
import type { WorkerJob, WorkerMessage, WorkerStart } from "./worker_protocol.ts";

/**
 * The URL of this module, with which workers are started. Because it is imported, `deno compile` includes the module.
 */
export const address = import.meta.url;

/** The function that builds the models, from the module that exports it. */
async function importBuild({ module, build, buildText }: WorkerStart): Promise<Build<HyperparameterValues>> {
  const exported: Readonly<Record<string, unknown>> = await import(module);
  const found = exported[build];
  if (typeof found === "function" && found.toString() === buildText) return found as Build<HyperparameterValues>;
  throw new TypeError(
    `Cannot search with workers: expected ${module} to export the function ${build} that was given to the search, got ${
      typeof found === "function" ? "another function" : `these names: ${Object.keys(exported).join(", ") || "none"}`
    }`,
  );
}

/** The side of a worker that sends messages to the search, and receives jobs from it. */
interface Port {
  postMessage(message: WorkerMessage): void;
  on(event: "message", listener: (job: WorkerJob) => void): unknown;
}

/** The thread of a worker: its port, which the first thread of a program lacks, and the data with which it started. */
interface Thread {
  readonly parentPort: Port | null;
  readonly workerData: WorkerStart;
}

async function serve(port: Port, start: WorkerStart): Promise<void> {
  const tell = (message: WorkerMessage): void => port.postMessage(message);
  await setDevice(start.device, start.deviceOptions);
  const build = await importBuild(start);
  port.on("message", async (job: WorkerJob) => {
    Object.freeze(job.hyperparameters);
    for await (const progress of runTrial(job, build, start.options)) tell(progress);
    tell({ event: "idle" });
  });
  tell({ event: "idle" });
}

/**
 * Serves the search that started this thread.
 *
 * @param thread what stands for this thread in tests
 */
export async function serveSearch(
  { parentPort, workerData }: Thread = neededModule("node:worker_threads", "search with workers"),
): Promise<void> {
  if (!parentPort) throw new TypeError("Cannot serve a search: this thread is not a worker");
  try {
    await serve(parentPort, workerData);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    parentPort.postMessage({ event: "broken", reason } satisfies WorkerMessage);
  }
}
