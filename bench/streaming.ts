/**
 * The cost of streaming data through a fraction of their memory: images per second in epochs with shuffling and batches
 * of 500, resident on the device, streamed through a tenth, and streamed batch by batch. The variants are interleaved,
 * so other work of the machine slows all of them. Run it: `deno run -A bench/streaming.ts [wasm | webgpu] [epochs]`.
 *
 * @module
 */

import { type DeviceChoice, setDevice } from "../core/mod.ts";
import { data, ImageSet } from "../data/mod.ts";
import { model, type Network } from "../model/mod.ts";
import { nesterovMomentum } from "../optim/mod.ts";
import { lenet5, perceptron } from "./workloads.ts";

const PIXELS = 784;

function noise(count: number): ImageSet {
  const pixels = Uint8Array.from({ length: count * PIXELS }, (_, i) => Math.imul(i, 0x9e3779b9) >>> 24);
  return new ImageSet(pixels, Int32Array.from({ length: count }, (_, i) => i % 10), PIXELS);
}

/** Images per second of each epoch, by the fraction of the training set that the device may hold. */
async function measure(network: Network, examples: number, epochs: number): Promise<Map<number, number[]>> {
  const untrained = model({
    network,
    data: data([noise(examples), noise(500)]),
    hyperparameters: { batchSize: 500, nEpochs: 1, learningRate: 0.01, momentum: 0.5 },
    updates: nesterovMomentum,
  });
  const found = new Map<number, number[]>([[2, []], [0.1, []], [0, []]]);
  for (let epoch = 0; epoch <= epochs; epoch++) {
    for (const [share, speeds] of found) {
      const { report } = await untrained.train({
        deviceBytes: Math.max(1, share * examples * PIXELS),
        progress: false,
      });
      if (epoch > 0) speeds.push(report.history[0].samplesPerSecond);
    }
  }
  return found;
}

const names: ReadonlyMap<number, string> = new Map([[2, "resident"], [0.1, "a tenth"], [0, "one batch"]]);

if (import.meta.main) {
  const [device = "wasm", epochs = "7"] = Deno.args;
  const { name: deviceName } = await setDevice(device as DeviceChoice);
  console.log(`images per second on ${deviceName}: median and best of ${epochs} epochs`);
  for (
    const [name, network, examples] of [["MLP", perceptron([0.4, 0.2]), 5000], ["LeNet-5", lenet5(), 2500]] as const
  ) {
    for (const [share, speeds] of await measure(network, examples, Number(epochs))) {
      const sorted = speeds.toSorted((a, b) => a - b);
      const [median, best] = [sorted[sorted.length >> 1], sorted.at(-1)!].map((speed) => speed.toFixed(0).padStart(8));
      console.log(`${name.padEnd(10)}${names.get(share)!.padEnd(12)}${median}${best}`);
    }
  }
}
