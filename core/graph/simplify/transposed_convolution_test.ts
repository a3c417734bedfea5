import { assert, assertEquals } from "@std/assert";
import type { Tensor } from "../../tensor.ts";
import { assertNear, graphOf, interpretWith, numbers } from "../../../tests/oracle.ts";
import { type Graph, isNode, showGraph, topological } from "../node.ts";
import { simplify } from "./simplify.ts";
import { transposeConvolutionWithin } from "./transposed_convolution.ts";

interface Case {
  /** [groups, batch, channels, …space] */
  readonly x: number[];
  /** [groups, filters, channels, …window] */
  readonly w: number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly strides?: number[];
  readonly dilations?: number[];
  readonly inputDilations?: number[];
}

/** The graph of a convolution, as it is and simplified. */
function graphsOf(one: Case, mostBytes?: number): readonly [Graph, Graph] {
  const ones = one.padding.map(() => 1);
  const { x, w, padding, strides = ones, dilations = ones, inputDilations = ones } = one;
  const convolved = (x: Tensor, w: Tensor): Tensor =>
    x.apply("conv", [w], { strides, dilations, inputDilations, padding });
  const graph = graphOf(convolved, [x, w].map((shape) => ({ shape, dtype: "f32" })));
  return [graph, simplify(graph, [transposeConvolutionWithin(mostBytes)])];
}

const operations = ({ results }: Graph): string[] =>
  topological(results).map(({ op }) => op).filter((op) => op !== "parameter");

const isProduct = (one: Case): boolean => operations(graphsOf(one)[1]).includes("dot");

/** A row of `extent` positions under windows of 5, padded to `outputs` positions. */
const row = (extent: number, outputs: number): Case => ({
  x: [1, 2, 3, extent],
  w: [1, 4, 3, 5],
  padding: [[2, outputs - extent + 2]],
});

Deno.test("a convolution is a product if it has at least one and a half times as many outputs as inputs", () => {
  assertEquals([14, 15, 16].map((outputs) => isProduct(row(10, outputs))), [false, true, true]);
  assertEquals(isProduct({ ...row(10, 31), strides: [2] }), false);
  assertEquals(isProduct({ ...row(10, 15), x: [1, 2, 3, 0], padding: [[10, 9]] }), false);
});

Deno.test("the product has a row per filter and tap, and a column per input position", () => {
  assertEquals(
    showGraph(graphsOf(row(10, 15))[1]),
    `%0 = parameter() {index: 0} : f32[1, 2, 3, 10]
%1 = parameter() {index: 1} : f32[1, 4, 3, 5]
%2 = permute(%1) {axes: [0,1,3,2]} : f32[1, 4, 5, 3]
%3 = reshape(%2) : f32[1, 20, 3]
%4 = permute(%0) {axes: [0,2,1,3]} : f32[1, 3, 2, 10]
%5 = reshape(%4) : f32[1, 3, 20]
%6 = dot(%3, %5) : f32[1, 20, 20]
%7 = reshape(%6) : f32[1, 4, 5, 2, 10]
%8 = permute(%7) {axes: [0,3,1,4,2]} : f32[1, 2, 4, 10, 5]
%9 = flip(%8) {axes: [4]} : f32[1, 2, 4, 10, 5]
%10 = unwindow(%9) {size: [5], strides: [1], dilations: [1]} : f32[1, 2, 4, 14]
%11 = pad(%10) {padding: [[0,0],[0,0],[0,0],[0,3]], value: 0} : f32[1, 2, 4, 17]
%12 = slice(%11) {start: [0,0,0,2], stop: [1,2,4,17], step: [1,1,1,1]} : f32[1, 2, 4, 15]
return %12`,
  );
});

const cases: Case[] = [
  row(10, 15),
  { ...row(4, 9), padding: [[7, 2]] },
  { ...row(4, 9), padding: [[-1, 9]] },
  { ...row(6, 20), dilations: [2], padding: [[9, 9]] },
  { ...row(5, 20), w: [1, 4, 3, 2], inputDilations: [3], padding: [[1, 2]] },
  { x: [3, 2, 2, 3, 4], w: [3, 5, 2, 2, 3], padding: [[1, 2], [2, 3]] },
  { x: [2, 2, 3, 4, 3], w: [2, 1, 3, 2, 2], inputDilations: [2, 3], padding: [[1, 0], [0, 2]] },
  { x: [1, 2, 2, 2, 3, 2], w: [1, 3, 2, 2, 1, 3], padding: [[1, 1], [1, 0], [2, 2]] },
];

Deno.test("products have the results of the convolutions", () => {
  for (const one of cases) {
    const graphs = graphsOf(one);
    assert(isProduct(one) && !operations(graphs[1]).includes("conv"), JSON.stringify(one));
    const inputs = [numbers(one.x), numbers(one.w, { seed: 2 })];
    const [expected, got] = graphs.map((graph) => interpretWith(graph, inputs)[0]);
    assertEquals(got.shape, expected.shape);
    assertNear(got.values, expected.values, JSON.stringify(one), { tolerance: 1e-12 });
  }
});

/** The number of pieces of the batch if an example has this many bytes of contributions; 1 without a loop. */
function piecesOf(batch: number, bytes: number, mostBytes?: number): number {
  const one: Case = { x: [1, batch, 2, bytes / 4 / 8], w: [1, 2, 2, 4], padding: [[0, bytes]] };
  const loops = topological(graphsOf(one, mostBytes)[1].results).filter((node) => isNode(node, "scan"));
  return loops.length === 0 ? 1 : loops[0].attributes.length;
}

Deno.test("the batch is cut into equal pieces of at most 16 MB of contributions, if few enough are equal", () => {
  const MB = 2 ** 20;
  assertEquals(piecesOf(4, 4 * MB), 1);
  assertEquals(piecesOf(4, 4 * MB + 32), 2);
  assertEquals([6, 7, 8].map((batch) => piecesOf(batch, 6 * MB)), [3, 1, 4]);
  assertEquals(piecesOf(5, 8 * MB), 5);
  assertEquals(piecesOf(1, 40 * MB), 1);
});

Deno.test("a device on which launches cost much gets larger pieces", () => {
  const MB = 2 ** 20;
  assertEquals([16 * MB, 32 * MB, 64 * MB].map((most) => piecesOf(8, 8 * MB, most)), [4, 2, 1]);
});

Deno.test("a loop computes one piece of the batch after the other", () => {
  const one: Case = { x: [1, 6, 2, 2 ** 18], w: [1, 2, 2, 4], padding: [[3, 2 ** 18]] };
  const { results } = graphsOf(one)[1];
  assertEquals(
    topological(results).filter(({ op }) => op !== "parameter").map(({ op, shape }) => `${op} ${shape}`),
    [
      ...["reshape 1,3,2,2,262144", "permute 3,1,2,2,262144", "scan ", "pick 3,1,2,2,524288"],
      ...["permute 1,3,2,2,524288", "reshape 1,6,2,524288"],
    ],
  );
  const scan = topological(results).find((node) => isNode(node, "scan"))!;
  const { length, carries, stacked, reverse, body } = scan.attributes;
  assertEquals({ length, carries, stacked, reverse }, { length: 3, carries: 0, stacked: 1, reverse: false });
  assertEquals(body.parameters.map(({ shape }) => shape), [[1, 2, 2, 2 ** 18], [1, 2, 2, 4]]);
  assertEquals(operations(body), [
    ...["permute", "reshape", "permute", "reshape", "dot", "reshape", "permute", "flip", "unwindow", "pad"],
  ]);
});
