import { assertEquals, assertThrows } from "@std/assert";
import { ones, tensor } from "../core/creation.ts";
import { inputLayer, logisticRegression } from "../layers/mod.ts";
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
  for (const [batch, counts] of [[null, [1, 500, 501, 1203]], [1, [3]], [3, [2, 3, 7]]] as const) {
    for (const count of counts) {
      const xs = Array.from({ length: count }, (_, i) => i % 3 - 1.5 + i / 1e4);
      const output = predictBatches(netOf(batch), tensor(xs.map((x) => [x])));
      assertEquals(output.shape, [count, 2], `${count} inputs, ${batch} at a time`);
      assertEquals([...await predictedClasses(output).data()], xs.map((x) => x > 0 ? 0 : 1));
    }
  }
});

testOnEveryDevice("a row with NaN has no class, and of equal probabilities the first one counts", async () => {
  const rows = tensor([[0.2, 0.8, 0], [NaN, 1, 0], [0.5, 0, 0.5], [0, 0, NaN], [1, 0, 0]]);
  assertEquals([...await predictedClasses(rows).data()], [1, -1, 0, -1, 0]);
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
