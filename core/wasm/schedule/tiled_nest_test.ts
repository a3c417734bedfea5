import { assert, assertEquals } from "@std/assert";
import { loopScheduleOf } from "./loop_schedule.ts";
import { tiledNest } from "./tiled_nest.ts";
import { compileProgram } from "../steps.ts";
import { programOf, Sketch, storing } from "../testing.ts";

/** The sum of a transposed and a plain matrix. */
function transposedSum(rows: number, columns: number) {
  const s = new Sketch();
  const [i, j] = [s.variable("i", rows), s.variable("j", columns)];
  const elements = rows * columns;
  const [x, y, z] = [s.slot("f32", elements), s.slot("f32", elements), s.slot("f32", elements, "write")];
  const along = s.index([i, columns], [j, 1]);
  const value = s.f32("add", s.load(x, s.index([i, 1], [j, rows])), s.load(y, along));
  return { i, j, nest: s.nest([i, j], [storing([{ slot: z, index: along, value }])]) };
}

Deno.test("a sum with a transposed matrix runs over tiles of rows, and reads the transposed one in squares", () => {
  const { i, j, nest } = transposedSum(1000, 600);
  const tiled = tiledNest(nest);
  assert(tiled?.parts);
  assertEquals(tiled.parts.loop, i);
  assertEquals([tiled.parts.length, tiled.parts.part.extent], [64, 16]);
  assertEquals(tiled.nest.outer, [tiled.parts.part, j]);
  assertEquals(tiled.nest.phases[0].inner, [i]);
  const { mode, lanes, across } = loopScheduleOf(tiled.nest, tiled.parts.part);
  assertEquals([mode, lanes, across], ["outer", [j], [i]]);
});

Deno.test("few rows are one tile, and rows shorter than a vector none", () => {
  const { i, nest } = transposedSum(64, 600);
  assertEquals(tiledNest(nest)?.parts, undefined);
  assertEquals(tiledNest(nest)?.nest.phases[0].inner, [i]);
  assertEquals(tiledNest(transposedSum(3, 600).nest), undefined);
  assertEquals(tiledNest(transposedSum(600, 3).nest), undefined);
});

Deno.test("nests whose elements are all in the same order stay as they are", () => {
  const s = new Sketch();
  const [i, j] = [s.variable("i", 50), s.variable("j", 7)];
  const [x, b, y] = [s.slot("f32", 350), s.slot("f32", 50), s.slot("f32", 350, "write")];
  const at = s.index([i, 7], [j, 1]);
  const value = s.f32("add", s.load(x, at), s.load(b, i));
  assertEquals(tiledNest(s.nest([i, j], [storing([{ slot: y, index: at, value }])])), undefined);
});

Deno.test("a costly value of a row is not computed again in each tile", () => {
  const s = new Sketch();
  const [i, j] = [s.variable("i", 100), s.variable("j", 100)];
  const [x, b, y] = [s.slot("f32", 10_000), s.slot("f32", 100), s.slot("f32", 10_000, "write")];
  const transposed = s.load(x, s.index([i, 1], [j, 100]));
  const nestWith = (scale: ReturnType<typeof s.load>) =>
    s.nest([i, j], [storing([{ slot: y, index: s.index([i, 100], [j, 1]), value: s.f32("mul", transposed, scale) }])]);
  const costly = [i, j].map((row) => s.f32("exp", s.load(b, row)));
  assertEquals(tiledNest(nestWith(costly[0]))?.nest.phases[0].inner, [j]);
  assertEquals(tiledNest(nestWith(costly[1]))?.nest.phases[0].inner, [i]);
  assertEquals(tiledNest(nestWith(s.f32("mul", ...costly))), undefined);
});

Deno.test("long formulas run in tiles, but their code is not repeated for the rows of a square", () => {
  const s = new Sketch();
  const [i, j] = [s.variable("i", 100), s.variable("j", 100)];
  const [x, y] = [s.slot("f32", 10_000), s.slot("f32", 10_000, "write")];
  let value = s.load(x, s.index([i, 1], [j, 100]));
  for (let turn = 0; turn < 9; turn++) value = s.f32("tanh", s.f32("mul", value, s.literal(1.5)));
  const nest = s.nest([i, j], [storing([{ slot: y, index: s.index([i, 100], [j, 1]), value }])]);
  const tiled = tiledNest(nest);
  assert(tiled);
  assertEquals(loopScheduleOf(tiled.nest, tiled.parts?.part).across.filter((one) => one), []);
  assert(!compileProgram(programOf(nest)).listing.includes("squares"));
});
