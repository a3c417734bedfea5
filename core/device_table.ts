/**
 * The table of devices. A new device needs a folder, and a name and a row here.
 *
 * @module
 */

import { type Backend, DeviceError, type DeviceInfo } from "./backend.ts";
import type { DeviceOptions } from "./device_options.ts";
import { openFirst } from "./first_device.ts";
import { mayHaveGpu } from "./gpu_files.ts";

/** The name of a kind of device. */
export type DeviceKind = "webgpu" | "wasm";

/** Options for opening a device. Devices that do not compute on the CPU ignore the options for it. */
export interface OpenOptions extends DeviceOptions {
  /** Whether to open a software device, which computes on the CPU, if there is no hardware. */
  readonly allowSoftware: boolean;
}

/** One kind of device: its title, and how it is found and loaded. */
export interface DeviceRow {
  /** The name of its interface, for messages. */
  readonly title: string;
  /** Whether it takes the options of devices that compute on the CPU (default: false). */
  readonly isCpu?: boolean;
  /** Returns the devices of this kind on this machine, best first; absent if every machine has exactly one. */
  readonly find?: () => Promise<DeviceInfo[]>;
  /**
   * Loads the code of this kind and opens its best device.
   *
   * @throws {DeviceError} if there is none that may be opened.
   */
  readonly open: (options: OpenOptions) => Promise<Backend>;
}

/** Whether this is a service worker, which may not load code later. A bundle in one file need not. */
function isServiceWorker(): boolean {
  return "ServiceWorkerGlobalScope" in globalThis;
}

/**
 * Loads the code of a device.
 *
 * @throws {DeviceError} in a service worker whose program consists of several files.
 */
export async function loadedCode<T>(title: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isServiceWorker()) throw cause;
    throw new DeviceError(
      `Cannot open a ${title} device: a service worker may not load code later; bundle the program into one file`,
      { cause },
    );
  }
}

const loadWebgpu = () => loadedCode("WebGPU", () => import("./webgpu/backend.ts"));
const loadWasm = () => loadedCode("WebAssembly", () => import("./wasm/backend.ts"));

async function findWebgpu(): Promise<DeviceInfo[]> {
  const { findAdapters } = await loadedCode("WebGPU", () => import("./webgpu/run/device.ts"));
  return (await findAdapters()).map(({ name, software }) => ({ kind: "webgpu", name, software }));
}

/** All kinds of devices, best first. */
export const deviceTable: Readonly<Record<DeviceKind, DeviceRow>> = {
  webgpu: {
    title: "WebGPU",
    find: () => findWebgpu().catch((error) => error instanceof DeviceError ? [] : Promise.reject(error)),
    open: async (options) => {
      if (!options.allowSoftware && !mayHaveGpu()) {
        throw new DeviceError(
          "Cannot open a WebGPU device: expected a GPU, but this machine has no device file of one",
        );
      }
      return await (await loadWebgpu()).openWebgpu(options);
    },
  },
  wasm: {
    title: "WebAssembly",
    isCpu: true,
    open: async ({ threads, native }) => (openFirst ?? (await loadWasm()).openWasm)({ threads, native }),
  },
};

/** The names of all kinds of devices, best first. */
export const deviceKinds: readonly DeviceKind[] = Object.keys(deviceTable) as DeviceKind[];
