import { assert, assertEquals } from "@std/assert";
import { softmax as coreSoftmax } from "../core/mod.ts";
import { key } from "../core/random/bits.ts";
import { uniform } from "../core/random/distributions.ts";
import type { Tensor } from "../core/tensor.ts";
import { softmax as rootSoftmax } from "../mod.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import * as layers from "./mod.ts";
import type { Layer, LayerShape, OutputValues } from "./mod.ts";

const input = (...shape: LayerShape): Layer => layers.inputLayer({ shape });
const rows = input(null, 6);
const images = input(null, 2, 4, 4);
const sequences = input(null, 5, 6);
const dense = (activation: layers.Activation, nUnits = 4): Layer => layers.denseLayer(rows, { nUnits, activation });
const own = (x: Parameters<typeof layers.softmax>[0]) => x.sigmoid();
const maps = (activation: layers.Activation): Layer =>
  layers.convLayer(images, { filterShape: [2, 2, 1, 1], activation });
const soft = dense("softmax");
const bits = dense("sigmoid");

/** What layers of each kind return. */
const expected: readonly (readonly [layer: Layer, values: OutputValues])[] = [
  [rows, "data"],
  [layers.denseLayer(rows, { nUnits: 2 }), "tanh"],
  [dense(["relu", { alpha: 0.1 }]), "relu"],
  [dense(own), "unknown"],
  [dense(layers.softmax), "softmax"],
  [dense(coreSoftmax), "softmax"],
  [dense([rootSoftmax, {}]), "softmax"],
  [layers.logisticRegression(rows, { nClass: 2 }), "softmax"],
  [layers.logisticRegression(rows, { nClass: 2, activation: "linear" }), "linear"],
  [layers.dropconnect(rows, { nUnits: 2, activation: "sigmoid" }), "sigmoid"],
  [layers.autoEncoder(rows, { nUnits: 2 }), "sigmoid"],
  [layers.rbm(rows, { nUnits: 2 }), "sigmoid"],
  [layers.activationLayer(dense("linear"), { activation: "softmax" }), "softmax"],
  [layers.activationLayer(soft), "softmax"],
  [layers.activationLayer(soft, { activation: "relu" }), "softmax"],
  [layers.activationLayer(bits, { activation: ["elu", { alpha: 2 }] }), "sigmoid"],
  [layers.activationLayer(bits, { activation: "selu" }), "selu"],
  [layers.activationLayer(dense("linear"), { activation: "relu" }), "relu"],
  [layers.dropout(soft), "softmax"],
  [layers.dropout(dense("linear")), "linear"],
  [layers.alphaDropout(bits), "sigmoid"],
  [layers.reshapeLayer(soft, { outputShape: [null, 1, 4] }), "softmax"],
  [layers.reshapeLayer(soft, { outputShape: [null, 2, 2] }), "shares"],
  [layers.reshapeLayer(bits, { outputShape: [null, 2, 2] }), "sigmoid"],
  [layers.flattenLayer(soft), "softmax"],
  [layers.flattenLayer(maps("softmax")), "shares"],
  [layers.flattenLayer(rows), "data"],
  [maps("gelu"), "gelu"],
  [layers.convPoolLayer(images, { filterShape: [2, 2, 1, 1], poolSize: [2, 2], activation: "relu" }), "relu"],
  [layers.separableConvLayer(images, { nFilters: 2, filterSize: [1, 1], activation: "sigmoid" }), "sigmoid"],
  [layers.poolLayer(maps("softmax"), { poolSize: [2, 2] }), "shares"],
  [layers.poolLayer(maps("sigmoid"), { poolSize: [2, 2], mode: "sum" }), "any"],
  [layers.globalPool(maps("linear")), "linear"],
  [layers.globalPool(maps("sigmoid"), { mode: "sum" }), "any"],
  [layers.batchNormalization(bits), "any"],
  [layers.layerNormalization(bits), "any"],
  [layers.embedding(input(null, 4), { nTokens: 7, nUnits: 3 }), "any"],
  [layers.positionEmbedding(sequences), "any"],
  [layers.multiHeadAttention(sequences, { nHeads: 2 }), "any"],
  [layers.transformerBlock(sequences, { nHeads: 2, activation: "sigmoid" }), "any"],
  [layers.rnn(sequences, { nUnits: 2, activation: "softmax" }), "softmax"],
  [layers.lstm(sequences, { nUnits: 2 }), "tanh"],
  [layers.lstm(sequences, { nUnits: 2, activation: "sigmoid" }), "shares"],
  [layers.lstm(sequences, { nUnits: 2, nOut: 1, activation: "sigmoid" }), "linear"],
  [layers.lstm(sequences, { nUnits: 2, nOut: 3, outActivation: "softmax" }), "softmax"],
  [layers.gru(sequences, { nUnits: 2, nOut: 1, outActivation: own }), "unknown"],
  [layers.bnLstm(sequences, { nUnits: 2, activation: "softmax" }), "shares"],
  [layers.concatenateLayer([bits, bits]), "sigmoid"],
  [layers.concatenateLayer([soft]), "softmax"],
  [layers.concatenateLayer([soft, soft]), "shares"],
  [layers.concatenateLayer([soft, bits]), "shares"],
  [layers.concatenateLayer([soft, dense("linear")]), "any"],
  [layers.concatenateLayer([soft, dense(own)]), "unknown"],
  [layers.addLayer([bits, bits]), "any"],
];

Deno.test("Each layer declares what its output is, and layers that only pass values on keep it", () => {
  for (const [layer, values] of expected) {
    assertEquals(layer.outputValues, values, `${layer.kind} ${JSON.stringify(layer.configuration)}`);
  }
  assertEquals([...new Set(expected.map(([{ kind }]) => kind))].sort(), [...layers.layerKinds].sort());
});

testOnEveryDevice("Layers that declare a softmax or numbers from 0 to 1 return them", async () => {
  for (const [layer, values] of expected) {
    if (!["softmax", "sigmoid", "shares"].includes(values)) continue;
    const output = outputOf(layer);
    const numbers = await output.data();
    assert(numbers.every((one) => one >= 0 && one <= 1), layer.kind);
    if (values !== "softmax") continue;
    for (const sum of await output.sum({ axis: -1 }).data()) assert(Math.abs(sum - 1) < 1e-5, layer.kind);
  }
});

/** The output for random inputs, of a layer and of all layers before it. */
function outputOf(layer: Layer): Tensor {
  const shape = layer.outputShape.map((extent) => extent ?? 3);
  if (layer.incoming.length === 0) return uniform(key(1), shape);
  const inputs = layer.incoming.map((one) => outputOf(one));
  const { params, state } = layer.init(key(2));
  return layer.apply(params, inputs.length === 1 ? inputs[0] : inputs, { train: false, state }).output;
}
