/**
 * Finds an adapter and opens it as a device that reports every failure.
 *
 * @module
 */

import { DeviceError } from "../../backend.ts";
import { quietDriver } from "./quiet_driver.ts";
import { timestampFeature } from "./timestamps.ts";
import type { DeviceClass } from "../schedule/schedule.ts";

/** Which adapters may be chosen. */
export interface AdapterOptions {
  /** Whether to take an adapter that computes on the CPU if there is no other. @default {false} */
  readonly allowSoftware?: boolean;
  /**
   * Whether the device measures kernels by its own clock if it can (default: yes, unless it computes on the CPU, where
   * kernels run side by side with the host).
   */
  readonly clock?: boolean;
}

/** An adapter of this machine. */
export interface FoundAdapter {
  readonly adapter: GPUAdapter;
  readonly name: string;
  readonly software: boolean;
}

const limitNames = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupStorageSize",
  "minUniformBufferOffsetAlignment",
] as const;

/** The names of software adapters that some drivers do not mark as such. */
const softwareNames = /llvmpipe|swiftshader|lavapipe|softpipe|basic render/i;

const advice = "Install a graphics driver with Vulkan, Metal or Direct3D 12 (on Debian and Ubuntu: the package " +
  "mesa-vulkan-drivers), or choose the device wasm, which needs no driver";

/** The adapters of this machine, hardware first. */
export async function findAdapters(): Promise<FoundAdapter[]> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (!gpu) return [];
  quietDriver();
  const found = new Map<string, FoundAdapter>();
  for (const powerPreference of ["high-performance", "low-power"] as const) {
    const adapter = await gpu.requestAdapter({ powerPreference });
    if (!adapter) continue;
    const { info } = adapter;
    // Browsers reveal at most the vendor and the architecture.
    const kind = [info.vendor, info.architecture].filter(Boolean).join(" ");
    const name = info.description || info.device || kind || "unnamed adapter";
    const software = info.isFallbackAdapter || softwareNames.test(name);
    if (!found.has(name)) found.set(name, { adapter, name, software });
  }
  return [...found.values()].sort((a, b) => Number(a.software) - Number(b.software));
}

/**
 * The best adapter that may be used.
 *
 * @throws {DeviceError} if there is none. The message says what to install.
 */
export async function chooseAdapter(options: AdapterOptions = {}): Promise<FoundAdapter> {
  return (await allowedAdapters(options))[0];
}

/**
 * The adapters that may be used, best first.
 *
 * @throws {DeviceError} if there is none. The message says what to install.
 */
export async function allowedAdapters({ allowSoftware = false }: AdapterOptions = {}): Promise<FoundAdapter[]> {
  const adapters = await findAdapters();
  const [best] = adapters;
  if (!best) throw new DeviceError(`Cannot open a WebGPU device: no adapter was found. ${advice}`);
  if (best.software && !allowSoftware) {
    throw new DeviceError(
      `Cannot open a WebGPU device: expected a GPU, got only ${best.name}, which computes on the CPU. ` +
        `${advice}. Or allow it with { allowSoftware: true }`,
    );
  }
  return adapters.filter(({ software }) => allowSoftware || !software);
}

const noReason = "the driver gave no reason";

/** An open device that records its first failure and throws it at every later use. */
export class OpenDevice {
  #failure: DeviceError | undefined;
  #closing = false;
  readonly #watched = new Set<Promise<void>>();

  private constructor(readonly device: GPUDevice, readonly found: FoundAdapter) {
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const reason = event instanceof GPUUncapturedErrorEvent ? event.error.message : noReason;
      this.fail(`Cannot use the device ${found.name}: it reported an error: ${reason}`);
    });
    device.lost.then(({ message }) => {
      if (!this.#closing) {
        this.fail(`Cannot use the device ${found.name}: it was lost (${message || noReason}). Open it again`);
      }
    });
  }

  /**
   * Opens a device with all limits that the adapter offers.
   *
   * @throws {DeviceError} if the driver refuses.
   */
  static async open(found: FoundAdapter, { clock = !found.software }: AdapterOptions = {}): Promise<OpenDevice> {
    const { adapter, name } = found;
    const features = clock && adapter.features.has(timestampFeature) ? { requiredFeatures: [timestampFeature] } : {};
    const requiredLimits = Object.fromEntries(limitNames.map((limit) => [limit, adapter.limits[limit]]));
    try {
      return new OpenDevice(
        await adapter.requestDevice({ requiredLimits, ...features }),
        found,
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DeviceError(`Cannot open the WebGPU device ${name}: ${reason}`, { cause: error });
    }
  }

  /** The first failure, after which the device cannot be used. */
  get failure(): DeviceError | undefined {
    return this.#failure;
  }

  /** Whether the device measures kernels by its own clock. */
  get hasClock(): boolean {
    return this.device.features.has(timestampFeature);
  }

  /** The class of the device: a GPU, or a software driver. */
  get deviceClass(): DeviceClass {
    return this.found.software ? "software" : "hardware";
  }

  /** Records a failure if it is the first one. */
  fail(message: string): void {
    this.#failure ??= new DeviceError(message);
  }

  /** Throws the recorded failure, if there is one. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** The number of calls that are watched and whose outcome is not known yet. */
  get pending(): number {
    return this.#watched.size;
  }

  /** Runs `make`, and records a failure when the device reports an error, which happens later. */
  watch<T>(filter: GPUErrorFilter, make: () => T, describe: (message: string) => string): T {
    this.device.pushErrorScope(filter);
    try {
      return make();
    } finally {
      const watched = this.device.popErrorScope().then(
        (error) => error && this.fail(describe(error.message)),
        () => {},
      ).then(() => {
        this.#watched.delete(watched);
      });
      this.#watched.add(watched);
    }
  }

  /** Waits for the outcome of everything that is watched, and throws the failure if there is one. */
  async settle(): Promise<void> {
    if (this.#watched.size > 0) await Promise.all(this.#watched);
    this.check();
  }

  /** Destroys the device; its later use throws. */
  close(): void {
    this.#closing = true;
    this.fail(`Cannot use the device ${this.found.name}: it was closed. Open it again`);
    this.device.destroy();
  }
}
