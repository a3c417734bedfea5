/**
 * Tests of the options of dense layers, and of layers without weights, by their definitions.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { key } from "../core/random/bits.ts";
import type { OptionTests } from "../tests/option_definitions.ts";
import * as layers from "./mod.ts";
import type { DenseOptions, Layer } from "./mod.ts";
import * as plain from "./test_numbers.ts";

const { input, assertOutput, checkName, flat, matrices, matrix, row } = plain;

/** The options that all dense layers have; `nUnits` has other names, too. */
type Dense = Omit<DenseOptions, "nUnits">;

/** A kind of dense layer, and its defaults. */
export interface DenseKind {
  make(incoming: Layer, nUnits: number, options?: Dense): Layer;
  readonly W: plain.Start;
  readonly activation: keyof typeof plain.activations;
  /** Other parameters. */
  readonly params?: Readonly<Record<string, plain.Nested>>;
}

const [W, b, x] = [matrix(3, 2, 2), row(2, 3), matrix(4, 3)];

/** Tests of the options of a kind of dense layer. */
export function denseTests(
  { make, W: byDefault, activation, params = {} }: DenseKind,
): OptionTests<DenseOptions> {
  const through = (name: keyof typeof plain.activations, x: plain.Matrix, W: plain.Matrix, b: plain.Row) =>
    plain.affine(x, W, b).map(plain.activations[name]);
  return {
    name: () => checkName((name) => make(input(null, 3), 2, { name })),
    nUnits: () => {
      const layer = make(input(null, 3), 5);
      assertEquals([layer.outputShape, layer.init(key(1)).params.W.shape], [[null, 5], [3, 5]]);
    },
    W: () =>
      plain.checkStart((W) => make(input(null, 40), 30, W === undefined ? {} : { W }), {
        name: "W",
        shape: [40, 30],
        byDefault,
      }),
    b: () =>
      plain.checkStart((b) => make(input(null, 40), 30, b === undefined ? {} : { b }), {
        name: "b",
        shape: [30],
        byDefault: { value: 0 },
      }),
    activation: async () => {
      const names = Object.keys(plain.activations) as (keyof typeof plain.activations)[];
      for (const name of [...names, undefined]) {
        const layer = make(input(null, 3), 2, name ? { activation: name } : {});
        await assertOutput({ layer, params: { ...params, W, b }, x }, through(name ?? activation, x, W, b), name);
      }
    },
    leadingAxes: async () => {
      const steps = matrices(2, 3, 4);
      const of = (leadingAxes: number | undefined, inputs: number) => ({
        layer: make(input(null, 3, 4), 2, { activation: "linear", ...leadingAxes && { leadingAxes } }),
        params: { ...params, W: matrix(inputs, 2, 2), b },
        x: steps,
      });
      const apart = steps.flatMap((rows) => plain.affine(rows, matrix(4, 2, 2), b));
      const joined = plain.affine(steps.map(flat), matrix(12, 2, 2), b);
      for (const one of [1, undefined]) await assertOutput(of(one, 12), joined, `${one}`);
      await assertOutput(of(2, 4), apart, "2");
      const single = flat(steps).map((one) => [one]);
      await assertOutput(of(3, 1), plain.affine(single, matrix(1, 2, 2), b), "3");
      assertEquals(of(2, 4).layer.outputShape, [null, 3, 2]);
      assertThrows(() => of(4, 1), RangeError, "expected leadingAxes of at most 3");
    },
    l1: () => plain.checkPenalty((penalties) => make(input(null, 3), 2, penalties), W),
    l2: () => plain.checkPenalty((penalties) => make(input(null, 3), 2, penalties), W),
  };
}

/** Tests of the options of `denseLayer`. */
export const denseLayer: OptionTests<DenseOptions> = denseTests({
  make: (incoming, nUnits, options) => layers.denseLayer(incoming, { nUnits, ...options }),
  W: { bound: Math.sqrt(6 / 70) },
  activation: "tanh",
});

const { nUnits: nClass, ...regression } = denseTests({
  make: (incoming, nClass, options) => layers.logisticRegression(incoming, { nClass, ...options }),
  W: { value: 0 },
  activation: "softmax",
});

/** Tests of the options of `logisticRegression`. */
export const logisticRegression: OptionTests<layers.LogisticRegressionOptions> = { ...regression, nClass };

