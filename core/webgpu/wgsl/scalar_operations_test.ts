import { assert, assertEquals } from "@std/assert";
import type { DType } from "../../dtype.ts";
import type { ScalarOp } from "../../scalar/operations.ts";
import type { Expression } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { evaluateScalar } from "../../scalar/evaluate.ts";
import { lowerNest } from "../lower.ts";
import { kernelOf } from "./kernel.ts";
import { schedulerFor } from "../schedule/choose.ts";
import { gpuTest, makeNest, makePhase, makeSlot, noise, openIfAny, programOf, runOn, store } from "../test_support.ts";

const floats = [...noise(300, 9)].map((x) => x * 8).concat([
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  30,
  -30,
  1e-4,
  -1e-4,
  80,
  -80,
  1e-30,
]);
const special = [Infinity, -Infinity, NaN, 0, -0, 1e38, -1e38, 100, -100, 1, -1];
const integers = [0, 1, -1, 7, -7, 255, 2 ** 30, -(2 ** 31), 2 ** 31 - 1, 12, 5];

const backend = await openIfAny();

/** The results of `op` on the device, elementwise. */
async function onDevice(
  op: ScalarOp,
  dtype: DType,
  from: DType,
  columns: readonly (readonly number[])[],
): Promise<number[]> {
  const table = new ExpressionTable();
  const i = table.variable("i", columns[0].length);
  const args = columns.map((_, slot) => table.load(from, slot, i));
  const slots = columns.map((column) => makeSlot(column.length, "read", from));
  const nest = makeNest({
    slots: [...slots, makeSlot(i.extent, "write", dtype)],
    outer: [i],
    phases: [makePhase({ stores: [store(columns.length, i, table.apply(op, dtype, args))] })],
  });
  const results = await runOn(backend!, programOf(nest), [...columns, columns[0].map(() => 0)]);
  return results[columns.length];
}

async function compare(
  op: ScalarOp,
  dtype: DType,
  from: DType,
  columns: readonly (readonly number[])[],
  tolerance: number,
) {
  const rounded = columns.map((column) => from === "f32" ? column.map(Math.fround) : column);
  const got = await onDevice(op, dtype, from, rounded);
  got.forEach((value, point) => {
    const args = rounded.map((column) => from === "u32" ? column[point] >>> 0 : column[point]);
    const exact = evaluateScalar(op, args, { to: dtype, from });
    const wanted = dtype === "f32" ? Math.fround(exact) : exact;
    const same = Object.is(value, wanted) || value === wanted ||
      (dtype === "f32" && Math.abs(value - wanted) <= tolerance * Math.abs(wanted) + 1e-37);
    assert(same, `${op}(${args.join(", ")}): expected ${wanted}, got ${value}`);
  });
}

const unary: [ScalarOp, number, number[]][] = [
  ["neg", 0, special],
  ["abs", 0, special],
  ["sign", 0, [3, -3, 0]],
  ["exp", 4e-7, special],
  ["log", 4e-7, special],
  ["sqrt", 3e-7, [Infinity, 0, 4]],
  ["tanh", 4e-7, special],
  ["sigmoid", 1e-6, special],
  ["erf", 4e-7, special],
  ["floor", 0, [1e9, -1e9]],
];

for (const [op, tolerance, more] of unary) {
  gpuTest(`${op} of floats is within its tolerance, including infinities and NaN`, async () => {
    const domain = op === "log" || op === "sqrt" ? floats.map(Math.abs) : floats;
    await compare(op, "f32", "f32", [[...domain, ...more]], tolerance);
  });
}

for (const op of ["sin", "cos"] as const) {
  gpuTest(`${op} is accurate to 4e-7 over many periods`, async () => {
    const angles = floats.map((x) => Math.fround(x * 40));
    const got = await onDevice(op, "f32", "f32", [angles]);
    got.forEach((value, i) => assert(Math.abs(value - Math[op](angles[i])) < 4e-7, `${op}(${angles[i]}): ${value}`));
  });
}

gpuTest("arithmetic, extremes and comparisons of floats keep NaN and infinity", async () => {
  const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));
  const columns = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
  for (const op of ["add", "sub", "mul", "max", "min"] as const) await compare(op, "f32", "f32", columns, 1e-6);
  for (const op of ["lt", "le", "eq", "ne"] as const) await compare(op, "bool", "f32", columns, 0);
});

