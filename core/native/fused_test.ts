import { assert, assertEquals } from "@std/assert";
import { fusedMultiplyAdd } from "./fused.ts";
import { type Code, FunctionWriter, ModuleWriter, sharedMemory } from "../wasm/encode/assembler.ts";
import { hasRelaxedSimd } from "../wasm/encode/relaxed.ts";

const ulp = 2 ** -23;

Deno.test("a sum that a double rounds to the middle of two singles is rounded by what the double lost", () => {
  // (1 + ulp) · (1 - 2⁻¹²)² or the like would not show it: these products lie just beside the middle of two singles.
  const tiny = 2 ** -60;
  const cases = [
    // 1 + ulp/2 is the middle of 1 and 1 + ulp. Both neighbors of a tie to even are tried.
    [[1 + ulp / 2, tiny], 1 + ulp],
    [[1 + ulp / 2, -tiny], 1],
    [[1 + 3 * ulp / 2, -tiny], 1 + ulp],
    [[1 + 3 * ulp / 2, tiny], 1 + 2 * ulp],
    [[-1 - ulp / 2, tiny], -1],
    [[-1 - ulp / 2, -tiny], -1 - ulp],
  ] as const;
  for (const [[middle, rest], expected] of cases) {
    // The product of two singles that is exactly the middle: an odd number of 25 bits, divided into two factors.
    const [a, b] = factors(middle);
    assertEquals(a * b, middle);
    assertEquals(fusedMultiplyAdd(a, b, rest), Math.fround(expected), `${middle} + ${rest}`);
  }
});

/** Two singles whose product is a number of 25 bits. */
function factors(value: number): [number, number] {
  const whole = Math.abs(value) * 2 ** 24;
  for (let factor = 3; factor < 2 ** 13; factor++) {
    if (whole % factor === 0) return [Math.sign(value) * factor / 2 ** 24, whole / factor];
  }
  throw new Error(`no factors of ${whole}`);
}

Deno.test("results that are exact, infinite or not a number are as in double precision", () => {
  assertEquals(fusedMultiplyAdd(3, 4, 5), 17);
  assert(Object.is(fusedMultiplyAdd(-0, 1, -0), -0));
  assert(Object.is(fusedMultiplyAdd(-0, 1, 0), 0));
  assert(Object.is(fusedMultiplyAdd(2, -2, 4), 0));
  assertEquals(fusedMultiplyAdd(2 ** 127, 2, -Infinity), -Infinity);
  assertEquals(fusedMultiplyAdd(2 ** 127, 2, 0), Infinity);
  // One rounding: the product alone would be infinite.
  assertEquals(fusedMultiplyAdd(2 ** 127, 2, -(2 ** 127)), 2 ** 127);
  assert(Number.isNaN(fusedMultiplyAdd(Infinity, 0, 1)));
  assert(Number.isNaN(fusedMultiplyAdd(1, NaN, 1)));
  assertEquals(fusedMultiplyAdd(2 ** -149, 2 ** -149, 2 ** -149), 2 ** -149);
  assertEquals(fusedMultiplyAdd(2 ** -75, 2 ** -75, 0), 0);
  assertEquals(fusedMultiplyAdd(1.5 * 2 ** -75, 2 ** -75, 0), 2 ** -149);
});

Deno.test({
  name: "random bits have the results of WebAssembly's relaxed instruction",
  ignore: !hasRelaxedSimd || Deno.build.arch !== "x86_64",
  fn: () => {
    const count = 200_000;
    const writer = new FunctionWriter(["i32"]);
    const code: Code = writer.code;
    code.i32(0).set(0).loop();
    for (const at of [0, 16 * count, 32 * count]) code.get(0).op("v128.load", at);
    // The address of the result is the first operand.
    writer.prologue.i32(0).set(0);
    const sum = writer.local("v128");
    code.op("f32x4.relaxed_madd").set(sum).get(0).get(sum).op("v128.store", 48 * count);
    code.get(0).i32(16).op("i32.add").set(0).get(0).i32(16 * count).op("i32.lt_u").op("br_if", 0).end();
    const pages = Math.ceil(64 * count / 65_536);
    const module = new ModuleWriter([sharedMemory(pages)]);
    module.export("run", module.add(writer));
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } });
    const words = new Uint32Array(memory.buffer);
    const singles = new Float32Array(memory.buffer);
    let state = 1;
    const random = (): number => state = Math.imul(state ^ state >>> 15, 2246822519) + 374761393 | 0;
    // A third of the sums is close to minus the product, where digits cancel.
    for (let i = 0; i < 8 * count; i++) words[i] = random() ^ random() >>> 7;
    for (let i = 0; i < 4 * count; i++) {
      const product = singles[i] * singles[4 * count + i];
      if (i % 3 === 0) singles[8 * count + i] = -product * (1 + (random() | 0) / 2 ** (31 + i % 40));
      else words[8 * count + i] = random();
    }
    (exports.run as (from: number) => void)(0);
    for (let i = 0; i < 4 * count; i++) {
      const [a, b, c] = [singles[i], singles[4 * count + i], singles[8 * count + i]];
      const [actual, expected] = [fusedMultiplyAdd(a, b, c), singles[12 * count + i]];
      if (!Object.is(actual, expected)) throw new Error(`${a} · ${b} + ${c} is ${actual} instead of ${expected}`);
    }
  },
});
