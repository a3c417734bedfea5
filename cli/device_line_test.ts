import { assertEquals } from "@std/assert";
import { deviceLine } from "./device_line.ts";

Deno.test("the line about the device says why it was chosen, and what is faster", () => {
  const gpu = { kind: "webgpu", name: "A GPU", software: false } as const;
  const software = { kind: "webgpu", name: "llvmpipe", software: true } as const;
  const cpu = { kind: "wasm", name: "WebAssembly SIMD", software: true } as const;
  assertEquals(deviceLine("auto", gpu), "Device: A GPU (WebGPU); a hardware GPU was found");
  assertEquals(deviceLine("auto", cpu), "Device: WebAssembly SIMD; no hardware GPU was found");
  assertEquals(deviceLine("webgpu", gpu), "Device: A GPU (WebGPU); chosen by --device webgpu");
  assertEquals(deviceLine("wasm", cpu), "Device: WebAssembly SIMD; chosen by --device wasm");
  assertEquals(
    deviceLine("webgpu", software),
    "Device: llvmpipe (WebGPU); chosen by --device webgpu; it computes on the CPU, where --device wasm is faster",
  );
});
