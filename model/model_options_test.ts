import { assert, assertEquals, assertThrows } from "@std/assert";
import { metrics, objectives } from "../optim/registry.ts";
import { model } from "./model.ts";

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
