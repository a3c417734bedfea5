/**
 * Trains example networks in a process of its own, which `processes.ts` starts, and prints the SHA-256 of the weights of
 * each as a line of JSON.
 *
 * @module
 */

import { computeAtOnceBy, currentBackend, setDevice } from "../../../core/device.ts";
import { flattenTree } from "../../../core/tree.ts";
import { openWasm } from "../../../core/wasm/backend.ts";
import { data, digitsLoader } from "../../../data/mod.ts";
import { networks } from "../../../examples/networks.ts";
import { model } from "../../../model/mod.ts";
import { getUpdate } from "../../../optim/mod.ts";
import type { HashOptions, NetworkHash } from "./processes.ts";

const BATCHES = 10;

/** Larger batches would only take longer: those of 50 examples are divided among threads as well. */
const MOST_EXAMPLES = 50;

const PRETRAINING_EPOCHS = 2;

/** The weights of an example network after some steps, in the order of their names. */
async function weightsAfter(name: string, { steps, seed }: HashOptions): Promise<ArrayBuffer[]> {
  const { build, hyperparameters, update = "momentum" } = networks[name];
  const batchSize = Math.min(hyperparameters.batchSize, MOST_EXAMPLES);
  const pretraining = hyperparameters.pretrainingEpochs === undefined ? {} : { pretrainingEpochs: PRETRAINING_EPOCHS };
  const values = { ...hyperparameters, ...pretraining, batchSize, nEpochs: steps / BATCHES };
  const { model: trained, report } = await model({
    name,
    network: build(values),
    data: data(digitsLoader({ sizes: [BATCHES * batchSize, batchSize, batchSize] }), { name: "digits" }),
    hyperparameters: values,
    updates: getUpdate(update),
  }).train({ seed, earlyStop: false, restoreBest: false, progress: false });
  if (report.iterations !== steps) {
    throw new Error(`Cannot train ${name}: expected ${steps} steps, got ${report.iterations}`);
  }
  const { leaves } = flattenTree(trained.network.weights);
  if (leaves.length === 0) throw new Error(`Cannot compare the weights of ${name}: it has none`);
  return await Promise.all(leaves.map(async (leaf) => (await leaf.data()).slice().buffer as ArrayBuffer));
}

async function hashOf(parts: readonly ArrayBuffer[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await new Blob([...parts]).arrayBuffer());
  return new Uint8Array(digest).toHex();
}

if (import.meta.main) {
  const options: HashOptions = JSON.parse(Deno.args[0]);
  if (options.device === "wasm") {
    const { threads, native } = options;
    computeAtOnceBy(() => openWasm({ threads, native }));
    currentBackend();
  }
  await setDevice(options.device);
  for (const network of options.networks) {
    const hash = await hashOf(await weightsAfter(network, options));
    console.log(JSON.stringify({ network, hash } satisfies NetworkHash));
  }
  Deno.exit(0);
}
