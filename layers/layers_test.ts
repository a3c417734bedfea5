import { assert, assertEquals, assertThrows } from "@std/assert";
import { tensor, zeros } from "../core/creation.ts";
import { jit } from "../core/jit.ts";
import { key } from "../core/random/bits.ts";
import { bernoulli, uniform } from "../core/random/distributions.ts";
import type { Tensor } from "../core/tensor.ts";
import { mapTree } from "../core/tree.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { layerKinds } from "./registry.ts";
import * as layers from "./mod.ts";
import type { Layer, LayerShape, State } from "./mod.ts";

const input = (...shape: LayerShape): Layer => layers.inputLayer({ shape });
const rows = input(null, 6);
const images = input(null, 2, 9, 8);
const sequences = input(null, 5, 6);

/** One or more of each kind, with options that are not the defaults. */
const examples: readonly Layer[] = [
  rows,
  layers.reshapeLayer(rows, { outputShape: [null, 2, 3] }),
  layers.flattenLayer(images),
  layers.flattenLayer(images, { nDim: 3 }),
  layers.activationLayer(rows, { activation: ["elu", { alpha: 0.5 }] }),
  layers.denseLayer(rows, { nUnits: 4, W: "heNormal", activation: layers.relu, l1: 0.1, l2: 0.2 }),
  layers.denseLayer(images, { nUnits: 3, b: ["uniform", { scale: [0, 1] }] }),
  layers.denseLayer(sequences, { nUnits: 3, leadingAxes: 2 }),
  layers.logisticRegression(rows, { nClass: 3, W: ["glorotNormal", { gain: layers.sigmoid }] }),
  layers.dropout(rows, { corruptionLevel: 0.3 }),
  layers.alphaDropout(rows, { corruptionLevel: 0.3 }),
  layers.dropconnect(rows, { nUnits: 3, corruptionLevel: 0.3, activation: "selu", W: layers.seluNormal }),
  layers.poolLayer(images, { poolSize: [2, 3], mode: "average_exc_pad", ignoreBorder: false }),
  layers.poolLayer(images, { poolSize: [3, 2], stride: [2, 1], pad: [1, 0], mode: "sum" }),
  layers.globalPool(images, { mode: "max" }),
  layers.convLayer(images, {
    filterShape: [4, 1, 3, 2],
    groups: 2,
    subsample: [2, 1],
    borderMode: "half",
    b: "normal",
  }),
  layers.convLayer(images, { filterShape: [3, 2, 2, 2], borderMode: [[1, 0], [0, 2]], dilations: [2, 1] }),
  layers.convPoolLayer(images, { filterShape: [3, 2, 3, 3], poolSize: [2, 2], borderMode: "full", filterFlip: false }),
  layers.separableConvLayer(images, { nFilters: 5, filterSize: [3, 2], depthMultiplier: 2, subsample: [1, 2] }),
  layers.batchNormalization(rows, { axis: -2, hasBeta: false }),
  layers.batchNormalization(images, { alpha: 0.5 }),
  layers.layerNormalization(sequences, { epsilon: 1e-3 }),
  layers.embedding(input(null, 4), { nTokens: 7, nUnits: 3 }),
  layers.positionEmbedding(sequences),
  layers.multiHeadAttention(sequences, { nHeads: 3, causal: true }),
  layers.transformerBlock(sequences, { nHeads: 2, nUnits: 5, corruptionLevel: 0.2, activation: "relu" }),
  layers.autoEncoder(rows, { nUnits: 3, corruptionLevel: 0.3, hyperparameters: { epochs: 2 } }),
  layers.autoEncoder(rows, { nUnits: 3, sigma: 0.3, contractionLevel: 0.1, activation: "relu" }),
  layers.rbm(rows, { nUnits: 4, k: 2, persistent: true, hyperparameters: { batchSize: 3 } }),
  layers.rbm(rows, { nUnits: 4 }),
  layers.rnn(sequences, { nUnits: 4, activation: "tanh", goBackwards: true }),
  layers.rnn([sequences, input(null)], { nUnits: 4, lastOnly: false }),
  layers.lstm(sequences, { nUnits: 4, peepholes: true, nOut: 3, outActivation: "softmax" }),
  layers.lstm(sequences, { nUnits: 4, tiedIF: true, lastOnly: false, gradClipping: 1 }),
  layers.gru(sequences, { nUnits: 4, nOut: 2, lastOnly: false, gradClipping: 0.5 }),
  layers.bnLstm(sequences, { nUnits: 4, lastOnly: false }),
  layers.concatenateLayer([images, input(null, 3, 9, 8)]),
  layers.addLayer([rows, rows]),
];

