/**
 * Whole training steps — forward, backward, update, loss read back — of the networks that other frameworks are also
 * measured with: LeNet-5, multilayer perceptrons, a long short-term memory. Run it on one device (default: wasm):
 * `deno bench -A bench/training_steps.ts -- webgpu`.
 *
 * @module
 */

import { type DeviceChoice, jit, random, setDevice, type Tensor, tensor, valueAndGrad } from "../core/mod.ts";
import { logisticRegression, lstm, reshapeLayer } from "../layers/mod.ts";
import { type Network, network } from "../model/mod.ts";
import { adam, categoricalCrossentropyFromLogits, nesterovMomentum, sgd, type UpdateRule } from "../optim/mod.ts";
import { lenet5, perceptron, pixels } from "./workloads.ts";

/** A measured network and its training. */
interface Workload {
  readonly name: string;
  readonly batch: number;
  readonly rule: UpdateRule;
  build(): Network;
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
    group: `${name}: training step on ${deviceName}`,
    async fn() {
      const next = step(now.params, now.state, random.key(turn++));
      now = next;
      await next.cost.item();
    },
  });
}

workloads.forEach(measure);
