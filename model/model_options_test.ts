import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { data } from "../data/data.ts";
import { samples } from "../data/samples.ts";
import { logisticRegression } from "../layers/dense.ts";
import { inputLayer } from "../layers/input.ts";
import { adam } from "../optim/adam.ts";
import { metrics, objectives } from "../optim/registry.ts";
import { Model, model } from "./model.ts";
import { network } from "./network.ts";

Deno.test("A metric is refused as the objective, by name or as a function", () => {
  for (const [name, metric] of Object.entries(metrics)) {
    const named = assertThrows(() => model({ objective: name }), RangeError, "Cannot make a model: expected objective");
    assert(named.message.includes("meanSquaredError"), named.message);
    const given = assertThrows(() => model({ objective: metric }), TypeError, "a function other than a metric");
    assert(given.message.includes("meanSquaredError"), given.message);
    for (const other of Object.keys(metrics).filter((one) => one !== name)) {
      assert(!named.message.includes(other) && !given.message.includes(other), named.message);
    }
    assertThrows(() => model({}).with({ objective: metric }), TypeError, "a function other than a metric");
    assertEquals(model({ evaluationMetric: name }).parts.evaluationMetric, metric);
  }
  for (const [name, objective] of Object.entries(objectives)) {
    assertEquals(model({ objective: name }).parts.objective, objective);
    assertEquals(model({ objective, evaluationMetric: objective }).parts.objective, objective);
  }
});

Deno.test("The message for an unknown objective has no metric", () => {
  const { message } = assertThrows(() => model({ objective: "meanSquaredEror" }), RangeError);
  assert(message.includes("meanSquaredError"), message);
  for (const metric of Object.keys(metrics)) assert(!message.includes(metric), message);
});

Deno.test("Hyperparameters of another kind are refused in a message that names both kinds once", () => {
  const given: object = { hyperparameters: null };
  const message = "expected hyperparameters to be hyperparameters, or a record of their values, got null";
  assertThrows(() => model(given), TypeError, message);
});

Deno.test("A function of your own that returns no update rule is refused", async () => {
  const input = inputLayer({ shape: [null, 1] });
  const set = { x: samples([[1], [2]]), y: Int32Array.of(0, 1) };
  const untrained = model({
    network: network("softmax", [input, logisticRegression(input, { nClass: 2 })]),
    data: data([set, set]),
  });
  const updates: object = { updates: () => adam };
  const message = "Cannot train: expected the result of updates to be an update rule, got the function adam";
  await assertRejects(() => untrained.with(updates).train(), TypeError, message);
});

Deno.test("A model of nothing has no parts, and no part is changed by nothing", () => {
  assertEquals(new Model(undefined).name, "model");
  assertEquals(new Model().with(undefined).parts, {});
});
