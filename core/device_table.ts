/**
 * The table of devices. A new device needs a folder, and a name and a row here.
 *
 * @module
 */

import type { Backend, DeviceInfo } from "./backend.ts";

/** The name of a kind of device. */
export type DeviceKind = "webgpu" | "wasm";

/** Options for opening a device. */
export interface OpenOptions {
  /** Whether to open a software device, which computes on the CPU, if there is no hardware. */
  readonly allowSoftware: boolean;
}

/** One kind of device: its title, and how it is found and loaded. */
export interface DeviceRow {
  /** The name of its interface, for messages. */
  readonly title: string;
  /** Returns the devices of this kind on this machine, best first; absent if every machine has exactly one. */
  readonly find?: () => Promise<DeviceInfo[]>;
  /**
   * Loads the code of this kind and opens its best device.
   *
   * @throws {DeviceError} if there is none that may be opened.
   */
  readonly open: (options: OpenOptions) => Promise<Backend>;
}

/** All kinds of devices, best first. */
export const deviceTable: Readonly<Record<DeviceKind, DeviceRow>> = {
  webgpu: {
    title: "WebGPU",
    find: async () => {
      const { findAdapters } = await import("./webgpu/run/device.ts");
      return (await findAdapters()).map(({ name, software }) => ({ kind: "webgpu", name, software }));
    },
    open: async (options) => await (await import("./webgpu/backend.ts")).openWebgpu(options),
  },
  wasm: { title: "WebAssembly", open: async () => (await import("./wasm/backend.ts")).openWasm() },
};

/** The names of all kinds of devices, best first. */
export const deviceKinds: readonly DeviceKind[] = Object.keys(deviceTable) as DeviceKind[];
