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
import { cpuOptions, type DeviceOptions, givenOptions } from "./device_options.ts";
import { openFirst } from "./first_device.ts";
import { keptBy } from "./programs/kept_programs.ts";
import { checkArgument, readOptions } from "./options/read.ts";
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
/** The options with which devices were opened; devices that were opened without any are not here. */
const openedWith = new WeakMap<Backend, DeviceOptions>();
/** Devices that were opened before another one was chosen; drivers allow only a few dozen open ones. */
const left = new Map<string, Backend>();
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

/** Different for devices that compute differently: their kind, and their options. */
function keyOf(kind: DeviceKind, { threads, native = true }: DeviceOptions = {}): string {
  return deviceTable[kind].isCpu ? `${kind}, ${threads ?? "default"} threads, native ${native}` : kind;
}

const keyOfBackend = (backend: Backend): string => keyOf(backend.info.kind, openedWith.get(backend));

/** Opens a device of this kind: one that was open before, if it still works, otherwise a new one. */
async function open(kind: DeviceKind, options: OpenOptions): Promise<Backend> {
  const known = await reopened(kind, options);
  if (known) return known;
  const { allowSoftware: _, ...given } = options;
  const opened = await deviceTable[kind].open(options);
  openedWith.set(opened, given);
  return opened;
}

async function openBest(options: DeviceOptions): Promise<Backend> {
  let failure: unknown;
  for (const kind of deviceKinds) {
    try {
      return await open(kind, { ...options, allowSoftware: false });
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

async function change(choice: DeviceChoice, options: DeviceOptions): Promise<DeviceInfo> {
  const old = current?.failure ? await abandoned(current) : current;
  const kind = choice === "auto" && old && !old.info.software ? old.info.kind : choice;
  const changes = givenOptions(options).length > 0;
  if (old?.info.kind === kind && (!changes || keyOf(kind, options) === keyOfBackend(old))) return old.info;
  const next = kind === "auto" ? await openBest(options) : await open(kind, { ...options, allowSoftware: true });
  if (old && next.info.kind === old.info.kind && next.info.name === old.info.name) {
    await next.close();
    return old.info;
  }
  if (old) {
    old.submit?.();
    left.set(keyOfBackend(old), old);
  }
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
async function reopened(kind: DeviceKind, options: OpenOptions): Promise<Backend | undefined> {
  const key = keyOf(kind, options);
  const known = left.get(key);
  if (!known || (known.info.software && !options.allowSoftware)) return undefined;
  if (!known.failure) return known;
  left.delete(key);
  return await abandoned(known);
}

/**
 * Chooses the device for all further computations: `"webgpu"` (any adapter, including one that computes on the CPU),
 * `"wasm"`, or `"auto"`: WebGPU if there is a hardware adapter, otherwise WebAssembly. Existing tensors stay readable.
 * After the first computation, `"auto"` keeps the device in use, unless that is a software adapter, so choose the
 * device first.
 *
 * WebAssembly has options. Without any, a device of that kind that is in use stays as it is. With some, the others have
 * their defaults. With `"auto"`, they count if WebAssembly is chosen.
 *
 * @param options the number of threads, and whether products may be computed by machine code
 * @throws {TypeError} for an option of another kind.
 * @throws {RangeError} for an unknown name or option, or an option that the device does not take.
 * @throws {DeviceError} if there is no such device.
 *
 * @example
 * ```ts
 * import { setDevice } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { kind, name } = await setDevice("wasm", { threads: 3, native: false });
 * assertEquals([kind, name], ["wasm", "WebAssembly SIMD, 3 threads"]);
 * ```
 */
export function setDevice(choice: DeviceChoice, options: DeviceOptions = {}): Promise<DeviceInfo> {
  refuseSurplus("setDevice", arguments, 2);
  checkArgument("use device", choice, deviceOption);
  readOptions(`use device ${choice}`, cpuOptions, options);
  refuseOptions(choice, options);
  const given = { ...options };
  return opening = (opening ?? Promise.resolve()).catch(() => undefined).then(() => change(choice, given));
}

/** Throws for options that the chosen device does not take. */
function refuseOptions(choice: DeviceChoice, options: DeviceOptions): void {
  if (choice === "auto" || deviceTable[choice].isCpu) return;
  const [name] = givenOptions(options);
  if (name === undefined) return;
  const others = deviceKinds.filter((kind) => deviceTable[kind].isCpu).join(", ");
  throw new RangeError(
    `Cannot use device ${choice} with option ${name}: only ${others} takes it, which runs on the CPU`,
  );
}

/** Returns the options with which the chosen device was opened. */
export function chosenOptions(): DeviceOptions {
  return openedWith.get(currentBackend()) ?? {};
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
