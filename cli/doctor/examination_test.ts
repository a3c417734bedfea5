import { assertEquals, assertStringIncludes } from "@std/assert";
import { adviceFor } from "./examination.ts";

const whole = { simd: true, relaxedSimd: true, joinsVectors: false, threads: true, processors: 4 };
const cache = { path: "/cache", writable: true, mnist: true, problem: null };
const wasm = { kind: "wasm", name: "WebAssembly", software: false } as const;
const gpu = { kind: "webgpu", name: "GPU", software: false } as const;

Deno.test("if everything is fine, there is no advice", () => {
  assertEquals(adviceFor([gpu, wasm], whole, cache), []);
});

Deno.test("for everything that is missing, there is advice", () => {
  const [driver] = adviceFor([wasm, { ...gpu, software: true }], whole, cache);
  assertStringIncludes(driver, "No hardware GPU was found");
  assertEquals(adviceFor([gpu], { ...whole, relaxedSimd: false }, cache).length, 1);
  const [kept] = adviceFor([gpu], whole, { ...cache, writable: false, problem: "the disk is full" });
  assertEquals(kept, "MNIST cannot be cached: the disk is full; or pass its files with --data DIRECTORY");
});
