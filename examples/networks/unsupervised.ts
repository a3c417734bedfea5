/**
 * Examples whose layers first learn from their own input: autoencoders and restricted Boltzmann machines.
 *
 * Their pre-training is 15 epochs long, at a learning rate of 0.01, with the batches of the training.
 *
 * @module
 */

import type { Example, ExampleHyperparameters } from "../../cli/example.ts";
import { autoEncoder, type AutoEncoderOptions, type Layer, type PretrainingOptions, rbm } from "../../layers/mod.ts";
import { network } from "../../model/mod.ts";
import { classOutput, common, pixelInput } from "./settings.ts";

const nUnits = 500;

/** A layer that learns from its own input, onto an incoming one. */
type MakeLayer = (incoming: Layer, hyperparameters: PretrainingOptions) => Layer;

/** An example of layers that are stacked between input and output. */
function stack(
  name: string,
  title: string,
  hyperparameters: ExampleHyperparameters,
  makers: readonly MakeLayer[],
): Example {
  const { batchSize } = hyperparameters;
  return {
    title,
    hyperparameters,
    build(pretraining = {}) {
      const own = { epochs: 15, learningRate: 0.01, batchSize, ...pretraining };
      const layers = [pixelInput()];
      for (const make of makers) layers.push(make(layers[layers.length - 1], own));
      return network(name, [...layers, classOutput(layers[layers.length - 1])]);
    },
  };
}

const encoderHyperparameters = { ...common, batchSize: 20, learningRate: 0.01 };

function encoder(options: Omit<AutoEncoderOptions, "nUnits">): MakeLayer {
  return (incoming, hyperparameters) => autoEncoder(incoming, { nUnits, hyperparameters, ...options });
}

/** The plain autoencoder. */
export const autoencoder = stack(
  "autoencoder",
  "an autoencoder of 500 units",
  encoderHyperparameters,
  [encoder({ name: "Autoencoder" })],
);

/** It restores what is missing. */
export const denoisingAutoencoder = stack(
  "denoising_autoencoder",
  "an autoencoder of 500 rectified units that restores missing pixels",
  encoderHyperparameters,
  [encoder({ corruptionLevel: 0.3, activation: "relu", name: "Denoising autoencoder" })],
);

/** It removes noise. */
export const gaussianDenoisingAutoencoder = stack(
  "gaussian_denoising_autoencoder",
  "an autoencoder of 500 rectified units that removes Gaussian noise",
  encoderHyperparameters,
  [encoder({ sigma: 0.3, activation: "relu", name: "Gaussian denoising autoencoder" })],
);

/** Its code changes little where the input does. */
export const contractiveDenoisingAutoencoder = stack(
  "contractive_denoising_autoencoder",
  "an autoencoder of 500 rectified units whose code is kept from changing",
  encoderHyperparameters,
  [encoder({ contractionLevel: 0.3, activation: "relu", name: "Contractive autoencoder" })],
);

/** The second learns from the code of the first. */
export const stackedDenoisingAutoencoder = stack(
  "stacked_denoising_autoencoder",
  "two denoising autoencoders of 500 units, one upon the other",
  encoderHyperparameters,
  [
    encoder({ corruptionLevel: 0.2, name: "Denoising autoencoder 1" }),
    encoder({ corruptionLevel: 0.4, name: "Denoising autoencoder 2" }),
  ],
);

const machineHyperparameters = { ...common, batchSize: 10, learningRate: 0.1, patience: 100 };

function machine(name: string): MakeLayer {
  return (incoming, hyperparameters) => rbm(incoming, { nUnits, hyperparameters, name });
}

/** One machine. */
export const rbmExample = stack(
  "rbm",
  "a restricted Boltzmann machine of 500 units",
  machineHyperparameters,
  [machine("RBM")],
);

/** Source: Hinton, Osindero and Teh, "A fast learning algorithm for deep belief nets", 2006. */
export const dbn = stack(
  "dbn",
  "a deep belief network: two restricted Boltzmann machines of 500 units",
  machineHyperparameters,
  [machine("RBM 1"), machine("RBM 2")],
);
