/**
 * The short trainings that test the quality of each example network: their lengths, and the bounds of their errors.
 *
 * @module
 */

import type { Settings } from "../cli/example.ts";

/** A training of an example network. */
export interface NetworkRun {
  /** The example. */
  readonly network: string;
  readonly epochs: number;
  /** Epochs of pre-training of each unsupervised layer, if there are any. */
  readonly pretraining?: number;
  /** The test error in percent that it must stay below. */
  readonly bound: number;
  /**
   * The test error in percent of PyTorch 1.13 with the same layers and hyperparameters after the same number of epochs.
   */
  readonly pytorch?: string;
  /** Hyperparameters that differ from the documented ones. */
  readonly settings?: Settings;
}

const pretrained = { epochs: 5, pretraining: 2 };

/** The trainings, in the order of the table. */
export const networkRuns: readonly NetworkRun[] = [
  { network: "logistic_regression", epochs: 5, bound: 8.5, pytorch: "7.9" },
  { network: "mlp", epochs: 5, bound: 3, pytorch: "2.3" },
  { network: "dropout", epochs: 5, bound: 3, pytorch: "2.2" },
  { network: "snn", epochs: 5, bound: 18, pytorch: "13–20" },
  { network: "snn", epochs: 5, bound: 18, settings: { learningRate: 0.001 } },
  { network: "snn", epochs: 5, bound: 18, settings: { learningRate: 0.001, inputCorruption: 0 } },
  { network: "dropconnect", epochs: 5, bound: 3.5, pytorch: "2.8" },
  { network: "convpool", epochs: 5, bound: 6.5, pytorch: "5.5" },
  { network: "lenet5", epochs: 3, bound: 2, pytorch: "1.2" },
  { network: "autoencoder", ...pretrained, bound: 6 },
  { network: "denoising_autoencoder", ...pretrained, bound: 6 },
  { network: "gaussian_denoising_autoencoder", ...pretrained, bound: 6 },
  { network: "contractive_denoising_autoencoder", ...pretrained, bound: 6 },
  { network: "stacked_denoising_autoencoder", ...pretrained, bound: 6 },
  { network: "rbm", ...pretrained, bound: 10 },
  { network: "dbn", ...pretrained, bound: 10 },
  { network: "batch_normalization", epochs: 5, bound: 3.8, pytorch: "3.1" },
  { network: "rnn", epochs: 5, bound: 9, pytorch: "6.5" },
  { network: "lstm", epochs: 5, bound: 3.8, pytorch: "2.8" },
  { network: "gru", epochs: 5, bound: 3.8, pytorch: "2.3" },
];

/** Returns the name of a run, for the table and its file. */
export function titleOf({ network, settings = {} }: NetworkRun): string {
  return [network, ...Object.entries(settings).map(([name, value]) => `${name} ${value}`)].join(", ");
}
