/**
 * The files of the machine in Node, by the interface of `core/host_files.ts`.
 *
 * @module
 */

import type { HostFile, HostFileInfo, HostFiles, HostOpenOptions, seekFrom } from "./host_files.ts";
import { neededModule } from "./host.ts";

const node = (): typeof import("node:fs") => neededModule("node:fs", "work with files");

class NodeFile implements HostFile {
  /** Node cannot set the position of a file, so it is kept here once it was set; before, the system keeps it. */
  #position: number | null = null;

  constructor(readonly descriptor: number) {}

  readSync(bytes: Uint8Array): number | null {
    return this.#passed(node().readSync(this.descriptor, bytes, 0, bytes.length, this.#position)) || null;
  }

  async read(bytes: Uint8Array): Promise<number | null> {
    const count = await later<number>((done) =>
      node().read(this.descriptor, bytes, 0, bytes.length, this.#position, done)
    );
    return this.#passed(count) || null;
  }

  writeSync(bytes: Uint8Array): number {
    return this.#passed(node().writeSync(this.descriptor, bytes, 0, bytes.length, this.#position));
  }

  async write(bytes: Uint8Array): Promise<number> {
    const count = await later<number>((done) =>
      node().write(this.descriptor, bytes, 0, bytes.length, this.#position, done)
    );
    return this.#passed(count);
  }

  seekSync(offset: number, from: (typeof seekFrom)[keyof typeof seekFrom]): number {
    return this.#position = from === 0 ? offset : this.statSync().size + offset;
  }

  statSync(): HostFileInfo {
    return factsOf(node().fstatSync(this.descriptor));
  }

  truncateSync(length: number): void {
    node().ftruncateSync(this.descriptor, length);
  }

  syncSync(): void {
    node().fsyncSync(this.descriptor);
  }

  async sync(): Promise<void> {
    await later<void>((done) => node().fsync(this.descriptor, done));
  }

  syncDataSync(): void {
    node().fdatasyncSync(this.descriptor);
  }

  lockSync(): void {
    throw noLocks();
  }

  tryLockSync(): boolean {
    throw noLocks();
  }

  unlockSync(): void {}

  close(): void {
    node().closeSync(this.descriptor);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #passed(count: number): number {
    if (this.#position !== null) this.#position += count;
    return count;
  }
}

function noLocks(): Error {
  return new Error("Cannot lock a file: Node has no function for it");
}

/** The result of a function that passes it to a callback. */
function later<T>(start: (done: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => start((error, value) => error ? reject(error) : resolve(value)));
}

function factsOf(facts: import("node:fs").Stats): HostFileInfo {
  return {
    isFile: facts.isFile(),
    isDirectory: facts.isDirectory(),
    isSymlink: facts.isSymbolicLink(),
    size: facts.size,
    mtime: facts.mtime,
    mode: facts.mode,
    dev: facts.dev,
    ino: facts.ino,
  };
}

function flagsOf({ read, write, append, truncate, create, createNew }: HostOpenOptions): number {
  const { constants } = node();
  const writes = write || append;
  const access = !writes ? constants.O_RDONLY : read ? constants.O_RDWR : constants.O_WRONLY;
  return access | (append ? constants.O_APPEND : 0) | (truncate ? constants.O_TRUNC : 0) |
    (create || createNew ? constants.O_CREAT : 0) | (createNew ? constants.O_EXCL : 0);
}

/** The files of this machine, in Node. */
export const nodeFiles: HostFiles = {
  openSync: (path, options = {}) => new NodeFile(node().openSync(path, flagsOf(options), options.mode)),
  open: async (path, options = {}) => {
    const descriptor = await later<number>((done) => node().open(path, flagsOf(options), options.mode, done));
    return new NodeFile(descriptor);
  },
  readFileSync: (path) => new Uint8Array(node().readFileSync(path)),
  readFile: async (path) => new Uint8Array(await node().promises.readFile(path)),
  statSync: (path) => factsOf(node().statSync(path)),
  lstatSync: (path) => factsOf(node().lstatSync(path)),
  readDirSync: (path) =>
    node().readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isFile: entry.isFile(),
      isDirectory: entry.isDirectory(),
      isSymlink: entry.isSymbolicLink(),
    })),
  realPathSync: (path) => node().realpathSync(path),
  renameSync: (from, to) => node().renameSync(from, to),
  rename: (from, to) => node().promises.rename(from, to),
  removeSync: (path) => node().rmSync(path),
  remove: (path) => node().promises.rm(path),
  mkdirSync: (path, options) => void node().mkdirSync(path, options),
  mkdir: async (path, options) => void await node().promises.mkdir(path, options),
};
