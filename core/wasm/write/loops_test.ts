import { assert, assertEquals } from "@std/assert";
import type { ReductionKind } from "../../nest/nest.ts";
import { compileProgram } from "../steps.ts";
import { check, numbers, programOf, reducing, Sketch, storing } from "../testing.ts";

for (const [rows, columns] of [[3, 5], [1, 1], [7, 64], [2, 33], [50, 4], [5, 1030]]) {
  Deno.test(`a bias is broadcast over the rows of ${rows} x ${columns}`, async () => {
    const s = new Sketch();
    const [i, j] = [s.variable("i", rows), s.variable("j", columns)];
    const [x, b, y] = [s.slot("f32", rows * columns), s.slot("f32", columns), s.slot("f32", rows * columns, "write")];
    const at = s.index([i, columns], [j, 1]);
    const value = s.f32("tanh", s.f32("add", s.load(x, at), s.load(b, j)));
    await check(programOf(s.nest([i, j], [storing([{ slot: y, index: at, value }])])));
  });

  for (const kind of ["sum", "prod", "max", "min", "argmax", "argmin"] as ReductionKind[]) {
    Deno.test(`${kind} of the rows and of the columns of ${rows} x ${columns}`, async () => {
      for (const along of ["row", "column"]) {
        const s = new Sketch();
        const [i, j] = [s.variable("i", rows), s.variable("j", columns)];
        const [outer, inner] = along === "row" ? [i, j] : [j, i];
        const dtype = kind.startsWith("arg") ? "i32" : "f32";
        const [x, y] = [s.slot("f32", rows * columns), s.slot(dtype, outer.extent, "write")];
        const value = s.load(x, s.index([i, columns], [j, 1]));
        const phases = [
          reducing(0, kind, dtype, value, [inner]),
          storing([{ slot: y, index: outer, value: s.table.result(dtype, 0) }]),
        ];
        await check(programOf(s.nest([outer], phases)), { tolerance: 1e-4 });
      }
    });
  }

  Deno.test(`softmax over the rows of ${rows} x ${columns}, and its arg max`, async () => {
    const s = new Sketch();
    const [i, j, k, l] = [
      s.variable("i", rows),
      s.variable("j", columns),
      s.variable("k", columns),
      s.variable("l", columns),
    ];
    const [x, y] = [s.slot("f32", rows * columns), s.slot("f32", rows * columns, "write")];
    const best = s.slot("i32", rows, "write");
    const at = (column: typeof j) => s.index([i, columns], [column, 1]);
    const shifted = (column: typeof j) => s.f32("exp", s.f32("sub", s.load(x, at(column)), s.table.result("f32", 0)));
    const first = reducing(0, "max", "f32", s.load(x, at(j)), [j]);
    const phases = [
      { ...first, reductions: [...first.reductions, { id: 2, kind: "argmax", dtype: "i32", value: s.load(x, at(j)) }] },
      reducing(1, "sum", "f32", shifted(k), [k]),
      storing([{ slot: y, index: at(l), value: s.f32("div", shifted(l), s.table.result("f32", 1)) }], [l]),
      storing([{ slot: best, index: i, value: s.table.result("i32", 2) }]),
    ] as const;
    await check(programOf(s.nest([i], phases)));
  });

  Deno.test(`a padded transpose of ${rows} x ${columns}`, async () => {
    const s = new Sketch();
    const [i, j] = [s.variable("i", columns + 3), s.variable("j", rows + 2)];
    const [x, y] = [s.slot("f32", rows * columns), s.slot("f32", (rows + 2) * (columns + 3), "write")];
    const guard = s.table.both(
      s.table.within(s.index([i, 1], -1), 0, columns),
      s.table.within(s.index([j, 1], -2), 0, rows),
    );
    for (const order of [[i, j], [j, i]]) {
      const source = s.index([i, 1], [j, columns], -1 - 2 * columns);
      const target = s.index([order[0], order[1].extent], [order[1], 1]);
      const value = s.load(x, source, guard);
      await check(programOf(s.nest(order, [storing([{ slot: y, index: target, value }])])));
    }
  });
}

