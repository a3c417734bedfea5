import { assert, assertEquals } from "@std/assert";
import { contains, dependsOn, type Expression, loadsIn, termsOf, usesResults, walk } from "./expression.ts";
import { ExpressionTable } from "./expression_table.ts";

const table = new ExpressionTable();
const [i, j] = [table.variable("i", 4), table.variable("j", 5)];
const guard = table.apply("lt", "bool", [j, table.load("i32", 3, i)]);
const load = table.load("f32", 0, table.affine([[i, 5]], 1), { guard });
const sum = table.apply("add", "f32", [load, table.apply("exp", "f32", [load])]);

Deno.test("every expression inside is come to once, those it is made of first", () => {
  const seen: Expression[] = [];
  walk([sum, load], (e) => seen.push(e));
  assertEquals(new Set(seen).size, seen.length);
  assert(seen.includes(guard) && seen.includes(i));
  assert(seen.indexOf(load) > seen.indexOf(guard) && seen.indexOf(sum) > seen.indexOf(load));
});

Deno.test("an expression depends on the loops of its indices and guards", () => {
  assert(dependsOn(sum, i) && dependsOn(sum, j));
  assert(!dependsOn(table.load("f32", 0, i), j));
  assert(contains(sum, (e) => e === guard) && !contains(load, (e) => e === sum));
  assert(!usesResults(sum) && usesResults(table.apply("mul", "f32", [sum, table.result("f32", 0)])));
});

Deno.test("each load is found once, also in indices and guards of others", () => {
  assertEquals(loadsIn([sum, load]).map(({ slot }) => slot), [3, 0]);
});

Deno.test("an index is a constant and terms with coefficients", () => {
  const { terms, constant } = termsOf(table.affine([[i, 5], [j, 1]], 2));
  assertEquals([terms, constant], [[[i, 5], [j, 1]], 2]);
  assertEquals(termsOf(table.literal("i32", 7)), { terms: [], constant: 7 });
  assertEquals(termsOf(i), { terms: [[i, 1]], constant: 0 });
});
