/**
 * Pictures of unsupervised layers: reconstructions of images, and samples.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { networkKind } from "./argument_kinds.ts";
import { checkArgument, checkArguments, readOptions } from "../core/options/read.ts";
import { tensorKind } from "../core/options/kinds.ts";
import { count, whole } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { list, text } from "../core/options/values.ts";
import { key as randomKey } from "../core/random/bits.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Parameters } from "../layers/layer.ts";
import { sampleVisible } from "../layers/unsupervised/rbm_sampling.ts";
import type { Network } from "../model/network.ts";
import { imageGrid, type ImageGroup, type ImageOptions, imageOptions, rowsOf } from "./image_grid.ts";
import type { Picture } from "./picture.ts";

/** Options of {@linkcode reconstructions}. */
export interface ReconstructionOptions extends ImageOptions {
  /** The name of an autoencoder or a restricted Boltzmann machine; default: the first one. */
  readonly layer?: string;
}

/** Options of {@linkcode rbmSamples}. */
export interface SampleOptions extends ReconstructionOptions {
  /** The numbers of steps of Gibbs sampling after which a row is drawn; default: [1, 20, 200]. */
  readonly turns?: readonly number[];
  /** The random seed; default: 1. */
  readonly seed?: number;
}

/** {@linkcode ReconstructionOptions}, declared. */
export const reconstructionOptions = {
  ...imageOptions,
  layer: text({ otherwise: "the first one", help: "name of an autoencoder or a restricted Boltzmann machine" }),
} satisfies Declaration<ReconstructionOptions>;

/** {@linkcode SampleOptions}, declared. */
export const sampleOptions = {
  ...reconstructionOptions,
  turns: list(count(), {
    default: [1, 20, 200],
    help: "numbers of steps of Gibbs sampling after which a row is drawn",
  }),
  seed: whole({ default: 1, help: "random seed" }),
} satisfies Declaration<SampleOptions>;

/** A layer that can reconstruct its input from its output. */
interface Unsupervised {
  readonly name: string;
  readonly params: Parameters;
  /** The bias of its input. */
  readonly inputBias: Tensor;
  /** The input of the layer, [image, pixel], and its output, [image, unit]. */
  readonly input: Tensor;
  readonly code: Tensor;
}

function unsupervised(network: Network, x: Tensor, wanted: string | undefined): Unsupervised {
  const found = wanted === undefined ? undefined : network.getLayer(wanted);
  const named = network.layers.find(({ layer }) => found ? layer === found : layer.pretraining);
  const params = named && network.params[named.name];
  const inputBias = params?.b_prime ?? params?.b_hidden;
  const incoming = network.layers.find(({ layer }) => layer === named?.layer.incoming[0]);
  if (!named || !params || !inputBias || !incoming) {
    throw new RangeError(
      `Cannot draw images of ${wanted ? `layer ${JSON.stringify(wanted)} of ` : ""}network ${
        JSON.stringify(network.name)
      }: expected an autoencoder or a restricted Boltzmann machine`,
    );
  }
  const weights = network.weights ?? { params: network.params, state: {} };
  const outputs = network.outputs(weights, x);
  const input = outputs[incoming.name].reshape([x.shape[0], -1]);
  return { name: named.name, params, inputBias, input, code: outputs[named.name] };
}

/**
 * Draws images, and below them their reconstructions by an autoencoder or a restricted Boltzmann machine. Fine-tuning
 * changes the code and makes reconstructions worse, so draw a network that was only pre-trained.
 *
 * @param x [image, ...pixel], as the network takes them
 * @throws {RangeError} if there is no such layer.
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { autoEncoder, inputLayer, network, random } from "@yadll/yadll";
 * import { reconstructions } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 16] });
 * const net = network("net", [input, autoEncoder(input, { nUnits: 5, name: "Code" })]);
 * const images = random.uniform(random.key(1), [3, 16]);
 * const picture = await reconstructions(net.withWeights(net.init(random.key(2))), images);
 * assertEquals(picture.description, "Reconstructions of Code: 6 images of 4 by 4 pixels");
 * ```
 */
export async function reconstructions(
  network: Network,
  x: Tensor,
  options: ReconstructionOptions = {},
): Promise<Picture> {
  refuseSurplus("reconstructions", arguments, 3);
  checkArgument("draw reconstructions", network, networkKind);
  checkArguments("draw reconstructions", { x }, tensorKind);
  const { layer, columns } = readOptions("draw reconstructions", reconstructionOptions, options);
  const { layer: _, ...shared } = options;
  const { name, params, inputBias, input, code } = unsupervised(network, x, layer);
  const output = code.matmul(params.W.transpose()).add(inputBias).sigmoid();
  const [given, told] = await Promise.all([rowsOf(input), rowsOf(output)]);
  const groups = Array.from({ length: Math.ceil(given.length / columns) }, (_, row): ImageGroup[] => {
    const here = (images: readonly ArrayLike<number>[]) => images.slice(row * columns, (row + 1) * columns);
    const labelled = (label: string) => row === 0 ? { label } : {};
    return [
      { ...labelled("input, and its reconstruction below"), images: here(given) },
      { images: here(told) },
    ];
  });
  return await imageGrid(groups.flat(), { title: `Reconstructions of ${name}`, ...shared });
}

/**
 * Draws samples of a restricted Boltzmann machine: images after some steps of Gibbs sampling, which starts at the given
 * ones.
 *
 * @param x [image, ...pixel], as the network takes them
 * @throws {RangeError} if there is no such layer.
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { inputLayer, network, random, rbm } from "@yadll/yadll";
 * import { rbmSamples } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 16] });
 * const net = network("net", [input, rbm(input, { nUnits: 5, name: "Machine" })]);
 * const images = random.uniform(random.key(1), [3, 16]);
 * const picture = await rbmSamples(net.withWeights(net.init(random.key(2))), images, { turns: [1, 5] });
 * assertEquals(picture.description, "Samples of Machine: 6 images of 4 by 4 pixels");
 * ```
 */
export async function rbmSamples(network: Network, x: Tensor, options: SampleOptions = {}): Promise<Picture> {
  refuseSurplus("rbmSamples", arguments, 3);
  checkArgument("draw samples", network, networkKind);
  checkArguments("draw samples", { x }, tensorKind);
  const { layer, turns, seed } = readOptions("draw samples", sampleOptions, options);
  const { layer: _layer, turns: _turns, seed: _seed, ...shared } = options;
  const { name, params: { W, b }, inputBias, input } = unsupervised(network, x, layer);
  const machine = { W, b, b_hidden: inputBias };
  const groups = turns.map((count): ImageGroup => ({
    label: `after ${count} ${count === 1 ? "step" : "steps"} of Gibbs sampling`,
    images: sampleVisible(machine, input, { key: randomKey(seed), steps: count }),
  }));
  return await imageGrid(groups, { title: `Samples of ${name}`, ...shared });
}
