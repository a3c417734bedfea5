/**
 * A valid call of each function of the entries `layers` and `optim`, with every option; a new function without a call
 * does not compile.
 *
 * @module
 */

import { leavesOf, ones, random, tensor, zeros } from "../../core/mod.ts";
import * as layers from "../../layers/mod.ts";
import * as optim from "../../optim/mod.ts";
import type { ValidCall } from "../hostile_arguments.ts";
import { validCall } from "./core.ts";
import type { FunctionNames } from "./function_names.ts";

const key = random.key(1);
const x = ones([2, 3]);
const image = random.uniform(key, [2, 2, 5, 6]);
const rows = layers.inputLayer({ shape: [null, 6] });
const images = layers.inputLayer({ shape: [null, 2, 9, 8] });
const sequences = layers.inputLayer({ shape: [null, 5, 6] });
const tokens = layers.inputLayer({ shape: [null, 4] });

const rbm = { W: ones([3, 2]), b: zeros([2]), b_hidden: zeros([3]) };
const autoEncoder = { W: ones([3, 2]), b: zeros([2]), b_prime: zeros([3]) };
const heads = { W_q: ones([6, 6]), W_k: ones([6, 6]), W_v: ones([6, 6]), W_o: ones([6, 6]), b_o: zeros([6]) };

const sequence = ones([2, 5, 6]);
const inSequence = { lastOnly: true, goBackwards: true, gradClipping: 1 };

/** The parameters of a layer, for the function that it applies. */
function paramsOf(layer: layers.Layer): never {
  return layer.init(key).params as never;
}

/** Makes a layer's configuration reach its result: the layer is applied to an input. */
function made<A extends unknown[]>(make: (...args: A) => layers.Layer, ...args: A): ValidCall {
  return validCall((...given: A) => {
    const layer = make(...given);
    layer.init(key);
    return layer.outputShape;
  }, ...args);
}

const penalties = { l1: 0.1, l2: 0.1, name: "mine" };
const recurrent = {
  nUnits: 4,
  nOut: 3,
  lastOnly: true,
  name: "mine",
  goBackwards: true,
  gradClipping: 1,
};

