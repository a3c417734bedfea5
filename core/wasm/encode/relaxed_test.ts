import { assertEquals } from "@std/assert";
import { type Code, FunctionWriter, ModuleWriter } from "./assembler.ts";
import type { Opcode } from "./opcodes.ts";
import * as relaxed from "./relaxed.ts";

/** The module as an engine without relaxed SIMD loads it. */
async function withoutRelaxedSimd(): Promise<typeof relaxed> {
  const { validate } = WebAssembly;
  WebAssembly.validate = () => false;
  try {
    return await import(new URL("relaxed.ts?without", import.meta.url).href);
  } finally {
    WebAssembly.validate = validate;
  }
}

function bytesOf(write: (code: Code) => unknown): Uint8Array {
  const writer = new FunctionWriter(["v128", "v128", "v128"], ["v128"]);
  write(writer.code);
  const module = new ModuleWriter([]);
  module.add(writer);
  return module.bytes();
}

const args = [0, 1, 2];
const plain = await withoutRelaxedSimd();

Deno.test("an engine with relaxed SIMD gets its instructions", () => {
  assertEquals([relaxed.hasRelaxedSimd, plain.hasRelaxedSimd], [true, false]);
  assertEquals(
    bytesOf((code) => relaxed.operate(code, "f32x4.relaxed_madd", { args })),
    bytesOf((code) => code.get(0).get(1).get(2).op("f32x4.relaxed_madd")),
  );
});

Deno.test("without relaxed SIMD, a product is added to or subtracted from the third operand", () => {
  const pairs: [Opcode, Opcode, Opcode][] = [
    ["f32x4.relaxed_madd", "f32x4.mul", "f32x4.add"],
    ["f32x4.relaxed_nmadd", "f32x4.mul", "f32x4.sub"],
    ["f64x2.relaxed_madd", "f64x2.mul", "f64x2.add"],
  ];
  for (const [name, inner, outer] of pairs) {
    assertEquals(
      bytesOf((code) => plain.operate(code, name, { args })),
      bytesOf((code) => code.get(2).get(0).get(1).op(inner).op(outer)),
    );
  }
});

Deno.test("without relaxed SIMD, lanes are selected bit by bit, and other instructions stay", () => {
  assertEquals(
    bytesOf((code) => plain.operate(code, "i32x4.relaxed_laneselect", { args })),
    bytesOf((code) => code.get(0).get(1).get(2).op("v128.bitselect")),
  );
  assertEquals(
    bytesOf((code) => plain.operate(code, "f32x4.extract_lane", { args: [1], immediates: [3] })),
    bytesOf((code) => code.get(1).op("f32x4.extract_lane", 3)),
  );
});
