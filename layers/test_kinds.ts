/**
 * A layer of each kind with the options that it requires, and changes of options that must change the layer.
 *
 * @module
 */

import type { AnyDeclaration, AnyOption } from "../core/options/option.ts";
import { activationKind } from "./activation_layer.ts";
import { multiHeadAttentionKind } from "./attention/attention.ts";
import { embeddingKind, positionEmbeddingKind } from "./attention/embedding.ts";
import { transformerBlockKind } from "./attention/transformer_block.ts";
import { convKind } from "./convolution/conv.ts";
import { convPoolKind } from "./convolution/conv_pool.ts";
import { globalPoolKind } from "./convolution/global_pool.ts";
import { poolKind } from "./convolution/pool.ts";
import { separableConvKind } from "./convolution/separable_conv.ts";
import type { LayerKind } from "./define_layer.ts";
import { denseKind, logisticRegressionKind } from "./dense.ts";
import { alphaDropoutKind } from "./dropout/alpha_dropout.ts";
import { dropconnectKind } from "./dropout/dropconnect.ts";
import { dropoutKind } from "./dropout/dropout.ts";
import { inputKind } from "./input.ts";
import { addKind, concatenateKind } from "./join.ts";
import * as layers from "./mod.ts";
import type { Layer, LayerShape } from "./mod.ts";
import { batchNormalizationKind } from "./normalization/batch_normalization.ts";
import { layerNormalizationKind } from "./normalization/layer_normalization.ts";
import { bnLstmKind } from "./recurrent/bn_lstm.ts";
import { gruKind } from "./recurrent/gru.ts";
import { lstmKind } from "./recurrent/lstm.ts";
import { rnnKind } from "./recurrent/rnn.ts";
import { flattenKind, reshapeKind } from "./reshape.ts";
import { autoEncoderKind } from "./unsupervised/auto_encoder.ts";
import { rbmKind } from "./unsupervised/rbm.ts";

type Exported = typeof layers;

/** The exported functions that make a layer of a kind. */
export type MakerName = Exclude<
  { [K in keyof Exported]: Exported[K] extends (...args: never[]) => Layer ? K : never }[keyof Exported],
  "layerFromConfiguration" | "sequential"
>;

/** Options by name. */
export type Given = Readonly<Record<string, unknown>>;

/** A kind of layer under test. */
export interface Subject {
  readonly kind: LayerKind<AnyDeclaration>;
  /** Options that every layer of the test has. */
  readonly given: Given;
  make(given: Given): Layer;
  /** The change of an option for which no plain value works: another value, or several options. */
  readonly changes: Readonly<Record<string, Given>>;
}

/** A kind, its function applied to incoming layers, and options that differ from the defaults. */
function subject(
  kind: LayerKind<AnyDeclaration>,
  make: (options: never) => Layer,
  given: Given,
  changes: Readonly<Record<string, Given>> = {},
): Subject {
  return { kind, make: (more) => make({ ...given, ...more } as never), given, changes };
}

const input = (...shape: LayerShape): Layer => layers.inputLayer({ shape });
const rows = input(null, 6);
const images = input(null, 2, 9, 8);
const sequences = input(null, 5, 6);
const tokens = input(null, 4);

