import { assertEquals } from "@std/assert";
import { random, type Tensor, tensor } from "../core/mod.ts";
import { fold } from "../core/random/bits.ts";
import {
  batchNormalization,
  denseLayer,
  embedding,
  inputLayer,
  type Layer,
  logisticRegression,
  reshapeLayer,
} from "../layers/mod.ts";
import type { Mode } from "../layers/layer.ts";
import { network } from "./network.ts";

const input = inputLayer({ shape: [null, 2], name: "in" });
const x = tensor([[1, 2], [3, 4]]);

/** A layer that notes by which function it is called, and in which mode. */
function noting(layer: Layer, calls: [string, Mode][]): Layer {
  return {
    ...layer,
    apply: (params, x, mode) => {
      calls.push(["apply", mode]);
      return layer.apply(params, x, mode);
    },
    logits: (params, x, mode) => {
      calls.push(["logits", mode]);
      return layer.logits!(params, x, mode);
    },
  };
}

const softmax = logisticRegression(input, { nClass: 4, name: "softmax" });
const params = { softmax: { W: tensor([[1, 0, 2, 0], [0, 1, 0, 3]]), b: tensor([0, 0, 0, 1]) } };
const values = [[1, 2, 2, 7], [3, 4, 6, 13]];

Deno.test("the values before the softmax at the end are computed once, without the softmax", async () => {
  const calls: [string, Mode][] = [];
  const net = network("n", [input, noting(softmax, calls)]);
  const { output } = net.logits(params, x, { train: false, state: {} });
  assertEquals(await output.toArray(), values);
  assertEquals(calls.map(([name]) => name), ["logits"]);
});

Deno.test("the values before a softmax pass through the reshapes behind it, and the softmax keeps its own key", async () => {
  const calls: [string, Mode][] = [];
  const noted = noting(softmax, calls);
  const net = network("n", [input, noted, reshapeLayer(noted, { outputShape: [null, 1, 4], name: "shaped" })]);
  const key = random.key(5);
  const { output } = net.logits(params, x, { train: true, key, state: {} });
  assertEquals(await output.toArray(), values.map((row) => [row]));
  assertEquals(calls.map(([name]) => name), ["apply", "logits"]);
  for (const [, mode] of calls) assertEquals(await mode.key!.toArray(), await fold(key, 1).toArray());
  assertEquals(calls.map(([, { train }]) => train), [true, true]);
});

Deno.test("each layer has its own key, by its place", async () => {
  const calls: [string, Mode][] = [];
  const key = random.key(2);
  const layers = [0, 1, 2].map((i) => noting(denseLayer(input, { nUnits: 1, name: `dense ${i}` }), calls));
  const net = network("n", [input, ...layers]);
  net.apply(net.init(random.key(1)).params, x, { train: true, key, state: {} });
  const found: unknown[] = [];
  for (const [, mode] of calls) found.push(await mode.key!.toArray());
  assertEquals(found, await Promise.all([1, 2, 3].map((i) => fold(key, i).toArray())));
  calls.length = 0;
  net.apply(net.init(random.key(1)).params, x, { train: false, state: {} });
  assertEquals(calls.map(([, mode]) => mode.key), [undefined, undefined, undefined]);
});

Deno.test("layers that are not needed are not computed, and keep their state", async () => {
  const calls: [string, Mode][] = [];
  const normal = batchNormalization(input, { name: "normal" });
  const idle = noting(batchNormalization(input, { name: "idle" }), calls);
  const net = network("n", [input, normal, idle]);
  const { params, state } = net.init(random.key(1));
  const trained = net.applyLayers(params, x, { train: true, state, layers: ["normal"] });
  assertEquals(Object.keys(trained.outputs), ["normal"]);
  assertEquals([calls.length, trained.state.idle], [0, state.idle]);
  const moved = (tree: Readonly<Record<string, Tensor>>) =>
    Promise.all(Object.values(tree).map((one) => one.toArray()));
  assertEquals(JSON.stringify(await moved(trained.state.normal)) === JSON.stringify(await moved(state.normal)), false);
});

Deno.test("whole numbers stay whole for a layer that looks them up, and become floats for others", async () => {
  const tokens = tensor(Int32Array.of(1, 0, 2, 2)).reshape([2, 2]);
  const dense = network("d", [input, denseLayer(input, { nUnits: 1, name: "d", activation: "linear" })]);
  const weights = { d: { W: tensor([[1], [10]]), b: tensor([0.5]) } };
  const { output } = dense.apply(weights, tokens, { train: false, state: {} });
  assertEquals(await output.toArray(), [[1.5], [22.5]]);
  const looked = embedding(input, { nTokens: 3, nUnits: 1, name: "e" });
  const rows = network("e", [input, looked]);
  const { output: found } = rows.apply({ e: { W: tensor([[7], [8], [9]]) } }, tokens, { train: false, state: {} });
  assertEquals(await found.toArray(), [[[8], [7]], [[9], [9]]]);
});