export const layerCalls: Readonly<Record<FunctionNames<typeof layers>, ValidCall>> = {
  activationLayer: made(layers.activationLayer, rows, { activation: ["relu", { alpha: 0.1 }], name: "mine" }),
  addLayer: made(layers.addLayer, [rows, rows], { name: "mine" }),
  alphaDropElements: validCall(layers.alphaDropElements, x, key, 0.5),
  alphaDropout: made(layers.alphaDropout, rows, { corruptionLevel: 0.5 }),
  attend: validCall(layers.attend, ones([2, 4, 3]), ones([2, 4, 3]), ones([2, 4, 3]), { causal: true }),
  batchStatistics: validCall(layers.batchStatistics, x, [0]),
  constant: validCall(layers.constant, key, [2, 3], { value: 2 }),
  contraction: validCall(layers.contraction, autoEncoder as never, x, "sigmoid"),
  convLayer: made(layers.convLayer, images, {
    filterShape: [4, 1, 3, 2],
    imageShape: [null, 2, 9, 8],
    groups: 2,
    ...penalties,
  } as never),
  convolve: validCall(layers.convolve, { W: ones([4, 2, 2, 2]), b: zeros([4]) } as never, image, {}),
  dense: validCall(layers.dense, { W: ones([3, 2]), b: zeros([2]) }, x, "relu"),
  denseLayer: made(
    layers.denseLayer,
    rows,
    { nUnits: 2, activation: "relu", W: "normal", b: "constant", ...penalties } as never,
  ),
  drawUnits: validCall(layers.drawUnits, tensor([0.5, 0.2]), key),
  dropElements: validCall(layers.dropElements, x, key, 0.5),
  dropconnect: made(layers.dropconnect, rows, { nUnits: 2, corruptionLevel: 0.5 }),
  dropout: made(layers.dropout, rows, { corruptionLevel: 0.5 }),
  elu: validCall(layers.elu, x, { alpha: 0.5 }),
  embed: validCall(layers.embed, { W: ones([3, 2]) }, tensor([[1, 0]])),
  embedding: made(layers.embedding, tokens, { nTokens: 7, nUnits: 3, W: "normal" } as never),
  flatten: validCall(layers.flatten, image, 2),
  flattenLayer: made(layers.flattenLayer, images, { nDim: 2 } as never),
  freeEnergy: validCall(layers.freeEnergy, rbm as never, x),
  gelu: validCall(layers.gelu, x),
  getActivation: validCall(layers.getActivation, ["relu", { alpha: 0.1 }]),
  globalPool: made(layers.globalPool, images, {}),
  glorotNormal: validCall(layers.glorotNormal, key, [4, 3], { gain: 2, fan: [4, 3] } as never),
  glorotUniform: validCall(layers.glorotUniform, key, [4, 3], { gain: 2 } as never),
  gru: made(layers.gru, sequences, recurrent as never),
  heNormal: validCall(layers.heNormal, key, [4, 3], {} as never),
  heUniform: validCall(layers.heUniform, key, [4, 3], {} as never),
  hiddenProbabilities: validCall(layers.hiddenProbabilities, rbm as never, x),
  initializer: validCall(layers.initializer, "normal", key, [2, 3], { scale: 2 } as never),
  inputLayer: made(layers.inputLayer, { shape: [null, 3], name: "mine" }),
  layerFromConfiguration: validCall(layers.layerFromConfiguration, {
    kind: "DenseLayer",
    configuration: { nUnits: 3 },
  } as never, [rows]),
  layerNormalization: made(layers.layerNormalization, rows, { epsilon: 0.1 }),
  layerNormalize: validCall(layers.layerNormalize, { gamma: ones([3]), beta: zeros([3]) } as never, x, 0.1),
  linear: validCall(layers.linear, x),
  logisticRegression: made(layers.logisticRegression, rows, { nClass: 3 }),
  lstm: made(layers.lstm, sequences, recurrent as never),
  multiHeadAttention: made(layers.multiHeadAttention, sequences, { nHeads: 3, causal: true } as never),
  normal: validCall(layers.normal, key, [2, 3], { scale: 2 } as never),
  orthogonal: validCall(layers.orthogonal, key, [2, 3], { gain: 2 } as never),
  pool: validCall(
    layers.pool,
    image,
    { poolSize: [2, 2], mode: "sum", stride: [1, 1], pad: [0, 0], ignoreBorder: true } as never,
  ),
  poolLayer: made(layers.poolLayer, images, { poolSize: [2, 2] }),
  positionEmbedding: made(layers.positionEmbedding, sequences, {}),
  pseudoLikelihood: validCall(layers.pseudoLikelihood, rbm as never, x, tensor(1, [], { dtype: "i32" })),
  rbm: made(layers.rbm, rows, { nUnits: 4 } as never),
  reconstruct: validCall(layers.reconstruct, autoEncoder as never, x, "sigmoid"),
  reconstructionCost: validCall(layers.reconstructionCost, rbm as never, x),
  relu: validCall(layers.relu, x, { alpha: 0.1 }),
  sequential: validCall(layers.sequential, rows, [(previous: layers.Layer) => layers.dropout(previous)]),
  reshapeLayer: made(layers.reshapeLayer, rows, { outputShape: [null, 2, 3] }),
  rnn: made(layers.rnn, sequences, recurrent as never),
  sampleVisible: validCall(layers.sampleVisible, rbm as never, x, { key, steps: 2 } as never),
  selu: validCall(layers.selu, x),
  seluNormal: validCall(layers.seluNormal, key, [2, 3], {} as never),
  separableConvLayer: made(layers.separableConvLayer, images, { nFilters: 3, filterSize: [3, 2] } as never),
  sigmoid: validCall(layers.sigmoid, x),
  softmax: validCall(layers.softmax, x),
  softplus: validCall(layers.softplus, x),
  tanh: validCall(layers.tanh, x),
  transformerBlock: made(layers.transformerBlock, sequences, { nHeads: 3 } as never),
  ultraFastSigmoid: validCall(layers.ultraFastSigmoid, x),
  uniform: validCall(layers.uniform, key, [2, 3], { scale: [1, 2] } as never),
  visibleLogits: validCall(layers.visibleLogits, rbm as never, ones([1, 2])),
  visibleProbabilities: validCall(layers.visibleProbabilities, rbm as never, ones([1, 2])),
  attendHeads: validCall(layers.attendHeads, heads as never, ones([2, 5, 6]), { nHeads: 3 } as never),
  bnLstm: made(layers.bnLstm, sequences, recurrent as never),
  concatenateLayer: made(layers.concatenateLayer, [rows, rows], { axis: 1 } as never),
  convPoolLayer: made(layers.convPoolLayer, images, { filterShape: [4, 2, 3, 2], poolSize: [2, 2] } as never),
  batchNormalization: made(layers.batchNormalization, images, { axis: [0, 2], epsilon: 0.1 } as never),
  autoEncoder: made(layers.autoEncoder, rows, { nUnits: 3 } as never),
  autoEncoderCost: validCall(layers.autoEncoderCost, autoEncoder as never, x, key, { corruptionLevel: 0.3 } as never),
  contrastiveDivergence: validCall(layers.contrastiveDivergence, rbm as never, x, { key, k: 1 } as never),
  lstmSequence: validCall(layers.lstmSequence, paramsOf(layers.lstm(sequences, { nUnits: 2 })), sequence, inSequence),
  gruSequence: validCall(layers.gruSequence, paramsOf(layers.gru(sequences, { nUnits: 2 })), sequence, inSequence),
  rnnSequence: validCall(layers.rnnSequence, paramsOf(layers.rnn(sequences, { nUnits: 2 })), sequence, inSequence),
  transform: validCall(layers.transform, paramsOf(layers.transformerBlock(sequences, { nHeads: 2 })), sequence, {
    nHeads: 2,
    causal: true,
    activation: "relu",
  }),
  batchNormalize: validCall(
    layers.batchNormalize,
    { gamma: ones([3]), beta: ones([3]) },
    x,
    layers.batchStatistics(x, [0]),
    { axes: [0], epsilon: 0.1 },
  ),
  convolvePool: validCall(layers.convolvePool, { W: ones([4, 2, 2, 2]), b: zeros([4]) }, image, {
    poolSize: [2, 2],
    activation: "relu",
  }),
  separableConvolve: validCall(
    layers.separableConvolve,
    { W_depth: ones([2, 1, 2, 2]), W_point: ones([3, 2, 1, 1]) },
    image,
    {},
  ),
  gibbsChain: validCall(layers.gibbsChain, rbm as never, ones([2, 2]), { key, steps: 2 } as never),
};

