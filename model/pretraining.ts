/**
 * Pre-training: each unsupervised layer learns from its own input, one after the other.
 *
 * @module
 */

import { tensor } from "../core/creation.ts";
import { jit } from "../core/jit.ts";
import { fold } from "../core/random/bits.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Data } from "../data/data.ts";
import type { Parameters, Pretraining, State } from "../layers/layer.ts";
import { batchOf, type Chunk } from "./batch.ts";
import { Diverged } from "./diverged.ts";
import type { PretrainingEvent } from "./events.ts";
import { makeFeed } from "./feed.ts";
import type { NamedLayer } from "./layer_names.ts";
import type { Network } from "./network.ts";
import { makePause } from "./pause.ts";
import type { Programs } from "./programs.ts";
import { disposeTree, type Weights } from "./weights.ts";

/** What pre-training needs to know. */
export interface PretrainingPlan {
  readonly network: Network;
  readonly programs: Programs;
  readonly data: Data;
  /** The bytes that the training set may take on the device. */
  readonly bytes: number;
  readonly weights: Weights;
  readonly key: Tensor;
  readonly signal: AbortSignal | undefined;
}

interface LayerState {
  readonly params: Parameters;
  readonly state: State;
  readonly step: Tensor;
  readonly cost: Tensor;
}

/** Trains all unsupervised layers, in order, and gives the weights with what they have learned. */
export async function* pretrainLayers(plan: PretrainingPlan): AsyncGenerator<PretrainingEvent, Weights> {
  let { weights } = plan;
  for (const [index, named] of plan.network.layers.entries()) {
    const { pretraining } = named.layer;
    if (!pretraining) continue;
    const learned = yield* pretrainLayer({ ...plan, weights, key: fold(plan.key, index) }, named, pretraining);
    const { params, state } = weights;
    weights = {
      params: { ...params, [named.name]: learned.params },
      state: state[named.name] ? { ...state, [named.name]: learned.state } : state,
    };
  }
  return weights;
}

async function* pretrainLayer(
  plan: PretrainingPlan,
  { name, layer }: NamedLayer,
  pretraining: Pretraining,
): AsyncGenerator<PretrainingEvent, { params: Parameters; state: State }> {
  const { programs, data: { training }, bytes, weights, key, signal } = plan;
  const { epochs, batchSize } = pretraining;
  const batches = Math.max(1, Math.floor(training.length / batchSize));
  const size = Math.min(batchSize, training.length);
  const step = layerStep(plan.network, { name, layer }, pretraining, { size, batches });
  const order = (epoch: number): Tensor => programs.shuffle(key, epoch);
  using feed = makeFeed({ set: training, bytes, batchSize: size, batches, order });
  const pause = makePause();
  let state: LayerState = {
    ...programs.copy({ params: weights.params[name] ?? {}, state: weights.state[name] ?? {} }),
    step: tensor(0, [], { dtype: "i32" }),
    cost: tensor(0),
  };
  for (let epoch = 1; epoch <= epochs && !signal?.aborted; epoch++) {
    for (let batch = 0; batch < batches && !signal?.aborted; batch++) {
      state = step(state, weights, await feed.chunk(epoch, batch), key);
      await pause();
    }
    const sum = await state.cost.item();
    if (!Number.isFinite(sum)) throw new Diverged(name, (epoch - 1) * batches, epoch * batches, sum);
    yield { event: "pretraining", layer: name, epoch, epochs, cost: sum / batches };
    state.cost.dispose();
    state = { ...state, cost: tensor(0) };
  }
  disposeTree([state.step, state.cost]);
  return state;
}

type LayerStep = (state: LayerState, weights: Weights, chunk: Chunk, key: Tensor) => LayerState;

/** A compiled step of one layer on a batch of its own input. */
function layerStep(
  network: Network,
  { name, layer }: NamedLayer,
  pretraining: Pretraining,
  { size, batches }: { readonly size: number; readonly batches: number },
): LayerStep {
  const source = network.layers.find((one) => one.layer === layer.incoming[0]);
  const step: LayerStep = (before, weights, chunk, key) => {
    const { x: batch } = batchOf(chunk, { batch: before.step.mod(batches), batchSize: size });
    const input = source ? network.outputs(weights, batch)[source.name] : batch;
    const { params, state, cost } = pretraining.step(before.params, before.state, input, fold(key, before.step));
    return { params, state, step: before.step.add(1), cost: before.cost.add(cost) };
  };
  return jit(step, { donate: [0], name: `pre-training of ${name}` });
}
