/**
 * The example networks: titles, layers and hyperparameters.
 *
 * @module
 */

import type { Examples } from "../cli/example.ts";
import { convpool, lenet5 } from "./networks/convolution.ts";
import {
  batchNormalizationExample,
  dropconnectExample,
  dropoutExample,
  logisticRegressionExample,
  mlp,
  snn,
} from "./networks/dense.ts";
import { gruExample, lstmExample, rnnExample } from "./networks/recurrent.ts";
import {
  autoencoder,
  contractiveDenoisingAutoencoder,
  dbn,
  denoisingAutoencoder,
  gaussianDenoisingAutoencoder,
  rbmExample,
  stackedDenoisingAutoencoder,
} from "./networks/unsupervised.ts";

/** The examples by name. */
export const networks: Examples = {
  logistic_regression: logisticRegressionExample,
  mlp,
  dropout: dropoutExample,
  snn,
  dropconnect: dropconnectExample,
  convpool,
  lenet5,
  autoencoder,
  denoising_autoencoder: denoisingAutoencoder,
  gaussian_denoising_autoencoder: gaussianDenoisingAutoencoder,
  contractive_denoising_autoencoder: contractiveDenoisingAutoencoder,
  stacked_denoising_autoencoder: stackedDenoisingAutoencoder,
  rbm: rbmExample,
  dbn,
  batch_normalization: batchNormalizationExample,
  rnn: rnnExample,
  lstm: lstmExample,
  gru: gruExample,
};
