import { assert, assertEquals } from "@std/assert";
import type { DType } from "../../dtype.ts";
import type { Expression, Variable } from "../../nest/expression.ts";
import type { ReductionKind } from "../../nest/nest.ts";
import type { Program } from "../../nest/program.ts";
import { compileProgram } from "../steps.ts";
import { check, numbers, programOf, reducing, Sketch, storing } from "../testing.ts";

const isInSquares = (program: Program): boolean => compileProgram(program).listing.includes("squares along");

/** Rows and columns: single ones, whole squares, one more or less than these and than a tile, and primes. */
const sizes = [[1, 1], [1, 9], [4, 4], [3, 4], [5, 7], [16, 16], [17, 13], [63, 65], [64, 64], [67, 129], [130, 5]];

/** A matrix in the order of its rows, or transposed. */
const rowMajor = (s: Sketch, [i, j]: readonly Variable[]): Expression => s.index([i, j.extent], [j, 1]);
const columnMajor = (s: Sketch, [i, j]: readonly Variable[]): Expression => s.index([i, 1], [j, i.extent]);

function matrix(rows: number, columns: number) {
  const s = new Sketch();
  const [i, j] = [s.variable("i", rows), s.variable("j", columns)];
  return { s, i, j, along: rowMajor(s, [i, j]), across: columnMajor(s, [i, j]), elements: rows * columns };
}

for (const [rows, columns] of sizes) {
  Deno.test(`a transposed and a plain matrix of ${rows} x ${columns} are added, for each element type`, async () => {
    for (const dtype of ["f32", "i32", "u32", "bool"] satisfies DType[]) {
      const { s, i, j, along, across, elements } = matrix(rows, columns);
      const [x, y, z] = [s.slot(dtype, elements), s.slot(dtype, elements), s.slot(dtype, elements, "write")];
      const value = s.apply(dtype === "bool" ? "or" : "add", dtype, s.load(x, across), s.load(y, along));
      const program = programOf(s.nest([i, j], [storing([{ slot: z, index: along, value }])]));
      await check(program, { threads: 2 });
      assertEquals(isInSquares(program), rows >= 4 && columns >= 4);
    }
  });

  Deno.test(`a matrix of ${rows} x ${columns} is stored in both orders, with other operations around it`, async () => {
    const { s, i, j, along, across, elements } = matrix(rows, columns);
    const [x, b] = [s.slot("f32", elements), s.slot("f32", columns)];
    const [y, z] = [s.slot("f32", elements, "write"), s.slot("bool", elements, "write")];
    const value = s.f32("add", s.f32("tanh", s.load(x, across)), s.load(b, j));
    const positive = s.apply("lt", "bool", s.literal(0), value);
    await check(programOf(s.nest([i, j], [
      storing([{ slot: y, index: along, value }, { slot: z, index: across, value: positive }]),
    ])));
  });

  for (const kind of ["sum", "prod", "max", "min", "argmax", "argmin"] satisfies ReductionKind[]) {
    Deno.test(`${kind} over a product with a transposed matrix of ${rows} x ${columns}`, async () => {
      const { s, i, j, along, across, elements } = matrix(rows, columns);
      const dtype = kind.startsWith("arg") ? "i32" : "f32";
      const [x, y, z] = [s.slot("f32", elements), s.slot("f32", elements), s.slot(dtype, rows, "write")];
      const value = s.f32("mul", s.load(x, across), s.load(y, along));
      const program = programOf(s.nest([i], [
        reducing(0, kind, dtype, value, [j]),
        storing([{ slot: z, index: i, value: s.table.result(dtype, 0) }]),
      ]));
      await check(program, { tolerance: 1e-4 });
    });
  }

  Deno.test(`a sum and a maximum over both axes of a product with a transposed matrix of ${rows} x ${columns}`, async () => {
    const { s, i, j, along, across, elements } = matrix(rows, columns);
    const [x, y, z] = [s.slot("f32", elements), s.slot("f32", elements), s.slot("f32", 2, "write")];
    const value = s.f32("mul", s.load(x, across), s.load(y, along));
    const reductions = (["sum", "max"] as const).map((kind, id) => ({ id, kind, dtype: "f32" as const, value }));
    const stores = [0, 1].map((id) => ({ slot: z, index: s.literal(id, "i32"), value: s.table.result("f32", id) }));
    for (const inner of [[i, j], [j, i]]) {
      const program = programOf(s.nest([], [{ inner, reductions, stores: [] }, storing(stores)]));
      await check(program, { tolerance: 1e-4 });
      assertEquals(isInSquares(program), rows >= 4 && columns >= 4);
    }
  });

  Deno.test(`a transposed matrix of ${rows} x ${columns} is divided by the sum of all of its elements`, async () => {
    const { s, i, j, along, across, elements } = matrix(rows, columns);
    const n = s.variable("n", 3);
    const [x, y] = [s.slot("f32", 3 * elements), s.slot("f32", 3 * elements, "write")];
    const exponential = s.f32("exp", s.load(x, s.index([n, elements], [across, 1])));
    const value = s.f32("div", exponential, s.table.result("f32", 0));
    const program = programOf(s.nest([n], [
      reducing(0, "sum", "f32", exponential, [i, j]),
      storing([{ slot: y, index: s.index([n, elements], [along, 1]), value }], [i, j]),
    ]));
    await check(program, { tolerance: 1e-4 });
  });

  Deno.test(`a softmax of a transposed matrix of ${rows} x ${columns}`, async () => {
    const { s, i, j, elements } = matrix(rows, columns);
    const [k, l] = [s.variable("k", columns), s.variable("l", columns)];
    const [x, y] = [s.slot("f32", elements), s.slot("f32", elements, "write")];
    const shifted = (j: Variable) =>
      s.f32("exp", s.f32("sub", s.load(x, columnMajor(s, [i, j])), s.table.result("f32", 0)));
    await check(programOf(s.nest([i], [
      reducing(0, "max", "f32", s.load(x, columnMajor(s, [i, j])), [j]),
      reducing(1, "sum", "f32", shifted(k), [k]),
      storing([{
        slot: y,
        index: rowMajor(s, [i, l]),
        value: s.f32("div", shifted(l), s.table.result("f32", 1)),
      }], [l]),
    ])));
  });
}

