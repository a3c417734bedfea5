import { assertEquals, assertThrows } from "@std/assert";
import { deviceLine, type DeviceWishes, optionsOf } from "./device_line.ts";
import { UsageError } from "./errors.ts";

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

Deno.test("options of the CPU are refused for a GPU as a mistake in the command line", () => {
  const cases: [DeviceWishes, string][] = [
    [{ device: "webgpu", threads: 2 }, "--threads is an option of the CPU"],
    [{ device: "webgpu", noNative: true }, "--no-native is an option of the CPU"],
  ];
  for (const [wishes, message] of cases) assertThrows(() => optionsOf(wishes), UsageError, message);
  for (const device of [undefined, "auto", "wasm"] as const) {
    assertEquals(optionsOf({ device, threads: 2, noNative: true }), { threads: 2, native: false });
  }
  assertEquals(optionsOf({ device: "webgpu", noNative: false }), { threads: undefined, native: undefined });
});
