/**
 * Yet another deep learning lab, for Deno: tensors compiled to few kernels, layers as pure functions, and the networks,
 * models and hyperparameters that make a lab of them.
 *
 * @example
 * ```ts
 * import { data, denseLayer, digitsLoader, inputLayer, logisticRegression, model, momentum, network } from "@yadll/yadll";
 * import { assert } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 784] });
 * const hidden = denseLayer(input, { nUnits: 50, activation: "relu" });
 * const output = logisticRegression(hidden, { nClass: 10 });
 * const { report } = await model({
 *   network: network("mlp", [input, hidden, output]),
 *   data: data(digitsLoader({ sizes: [500, 100, 100] })),
 *   hyperparameters: { batchSize: 20, nEpochs: 5, learningRate: 0.01 },
 *   updates: momentum,
 * }).train();
 * assert(report.testError! < 50);
 * ```
 *
 * @module
 */

export * from "./core/mod.ts";
export * from "./data/mod.ts";
export * from "./layers/mod.ts";
export * from "./model/mod.ts";
export * from "./optim/mod.ts";
