import { assertEquals, assertThrows } from "@std/assert";
import type { Shape } from "../../core/shape.ts";
import { decisionForm } from "./decisions.ts";

const formOf = (prediction: number[], target: number[], threshold?: number) =>
  decisionForm("a metric", { prediction: { shape: prediction }, target: { shape: target } }, threshold);

Deno.test("the form of decisions follows from the shapes of predictions and targets", () => {
  const forms: [prediction: number[], target: number[], threshold: number | undefined, ReturnType<typeof formOf>][] = [
    [[5], [5], undefined, { questions: true, columns: 1, rows: [5] }],
    [[5], [5], 0.5, { questions: true, columns: 1, rows: [5] }],
    [[5], [5, 1], undefined, { questions: false, columns: 1, rows: [5] }],
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
