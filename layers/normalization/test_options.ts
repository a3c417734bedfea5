/**
 * Tests of the options of normalizations, by their definitions.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { key } from "../../core/random/bits.ts";
import { assertElements, type OptionTests } from "../../tests/option_definitions.ts";
import * as layers from "../mod.ts";
import * as plain from "../test_numbers.ts";

const { input, assertOutput, checkName, mean, variance } = plain;

/** [batch, channel, time]; the statistics are those of the elements that agree in the other axes. */
const x = plain.matrices(3, 2, 4);

/** The elements of `x` by the names of their groups, which have the same indices along the kept axes. */
function grouped(axes: readonly number[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  visit((name, value) => groups.set(name, [...groups.get(name) ?? [], value]), axes);
  return groups;
}

function visit(use: (name: string, value: number) => void, axes: readonly number[]): void {
  x.forEach((channels, i) =>
    channels.forEach((row, j) =>
      row.forEach((value, k) => use(String([i, j, k].filter((_, axis) => !axes.includes(axis))), value))
    )
  );
}

/** γ (x − mean) / √(variance + ε) + β with the numbers of each group, in the order of x. */
function normalized(
  axes: readonly number[],
  statistics: (name: string, number: number) => readonly [mean: number, variance: number],
  { gamma, beta, epsilon = 1e-5 }: { readonly gamma: plain.Row; readonly beta?: plain.Row; readonly epsilon?: number },
): number[] {
  const numbers = new Map([...grouped(axes).keys()].map((name, i) => [name, i]));
  const found: number[] = [];
  visit((name, value) => {
    const number = numbers.get(name)!;
    const [mean, variance] = statistics(name, number);
    found.push(gamma[number] * (value - mean) / Math.sqrt(variance + epsilon) + (beta?.[number] ?? 0));
  }, axes);
  return found;
}

const make = (options?: layers.BatchNormalizationOptions) => layers.batchNormalization(input(3, 2, 4), options);

/** Checks a layer whose statistics are taken over these axes, in training and in prediction. */
async function check(
  axes: readonly number[],
  shape: readonly number[],
  options: layers.BatchNormalizationOptions,
): Promise<void> {
  const { alpha = 0.1, epsilon = 1e-5, hasBeta = true } = options;
  const groups = grouped(axes);
  const count = groups.size;
  const filled = (of: (i: number) => number): plain.Nested => plain.nest(shape, of);
  const [gamma, beta, mean_, variance_] = [2, 3, 4, 5].map((seed) => plain.row(count, seed).map((one) => one + 2));
  const params = { gamma: filled((i) => gamma[i]), ...hasBeta && { beta: filled((i) => beta[i]) } };
  const state = { mean: filled((i) => mean_[i]), variance: filled((i) => variance_[i]) };
  const run = { layer: make(options), params, state, x };
  const factors = { gamma, epsilon, ...hasBeta && { beta } };
  const batch = (name: string): [number, number] => [mean(groups.get(name)!), variance(groups.get(name)!)];
  await assertOutput(run, normalized(axes, (_, i) => [mean_[i], variance_[i]], factors), "in prediction");
  await assertOutput({ ...run, train: true }, normalized(axes, batch, factors), "in training");
  const after = plain.applied({ ...run, train: true }).state;
  const names = [...groups.keys()];
  const size = 24 / count;
  await assertElements(after.mean, names.map((name, i) => (1 - alpha) * mean_[i] + alpha * batch(name)[0]));
  await assertElements(
    after.variance,
    names.map((name, i) => (1 - alpha) * variance_[i] + alpha * batch(name)[1] * size / (size - 1)),
  );
  assertEquals(Object.keys(make(options).init(key(1)).params), hasBeta ? ["gamma", "beta"] : ["gamma"]);
}

/** Tests of the options of `batchNormalization`. */
export const batchNormalization: OptionTests<layers.BatchNormalizationOptions> = {
  name: () => checkName((name) => make({ name })),
  axis: async () => {
    await check([0, 1], [4], {});
    await check([0], [2, 4], { axis: 0 });
    await check([2], [3, 2], { axis: -1 });
    await check([0, 2], [2], { axis: [0, -1] });
    await check([0, 1, 2], [], { axis: [0, 1, 2] });
    const images = layers.batchNormalization(input(null, 5, 3, 2));
    assertEquals(images.init(key(1)).params.gamma.shape, [5]);
  },
  alpha: async () => {
    for (const alpha of [0, 0.25, 1]) await check([0, 1], [4], { alpha });
  },
  epsilon: async () => {
    for (const epsilon of [0, 0.5, 3]) await check([0, 1], [4], { epsilon });
  },
  hasBeta: async () => {
    for (const hasBeta of [true, false]) await check([0, 1], [4], { hasBeta });
  },
};

/** Tests of the options of `layerNormalization`. */
export const layerNormalization: OptionTests<layers.LayerNormalizationOptions> = {
  name: () => checkName((name) => layers.layerNormalization(input(null, 2, 4), { name })),
  epsilon: async () => {
    const [gamma, beta] = [plain.row(4, 2), plain.row(4, 3)];
    for (const epsilon of [0, 0.5, 3, undefined]) {
      const layer = layers.layerNormalization(input(null, 2, 4), epsilon === undefined ? {} : { epsilon });
      await assertOutput({ layer, params: { gamma, beta }, x }, normalizedRows(x, { gamma, beta, epsilon }));
    }
  },
};

/** Normalizes each row; the functions of attention do so before their halves. */
function normalizedRows(
  x: readonly plain.Matrix[],
  { gamma, beta, epsilon = 1e-5 }: {
    readonly gamma: plain.Row;
    readonly beta: plain.Row;
    readonly epsilon?: number | undefined;
  },
): number[][][] {
  return x.map((rows) =>
    rows.map((row) => row.map((one, j) => gamma[j] * (one - mean(row)) / Math.sqrt(variance(row) + epsilon) + beta[j]))
  );
}
