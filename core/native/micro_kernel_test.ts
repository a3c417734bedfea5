import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { MachineCode } from "./encode/assembler.ts";
import { AVX2, AVX512, type InstructionSet, VECTORS } from "./instruction_sets.ts";
import { writeKernels } from "./kernels.ts";
import { MicroKernels } from "./micro_kernel.ts";
import { systems } from "./systems.ts";

// Code that computes the right bits may still be longer than it was, or slower. If it is meant to change, these values
// are those that the tests print.

const short = (bytes: Uint8Array): string =>
  `${bytes.length} bytes, ${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`;

function kernels(set: InstructionSet, vectors: number): string[] {
  const all = new MicroKernels(set, vectors);
  return Array.from({ length: set.rows }, (_, i) => {
    const code = new MachineCode();
    all.write(code, i + 1);
    return short(code.copy());
  });
}

Deno.test("the code of the kernel for each number of rows is as recorded", () => {
  assertEquals(kernels(AVX2, VECTORS / 2), [
    "134 bytes, bc34ddd9f66886ca",
    "178 bytes, 45f4dfb3e39942c2",
    "222 bytes, 02bef3b4c3cd8cd5",
    "266 bytes, bfad8e5400e950d2",
    "310 bytes, 6cf7bc2d7c7ea95c",
    "356 bytes, b276dfe2e19aabca",
  ]);
  assertEquals(kernels(AVX2, VECTORS), [
    "173 bytes, f43bff88d29f7b06",
    "245 bytes, 15c402e4c62167a3",
    "319 bytes, 209f7b9de6dd6587",
    "395 bytes, e88d98d74e8d795c",
    "471 bytes, 936b94b1ccb61f86",
    "547 bytes, 62c3de78c7130380",
  ]);
  assertEquals(kernels(AVX512, VECTORS / 2), [
    "159 bytes, a480420d05387c3e",
    "215 bytes, a1cc21f9ef1a93d2",
    "271 bytes, 4ee6404b54e3aaaa",
    "327 bytes, 72836a61d1a48a50",
    "383 bytes, 22494868dea1e309",
    "439 bytes, dc66327da1a57852",
    "495 bytes, 0f891ac4a03bd133",
    "551 bytes, ce99597c1d9b57c1",
  ]);
  assertEquals(kernels(AVX512, VECTORS), [
    "218 bytes, eaaf4cb05220e0a6",
    "312 bytes, fbee396658bbf96c",
    "406 bytes, c4d0db6b68a7d09d",
    "500 bytes, 6cb435d14bef0cd3",
    "594 bytes, 15b3576e7290ec64",
    "688 bytes, f7d0afd388732012",
    "782 bytes, 7a43b0b209d02f14",
    "876 bytes, 633d38dda0becc02",
  ]);
});

Deno.test("the code of the routine is as recorded for each instruction set", () => {
  assertEquals([AVX2, AVX512].map((set) => short(writeKernels(set, systems.linux))), [
    "3947 bytes, 26b92e4780e9f3d6",
    "7620 bytes, 31ceb2aee30bd7a3",
  ]);
});