Deno.test("max pooling keeps the maximum and its first position", async () => {
  const s = new Sketch();
  const [n, h, w] = [s.variable("n", 3), s.variable("h", 6), s.variable("w", 7)];
  const [a, b] = [s.variable("a", 2), s.variable("b", 2)];
  const [x, y, at] = [s.slot("f32", 3 * 12 * 14), s.slot("f32", 126, "write"), s.slot("i32", 126, "write")];
  const value = s.load(x, s.index([n, 168], [h, 28], [a, 14], [w, 2], [b, 1]));
  const out = s.index([n, 42], [h, 7], [w, 1]);
  const inner = [a, b];
  const phases = [
    {
      inner,
      reductions: [{ id: 0, kind: "max", dtype: "f32", value }, { id: 1, kind: "argmax", dtype: "i32", value }],
      stores: [],
    },
    storing([{ slot: y, index: out, value: s.table.result("f32", 0) }, {
      slot: at,
      index: out,
      value: s.table.result("i32", 1),
    }]),
  ] as const;
  const program = programOf(s.nest([n, h, w], phases));
  const ties = numbers("f32", 3 * 12 * 14).map((one) => Math.round(one * 2));
  await check(program, { inputs: [ties, numbers("f32", 126), numbers("i32", 126)] });
});

Deno.test("rows are gathered by loaded indices, and scattered back by adding", async () => {
  for (const columns of [1, 6, 40]) {
    const s = new Sketch();
    const [i, j] = [s.variable("i", 9), s.variable("j", columns)];
    const [x, rows] = [s.slot("f32", 5 * columns), s.slot("i32", 9)];
    const [y, sums] = [s.slot("f32", 9 * columns, "write"), s.slot("f32", 5 * columns, "readwrite")];
    const row = s.load(rows, i);
    const value = s.load(x, s.index([row, columns], [j, 1]));
    const gather = storing([{ slot: y, index: s.index([i, columns], [j, 1]), value }]);
    const inputs = [
      numbers("f32", 5 * columns),
      [0, 4, 2, 2, 1, 0, 3, 4, 4],
      numbers("f32", 9 * columns),
      numbers("f32", 5 * columns),
    ];
    await check(programOf(s.nest([i, j], [gather])), { inputs });
    const scatter = storing([{
      slot: sums,
      index: s.index([row, columns], [j, 1]),
      value: s.load(y, s.index([i, columns], [j, 1])),
      add: true,
    }], [i]);
    await check(programOf(s.nest([j], [scatter])), { inputs });
  }
});

const longLoops = [[641], [4099], [9, 73], [5, 1030, 3], [1031, 3, 5], [3, 90, 31], [2, 2, 4200], [40_009]];

for (const shape of longLoops) {
  Deno.test(`long sums over ${shape.join(" x ")} values are added in blocks, and maxima with them`, async () => {
    for (const outer of [1, 3, 37]) {
      for (const along of ["rows", "columns"]) {
        const s = new Sketch();
        const i = s.variable("i", outer);
        const inner = shape.map((extent) => s.variable("k", extent));
        const points = shape.reduce((a, b) => a * b);
        const [x, y] = [s.slot("f32", outer * points), s.slot("f32", 3 * outer, "write")];
        const [across, between] = along === "rows" ? [points, 1] : [1, outer];
        const terms = inner.map((one, axis) =>
          [one, between * shape.slice(axis + 1).reduce((a, b) => a * b, 1)] as const
        );
        const value = s.load(x, s.index([i, across], ...terms));
        const phases = [
          {
            inner,
            reductions: (["sum", "max", "sum"] as const).map((kind, id) => ({
              ...{ id, kind, dtype: "f32" as const },
              value: id < 2 ? value : s.f32("mul", value, value),
            })),
            stores: [],
          },
          storing([0, 1, 2].map((id) => ({ slot: y, index: s.index([i, 3], id), value: s.table.result("f32", id) }))),
        ];
        const inputs = [numbers("f32", outer * points).map((one) => one + 2), numbers("f32", 3 * outer)];
        await check(programOf(s.nest([i], phases)), { inputs, tolerance: 2e-6 });
      }
    }
  });
}

Deno.test("a long sum over windows skips those outside of the image in every block", async () => {
  const s = new Sketch();
  const [i, a, b, c] = [s.variable("i", 40), s.variable("a", 700), s.variable("b", 3), s.variable("c", 5)];
  const [x, y] = [s.slot("f32", 40 * 700 * 15), s.slot("f32", 40, "write")];
  const guard = s.table.both(s.table.within(s.index([a, 1], -3), 0, 690), s.table.within(s.index([c, 1], -1), 0, 4));
  const value = s.load(x, s.index([i, 1], [a, 600], [b, 200], [c, 40]), guard);
  const phases = [
    reducing(0, "sum", "f32", value, [a, b, c]),
    storing([{ slot: y, index: i, value: s.table.result("f32", 0) }]),
  ];
  const inputs = [numbers("f32", 40 * 700 * 15).map((one) => one + 2), numbers("f32", 40)];
  await check(programOf(s.nest([i], phases)), { inputs, tolerance: 2e-6 });
});