/** Each function that makes layers; if one is missing, this does not compile. */
export const subjects: Readonly<Record<MakerName, Subject>> = {
  inputLayer: subject(inputKind, layers.inputLayer, { shape: [null, 6] }, { shape: { shape: [null, 3] } }),
  reshapeLayer: subject(reshapeKind, (options) => layers.reshapeLayer(rows, options), { outputShape: [null, 2, 3] }, {
    outputShape: { outputShape: [null, 3, 2] },
  }),
  flattenLayer: subject(flattenKind, (options) => layers.flattenLayer(images, options), {}),
  activationLayer: subject(activationKind, (options) => layers.activationLayer(rows, options), {}),
  denseLayer: subject(denseKind, (options) => layers.denseLayer(sequences, options), { nUnits: 4 }),
  logisticRegression: subject(
    logisticRegressionKind,
    (options) => layers.logisticRegression(sequences, options),
    { nClass: 3, W: "normal" },
  ),
  dropout: subject(dropoutKind, (options) => layers.dropout(rows, options), {}),
  alphaDropout: subject(alphaDropoutKind, (options) => layers.alphaDropout(rows, options), {}),
  dropconnect: subject(dropconnectKind, (options) => layers.dropconnect(sequences, options), { nUnits: 3 }),
  poolLayer: subject(poolKind, (options) => layers.poolLayer(images, options), { poolSize: [3, 3] }, {
    pad: { pad: [1, 0] },
  }),
  globalPool: subject(globalPoolKind, (options) => layers.globalPool(images, options), {}),
  convLayer: subject(convKind, (options) => layers.convLayer(images, options), { filterShape: [4, 2, 3, 2] }, {
    filterShape: { filterShape: [4, 2, 2, 2] },
    imageShape: { imageShape: [7, 2, 9, 8] },
    groups: { groups: 2, filterShape: [4, 1, 3, 2] },
  }),
  convPoolLayer: subject(
    convPoolKind,
    (options) => layers.convPoolLayer(images, options),
    { filterShape: [4, 2, 3, 2], poolSize: [2, 3] },
    {
      filterShape: { filterShape: [4, 2, 2, 2] },
      imageShape: { imageShape: [7, 2, 9, 8] },
      groups: { groups: 2, filterShape: [4, 1, 3, 2] },
      pad: { pad: [1, 0] },
    },
  ),
  separableConvLayer: subject(
    separableConvKind,
    (options) => layers.separableConvLayer(images, options),
    { nFilters: 3, filterSize: [3, 2] },
  ),
  batchNormalization: subject(
    batchNormalizationKind,
    (options) => layers.batchNormalization(images, options),
    {},
    { axis: { axis: [0, 2] } },
  ),
  layerNormalization: subject(layerNormalizationKind, (options) => layers.layerNormalization(rows, options), {}),
  embedding: subject(embeddingKind, (options) => layers.embedding(tokens, options), { nTokens: 7, nUnits: 3 }, {
    nTokens: { nTokens: 9 },
  }),
  positionEmbedding: subject(positionEmbeddingKind, (options) => layers.positionEmbedding(sequences, options), {}),
  multiHeadAttention: subject(
    multiHeadAttentionKind,
    (options) => layers.multiHeadAttention(sequences, options),
    { nHeads: 3 },
  ),
  transformerBlock: subject(
    transformerBlockKind,
    (options) => layers.transformerBlock(sequences, options),
    { nHeads: 3 },
  ),
  autoEncoder: subject(autoEncoderKind, (options) => layers.autoEncoder(sequences, options), { nUnits: 3 }, {
    hyperparameters: { hyperparameters: { learningRate: 0.5 } },
  }),
  rbm: subject(rbmKind, (options) => layers.rbm(sequences, options), { nUnits: 4, bHidden: "normal" }, {
    monitor: { monitor: "pseudoLikelihood" },
    hyperparameters: { hyperparameters: { batchSize: 3 } },
  }),
  rnn: subject(rnnKind, (options) => layers.rnn(sequences, options), { nUnits: 4, nOut: 3 }),
  lstm: subject(lstmKind, (options) => layers.lstm(sequences, options), { nUnits: 4, nOut: 3 }),
  gru: subject(gruKind, (options) => layers.gru(sequences, options), { nUnits: 4, nOut: 3 }),
  bnLstm: subject(bnLstmKind, (options) => layers.bnLstm(sequences, options), { nUnits: 4, nOut: 3 }),
  concatenateLayer: subject(concatenateKind, (options) => layers.concatenateLayer([images, images], options), {}),
  addLayer: subject(addKind, (options) => layers.addLayer([rows, rows], options), {}),
};

/** Values of many kinds, from which an option takes the first that it accepts. */
const values: readonly unknown[] = [true, false, 2, 3, 0.3, 0.001, [2, 1], [1, 2], "uniform", ["relu", { alpha: 0.3 }]];

/**
 * The options of a layer with one of them changed; `undefined` if no known value of that option makes another layer.
 */
export function changed({ kind, given, changes, make }: Subject, name: string): Given | undefined {
  if (Object.hasOwn(changes, name)) return changes[name];
  const option: AnyOption = kind.options[name];
  const before = JSON.stringify(given[name] ?? option.default);
  const others = [...option.names ?? [], ...values].filter((value) =>
    option.accepts(value) && JSON.stringify(value) !== before
  );
  return others.map((value): Given => ({ [name]: value })).find((one) => isPossible(() => make(one)));
}

function isPossible(make: () => Layer): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}
