/**
 * The workers of a backend: they wait for jobs in the shared memory and run the same modules as the main thread.
 *
 * Workers come from a `data:` URL, which needs no permission, and do not keep the process alive.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import { control, MESSAGE_BYTES } from "./control.ts";

/** What a worker is given when it starts. */
interface WorkerInput {
  readonly memory: WebAssembly.Memory;
  readonly control: typeof control;
  readonly messageBytes: number;
  /** Turns of the waiting loop before the worker sleeps. */
  readonly spins: number;
}

const SPINS = 5_000;

/** What every worker runs; its text is sent, so it refers to nothing outside of itself. */
function serve({ memory, control, messageBytes, spins }: WorkerInput): void {
  type Run = (table: number, base: number) => number;
  const words = new Int32Array(memory.buffer, 0, 1024);
  const runs = new Map<number, Run>();
  const read = (address: number): number => Atomics.load(words, address >> 2);
  const nextJob = (last: number): number => {
    for (let turn = 0; turn < spins; turn++) if (read(control.job) !== last) return read(control.job);
    while (read(control.job) === last) Atomics.wait(words, control.job >> 2, last);
    return read(control.job);
  };
  const load = (module: number, address: number, bytes: number): Run => {
    let run = runs.get(module);
    if (!run) {
      const code = new Uint8Array(memory.buffer, address >>> 0, bytes).slice();
      const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
      run = instance.exports.run as Run;
      runs.set(module, run);
    }
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
    const [module, code, bytes, table, base] = [
      control.module,
      control.code,
      control.codeBytes,
      control.table,
      control.base,
    ].map(read);
    if (read(control.job) !== job) continue;
    if (module < 0) return;
    try {
      load(module, code, bytes)(table, base);
    } catch (error) {
      return fail(error);
    }
  }
}

/** Starts and wakes the workers of one backend. */
export class Threads {
  readonly #workers: Worker[] = [];
  readonly #words: Int32Array;

  constructor(readonly memory: WebAssembly.Memory, readonly count: number) {
    this.#words = new Int32Array(memory.buffer, 0, 1024);
  }

  /** Hands a run to the workers; they join in as soon as they are awake. */
  post(module: number, code: number, codeBytes: number, table: number, base: number): void {
    if (this.#workers.length === 0) this.#start();
    const fields = [module, code, codeBytes, table, base];
    fields.forEach((value, i) => Atomics.store(this.#words, (control.module >> 2) + i, value));
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
    if (this.#workers.length > 0) this.post(-1, 0, 0, 0, 0);
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }

  #start(): void {
    const text = `import { workerData } from "node:worker_threads"; (${serve.toString()})(workerData);`;
    const url = new URL(`data:text/javascript,${encodeURIComponent(text)}`);
    const workerData: WorkerInput = { memory: this.memory, control, messageBytes: MESSAGE_BYTES, spins: SPINS };
    for (let i = 1; i < this.count; i++) {
      const worker = new Worker(url, { workerData });
      worker.unref();
      this.#workers.push(worker);
    }
  }
}
