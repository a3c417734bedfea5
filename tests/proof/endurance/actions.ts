/**
 * What programs do with the package, each in a few lines: training, predicting, saving, searching, cancelling.
 *
 * @module
 */

import { grad, type Tensor } from "../../../core/mod.ts";
import { finish, gridSearch, hyperparameters, loadModel, type Model } from "../../../model/mod.ts";
import {
  here,
  inputs,
  keep,
  moveTo,
  newFile,
  oneOf,
  points,
  someFunction,
  someTensor,
  untrainedModel,
  type World,
} from "./world.ts";

/** One use of the package. */
export type Action = (world: World) => Promise<void>;

async function train(world: World): Promise<void> {
  const { model } = await untrainedModel(world).train({ seed: world.random(9), progress: false });
  keep(here(world).models, model);
}

/** A trained model: one of the world, or a new one. */
async function someModel(world: World): Promise<Model> {
  if (here(world).models.length === 0) await train(world);
  return oneOf(world.random, here(world).models);
}

async function predict(world: World): Promise<void> {
  const classes = (await someModel(world)).predict(inputs(world.random));
  // Some results are read, some are disposed of, and some are only dropped.
  if (world.random(2) === 0) await classes.data();
  if (world.random(2) === 0) classes.dispose();
}

async function saveAndLoad(world: World): Promise<void> {
  const file = newFile(world, ".ym");
  await (await someModel(world)).saveModel(file);
  keep(here(world).models, loadModel(file, { data: world.data ??= points() }));
  await Deno.remove(file);
}

/** Trains until a step, by a signal or by leaving the loop over the events. */
async function cancelTraining(world: World): Promise<void> {
  const [untrained, step] = [untrainedModel(world), 1 + world.random(5)];
  if (world.random(2) === 0) {
    for await (const event of untrained.events()) if (event.event === "step" && event.iteration === step) break;
    return;
  }
  const controller = new AbortController();
  await untrained.train({
    progress: false,
    signal: controller.signal,
    onEvent: (event) => event.event === "step" && event.iteration === step && controller.abort(),
  });
}

async function stopAndResume(world: World): Promise<void> {
  const [untrained, file, step] = [untrainedModel(world), newFile(world, ".ym"), 1 + world.random(5)];
  const controller = new AbortController();
  await untrained.train({
    ...{ file, progress: false, signal: controller.signal },
    onEvent: (event) => event.event === "step" && event.iteration === step && controller.abort(),
  });
  keep(here(world).models, (await untrained.train({ file, resume: true, progress: false })).model);
  await Deno.remove(file);
}

/** A search of four models, with a journal or without; every third one is left after its first row. */
async function search(world: World): Promise<void> {
  const journal = world.random(2) === 0 ? newFile(world, ".jsonl") : undefined;
  const ranges = hyperparameters({ batchSize: [8, [8, 12]], nEpochs: 1, learningRate: [0.1, [0.05, 0.1]] });
  const { network, data } = untrainedModel(world);
  const options = journal === undefined ? {} : { journal };
  const rows = gridSearch(ranges, () => ({ data, network }), options);
  if (world.random(3) > 0) await finish(rows);
  else for await (const { event } of rows) if (event === "row") break;
  if (journal !== undefined) await Deno.remove(journal);
}

async function changeDevice(world: World): Promise<void> {
  await moveTo(world, oneOf(world.random, world.devices));
}

/** Calls a function, a new or an old one. */
async function call(world: World): Promise<void> {
  if (here(world).functions.length === 0 || world.random(2) === 0) {
    keep(here(world).functions, someFunction(world.random));
  }
  const result = oneOf(world.random, here(world).functions)(someTensor(world.random));
  if (world.random(3) === 0) await result.data();
  if (world.random(2) === 0) keep(here(world).tensors, result);
}

/** Computes with tensors of earlier calls. */
async function combine(world: World): Promise<void> {
  keep(here(world).tensors, someTensor(world.random));
  const [x, y] = [oneOf(world.random, here(world).tensors), oneOf(world.random, here(world).tensors)];
  const sum = x.slice([0], [1]).add(y.mul(2));
  if (world.random(2) === 0) await sum.sum().item();
  keep(here(world).tensors, sum);
}

async function differentiate(world: World): Promise<void> {
  const slope = grad((x: Tensor) => x.mul(x).sum());
  using result = slope(someTensor(world.random));
  await result.data();
}

/** Disposes of a tensor, perhaps twice. */
function dispose(world: World): Promise<void> {
  const [one] = here(world).tensors.splice(world.random(Math.max(1, here(world).tensors.length)), 1);
  for (let times = world.random(3); one !== undefined && times > 0; times--) one.dispose();
  return Promise.resolve();
}

/** Other trainings learn from data of their own. */
function renewData(world: World): Promise<void> {
  world.data = points();
  return Promise.resolve();
}

async function trainTwoAtOnce(world: World): Promise<void> {
  await Promise.all([train(world), train(world)]);
}

/** All actions, by name. */
export const actions: Readonly<Record<string, Action>> = {
  train,
  predict,
  saveAndLoad,
  cancelTraining,
  stopAndResume,
  search,
  changeDevice,
  call,
  combine,
  differentiate,
  dispose,
  renewData,
  trainTwoAtOnce,
};
