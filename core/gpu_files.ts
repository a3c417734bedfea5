/**
 * Whether a machine can have a GPU, as far as its device files show.
 *
 * @module
 */

import { isPermitted, systemOf } from "./environment.ts";

/**
 * The beginnings of names in `/dev` by which programs reach GPUs on Linux: Direct Rendering Manager, Windows Subsystem
 * for Linux, AMD, Qualcomm, Arm, NVIDIA, Imagination, Vivante.
 */
const gpuFiles = /^(?:dri$|dxg|kfd|kgsl|mali|nvgpu|nvhost|nvidia|nvmap|pvr|galcore)/;

/** The names in the folder of device files; undefined if they are not known. Never makes Deno ask for a permission. */
function deviceFiles(): string[] | undefined {
  const { Deno: deno } = globalThis;
  if (deno === undefined || systemOf() !== "linux" || !isPermitted({ name: "read", path: "/dev" })) return undefined;
  try {
    return Array.from(deno.readDirSync("/dev"), ({ name }) => name);
  } catch {
    return undefined; // Deno lists /dev only if everything is permitted
  }
}

/**
 * Whether there can be a GPU. On Linux, there is none if no device file of one exists. Asking WebGPU instead loads
 * drivers that compute on the CPU, with a compiler of 75 MB, before they are refused.
 */
export function mayHaveGpu(): boolean {
  const names = deviceFiles();
  return names === undefined || names.some((name) => gpuFiles.test(name));
}