Deno.test("the last two of four axes are exchanged, and the outer ones too", async () => {
  for (const [b, t, h, d] of [[2, 5, 3, 7], [3, 16, 2, 8], [1, 33, 4, 5], [2, 4, 70, 6]]) {
    const orders = [[0, 2, 3, 1], [0, 2, 1, 3], [3, 2, 1, 0], [1, 3, 0, 2]];
    for (const order of orders) {
      const s = new Sketch();
      const axes = [b, t, h, d].map((extent, axis) => s.variable("bthd"[axis], extent));
      const elements = b * t * h * d;
      const [x, y] = [s.slot("f32", elements), s.slot("f32", elements, "write")];
      const indexOf = (variables: readonly Variable[]) =>
        variables.reduce<Expression>((index, one) => s.index([index, one.extent], [one, 1]), s.literal(0, "i32"));
      const outer = order.map((axis) => axes[axis]);
      const value = s.load(x, indexOf(axes));
      await check(programOf(s.nest(outer, [storing([{ slot: y, index: indexOf(outer), value }])])), { threads: 2 });
    }
  }
});

Deno.test("rows in reverse order, padded elements and an offset stand beside transposed ones", async () => {
  for (const [rows, columns] of [[9, 13], [66, 70]]) {
    const { s, i, j, along, elements } = matrix(rows, columns);
    const slots = Array.from({ length: 3 }, () => s.slot("f32", elements + 7));
    const y = s.slot("f32", elements, "write");
    const flipped = s.index([i, 1], [j, -rows], rows * (columns - 1));
    const padded = s.load(slots[1], s.index([i, 1], [j, rows], -1), s.table.within(s.index([i, 1], -1), 0, rows - 1));
    const shifted = s.load(slots[2], s.index([i, 1], [j, rows], 7));
    const value = s.f32("add", s.f32("add", s.load(slots[0], flipped), padded), shifted);
    const program = programOf(s.nest([i, j], [storing([{ slot: y, index: along, value }])]));
    assert(isInSquares(program));
    await check(program);
  }
});

