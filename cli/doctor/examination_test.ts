import { assertEquals, assertStringIncludes } from "@std/assert";
import { adviceFor } from "./examination.ts";

const whole = { simd: true, relaxedSimd: true, joinsVectors: false, threads: true, processors: 4 };
const cache = { path: "/cache", writable: true, mnist: true, problem: null };
const wasm = { kind: "wasm", name: "WebAssembly", software: false } as const;
const gpu = { kind: "webgpu", name: "GPU", software: false } as const;

Deno.test("where all is well there is no advice", () => {
  assertEquals(adviceFor([gpu, wasm], whole, cache), []);
});

Deno.test("what is missing is told with what helps", () => {
  const [driver] = adviceFor([wasm, { ...gpu, software: true }], whole, cache);
  assertStringIncludes(driver, "No hardware GPU was found, and none is needed");
  assertEquals(adviceFor([gpu], { ...whole, relaxedSimd: false }, cache).length, 1);
  const [kept] = adviceFor([gpu], whole, { ...cache, writable: false, problem: "the disk is full" });
  assertEquals(kept, "MNIST cannot be kept: the disk is full; or give its files by --data DIRECTORY");
});
