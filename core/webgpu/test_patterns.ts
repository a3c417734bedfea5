/**
 * For tests: one small program for each pattern of nests that the compiler builds, on shapes that no tile divides.
 *
 * @module
 */

import type { Expression } from "../nest/expression.ts";
import type { ScalarOp } from "../scalar/operations.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import type { ReductionKind } from "../nest/nest.ts";
import type { Program } from "../nest/program.ts";
import {
  at,
  type Cells,
  loops,
  makeNest,
  makePhase,
  makeSlot,
  noise,
  programOf,
  reduce,
  store,
} from "./test_support.ts";

/** A program and the initial contents of its buffers. */
export interface Pattern {
  readonly program: Program;
  readonly cells: readonly (Cells | undefined)[];
}

/** Operations that join two vectors elementwise. */
export type Join = "add" | "mul" | "max";

/** Two vectors joined by `op`. */
export function elementwise(op: Join, elements: number): Pattern {
  const table = new ExpressionTable();
  const [i] = loops(table, [elements]);
  const nest = makeNest({
    slots: [makeSlot(elements), makeSlot(elements), makeSlot(elements, "write")],
    outer: [i],
    phases: [
      makePhase({
        stores: [store(2, i, table.apply(op, "f32", [table.load("f32", 0, i), table.load("f32", 1, i)]))],
      }),
    ],
  });
  return { program: programOf(nest), cells: [noise(elements), noise(elements, 2)] };
}

function broadcasting(rows: number, columns: number): Pattern {
  const table = new ExpressionTable();
  const [i, j] = loops(table, [rows, columns]);
  const index = at(table, [rows, columns], [i, j]);
  const sum = table.apply("add", "f32", [table.load("f32", 0, index), table.load("f32", 1, j)]);
  const nest = makeNest({
    slots: [makeSlot(rows * columns), makeSlot(columns), makeSlot(rows * columns, "write")],
    outer: [i, j],
    phases: [makePhase({ stores: [store(2, index, sum)] })],
  });
  return { program: programOf(nest), cells: [noise(rows * columns), noise(columns, 2)] };
}

/** Pads a [5, 6] matrix with one row above and two columns on the right, and stores the transpose. */
function padding(): Pattern {
  const table = new ExpressionTable();
  const [i, j] = loops(table, [6, 8]);
  const guard = table.both(table.within(i, 1, 6), table.within(j, 0, 6));
  const value = table.load("f32", 0, table.affine([[i, 6], [j, 1]], -6), { guard });
  const nest = makeNest({
    slots: [makeSlot(30), makeSlot(48, "write")],
    outer: [i, j],
    phases: [makePhase({ stores: [store(1, at(table, [8, 6], [j, i]), value)] })],
  });
  return { program: programOf(nest), cells: [noise(30)] };
}

/** The concatenation of three, no and five elements. */
function concatenating(): Pattern {
  const table = new ExpressionTable();
  const [i] = loops(table, [8]);
  const extents = [3, 0, 5];
  const parts = extents.map((extent, slot) => {
    const from = extents.slice(0, slot).reduce((sum, one) => sum + one, 0);
    const guard = table.within(i, from, from + extent);
    return table.load("f32", slot, table.affine([[i, 1]], -from), { guard });
  });
  const nest = makeNest({
    slots: [...extents.map((extent) => makeSlot(extent)), makeSlot(8, "write")],
    outer: [i],
    phases: [makePhase({ stores: [store(3, i, parts.reduce((a, b) => table.apply("add", "f32", [a, b])))] })],
  });
  return { program: programOf(nest), cells: [noise(3), [], noise(5, 2)] };
}

/** Writes the positions in a [3, 50] tensor as f32 (only if even) and as u32, and whether they are even. */
function counting(): Pattern {
  const table = new ExpressionTable();
  const [i, j] = loops(table, [3, 50]);
  const index = at(table, [3, 50], [i, j]);
  const even = table.apply("eq", "bool", [table.remainder(j, 2), table.literal("i32", 0)]);
  const cast = (dtype: "f32" | "u32") => table.apply("cast", dtype, [index]);
  const nest = makeNest({
    slots: [makeSlot(150, "write"), makeSlot(150, "write", "u32"), makeSlot(150, "write", "bool")],
    outer: [i, j],
    phases: [
      makePhase({
        stores: [
          store(0, index, table.apply("mul", "f32", [cast("f32"), table.literal("f32", -0.5)]), { guard: even }),
          store(1, index, table.apply("xor", "u32", [cast("u32"), table.literal("u32", 0xffff0000)])),
          store(2, index, even),
        ],
      }),
    ],
  });
  return { program: programOf(nest), cells: [noise(150)] };
}