const y = tensor([[1, 0, 0], [0, 1, 0]]);
const p = tensor([[0.5, 0.25, 0.25], [0.2, 0.6, 0.2]]);
const step = tensor(5, [], { dtype: "i32" });

function rule<O>(make: (options: O) => optim.UpdateRule, options: O): ValidCall {
  const state = make(options).init({ W: ones([2]) });
  return validCall(
    (given: O, gradients: object, state: optim.UpdateState, params: object) => {
      const made = make(given);
      made.init(params);
      const after = made.update(gradients, state, params);
      return leavesOf(after.params);
    },
    options,
    { W: ones([2]) },
    state,
    { W: ones([2]) },
  );
}
/** A step by a rule. */
function applied(rule: optim.UpdateRule): unknown {
  const params = { W: ones([2]) };
  return rule.update(params, rule.init(params), params);
}
function schedule<A extends unknown[]>(make: (...args: A) => optim.Schedule, ...args: A): ValidCall {
  return validCall((...given: A) => make(...given)(step), ...args);
}
/** The value of a metric for a batch. */
function metric<A extends unknown[]>(make: (...args: A) => optim.Metric, ...args: A): ValidCall {
  return validCall((...given: A) => {
    const made = make(...given);
    return made.result(made.update(made.init(p, y), p, y));
  }, ...args);
}
const adamOptions = { learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 0.1 };

export const optimCalls: Readonly<
  Record<
    Exclude<FunctionNames<typeof optim>, "bce" | "bhe" | "cce" | "che" | "kld" | "mae" | "mse" | "rmse">,
    ValidCall
  >
