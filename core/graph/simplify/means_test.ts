import { assertEquals } from "@std/assert";
import { isNode, type Node, parameter, topological } from "../node.ts";
import { makeNode } from "../ops.ts";
import { constantNode } from "./constants.ts";
import { countOf, deviationsFrom, meanOf, sumAlong, sumOfMean } from "./means.ts";

const x = parameter(0, { shape: [2, 3, 4], dtype: "f32" });
const y = parameter(1, { shape: [2, 3, 4], dtype: "f32" });

Deno.test("means and deviations are a sum, a division by the number of elements, and a difference", () => {
  assertEquals([countOf(x, []), countOf(x, [0]), countOf(x, [1, 2])], [1, 2, 12]);
  const sum = sumAlong(x, [0, 2]);
  assertEquals([sum.op, sum.shape, sum.inputs], ["sum", [3], [x]]);
  const mean = meanOf(sum, 8);
  assertEquals([mean.op, mean.inputs[0]], ["div", sum]);
  const count = mean.inputs[1];
  assertEquals(isNode(count, "constant") && count.attributes.value, 8);
  const deviations = deviationsFrom(mean, x, [0, 2]);
  assertEquals([deviations.op, deviations.shape, deviations.inputs[0]], ["sub", [2, 3, 4], x]);
  assertEquals(topological([deviations.inputs[1]]).slice(-2).map(({ op, shape }) => `${op} ${shape}`), [
    "reshape 1,3,1",
    "expand 2,3,4",
  ]);
});

Deno.test("the sum of a mean is found if the mean is that of the same numbers along the same axes", () => {
  const sum = sumAlong(x, [0, 2]);
  const spread = deviationsFrom(meanOf(sum, 8), x, [0, 2]).inputs[1];
  assertEquals(sumOfMean(spread, x, [0, 2]), sum);
  assertEquals(sumOfMean(spread, y, [0, 2]), undefined);
  assertEquals(sumOfMean(spread, x, [0]), undefined);
  assertEquals(sumOfMean(spread, x, [0, 1, 2]), undefined);
  assertEquals(sumOfMean(spread.inputs[0], x, [0, 2]), undefined);
  const other = (numerator: Node = sum, divisor = 8, op: "div" | "mul" = "div") =>
    deviationsFrom(makeNode(op, [numerator, constantNode(numerator, divisor)], {}), x, [0, 2]).inputs[1];
  assertEquals(sumOfMean(other(), x, [0, 2]), sum);
  assertEquals(sumOfMean(other(sum, 9), x, [0, 2]), undefined);
  assertEquals(sumOfMean(other(sum, 8, "mul"), x, [0, 2]), undefined);
  assertEquals(sumOfMean(other(makeNode("maxOf", [x], { axes: [0, 2] })), x, [0, 2]), undefined);
  const reshaped = makeNode("reshape", [makeNode("reshape", [sum], { shape: [1, 3] })], { shape: [3] });
  assertEquals(sumOfMean(other(reshaped), x, [0, 2]), sum);
  const cube = parameter(0, { shape: [2, 2, 2], dtype: "f32" });
  const along = (axes: number[]) =>
    deviationsFrom(meanOf(sumAlong(cube, axes), 2 ** axes.length), cube, axes).inputs[1];
  assertEquals([sumOfMean(along([0]), cube, [0])?.op, sumOfMean(along([0]), cube, [1])], ["sum", undefined]);
});