/** Reduces the rows or the columns of a matrix, to [rows] or [columns]. */
export function reducing(
  kind: ReductionKind,
  [rows, columns]: readonly [number, number],
  along: "row" | "column",
): Pattern {
  const table = new ExpressionTable();
  const [i, k] = loops(table, along === "row" ? [rows, columns] : [columns, rows]);
  const value = table.load("f32", 0, at(table, [rows, columns], along === "row" ? [i, k] : [k, i]));
  const dtype = kind.startsWith("arg") ? "i32" : "f32";
  const nest = makeNest({
    slots: [makeSlot(rows * columns), makeSlot(i.extent, "write", dtype)],
    outer: [i],
    phases: [
      makePhase({ inner: [k], reductions: [reduce(0, kind, value, dtype)] }),
      makePhase({ stores: [store(1, i, table.result(dtype, 0))] }),
    ],
  });
  const values = noise(rows * columns).map((one) => Math.round(one * 50) / 50);
  return { program: programOf(nest), cells: [kind === "prod" ? values.map((one) => 1 + one / 10) : values] };
}

/** The sum and the sum of squares of all elements, in one nest. */
function statistics(elements: number): Pattern {
  const table = new ExpressionTable();
  const [k] = loops(table, [elements], "k");
  const value = table.load("f32", 0, k);
  const nest = makeNest({
    slots: [makeSlot(elements), makeSlot(2, "write")],
    outer: [],
    phases: [
      makePhase({
        inner: [k],
        reductions: [reduce(0, "sum", value), reduce(1, "sum", table.apply("mul", "f32", [value, value]))],
      }),
      makePhase({
        stores: [0, 1].map((id) => store(1, table.literal("i32", id), table.result("f32", id))),
      }),
    ],
  });
  return { program: programOf(nest), cells: [noise(elements)] };
}

function softmax(rows: number, columns: number): Pattern {
  const table = new ExpressionTable();
  const [i] = loops(table, [rows]);
  const [a, b, c] = loops(table, [columns, columns, columns], "k");
  const load = (k: Expression) => table.load("f32", 0, at(table, [rows, columns], [i, k]));
  const shifted = (k: Expression) =>
    table.apply("exp", "f32", [table.apply("sub", "f32", [load(k), table.result("f32", 0)])]);
  const share = table.apply("div", "f32", [shifted(c), table.result("f32", 1)]);
  const nest = makeNest({
    slots: [makeSlot(rows * columns), makeSlot(rows * columns, "write")],
    outer: [i],
    phases: [
      makePhase({ inner: [a], reductions: [reduce(0, "max", load(a))] }),
      makePhase({ inner: [b], reductions: [reduce(1, "sum", shifted(b))] }),
      makePhase({ inner: [c], stores: [store(1, at(table, [rows, columns], [i, c]), share)] }),
    ],
  });
  return { program: programOf(nest), cells: [noise(rows * columns)] };
}

/** The maxima of 2 × 2 windows of a [2, 6, 8] tensor, and their positions. */
function pooling(): Pattern {
  const table = new ExpressionTable();
  const [n, y, x] = loops(table, [2, 3, 4]);
  const [p, q] = loops(table, [2, 2], "w");
  const value = table.load("f32", 0, table.affine([[n, 48], [y, 16], [p, 8], [x, 2], [q, 1]]));
  const out = at(table, [2, 3, 4], [n, y, x]);
  const nest = makeNest({
    slots: [makeSlot(96), makeSlot(24, "write"), makeSlot(24, "write", "i32")],
    outer: [n, y, x],
    phases: [
      makePhase({ inner: [p, q], reductions: [reduce(0, "max", value), reduce(1, "argmax", value, "i32")] }),
      makePhase({ stores: [store(1, out, table.result("f32", 0)), store(2, out, table.result("i32", 1))] }),
    ],
  });
  return { program: programOf(nest), cells: [noise(96).map((one) => Math.round(one * 2))] };
}

/** Rows of a [9, 4] tensor, chosen by an index tensor. */
function gathering(): Pattern {
  const table = new ExpressionTable();
  const [i, j] = loops(table, [13, 4]);
  const row = table.load("i32", 1, i);
  const nest = makeNest({
    slots: [makeSlot(36), makeSlot(13, "read", "i32"), makeSlot(52, "write")],
    outer: [i, j],
    phases: [
      makePhase({
        stores: [store(2, at(table, [13, 4], [i, j]), table.load("f32", 0, table.affine([[row, 4], [j, 1]])))],
      }),
    ],
  });
  return { program: programOf(nest), cells: [noise(36), Array.from({ length: 13 }, (_, k) => k * 5 % 9)] };
}

/** Rows of a [13, 4] tensor, added to the rows of a [9, 4] tensor that an index tensor chooses. */
function scattering(): Pattern {
  const table = new ExpressionTable();
  const [j] = loops(table, [4]);
  const [k] = loops(table, [13], "k");
  const row = table.load("i32", 1, k);
  const value = table.load("f32", 0, at(table, [13, 4], [k, j]));
  const nest = makeNest({
    slots: [makeSlot(52), makeSlot(13, "read", "i32"), makeSlot(36, "readwrite")],
    outer: [j],
    phases: [makePhase({ inner: [k], stores: [store(2, table.affine([[row, 4], [j, 1]]), value, { add: true })] })],
  });
  return {
    program: programOf(nest),
    cells: [noise(52), Array.from({ length: 13 }, (_, n) => n * 7 % 9), noise(36, 3)],
  };
}

