/**
 * The available devices, and the chosen one, which computes.
 *
 * The chosen device is the only state of this library that outlives a call, apart from the kernels compiled for it.
 *
 * @module
 */

import { refuseSurplus } from "./options/surplus.ts";
import { type Backend, DeviceError, type DeviceInfo, type DeviceStatistics } from "./backend.ts";
import { type DeviceKind, deviceKinds, deviceTable, type OpenOptions } from "./device_table.ts";
import { openFirst } from "./first_device.ts";
import { keptBy } from "./programs/kept_programs.ts";
import { checkArgument } from "./options/read.ts";
import { oneOf } from "./options/values.ts";

/** A choice of a device: its kind, or the best available one. */
export type DeviceChoice = "auto" | DeviceKind;

/** All choices. */
export const deviceChoices: readonly DeviceChoice[] = ["auto", ...deviceKinds];

/** The choice of a device, as an option of commands and functions that compute. */
export const deviceOption = oneOf(deviceChoices, {
  help: `auto (a hardware GPU if there is one, otherwise WebAssembly), ${deviceKinds.join(", or ")}`,
  default: "auto",
});

let current: Backend | undefined;
/** Devices that were opened before another one was chosen; drivers allow only a few dozen open ones. */
const left = new Map<DeviceKind, Backend>();
let opening: Promise<DeviceInfo> | undefined;
let openAtOnce: (() => Backend) | undefined = openFirst;

/**
 * Sets how to open the default device, for computations before one is chosen. `core/mod.ts` registers WebAssembly this
 * way, so that programs that import it can compute immediately. Layers, update rules and data alone do not load the
 * code of any device.
 */
export function computeAtOnceBy(open: () => Backend): void {
  openAtOnce = open;
}

/** Whether a device is open, or can be opened without waiting. If not, work is kept as a graph until it is read. */
export function canCompute(): boolean {
  return (current ?? openAtOnce) !== undefined;
}

/** Waits until there is a device: the chosen one (default: WebAssembly). */
export async function deviceToCompute(): Promise<void> {
  await opening?.catch(() => undefined);
  if (!canCompute()) openAtOnce = (await import("./wasm/backend.ts")).openWasm;
}

/**
 * Returns the chosen backend (default: WebAssembly).
 *
 * @throws {DeviceError} if the code of no device is loaded yet.
 */
export function currentBackend(): Backend {
  current ??= openAtOnce?.();
  if (current) return current;
  throw new DeviceError(
    "Cannot compute: no device is loaded; await a read or a training first, or import @yadll/yadll/core",
  );
}

/** Opens a device of this kind: one that was open before, if it still works, otherwise a new one. */
async function open(kind: DeviceKind, options: OpenOptions): Promise<Backend> {
  return await reopened(kind, options) ?? await deviceTable[kind].open(options);
}

async function openBest(): Promise<Backend> {
  let failure: unknown;
  for (const kind of deviceKinds) {
    try {
      return await open(kind, { allowSoftware: false });
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

async function change(choice: DeviceChoice): Promise<DeviceInfo> {
  const old = current?.failure ? await abandoned(current) : current;
  if (old && (choice === old.info.kind || (choice === "auto" && !old.info.software))) return old.info;
  const next = choice === "auto" ? await openBest() : await open(choice, { allowSoftware: true });
  if (old && next.info.kind === old.info.kind && next.info.name === old.info.name) {
    await next.close();
    return old.info;
  }
  if (old) left.set(old.info.kind, old);
  current = next;
  await next.warmUp?.();
  return next.info;
}

/** Closes a device that failed, so that another one can be opened. Its tensors are lost with it. */
async function abandoned(failed: Backend): Promise<undefined> {
  if (current === failed) current = undefined;
  await failed.close().catch(() => undefined);
}

/** Returns the device of this kind that was open before, if it is allowed and still works. */
async function reopened(kind: DeviceKind, { allowSoftware }: OpenOptions): Promise<Backend | undefined> {
  const known = left.get(kind);
  if (!known || (known.info.software && !allowSoftware)) return undefined;
  if (!known.failure) return known;
  left.delete(kind);
  return await abandoned(known);
}

/**
 * Chooses the device for all further computations: `"webgpu"` (any adapter, including one that computes on the CPU),
 * `"wasm"`, or `"auto"`: WebGPU if there is a hardware adapter, otherwise WebAssembly. Existing tensors stay readable.
 * After the first computation, `"auto"` keeps the device in use, unless that is a software adapter, so choose the
 * device first.
 *
 * @throws {RangeError} for an unknown name.
 * @throws {DeviceError} if there is no such device.
 *
 * @example
 * ```ts
 * import { setDevice } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { kind } = await setDevice("wasm");
 * assertEquals(kind, "wasm");
 * ```
 */
export function setDevice(choice: DeviceChoice): Promise<DeviceInfo> {
  refuseSurplus("setDevice", arguments, 1);
  checkArgument("use device", choice, deviceOption);
  return opening = (opening ?? Promise.resolve()).catch(() => undefined).then(() => change(choice));
}

/** Waits for the chosen device; if none was chosen, chooses the best one now. */
export function readyDevice(): Promise<DeviceInfo> {
  return opening ?? setDevice("auto");
}

async function findDevices(kind: DeviceKind): Promise<DeviceInfo[]> {
  const { find, open } = deviceTable[kind];
  if (find) return await find();
  const only = await open({ allowSoftware: true });
  await only.close();
  return [only.info];
}

/**
 * Returns the devices of this machine, best first.
 *
 * @example
 * ```ts
 * import { devices } from "@yadll/yadll/core";
 * import { assert } from "@std/assert";
 *
 * assert((await devices()).some(({ kind }) => kind === "wasm"));
 * ```
 */
export async function devices(): Promise<DeviceInfo[]> {
  const found = await Promise.all(deviceKinds.map(findDevices));
  return found.flat().sort((a, b) => Number(a.software) - Number(b.software));
}

/** Returns the chosen device.
 *
 * @example
 * ```ts
 * import { deviceInfo, setDevice } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * await setDevice("wasm");
 * assertEquals(deviceInfo().kind, "wasm");
 * ```
 */
export function deviceInfo(): DeviceInfo {
  return currentBackend().info;
}

/**
 * Returns statistics of the chosen device: what it has in memory now, and its work since it was opened.
 *
 * @example
 * ```ts
 * import { deviceStatistics } from "@yadll/yadll/core";
 * import { assert } from "@std/assert";
 *
 * assert(deviceStatistics().liveBytes >= 0);
 * ```
 */
export function deviceStatistics(): DeviceStatistics {
  const backend = currentBackend();
  const { operations, withoutOwner } = keptBy(backend);
  return { ...backend.statistics, keptPrograms: withoutOwner.size, keptOperations: operations.size };
}
