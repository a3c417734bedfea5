/**
 * What the random use of the package works on: a few models, tensors and functions, which come and go.
 *
 * @module
 */

import { jit, setDevice, type Tensor, tensor } from "../../../core/mod.ts";
import { type Data, data, samples } from "../../../data/mod.ts";
import {
  batchNormalization,
  denseLayer,
  dropout,
  inputLayer,
  type Layer,
  logisticRegression,
} from "../../../layers/mod.ts";
import { type Model, model, network } from "../../../model/mod.ts";
import { momentum } from "../../../optim/mod.ts";
import type { Random } from "../../hostile_models/craft.ts";
import type { Device } from "./resources.ts";

/** What is in use on a device; tensors of one device cannot be used on another. */
export interface InUse {
  /** Trained models. */
  readonly models: Model[];
  readonly tensors: Tensor[];
  readonly functions: ((x: Tensor) => Tensor)[];
}

/** What is in use, and where new things are made. */
export interface World {
  readonly random: Random;
  readonly folder: string;
  readonly devices: readonly Device[];
  readonly inUse: Readonly<Record<Device, InUse>>;
  /** What the models learn from; undefined if nothing is in use. */
  data: Data | undefined;
  /** The chosen device. */
  device: Device;
  /** The number of files so far, so that each has its own name. */
  files: number;
}

/** The most models, tensors and functions that are kept; older ones are dropped, and left to the collector. */
const MOST = 6;

const nothing = (): InUse => ({ models: [], tensors: [], functions: [] });

/** A world in which nothing is in use. */
export function emptyWorld(parts: Pick<World, "random" | "folder" | "devices" | "device">): World {
  return { ...parts, inUse: { wasm: nothing(), webgpu: nothing() }, data: undefined, files: 0 };
}

/** Drops everything that is in use. */
export function drop(world: World): void {
  for (const { models, tensors, functions } of Object.values(world.inUse)) {
    for (const values of [models, tensors, functions]) values.length = 0;
  }
  world.data = undefined;
}

/** What is in use on the chosen device. */
export function here({ inUse, device }: World): InUse {
  return inUse[device];
}

/** Chooses a device. */
export async function moveTo(world: World, device: Device): Promise<void> {
  world.device = device;
  await setDevice(device);
}

/** Keeps a value, and drops the oldest one if there are too many. */
export function keep<T>(values: T[], value: T): void {
  values.push(value);
  if (values.length > MOST) values.shift();
}

/** One of some values. */
export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)];
}

/** The name of a new file. */
export function newFile(world: World, suffix: string): string {
  return `${world.folder}/${++world.files}${suffix}`;
}

/** The numbers of examples, features and classes. */
const [EXAMPLES, FEATURES, CLASSES] = [24, 12, 3];

const set = {
  x: samples(Float32Array.from({ length: EXAMPLES * FEATURES }, (_, i) => Math.sin(i)), [EXAMPLES, FEATURES]),
  y: Int32Array.from({ length: EXAMPLES }, (_, i) => i % CLASSES),
};

/** Some points of three classes. The device of a training keeps them. */
export function points(): Data {
  return data([set, set, set], { name: "points" });
}

/** Inputs of a prediction, [example, feature]. */
export function inputs(random: Random): Tensor {
  return shapedInputs(random, 1 + random(3));
}

/** Inputs of a prediction with this many rows. */
export function shapedInputs(random: Random, rows: number): Tensor {
  return tensor(Float32Array.from({ length: rows * FEATURES }, () => random(100) / 50 - 1)).reshape([rows, FEATURES]);
}

const hiddenLayers: Readonly<Record<string, (input: Layer) => Layer>> = {
  dense: (input) => denseLayer(input, { nUnits: 6, activation: "relu" }),
  noisy: (input) => denseLayer(dropout(input, { corruptionLevel: 0.2 }), { nUnits: 5 }),
  normal: (input) => batchNormalization(denseLayer(input, { nUnits: 4 })),
};

/** A model that is not trained yet, of one of few kinds. */
export function untrainedModel(world: World): Model {
  const { random } = world;
  const kind = oneOf(random, Object.keys(hiddenLayers));
  return trainableModel(world, kind, { nEpochs: 2, learningRate: 0.01 * (1 + random(9)) });
}

/** A model of a kind that is not trained yet. */
export function trainableModel(
  world: World,
  kind: string,
  { nEpochs, learningRate = 0.01 }: { readonly nEpochs: number; readonly learningRate?: number },
): Model {
  const input = inputLayer({ shape: [null, FEATURES] });
  const last = logisticRegression(hiddenLayers[kind](input), { nClass: CLASSES });
  return model({
    name: kind,
    network: network(kind, layersUpTo(last)),
    data: world.data ??= points(),
    hyperparameters: { batchSize: 8, nEpochs, learningRate },
    updates: momentum,
  });
}

/** A layer and all before it, first ones first. */
function layersUpTo(layer: Layer): Layer[] {
  return [...layer.incoming.flatMap(layersUpTo), layer];
}

/** A compiled function, of one of few formulas. */
export function someFunction(random: Random): (x: Tensor) => Tensor {
  const factor = 1 + random(3);
  return jit((x: Tensor) => x.mul(factor).tanh().add(tensor([1, 2, 3])));
}

/** A tensor of one of few shapes; large ones are computed by several threads. */
export function someTensor(random: Random): Tensor {
  const rows = oneOf(random, [1, 4, 1 << 15]);
  return tensor(new Float32Array(3 * rows).fill(random(10))).reshape([rows, 3]);
}
