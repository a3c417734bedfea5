import { assert } from "@std/assert";
import type { ScalarOp } from "../../scalar/operations.ts";
import { evaluateScalar } from "../../scalar/evaluate.ts";
import { openWasm } from "../backend.ts";
import { unitsOfLastPlace } from "./test_accuracy.ts";
import { programOf, runOn, Sketch, storing } from "../testing.ts";

/** Singles of all sizes: every `step`-th bit pattern. */
function allSizes(step: number): number[] {
  const bits = new Uint32Array(Math.ceil(2 ** 32 / step)).map((_, i) => i * step);
  return [...new Float32Array(bits.buffer)];
}

const special = [0, -0, Infinity, -Infinity, NaN, 1, -1, 2 ** -149, -(2 ** -149), 2 ** -126, 3.4028234663852886e38];
const usual = Array.from({ length: 40_001 }, (_, i) => Math.fround((i - 20_000) / 400));

async function worst(op: ScalarOp, inputs: readonly (readonly number[])[]): Promise<{ error: number; at: string }> {
  const count = inputs[0].length;
  const s = new Sketch();
  const i = s.variable("i", count);
  const args = inputs.map(() => s.load(s.slot("f32", count), i));
  const out = s.slot("f32", count, "write");
  const backend = openWasm({ threads: 1 });
  const program = programOf(s.nest([i], [storing([{ slot: out, index: i, value: s.f32(op, ...args) }])]));
  const outputs = await runOn(backend, program, [...inputs, new Array(count).fill(0)]);
  await backend.close();
  let result = { error: 0, at: "" };
  outputs[out].forEach((actual, n) => {
    const values = inputs.map((values) => values[n]);
    const expected = evaluateScalar(op, values, { to: "f32", from: "f32" });
    const e = unitsOfLastPlace(actual, expected);
    if (e > result.error) result = { error: e, at: `${op}(${values.join(", ")}) = ${expected}, got ${actual}` };
  });
  return result;
}

for (const op of ["exp", "log", "tanh", "sigmoid", "erf", "sin", "cos", "sqrt"] as ScalarOp[]) {
  Deno.test(`${op} is within 2 units of the last place, and exact at the ends`, async () => {
    const { error, at } = await worst(op, [[...special, ...usual, ...allSizes(4099)]]);
    assert(error <= 2, `${error} at ${at}`);
  });
}

Deno.test("pow is within 2 units of the last place, and follows IEEE 754 at the ends", async () => {
  const ends = [...special, 0.5, -0.5, 2, -2, 3, -3, 4, 1.5, 2 ** 24 + 2, 0.9999999403953552];
  const pairs = ends.flatMap((a) => ends.map((b) => [a, b]))
    // JavaScript returns NaN for these, but IEEE 754 says 1.
    .filter(([a, b]) => !(Math.abs(a) === 1 && !Number.isFinite(b)));
  for (const base of allSizes(104_729 * 16)) {
    for (const b of [-3, -0.7, 0.5, 1 / 3, 2, 2.5, 7, 30]) pairs.push([base, Math.fround(b)]);
  }
  for (let i = 1; i < 2000; i++) pairs.push([Math.fround(i / 100), Math.fround((i * 7919 % 1000 - 500) / 20)]);
  const { error, at } = await worst("pow", [pairs.map(([a]) => a), pairs.map(([, b]) => b)]);
  assert(error <= 2, `${error} at ${at}`);
});

Deno.test("the remainder is exact, even if the quotient is large", async () => {
  const values = [...allSizes(104_729 * 256), 5, -5, 7.5, 2 ** 100, 0.125, 3];
  const pairs = values.flatMap((a) => values.slice(0, 40).map((b) => [a, b]));
  const { error, at } = await worst("mod", [pairs.map(([a]) => a), pairs.map(([, b]) => b)]);
  assert(error === 0, `${error} at ${at}`);
});
