import { assert, assertEquals } from "@std/assert";
import type { Tensor } from "../../tensor.ts";
import { testOnEveryDevice } from "../../../tests/on_every_device.ts";
import { assertDevice, assertNear, graphOf, interpretWith, numbers } from "../../../tests/oracle.ts";
import { isNode, type Node, topological } from "../node.ts";
import { simplify } from "./simplify.ts";
import { transposeConvolution } from "./transposed_convolution.ts";

interface Case {
  /** [groups, batch, channels, …space] */
  readonly x: number[];
  /** [groups, filters, channels, …window] */
  readonly w: number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly inputDilations: number[];
  readonly strides?: number[];
  readonly dilations?: number[];
}

const ones = ({ padding }: Case): number[] => padding.map(() => 1);
const convolved = (one: Case) => (x: Tensor, w: Tensor): Tensor => {
  const { padding, inputDilations, strides = ones(one), dilations = ones(one) } = one;
  return x.apply("conv", [w], { strides, dilations, inputDilations, padding });
};

const inputsOf = ({ x, w }: Case) => [numbers(x), numbers(w, { seed: 2 })];

/** The convolutions that are left, after the result was compared with that of the whole one. */
function parts(one: Case): Node<"conv">[] {
  const inputs = inputsOf(one);
  const graph = graphOf(convolved(one), inputs);
  const simple = simplify(graph, [transposeConvolution]);
  const [expected, got] = [graph, simple].map((graph) => interpretWith(graph, inputs)[0]);
  assertEquals(got.shape, expected.shape);
  assertNear(got.values, expected.values, JSON.stringify(one), { tolerance: 1e-12 });
  return topological(simple.results).filter((node): node is Node<"conv"> => isNode(node, "conv"));
}

const strided: Case = {
  x: [1, 2, 3, 5, 4],
  w: [1, 4, 3, 3, 3],
  padding: [[1, 1], [1, 1]],
  inputDilations: [2, 2],
};

const cases: readonly (readonly [count: number, one: Case])[] = [
  [4, strided],
  [4, { ...strided, padding: [[1, 2], [2, 1]] }],
  [4, { ...strided, padding: [[2, 2], [0, 0]] }],
  [4, { ...strided, padding: [[-1, 1], [1, -1]] }],
  [4, { ...strided, x: [3, 2, 1, 4, 4], w: [3, 1, 1, 4, 2], padding: [[2, 2], [1, 1]] }],
  [2, { ...strided, w: [1, 4, 3, 3, 1], padding: [[1, 1], [0, 0]] }],
  [2, { ...strided, w: [1, 4, 3, 1, 3], padding: [[1, 1], [1, 1]] }],
  [2, { ...strided, inputDilations: [2, 1] }],
  [3, { x: [1, 2, 2, 7], w: [1, 3, 2, 5], padding: [[2, 3]], inputDilations: [3] }],
  [6, { ...strided, w: [1, 4, 3, 4, 4], inputDilations: [2, 3], padding: [[2, 2], [2, 2]] }],
  [8, { x: [1, 1, 2, 3, 2, 3], w: [1, 2, 2, 3, 3, 3], padding: [[1, 1], [1, 1], [1, 1]], inputDilations: [2, 2, 2] }],
  [4, { ...strided, x: [1, 0, 3, 5, 4] }],
];

Deno.test("a convolution with zeros between the elements becomes one for each remainder of the positions", () => {
  for (const [count, one] of cases) {
    const found = parts(one);
    if (one.x.includes(0)) continue;
    assertEquals(found.length, count, JSON.stringify(one));
    assert(found.every(({ attributes }) => attributes.inputDilations.every((distance) => distance === 1)));
  }
});

Deno.test("no part multiplies by zeros between the elements", () => {
  const taps = parts(strided).map(({ inputs: [, w] }) => w.shape.slice(3).join("×"));
  assertEquals(taps.toSorted(), ["1×1", "1×2", "2×1", "2×2"]);
});

Deno.test("convolutions with distant taps, without overlaps or with many parts are computed as before", () => {
  assertEquals(parts({ ...strided, dilations: [2, 2], padding: [[3, 3], [3, 3]] }).length, 0);
  assertEquals(parts({ ...strided, w: [1, 4, 3, 2, 2], padding: [[0, 0], [0, 0]] }).length, 0);
  assertEquals(parts({ ...strided, w: [1, 4, 3, 5, 5], inputDilations: [3, 3] }).length, 0);
  assertEquals(parts({ ...strided, strides: [2, 2] }).length, 1);
  assertEquals(parts({ ...strided, inputDilations: [1, 1] }).length, 1);
});

testOnEveryDevice("the parts of a convolution are computed and joined correctly", async () => {
  for (const [, one] of cases.slice(0, 6)) await assertDevice(convolved(one), inputsOf(one), JSON.stringify(one));
  const large: Case = { ...strided, x: [1, 2, 3, 16, 17], w: [1, 5, 3, 3, 3] };
  await assertDevice((x, w) => convolved(large)(x, w).maximum(0), inputsOf(large), "an image of 32 × 34");
});
