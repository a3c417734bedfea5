/**
 * Finding an adapter and opening a device that reports every failure.
 *
 * @module
 */

import { DeviceError } from "../../backend.ts";
import { quietDriver } from "./quiet_driver.ts";
import type { DeviceClass } from "../schedule/schedule.ts";

/** Which adapters may be chosen. */
export interface AdapterOptions {
  /** Whether to take an adapter that computes on the processor where there is no other. @default {false} */
  readonly allowSoftware?: boolean;
}

/** An adapter that was found. */
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

/** Software adapters that some drivers do not mark as such. */
const softwareNames = /llvmpipe|swiftshader|lavapipe|softpipe|basic render/i;

const advice = "Install a graphics driver with Vulkan, Metal or Direct3D 12; on Debian and Ubuntu the package " +
  "mesa-vulkan-drivers. Or choose the device wasm, which needs nothing";

/** The adapters of this machine, those of hardware first. */
export async function findAdapters(): Promise<FoundAdapter[]> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (!gpu) return [];
  quietDriver();
  const found = new Map<string, FoundAdapter>();
  for (const powerPreference of ["high-performance", "low-power"] as const) {
    const adapter = await gpu.requestAdapter({ powerPreference });
    if (!adapter) continue;
    const { info } = adapter;
    // Browsers reveal little: at most the vendor and the architecture.
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
 * @throws {DeviceError} if there is none, saying what to install.
 */
export async function chooseAdapter({ allowSoftware = false }: AdapterOptions = {}): Promise<FoundAdapter> {
  const adapters = await findAdapters();
  const [best] = adapters;
  if (!best) throw new DeviceError(`Cannot open a WebGPU device: no adapter was found. ${advice}`);
  if (best.software && !allowSoftware) {
    throw new DeviceError(
      `Cannot open a WebGPU device: expected a graphics processor, but found only ${best.name}, which computes on the ` +
        `processor. ${advice}. Or allow it with { allowSoftware: true }`,
    );
  }
  return best;
}

/** An open device that keeps its first failure and throws it at every later use. */
export class OpenDevice {
  #failure: DeviceError | undefined;
  #closing = false;
  readonly #watched = new Set<Promise<void>>();

  private constructor(readonly device: GPUDevice, readonly found: FoundAdapter) {
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const reason = event instanceof GPUUncapturedErrorEvent ? event.error.message : "no reason was given";
      this.fail(`The device ${found.name} reported an error: ${reason}`);
    });
    device.lost.then(({ message }) => {
      if (!this.#closing) {
        this.fail(`The device ${found.name} was lost: ${message || "no reason was given"}. Open it again`);
      }
    });
  }

  /**
   * Opens a device with all that the adapter offers.
   *
   * @throws {DeviceError} if the driver refuses.
   */
  static async open(found: FoundAdapter): Promise<OpenDevice> {
    const { adapter, name } = found;
    const requiredLimits = Object.fromEntries(limitNames.map((limit) => [limit, adapter.limits[limit]]));
    try {
      return new OpenDevice(await adapter.requestDevice({ requiredLimits }), found);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DeviceError(`Cannot open the WebGPU device ${name}: ${reason}`, { cause: error });
    }
  }

  /** Whether the device is a graphics processor. */
  get deviceClass(): DeviceClass {
    return this.found.software ? "software" : "hardware";
  }

  /** Records a failure; the first one counts. */
  fail(message: string): void {
    this.#failure ??= new DeviceError(message);
  }

  /** Throws the recorded failure, if there is one. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Runs `make`, and records a failure if the device reports an error, which is known only later. */
  watch<T>(filter: GPUErrorFilter, make: () => T, describe: (message: string) => string): T {
    this.device.pushErrorScope(filter);
    const made = make();
    const watched = this.device.popErrorScope().then(
      (error) => error && this.fail(describe(error.message)),
      () => {},
    ).then(() => {
      this.#watched.delete(watched);
    });
    this.#watched.add(watched);
    return made;
  }

  /** Waits until everything watched is known to be correct, or throws what was found. */
  async settle(): Promise<void> {
    if (this.#watched.size > 0) await Promise.all(this.#watched);
    this.check();
  }

  /** Destroys the device; its later use throws. */
  close(): void {
    this.#closing = true;
    this.fail(`The device ${this.found.name} was closed. Open it again`);
    this.device.destroy();
  }
}
