import { assertEquals, assertStringIncludes } from "@std/assert";
import { adviceFor, examine } from "./examination.ts";

const whole = { simd: true, relaxedSimd: true, threads: true, processors: 4, native: "AVX2", noNative: null };
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

Deno.test({
  name: "an examination names the permissions that are granted, and all of this machine",
  permissions: { read: true, write: true, env: true, sys: true, run: true, net: false, ffi: false },
  // Devices stay open.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const signal = new AbortController().signal;
    const { permissions, benchmark, versions, platform, chosen } = await examine({
      device: "wasm",
      seconds: 0,
      signal,
    });
    assertEquals(permissions, ["read", "write", "env", "sys", "run"]);
    assertEquals([benchmark, chosen.kind, platform], [null, "wasm", `${Deno.build.os}, ${Deno.build.arch}`]);
    assertEquals([versions.v8, versions.typescript], [Deno.version.v8, Deno.version.typescript]);
  },
});
