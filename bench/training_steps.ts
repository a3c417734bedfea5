/**
 * Whole training steps — forward, backward, update, loss read back — of the networks that other frameworks are measured
 * with: LeNet-5, multilayer perceptrons, a long short-term memory. Run it on one device: `deno bench -A
 * bench/training_steps.ts -- webgpu` (wasm where not given).
 *
 * @module
 */

import { type DeviceChoice, jit, random, setDevice, type Tensor, tensor, valueAndGrad } from "../core/mod.ts";
import {
  convPoolLayer,
  denseLayer,
  dropout,
  flattenLayer,
  inputLayer,
  logisticRegression,
  lstm,
  reshapeLayer,
} from "../layers/mod.ts";
import { type Network, network } from "../model/mod.ts";
import { adam, categoricalCrossentropyFromLogits, nesterovMomentum, sgd, type UpdateRule } from "../optim/mod.ts";

/** What is measured. */
interface Workload {
  readonly name: string;
  readonly batch: number;
  readonly rule: UpdateRule;
  build(): Network;
}

const pixels = inputLayer({ shape: [null, 784] });

function lenet5(): Network {
  const images = reshapeLayer(pixels, { outputShape: [null, 1, 28, 28] });
  const first = convPoolLayer(images, { filterShape: [20, 1, 5, 5], poolSize: [2, 2] });
  const second = convPoolLayer(first, { filterShape: [50, 20, 5, 5], poolSize: [2, 2] });
  const flat = flattenLayer(second);
  const hidden = denseLayer(flat, { nUnits: 500 });
  return network("lenet5", [pixels, images, first, second, flat, hidden, logisticRegression(hidden, { nClass: 10 })]);
}

function perceptron(corruption: readonly [number, number]): Network {
  const firstDropout = dropout(pixels, { corruptionLevel: corruption[0] });
  const first = denseLayer(firstDropout, { nUnits: 500, activation: "relu" });
  const secondDropout = dropout(first, { corruptionLevel: corruption[1] });
  const second = denseLayer(secondDropout, { nUnits: 500, activation: "relu" });
  const output = logisticRegression(second, { nClass: 10 });
  return network("mlp", [pixels, firstDropout, first, secondDropout, second, output]);
}

function longShortTermMemory(): Network {
  const rows = reshapeLayer(pixels, { outputShape: [null, 28, 28] });
  const memory = lstm(rows, { nUnits: 128 });
  return network("lstm", [pixels, rows, memory, logisticRegression(memory, { nClass: 10 })]);
}

const workloads: readonly Workload[] = [
  { name: "LeNet-5, batch 500", batch: 500, rule: sgd(), build: lenet5 },
  {
    name: "MLP with dropout, batch 500",
    batch: 500,
    rule: nesterovMomentum({ learningRate: 0.1, momentum: 0.5 }),
    build: () => perceptron([0.4, 0.2]),
  },
  { name: "MLP, batch 20", batch: 20, rule: sgd(), build: () => perceptron([0, 0]) },
  { name: "LSTM 28 × 28 → 128, batch 64", batch: 64, rule: adam(), build: longShortTermMemory },
];

const [device = "wasm"] = Deno.args;
const { name: deviceName } = await setDevice(device as DeviceChoice);

function measure({ name, batch, rule, build }: Workload): void {
  const net = build();
  const x = random.uniform(random.key(1), [batch, 784]);
  const y = tensor(Int32Array.from({ length: batch }, (_, i) => i % 10));
  const { params, state } = net.init(random.key(2));
  const step = jit((params: typeof first.params, updates: typeof first.state, key: Tensor) => {
    const [cost, gradients] = valueAndGrad((params: typeof first.params) => {
      const { output } = net.logits(params, x, { train: true, key, state });
      return categoricalCrossentropyFromLogits(output, y).mean();
    })(params);
    return { ...rule.update(gradients, updates, params), cost };
  }, { donate: [0, 1], name });
  const first = { params, state: rule.init(params) };
  let now = first;
  let turn = 0;
  Deno.bench({
    name,
    group: `training step on ${deviceName}`,
    async fn() {
      const next = step(now.params, now.state, random.key(turn++));
      now = next;
      await next.cost.item();
    },
  });
}

workloads.forEach(measure);
