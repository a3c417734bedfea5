import { assertAlmostEquals, assertEquals, assertStrictEquals } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { fitPreprocessing } from "../../data/steps/fit_preprocessing.ts";
import type { ColumnSteps } from "../../data/steps/registry.ts";
import type { Cell } from "../../data/table/column.ts";
import { tableOf } from "../../data/table/table_of.ts";
import { meanAbsoluteError, meanSquaredError, type Objective } from "../../optim/objectives.ts";
import { inUnits } from "./target_units.ts";

/** The preprocessing of a table whose target has these values. */
function preprocessingOf(target: readonly Cell[], steps: ColumnSteps) {
  const table = tableOf(target.map((y, x) => ({ x, y })));
  return fitPreprocessing(table, { inputs: { x: [] }, targets: { y: steps } });
}

const numbers = [10, 20, 30, 60]; // mean 30, deviation √350
const deviation = Math.sqrt(350);

/** The errors of predictions 1, 0 and targets 0, 2, as a network sees them. */
async function errorsOf(error: Objective, steps: ColumnSteps): Promise<number[]> {
  const { error: judge } = inUnits({ error }, preprocessingOf(numbers, steps));
  return [...await judge!(tensor([[1], [0]]), tensor([[0], [2]])).data()];
}

Deno.test("errors of scaled targets are in the units of the table", async () => {
  const close = (actual: readonly number[], wanted: readonly number[]): void => {
    assertEquals(actual.length, wanted.length);
    actual.forEach((one, i) => assertAlmostEquals(one, wanted[i], 1e-4 * wanted[i]));
  };
  close(await errorsOf(meanAbsoluteError, ["standardize"]), [deviation, 2 * deviation]);
  close(await errorsOf(meanSquaredError, ["standardize"]), [deviation ** 2, 4 * deviation ** 2]);
  close(await errorsOf(meanAbsoluteError, ["normalize"]), [50, 100]);
});

Deno.test("errors of logarithms are those of the numbers, whatever follows", async () => {
  const logs = numbers.map((one) => Math.log(one + 1));
  const mean = logs.reduce((sum, one) => sum + one) / logs.length;
  const spread = Math.sqrt(logs.reduce((sum, one) => sum + (one - mean) ** 2, 0) / logs.length);
  const scaled = (x: number): number => Math.exp(x * spread + mean);
  const [first, second] = await errorsOf(meanAbsoluteError, [["log", { offset: 1 }], "standardize"]);
  assertAlmostEquals(first, scaled(1) - scaled(0), 1e-3);
  assertAlmostEquals(second, scaled(2) - scaled(0), 1e-3);
  const alone = await errorsOf(meanAbsoluteError, [["log", { offset: 1 }]]);
  assertAlmostEquals(alone[0], Math.E - 1, 1e-5);
  assertAlmostEquals(alone[1], Math.E ** 2 - 1, 1e-5);
});

Deno.test("tasks whose targets are as they are in the table, or classes, stay as they are", () => {
  const task = { error: meanAbsoluteError };
  assertStrictEquals(inUnits(task, undefined), task);
  assertStrictEquals(inUnits(task, preprocessingOf(numbers, [])), task);
  assertStrictEquals(inUnits(task, preprocessingOf(["a", "b", "a", "c"], ["classes"])), task);
});

Deno.test("an error of your own gets predictions and targets in the units of the table", async () => {
  const predicted: Objective = (prediction) => prediction.reshape([2]);
  const wanted: Objective = (_prediction, target) => target.reshape([2]);
  const both = async (steps: ColumnSteps): Promise<number[]> => [
    ...await errorsOf(predicted, steps),
    ...await errorsOf(wanted, steps),
  ];
  const close = async (steps: ColumnSteps, numbers: readonly number[]): Promise<void> =>
    (await both(steps)).forEach((one, i) => assertAlmostEquals(one, numbers[i], 1e-4));
  await close(["standardize"], [30 + deviation, 30, 30, 30 + 2 * deviation]);
  await close(["normalize"], [60, 10, 10, 110]);
  await close([["log", { offset: 1 }]], [Math.E - 1, 0, 0, Math.E ** 2 - 1]);
});

Deno.test("each of several targets is converted by its own steps, and one number everywhere stays itself", async () => {
  const table = tableOf(numbers.map((y, x) => ({ x, y, z: 7 })));
  const targets = { y: ["normalize"], z: ["normalize"] } as const;
  const preprocessing = fitPreprocessing(table, { inputs: { x: [] }, targets });
  const seen = async (prediction: number[][]): Promise<readonly number[]> => {
    const own: Objective = (one) => one;
    const { error } = inUnits({ error: own }, preprocessing);
    return [...await error(tensor(prediction), tensor(prediction)).data()];
  };
  assertEquals(await seen([[0, 0], [1, 0.5]]), [10, 7, 60, 7.5]);
  assertEquals(await seen([[0, 0, 0]]), [0, 0, 0], "another width, which the metric refuses");
});
