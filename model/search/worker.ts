/**
 * What a worker of a search runs: it tries the combinations that it is sent, on a device of its own.
 *
 * @module
 */

import type { MessagePort } from "node:worker_threads";
import { setDevice } from "../../core/device.ts";
import { neededModule } from "../../core/host.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import { type Build, runTrial } from "./trial.ts";
import type { WorkerJob, WorkerMessage, WorkerStart } from "./worker_protocol.ts";

/** The address of this module, by which workers find it; knowing it by an import, `deno compile` includes it. */
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

async function serve(port: MessagePort, start: WorkerStart): Promise<void> {
  const tell = (message: WorkerMessage): void => port.postMessage(message);
  // The backend starts as many threads as the navigator tells; together the workers are to use each core once.
  Object.defineProperty(navigator, "hardwareConcurrency", { value: start.threads, configurable: true });
  await setDevice(start.device);
  const build = await importBuild(start);
  port.on("message", async (job: WorkerJob) => {
    Object.freeze(job.hyperparameters);
    for await (const progress of runTrial(job, build, start.options)) tell(progress);
    tell({ event: "idle" });
  });
  tell({ event: "idle" });
}

/** Serves the search that started this thread. */
export async function serveSearch(): Promise<void> {
  const { parentPort, workerData } = neededModule("node:worker_threads", "search with workers");
  if (!parentPort) throw new TypeError("Cannot serve a search: this thread is not a worker");
  try {
    await serve(parentPort, workerData);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    parentPort.postMessage({ event: "broken", reason } satisfies WorkerMessage);
  }
}
