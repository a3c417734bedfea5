import { assert, assertEquals } from "@std/assert";
import type { Expression, Variable } from "../../nest/expression.ts";
import type { Nest } from "../../nest/nest.ts";
import { compileProgram } from "../steps.ts";
import { check, programOf, reducing, Sketch, storing } from "../testing.ts";

type Layout = "NN" | "NT" | "TN";

/** `out[b, i, j] = Σ left[b, i, k] · right[b, k, j]`, either matrix stored transposed. */
function product(layout: Layout, [batch, m, n, k]: readonly number[]): Nest {
  const s = new Sketch();
  const [b, i, j, d] = [s.variable("b", batch), s.variable("i", m), s.variable("j", n), s.variable("k", k)];
  const [x, y] = [s.slot("f32", batch * m * k), s.slot("f32", batch * n * k)];
  const out = s.slot("f32", batch * m * n, "write");
  const left = s.load(x, layout === "TN" ? s.index([b, m * k], [d, m], [i, 1]) : s.index([b, m * k], [i, k], [d, 1]));
  const right = s.load(y, layout === "NT" ? s.index([b, n * k], [j, k], [d, 1]) : s.index([b, n * k], [d, n], [j, 1]));
  const phases = [
    reducing(0, "sum", "f32", s.f32("mul", left, right), [d]),
    storing([{ slot: out, index: s.index([b, m * n], [i, n], [j, 1]), value: s.table.result("f32", 0) }]),
  ];
  return s.nest([b, i, j], phases, {
    contraction: { batch: [b], rows: [i], columns: [j], depth: [d], left, right },
  });
}

const tiled = (nest: Nest): boolean => compileProgram(programOf(nest)).listing.includes("product");

for (const layout of ["NN", "NT", "TN"] as Layout[]) {
  for (
    const size of [[1, 67, 71, 73], [1, 4, 8, 300], [3, 21, 19, 37], [1, 50, 501, 40], [1, 211, 47, 401], [2, 5, 6, 7]]
  ) {
    Deno.test(`product ${layout} of ${size[1]} x ${size[3]} and ${size[3]} x ${size[2]}, ${size[0]} times`, async () => {
      await check(programOf(product(layout, size)), { tolerance: 1e-5 * Math.sqrt(size[3]), threads: 2 });
    });
  }
}

Deno.test("a deep product with few results is cut into pieces, the same for any number of threads", async () => {
  const nest = product("TN", [1, 13, 23, 3001]);
  assert(compileProgram(programOf(nest)).listing.includes(", parts"));
  const [, , reference] = await check(programOf(nest), { tolerance: 1e-3 });
  for (const threads of [2, 3, 8]) {
    assertEquals((await check(programOf(nest), { threads, tolerance: 1e-3 }))[2], reference);
  }
});

Deno.test("a product of few numbers is not packed", () => {
  assertEquals(tiled(product("NN", [1, 2, 3, 4])), false);
  assertEquals(tiled(product("NN", [1, 64, 64, 64])), true);
});

Deno.test("a dense layer: bias, activation and its derivative are stored with the product", async () => {
  const s = new Sketch();
  const [n, o, d] = [s.variable("n", 33), s.variable("o", 47), s.variable("d", 65)];
  const [x, w, b] = [s.slot("f32", 33 * 65), s.slot("f32", 65 * 47), s.slot("f32", 47)];
  const [y, dy] = [s.slot("f32", 33 * 47, "write"), s.slot("f32", 33 * 47, "write")];
  const [left, right] = [s.load(x, s.index([n, 65], [d, 1])), s.load(w, s.index([d, 47], [o, 1]))];
  const index = s.index([n, 47], [o, 1]);
  const value = s.f32("tanh", s.f32("add", s.table.result("f32", 0), s.load(b, o)));
  const slope = s.f32("sub", s.literal(1), s.f32("mul", value, value));
  const nest = s.nest([n, o], [
    reducing(0, "sum", "f32", s.f32("mul", left, right), [d]),
    storing([{ slot: y, index, value }, { slot: dy, index, value: slope }]),
  ], { contraction: { batch: [], rows: [n], columns: [o], depth: [d], left, right } });
  assert(tiled(nest));
  await check(programOf(nest), { tolerance: 1e-4 });
});

