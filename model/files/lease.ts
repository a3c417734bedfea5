/**
 * Leases: one training at a time writes to a run folder, or to a file.
 *
 * A lease is a hidden file beside the file, or in the folder, which is locked while the training runs. The system
 * releases the lock when the process ends, however it ends, so a killed training holds nothing. The content says who
 * holds the lease, for the message.
 *
 * @module
 */

import { canLock, type HostFile, pathOf } from "../../core/host_files.ts";
import { isWebFile, type WritableFile } from "../../core/web_file.ts";
import { FileError } from "./errors.ts";
import { machineFiles } from "./file_system.ts";
import { hiddenStart } from "./hidden_name.ts";
import { isRecord } from "./json.ts";
import { basename, dirname, join } from "./paths.ts";

/** How often the file of a lease is opened again because its holder has just removed it. */
const ATTEMPTS = 100;

/** What is returned for a lease where files cannot be locked. */
const noLease: Disposable = { [Symbol.dispose]: () => {} };

/** Another training holds the lease of a run folder or a file. */
export class HeldError extends FileError {}

/** The process that holds a lease. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process was started, in ISO 8601. */
  readonly started: string;
}

/**
 * Takes the lease of a run folder or a file, which ends when it is disposed, or when this process ends. If files
 * cannot be locked in this place, as on some network drives and everywhere in Node, there is no lease, and nothing is
 * checked.
 *
 * @throws {HeldError} if another training holds it; the message names its process.
 */
export function takeLease(path: string): Disposable {
  return take(path, "nothing was started; wait for it, or choose another place");
}

function take(path: string, consequence: string): Disposable {
  if (!canLock()) return noLease;
  const file = leaseFile(path);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const opened = open(file);
    if (!opened) return noLease;
    const state = tryLock(opened);
    if (state === "held") throw heldError(path, opened, consequence);
    // The holder may have removed the file after it was opened here: its lock would protect nothing.
    if (state === "unsupported" || isSame(opened, file)) return lease(file, opened);
    opened.close();
  }
  throw new FileError("write", path, `the lease ${file} changes all the time; remove it, and try again`);
}

/** Whether a lease is held by a training. */
export function isLeased(path: string): boolean {
  if (!canLock() || !machineFiles.factsSync(leaseFile(path))) return false;
  try {
    takeLease(path)[Symbol.dispose]();
    return false;
  } catch (error) {
    if (error instanceof HeldError) return true;
    throw error;
  }
}

/**
 * Throws if a training writes to a file, which would lose what it saves.
 *
 * @throws {HeldError} with the process of the training.
 */
export function refuseLeased(file: WritableFile): void {
  if (isWebFile(file)) return;
  const path = pathOf(file);
  if (!canLock() || !isThere(() => leaseFile(path))) return;
  take(path, "nothing was written; save to another file, or wait until the training has ended")[Symbol.dispose]();
}

/** Whether there is a file; if that cannot be found out, writing fails, too, and says why. */
function isThere(file: () => string): boolean {
  try {
    return machineFiles.factsSync(file()) !== undefined;
  } catch {
    return false;
  }
}

/** A file with its lease. */
export interface ReservedFile {
  readonly file: string;
  readonly lease: Disposable;
}

/** Reserves the first of `NAME.ym`, `NAME-2.ym`, … that does not exist and that no other training uses. */
export function takeNewFile(name: string): ReservedFile {
  for (let number = 1;; number++) {
    const file = number === 1 ? `${name}.ym` : `${name}-${number}.ym`;
    if (machineFiles.factsSync(file)) continue;
    try {
      const lease = takeLease(file);
      if (!machineFiles.factsSync(file)) return { file, lease };
      lease[Symbol.dispose]();
    } catch (error) {
      if (!(error instanceof HeldError)) throw error;
    }
  }
}