const withBatch = (shape: LayerShape, batch: number) => shape.map((extent) => extent ?? batch);

/** A batch for each incoming layer; whole numbers, so that tokens and lengths are valid. */
function inputsOf({ incoming, outputShape, kind }: Layer, batch: number): Tensor[] {
  const shapes = incoming.length > 0 ? incoming.map((layer) => layer.outputShape) : [outputShape];
  return shapes.map((shape, i) => {
    const values = uniform(key(i), withBatch(shape, batch));
    return kind === "Embedding" || shape.length === 1 ? values.mul(5).floor() : values;
  });
}

function apply(layer: Layer, batch: number, train: boolean): { output: Tensor; state: State } {
  const { params, state } = layer.init(key(1));
  const inputs = inputsOf(layer, batch);
  const run = jit((p: typeof params, inputs: Tensor[], state: State, key: Tensor) => {
    const { output, state: after } = layer.apply(p, inputs.length === 1 ? inputs[0] : inputs, { train, key, state });
    return { output, state: after };
  });
  return run(params, inputs, state, key(2));
}

Deno.test("There is an example of each kind of layer", () => {
  assertEquals([...new Set(examples.map(({ kind }) => kind))].sort(), [...layerKinds].sort());
});

testOnEveryDevice("Each layer computes the shape that it announces, in training and in prediction", () => {
  for (const layer of examples) {
    for (const [batch, train] of [[1, false], [3, true]] as const) {
      const { output, state } = apply(layer, batch, train);
      assertEquals(output.shape, withBatch(layer.outputShape, batch), layer.kind);
      const before = layer.init(key(1)).state;
      assertEquals(
        mapTree((tensor) => zeros([tensor.shape.length]), state),
        mapTree((t) => zeros([t.shape.length]), before),
      );
    }
  }
});

Deno.test("Each layer written as JSON and read again is the same function", async () => {
  for (const layer of examples) {
    const { kind, configuration, incoming } = layer;
    const again = layers.layerFromConfiguration(
      { kind, configuration: JSON.parse(JSON.stringify(configuration)) },
      incoming,
    );
    assertEquals(again.configuration, configuration);
    assertEquals(again.outputShape, layer.outputShape);
    const [before, after] = [apply(layer, 3, true), apply(again, 3, true)];
    assertEquals(await after.output.data(), await before.output.data(), kind);
    assertEquals(again.pretraining?.epochs, layer.pretraining?.epochs);
    assertEquals(again.logits === undefined, layer.logits === undefined);
  }
});

Deno.test("Each layer refuses another input, and names itself and both shapes", () => {
  for (const layer of examples) {
    const { kind, configuration, incoming } = layer;
    const named = layers.layerFromConfiguration({ kind, name: "the third", configuration }, incoming);
    const { params, state } = named.init(key(1));
    const wrong = inputsOf(layer, 3).map((x) => x.reshape([...x.shape, 1]));
    const error = assertThrows(
      () => named.apply(params, wrong, { train: false, state }),
      TypeError,
      `Cannot apply ${kind} "the third" to `,
    );
    assert(error.message.includes("expected [any") && error.message.includes(", 1]"), error.message);
  }
});

Deno.test("Layers that draw random numbers ask for a key in training", () => {
  for (const layer of [layers.dropout(rows), layers.alphaDropout(rows), layers.dropconnect(rows, { nUnits: 2 })]) {
    const { params, state } = layer.init(key(1));
    assertThrows(() => layer.apply(params, zeros([1, 6]), { train: true, state }), TypeError, "expected a random key");
  }
});