/** The share of dropped elements, within five standard deviations. */
function assertShare(dropped: number, all: number, level: number): void {
  const deviation = Math.sqrt(level * (1 - level) * all);
  assert(Math.abs(dropped - level * all) <= 5 * deviation, `expected a share of ${level}, got ${dropped} of ${all}`);
}

/** Tests of the options of `dropconnect`. */
export const dropconnect: OptionTests<layers.DropconnectOptions> = {
  ...denseTests({
    make: (incoming, nUnits, options) => layers.dropconnect(incoming, { nUnits, ...options }),
    W: { bound: Math.sqrt(6 / 70) },
    activation: "tanh",
  }),
  corruptionLevel: async () => {
    const [W, ones] = [matrix(40, 30).map((row) => row.map((one) => one + 2)), plain.nest<number[]>([30], () => 1)];
    // The rows of the identity show the weights that were kept.
    const x = plain.nest<number[][]>([40, 40], (i) => Number(i % 41 === 0));
    for (const level of [0, 0.25, undefined, 1]) {
      const options = {
        nUnits: 30,
        activation: "linear",
        ...level !== undefined && { corruptionLevel: level },
      } as const;
      const layer = layers.dropconnect(input(null, 40), options);
      const run = { layer, params: { W, b: ones }, x };
      await assertOutput(run, W.map((row) => row.map((one) => one + 1)));
      const weights = [...await plain.applied({ ...run, train: true }).output.data()].map((one) => Number(one) - 1);
      const kept = 1 - (level ?? 0.5);
      const wanted = flat(W).map((one, i) => Math.abs(weights[i]) < 1e-6 ? 0 : one / kept);
      wanted.forEach((one, i) => assert(Math.abs(weights[i] - one) < 1e-4, `${weights[i]} instead of ${one}`));
      assertShare(wanted.filter((one) => one === 0).length, wanted.length, 1 - kept);
    }
  },
};

/** How a layer drops elements. */
interface Dropping {
  make(options: layers.DropoutOptions): Layer;
  /** What a kept and a dropped element become. */
  kept(x: number, level: number): number;
  dropped(level: number): number;
}

function dropTests({ make, kept, dropped }: Dropping): OptionTests<layers.DropoutOptions> {
  return {
    name: () => checkName((name) => make({ name })),
    corruptionLevel: async () => {
      const x = matrix(40, 50).map((row) => row.map((one) => one + 3));
      for (const given of [0, 0.25, undefined]) {
        const level = given ?? 0.5;
        const layer = make(given === undefined ? {} : { corruptionLevel: given });
        await assertOutput({ layer, x }, x);
        const values = [...await plain.applied({ layer, x, train: true }).output.data()].map(Number);
        const gone = values.map((one) => Math.abs(one - dropped(level)) < 1e-5);
        flat(x).forEach((one, i) => {
          const wanted = gone[i] ? dropped(level) : kept(one, level);
          assert(Math.abs(values[i] - wanted) < 2e-5, `${level}: ${one} became ${values[i]} instead of ${wanted}`);
        });
        assertShare(gone.filter(Boolean).length, values.length, level);
      }
      const nothing = make({ corruptionLevel: 1 });
      await assertOutput({ layer: nothing, x, train: true }, flat(x).map(() => 0));
    },
  };
}

/** Tests of the options of `dropout`. */
export const dropout: OptionTests<layers.DropoutOptions> = dropTests({
  make: (options) => layers.dropout(input(null, 50), options),
  kept: (x, level) => x / (1 - level),
  dropped: () => 0,
});

// The lowest value of selu, −λα; the affine map restores the mean 0 and the variance 1 of the source.
const LOWEST = -1.0507009873554805 * 1.6732632423543772;
const alphaScale = (level: number): number => 1 / Math.sqrt((1 - level) * (1 + level * LOWEST ** 2));

/** Tests of the options of `alphaDropout`. */
export const alphaDropout: OptionTests<layers.DropoutOptions> = dropTests({
  make: (options) => layers.alphaDropout(input(null, 50), options),
  kept: (x, level) => alphaScale(level) * (x - level * LOWEST),
  dropped: (level) => alphaScale(level) * (LOWEST - level * LOWEST),
});