Deno.test("a reduction of no values is its identity, and a nest without points does nothing", async () => {
  for (const kind of ["sum", "prod", "max", "min", "argmax"] as ReductionKind[]) {
    const s = new Sketch();
    const [i, j] = [s.variable("i", 5), s.variable("j", 0)];
    const dtype = kind === "argmax" ? "i32" : "f32";
    const [x, y] = [s.slot("f32", 1), s.slot(dtype, 5, "write")];
    const phases = [
      reducing(0, kind, dtype, s.load(x, s.index([i, 0], [j, 1])), [j]),
      storing([{ slot: y, index: i, value: s.table.result(dtype, 0) }]),
    ];
    await check(programOf(s.nest([i], phases)));
    await check(programOf(s.nest([i, s.variable("none", 0)], phases)));
  }
});

Deno.test("a scan runs in a loop whose counter picks rows and the parity of its carry", async () => {
  const s = new Sketch();
  const counter = s.variable("t", 7);
  const j = s.variable("j", 11);
  const [x, carry] = [s.slot("f32", 77), s.slot("f32", 22, "readwrite")];
  const parity = s.table.remainder(counter, 2);
  const from = s.index([parity, 11], [j, 1]);
  const to = s.index([parity, -11], [j, 1], 11);
  const value = s.f32(
    "add",
    s.f32("mul", s.load(carry, from), s.literal(0.5)),
    s.load(x, s.index([counter, 11], [j, 1])),
  );
  const nest = s.nest([j], [storing([{ slot: carry, index: to, value }])], { counters: [counter] });
  const program = programOf(nest);
  await check({ ...program, steps: [{ kind: "loop", counter, steps: program.steps }] });
});

Deno.test("parameters are updated in place", async () => {
  const s = new Sketch();
  const i = s.variable("i", 1003);
  const [p, g] = [s.slot("f32", 1003, "readwrite"), s.slot("f32", 1003)];
  const rate = s.slot("f32", 1);
  const step = s.f32("mul", s.load(rate, s.index(0)), s.load(g, i));
  await check(programOf(s.nest([i], [storing([{ slot: p, index: i, value: s.f32("sub", s.load(p, i), step) }])])));
});

Deno.test("guarded stores leave other elements unchanged, and strided ones the gaps", async () => {
  const s = new Sketch();
  const i = s.variable("i", 37);
  const [x, y, z] = [s.slot("f32", 37), s.slot("f32", 40, "readwrite"), s.slot("f32", 111, "readwrite")];
  const value = s.load(x, i);
  const guard = s.apply("lt", "bool", s.literal(0), value);
  const stores = [{ slot: y, index: s.index([i, 1], 3), value, guard }, {
    slot: z,
    index: s.index([i, -3], 110),
    value,
  }];
  await check(programOf(s.nest([i], [storing(stores)])));
});

Deno.test("the results have the same bits for 1, 2, 3 and 8 threads", async () => {
  const s = new Sketch();
  const [i, j] = [s.variable("i", 300), s.variable("j", 2000)];
  const [x, y] = [s.slot("f32", 600000), s.slot("f32", 300, "write")];
  const value = s.f32("exp", s.load(x, s.index([i, 2000], [j, 1])));
  const phases = [
    reducing(0, "sum", "f32", value, [j]),
    storing([{ slot: y, index: i, value: s.table.result("f32", 0) }]),
  ];
  const program = programOf(s.nest([i], phases));
  const [, reference] = await check(program, { threads: 1 });
  for (const threads of [2, 3, 8]) assertEquals((await check(program, { threads }))[1], reference);
});