Deno.test("Invalid options are refused, and the message has the layer's name, what was expected and what it got", () => {
  const refused: readonly (readonly [() => Layer, string])[] = [
    [() => layers.denseLayer(rows, { nUnits: 0, name: "a" }), 'DenseLayer "a": expected nUnits to be a whole number'],
    [() => layers.denseLayer(input(null, null), { nUnits: 2 }), "axis 1 of its input [any, any] must be known"],
    [() => layers.denseLayer(rows, { nUnits: 2, activation: "rleu" as "relu" }), "did you mean relu?"],
    [
      () => layers.dropout(rows, { corruptionLevel: 1.5 }),
      "expected corruptionLevel to be a number from 0 to 1, got 1.5",
    ],
    [() => layers.convLayer(images, { filterShape: [3, 4, 3, 3] }), "filters [3, 4, 3, 3] in 1 groups do not fit"],
    [() => layers.convLayer(images, { filterShape: [3, 2, 10, 3] }), "are larger than images [any, 2, 9, 8]"],
    [
      () => layers.convLayer(rows, { filterShape: [3, 2, 1, 3] }),
      "expected an input of [batch, channels, height, width]",
    ],
    [() => layers.poolLayer(images, { poolSize: [10, 1] }), "a window of [10, 1] does not fit into [any, 2, 9, 8]"],
    [() => layers.poolLayer(images, { poolSize: [2, 2], pad: [2, 0] }), "expected pad below poolSize, got [2, 0]"],
    [
      () => layers.poolLayer(images, { poolSize: [2, 2], pad: [0, 3], mode: "average_exc_pad" }),
      "windows of [2, 2] would contain nothing but padding, which average_exc_pad leaves out",
    ],
    [() => layers.poolLayer(images, { poolSize: [2, 2], mode: "maxx" as "max" }), "did you mean max?"],
    [
      () => layers.reshapeLayer(rows, { outputShape: [null, 5] }),
      "[any, 6] cannot be reshaped to [any, 5]: the extent in front stands for the batch, but an example of 6 " +
      "elements has no parts of 5",
    ],
    [() => layers.reshapeLayer(rows, { outputShape: [-1, 12] }), "an example of 6 elements has no parts of 12"],
    [() => layers.reshapeLayer(rows, { outputShape: [4, 2] }), "8 elements are no whole number of examples of 6"],
    [() => layers.addLayer([rows, images]), "[any, 6] and [any, 2, 9, 8]: expected equal shapes"],
    [() => layers.concatenateLayer([]), "expected at least one incoming layer"],
    [() => layers.multiHeadAttention(sequences, { nHeads: 4 }), "expected nHeads to divide its 6 features, got 4"],
    [() => layers.rnn(rows, { nUnits: 2 }), "RNN: expected an input of [batch, time, feature], got [any, 6]"],
    [() => layers.bnLstm(input(null, null, 3), { nUnits: 2 }), "the number of time steps must be known"],
    [() => layers.rbm(rows, { nUnits: 2, k: 0 }), "expected k to be a whole number of at least 1, got 0"],
    [() => layers.layerFromConfiguration({ kind: "DensLayer", configuration: {} }, [rows]), "did you mean DenseLayer?"],
    [
      () => layers.layerFromConfiguration({ kind: "Dropout", configuration: {} }, []),
      "expected one incoming layer, got 0",
    ],
  ];
  for (const [make, message] of refused) assertThrows(make, Error, message);
});

Deno.test("Layers whose output or weights would have 2³¹ elements or more are refused", () => {
  const made: readonly (() => Layer)[] = [
    () => input(2, 2 ** 31),
    () => input(2 ** 16, 2 ** 16),
    () => layers.denseLayer(rows, { nUnits: 2 ** 30 }),
    () => layers.lstm(sequences, { nUnits: 2 ** 31 }),
    () => layers.embedding(input(null, 3), { nTokens: 2 ** 31, nUnits: 2 }),
    () => layers.convLayer(images, { filterShape: [2 ** 30, 2, 3, 3] }),
  ];
  for (const make of made) assertThrows(make, RangeError, "a tensor has at most 2147483647 elements, got one of [");
});

