/**
 * The programs that a worker has loaded.
 *
 * @module
 */

import type { control } from "../encode/shared_memory.ts";
import type { ProgramRunner } from "./instance.ts";

/** The memory that a worker shares with the thread that started it, and the words in it. */
export interface SharedWords {
  readonly memory: WebAssembly.Memory;
  readonly control: typeof control;
}

/** What a worker copies from the shared memory before a job. */
interface Copied {
  /** The bytes of the job's module, if it is not loaded yet. */
  readonly code: Uint8Array<ArrayBuffer> | undefined;
  /** The modules that exist, if the list has changed. */
  readonly existing: Int32Array | undefined;
  /** The number of the list. */
  readonly changed: number;
}

/**
 * The programs that a worker has loaded, by the numbers of their modules. Workers get the source text of this class, so it
 * must not use anything outside itself.
 */
export class HeldInstances {
  readonly #runs = new Map<number, ProgramRunner>();
  readonly #words: Int32Array;
  #seen = 0;
  #dropped = 0;

  constructor(readonly shared: SharedWords, readonly ready: (code: Uint8Array<ArrayBuffer>) => ProgramRunner) {
    this.#words = new Int32Array(shared.memory.buffer, 0, 1024);
  }

  /** Copies what a job needs. The copy is valid if the job does not change meanwhile. */
  copy(module: number): Copied {
    const { control } = this.shared;
    const changed = this.#read(control.modulesChanged);
    const count = this.#read(control.moduleCount);
    const list = changed === this.#seen ? undefined : this.#bytes(this.#read(control.modules), 4 * count);
    const needed = module > 0 && !this.#runs.has(module);
    const code = needed ? this.#bytes(this.#read(control.code), this.#read(control.codeBytes)) : undefined;
    return { code, existing: list && new Int32Array(list.buffer), changed };
  }

  /** Drops the modules that do not exist any more, and returns the one of the job; nothing if it is 0. */
  update(module: number, { code, existing, changed }: Copied): ProgramRunner | undefined {
    if (existing) this.#keep(new Set(existing));
    this.#seen = changed;
    if (code) {
      this.#runs.set(module, this.ready(code));
      this.#count(1);
    }
    return this.#runs.get(module);
  }

  #keep(exists: ReadonlySet<number>): void {
    const gone = [...this.#runs.keys()].filter((number) => !exists.has(number));
    gone.forEach((number) => this.#runs.delete(number));
    this.#count(-gone.length);
    this.#dropped += gone.length;
    if (this.#dropped < 16) return;
    this.#dropped = 0;
    try {
      // A worker makes hardly any garbage that the collector sees. This is enough to start it.
      void new ArrayBuffer(2 ** 27);
    } catch {
      // Without memory for it, the collector was started, too.
    }
  }

  #read(address: number): number {
    return Atomics.load(this.#words, address >> 2);
  }

  #bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    const { buffer } = this.shared.memory;
    const [begin, end] = [address >>> 0, (address >>> 0) + length];
    // The words may change while they are read, so they may not fit together.
    return end <= buffer.byteLength ? new Uint8Array(buffer, begin, length).slice() : new Uint8Array();
  }

  #count(change: number): void {
    Atomics.add(this.#words, this.shared.control.instances >> 2, change);
  }
}
