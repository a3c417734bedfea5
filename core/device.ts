/**
 * The device that computes: which there are, and which is chosen.
 *
 * The chosen device is the only state of this library that outlives a call, apart from the kernels compiled for it.
 *
 * @module
 */

import { type Backend, DeviceError, type DeviceInfo, type DeviceStatistics } from "./backend.ts";
import { type DeviceKind, deviceKinds, deviceTable, type OpenOptions } from "./device_table.ts";
import { checkArgument } from "./options/read.ts";
import { oneOf } from "./options/values.ts";

/** What may be asked for: a kind of device, or the best one there is. */
export type DeviceChoice = "auto" | DeviceInfo["kind"];

/** All that may be asked for. */
export const deviceChoices: readonly DeviceChoice[] = ["auto", ...deviceKinds];

/** The choice of a device, as an option of whatever computes. */
export const deviceOption = oneOf(deviceChoices, {
  help: `auto (a hardware GPU if there is one, else WebAssembly), ${deviceKinds.join(", or ")}`,
  default: "auto",
});

let current: Backend | undefined;
/** Devices that were opened and left for another one; drivers allow a few dozens open ones at most. */
const left = new Map<DeviceInfo["kind"], Backend>();
let opening: Promise<DeviceInfo> | undefined;
let openAtOnce: (() => Backend) | undefined;

/**
 * Says how to open the device that computes where none was chosen. `core/mod.ts` brings WebAssembly this way, so that what
 * imports it computes at once; layers, update rules and data alone do not load the code of any device.
 */
export function computeAtOnceBy(open: () => Backend): void {
  openAtOnce = open;
}

/** Whether a device is open, or can be opened without waiting. Where not, work is kept as a graph until it is read. */
export function canCompute(): boolean {
  return (current ?? openAtOnce) !== undefined;
}

/** Waits until there is a device: the one that was chosen, WebAssembly where none was. */
export async function deviceToCompute(): Promise<void> {
  await opening?.catch(() => undefined);
  if (!canCompute()) openAtOnce = (await import("./wasm/backend.ts")).openWasm;
}

/**
 * The chosen backend; WebAssembly where none was chosen.
 *
 * @throws {DeviceError} if the code of no device is loaded yet.
 */
export function currentBackend(): Backend {
  current ??= openAtOnce?.();
  if (current) return current;
  throw new DeviceError(
    "Cannot compute at once: no device was loaded; await a reading or a training first, or import @yadll/yadll/core",
  );
}

/** The device that was left before, if it is of this kind and still works, else a new one. */
async function open(kind: DeviceKind, options: OpenOptions): Promise<Backend> {
  return reopened(kind, options) ?? await deviceTable[kind].open(options);
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
  const old = current;
  if (old && (choice === old.info.kind || (choice === "auto" && !old.info.software))) return old.info;
  const next = choice === "auto" ? await openBest() : await open(choice, { allowSoftware: true });
  if (old && next.info.kind === old.info.kind && next.info.name === old.info.name) {
    await next.close();
    return old.info;
  }
  if (old) left.set(old.info.kind, old);
  current = next;
  next.warmUp?.();
  return next.info;
}

/** The device of this kind that was left before, if it may be opened and still works. */
function reopened(kind: DeviceKind, { allowSoftware }: OpenOptions): Backend | undefined {
  const known = left.get(kind);
  if (known?.info.software && !allowSoftware) return undefined;
  try {
    known?.release(known.allocate(4));
    return known;
  } catch {
    return undefined;
  }
}

/**
 * Chooses the device for all further computations: `"webgpu"` (any adapter, one that computes on the processor too),
 * `"wasm"`, or `"auto"`: WebGPU where there is a hardware adapter, else WebAssembly. Tensors made before stay readable.
 * Once something was computed, `"auto"` keeps the device that did so, unless that is a software adapter: choose first.
 *
 * @throws {RangeError} for another name.
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
  checkArgument("use device", choice, { name: "", option: deviceOption });
  return opening = (opening ?? Promise.resolve()).catch(() => undefined).then(() => change(choice));
}

/** The device that was chosen, once it is ready; where none was, the best one is chosen now. */
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
 * The devices of this machine, best first.
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

/**
 * The chosen device.
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
 * Counts of what the chosen device has done and holds since it was opened.
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
  return { ...currentBackend().statistics };
}
