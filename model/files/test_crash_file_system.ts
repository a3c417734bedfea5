/**
 * A disk in memory on which the process or the machine can stop at any operation, for tests of crashes during saving.
 *
 * @module
 */

import type { FileFacts, FileSystem, OpenFile } from "./file_system.ts";

/** Thrown by every operation after the process died. */
export class Crash extends Error {
  /** The name in stack traces. */
  override readonly name = "Crash";
}

/** How much of the unsynced content is on the disk after a power failure. */
export type PowerCut = "nothing" | "names" | "everything";

/** A file on the disk: the content that programs see, and the content that survives a power failure. */
interface Inode {
  bytes: number[];
  synced: number[];
}

/** A fault, and when it happens. Operations are counted from 1. */
export interface Fault {
  /** The operation at which it happens. */
  readonly at: number;
  /** The error that the operation throws; without one, the process dies there. */
  readonly error?: Error;
}

/** The bytes of one write: few, so that every file needs many writes. */
const BYTES_OF_A_WRITE = 16;

/** A disk with one folder. */
export class CrashFileSystem implements FileSystem {
  #names = new Map<string, Inode>();
  #syncedNames = new Map<string, Inode>();
  #fault: Fault | undefined;
  #count = 0;

  /** The number of operations since the last fault was set. */
  get operations(): number {
    return this.#count;
  }

  /** The names of all files. */
  get names(): string[] {
    return [...this.#names.keys()];
  }

  /** Resets the counter, and sets the fault. */
  setFault(fault: Fault | undefined): void {
    this.#fault = fault;
    this.#count = 0;
  }

  /** Restarts the machine after a power failure. */
  restart(kept: PowerCut): void {
    this.setFault(undefined);
    if (kept === "everything") return;
    this.#names = new Map(kept === "names" ? this.#names : this.#syncedNames);
    for (const inode of this.#names.values()) inode.bytes = [...inode.synced];
  }

  #step(): void {
    this.#count++;
    if (this.#fault === undefined || this.#count < this.#fault.at) return;
    if (this.#fault.error === undefined) throw new Crash(`the process died at operation ${this.#fault.at}`);
    if (this.#count === this.#fault.at) throw this.#fault.error;
  }

  #find(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw new Deno.errors.NotFound(path);
    return inode;
  }

  /** Makes an empty file. */
  createSync(path: string): OpenFile {
    this.#step();
    if (this.#names.has(path)) throw new Deno.errors.AlreadyExists(path);
    const inode: Inode = { bytes: [], synced: [] };
    this.#names.set(path, inode);
    return {
      writeSync: (bytes) => {
        this.#step();
        const written = bytes.subarray(0, BYTES_OF_A_WRITE);
        inode.bytes.push(...written);
        return written.length;
      },
      syncSync: () => {
        this.#step();
        inode.synced = [...inode.bytes];
      },
      lockSync: () => {},
      [Symbol.dispose]: () => {},
    };
  }

  /** Opens the folder. */
  openFolderSync(_path: string): OpenFile {
    this.#step();
    return {
      writeSync: () => 0,
      syncSync: () => {
        this.#step();
        this.#syncedNames = new Map(this.#names);
      },
      lockSync: () => {},
      [Symbol.dispose]: () => {},
    };
  }

  /** The content of a file. */
  readSync(path: string): Uint8Array<ArrayBuffer> {
    this.#step();
    return Uint8Array.from(this.#find(path).bytes);
  }

  /** The names in the folder. */
  namesSync(path: string): string[] {
    this.#step();
    return this.names.map((name) => name.slice(path.length + 1));
  }

  /** Facts about a file. */
  factsSync(path: string): FileFacts | undefined {
    this.#step();
    return this.#names.has(path) ? { kind: "file", changed: 0, mode: 0o644 } : undefined;
  }

  /** There are no links. */
  followSync(path: string): string {
    return path;
  }

  /** Renames a file. */
  renameSync(from: string, to: string): void {
    this.#step();
    this.#names.set(to, this.#find(from));
    this.#names.delete(from);
  }

  /** Removes a file. */
  removeSync(path: string): void {
    this.#step();
    this.#find(path);
    this.#names.delete(path);
  }

  /** Does nothing, because there is only one folder. */
  makeFolderSync(_path: string): void {}
}
