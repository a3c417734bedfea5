/**
 * Layers at the limits of what their shapes allow, and beyond.
 *
 * @module
 */

import * as layers from "../../layers/mod.ts";
import type { LayerShape } from "../../layers/mod.ts";
import { outcomeOf } from "./reader_results.ts";
import type { Recording } from "./recording.ts";

const input = (...shape: LayerShape): layers.Layer => layers.inputLayer({ shape });
const rows = input(null, 6);
const images = input(null, 2, 7, 6);
const sequences = input(null, 5, 6);

type Calls = readonly (() => layers.Layer)[];

const pools: Calls = [
  ...[[7, 6], [8, 6], [7, 7]].map((poolSize) => () =>
    layers.poolLayer(images, { poolSize: [poolSize[0], poolSize[1]] })
  ),
  ...[[1, 1], [2, 0], [0, 2], [1, 2]].flatMap(([down, right]) =>
    (["max", "sum", "average_inc_pad", "average_exc_pad"] as const).map((mode) => () =>
      layers.poolLayer(images, { poolSize: [2, 2], pad: [down, right], mode })
    )
  ),
  () => layers.poolLayer(images, { poolSize: [9, 8], pad: [1, 1] }),
  () => layers.poolLayer(images, { poolSize: [10, 8], pad: [1, 1] }),
  () => layers.poolLayer(images, { poolSize: [7, 6], ignoreBorder: false, stride: [8, 9] }),
  () => layers.poolLayer(rows, { poolSize: [2, 2] }),
  () => layers.globalPool(images),
  () => layers.globalPool(rows),
];

const convolutions: Calls = [
  ...[[4, 2, 7, 6], [4, 2, 8, 6], [4, 2, 7, 7], [4, 1, 3, 3], [4, 3, 3, 3]].map((filterShape) => () =>
    Reflect.apply(layers.convLayer, undefined, [images, { filterShape }])
  ),
  ...[1, 2, 3, 4].map((groups) => () => layers.convLayer(images, { filterShape: [4, 2 / groups, 2, 2], groups })),
  () => layers.convLayer(images, { filterShape: [3, 1, 2, 2], groups: 2 }),
  () => layers.convLayer(images, { filterShape: [4, 2, 4, 3], dilations: [2, 2] }),
  () => layers.convLayer(images, { filterShape: [4, 2, 5, 3], dilations: [2, 2] }),
  () => layers.convLayer(images, { filterShape: [4, 2, 9, 6], borderMode: [1, 0] }),
  () => layers.convLayer(images, { filterShape: [4, 2, 10, 6], borderMode: [1, 0] }),
  () => layers.convLayer(images, { filterShape: [4, 2, 2, 2], imageShape: [null, 2, 7, 6] }),
  () => layers.convLayer(images, { filterShape: [4, 2, 2, 2], imageShape: [3, 2, 7, 6] }),
  () => layers.convLayer(images, { filterShape: [4, 2, 2, 2], imageShape: [null, 2, 8, 6] }),
  () => layers.convLayer(rows, { filterShape: [4, 2, 2, 2] }),
  () => layers.convPoolLayer(images, { filterShape: [4, 2, 2, 2], poolSize: [6, 5] }),
  () => layers.convPoolLayer(images, { filterShape: [4, 2, 2, 2], poolSize: [7, 5] }),
  () => layers.separableConvLayer(images, { nFilters: 1, filterSize: [7, 6] }),
  () => layers.separableConvLayer(images, { nFilters: 1, filterSize: [8, 6] }),
];