Deno.test("A given tensor is the first value, and must have the parameter's shape", async () => {
  const W = tensor([[1, 2], [3, 4]]);
  const layer = layers.denseLayer(input(null, 2), { nUnits: 2, W });
  assertEquals(await layer.init(key(1)).params.W.toArray(), [[1, 2], [3, 4]]);
  assertEquals(layer.configuration.W, { given: [2, 2] });
  const wrong = layers.denseLayer(rows, { nUnits: 2, W, name: "b" });
  assertThrows(() => wrong.init(key(1)), TypeError, 'Cannot make W of DenseLayer "b": ');
});

Deno.test("A function of your own works, is written by its name, and is refused on reading", () => {
  const double = (x: Tensor) => x.mul(2);
  const { configuration } = layers.denseLayer(rows, { nUnits: 2, activation: double });
  assertEquals(configuration.activation, { function: "double" });
  assertThrows(
    () => layers.layerFromConfiguration({ kind: "DenseLayer", configuration }, [rows]),
    TypeError,
    "a function of your own cannot be read",
  );
});

Deno.test("Penalties are the mean sizes and mean squares of the weights", async () => {
  const layer = layers.denseLayer(input(null, 2), { nUnits: 2, W: tensor([[1, -2], [3, -4]]), l1: 0.1, l2: 0.01 });
  const value = await layer.penalty?.(layer.init(key(1)).params)?.item();
  assert(value !== undefined && Math.abs(value - (0.1 * 2.5 + 0.01 * 7.5)) < 1e-6);
  assertEquals(layers.denseLayer(rows, { nUnits: 2 }).penalty?.(layer.init(key(1)).params), null);
  const empty = layers.denseLayer(layers.inputLayer({ shape: [null, 0] }), { nUnits: 2, l1: 1, l2: 1 });
  assertEquals(empty.penalty?.(empty.init(key(1)).params), null, "a mean over no weights would be NaN");
});

testOnEveryDevice("Logits are the input of the softmax of the last layer", async () => {
  const layer = layers.logisticRegression(rows, { nClass: 3, W: "normal" });
  const { params, state } = layer.init(key(1));
  const x = bernoulli(key(2), 0.5, [2, 6]).cast("f32");
  const logits = layer.logits!(params, x, { train: false, state }).output;
  const { output } = layer.apply(params, x, { train: false, state });
  assertEquals(await layers.softmax(logits).data(), await output.data());
  assertEquals(layers.denseLayer(rows, { nUnits: 3 }).logits, undefined);
});

testOnEveryDevice("what a layer or its function returns outlives its input", async () => {
  const made = [
    rows,
    layers.activationLayer(rows, { activation: "linear" }),
    layers.activationLayer(rows, { activation: (x) => x }),
    layers.dropout(rows, { corruptionLevel: 0.3 }),
    layers.alphaDropout(rows, { corruptionLevel: 0.3 }),
    layers.flattenLayer(rows),
    layers.reshapeLayer(rows, { outputShape: [null, 6] }),
    layers.concatenateLayer([rows], {}),
  ];
  const functions: ((x: Tensor) => Tensor)[] = [
    ...made.map((layer) => (x: Tensor) => layer.apply({}, x, { train: false, state: {} }).output),
    (x) => layers.activationLayer(rows, { activation: "softmax" }).logits!({}, x, { train: false, state: {} }).output,
    (x) => layers.linear(x),
    (x) => layers.getActivation("linear")(x),
    (x) => layers.getActivation((x) => x)(x),
    (x) => layers.dropElements(x, key(1), 0),
    (x) => layers.alphaDropElements(x, key(1), 0),
    (x) => layers.flatten(x),
  ];
  for (const [i, call] of functions.entries()) {
    const x = tensor([[1, 2, 3, 4, 5, 6]]).add(1);
    const y = call(x);
    x.dispose();
    assertEquals(await y.toArray(), [[2, 3, 4, 5, 6, 7]], `function ${i}`);
  }
});

Deno.test("a layer may have as many parameters as a tensor has elements, and no more", () => {
  const input = layers.inputLayer({ shape: [null, 1] });
  assertEquals(layers.denseLayer(input, { nUnits: 2 ** 31 - 1 }).outputShape, [null, 2 ** 31 - 1]);
  assertThrows(() => layers.denseLayer(input, { nUnits: 2 ** 31 }), RangeError, "2147483648");
});