/** Variables and shape of a convolution without padding: x [n, c, h, w], kernel [o, c, a, b], out [n, o, h - a + 1, w - b + 1]. */
function convolution(
  size: { n: number; c: number; h: number; w: number; o: number; a: number; b: number; pad: number },
) {
  const s = new Sketch();
  const [oh, ow] = [size.h + 2 * size.pad - size.a + 1, size.w + 2 * size.pad - size.b + 1];
  const loop = (name: string, extent: number): Variable => s.variable(name, extent);
  const v = {
    n: loop("n", size.n),
    o: loop("o", size.o),
    y: loop("y", oh),
    x: loop("x", ow),
    c: loop("c", size.c),
    a: loop("a", size.a),
    b: loop("b", size.b),
  };
  const row = s.index([v.y, 1], [v.a, 1], -size.pad);
  const column = s.index([v.x, 1], [v.b, 1], -size.pad);
  const guard = s.table.both(s.table.within(row, 0, size.h), s.table.within(column, 0, size.w))!;
  const image = s.index([v.n, size.c * size.h * size.w], [v.c, size.h * size.w], [row, size.w], [column, 1]);
  const kernel = s.index([v.o, size.c * size.a * size.b], [v.c, size.a * size.b], [v.a, size.b], [v.b, 1]);
  const out = s.index([v.n, size.o * oh * ow], [v.o, oh * ow], [v.y, ow], [v.x, 1]);
  const elements = {
    image: size.n * size.c * size.h * size.w,
    kernel: size.o * size.c * size.a * size.b,
    out: size.n * size.o * oh * ow,
  };
  return { s, v, guard, image, kernel, out, elements };
}

const sizes = [
  { n: 3, c: 2, h: 12, w: 12, o: 7, a: 5, b: 5, pad: 0 },
  { n: 2, c: 3, h: 9, w: 11, o: 6, a: 3, b: 3, pad: 1 },
  { n: 4, c: 1, h: 12, w: 12, o: 5, a: 5, b: 5, pad: 4 },
];

function run(nest: Nest): Promise<unknown> {
  assert(tiled(nest));
  return check(programOf(nest), { tolerance: 1e-4, threads: 2 });
}

for (const size of sizes) {
  const name =
    `convolution ${size.n}x${size.c}x${size.h}x${size.w} with ${size.o}x${size.a}x${size.b}, padded by ${size.pad}`;

  Deno.test(`${name}: forward, with bias and activation`, async () => {
    const { s, v, guard, image, kernel, out, elements } = convolution(size);
    const [x, w, b] = [s.slot("f32", elements.image), s.slot("f32", elements.kernel), s.slot("f32", size.o)];
    const y = s.slot("f32", elements.out, "write");
    const [left, right] = [s.load(x, image, guard), s.load(w, kernel)];
    const depth = [v.c, v.a, v.b];
    const value: Expression = s.f32("max", s.f32("add", s.table.result("f32", 0), s.load(b, v.o)), s.literal(0));
    await run(s.nest([v.n, v.o, v.y, v.x], [
      reducing(0, "sum", "f32", s.f32("mul", left, right), depth),
      storing([{ slot: y, index: out, value }]),
    ], { contraction: { batch: [], rows: [v.n, v.y, v.x], columns: [v.o], depth, left, right } }));
  });

  Deno.test(`${name}: gradient of the weights, which updates them in place`, async () => {
    const { s, v, guard, image, kernel, out, elements } = convolution(size);
    const [x, g] = [s.slot("f32", elements.image), s.slot("f32", elements.out)];
    const w = s.slot("f32", elements.kernel, "readwrite");
    const [left, right] = [s.load(g, out), s.load(x, image, guard)];
    const depth = [v.n, v.y, v.x];
    const value = s.f32("sub", s.load(w, kernel), s.f32("mul", s.literal(0.01), s.table.result("f32", 0)));
    await run(s.nest([v.o, v.c, v.a, v.b], [
      reducing(0, "sum", "f32", s.f32("mul", left, right), depth),
      storing([{ slot: w, index: kernel, value }]),
    ], { contraction: { batch: [], rows: [v.o], columns: [v.c, v.a, v.b], depth, left, right } }));
  });
}

Deno.test("panels of five reach over the ends of rows that are a multiple of four long", async () => {
  const s = new Sketch();
  const [j, a, b, d] = [s.variable("j", 8), s.variable("a", 5), s.variable("b", 12), s.variable("d", 38)];
  const [x, y, out] = [s.slot("f32", 8 * 38), s.slot("f32", 60 * 38), s.slot("f32", 480, "write")];
  const [left, right] = [s.load(x, s.index([j, 1], [d, 8])), s.load(y, s.index([a, 456], [b, 1], [d, 12]))];
  const index = s.index([j, 1], [a, 8], [b, 40]);
  await run(s.nest([j, a, b], [
    reducing(0, "sum", "f32", s.f32("mul", left, right), [d]),
    storing([{ slot: out, index, value: s.table.result("f32", 0) }]),
  ], { contraction: { batch: [], rows: [j], columns: [a, b], depth: [d], left, right } }));
});
