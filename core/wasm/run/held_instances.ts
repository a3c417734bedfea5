/**
 * The programs that a worker has loaded.
 *
 * @module
 */

import type { control } from "../encode/shared_memory.ts";
import type { instantiate, ProgramRunner } from "./instance.ts";

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

/** The programs that a worker has loaded, by the numbers of their modules. */
interface HeldInstances {
  /** Copies what a job needs. The copy is valid if the job does not change meanwhile. */
  copy(module: number): Copied;
  /** Drops the modules that do not exist any more, and returns the one of the job; nothing if it is 0. */
  update(module: number, copied: Copied): ProgramRunner | undefined;
}

/**
 * Holds the programs of a worker. Workers get the source text of this function, so it must not use anything outside
 * itself.
 */
export function holdInstances({ memory, control }: SharedWords, ready: typeof instantiate): HeldInstances {
  const words = new Int32Array(memory.buffer, 0, 1024);
  const read = (address: number): number => Atomics.load(words, address >> 2);
  const runs = new Map<number, ProgramRunner>();
  let seen = 0;
  const count = (change: number): void => {
    Atomics.add(words, control.instances >> 2, change);
  };
  const bytesAt = (address: number, length: number): Uint8Array<ArrayBuffer> => {
    // The words may change while they are read, so they may not fit together.
    const { buffer } = memory;
    const [begin, end] = [address >>> 0, (address >>> 0) + length];
    return end <= buffer.byteLength ? new Uint8Array(buffer, begin, length).slice() : new Uint8Array();
  };
  return {
    copy: (module) => {
      const changed = read(control.modulesChanged);
      const list = changed === seen ? undefined : bytesAt(read(control.modules), 4 * read(control.moduleCount));
      const needed = module > 0 && !runs.has(module);
      return {
        code: needed ? bytesAt(read(control.code), read(control.codeBytes)) : undefined,
        existing: list && new Int32Array(list.buffer),
        changed,
      };
    },
    update: (module, { code, existing, changed }) => {
      if (existing) {
        const exists = new Set(existing);
        for (const number of [...runs.keys()]) if (!exists.has(number) && runs.delete(number)) count(-1);
        seen = changed;
      }
      if (code) {
        runs.set(module, ready(code, memory));
        count(1);
      }
      return runs.get(module);
    },
  };
}