const shapes: Calls = [
  ...[[null, 6], [null, 2, 3], [null, 7], [null, -1], [null, -1, -1], [null, -1, 4], [null, -1, 2], [-1, 6], [-1, 3]]
    .map(
      (outputShape) => () => layers.reshapeLayer(rows, { outputShape }),
    ),
  ...[[null, null, 6], [null, 5, null], [null, 30], [-1, 6], [null, null, null], [4, 5, 6], [null, 6, 5]].map(
    (outputShape) => () => layers.reshapeLayer(sequences, { outputShape }),
  ),
  ...[[3, 6], [2, 9], [18], [-1], [null, 6], [3, null]].map((outputShape) => () =>
    layers.reshapeLayer(input(3, 6), { outputShape })
  ),
  ...[[null, 2, 3], [null, null, 3], [null, -1], [2, 3, null]].map((outputShape) => () =>
    layers.reshapeLayer(input(null, null, 6), { outputShape })
  ),
  ...[1, 2, 3, 4, 5].map((nDim) => () => layers.flattenLayer(images, { nDim })),
  ...[1, 2, 3].map((nDim) => () => layers.flattenLayer(input(null, null, 4), { nDim })),
  ...[-3, -2, -1, 0, 1, 2, 3].map((axis) => () => layers.concatenateLayer([sequences, sequences], { axis })),
  () => layers.concatenateLayer([sequences, input(null, 4, 6)], { axis: 1 }),
  () => layers.concatenateLayer([sequences, input(null, 4, 6)], { axis: 2 }),
  () => layers.concatenateLayer([sequences, input(null, null, 6)], { axis: 1 }),
  () => layers.concatenateLayer([sequences, rows]),
  () => layers.concatenateLayer([sequences]),
  () => layers.concatenateLayer([]),
  () => layers.addLayer([rows, rows, rows]),
  () => layers.addLayer([rows, input(null, 5)]),
  () => layers.addLayer([rows, input(3, 6)]),
  () => layers.addLayer([rows]),
];

const others: Calls = [
  () => layers.denseLayer(input(6), { nUnits: 2 }),
  () => layers.denseLayer(input(null, null), { nUnits: 2 }),
  () => layers.denseLayer(input(null, 0), { nUnits: 2 }),
  () => layers.denseLayer(rows, { nUnits: 1 }),
  () => layers.logisticRegression(rows, { nClass: 1 }),
  ...[1, 2, 3, 4, 6, 7].flatMap((nHeads) => [
    () => layers.multiHeadAttention(sequences, { nHeads }),
    () => layers.transformerBlock(sequences, { nHeads }),
  ]),
  () => layers.multiHeadAttention(rows, { nHeads: 2 }),
  ...[-4, -1, 0, 1, 3, 4].map((axis) => () => layers.batchNormalization(images, { axis })),
  () => layers.batchNormalization(images, { axis: [0, 2, 3] }),
  () => layers.batchNormalization(images, { axis: [0, 0] }),
  () => layers.batchNormalization(images, { axis: [] }),
  () => layers.batchNormalization(input(null, null, 3)),
  () => layers.layerNormalization(input(null, null)),
  () => layers.layerNormalization(input(3)),
  () => layers.embedding(rows, { nTokens: 3, nUnits: 2 }),
  () => layers.embedding(input(), { nTokens: 3, nUnits: 2 }),
  () => layers.positionEmbedding(rows),
  () => layers.positionEmbedding(input(null, null, 3)),
  () => layers.rnn(rows, { nUnits: 2 }),
  () => layers.lstm([sequences, input(null)], { nUnits: 2 }),
  () => layers.lstm([sequences, rows], { nUnits: 2 }),
  () => layers.lstm([sequences, input(4)], { nUnits: 2 }),
  () => layers.gru([sequences], { nUnits: 2, lastOnly: true }),
  () => layers.bnLstm(input(null, null, 3), { nUnits: 2 }),
  () => layers.autoEncoder(sequences, { nUnits: 2 }),
  () => layers.autoEncoder(images, { nUnits: 2 }),
  () => layers.rbm(sequences, { nUnits: 2 }),
  () => layers.rbm(input(6), { nUnits: 2 }),
  () => layers.dropconnect(input(null, null), { nUnits: 2 }),
  () => layers.inputLayer({ shape: [] }),
  () => layers.inputLayer({ shape: [0, 2] }),
  () => layers.inputLayer({ shape: [2 ** 16, 2 ** 16] }),
];

async function texts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [title, calls] of Object.entries({ pools, convolutions, shapes, others })) {
    const lines: string[] = [];
    for (const [i, call] of calls.entries()) {
      const outcome = await outcomeOf(() => {
        const { kind, outputShape, configuration } = call();
        return { kind, outputShape, configuration };
      });
      lines.push(`${i}: ${outcome}`);
    }
    found[title] = lines.join("\n");
  }
  return found;
}

/** Layers that are possible, and the reasons why others are not. */
export const refusedLayerRecording: Recording = { name: "refused_layers", texts };
