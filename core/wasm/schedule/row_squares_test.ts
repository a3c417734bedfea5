import { assert, assertEquals } from "@std/assert";
import { rowSquares } from "./row_squares.ts";
import { tiledNest } from "./tiled_nest.ts";
import { reducing, Sketch, storing } from "../testing.ts";

/** The sum over a batch of products of transposed and plain matrices. */
function batchSum(batch: number, rows: number, columns: number) {
  const s = new Sketch();
  const [n, i, j] = [s.variable("n", batch), s.variable("i", rows), s.variable("j", columns)];
  const elements = rows * columns;
  const [x, y, z] = [
    s.slot("f32", batch * elements),
    s.slot("f32", batch * elements),
    s.slot("f32", elements, "write"),
  ];
  const [along, across] = [s.index([i, columns], [j, 1]), s.index([i, 1], [j, rows])];
  const [left, right] = [s.load(x, s.index([n, elements], [across, 1])), s.load(y, s.index([n, elements], [along, 1]))];
  const nestOf = (value = s.f32("mul", left, right)) =>
    s.nest([i, j], [
      reducing(0, "sum", "f32", value, [n]),
      storing([{ slot: z, index: along, value: s.table.result("f32", 0) }]),
    ]);
  return { s, i, j, left, right, nestOf };
}

Deno.test("a reduction with a transposed matrix computes four rows side by side, in tiles of rows", () => {
  const { i, j, nestOf } = batchSum(10, 200, 300);
  const found = rowSquares(nestOf());
  assert(found?.parts);
  assertEquals(found.nest.outer, [found.parts.part, i, j]);
  assertEquals([found.schedule.rows, found.schedule.lanes], [i, [j]]);
  assertEquals([found.parts.length, found.parts.part.extent], [64, 4]);
  assertEquals(found.schedule.block % 4, 0);
  assertEquals(found.schedule.units, 4 * Math.ceil(300 / found.schedule.block));
});

Deno.test("blocks get shorter the more values are reduced, so that what a tile reads stays near", () => {
  const blockOf = (batch: number): number => rowSquares(batchSum(batch, 512, 512).nestOf())!.schedule.block;
  assertEquals([blockOf(8), blockOf(512)], [64, 8]);
});

Deno.test("other nests have no rows: elementwise ones, plain reductions, short loops and long formulas", () => {
  const { s, i, j, left, right, nestOf } = batchSum(10, 200, 300);
  assertEquals(rowSquares(nestOf(s.f32("mul", right, right))), undefined);
  let value = s.f32("mul", left, right);
  for (let turn = 0; turn < 9; turn++) value = s.f32("tanh", s.f32("mul", value, s.literal(1.5)));
  assertEquals(rowSquares(nestOf(value)), undefined);
  assertEquals(rowSquares(batchSum(10, 3, 300).nestOf()), undefined);
  assertEquals(tiledNest(nestOf()), undefined);
  const elementwise = s.nest([i, j], [storing([{ slot: 2, index: s.index([i, 300], [j, 1]), value: left }])]);
  assertEquals(rowSquares(elementwise), undefined);
});
