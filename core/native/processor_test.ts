import { assertEquals } from "@std/assert";
import { AVX2, AVX512 } from "./instruction_sets.ts";
import { nativeKernels } from "./native.ts";
import { instructionSetOf, PROCESSOR_WORDS, writeProcessorQuery } from "./processor.ts";
import { systems } from "./systems.ts";
import { testNative } from "./testing.ts";

/** EAX and so on of a Zen 4. */
const words = { largest: 16, basic: 0x7ef8_320b | 1 << 28, extended: 0xf1bf_97a9 | 0, saved: 0x2e7 };
const without = (word: number, bit: number): number => word & ~(1 << bit);

Deno.test("a processor with AVX-512 and a system that saves its registers have AVX-512", () => {
  assertEquals(instructionSetOf(words), AVX512);
  assertEquals(instructionSetOf({ ...words, saved: 0xe6 }), AVX512);
});

Deno.test("without one part of AVX-512, or the system's saving of it, AVX2 remains", () => {
  for (const bit of [16, 17, 30, 31]) {
    assertEquals(instructionSetOf({ ...words, extended: without(words.extended, bit) }), AVX2);
  }
  for (const bit of [5, 6, 7]) assertEquals(instructionSetOf({ ...words, saved: without(words.saved, bit) }), AVX2);
});

Deno.test("AVX2 requires AVX, FMA, and a system that saves their registers", () => {
  assertEquals(instructionSetOf({ ...words, largest: 6 }), undefined);
  assertEquals(instructionSetOf({ ...words, largest: 7 }), AVX512);
  for (const bit of [12, 27, 28]) {
    assertEquals(instructionSetOf({ ...words, basic: without(words.basic, bit) }), undefined);
  }
  assertEquals(instructionSetOf({ ...words, extended: without(words.extended, 5) }), undefined);
  for (const bit of [1, 2]) assertEquals(instructionSetOf({ ...words, saved: without(words.saved, bit) }), undefined);
  assertEquals(instructionSetOf({ largest: 7, basic: 0, extended: 0, saved: 0 }), undefined);
});

Deno.test("the query asks for answers 0, 1 and 7, and for the saved registers only if it may", () => {
  const hex = Array.from(writeProcessorQuery(systems.linux), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const ask = (leaf: number): string => `31 c0 48 83 c0 0${leaf} 31 c9 0f a2`;
  assertEquals(PROCESSOR_WORDS, 4);
  assertEquals(
    hex,
    [
      ...["53 49 89 f8", ask(0), "41 89 00", ask(1), "41 89 48 04 41 89 c9", ask(7), "41 89 58 08"],
      ...["31 d2 41 89 50 0c", "41 81 e1 00 00 00 08", "0f 84 09 00 00 00"],
      ...["31 c9 0f 01 d0 41 89 40 0c", "31 c0 5b c3"],
    ].join(" "),
  );
});

testNative("the set that is used is the one that the system reports", () => {
  const [line] = /^flags\s*:.*$/m.exec(Deno.readTextFileSync("/proc/cpuinfo")) ?? [""];
  const flags = line.split(" ");
  const found = nativeKernels();
  const hasAvx512 = ["avx512f", "avx512dq", "avx512bw", "avx512vl"].every((flag) => flags.includes(flag));
  assertEquals("name" in found ? found.name : found.refused, hasAvx512 ? "AVX-512" : "AVX2");
});
