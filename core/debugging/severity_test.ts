import { assertEquals } from "@std/assert";
import { scan } from "../scan.ts";
import type { Tensor } from "../tensor.ts";
import { type Computation, graphOf, interpretWith } from "../../tests/oracle.ts";
import { isNode, type Node } from "../graph/node.ts";
import { severity, survey } from "./severity.ts";

/** A surveyed function of a list, and the worst of each of its values for some numbers. */
function surveyOf(fn: Computation, values: number[]) {
  const surveyed = survey(graphOf(fn, [{ shape: [values.length], dtype: "f32" }]));
  const results = interpretWith(surveyed.graph, [{ shape: [values.length], values: Float64Array.from(values) }]);
  const worst = [...surveyed.positions].map(([{ op }, position]) => `${op} ${results[position].values}`);
  return { surveyed, results, worst };
}

Deno.test("each value that may be NaN or infinite has one more result, after those of the function", () => {
  const { finite, infinite, nan } = severity;
  assertEquals([finite, infinite, nan], [0, 1, 2]);
  const fn: Computation = (x) => [x.reciprocal().sub(1), x.add(2)];
  const { surveyed, results, worst } = surveyOf(fn, [1, 0]);
  assertEquals(worst, ["parameter 0", "div 1", "sub 1", "add 0"]);
  assertEquals([...surveyed.positions.values()], [2, 3, 4, 5]);
  assertEquals(surveyed.graph.results.length, 6);
  assertEquals(results.slice(0, 2).map(({ values }) => [...values]), [[0, Infinity], [3, 2]]);
});

Deno.test("the worst element of a value counts: NaN is worse than an infinite one of either sign", () => {
  const worstOf = (values: number[]) => surveyOf((x) => x.neg(), values).worst;
  assertEquals(worstOf([1, -(3.4e38), 1e-40, -0]), ["parameter 0", "neg 0"]);
  assertEquals(worstOf([1, Infinity]), ["parameter 1", "neg 1"]);
  assertEquals(worstOf([-Infinity, 1]), ["parameter 1", "neg 1"]);
  assertEquals(worstOf([Infinity, NaN, 1]), ["parameter 2", "neg 2"]);
});

Deno.test("constants, whole numbers, movements other than slices, and empty values are not surveyed", () => {
  const opsOf = (fn: Computation, values = [1, 2, 3, 4]) =>
    surveyOf(fn, values).worst.map((line) => line.split(" ")[0]);
  assertEquals(opsOf((x) => x.fullLike(5)), []);
  assertEquals(opsOf((x) => x.indexAlong(0)), []);
  assertEquals(opsOf((x) => x.cast("i32")), ["parameter"]);
  assertEquals(opsOf((x) => x.reshape([2, 2]).transpose()), ["parameter"]);
  assertEquals(opsOf((x) => x.slice([1], [3])), ["parameter", "slice"]);
  assertEquals(opsOf((x) => x.neg(), []), []);
});

Deno.test("values in a loop have one result with an axis for its turns, at the positions that follow its own", () => {
  const running = (x: Tensor): Tensor[] => {
    const body = (carry: Tensor, one: Tensor): [Tensor, Tensor] => [carry.add(one.reciprocal()), carry.neg()];
    const [last, before] = scan(body, x.sum(), x);
    return [last.mul(2), before];
  };
  const { surveyed, results } = surveyOf(running, [1, 0, 4]);
  assertEquals([...results[1].values], [-5, -6, -Infinity]);
  const [[node, loop], ...others] = surveyed.loops;
  assertEquals([others.length, node.op, isNode(node, "scan") && node.attributes.body.results.length], [0, "scan", 2]);
  assertEquals([loop.body.graph.results.length - 2, loop.body.positions.size], [5, 5]);
  const inside = [...loop.body.positions].map(([{ op }, position]): [string, number[]] => [
    op,
    [...results[loop.first + position].values],
  ]);
  assertEquals(
    inside,
    [
      ["parameter", [0, 0, 1]],
      ["parameter", [0, 0, 0]],
      ["div", [0, 1, 0]],
      ["add", [0, 1, 1]],
      ["neg", [0, 0, 1]],
    ],
  );
  const outside = [...surveyed.positions].map((
    [{ op }, position]: [Node, number],
  ) => [op, [...results[position].values]]);
  assertEquals(outside.filter(([op]) => op === "mul" || op === "sum"), [["sum", [0]], ["mul", [1]]]);
  assertEquals(surveyed.graph.results.length, results.length);
});
