import { assert, assertEquals } from "@std/assert";
import { CompiledGraph } from "../core/compiled_graph.ts";
import { arange } from "../core/creation.ts";
import type { HostArray } from "../core/dtype.ts";
import { oneHot } from "../core/functions/selection.ts";
import type { Graph } from "../core/graph/node.ts";
import { trace } from "../core/jit.ts";
import { key } from "../core/random/bits.ts";
import { uniform } from "../core/random/distributions.ts";
import { Storage } from "../core/storage.ts";
import { flattenTree } from "../core/tree.ts";
import type { Tensor } from "../core/tensor.ts";
import {
  chainAugmentations,
  cutmix,
  gaussianNoise,
  mixup,
  randomAffine,
  randomContrast,
  randomCrop,
  randomErasing,
} from "../data/augment/mod.ts";
import type { DeviceOptions } from "../core/device_options.ts";
import { openWasm } from "../core/wasm/backend.ts";
import { lenetState, lenetStep } from "./lenet.ts";

const BATCH = 60;
const STEPS = 3;

/** All results of some steps, each with the results of the previous step as its first inputs. */
async function train(graph: Graph, inputs: readonly HostArray[], options: DeviceOptions): Promise<HostArray[]> {
  const backend = openWasm(options);
  const donated = new Set(graph.results.slice(0, -1).keys());
  const step = new CompiledGraph(graph, backend, { name: "LeNet-5 step", donated });
  let storages = inputs.map((values, i) => Storage.fromHost(graph.parameters[i].dtype, values));
  let results: Storage[] = [];
  for (let turn = 0; turn < STEPS; turn++) {
    results = step.run(storages);
    storages = [...results.slice(0, -1), ...storages.slice(results.length - 1)];
    // Workers start meanwhile, so all threads compute from the second step on.
    if (turn === 0) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const values = await Promise.all(results.map((result) => result.read()));
  await backend.close();
  return values;
}

Deno.test("steps of LeNet-5 have the same bits on 1, 2, 3 and 8 threads, with and without machine code", async () => {
  const x = uniform(key(1), [BATCH, 1, 28, 28]);
  const y = oneHot(arange(BATCH).mod(10), 10);
  const args = flattenTree([lenetState(1), x, y]);
  const { graph } = trace(lenetStep(), args);
  const inputs = await Promise.all(args.leaves.map((leaf) => leaf.data()));

  const expected = await train(graph, inputs, { threads: 1, native: false });
  const moved = expected.slice(0, -1).map((values, i) => values.some((value, n) => value !== inputs[i][n]));
  assert(moved.every(Boolean), "every part of the state moves");
  const others = [1, 2, 3, 8].flatMap((threads) => [true, false].map((native) => ({ threads, native })));
  for (const options of others.slice(0, -1)) {
    const results = await train(graph, inputs, options);
    const same = results.map((values, i) => values.every((value, n) => Object.is(value, expected[i][n])));
    assertEquals(same, results.map(() => true), JSON.stringify(options));
  }
});

Deno.test("augmentations have the same bits on 1, 2, 3 and 8 threads", async () => {
  const chain = chainAugmentations(
    [randomCrop(), randomAffine(), randomErasing(), gaussianNoise(), randomContrast(), mixup({ nClass: 10 }), cutmix()],
  );
  const augment = (key: Tensor, x: Tensor, y: Tensor): Tensor[] => {
    const batch = chain(key, { x, y });
    return [key, batch.x, batch.y];
  };
  const args = flattenTree([key(3), uniform(key(1), [BATCH, 3, 28, 28]), arange(BATCH).mod(10).cast("i32")]);
  const { graph } = trace(augment, args);
  const inputs = await Promise.all(args.leaves.map((leaf) => leaf.data()));
  const results: HostArray[][] = [];
  for (const threads of [1, 2, 3, 8]) results.push((await run(graph, inputs, { threads })).slice(1));
  for (const found of results) assertEquals(found, results[0]);
});

/** The results of a graph on new buffers, when all threads compute. */
async function run(graph: Graph, inputs: readonly HostArray[], options: DeviceOptions): Promise<HostArray[]> {
  const backend = openWasm(options);
  const compiled = new CompiledGraph(graph, backend, { name: "augmentation", donated: new Set() });
  let values: HostArray[] = [];
  for (let turn = 0; turn < 2; turn++) {
    const storages = inputs.map((one, i) => Storage.fromHost(graph.parameters[i].dtype, one));
    values = await Promise.all(compiled.run(storages).map((result) => result.read()));
    if (turn === 0) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await backend.close();
  return values;
}
