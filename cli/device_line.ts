/**
 * Chooses the device that computes, and describes it in one line.
 *
 * @module
 */

import type { DeviceInfo } from "../core/backend.ts";
import { type DeviceChoice, deviceOption, setDevice } from "../core/device.ts";
import type { DeviceOptions } from "../core/device_options.ts";
import { deviceTable } from "../core/device_table.ts";
import { UsageError } from "./errors.ts";

/** The device that computes, and why it was chosen. */
export function deviceLine(choice: DeviceChoice, { kind, name, software }: DeviceInfo): string {
  const title = kind === "webgpu" ? `${name} (WebGPU)` : name;
  if (choice === "auto") {
    const reason = kind === "webgpu" ? "a hardware GPU was found" : "no hardware GPU was found";
    return `Device: ${title}; ${reason}`;
  }
  const advice = kind === "webgpu" && software ? "; it computes on the CPU, where --device wasm is faster" : "";
  return `Device: ${title}; chosen by --device ${choice}${advice}`;
}

/** The options of commands that choose a device. */
export interface DeviceWishes {
  readonly device?: DeviceChoice | undefined;
  readonly threads?: number | undefined;
  readonly noNative?: boolean | undefined;
}

/**
 * The options of the device that the options of a command ask for.
 *
 * @throws {UsageError} if the chosen device does not take them.
 */
export function optionsOf({ device = deviceOption.default, threads, noNative }: DeviceWishes): DeviceOptions {
  const given = threads !== undefined ? "--threads" : noNative ? "--no-native" : undefined;
  if (given !== undefined && device !== "auto" && !deviceTable[device].isCpu) {
    throw new UsageError(
      `${given} is an option of the CPU: leave it out, or choose --device wasm or auto, not ${device}`,
    );
  }
  return { threads, native: noNative ? false : undefined };
}

/** Chooses the device, and returns the line about it. */
export async function chooseDevice(wishes: DeviceWishes): Promise<string> {
  const { device = deviceOption.default } = wishes;
  return deviceLine(device, await setDevice(device, optionsOf(wishes)));
}
