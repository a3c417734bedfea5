/**
 * The table of devices. A new device is its folder, its name in {@linkcode DeviceInfo}, and its row here.
 *
 * @module
 */

import type { Backend, DeviceInfo } from "./backend.ts";

/** The name of a kind of device. */
export type DeviceKind = DeviceInfo["kind"];

/** Which devices of a kind may be opened. */
export interface OpenOptions {
  /** Whether to open a device that computes on the processor where there is no hardware. */
  readonly allowSoftware: boolean;
}

/** One kind of device: what it is called, and how it is found and loaded. */
export interface DeviceRow {
  /** The name of its interface, for people. */
  readonly title: string;
  /** The devices of this kind on this machine, best first; absent if every machine has one, which `open` opens. */
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
