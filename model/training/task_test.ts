import { assertRejects } from "@std/assert";
import type { Tensor } from "../../core/tensor.ts";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import { denseLayer } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import { meanSquaredError } from "../../optim/objectives.ts";
import { r2 } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";

const input = inputLayer({ shape: [null, 1] });
const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
const set = { x: samples([[1], [2]]), y: samples([[1], [2]]) };
const parts = { network: line, data: data([set, set]), hyperparameters: { batchSize: 2, nEpochs: 1 } };

/** A function as plain JavaScript may pass it: its result has another type than it says. */
function returning(result: unknown): (prediction: Tensor, target: Tensor) => Tensor {
  return () => result as Tensor;
}

testOnEveryDevice("An objective and a metric that return no tensor are named, with what they returned", async () => {
  const results: [unknown, string][] = [
    [3, "got 3"],
    [undefined, "got undefined"],
    [null, "got null"],
    [[1, 2], "got [1, 2]"],
    [Promise.resolve(1), "got a Promise"],
  ];
  for (const [result, got] of results) {
    const own = returning(result);
    await assertRejects(
      () => model({ ...parts, objective: own }).train(),
      TypeError,
      `Cannot train "line": expected the objective to return a tensor [example], ${got}`,
    );
    await assertRejects(
      () => model({ ...parts, objective: meanSquaredError, evaluationMetric: own }).train(),
      TypeError,
      `Cannot train "line": expected the metric to return a tensor [example], ${got}`,
    );
  }
});

Deno.test("a metric cannot have the name of a value that each training has: the loss and error of the only output", async () => {
  const own = r2();
  for (const name of ["loss", "error"]) {
    await assertRejects(
      () => model({ ...parts, objective: meanSquaredError }).train({ metrics: [{ ...own, name }] }),
      RangeError,
      `Cannot train "line" on data with a metric named "${name}": expected a name of its own for each`,
    );
  }
});
