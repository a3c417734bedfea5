/**
 * For tests: runs kernels that count their indices outside of arrays, which devices limit without a word.
 *
 * @module
 */

import { chooseAdapter, OpenDevice } from "./run/device.ts";
import type { WgslKernel } from "./wgsl/kernel.ts";

/** The lengths of an array type such as `array<array<vec4<f32>, 5>, 8>`, outermost first, and those of its vectors. */
function lengthsOf(type: string, elements: number): number[] {
  const lengths = [...type.matchAll(/, (\d+)>/g)].map(([, length]) => Number(length)).reverse();
  const width = Number(type.match(/vec(\d)</)?.[1] ?? 1);
  return [...lengths.length > 0 ? lengths : [Math.floor(elements / width)], width];
}

/** The text of a kernel that counts its indices outside of arrays in `outside`, the buffer after its own. */
function counting({ code, slots }: WgslKernel): string {
  const lengths = new Map<string, readonly number[]>();
  for (const [, name, type] of code.matchAll(/var<(?:storage|workgroup)[^>]*> (\w+): (array<.*>);/g)) {
    const slot = name.match(/^slot(\d+)$/);
    lengths.set(name, lengthsOf(type, slot ? slots[Number(slot[1])].elements : 0));
  }
  const [head, body] = code.split("@compute");
  const counted = body.replace(/\b(\w+)((?:\[[^\][]+\])+)/g, (text, name: string, indices: string) => {
    const known = lengths.get(name);
    if (!known) return text;
    let axis = 0;
    return name + indices.replace(/\[([^\]]+)\]/g, (_, index: string) => `[counted(i32(${index}), ${known[axis++]})]`);
  });
  return `${head}
@group(0) @binding(${slots.length}) var<storage, read_write> outside: atomic<u32>;
fn counted(index: i32, length: i32) -> i32 {
  if (index < 0 || index >= length) { atomicAdd(&outside, 1u); }
  return index;
}
@compute${counted}`;
}

/** The number of indices outside of arrays when a kernel without loop counters runs on memory of zeros. */
export async function outsideOf({ device }: OpenDevice, kernel: WgslKernel): Promise<number> {
  if (kernel.workgroups[0] === 0) return 0;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
  const made = [...kernel.slots.map(({ elements }) => 4 * elements), 4].map((bytes) =>
    device.createBuffer({ size: Math.max(16, Math.ceil(bytes / 16) * 16), usage })
  );
  const module = device.createShaderModule({ code: counting(kernel) });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const entries = made.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const used = new Set([...kernel.slots.keys()].filter((slot) => new RegExp(`slot${slot}\\b.*\\[`).test(kernel.code)));
  const bound = entries.filter(({ binding }) => binding === kernel.slots.length || used.has(binding));
  const staging = device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: bound }));
  pass.dispatchWorkgroups(...kernel.workgroups);
  pass.end();
  encoder.copyBufferToBuffer(made.at(-1)!, 0, staging, 0, 4);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const [count] = new Uint32Array(staging.getMappedRange());
  staging.unmap();
  [...made, staging].forEach((buffer) => buffer.destroy());
  return count;
}

/** A device of this machine, on the processor if there is no other. */
export async function openAny(): Promise<OpenDevice> {
  return await OpenDevice.open(await chooseAdapter({ allowSoftware: true }));
}