/** `runs/a/.lease` for the folder `runs/a`, `.mlp.ym.lease` for the file `mlp.ym`, or for a link to it. */
function leaseFile(path: string): string {
  const target = machineFiles.factsSync(path)?.kind === "link" ? followed(path) : path;
  return factsOf(target)?.isDirectory ? join(target, ".lease") : join(dirname(target), leaseName(basename(target)));
}

const LEASE_END = "lease";

function leaseName(name: string): string {
  return `${hiddenStart(name, LEASE_END.length)}${LEASE_END}`;
}

/** The file to which a link leads; the link itself if it leads nowhere. */
function followed(path: string): string {
  try {
    return machineFiles.followSync(path);
  } catch {
    return path;
  }
}

function factsOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}

/** The open file of a lease; undefined if it cannot be created, or belongs to another user. */
function open(file: string): Deno.FsFile | undefined {
  try {
    return Deno.openSync(file, { read: true, write: true, create: true });
  } catch {
    return undefined;
  }
}

function tryLock(file: Deno.FsFile): "locked" | "held" | "unsupported" {
  try {
    return file.tryLockSync(true) ? "locked" : "held";
  } catch {
    return "unsupported";
  }
}

/** Whether an open file is still that of a path. */
export function isSame(opened: Pick<HostFile, "statSync">, path: string): boolean {
  const [one, other] = [opened.statSync(), factsOf(path)];
  return other !== undefined && one.ino === other.ino && one.dev === other.dev;
}

function lease(path: string, file: Deno.FsFile): Disposable {
  const bytes = new TextEncoder().encode(`${JSON.stringify(thisProcess())}\n`);
  attempt(() => {
    file.truncateSync();
    file.writeSync(bytes);
  });
  // It is removed before it is released, so that nobody else's lease is removed. Windows does not allow that.
  const remove = (): void =>
    attempt(() => {
      if (isSame(file, path)) Deno.removeSync(path);
    });
  // A second interruption ends the process without disposing anything.
  globalThis.addEventListener("unload", remove);
  const release = (): void => {
    globalThis.removeEventListener("unload", remove);
    remove();
    closeUnlocked(file);
  };
  let isHeld = true;
  const held = {
    [Symbol.dispose]: () => {
      if (!isHeld) return;
      isHeld = false;
      abandoned.unregister(file);
      release();
    },
  };
  abandoned.register(held, release, file);
  return held;
}

/**
 * Releases what was not disposed when it is collected, such as the lease of a training whose generator of events was
 * left without a `return`. What is registered must not be held by its release.
 */
export const abandoned: FinalizationRegistry<() => void> = new FinalizationRegistry((release) => release());

/**
 * Releases the lock of a file and closes it. Closing alone does not release the lock while a program that this process
 * starts still shares its open files, for a moment.
 */
export function closeUnlocked(file: Pick<HostFile, "unlockSync" | "close">): void {
  attempt(() => file.unlockSync());
  file.close();
}

function thisProcess(): Holder {
  const permission = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return {
    host: permission.state === "granted" ? Deno.hostname() : "this host",
    pid: Deno.pid,
    started: new Date(performance.timeOrigin).toISOString(),
  };
}

function heldError(path: string, file: Deno.FsFile, consequence: string): FileError {
  const holder = holderOf(file);
  file.close();
  const who = holder ? ` (process ${holder.pid} on ${holder.host}, started ${holder.started})` : "";
  return new HeldError(
    "write",
    path,
    `another training${who} is writing to it; ${consequence}`,
  );
}

/** The holder that a lease names; undefined if it is just being written. */
function holderOf(file: Deno.FsFile): Holder | undefined {
  try {
    const bytes = new Uint8Array(1024);
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(0, file.readSync(bytes) ?? 0)));
    if (!isRecord(value)) return undefined;
    const { host, pid, started } = value;
    if (typeof host !== "string" || typeof pid !== "number" || typeof started !== "string") return undefined;
    return { host, pid, started };
  } catch {
    return undefined;
  }
}

/** Runs an action whose failure does no harm: the lock counts, not the content of the file. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The disk is full, the folder was removed, or files cannot be locked in this place.
  }
}
