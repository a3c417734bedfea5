import { assertEquals } from "@std/assert";
import { registers } from "./encode/instructions.ts";
import { writeKernels } from "./kernels.ts";
import { AVX2 } from "./instruction_sets.ts";
import { systemOf, systems } from "./systems.ts";

Deno.test("machine code is for Linux on x86-64, and other systems are told why", () => {
  assertEquals(systemOf({ os: "linux", arch: "x86_64" }), systems.linux);
  assertEquals(systemOf({ os: "darwin", arch: "x86_64" }), "machine code was not tried on macOS, only on Linux");
  assertEquals(systemOf({ os: "windows", arch: "x86_64" }), "machine code was not tried on Windows, only on Linux");
  assertEquals(systemOf({ os: "netbsd", arch: "x86_64" }), "machine code was not tried on netbsd, only on Linux");
  assertEquals(
    systemOf({ os: "darwin", arch: "aarch64" }),
    "there is no machine code for aarch64 processors, only for x86-64",
  );
});

Deno.test("another system has its own registers of parameters and preserved registers", () => {
  const { rcx, rdx, rbx } = registers;
  const code = writeKernels(AVX2, { ...systems.linux, parameters: [rcx, rdx], preserved: [rbx] });
  // push rbx; mov ebx, edx; mov r10, rcx
  assertEquals([...code.slice(0, 6)], [0x53, 0x89, 0xd3, 0x49, 0x89, 0xca]);
});
