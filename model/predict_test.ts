import { assertEquals, assertThrows } from "@std/assert";
import { ones, tensor } from "../core/creation.ts";
import { key } from "../core/random/bits.ts";
import { concatenateLayer, denseLayer, inputLayer, logisticRegression } from "../layers/mod.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { network } from "./network.ts";
import { predictBatches, predictedClasses } from "./predict.ts";

/** Class 0 for inputs above 0, otherwise class 1. */
function netOf(batch: number | null) {
  const input = inputLayer({ shape: [batch, 1] });
  const net = network("net", [input, logisticRegression(input, { nClass: 2, name: "Last" })]);
  return net.withWeights({ params: { Last: { W: tensor([[2, 0]]), b: tensor([0, 0]) } }, state: {} });
}

testOnEveryDevice("any number of inputs is predicted, also by networks that take batches of one size", async () => {
  for (const [batch, counts] of [[null, [0, 1, 500, 501, 1203]], [1, [3]], [3, [0, 2, 3, 7]]] as const) {
    for (const count of counts) {
      const xs = Array.from({ length: count }, (_, i) => i % 3 - 1.5 + i / 1e4);
      const output = predictBatches(netOf(batch), tensor(xs, [count, 1]));
      assertEquals(output.shape, [count, 2], `${count} inputs, ${batch} at a time`);
      assertEquals([...await predictedClasses(output).data()], xs.map((x) => x > 0 ? 0 : 1));
    }
  }
});

testOnEveryDevice("a row with NaN has no class, and of equal probabilities the first one counts", async () => {
  const rows = tensor([[0.2, 0.8, 0], [NaN, 1, 0], [0.5, 0, 0.5], [0, 0, NaN], [1, 0, 0]]);
  assertEquals([...await predictedClasses(rows).data()], [1, -1, 0, -1, 0]);
});

Deno.test("an input without a name is refused if there are several inputs or outputs", () => {
  const [a, b] = ["a", "b"].map((name) => inputLayer({ shape: [null, 1], name }));
  const both = concatenateLayer([a, b]);
  const heads = [a, both, a].map((incoming) => denseLayer(incoming, { nUnits: 1 }));
  const nets = [
    network("in", heads[1]),
    network("out", { first: heads[0], second: heads[2] }),
  ];
  for (const net of nets) {
    const ready = net.withWeights(net.init(key(1)));
    assertThrows(() => predictBatches(ready, ones([2, 1])), TypeError, "expected inputs by name");
  }
});

Deno.test("inputs are examples", () => {
  assertThrows(
    () => predictBatches(netOf(null), tensor(3)),
    TypeError,
    "Cannot predict: expected examples, [example, ...feature], got",
  );
  assertThrows(() => predictBatches(netOf(null), Object([[1]])), TypeError, "expected x to be a tensor of examples");
  assertEquals(predictBatches(netOf(null), ones([2, 1])).shape, [2, 2]);
});