Deno.test("a matrix is updated in place by a transposed one", async () => {
  const { s, i, j, along, across, elements } = matrix(37, 22);
  const [x, y] = [s.slot("f32", elements, "readwrite"), s.slot("f32", elements, "readwrite")];
  const stores = [{ slot: x, index: along, value: s.load(y, across) }, {
    slot: y,
    index: across,
    value: s.load(x, along),
  }];
  await check(programOf(s.nest([i, j], [storing(stores)])));
});

Deno.test("a sum in squares adds the values in the order of their loop", async () => {
  const [rows, columns] = [18, 75];
  const { s, i, j, along, across, elements } = matrix(rows, columns);
  const [x, y, z] = [s.slot("f32", elements), s.slot("f32", elements), s.slot("f32", rows, "write")];
  const value = s.f32("max", s.load(x, across), s.load(y, along));
  const program = programOf(s.nest([i], [
    reducing(0, "sum", "f32", value, [j]),
    storing([{ slot: z, index: i, value: s.table.result("f32", 0) }]),
  ]));
  assert(isInSquares(program));
  const inputs = [numbers("f32", elements, 1), numbers("f32", elements, 2), numbers("f32", rows, 3)];
  const [, , sums] = await check(program, { inputs });
  const expected = Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum = Math.fround(sum + Math.max(inputs[0][row + rows * column], inputs[1][columns * row + column]));
    }
    return sum;
  });
  assertEquals([...sums], expected);
});

Deno.test("a sum over two axes in squares is split and added in blocks, with the same bits on any number of threads", async () => {
  for (const [outer, rows, columns] of [[1, 700, 501], [3, 5, 9001], [100, 41, 83]]) {
    const { s, i, j, along, across, elements } = matrix(rows, columns);
    const n = s.variable("n", outer);
    const slots = [0, 1].map(() => s.slot("f32", outer * elements));
    const z = s.slot("f32", outer, "write");
    const [a, b] = [across, along].map((index, side) => s.load(slots[side], s.index([n, elements], [index, 1])));
    const program = programOf(s.nest([n], [
      reducing(0, "sum", "f32", s.f32("mul", a, b), [i, j]),
      storing([{ slot: z, index: n, value: s.table.result("f32", 0) }]),
    ]));
    assert(isInSquares(program));
    const [, , reference] = await check(program, { tolerance: 1e-4 });
    for (const threads of [2, 3]) assertEquals((await check(program, { threads, tolerance: 1e-4 }))[2], reference);
  }
});

Deno.test("sums in squares are split and added in blocks, with the same bits on any number of threads", async () => {
  for (const [rows, columns] of [[12, 20_003], [200, 1501], [70, 700]]) {
    const { s, i, j, along, across, elements } = matrix(rows, columns);
    const [x, y, z] = [s.slot("f32", elements), s.slot("f32", elements), s.slot("f32", rows, "write")];
    const value = s.f32("mul", s.load(x, across), s.load(y, along));
    const program = programOf(s.nest([i], [
      reducing(0, "sum", "f32", value, [j]),
      storing([{ slot: z, index: i, value: s.table.result("f32", 0) }]),
    ]));
    assert(isInSquares(program));
    const [, , reference] = await check(program, { tolerance: 1e-4 });
    for (const threads of [2, 3]) assertEquals((await check(program, { threads, tolerance: 1e-4 }))[2], reference);
  }
});
