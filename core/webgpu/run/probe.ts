/**
 * Checks of an adapter before its first use: products of whole numbers must wrap around. Random numbers, and with them
 * weights, masks and orders, depend on it, and some OpenGL drivers compute such products as floats.
 *
 * @module
 */

import { DeviceError } from "../../backend.ts";

const inputs = Uint32Array.of(3, 0xffffffff, 0x10001, 0x9e3779b9, 0x7fffffff, 46341, 123456789, 0x80000001);
const FACTOR = 0x9e3779b9;

const code = `@group(0) @binding(0) var<storage, read_write> numbers: array<u32, ${inputs.length}>;
@compute @workgroup_size(1)
fn main() {
  for (var i = 0; i < ${inputs.length}; i++) {
    let x = numbers[i];
    let signed = bitcast<i32>(x) * bitcast<i32>(x + 2u);
    numbers[i] = ((x * ${FACTOR}u) >> 7u) ^ (x * x) ^ bitcast<u32>(signed);
  }
}`;

/** The result of the kernel for one number. */
function expected(x: number): number {
  return ((Math.imul(x, FACTOR) >>> 7) ^ Math.imul(x, x) ^ Math.imul(x, x + 2)) >>> 0;
}

/** The memory of an open device that the checks use. */
export interface ProbeMemory {
  readonly device: GPUDevice;
  /** A storage buffer of at least {@linkcode probeBytes} bytes. */
  readonly buffer: GPUBuffer;
  readonly write: (values: Uint32Array) => void;
  readonly read: () => Promise<ArrayBuffer>;
}

/** The bytes of memory that the checks need. */
export const probeBytes = inputs.byteLength;

/** Whether an adapter may be one of OpenGL, which has no textures with this order of colors for shaders to write. */
export function mayBeOpenGl({ features }: Pick<GPUAdapter, "features">): boolean {
  return !features.has("bgra8unorm-storage");
}

/**
 * Checks that products of whole numbers wrap around.
 *
 * @throws {DeviceError} if they do not.
 */
export async function proveIntegers(name: string, { device, buffer, write, read }: ProbeMemory): Promise<void> {
  write(inputs);
  const module = device.createShaderModule({ label: "products of whole numbers", code });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const entries = [{ binding: 0, resource: { buffer, size: probeBytes } }];
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(1);
  pass.end();
  device.queue.submit([encoder.finish()]);
  checkProducts(name, new Uint32Array(await read()));
}

/**
 * Compares the results of the kernel with the right ones.
 *
 * @throws {DeviceError} if they differ, also if the numbers are still those that were written.
 */
export function checkProducts(name: string, results: Uint32Array): void {
  const wrong = inputs.findIndex((x, i) => results[i] !== expected(x));
  if (wrong < 0) return;
  if (inputs.every((x, i) => results[i] === x)) {
    throw new DeviceError(
      `Cannot use the adapter ${name}: it accepted a kernel but did not run it. Update the graphics driver, ` +
        "or choose the device wasm",
    );
  }
  throw new DeviceError(
    `Cannot use the adapter ${name}: products of whole numbers must wrap around at 2³², but for ${inputs[wrong]} ` +
      `expected ${expected(inputs[wrong])}, got ${results[wrong]}. Update the graphics driver, ` +
      "use one with Vulkan, Metal or Direct3D 12, or choose the device wasm",
  );
}
