/**
 * The chosen device, in one line.
 *
 * @module
 */

import type { DeviceInfo } from "../core/backend.ts";
import type { DeviceChoice } from "../core/device.ts";

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