/** Tests of the options of `inputLayer`. */
export const inputLayer: OptionTests<layers.InputOptions> = {
  name: () => checkName((name) => layers.inputLayer({ shape: [null, 3], name })),
  shape: async () => {
    for (const shape of [[null, 3], [4, 3], [null, null]]) {
      const layer = layers.inputLayer({ shape });
      assertEquals(layer.outputShape, shape);
      await assertOutput({ layer, x }, x);
    }
    assertThrows(() => plain.applied({ layer: input(null, 2), x }), TypeError, "[4, 3]");
  },
};

/** Tests of the options of `reshapeLayer`. */
export const reshapeLayer: OptionTests<layers.ReshapeOptions> = {
  name: () => checkName((name) => layers.reshapeLayer(input(null, 6), { outputShape: [null, 2, 3], name })),
  outputShape: async () => {
    const x = matrix(4, 6);
    for (const outputShape of [[null, 2, 3], [-1, 6], [8, 3], [2, -1, 3], [4, null, 2], [1, -1], [3, 2, null]]) {
      const layer = layers.reshapeLayer(input(null, 6), { outputShape });
      await assertOutput({ layer, x }, x);
      const open = 24 / outputShape.reduce<number>((size, extent) => size * Math.max(1, extent ?? 1), 1);
      assertEquals(
        plain.applied({ layer, x }).output.shape,
        outputShape.map((extent) => extent === null || extent < 0 ? open : extent),
      );
    }
  },
};

/** Tests of the options of `flattenLayer`. */
export const flattenLayer: OptionTests<layers.FlattenOptions> = {
  name: () => checkName((name) => layers.flattenLayer(input(null, 2, 3), { name })),
  nDim: async () => {
    const x = matrices(4, 2, 3);
    for (const [nDim, shape] of [[1, [24]], [2, [4, 6]], [undefined, [4, 6]], [3, [4, 2, 3]]] as const) {
      const layer = layers.flattenLayer(input(null, 2, 3), nDim ? { nDim } : {});
      await assertOutput({ layer, x }, x);
      assertEquals(plain.applied({ layer, x }).output.shape, [...shape]);
    }
  },
};

/** Tests of the options of `activationLayer`. */
export const activationLayer: OptionTests<layers.ActivationLayerOptions> = {
  name: () => checkName((name) => layers.activationLayer(input(null, 3), { name })),
  activation: async () => {
    for (const [name, activate] of Object.entries(plain.activations)) {
      const layer = layers.activationLayer(input(null, 3), { activation: name as layers.ActivationName });
      await assertOutput({ layer, x }, x.map(activate), name);
    }
    const leaky = layers.activationLayer(input(null, 3), { activation: ["relu", { alpha: 0.25 }] });
    await assertOutput({ layer: leaky, x }, flat(x).map((one) => one > 0 ? one : one / 4));
    await assertOutput({ layer: layers.activationLayer(input(null, 3)), x }, x);
  },
};

/** Tests of the options of `concatenateLayer`. */
export const concatenateLayer: OptionTests<layers.ConcatenateOptions> = {
  name: () => checkName((name) => layers.concatenateLayer([input(null, 3)], { name })),
  axis: async () => {
    const [first, second] = [matrices(2, 2, 3), matrices(2, 2, 3, 2)];
    const joined: Readonly<Record<string, plain.Nested>> = {
      "0": [...first, ...second],
      "1": first.map((rows, i) => [...rows, ...second[i]]),
      "2": first.map((rows, i) => rows.map((row, j) => [...row, ...second[i][j]])),
    };
    for (const [axis, wanted] of [[0, "0"], [1, "1"], [2, "2"], [-1, "2"], [undefined, "1"]] as const) {
      const two = [input(2, 2, 3), input(2, 2, 3)];
      const layer = layers.concatenateLayer(two, axis === undefined ? {} : { axis });
      const both = [plain.asTensor(first), plain.asTensor(second)];
      const { output } = layer.apply({}, both, { train: false, state: {} });
      assertEquals([...await output.data()], [...await plain.asTensor(joined[wanted]).data()]);
      assertEquals(output.shape, [2, 2, 3].with(axis ?? 1, [2, 2, 3].at(axis ?? 1)! * 2));
      assertEquals(layer.outputShape, output.shape);
    }
  },
};

/** Tests of the options of `addLayer`. */
export const addLayer: OptionTests<layers.LayerOptions> = {
  name: () => checkName((name) => layers.addLayer([input(null, 3)], { name })),
};
