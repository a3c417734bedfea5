import { assertEquals } from "@std/assert";
import type { Examination } from "../doctor/examination.ts";
import { run } from "../testing.ts";
import { textOf } from "./doctor.ts";

const examination: Examination = {
  versions: { yadll: "1.0.0", deno: "2.9.6", v8: "15", typescript: "6.0" },
  platform: "linux, x86_64",
  devices: [
    { kind: "webgpu", name: "A GPU", software: false },
    { kind: "webgpu", name: "llvmpipe", software: true },
    { kind: "wasm", name: "WebAssembly SIMD", software: false },
  ],
  chosen: { kind: "wasm", name: "WebAssembly SIMD", software: false },
  webAssembly: {
    simd: true,
    relaxedSimd: false,
    threads: true,
    processors: 1,
    native: null,
    noNative: "FFI is not permitted",
  },
  cache: { path: "/cache", writable: true, mnist: true, problem: null },
  permissions: ["read", "env"],
  advice: ["Install a driver."],
  benchmark: { size: 512, products: 40, seconds: 2.04, gflops: 12.345 },
};

Deno.test("a doctor that is told not to measure does not say that it does", async () => {
  const { code, out, err } = await run("doctor", "--seconds", "0", "--device", "wasm");
  assertEquals([code, out.includes("Speed:"), err.includes("Measuring")], [0, false, false]);
});

Deno.test("an examination is shown line by line", () => {
  assertEquals(textOf(examination, "Chosen: wasm"), [
    "@yadll/yadll 1.0.0, Deno 2.9.6, V8 15, TypeScript 6.0; linux, x86_64",
    "",
    "Devices, best first:",
    "  A GPU: WebGPU",
    "  llvmpipe: WebGPU on the CPU, used only with --device webgpu",
    "  WebAssembly SIMD: always available (--device wasm)",
    "Chosen: wasm",
    "Speed: 12.3 GFLOP/s (40 products of 512×512 matrices in 2.0 s)",
    "",
    "WebAssembly: SIMD yes, relaxed SIMD no, threads yes; 1 processor",
    "Products in machine code: no; FFI is not permitted",
    "Cache: /cache, writable; contains MNIST",
    "Permissions: read, env",
    "",
    "Install a driver.",
  ]);
});

Deno.test("a speed of a thousand GFLOP/s and more is shown without an exponent", () => {
  const benchmark = { size: 512, products: 40, seconds: 2.04, gflops: 1512.3 };
  assertEquals(
    textOf({ ...examination, benchmark }, "").find((line) => line.startsWith("Speed: ")),
    "Speed: 1512 GFLOP/s (40 products of 512×512 matrices in 2.0 s)",
  );
});

Deno.test("the line about the cache says what is known about it", () => {
  const lineOf = (cache: Examination["cache"]): string | undefined =>
    textOf({ ...examination, cache }, "").find((line) => line.startsWith("Cache: "));
  const problem = "the disk is full";
  const cases: [Examination["cache"], string][] = [
    [{ path: null, writable: null, mnist: null, problem: "HOME is not set" }, "HOME is not set"],
    [{ path: "/c", writable: null, mnist: null, problem: null }, "/c, not accessible"],
    [{ path: "/c", writable: null, mnist: true, problem }, "/c, not accessible; contains MNIST"],
    [{ path: "/c", writable: true, mnist: null, problem: null }, "/c, writable"],
    [{ path: "/c", writable: true, mnist: false, problem: null }, "/c, writable; MNIST is downloaded when needed"],
    [
      { path: "/c", writable: false, mnist: false, problem },
      `/c, not writable: ${problem}; MNIST is downloaded when needed`,
    ],
    [{ path: "/c", writable: false, mnist: true, problem }, `/c, not writable: ${problem}; contains MNIST`],
  ];
  for (const [cache, line] of cases) assertEquals(lineOf(cache), `Cache: ${line}`);
});

Deno.test("what is missing has no line, and several processors are many", () => {
  const { webAssembly } = examination;
  const few = { ...examination, permissions: [], advice: [], benchmark: null };
  const lines = textOf({ ...few, webAssembly: { ...webAssembly, processors: 2 } }, "Chosen: wasm");
  assertEquals(lines.length, 12);
  assertEquals(lines.at(-1), "Permissions: none granted in full");
  assertEquals(lines.at(-4)?.endsWith("; 2 processors"), true);
  const fast = { ...webAssembly, native: "AVX2", noNative: null };
  const line = "Products in machine code: AVX2; results are those of WebAssembly, bit for bit";
  assertEquals(textOf({ ...few, webAssembly: fast }, "").at(-3), line);
});
