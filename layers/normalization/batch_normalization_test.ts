import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { tensor, zeros } from "../../core/creation.ts";
import { jit } from "../../core/jit.ts";
import { key } from "../../core/random/bits.ts";
import { normal } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";
import { grad } from "../../core/gradients.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { layerNormalize } from "./layer_normalization.ts";
import { batchNormalization, batchNormalize } from "./batch_normalization.ts";
import { bnLstm } from "../recurrent/bn_lstm.ts";
import { inputLayer } from "../input.ts";
import type { Layer, Parameters, State } from "../layer.ts";

/** The state after some steps of training on batches of normal numbers with this mean and deviation. */
function trainedState(layer: Layer, shape: readonly number[], steps: number, mean: number, deviation: number): State {
  const { params, state } = layer.init(key(1));
  const step = jit((x: Tensor, state: State) => layer.apply(params, x, { train: true, state }).state);
  let after = state;
  for (let i = 0; i < steps; i++) after = step(normal(key(i), shape).mul(deviation).add(mean), after);
  return after;
}

testOnEveryDevice("One step moves the running statistics by alpha, the variance without bias", async () => {
  const layer = batchNormalization(inputLayer({ shape: [null, 1] }), { alpha: 0.25 });
  const { params, state } = layer.init(key(1));
  const after = layer.apply(params, tensor([[1], [2], [6]]), { train: true, state }).state;
  assertAlmostEquals(await after.mean.sum().item(), 0.25 * 3, 1e-6);
  assertAlmostEquals(await after.variance.sum().item(), 0.75 + 0.25 * 7, 1e-5);
});

Deno.test("The variance of a single number is 0 and stays so without bias", async () => {
  const single = batchNormalization(inputLayer({ shape: [null, 1] }), { alpha: 0.25 });
  const { params, state } = single.init(key(1));
  const after = single.apply(params, tensor([[6]]), { train: true, state }).state;
  assertEquals([await after.mean.item(), await after.variance.item()], [1.5, 0.75]);
  const sequences = bnLstm(inputLayer({ shape: [null, 2, 1] }), { nUnits: 1 });
  const begin = sequences.init(key(1));
  const one = sequences.apply(begin.params, tensor([[[1], [2]]]), { train: true, state: begin.state }).state;
  for (const [name, values] of Object.entries(one)) {
    assert((await values.data()).every((value) => Number.isFinite(value)), name);
  }
});

testOnEveryDevice("A batch without examples keeps the running statistics, and its gradients are 0", async () => {
  const layers: readonly (readonly [Layer, readonly number[]])[] = [
    [batchNormalization(inputLayer({ shape: [null, 3] })), [0, 3]],
    [batchNormalization(inputLayer({ shape: [null, 2, 4, 4] })), [0, 2, 4, 4]],
    [batchNormalization(inputLayer({ shape: [2, 0, 3] }), { axis: [1] }), [2, 0, 3]],
    [bnLstm(inputLayer({ shape: [null, 5, 3] }), { nUnits: 2 }), [0, 5, 3]],
  ];
  for (const [layer, shape] of layers) {
    const { params, state } = layer.init(key(1));
    const x = zeros(shape);
    const apply = (params: Parameters, x: Tensor, state: State) => layer.apply(params, x, { train: true, state });
    const slopes = (params: Parameters, x: Tensor, state: State) =>
      grad((params: Parameters) => apply(params, x, state).output.sum())(params);
    for (
      const [after, gradients] of [
        [apply(params, x, state).state, slopes(params, x, state)],
        [jit(apply)(params, x, state).state, jit(slopes)(params, x, state)],
      ]
    ) {
      for (const name of Object.keys(state)) {
        assertEquals([...await after[name].data()], [...await state[name].data()], `${layer.kind}: ${name}`);
      }
      for (const [name, gradient] of Object.entries(gradients)) {
        assert((await gradient.data()).every((slope) => slope === 0), `${layer.kind}: gradient of ${name}`);
      }
    }
  }
});

testOnEveryDevice("Running statistics approach those of the data, and prediction uses them for any batch", async () => {
  for (const shape of [[50, 3], [4, 3, 6, 6]]) {
    const layer = batchNormalization(inputLayer({ shape: [null, ...shape.slice(1)] }));
    const state = trainedState(layer, shape, 60, 5, 2);
    assert((await state.mean.data()).every((value) => Math.abs(value - 5) < 0.4));
    assert((await state.variance.data()).every((value) => Math.abs(value - 4) < 1));
    const { params } = layer.init(key(1));
    const x = normal(key(99), [1, ...shape.slice(1)]).mul(2).add(5);
    const predicted = layer.apply(params, x, { train: false, state });
    assertEquals(predicted.state, state);
    assertAlmostEquals(await predicted.output.sub(x.sub(5).mul(0.5)).abs().max().item(), 0, 1);
  }
});

Deno.test("Normalized features have mean 0 and variance 1 in training", async () => {
  const layer = batchNormalization(inputLayer({ shape: [null, 2] }), { hasBeta: false });
  const { params, state } = layer.init(key(1));
  assertEquals(Object.keys(params), ["gamma"]);
  const x = normal(key(2), [31, 2]).mul(3).add(7);
  const { output } = layer.apply(params, x, { train: true, state });
  assert((await output.mean({ axis: 0 }).data()).every((value) => Math.abs(value) < 1e-5));
  assert((await output.variance({ axis: 0 }).data()).every((value) => Math.abs(value - 1) < 1e-4));
});

testOnEveryDevice("The normalized LSTM has running statistics for each time step", async () => {
  const layer = bnLstm(inputLayer({ shape: [null, 4, 3] }), { nUnits: 2 });
  // Long enough to forget the first variance of 1, as that of the hidden units is far smaller.
  const state = trainedState(layer, [40, 4, 3], 120, 1, 1);
  assertEquals(state.mean_input.shape, [4, 8]);
  const { params } = layer.init(key(1));
  const x = normal(key(3), [200, 4, 3]).add(1);
  const trained = layer.apply(params, x, { train: true, state }).output;
  const predicted = layer.apply(params, x, { train: false, state }).output;
  const size = await trained.abs().mean().item();
  assert(await trained.sub(predicted).abs().mean().item() < 0.2 * size);
});

testOnEveryDevice("Without epsilon, constant features become 0, with finite gradients", async () => {
  const x = tensor([[1, 2], [1, 4]]);
  const gamma = tensor([1, 1]);
  const inBatch = (x: Tensor): Tensor => {
    const [mean, variance] = [x.mean({ axis: 0 }), x.variance({ axis: 0 })];
    return batchNormalize({ gamma }, x, { mean, variance }, { axes: [0], epsilon: 0 });
  };
  const inRows = (x: Tensor): Tensor => layerNormalize({ gamma }, x.transpose(), 0).transpose();
  for (const normalize of [inBatch, inRows]) {
    assertEquals(await normalize(x).toArray(), [[0, -1], [0, 1]]);
    const slopes = await grad((x: Tensor) => normalize(x).square().sum())(x).data();
    assert(slopes.every(Number.isFinite));
  }
});
