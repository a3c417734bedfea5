/**
 * Programs that random tests found, made as small as they can be. Each failed before the framework was mended.
 *
 * @module
 */

import { found, given } from "./found.ts";

found("rows that are added to a table without rows have a gradient of zeros", (base, rows, at) => {
  return [base.apply("scatterAdd", [at, rows], { axis: 0 })];
}, [given("f32", [0, 2], 0), given("f32", [3, 2], 1), given("i32", [3], 0)]);

found("the product of an infinity and a padding is NaN", (a, b) => {
  const c = a.apply("pad", [], { padding: [[0, 0], [0, 1], [0, 31]], value: 0 });
  return [b.apply("dot", [c], {})];
}, [
  given("f32", [1, 1, 2], 0),
  given("f32", [1, 33, 2], Array.from({ length: 66 }, (_, i) => i === 29 ? Infinity : 1)),
]);