gpuTest("a value differs from itself only if it is NaN", async () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 3);
  const x = table.load("f32", 0, i);
  const nest = makeNest({
    slots: [makeSlot(3), makeSlot(3, "write", "bool")],
    outer: [i],
    phases: [makePhase({ stores: [store(1, i, table.apply("ne", "bool", [x, x]))] })],
  });
  assertEquals((await runOn(backend!, programOf(nest), [[1, NaN, Infinity], [0, 0, 0]]))[1], [0, 1, 0]);
});

gpuTest("pow handles zeros, whole exponents of negative bases, and reciprocals", async () => {
  const cases = [
    [0, 0],
    [0, 2],
    [2, -3],
    [-2, 3],
    [-2, 4],
    [-2, 0.5],
    [5, 0],
    [-1.5, -3],
    [0, -1],
    [9, 0.5],
    [-0, 3],
  ];
  await compare("pow", "f32", "f32", [cases.map(([a]) => a), cases.map(([, b]) => b)], 2e-6);
  await compare("pow", "f32", "f32", [floats.map(Math.abs), floats.map((_, i) => (i % 9) / 2)], 5e-6);
});

gpuTest("integer operations wrap around, shift modulo 32 and truncate", async () => {
  const pairs = integers.flatMap((a) => integers.map((b) => [a, b] as const));
  const columns = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
  for (const dtype of ["i32", "u32"] as const) {
    for (const op of ["add", "sub", "mul", "max", "min", "and", "or", "xor", "shl", "shr"] as const) {
      const typed = dtype === "u32" ? columns.map((column) => column.map((x) => x >>> 0)) : columns;
      await compare(op, dtype, dtype, typed, 0);
    }
  }
  const divisible = pairs.filter(([a, b]) => b !== 0 && !(a === -(2 ** 31) && b === -1));
  for (const op of ["div", "mod"] as const) {
    await compare(op, "i32", "i32", [divisible.map(([a]) => a), divisible.map(([, b]) => b)], 0);
  }
});

gpuTest(
  "casts truncate and saturate, bools are cast to 0 and 1, and bitcasts keep the bits",
  async () => {
    await compare("cast", "i32", "f32", [[1.9, -1.9, 0, 1e6, -0.5, 3e9, -3e9, NaN]], 0);
    await compare("cast", "u32", "f32", [[1.9, 0, 3e9, -3.5, 5e9, NaN]], 0);
    await compare("cast", "bool", "f32", [[1.9, 0, -0.25]], 0);
    await compare("cast", "f32", "i32", [[1, -5, 1 << 20]], 0);
    await compare("cast", "f32", "bool", [[0, 1]], 0);
    await compare("bitcast", "u32", "f32", [[1, -2.5, 0]], 0);
    await compare("bitcast", "f32", "i32", [[0x3f800000, 0x40490fdb]], 1e-7);
  },
);

gpuTest("literals that WGSL cannot write, and operations on literals only, compile", async () => {
  const table = new ExpressionTable();
  const literal = (value: number) => table.literal("f32", value);
  const values = [
    literal(Infinity),
    literal(-Infinity),
    literal(NaN),
    table.apply("div", "f32", [literal(1), literal(0)]),
    table.apply("mul", "f32", [literal(1e38), literal(10)]),
    literal(1e-40),
    literal(3e38),
  ];
  const nest = makeNest({
    slots: [makeSlot(values.length, "write")],
    outer: [],
    phases: [makePhase({ stores: values.map((value, i) => store(0, table.literal("i32", i), value)) })],
  });
  const [got] = await runOn(backend!, programOf(nest), [values.map(() => 0)]);
  assertEquals(got.slice(0, 5), [Infinity, -Infinity, NaN, Infinity, Infinity]);
});

Deno.test("the remainder of integers that are never negative is that of WGSL", () => {
  const table = new ExpressionTable();
  const [i, j] = [table.variable("i", 5), table.variable("j", 7)];
  const codeFor = (a: Expression, b: Expression): string => {
    const value = table.apply("mod", "i32", [a, b]);
    const slots = [makeSlot(5, "read", "i32"), makeSlot(35, "write", "i32")];
    const phases = [makePhase({ stores: [store(1, table.affine([[i, 7], [j, 1]]), value)] })];
    const nest = makeNest({ slots, outer: [i, j], phases });
    return kernelOf(lowerNest(nest, schedulerFor("software"), 8).kernels[0].body).code;
  };
  const loaded = table.load("i32", 0, i);
  const takesRemainder = (a: Expression, b: Expression): boolean => /x\d % x\d/.test(codeFor(a, b));
  assertEquals([takesRemainder(i, j), takesRemainder(j, i)], [true, true]);
  assertEquals([takesRemainder(loaded, j), takesRemainder(i, loaded)], [false, false]);
});
