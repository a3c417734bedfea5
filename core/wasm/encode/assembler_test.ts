import { assert, assertEquals } from "@std/assert";
import { Code, FunctionWriter, ModuleWriter, sharedMemory } from "./assembler.ts";
import { writeMicroKernel } from "../product/micro_kernel.ts";
import { instructions, type Opcode } from "./opcodes.ts";

const PAGES = 16;

/** Runs a function from i32 to i32. */
function run(writer: FunctionWriter, argument: number): number {
  const module = new ModuleWriter([sharedMemory(PAGES)]);
  module.export("f", module.add(writer));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: PAGES, shared: true });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } });
  return (instance.exports.f as (x: number) => number)(argument);
}

Deno.test("a loop sums the numbers below its argument", () => {
  const writer = new FunctionWriter(["i32"], ["i32"]);
  const sum = writer.local("i32");
  writer.code.loop().get(0).i32(-1).op("i32.add").tee(0).get(sum).op("i32.add").set(sum).get(0).op("br_if", 0).end();
  writer.code.get(sum);
  assertEquals(run(writer, 100), 4950);
});

Deno.test("constants keep their bits, whatever their size", () => {
  for (const value of [0, -1, 127, 128, -128, -129, 0x7fffffff, -0x80000000, 0x80000000, 0xffffffff]) {
    const writer = new FunctionWriter(["i32"], ["i32"]);
    writer.code.i32(value);
    assertEquals(run(writer, 0), value | 0);
    const lanes = new FunctionWriter(["i32"], ["i32"]);
    lanes.code.i32x4([1, 2, 3, value]).op("i32x4.extract_lane", 3);
    assertEquals(run(lanes, 0), value | 0);
  }
});

Deno.test("equal functions of a module become one", () => {
  const module = new ModuleWriter([sharedMemory(PAGES)]);
  const make = (rows: number) => module.add(writeMicroKernel(rows));
  const first = make(4);
  assert(make(5) !== first);
  assertEquals(make(4), first);
});

Deno.test("another assembler accepts modules with many locals, blocks and all kinds of immediates", async () => {
  // deno-lint-ignore no-import-prefix -- only this test needs it
  const { default: load } = await import("npm:wabt@1.0.36");
  const wabt = await load();
  const module = new ModuleWriter([sharedMemory(PAGES)]);
  for (const rows of [4, 5]) module.export(`product${rows}`, module.add(writeMicroKernel(rows)));
  const bytes = module.bytes();
  assert(WebAssembly.validate(bytes));
  const features = { simd: true, threads: true, relaxed_simd: true };
  const parsed = wabt.readWasm(bytes, features);
  // The package's types omit that `validate` also takes the features.
  (parsed as { validate(features: object): void }).validate(features);
  const text = parsed.toText({});
  for (const name of ["f32x4.relaxed_madd", "i8x16.shuffle", "v128.load32_splat", "(memory (;0;) 1 16 shared)"]) {
    assert(text.includes(name), name);
  }
  parsed.destroy();
});

/** Whether the operands of an instruction can be derived from its name. */
const plain = (name: Opcode): boolean =>
  instructions[name].immediate.kind === "none" && /^(i32x4|f32x4|f64x2)\./.test(name);

Deno.test("every instruction on lanes has the engine's code", () => {
  const operands = [["v128"], ["v128", "v128"], ["v128", "v128", "v128"], ["v128", "i32"], ["i32"]] as const;
  for (const name of (Object.keys(instructions) as Opcode[]).filter(plain)) {
    const valid = operands.some((types) =>
      (["v128", "i32"] as const).some((result) => {
        const writer = new FunctionWriter([...types], [result]);
        types.forEach((_, i) => writer.code.get(i));
        writer.code.op(name);
        const module = new ModuleWriter([sharedMemory(PAGES)]);
        module.export("f", module.add(writer));
        return WebAssembly.validate(module.bytes());
      })
    );
    const special = ["f32x4.splat", "f64x2.splat"].includes(name);
    assert(valid || special, name);
  }
});

Deno.test("a sequence can be appended to another", () => {
  const writer = new FunctionWriter(["i32"], ["i32"]);
  writer.code.append(new Code().get(0).i32(2).op("i32.mul"));
  assertEquals(run(writer, 21), 42);
});
