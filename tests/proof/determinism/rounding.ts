/**
 * What the bits of a result may depend on, apart from the program: whether this machine's relaxed SIMD rounds a product
 * and a sum once or twice on WebAssembly, and the adapter on WebGPU.
 *
 * @module
 */

import { devices } from "../../../core/device.ts";
import { FunctionWriter, ModuleWriter } from "../../../core/wasm/encode/assembler.ts";
import { operate } from "../../../core/wasm/encode/relaxed.ts";

/** A function that returns `a · b + c`, as the products of matrices compute it. */
function multiplyAdd(): (a: number, b: number, c: number) => number {
  const writer = new FunctionWriter(["f32", "f32", "f32"], ["f32"]);
  const vectors = [0, 1, 2].map((parameter) => {
    const vector = writer.local("v128");
    writer.code.get(parameter).op("f32x4.splat").set(vector);
    return vector;
  });
  operate(writer.code, "f32x4.relaxed_madd", { args: vectors }).op("f32x4.extract_lane", 0);
  const module = new ModuleWriter([]);
  module.export("multiplyAdd", module.add(writer));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()));
  return exports.multiplyAdd as (a: number, b: number, c: number) => number;
}

/** Whether a product and a sum are rounded together: (1 + 2⁻¹²)² - (1 + 2⁻¹¹) is then 2⁻²⁴, otherwise 0. */
function roundsOnce(): boolean {
  const a = 1 + 2 ** -12;
  return multiplyAdd()(a, a, -(1 + 2 ** -11)) !== 0;
}

/** The name of the machines on which this device must compute the same bits. */
export async function sameBitsOn(device: "wasm" | "webgpu"): Promise<string> {
  if (device === "wasm") return `wasm, a product and a sum rounded ${roundsOnce() ? "once" : "twice"}`;
  const adapter = (await devices()).find(({ kind }) => kind === "webgpu");
  return `webgpu, ${adapter?.name}`;
}
