import { assert, assertRejects } from "@std/assert";
import { data, type DataOptions } from "../../data/data.ts";
import { type AnySamples, samples } from "../../data/samples.ts";
import {
  type Activation,
  autoEncoder,
  denseLayer,
  flattenLayer,
  inputLayer,
  type Layer,
  rbm,
} from "../../layers/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";

const input = inputLayer({ shape: [null, 2] });
const encoded = (before: Layer, epochs = 1): Layer =>
  autoEncoder(before, { nUnits: 2, hyperparameters: { epochs, batchSize: 2 } });

function pretrain(layers: readonly Layer[], rows: number[][], options: DataOptions = {}) {
  const set = { x: samples(rows), y: Int32Array.of(0, 1, 0, 1) };
  return model({ network: network("net", layers), data: data([set, set], options) }).pretrain();
}

testOnEveryDevice("Layers that reconstruct their input are refused inputs that are not between 0 and 1", async () => {
  const good = [[0, 1], [1, 0.5], [0.25, 0], [1, 1]];
  const wide = good.with(3, [1, 40]);
  const after = (activation: Activation): Layer => denseLayer(input, { nUnits: 2, activation });
  const flat = flattenLayer(input);
  const expected = "expected inputs from 0 to 1, got 40 in row 3 of the training set; scale the data";
  for (const layers of [[input, encoded(input)], [input, flat, encoded(flat)]]) {
    await pretrain(layers, good);
    await pretrain(layers, wide, { preprocessing: "normalize" });
    await assertRejects(() => pretrain(layers, wide), TypeError, `on data: ${expected}`);
    await assertRejects(
      () => pretrain(layers, good, { preprocessing: "standardize" }),
      TypeError,
      "from 0 to 1, got -",
    );
  }
  const machine = rbm(input, { nUnits: 2, hyperparameters: { epochs: 1, batchSize: 2 } });
  await assertRejects(
    () => pretrain([input, machine], wide),
    TypeError,
    `Cannot pre-train RBM "RBM 1" on data: ${expected}`,
  );
  const [tanh, sigmoid, own] = [after("tanh"), after("sigmoid"), after((x) => x.sigmoid())];
  await assertRejects(
    () => pretrain([input, tanh, encoded(tanh)], wide),
    TypeError,
    "expected inputs from 0 to 1, got the activation tanh; use the activation sigmoid in the layer before",
  );
  for (const before of [sigmoid, own]) await pretrain([input, before, encoded(before)], wide);
  assert(await pretrain([input, encoded(input, 0)], wide));
});

testOnEveryDevice(
  "Whole numbers are refused by layers that reconstruct their input unless they are 0 and 1",
  async () => {
    const train = (x: AnySamples, options: DataOptions = {}) => {
      const set = { x, y: Int32Array.of(0, 1, 0, 1) };
      const input = inputLayer({ shape: [null, 4] });
      return model({ network: network("net", [input, encoded(input)]), data: data([set, set], options) }).pretrain();
    };
    const levels = Uint8Array.from({ length: 16 }, (_, i) => i === 0 ? 1 : 17 * i);
    await assertRejects(
      () => train(samples(levels, [4, 4])),
      TypeError,
      "expected inputs from 0 to 1, got 17 in row 0 of the training set; scale the data",
    );
    assert(await train(samples(levels, [4, 4]), { preprocessing: "normalize" }));
    assert(await train(samples(levels, [4, 4], { greyLevels: true })));
    assert(await train(samples(levels.map((one) => one % 2), [4, 4])));
  },
);