Deno.test("the gradient of max pooling goes to the position of the maximum", async () => {
  for (const [height, width, size] of [[6, 8, 2], [5, 7, 2], [9, 12, 3]]) {
    const s = new Sketch();
    const [oh, ow] = [Math.floor(height / size), Math.floor(width / size)];
    const [n, h, w] = [s.variable("n", 3), s.variable("h", height), s.variable("w", width)];
    const [at, g] = [s.slot("i32", 3 * oh * ow), s.slot("f32", 3 * oh * ow)];
    const out = s.slot("f32", 3 * height * width, "write");
    const [y, x] = [s.table.quotient(h, size), s.table.quotient(w, size)];
    const guard = s.table.both(s.table.within(y, 0, oh), s.table.within(x, 0, ow));
    const source = s.index([n, oh * ow], [y, ow], [x, 1]);
    const place = s.index([s.table.remainder(h, size), size], [s.table.remainder(w, size), 1]);
    const hit = s.apply("eq", "bool", s.load(at, source, guard), place);
    const value = s.f32("where", hit, s.load(g, source, guard), s.literal(0));
    const index = s.index([n, height * width], [h, width], [w, 1]);
    const nest = s.nest([n, h, w], [storing([{ slot: out, index, value }])]);
    const positions = numbers("i32", 3 * oh * ow).map((one) => Math.abs(one) % (size * size));
    await check(programOf(nest), {
      inputs: [positions, numbers("f32", 3 * oh * ow), numbers("f32", 3 * height * width)],
    });
  }
});

Deno.test("a reduction of many values to few is split into the same parts for any number of threads", async () => {
  const sizes: readonly (readonly [number, readonly number[]])[] = [
    [1, [400_003]],
    [3, [500, 77]],
    [1, [3, 70_001]],
    [10, [30_000]],
  ];
  for (const [outer, shape] of sizes) {
    const s = new Sketch();
    const i = s.variable("i", outer);
    const inner = shape.map((extent, axis) => s.variable("kl"[axis], extent));
    const points = shape.reduce((a, b) => a * b);
    const [x, y] = [s.slot("f32", outer * points), s.slot("f32", 2 * outer, "write")];
    const value = s.load(
      x,
      s.index([i, points], ...inner.map((one, axis) => [one, axis === shape.length - 1 ? 1 : shape[1]!] as const)),
    );
    const nest = s.nest([i], [
      {
        inner,
        reductions: [{ id: 0, kind: "sum", dtype: "f32", value }, { id: 1, kind: "max", dtype: "f32", value }],
        stores: [],
      },
      storing([0, 1].map((id) => ({ slot: y, index: s.index([i, 2], id), value: s.table.result("f32", id) }))),
    ]);
    const program = programOf(nest);
    assert(compileProgram(program).listing.includes(", parts"));
    const [, reference] = await check(program, { tolerance: 1e-3 });
    for (const threads of [2, 3]) assertEquals((await check(program, { threads, tolerance: 1e-3 }))[1], reference);
  }
});

Deno.test("short loops are unrolled only while their code stays short", async () => {
  const bytesFor = async (columns: number): Promise<number> => {
    const s = new Sketch();
    const [i, j] = [s.variable("i", 40), s.variable("j", columns)];
    const [x, y] = [s.slot("f32", 40 * columns), s.slot("f32", 40, "write")];
    const value = s.load(x, s.index([i, columns], [j, 1]));
    const angle = s.f32("mul", s.f32("sin", value), s.f32("cos", value));
    const program = programOf(s.nest([i], [
      reducing(0, "sum", "f32", angle, [j]),
      storing([{ slot: y, index: i, value: s.table.result("f32", 0) }]),
    ]));
    await check(program, { tolerance: 1e-4 });
    return compileProgram(program).bytes.length;
  };
  // Longer loops are never unrolled.
  const longest = await bytesFor(10);
  for (const columns of [2, 3, 8, 9]) assert(await bytesFor(columns) < 1.5 * longest);
});

Deno.test("two slots of one point can be exchanged", async () => {
  const s = new Sketch();
  const i = s.variable("i", 23);
  const [x, y] = [s.slot("f32", 23, "readwrite"), s.slot("f32", 23, "readwrite")];
  const stores = [{ slot: x, index: i, value: s.load(y, i) }, { slot: y, index: i, value: s.load(x, i) }];
  await check(programOf(s.nest([i], [storing(stores)])));
});

Deno.test("quotients and remainders of positions are joined", async () => {
  for (const [a, b, c] of [[5, 8, 8], [3, 4, 12], [4, 6, 10], [2, 3, 5]]) {
    const s = new Sketch();
    const size = a * b * c;
    const i = s.variable("i", size);
    const [x, y] = [s.slot("f32", size), s.slot("f32", size, "write")];
    const place = s.index(
      [s.table.quotient(i, b * c), c],
      [s.table.remainder(s.table.quotient(i, c), b), a * c],
      [s.table.remainder(i, c), 1],
    );
    await check(programOf(s.nest([i], [storing([{ slot: y, index: i, value: s.load(x, place) }])])));
  }
});
