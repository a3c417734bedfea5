import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import type { Shape } from "../../core/shape.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { accuracy } from "./accuracy.ts";
import { auc } from "./auc.ts";
import { f1 } from "./class_metrics.ts";
import { decisionForm } from "./decisions.ts";

const formOf = (prediction: number[], target: number[], threshold?: number) =>
  decisionForm("a metric", { prediction: { shape: prediction }, target: { shape: target } }, threshold);

Deno.test("the form of decisions follows from the shapes of predictions and targets", () => {
  const forms: [prediction: number[], target: number[], threshold: number | undefined, ReturnType<typeof formOf>][] = [
    [[5], [5], undefined, { questions: true, columns: 1, rows: [5] }],
    [[5], [5], 0.5, { questions: true, columns: 1, rows: [5] }],
    [[5], [5, 1], undefined, { questions: true, columns: 1, rows: [5] }],
    [[5, 1], [5], undefined, { questions: true, columns: 1, rows: [5] }],
    [[5, 1], [5, 1], undefined, { questions: true, columns: 1, rows: [5] }],
    [[5, 3], [5], undefined, { questions: false, columns: 3, rows: [5] }],
    [[5, 3], [5, 3], undefined, { questions: false, columns: 3, rows: [5] }],
    [[5, 3], [5, 3], 0.5, { questions: true, columns: 3, rows: [5] }],
    [[5, 2, 3], [5, 2], undefined, { questions: false, columns: 3, rows: [5, 2] }],
  ];
  for (const [prediction, target, threshold, form] of forms) {
    assertEquals(formOf(prediction, target, threshold), form, `${prediction} and ${target} at ${threshold}`);
  }
});

testOnEveryDevice("answers are compared with those of their rows, whether they have a column or not", async () => {
  const [p, t] = [[0.9, 0.2, 0.7, 0.4, 0.1], [1, 0, 0, 1, 0]];
  const shapes = [[5], [5, 1]];
  for (const [metric, expected] of [[accuracy(), 3 / 5], [f1(), 1 / 2], [auc(), 5 / 6]] as const) {
    for (const [prediction, target] of shapes.flatMap((a) => shapes.map((b) => [tensor(p, a), tensor(t, b)]))) {
      const state = metric.update(metric.init(prediction, target), prediction, target);
      const value = await metric.result(state).item();
      assertAlmostEquals(Number(value), expected, 1e-6, `${metric.name} of [${prediction.shape}], [${target.shape}]`);
    }
  }
});

Deno.test("metrics begin with shapes without examples, too", () => {
  for (const metric of [accuracy(), f1(), auc()]) metric.init({ shape: [0, 1] }, { shape: [0] });
});

Deno.test("shapes that do not fit together are refused, and so are single numbers", () => {
  const refused: [prediction: Shape, target: Shape, threshold?: number][] = [
    [[], []],
    [[], [], 0.5],
    [[], [1]],
    [[5, 3], [5], 0.5],
    [[5, 3], [5, 2]],
    [[5, 2, 3], [5]],
  ];
  for (const [prediction, target, threshold] of refused) {
    assertThrows(
      () => formOf([...prediction], [...target], threshold),
      TypeError,
      "Cannot compute a metric of predictions ",
      `${prediction} and ${target}`,
    );
  }
});
