/**
 * The workers of a backend: they wait for jobs in the shared memory and run the same modules as the main thread.
 *
 * @module
 */

import { control, MESSAGE_BYTES } from "../encode/shared_memory.ts";
import { type Helper, startHelper } from "./worker_hosts.ts";
import { instantiate, type ProgramRunner } from "./instance.ts";

/** What a worker is given when it starts. */
interface WorkerInput {
  readonly memory: WebAssembly.Memory;
  readonly control: typeof control;
  readonly messageBytes: number;
  /** Turns of the waiting loop before the worker sleeps. */
  readonly spins: number;
  /** Which of the threads this is; the one that starts the others is 0. */
  readonly thread: number;
}

/** What a run consists of. */
export interface Job {
  /** The number of the module, and where its bytes are. */
  readonly module: number;
  readonly code: number;
  readonly codeBytes: number;
  /** The address of the table of buffers. */
  readonly table: number;
  /** The ticket of the first chunk. */
  readonly base: number;
  /** The address of the first thread's workspace, and the bytes of each. */
  readonly workspace: number;
  readonly workspaceBytes: number;
}

const SPINS = 5_000;
const fields = ["module", "code", "codeBytes", "table", "base", "workspace", "workspaceBytes"] as const;
const stop: Job = { module: -1, code: 0, codeBytes: 0, table: 0, base: 0, workspace: 0, workspaceBytes: 0 };

/** What every worker runs; its text is sent, so it refers to nothing outside of itself. */
function serve({ memory, control, messageBytes, spins, thread }: WorkerInput, ready: typeof instantiate): void {
  const words = new Int32Array(memory.buffer, 0, 1024);
  const runs = new Map<number, ProgramRunner>();
  const read = (address: number): number => Atomics.load(words, address >> 2);
  const nextJob = (last: number): number => {
    for (let turn = 0;; turn++) {
      const now = read(control.job);
      if (now !== last && now % 2 === 0) return now;
      if (turn > spins && now === last) Atomics.wait(words, control.job >> 2, last);
    }
  };
  const load = (module: number, address: number, bytes: number): ProgramRunner => {
    const known = runs.get(module);
    if (known) return known;
    const run = ready(new Uint8Array(memory.buffer, address >>> 0, bytes).slice(), memory);
    runs.set(module, run);
    return run;
  };
  const fail = (error: unknown): void => {
    const text = new TextEncoder().encode(String(error)).subarray(0, messageBytes - 4);
    new Uint8Array(memory.buffer).set(text, control.message + 4);
    Atomics.store(words, control.message >> 2, text.length);
    Atomics.store(words, control.failed >> 2, 1);
    Atomics.notify(words, control.done >> 2);
  };
  let job = 0;
  while (true) {
    job = nextJob(job);
    const [module, code, bytes] = [control.module, control.code, control.codeBytes].map(read);
    const [table, base] = [control.table, control.base].map(read);
    const workspace = read(control.workspace) + thread * read(control.workspaceBytes);
    if (read(control.job) !== job) continue;
    if (module < 0) return;
    try {
      load(module, code, bytes)(table, base, workspace);
    } catch (error) {
      return fail(error);
    }
  }
}

/** Starts and wakes the workers of one backend. */
export class Threads {
  readonly #workers: Helper[] = [];
  readonly #words: Int32Array;

  constructor(readonly memory: WebAssembly.Memory, readonly count: number) {
    this.#words = new Int32Array(memory.buffer, 0, 1024);
  }

  /** Starts the workers, unless they were started before. */
  start(): void {
    for (let thread = this.#workers.length + 1; thread < this.count; thread++) {
      const input = { memory: this.memory, control, messageBytes: MESSAGE_BYTES, spins: SPINS, thread };
      this.#workers.push(startHelper(serve, input, instantiate));
    }
  }

  /** Hands a run to the workers; they join in as soon as they are awake. */
  post(job: Job): void {
    this.start();
    Atomics.add(this.#words, control.job >> 2, 1);
    for (const field of fields) Atomics.store(this.#words, control[field] >> 2, job[field]);
    Atomics.add(this.#words, control.job >> 2, 1);
    Atomics.notify(this.#words, control.job >> 2);
  }

  /** The ticket of the next chunk. */
  get ticket(): number {
    return Atomics.load(this.#words, control.next >> 2);
  }

  /** What went wrong in a worker, if anything did. */
  get failure(): string | undefined {
    if (!Atomics.load(this.#words, control.failed >> 2)) return undefined;
    const length = Atomics.load(this.#words, control.message >> 2);
    const text = new Uint8Array(this.memory.buffer).slice(control.message + 4, control.message + 4 + length);
    return new TextDecoder().decode(text);
  }

  /** Tells workers to stop waiting for a run that has failed on this thread. */
  abandon(): void {
    Atomics.store(this.#words, control.failed >> 2, 1);
    Atomics.notify(this.#words, control.done >> 2);
  }

  async close(): Promise<void> {
    if (this.#workers.length > 0) this.post(stop);
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }
}
