/**
 * A pool of workers that try combinations at the same time.
 *
 * @module
 */

import { pathOf } from "../../core/host_files.ts";
import type { Worker } from "node:worker_threads";
import { chosenOptions, readyDevice } from "../../core/device.ts";
import type { DeviceOptions } from "../../core/device_options.ts";
import { type DeviceKind, deviceTable } from "../../core/device_table.ts";
import { neededModule, processors } from "../../core/host.ts";
import { FileError } from "../files/errors.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { Runner } from "./runner.ts";
import type { Build, TrialJob, TrialOptions, TrialProgress } from "./trial.ts";
import type { WorkerMessage, WorkerStart } from "./worker_protocol.ts";

/** The options of a pool. */
export interface WorkerPoolOptions {
  /** The number of workers. */
  readonly parallel: number;
  /** The URL of the module that exports the function that builds the models: `import.meta.url` of the caller. */
  readonly module: string | URL;
  readonly options: TrialOptions;
  readonly signal: AbortSignal | undefined;
}

/** A worker, and whether it is busy. */
interface Member {
  readonly worker: Worker;
  busy: boolean;
}

/** Messages of members that have not been read yet. */
class Mailbox {
  readonly #letters: (readonly [Member, WorkerMessage])[] = [];
  #wake: () => void = () => {};

  put(member: Member, message: WorkerMessage): void {
    this.#letters.push([member, message]);
    this.#wake();
  }

  /** The next message; undefined if the signal came first. */
  async take(signal: AbortSignal | undefined): Promise<readonly [Member, WorkerMessage] | undefined> {
    while (this.#letters.length === 0 && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal?.addEventListener("abort", this.#wake);
      });
      signal?.removeEventListener("abort", this.#wake);
    }
    return signal?.aborted ? undefined : this.#letters.shift();
  }
}

/**
 * Tries several combinations at the same time, each in a worker with its share of the cores.
 *
 * @throws {TypeError} if the function has no name under which the module can export it.
 * @throws {FileError} if the program's files cannot be read.
 */
export async function workerPool<V extends HyperparameterValues>(
  build: Build<V>,
  { parallel, module, options, signal }: WorkerPoolOptions,
): Promise<Runner<V>> {
  if (build.name === "") {
    throw new TypeError(
      "Cannot search with workers: expected a named function that its module exports, got one without a name",
    );
  }
  const { kind } = await readyDevice();
  const { address } = await import("./worker.ts");
  checkReadable(new URL("../..", address));
  if (String(module).startsWith("file:")) checkReadable(new URL(".", module));
  const mail = new Mailbox();
  const start: WorkerStart = {
    module: String(module),
    build: build.name,
    buildText: build.toString(),
    device: kind,
    deviceOptions: shareOf(kind, parallel),
    options,
  };
  const members = Array.from({ length: parallel }, () => startMember(address, start, mail));
  return {
    run: (jobs) => runJobs(jobs, { members, mail, signal }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(members.map(({ worker }) => worker.terminate()));
    },
  };
}

/** The options of a worker's device. Together, the workers use each thread of the search once. */
function shareOf(kind: DeviceKind, parallel: number): DeviceOptions {
  if (!deviceTable[kind].isCpu) return {};
  const { threads = processors(), native } = chosenOptions();
  return { threads: Math.max(1, Math.floor(threads / parallel)), native };
}

/** Workers import the program again, from a computed URL, for which Deno requires permission to read. */
function checkReadable(folder: URL): void {
  if (folder.protocol !== "file:" || globalThis.Deno === undefined) return;
  const path = pathOf(folder);
  if (Deno.permissions.requestSync({ name: "read", path }).state === "granted") return;
  throw new FileError("read", path, `workers import the program from there; run again with --allow-read=${path}`);
}

function startMember(address: string, start: WorkerStart, mail: Mailbox): Member {
  // An import in a data URL allows any URL for the worker, including that of a package on the web.
  const entry = `import { serveSearch } from ${JSON.stringify(address)}; await serveSearch();`;
  const { Worker } = neededModule("node:worker_threads", "search with workers");
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(entry)}`), { workerData: start });
  const member = { worker, busy: true };
  worker.on("message", (message: WorkerMessage) => mail.put(member, message));
  worker.on("error", (error: Error) => mail.put(member, { event: "broken", reason: error.message }));
  return member;
}

/** Workers and their messages. */
interface Pool {
  readonly members: readonly Member[];
  readonly mail: Mailbox;
  readonly signal: AbortSignal | undefined;
}

async function* runJobs<V extends HyperparameterValues>(
  jobs: readonly TrialJob<V>[],
  { members, mail, signal }: Pool,
): AsyncGenerator<TrialProgress, void> {
  jobs.forEach(checkPlain);
  let sent = 0;
  let done = 0;
  const sendTo = (member: Member): void => {
    member.busy = sent < jobs.length;
    if (member.busy) member.worker.postMessage(jobs[sent++]);
  };
  members.filter(({ busy }) => !busy).forEach(sendTo);
  while (done < jobs.length) {
    const letter = await mail.take(signal);
    if (letter === undefined) return;
    const [member, message] = letter;
    if (message.event === "broken") throw new Error(`Cannot continue the search: a worker failed: ${message.reason}`);
    if (message.event === "idle") {
      sendTo(member);
      continue;
    }
    if (message.event === "trial") done++;
    yield message;
  }
}

/** Throws for hyperparameters that cannot be sent to another thread. */
function checkPlain({ hyperparameters }: TrialJob<HyperparameterValues>): void {
  const name = Object.keys(hyperparameters).find((name) => typeof hyperparameters[name] === "function");
  if (name === undefined) return;
  throw new TypeError(
    `Cannot search with workers: expected hyperparameters that can be sent to them, got a function as ${name}; ` +
      "use its name, and look it up where the model is built",
  );
}
