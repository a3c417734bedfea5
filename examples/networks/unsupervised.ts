/**
 * Examples whose layers first learn from their own input: autoencoders and restricted Boltzmann machines.
 *
 * Their pre-training is 15 epochs long, at a learning rate of 0.01, with the batches of the training.
 *
 * @module
 */

import { type Example, example, type ExampleHyperparameters, type ShortTraining } from "../../cli/example.ts";
import { autoEncoder, type AutoEncoderOptions, type Layer, type PretrainingOptions, rbm } from "../../layers/mod.ts";
import { network } from "../../model/mod.ts";
import { activationNamed, classOutput, common, pixelInput, short } from "./settings.ts";

/** What a layer that learns from its own input is made of. */
interface OwnOptions {
  readonly nUnits: number;
  /** Of its pre-training. */
  readonly hyperparameters: PretrainingOptions;
}

/** The hyperparameters of layers that learn from their own input. */
type StackHyperparameters = ExampleHyperparameters & typeof own;

/** A layer that learns from its own input, onto an incoming one. */
type MakeLayer<H> = (incoming: Layer, own: OwnOptions, hyperparameters: H) => Layer;

const own = { nUnits: 500, pretrainingEpochs: 15, pretrainingLearningRate: 0.01 };

/** Layers that learn from their own input, between the pixels and the classes. */
interface Stack<H extends StackHyperparameters> {
  readonly title: string;
  readonly hyperparameters: H;
  readonly short: ShortTraining;
  /** The makers of the layers, the lowest one first. */
  readonly makers: readonly MakeLayer<H>[];
}

/** The example of a stack. */
function stack<H extends StackHyperparameters>(
  name: string,
  { makers, ...rest }: Stack<H>,
): Example {
  return example({
    ...rest,
    build(values: H) {
      const { nUnits, batchSize, pretrainingEpochs: epochs, pretrainingLearningRate: learningRate } = values;
      const ownOptions = { nUnits, hyperparameters: { epochs, learningRate, batchSize } };
      const layers = [pixelInput()];
      for (const make of makers) layers.push(make(layers[layers.length - 1], ownOptions, values));
      return network(name, [...layers, classOutput(layers[layers.length - 1])]);
    },
  });
}

/** The short training of autoencoders. */
const shortEncoder = { ...short, pretrainingEpochs: 5 };

const encoderHyperparameters = { ...common, batchSize: 20, learningRate: 0.01, ...own };

function encoder<H>(optionsOf: (hyperparameters: H) => Omit<AutoEncoderOptions, "nUnits">): MakeLayer<H> {
  return (incoming, own, hyperparameters) => autoEncoder(incoming, { ...own, ...optionsOf(hyperparameters) });
}

/** The plain autoencoder. */
export const autoencoder = stack("autoencoder", {
  title: "an autoencoder of 500 units",
  hyperparameters: encoderHyperparameters,
  short: shortEncoder,
  makers: [encoder(() => ({ name: "Autoencoder" }))],
});

/** It restores what is missing. */
export const denoisingAutoencoder = stack("denoising_autoencoder", {
  title: "an autoencoder of 500 ReLU units that restores missing pixels",
  hyperparameters: { ...encoderHyperparameters, activation: "relu", corruptionLevel: 0.3 },
  short: shortEncoder,
  makers: [encoder(({ activation, corruptionLevel }) => ({
    corruptionLevel,
    activation: activationNamed(activation),
    name: "Denoising autoencoder",
  }))],
});

/** It removes noise. */
export const gaussianDenoisingAutoencoder = stack("gaussian_denoising_autoencoder", {
  title: "an autoencoder of 500 ReLU units that removes Gaussian noise",
  hyperparameters: { ...encoderHyperparameters, activation: "relu", sigma: 0.3 },
  short: shortEncoder,
  makers: [encoder(({ activation, sigma }) => ({
    sigma,
    activation: activationNamed(activation),
    name: "Gaussian denoising autoencoder",
  }))],
});

/** Its code changes little where the input does. */
export const contractiveDenoisingAutoencoder = stack("contractive_denoising_autoencoder", {
  title: "an autoencoder of 500 ReLU units whose code is kept from changing",
  hyperparameters: { ...encoderHyperparameters, activation: "relu", contractionLevel: 0.3 },
  short: shortEncoder,
  makers: [encoder(({ activation, contractionLevel }) => ({
    contractionLevel,
    activation: activationNamed(activation),
    name: "Contractive autoencoder",
  }))],
});

/** The second learns from the code of the first. */
export const stackedDenoisingAutoencoder = stack("stacked_denoising_autoencoder", {
  title: "two stacked denoising autoencoders of 500 units",
  hyperparameters: { ...encoderHyperparameters, corruptionLevel1: 0.2, corruptionLevel2: 0.4 },
  short: shortEncoder,
  makers: [
    encoder(({ corruptionLevel1 }) => ({ corruptionLevel: corruptionLevel1, name: "Denoising autoencoder 1" })),
    encoder(({ corruptionLevel2 }) => ({ corruptionLevel: corruptionLevel2, name: "Denoising autoencoder 2" })),
  ],
});

/** The short training of machines. They are validated 100 times per epoch, because their patience is so short. */
const shortMachine = { nEpochs: 5, pretrainingEpochs: 5 };

const machineHyperparameters = { ...common, batchSize: 10, learningRate: 0.1, patience: 100, ...own };

function machine(name: string): MakeLayer<StackHyperparameters> {
  return (incoming, own) => rbm(incoming, { ...own, name });
}

/** One machine. */
export const rbmExample = stack("rbm", {
  title: "a restricted Boltzmann machine of 500 units",
  hyperparameters: machineHyperparameters,
  short: shortMachine,
  makers: [machine("RBM")],
});

/** Source: Hinton, Osindero and Teh, "A fast learning algorithm for deep belief nets", 2006. */
export const dbn = stack("dbn", {
  title: "a deep belief network: two restricted Boltzmann machines of 500 units",
  hyperparameters: machineHyperparameters,
  short: shortMachine,
  makers: [machine("RBM 1"), machine("RBM 2")],
});