> = {
  adadelta: rule(optim.adadelta, { learningRate: 0.1, rho: 0.8, epsilon: 0.1 }),
  adagrad: rule(optim.adagrad, { learningRate: 0.1, epsilon: 0.1 }),
  adam: rule(optim.adam, adamOptions),
  adamax: rule(optim.adamax, adamOptions),
  adamw: rule(optim.adamw, { ...adamOptions, weightDecay: 0.1 }),
  nadam: rule(optim.nadam, adamOptions),
  rmsprop: rule(optim.rmsprop, { learningRate: 0.1, rho: 0.8, epsilon: 0.1 }),
  momentum: rule(optim.momentum, { learningRate: 0.1, momentum: 0.5 }),
  nesterovMomentum: rule(optim.nesterovMomentum, { learningRate: 0.1, momentum: 0.5 }),
  sgd: rule(optim.sgd, { learningRate: 0.1 }),
  binaryAccuracy: validCall(optim.binaryAccuracy, p, y),
  binaryCrossentropyError: validCall(optim.binaryCrossentropyError, p, y),
  binaryCrossentropyFromLogits: validCall(optim.binaryCrossentropyFromLogits, p, y),
  binaryError: validCall(optim.binaryError, p, y),
  binaryHingeError: validCall(optim.binaryHingeError, p, y),
  categoricalAccuracy: validCall(optim.categoricalAccuracy, p, y),
  categoricalCrossentropyError: validCall(optim.categoricalCrossentropyError, p, y),
  categoricalCrossentropyFromLogits: validCall(
    optim.categoricalCrossentropyFromLogits,
    p,
    tensor([1, 0], [2], { dtype: "i32" }),
    { ignoreIndex: 2 } as never,
  ),
  categoricalError: validCall(optim.categoricalError, p, y),
  categoricalHingeError: validCall(optim.categoricalHingeError, p, y),
  chain: validCall((...parts: optim.ChainPart[]) => applied(optim.chain(...parts)), optim.sgd(), optim.average(0.5)),
  accumulate: validCall((steps: number) => applied(optim.chain(optim.sgd(), optim.accumulate(steps))), 2),
  average: validCall((decay: number) => applied(optim.chain(optim.sgd(), optim.average(decay))), 0.5),
  freeze: validCall(
    (mask: optim.Mask) => optim.chain(optim.sgd(), optim.freeze(mask)).init({ W: x, b: x }),
    optim.parametersOf("b"),
  ),
  masked: validCall(
    (mask: optim.Mask, part: optim.UpdateRule) => applied(optim.masked(mask, part)),
    optim.parametersOf("W"),
    optim.sgd(),
  ),
  parametersOf: validCall(optim.parametersOf, "W"),
  schedule: validCall(
    (rate: optim.Schedule) => applied(optim.chain(optim.sgd(), optim.schedule(rate))),
    optim.constantRate(0.1),
  ),
  weightDecay: validCall((rate: number) => applied(optim.chain(optim.sgd(), optim.weightDecay(rate))), 0.5),
  clipByGlobalNorm: validCall(
    (rule: optim.UpdateRule, limit: number) => optim.clipByGlobalNorm(rule, limit),
    optim.sgd(),
    1,
  ),
  clipByValue: validCall((rule: optim.UpdateRule, limit: number) => optim.clipByValue(rule, limit), optim.sgd(), 1),
  constantRate: schedule(optim.constantRate, 0.1),
  cosineDecay: schedule(optim.cosineDecay, { learningRate: 0.1, steps: 3 } as never),
  exponentialDecay: schedule(optim.exponentialDecay, { learningRate: 0.1, every: 3, factor: 0.5 } as never),
  stepDecay: schedule(optim.stepDecay, { learningRate: 0.1, every: 3, factor: 0.5 } as never),
  warmUp: schedule(optim.warmUp, 0.1, 4),
  getObjective: validCall(optim.getObjective, "huberError", { delta: 2 }),
  getUpdate: validCall(optim.getUpdate, "adam"),
  getMetric: metric(optim.getMetric, "f1", { average: "micro" }),
  accuracy: metric(optim.accuracy, { threshold: 0.5 }),
  topKAccuracy: metric(optim.topKAccuracy, { k: 1 }),
  precision: metric(optim.precision, { average: "micro", threshold: 0.5 }),
  recall: metric(optim.recall, { average: "none", threshold: 0.5 }),
  f1: metric(optim.f1, { average: "macro", threshold: 0.5 }),
  confusionCounts: metric(optim.confusionCounts, {}),
  auc: metric(optim.auc, { average: "none", fromLogits: true, bins: 16 }),
  r2: metric(optim.r2, { average: "none" }),
  perplexity: metric(optim.perplexity, { fromLogits: true }),
  meanObjective: metric(optim.meanObjective, optim.huberError, { name: "huber", direction: "maximize" }),
  rootMeanSquare: metric(optim.rootMeanSquare),
  globalNorm: validCall(optim.globalNorm, { W: x }),
  huberError: validCall(optim.huberError, p, y, { delta: 2 } as never),
  kullbackLeiblerDivergence: validCall(optim.kullbackLeiblerDivergence, p, y),
  meanAbsoluteError: validCall(optim.meanAbsoluteError, p, y),
  meanSquaredError: validCall(optim.meanSquaredError, p, y),
  rootMeanSquaredError: validCall(optim.rootMeanSquaredError, p, y),
};
