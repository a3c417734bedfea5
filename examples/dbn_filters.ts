/**
 * What a deep belief network sees: trains one with and without pre-training, and draws the filters of its first
 * restricted Boltzmann machine, and digits that the machine dreams.
 *
 * ```sh
 * deno run -A examples/dbn_filters.ts [PICTURE [DIRECTORY]]
 * ```
 *
 * Writes PICTURE (rbm_filters.png where not given), from the MNIST files of DIRECTORY or from built-in digits, tells of
 * each epoch, and prints (here for MNIST):
 *
 * ```text
 * Test error with pre-training: 6.06 %
 * Test error without it: 12.87 %
 * ```
 *
 * @module
 */

import { type Data, data, digitsLoader, mnistLoader } from "../data/mod.ts";
import { inputLayer, logisticRegression, rbm, type RbmOptions, sampleVisible } from "../layers/mod.ts";
import { random } from "../core/mod.ts";
import { type Model, model, network, type Report } from "../model/mod.ts";
import { momentum } from "../optim/mod.ts";
import { encodePng } from "../views/png.ts";
import { stack, tile } from "../views/tiles.ts";

const SIDE = 28;
const COLUMNS = 20;
const FILTERS = 100;
/** Turns of Gibbs sampling between the data and the digits that are shown, row by row. */
const TURNS = [1, 20, 200] as const;

/** How long, and on how much, to learn. */
export interface Effort {
  readonly nUnits: number;
  /** Epochs of pre-training, of each machine. */
  readonly pretraining: number;
  /** Epochs of fine-tuning. */
  readonly epochs: number;
}

/** The network before it has learned anything. */
export function untrainedModel(digits: Data, { nUnits, pretraining, epochs }: Effort): Model {
  // Chains that begin at the data in each step would teach the machines to encode, but not to draw.
  const machine: RbmOptions = {
    nUnits,
    k: 5,
    persistent: true,
    hyperparameters: { epochs: pretraining, batchSize: 20, learningRate: 0.05 },
  };
  const input = inputLayer({ shape: [null, SIDE * SIDE], name: "Input" });
  const first = rbm(input, { ...machine, name: "RBM 1" });
  const second = rbm(first, { ...machine, name: "RBM 2" });
  const output = logisticRegression(second, { nClass: 10, name: "Logistic regression" });
  return model({
    name: "deep belief network",
    network: network("dbn", [input, first, second, output]),
    data: digits,
    hyperparameters: { batchSize: 10, nEpochs: epochs, learningRate: 0.01, momentum: 0.9 },
    updates: momentum,
  });
}

/** Fine-tunes a model for all its epochs. */
export async function fineTune(from: Model, log: (line: string) => void = () => {}): Promise<Report> {
  const { report } = await from.train({ unsupervisedTraining: false, earlyStop: false, log });
  return report;
}

/** A PNG file: filters, and below them digits that the first machine draws. */
export async function draw(pretrained: Model): Promise<Uint8Array> {
  const { W, b, b_hidden } = pretrained.network.params["RBM 1"];
  const filters = await rowsOf(W.transpose());
  const start = pretrained.data.training.x.slice([0], [COLUMNS]);
  const layout = { shape: [SIDE, SIDE], columns: COLUMNS } as const;
  const pictures = [tile(filters.slice(0, FILTERS), { ...layout, stretch: true })];
  for (const turns of TURNS) {
    const drawn = await rowsOf(sampleVisible({ W, b, b_hidden }, start, { key: random.key(1), steps: turns }));
    pictures.push(tile(drawn, layout));
  }
  return await encodePng(pictures.reduce(stack));
}

async function rowsOf(x: { data(): Promise<ArrayLike<number>> }): Promise<readonly number[][]> {
  const values = Array.from(await x.data());
  return Array.from({ length: values.length / SIDE ** 2 }, (_, i) => values.slice(i * SIDE ** 2, (i + 1) * SIDE ** 2));
}

async function load(directory: string | undefined): Promise<Data> {
  if (directory === undefined) return data(digitsLoader({ sizes: [2000, 500, 500] }), { name: "digits" });
  const [training, ...others] = await mnistLoader({ data: directory });
  return data([training.slice(0, 10_000), ...others], { name: "mnist" });
}

if (import.meta.main) {
  const [picture = "rbm_filters.png", directory] = Deno.args;
  const untrained = untrainedModel(await load(directory), { nUnits: 500, pretraining: 3, epochs: 3 });
  const pretrained = await untrained.pretrain({ log: console.error });
  await Deno.writeFile(picture, await draw(pretrained));
  const [withIt, without] = [await fineTune(pretrained, console.error), await fineTune(untrained, console.error)];
  console.log(`Test error with pre-training: ${withIt.testError?.toFixed(2)} %`);
  console.log(`Test error without it: ${without.testError?.toFixed(2)} %`);
}
