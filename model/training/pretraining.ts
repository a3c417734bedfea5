/**
 * Pre-training: each unsupervised layer learns from its own input, one after the other.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { type CompiledFunction, jit } from "../../core/jit.ts";
import { fold } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { NamedData } from "../../data/data.ts";
import type { Pretraining } from "../../layers/layer.ts";
import { batchOf, type Chunk } from "./batch.ts";
import { Diverged } from "./diverged.ts";
import { fixedBatchOf } from "./epoch_size.ts";
import type { PretrainingEvent, PretrainingStepEvent } from "./events.ts";
import { makeFeed } from "./make_feed.ts";
import type { NamedLayer } from "../layer_list.ts";
import type { Network } from "../network.ts";
import { targetOf } from "../target_data.ts";
import { makePause } from "./pause.ts";
import { checkPretraining } from "./pretraining_fit.ts";
import type { Programs } from "./programs.ts";
import { RunningCost } from "./running_cost.ts";
import type { LayerState, PretrainingSnapshot } from "./snapshot.ts";
import { copyTree, disposeTree, type Weights } from "../weights.ts";

/** The inputs of pre-training. */
export interface PretrainingPlan {
  readonly network: Network;
  readonly programs: Programs;
  readonly data: NamedData;
  /** The bytes that the training set may use on the device. */
  readonly bytes: number;
  readonly weights: Weights;
  readonly key: Tensor;
  /** Whether the examples are shuffled in each epoch. */
  readonly shuffle: boolean;
  readonly signal: AbortSignal | undefined;
  /** Where it was stopped before; its tensors are consumed. */
  readonly from: PretrainingSnapshot | undefined;
  /** Whether someone watches the cost during an epoch. */
  readonly watched: boolean;
}

/** The result of pre-training. */
export interface Pretrained {
  readonly weights: Weights;
  /** Where it was stopped; null if it is finished. */
  readonly stopped: PretrainingSnapshot | null;
}

/** Trains all unsupervised layers, in order, and returns the weights with their learned parameters. */
export async function* pretrainLayers(
  plan: PretrainingPlan,
): AsyncGenerator<PretrainingEvent | PretrainingStepEvent, Pretrained> {
  const { network: { layers }, data, from } = plan;
  // What was begun by an earlier version goes on as it began.
  if (!from) checkPretraining(layers, data);
  const first = from ? layers.findIndex(({ name }) => name === from.layer) : 0;
  let { weights } = plan;
  layers.forEach((named) => checkBatches(plan, named));
  for (const [index, named] of layers.entries()) {
    const { pretraining } = named.layer;
    if (!pretraining || index < first) continue;
    const begin = index === first ? from : undefined;
    const key = fold(plan.key, index);
    const { state, stopped } = yield* pretrainLayer({ ...plan, weights, key, from: begin }, named, pretraining);
    weights = withLayer(weights, named.name, state);
    if (stopped) return { weights, stopped: { ...stopped, layer: named.name, state, weights } };
    disposeTree([state.step, state.cost]);
  }
  return { weights, stopped: null };
}

/** Throws if the batches of a pre-training are not those that the input of the network requires. */
function checkBatches({ network, data: { training } }: PretrainingPlan, { name, layer }: NamedLayer): void {
  const extent = fixedBatchOf(network);
  const { batchSize } = layer.pretraining ?? {};
  if (extent === undefined || batchSize === undefined || extent === Math.min(batchSize, training.length)) return;
  throw new TypeError(
    `Cannot pre-train ${name}: expected batches of ${extent}, as the input of the network requires, got ` +
      `hyperparameters.batchSize ${batchSize} of the layer, of ${training.length} examples`,
  );
}

function withLayer({ params, state }: Weights, name: string, learned: LayerState): Weights {
  return {
    params: { ...params, [name]: learned.params },
    state: state[name] ? { ...state, [name]: learned.state } : state,
  };
}