/** Momentum in place: the same point reads and stores velocity and parameter. */
function updating(): Pattern {
  const table = new ExpressionTable();
  const [i] = loops(table, [77]);
  const scaled = (factor: number, value: Expression) =>
    table.apply("mul", "f32", [table.literal("f32", factor), value]);
  const velocity = table.apply("sub", "f32", [
    scaled(0.9, table.load("f32", 1, i)),
    scaled(0.1, table.load("f32", 2, i)),
  ]);
  const parameter = table.apply("add", "f32", [table.load("f32", 0, i), velocity]);
  const nest = makeNest({
    slots: [makeSlot(77, "readwrite"), makeSlot(77, "readwrite"), makeSlot(77)],
    outer: [i],
    phases: [makePhase({ stores: [store(0, i, parameter), store(1, i, velocity)] })],
  });
  return { program: programOf(nest), cells: [noise(77), noise(77, 2), noise(77, 3)] };
}

function random(): Pattern {
  const table = new ExpressionTable();
  const [i] = loops(table, [100]);
  const word = (value: number) => table.literal("u32", value);
  const counter = table.apply("cast", "u32", [i]);
  const bits = table.apply("threefry", "u32", [word(0x13198a2e), word(0x03707344), counter, word(7)]);
  const nest = makeNest({
    slots: [makeSlot(100, "write", "u32")],
    outer: [i],
    phases: [makePhase({ stores: [store(0, i, bits)] })],
  });
  return { program: programOf(nest), cells: [] };
}

/** Enough elements for more than 65535 workgroups of 64. */
function enormous(): Pattern {
  const elements = 70000 * 64 + 3;
  const table = new ExpressionTable();
  const [i] = loops(table, [elements]);
  const op: ScalarOp = "cast";
  const nest = makeNest({
    slots: [makeSlot(elements, "write")],
    outer: [i],
    phases: [makePhase({ stores: [store(0, i, table.apply(op, "f32", [table.remainder(i, 1009)]))] })],
  });
  return { program: programOf(nest), cells: [] };
}

/** Sums and maxima of each of 36 columns over several loops. */
function summing(extents: readonly number[]): Pattern {
  const table = new ExpressionTable();
  const [i, ...inner] = loops(table, [36, ...extents]);
  const shape = [...extents, 36];
  const elements = shape.reduce((a, b) => a * b);
  const value = table.load("f32", 0, at(table, shape, [...inner, i]));
  const nest = makeNest({
    slots: [makeSlot(elements), makeSlot(36, "write"), makeSlot(36, "write")],
    outer: [i],
    phases: [
      makePhase({ inner, reductions: [reduce(0, "sum", value), reduce(1, "max", value)] }),
      makePhase({ stores: [0, 1].map((id) => store(1 + id, i, table.result("f32", id))) }),
    ],
  });
  return { program: programOf(nest), cells: [noise(elements)] };
}

/** Every pattern without a contraction, by its description. */
export const patterns: Readonly<Record<string, () => Pattern>> = {
  "operands whose index lacks a variable are broadcast": () => broadcasting(7, 5),
  "a broadcast along whole vectors": () => broadcasting(3, 8),
  "a guarded load pads with zeros and a store transposes": padding,
  "a concatenation with an empty part": concatenating,
  "four neighbors at a time": () => elementwise("max", 4 * 67),
  "integers, flags and guarded stores": counting,
  "sums of rows": () => reducing("sum", [5, 301], "row"),
  "products of rows": () => reducing("prod", [5, 33], "row"),
  "maxima of rows": () => reducing("max", [19, 300], "row"),
  "minima of columns": () => reducing("min", [40, 3], "column"),
  "sums of columns": () => reducing("sum", [1000, 37], "column"),
  "argmax finds the first of equal values": () => reducing("argmax", [4, 500], "row"),
  "argmin finds the first of equal values": () => reducing("argmin", [500, 3], "column"),
  "a sum of no values is its identity": () => reducing("sum", [3, 0], "row"),
  "a maximum of no values is minus infinity": () => reducing("max", [3, 0], "row"),
  "reductions over one element": () => reducing("max", [3, 1], "row"),
  "no outer points": () => reducing("sum", [0, 5], "row"),
  "two reductions of all elements": () => statistics(20011),
  "softmax of short rows": () => softmax(37, 10),
  "softmax of long rows": () => softmax(3, 700),
  "max pooling with positions": pooling,
  "gather by an index tensor": gathering,
  "scatter adds in order": scattering,
  "an update in place": updating,
  "a sum over more iterations than a software driver runs": () => reducing("sum", [2, 150_000], "row"),
  "sums of long rows": () => reducing("sum", [3, 40_009], "row"),
  "sums of long columns": () => reducing("sum", [40_009, 3], "column"),
  "sums over several loops": () => summing([7, 90, 9, 3]),
  "an argmax over more iterations than a software driver runs": () => reducing("argmax", [2, 150_000], "row"),
  "threefry bits": random,
  "more than 65535 workgroups": enormous,
};
