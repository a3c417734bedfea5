import { assertThrows } from "@std/assert";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { type ClassAverage, f1, precision, recall } from "./class_metrics.ts";
import { confusionCounts } from "./confusion.ts";
import { assertValue, classes, probabilities, scores, weights } from "./testing.ts";

const bySet = { prediction: probabilities, target: classes };
const weighted = { ...bySet, weights };

type Recorded = Readonly<Record<ClassAverage, readonly [plain: number | number[], weighted: number | number[]]>>;

/** Values of scikit-learn, with zero_division=0, without weights and with sample_weight. */
const recorded: Readonly<Record<"precision" | "recall" | "f1", Recorded>> = {
  precision: {
    macro: [0.468181818, 0.321875],
    micro: [0.459459459, 0.319444444],
    none: [[0.6, 0.5, 0.5, 0.272727273], [0.4375, 0.35, 0.5, 0]],
  },
  recall: {
    macro: [0.554020979, 0.240603147],
    micro: [0.459459459, 0.319444444],
    none: [[0.461538462, 0.454545455, 0.3, 1], [0.269230769, 0.318181818, 0.375, 0]],
  },
  f1: {
    macro: [0.450375259, 0.273809524],
    micro: [0.459459459, 0.319444444],
    none: [[0.52173913, 0.476190476, 0.375, 0.428571429], [0.333333333, 0.333333333, 0.428571429, 0]],
  },
};

for (const [name, make] of Object.entries({ precision, recall, f1 })) {
  testOnEveryDevice(
    `${name} has the values of scikit-learn, per class and averaged, with weights and without`,
    async () => {
      for (const average of ["macro", "micro", "none"] as const) {
        const [plain, withWeights] = recorded[name as keyof typeof recorded][average];
        await assertValue(make({ average }), bySet, { expected: plain });
        await assertValue(make({ average }), weighted, { expected: withWeights });
      }
    },
  );
}

testOnEveryDevice("classes that occur nowhere are 0, and no part of the mean", async () => {
  const prediction = [[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]];
  const set = { prediction, target: [0, 1, 2] };
  // f1_score([0, 1, 2], [0, 1, 0], zero_division=0): class 3 is not among the labels, class 2 is.
  await assertValue(f1({ average: "none" }), set, { expected: [2 / 3, 1, 0, 0] });
  await assertValue(f1(), set, { expected: 5 / 9 });
  await assertValue(precision(), set, { expected: 0.5 });
  await assertValue(recall(), set, { expected: 2 / 3 });
  await assertValue(f1(), { prediction, target: [3, 3, 3] }, { expected: 0 });
});

testOnEveryDevice("rows that contain NaN predict no class", async () => {
  const set = { prediction: [[NaN, 1], [0, 1], [1, 0]], target: [1, 1, 0] };
  await assertValue(recall({ average: "none" }), set, { expected: [1, 0.5] });
  await assertValue(precision({ average: "none" }), set, { expected: [1, 1] });
  await assertValue(confusionCounts(), set, { expected: [1, 0, 0, 1] });
  const single = { prediction: [NaN, 0.75, 0.25], target: [1, 1, 0] };
  await assertValue(recall(), single, { expected: 0.5 });
  await assertValue(confusionCounts(), single, { expected: [1, 0, 0, 1] });
});

testOnEveryDevice("a single column is a question, whose answer yes is measured", async () => {
  const prediction = scores.map(([one]) => 1 / (1 + Math.exp(-3 * one)));
  const single = { prediction, target: classes.map((one) => one === 1 ? 1 : 0) };
  // precision_score(b, s >= 0.5), recall_score and f1_score, and with sample_weight=w
  for (const average of ["macro", "micro", "none"] as const) {
    await assertValue(precision({ average }), single, { expected: 0.263157895 });
    await assertValue(recall({ average }), { ...single, weights }, { expected: 0.409090909 });
    await assertValue(f1({ average }), single, { expected: 1 / 3 });
    await assertValue(f1({ average }), { ...single, weights }, { expected: 0.327272727 });
  }
});

testOnEveryDevice("with a threshold each column is a question, and all of them count", async () => {
  const prediction = [probabilities.at(-1)!, ...probabilities.slice(0, -1)];
  const several = { prediction, target: scores.map((row) => row.map((one) => one > 0.2 ? 1 : 0)) };
  // f1_score(L, LP >= 0.3, average=…, zero_division=0), and with sample_weight=w
  await assertValue(f1({ threshold: 0.3 }), several, { expected: 0.124316167 });
  await assertValue(f1({ threshold: 0.3 }), { ...several, weights }, { expected: 0.083233233 });
  await assertValue(f1({ threshold: 0.3, average: "micro" }), several, { expected: 0.128 });
  await assertValue(f1({ threshold: 0.3, average: "micro" }), { ...several, weights }, { expected: 0.081300813 });
  // No example is yes, and none is predicted so: f1_score(…, zero_division=0) counts the column as 0.
  const never = { prediction: [[0.9, 0.1], [0.2, 0.1]], target: [[1, 0], [0, 0]] };
  await assertValue(f1({ threshold: 0.5 }), never, { expected: 0.5 });
});

testOnEveryDevice("the confusion of classes has the values of scikit-learn", async () => {
  // confusion_matrix(y, P.argmax(1)), and with sample_weight=w
  await assertValue(confusionCounts(), bySet, { expected: [6, 3, 1, 3, 2, 5, 2, 2, 2, 2, 3, 3, 0, 0, 0, 3] });
  const expected = [3.5, 3.5, 1.5, 4.5, 3, 3.5, 3, 1.5, 1.5, 3, 4.5, 3, 0, 0, 0, 0];
  await assertValue(confusionCounts(), weighted, { expected });
});

Deno.test("the confusion of several questions is refused", () => {
  const shape = { shape: [2, 3] };
  assertThrows(() => confusionCounts({ threshold: 0.5 }).init(shape, shape), TypeError, "expected one column");
});
