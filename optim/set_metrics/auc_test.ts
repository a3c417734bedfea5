import { assert, assertAlmostEquals } from "@std/assert";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { auc } from "./auc.ts";
import { assertValue, classes, probabilities, scores, valueOf, weights } from "./testing.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The share of pairs in which the positive example has the greater prediction; ties count half. */
function areaOf(prediction: readonly number[], target: readonly number[], weights = target.map(() => 1)): number {
  let [greater, all] = [0, 0];
  for (const [i, p] of prediction.entries()) {
    for (const [j, n] of prediction.entries()) {
      if (target[i] !== 1 || target[j] !== 0) continue;
      const weight = weights[i] * weights[j];
      all += weight;
      greater += weight * (p > n ? 1 : p === n ? 0.5 : 0);
    }
  }
  return greater / all;
}

const target = classes.map((one) => one === 1 ? 1 : 0);
const prediction = scores.map(([one]) => sigmoid(3 * one));

testOnEveryDevice("the area under the curve has the values of scikit-learn, with weights and without", async () => {
  // roc_auc_score(b, s), and with sample_weight=w
  await assertValue(auc(), { prediction, target }, { expected: 0.5 });
  await assertValue(auc(), { prediction, target, weights }, { expected: 0.571818182 });
  await assertValue(auc({ fromLogits: true }), { prediction: scores.map(([one]) => 3 * one), target }, {
    expected: 0.5,
  });
});

testOnEveryDevice("classes are compared each with all others", async () => {
  const bySet = { prediction: probabilities, target: classes };
  // roc_auc_score of each column, their mean, and that of all columns as one
  const tolerance = 1e-3; // a pair in the same bin: half of 1 / 340 of a column, and a quarter of that in the mean
  await assertValue(auc(), bySet, { expected: 0.654039833, tolerance });
  await assertValue(auc({ average: "micro" }), bySet, { expected: 0.624543462, tolerance });
  await assertValue(auc({ average: "micro" }), { ...bySet, weights }, { expected: 0.584812243, tolerance });
  const expected = [0, 1, 2, 3].map((c) =>
    areaOf(probabilities.map((row) => row[c]), classes.map((one) => one === c ? 1 : 0))
  );
  await assertValue(auc({ average: "none" }), bySet, { expected, tolerance: 5e-3 });
  const rows = classes.map((one) => [0, 1, 2, 3].map((j) => j === one ? 1 : 0));
  await assertValue(auc({ average: "none" }), { prediction: probabilities, target: rows }, {
    expected,
    tolerance: 5e-3,
  });
});

testOnEveryDevice("ties count half, at the ends of the range too", async () => {
  await assertValue(auc(), { prediction: [0.5, 0.5, 0.5, 0.5], target: [0, 1, 1, 0] }, { expected: 0.5 });
  await assertValue(auc(), { prediction: [0, 0, 1, 1], target: [0, 1, 1, 0] }, { expected: 0.5 });
  await assertValue(auc(), { prediction: [0, 1, 1, 0], target: [0, 1, 1, 0] }, { expected: 1 });
  await assertValue(auc(), { prediction: [0.2, 0.7, 0.7, 0.9], target: [0, 1, 0, 1] }, { expected: 0.875 });
});

testOnEveryDevice("predictions close to 0 and to 1 are told apart", async () => {
  const near = [1e-6, 2e-6, 4e-6, 1 - 4e-6, 1 - 2e-6, 1 - 1e-6];
  await assertValue(auc(), { prediction: near, target: [0, 1, 0, 1, 0, 1] }, { expected: 6 / 9 });
});

testOnEveryDevice("examples of one kind, and predictions that are NaN, have no area", async () => {
  await assertValue(auc(), { prediction: [0.2, 0.4], target: [1, 1] }, { expected: NaN });
  await assertValue(auc(), { prediction: [0.2, NaN, 0.4], target: [1, 1, 0] }, { expected: NaN });
  await assertValue(auc(), { prediction: [0.2, NaN, 0.1], target: [1, 1, 0], weights: [1, 0, 1] }, { expected: 1 });
  const missing = { prediction: [[0.5, 0.3, 0.2], [0.2, 0.7, 0.1]], target: [0, 1] };
  await assertValue(auc({ average: "none" }), missing, { expected: [1, 1, NaN] });
  await assertValue(auc(), missing, { expected: 1 });
});

testOnEveryDevice("the error is at most half of the share of pairs in the same bin", async () => {
  const many = Array.from({ length: 3000 }, (_, i) => sigmoid(3 * Math.sin(i * i) + (i % 3 === 0 ? 0.7 : 0)));
  const kinds = many.map((_, i) => i % 3 === 0 ? 1 : 0);
  const exact = areaOf(many, kinds);
  for (const bins of [4096, 200, 10]) {
    const [value] = await valueOf(auc({ bins }), { prediction: many, target: kinds });
    const columns = Math.ceil(Math.sqrt(bins));
    const width = 32 / (columns * Math.ceil(bins / columns));
    const places = many.map((p) => Math.floor((Math.log(p / (1 - p)) + 16) / width));
    const [positive, negative] = [1, 0].map((kind) => {
      const counts = new Map<number, number>();
      places.forEach((place, i) => kinds[i] === kind && counts.set(place, (counts.get(place) ?? 0) + 1));
      return counts;
    });
    const pairs = [...positive].reduce((sum, [place, count]) => sum + count * (negative.get(place) ?? 0), 0);
    const bound = pairs / 2 / (1000 * 2000);
    assert(Math.abs(value - exact) <= bound + 1e-6, `${bins} bins: ${value}, exactly ${exact}, bound ${bound}`);
    if (bins === 4096) assertAlmostEquals(value, exact, 1e-4);
  }
});
