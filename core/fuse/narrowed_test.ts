import { assertEquals } from "@std/assert";
import { conv2d } from "../functions/convolution.ts";
import { isNode, topological } from "../graph/node.ts";
import { averagePool2d } from "../functions/pooling.ts";
import { grad, vjp } from "../gradients.ts";
import type { Tensor } from "../tensor.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { assertDevice, assertPlan, type Computation, graphOf, numbers } from "../../tests/oracle.ts";
import { narrowedReductions } from "./narrowed.ts";

/** Windows of three elements, every second element: [2, 4, 3], which overlap. */
const windows = numbers([2, 4, 3]);
const overlapped = (x: Tensor): Tensor =>
  x.apply("unwindow", [], { size: [3], strides: [2], dilations: [1], shape: [2, 9] });

/** The kernels of a function, by the operations that they compute. The function's results are checked, too. */
async function kernelsOf(fn: Computation, inputs = [windows]): Promise<string[]> {
  const { program } = await assertPlan(fn, inputs, "narrowed", { tolerance: 1e-6 });
  return program.steps.map((step) => step.kind === "loop" ? "loop" : step.nest.name);
}

/** Whether the sums of windows are computed only where they are needed. */
function isNarrowed(fn: Computation): boolean {
  const { results } = graphOf(fn, [windows]);
  const [found] = narrowedReductions(topological(results), results);
  return found !== undefined && isNode(found[0], "slice") && isNode(found[1], "unwindow");
}

const inner: Computation = (x) => overlapped(x).slice([0, 1], [2, 8]);

Deno.test("sums of overlapping windows are computed only where a slice needs them", async () => {
  assertEquals(await kernelsOf(inner), ["unwindow+slice"]);
  assertEquals(await kernelsOf((x) => overlapped(x).slice([1, 0], [2, 9], [1, 4]).flip(1)), ["unwindow+slice+flip"]);
  assertEquals(await kernelsOf((x) => overlapped(x).slice([1, 2], [2, 3]).mul(2)), ["unwindow+slice+mul"]);
  assertEquals(
    await kernelsOf((x) => {
      const cut = overlapped(x).slice([0, 1], [2, 8], [1, 3]);
      return [cut.transpose().neg(), cut.sum(), cut.tanh()];
    }),
    ["unwindow+slice+neg+tanh", "sum"],
  );
});

Deno.test("other sums of windows are computed completely", () => {
  assertEquals(isNarrowed(inner), true);
  const shared = (use: (y: Tensor, cut: Tensor) => Tensor[]): Computation => (x) => {
    const y = overlapped(x);
    return use(y, y.slice([0, 1], [2, 8]));
  };
  assertEquals(isNarrowed(shared((y, cut) => [cut, y])), false);
  assertEquals(isNarrowed(shared((y, cut) => [cut, y.neg()])), false);
  assertEquals(isNarrowed((x) => x.sum({ axis: 0 }).slice([0, 1], [2, 3])), false);
  assertEquals(isNarrowed((x) => x.apply("dot", [x.transpose([0, 2, 1])], {}).slice([0, 0, 1], [2, 2, 3])), false);
});

testOnEveryDevice("the gradient of a convolution with padding and strides is computed where it is needed", async () => {
  const [x, w, dy] = [numbers([2, 3, 9, 8]), numbers([4, 3, 3, 3]), numbers([2, 4, 5, 4])];
  const gradient: Computation = (x, w, dy) =>
    vjp((x: Tensor) => conv2d(x, w, { strides: [2, 2], padding: [[1, 1], [1, 1]] }), x)[1](dy);
  await assertDevice(gradient, [x, w, dy], "gradient");
  await assertDevice(inner, [windows], "slice of sums");
});

testOnEveryDevice("a slice of sums does not join a kernel whose results have its size", async () => {
  const pooled = (x: Tensor) => averagePool2d(x, { window: [3, 3], strides: [1, 1], padding: [[1, 1], [1, 1]] });
  const x = numbers([2, 3, 4, 4]);
  await assertDevice((x) => grad((x: Tensor) => pooled(x).square().sum())(x), [x], "average pooling with padding");
  const grown = (x: Tensor) => overlapped(x.expandDims(2).broadcastTo([2, 4, 3])).slice([0, 1], [2, 5]);
  await assertDevice((x) => grown(x.sum({ axis: 2 })), [windows], "slice of sums of sums");
});
