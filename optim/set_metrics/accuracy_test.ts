import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { accuracy, topKAccuracy } from "./accuracy.ts";
import { assertValue, classes, EXAMPLES, probabilities, scores, weights } from "./testing.ts";

const bySet = { prediction: probabilities, target: classes };
const weighted = { ...bySet, weights };
const rows = classes.map((one) => [0, 1, 2, 3].map((j) => j === one ? 1 : 0));

testOnEveryDevice("accuracy has the values of scikit-learn, with weights and without", async () => {
  // accuracy_score(y, P.argmax(1)), and with sample_weight=w
  await assertValue(accuracy(), bySet, { expected: 0.459459459 });
  await assertValue(accuracy(), weighted, { expected: 0.319444444 });
  await assertValue(accuracy(), { ...bySet, target: rows }, { expected: 0.459459459 });
});

testOnEveryDevice("accuracy of a single column counts answers, and with a threshold those of each column", async () => {
  const prediction = scores.map(([one]) => one);
  const target = classes.map((one) => one === 1 ? 1 : 0);
  const share = (least: number, weight = (_: number) => 1): number => {
    const right = prediction.map((one, i) => (one >= least) === (target[i] === 1) ? weight(i) : 0);
    return right.reduce((a, b) => a + b) / prediction.reduce((sum, _, i) => sum + weight(i), 0);
  };
  await assertValue(accuracy(), { prediction, target }, { expected: share(0.5) });
  await assertValue(accuracy({ threshold: 0 }), { prediction, target }, { expected: share(0) });
  await assertValue(accuracy(), { prediction: prediction.map((one) => [one]), target }, { expected: share(0.5) });
  await assertValue(accuracy(), { prediction, target, weights }, { expected: share(0.5, (i) => weights[i]) });
  const questions = scores.map((row) => row.map((one) => one >= 0.3 ? 1 : 0));
  const right = questions.flatMap((row, i) =>
    row.map((one, j) => (scores[EXAMPLES - 1 - i][j] >= 0.3 ? 1 : 0) === one)
  );
  const expected = right.filter((one) => one).length / right.length;
  await assertValue(accuracy({ threshold: 0.3 }), { prediction: scores.toReversed(), target: questions }, { expected });
});

testOnEveryDevice("predictions that are NaN are wrong, and examples with the weight 0 do not count", async () => {
  const prediction = [[NaN, 1], [0, 1], [1, NaN]];
  await assertValue(accuracy(), { prediction, target: [1, 1, 0] }, { expected: 1 / 3 });
  await assertValue(accuracy(), { prediction, target: [1, 1, 0], weights: [0, 1, 0] }, { expected: 1 });
  await assertValue(accuracy(), { prediction: [NaN, NaN, 0], target: [0, 1, 0] }, { expected: 1 / 3 });
  await assertValue(topKAccuracy({ k: 2 }), { prediction, target: [1, 1, 0] }, { expected: 1 / 3 });
  await assertValue(accuracy(), { prediction, target: [1, 1, 0], weights: [0, 0, 0] }, { expected: NaN });
});

testOnEveryDevice(
  "top-k accuracy has the values of scikit-learn; the first of equal predictions come first",
  async () => {
    // top_k_accuracy_score(y, P, k=2), and with sample_weight=w
    await assertValue(topKAccuracy({ k: 2 }), bySet, { expected: 0.621621622 });
    await assertValue(topKAccuracy({ k: 2 }), weighted, { expected: 0.597222222 });
    await assertValue(topKAccuracy({ k: 2 }), { ...bySet, target: rows }, { expected: 0.621621622 });
    await assertValue(topKAccuracy({ k: 4 }), bySet, { expected: 1 });
    const equal = { prediction: [[1, 1, 1], [1, 1, 1], [1, 1, 1], [-Infinity, 0, -Infinity]], target: [0, 1, 2, 2] };
    await assertValue(topKAccuracy({ k: 2 }), equal, { expected: 0.5 });
    await assertValue(topKAccuracy({ k: 1 }), equal, { expected: 0.25 });
  },
);

testOnEveryDevice("weights may be those of time steps, or say which ones count", async () => {
  const metric = accuracy();
  const prediction = tensor([[[1, 0], [0, 1]], [[0, 1], [1, 0]]]); // [example, time, class]
  const target = tensor([[0, 0], [1, 1]]);
  const value = async (weights: ReturnType<typeof tensor>): Promise<number> =>
    await metric.result(metric.update(metric.init(prediction, target, { weights }), prediction, target, { weights }))
      .item();
  assertEquals(await value(tensor([1, 0])), 0.5);
  assertEquals(await value(tensor([[1, 0], [3, 0]])), 1);
  assertEquals(await value(tensor([[1, 1], [0, 0]]).greater(0)), 0.5);
  const mask = tensor([[1, 0], [0, 0]]).greater(0);
  const state = metric.update(metric.init(prediction, target), prediction, target, { weights: mask });
  assertEquals(await metric.result(state).item(), 1);
});

Deno.test("shapes that do not fit are refused before anything is counted", () => {
  const prediction = tensor([[0.5, 0.5], [1, 0]]);
  const target = tensor([1, 0]);
  assertThrows(
    () => accuracy().init(prediction, tensor([[1], [0]])),
    TypeError,
    "class numbers of [2], or rows of [2, 2]",
  );
  assertThrows(() => topKAccuracy().init(prediction, target), RangeError, "expected at least 5 classes, got 2");
  assertThrows(
    () => accuracy().update(accuracy().init(prediction, target), prediction, target, { weights: tensor([1, 1]) }),
    TypeError,
    "expected the state of init(prediction, target, { weights })",
  );
  const form = { weights: tensor([1, 1, 1]) };
  assertThrows(
    () => accuracy().update(accuracy().init(prediction, target, form), prediction, target, form),
    TypeError,
    "expected weights of [2]",
  );
  assertThrows(() => accuracy({ treshold: 1 } as never), RangeError, "did you mean threshold?");
});
