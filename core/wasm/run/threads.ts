/**
 * The workers of a backend, which wait for jobs in the shared memory and run the same modules as the calling thread.
 *
 * @module
 */

import { nativeMultiply } from "../../native/call.ts";
import { control, MESSAGE_BYTES } from "../encode/shared_memory.ts";
import { HeldInstances } from "./held_instances.ts";
import { instantiate } from "./instance.ts";
import type { MemoryPool, WasmBuffer } from "./memory.ts";
import { type Helper, startHelper } from "./worker_hosts.ts";

/** The input of a worker. */
interface WorkerInput {
  readonly memory: WebAssembly.Memory;
  readonly control: typeof control;
  readonly messageBytes: number;
  /** Iterations of the waiting loop before the worker sleeps. */
  readonly spins: number;
  /** The number of the thread. The one that starts the others is 0. */
  readonly thread: number;
}

/** The data of a run. */
export interface Job {
  /** The number of the module, and the address and the length of its bytes. */
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
const nothing: Omit<Job, "module"> = { code: 0, codeBytes: 0, table: 0, base: 0, workspace: 0, workspaceBytes: 0 };
/** Ends the workers. */
const stop: Job = { ...nothing, module: -1 };
/** Only makes workers look at the list of modules. */
const look: Job = { ...nothing, module: 0 };

/** Functions whose source texts workers get. */
type Tools = readonly [ready: typeof instantiate, native: typeof nativeMultiply];

/** The program of every worker, which ends with the job that has no module. Workers get its source text, so it must not use anything outside itself. */
export function serve(input: WorkerInput, Held: typeof HeldInstances, ...[ready, native]: Tools): void {
  const { memory, control, messageBytes, spins, thread } = input;
  // If it grew while this thread started, this thread would see its old length until it grows again.
  memory.grow(0);
  const words = new Int32Array(memory.buffer, 0, 1024);
  const read = (address: number): number => Atomics.load(words, address >> 2);
  const half = (address: number): bigint => BigInt(read(address) >>> 0);
  const multiply = () => native(half(control.native) + (half(control.native + 4) << 32n), memory);
  const instances = new Held(input, (code) => ready(code, { memory, multiply }));
  const nextJob = (last: number): number => {
    for (let turn = 0;; turn++) {
      const now = read(control.job);
      if (now !== last && now % 2 === 0) return now;
      if (turn > spins && now === last) Atomics.wait(words, control.job >> 2, last);
    }
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
    const module = read(control.module);
    const [table, base] = [control.table, control.base].map(read);
    const workspace = read(control.workspace) + thread * read(control.workspaceBytes);
    // What is copied from memory is valid only if the job is still the same afterwards.
    const copied = instances.copy(module);
    if (read(control.job) !== job) continue;
    if (module < 0) return;
    try {
      instances.update(module, copied)?.(table, base, workspace);
    } catch (error) {
      return fail(error);
    }
  }
}

/** Starts and wakes the workers of one backend. */
export class Threads {
  readonly #workers: Helper[] = [];
  readonly #words: Int32Array;
  #blocked: string | undefined;
  /** Numbers of the modules that workers may have loaded. */
  readonly #modules = new Set<number>();
  #list: WasmBuffer | undefined;

  constructor(readonly pool: MemoryPool, readonly count: number) {
    this.#words = new Int32Array(pool.memory.buffer, 0, 1024);
  }

  /** The number of workers that were started. */
  get running(): number {
    return this.#workers.length;
  }

  /** The number of modules that workers have loaded, counted once for each worker. */
  get instances(): number {
    return Atomics.load(this.#words, control.instances >> 2);
  }

  /** Starts the workers that do not run yet. */
  start(): void {
    for (let thread = this.#workers.length + 1; thread < this.count; thread++) {
      const { memory } = this.pool;
      const input = { memory, control, messageBytes: MESSAGE_BYTES, spins: SPINS, thread };
      const helper = startHelper(serve, input, [HeldInstances, instantiate, nativeMultiply]);
      this.#workers.push(helper);
      helper.started?.then((reason) => this.#blocked ??= reason);
    }
  }

  /** Why the workers cannot start, once this is known. Programs run on the calling thread then. */
  get blocked(): string | undefined {
    return this.#blocked;
  }

  /** Waits until workers run or are known not to, on hosts where they start only while the program waits. */
  async started(): Promise<void> {
    await Promise.all(this.#workers.map(({ started }) => started));
  }

  /** Tells workers the address of the machine code, before the first run that calls it. */
  useNative(address: bigint): void {
    Atomics.store(this.#words, control.native >> 2, Number(BigInt.asIntN(32, address)));
    Atomics.store(this.#words, (control.native >> 2) + 1, Number(BigInt.asIntN(32, address >> 32n)));
  }

  /** Posts a run to the workers, which join in as soon as they are awake. */
  post(job: Job): void {
    this.start();
    if (this.#modules.has(job.module)) return this.#write(job);
    this.#modules.add(job.module);
    this.#writeWithList(job);
  }

  /** Makes workers drop a module. Afterwards, its bytes in the shared memory may be overwritten. */
  forget(module: number): void {
    if (this.#modules.delete(module)) this.#writeWithList(look);
  }

  /** Passes a job and the new list of modules to the workers. */
  #writeWithList(job: Job): void {
    const before = this.#list;
    const numbers = [...this.#modules];
    this.#list = numbers.length > 0 ? this.pool.allocate(4 * numbers.length) : undefined;
    const address = this.#list?.address ?? 0;
    new Int32Array(this.pool.memory.buffer, address, numbers.length).set(numbers);
    this.#write(job, { address, count: numbers.length });
    if (before) this.pool.release(before);
  }

  /** Workers that read the words at the same time see that the number of the job changes, and read them again. */
  #write(job: Job, list?: { readonly address: number; readonly count: number }): void {
    Atomics.add(this.#words, control.job >> 2, 1);
    for (const field of fields) Atomics.store(this.#words, control[field] >> 2, job[field]);
    if (list) {
      Atomics.store(this.#words, control.modules >> 2, list.address);
      Atomics.store(this.#words, control.moduleCount >> 2, list.count);
      Atomics.add(this.#words, control.modulesChanged >> 2, 1);
    }
    Atomics.add(this.#words, control.job >> 2, 1);
    Atomics.notify(this.#words, control.job >> 2);
  }

  /** The ticket of the next chunk. */
  get ticket(): number {
    return Atomics.load(this.#words, control.next >> 2);
  }

  /** The error message of a worker that failed, if one did. */
  get failure(): string | undefined {
    if (!Atomics.load(this.#words, control.failed >> 2)) return undefined;
    const length = Atomics.load(this.#words, control.message >> 2);
    const text = new Uint8Array(this.pool.memory.buffer).slice(control.message + 4, control.message + 4 + length);
    return new TextDecoder().decode(text);
  }

  /** Makes workers stop waiting for a run that has failed on this thread. */
  abandon(): void {
    Atomics.store(this.#words, control.failed >> 2, 1);
    Atomics.notify(this.#words, control.done >> 2);
  }

  async close(): Promise<void> {
    this.#write(stop);
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
    this.#modules.clear();
    Atomics.store(this.#words, control.instances >> 2, 0);
  }
}
