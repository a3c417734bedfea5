/**
 * The files of this machine in Node, whose files cannot be locked.
 *
 * @module
 */

import { neededModule, noFile } from "../../core/host.ts";
import type { FileFacts, FileSystem, OpenFile } from "./file_system.ts";

const node = (): typeof import("node:fs") => neededModule("node:fs", "work with files");

class NodeFile implements OpenFile {
  constructor(readonly descriptor: number) {}

  writeSync(bytes: Uint8Array): number {
    return node().writeSync(this.descriptor, bytes);
  }

  syncSync(): void {
    node().fsyncSync(this.descriptor);
  }

  lockSync(): void {
    throw new Error("Cannot lock a file: Node cannot");
  }

  [Symbol.dispose](): void {
    node().closeSync(this.descriptor);
  }
}

function factsOf(path: string): FileFacts | undefined {
  const facts = node().lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return undefined;
  const kind = facts.isFile() ? "file" : facts.isDirectory() ? "folder" : facts.isSymbolicLink() ? "link" : "other";
  return { kind, changed: facts.mtimeMs, mode: facts.mode };
}

function readFileSync(path: string): Uint8Array<ArrayBuffer> {
  const facts = node().statSync(path);
  if (!facts.isFile() && !facts.isDirectory()) throw new Error(noFile);
  return new Uint8Array(node().readFileSync(path));
}

/** The files of this machine, in Node. */
export const nodeFiles: FileSystem = {
  createSync: (path, mode) => new NodeFile(node().openSync(path, "wx", mode)),
  openFolderSync: (path) => new NodeFile(node().openSync(path, "r")),
  readSync: readFileSync,
  namesSync: (path) => node().readdirSync(path),
  factsSync: factsOf,
  followSync: (path) => node().realpathSync(path),
  renameSync: (from, to) => node().renameSync(from, to),
  removeSync: (path) => node().rmSync(path),
  makeFolderSync: (path) => void node().mkdirSync(path, { recursive: true }),
};