/** What a layer has learned, and where its pre-training was stopped, if it was. */
interface LearnedLayer {
  readonly state: LayerState;
  readonly stopped?: { readonly epoch: number; readonly batch: number };
}

async function* pretrainLayer(
  plan: PretrainingPlan,
  { name, layer }: NamedLayer,
  pretraining: Pretraining,
): AsyncGenerator<PretrainingEvent | PretrainingStepEvent, LearnedLayer> {
  const { programs, data: { training }, bytes, weights, key, shuffle, signal, from, watched } = plan;
  const { epochs, batchSize } = pretraining;
  const batches = Math.max(1, Math.floor(training.length / batchSize));
  const size = Math.min(batchSize, training.length);
  using step = layerStep(plan.network, { name, layer }, pretraining, { size, batches });
  const running = new RunningCost();
  const order = shuffle ? (epoch: number): Tensor => programs.shuffle(key, epoch) : undefined;
  using feed = makeFeed({ set: training, bytes, batchSize: size, batches, order });
  const pause = makePause();
  let state = from?.state ?? beginLayer(weights, name);
  for (let epoch = from?.epoch ?? 1; epoch <= epochs; epoch++) {
    const start = performance.now();
    for (let batch = epoch === from?.epoch ? from.batch : 0; batch < batches; batch++) {
      if (signal?.aborted) return await running.settle().then(() => ({ state, stopped: { epoch, batch } }));
      state = step(state, weights, { chunk: await feed.chunk(epoch, batch), key });
      const { cost: sum } = state;
      if (watched) running.update(epoch, async () => await sum.item() / (batch + 1));
      yield stepEvent({ layer: name, epoch, epochs, batch: batch + 1, batches }, running.of(epoch));
      await pause();
    }
    await running.settle();
    const cost = await state.cost.item();
    if (!Number.isFinite(cost)) {
      throw new Diverged({ model: name, iteration: epoch * batches, exact: false, cost, layer: name, weights });
    }
    const seconds = (performance.now() - start) / 1000;
    yield { event: "pretraining", layer: name, epoch, epochs, cost: cost / batches, seconds };
    state.cost.dispose();
    state = { ...state, cost: tensor(0) };
  }
  return { state };
}

function stepEvent(position: Omit<PretrainingStepEvent, "event" | "cost">, cost?: number): PretrainingStepEvent {
  return { event: "pretrainingStep", ...position, ...cost !== undefined && { cost } };
}

function beginLayer({ params, state }: Weights, name: string): LayerState {
  const begun = copyTree({ params: params[name] ?? {}, state: state[name] ?? {} });
  return { ...begun, step: tensor(0, [], { dtype: "i32" }), cost: tensor(0) };
}

/** A step of one layer: its state, the weights of the layers below it, and the source of its batch. */
type LayerStep = CompiledFunction<[state: LayerState, weights: Weights, draw: Draw], LayerState>;

/** From which the batch of a step is drawn. */
interface Draw {
  readonly chunk: Chunk;
  readonly key: Tensor;
}

/** A compiled step of one layer on a batch of its own input. */
function layerStep(
  network: Network,
  { name, layer }: NamedLayer,
  pretraining: Pretraining,
  { size, batches }: { readonly size: number; readonly batches: number },
): LayerStep {
  const source = network.layers.find((one) => one.layer === layer.incoming[0]);
  const step = (before: LayerState, weights: Weights, { chunk, key }: Draw): LayerState => {
    const { x: batch } = batchOf(chunk, { batch: before.step.mod(batches), batchSize: size });
    const input = source ? network.outputs(weights, batch)[source.name] : targetOf(batch, name);
    const { params, state, cost } = pretraining.step(before, input, fold(key, before.step));
    return { params, state, step: before.step.add(1), cost: before.cost.add(cost) };
  };
  return jit(step, { donate: [0], name: `pre-training of ${name}` });
}
