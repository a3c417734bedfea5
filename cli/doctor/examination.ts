/**
 * Examines a machine: its devices, permissions and cache.
 *
 * @module
 */

import type { DeviceInfo } from "../../core/backend.ts";
import { type DeviceChoice, devices, setDevice } from "../../core/device.ts";
import type { DeviceOptions } from "../../core/device_options.ts";
import { type Versions, versions } from "../../model/version.ts";
import { type Benchmark, benchmark } from "./benchmark.ts";
import { type CacheState, cacheState } from "./folders.ts";
import { type WebAssemblyFeatures, webAssemblyFeatures } from "./webassembly.ts";

/** The results. */
export interface Examination {
  readonly versions: Versions & { readonly v8: string; readonly typescript: string };
  /** The operating system and the kind of CPU. */
  readonly platform: string;
  /** All devices, best first. */
  readonly devices: readonly DeviceInfo[];
  readonly chosen: DeviceInfo;
  readonly webAssembly: WebAssemblyFeatures;
  readonly cache: CacheState;
  /** The kinds of permissions that are granted in full. */
  readonly permissions: readonly string[];
  /** Advice on how to compute faster, or at all. */
  readonly advice: readonly string[];
  /** How fast the chosen device is; null if it was not measured. */
  readonly benchmark: Benchmark | null;
}

/** What to examine. */
export interface ExaminationOptions {
  readonly device: DeviceChoice;
  readonly options?: DeviceOptions;
  /** The duration of the measurement in seconds; 0 for none. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

const kinds = ["read", "write", "net", "env", "sys", "run", "ffi"] as const;

/** Examines this machine. */
export async function examine({ device, options, seconds, signal }: ExaminationOptions): Promise<Examination> {
  const { v8, typescript } = Deno.version;
  const [found, chosen] = [await devices(), await setDevice(device, options)];
  const webAssembly = webAssemblyFeatures(options);
  const cache = cacheState();
  return {
    versions: { ...versions(), v8, typescript },
    platform: `${Deno.build.os}, ${Deno.build.arch}`,
    devices: found,
    chosen,
    webAssembly,
    cache,
    permissions: kinds.filter((name) => Deno.permissions.querySync({ name }).state === "granted"),
    advice: adviceFor(found, webAssembly, cache),
    benchmark: seconds > 0 ? await benchmark(seconds, signal) : null,
  };
}

const drivers: Partial<Record<typeof Deno.build.os, string>> = {
  linux: "on Linux the vendor's driver (NVIDIA) or the package mesa-vulkan-drivers (AMD, Intel)",
  windows: "a driver with Direct3D 12 or Vulkan, from the vendor of the card",
  darwin: "macOS 11 or later includes it",
};

/** Advice for the user; empty if everything is fine. */
export function adviceFor(
  found: readonly DeviceInfo[],
  { simd, relaxedSimd, threads }: WebAssemblyFeatures,
  { problem }: CacheState,
): string[] {
  const hasGpu = found.some(({ kind, software }) => kind === "webgpu" && !software);
  const driver = drivers[Deno.build.os];
  return [
    ...(hasGpu ? [] : [
      `No hardware GPU was found. None is needed, but if this machine has one, install its driver${
        driver ? `: ${driver}` : ""
      }`,
    ]),
    ...(simd && relaxedSimd && threads
      ? []
      : ["WebAssembly lacks a feature that is needed: install a newer version of Deno"]),
    ...(problem === null ? [] : [`MNIST cannot be cached: ${problem}; or pass its files with --data DIRECTORY`]),
  ];
}
