import { assertEquals } from "@std/assert";
import { type AnySamples, data, type GivenSet, samples, type SampleSource } from "../../data/mod.ts";
import {
  denseLayer,
  embedding,
  flattenLayer,
  inputLayer,
  type Layer,
  logisticRegression,
  rnn,
} from "../../layers/mod.ts";
import { categoricalCrossentropyFromLogits } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";

const COUNT = 12;
const classes = Uint8Array.from({ length: COUNT }, (_, i) => i % 3);
const numbers = (width: number, limit: number) =>
  Uint8Array.from({ length: COUNT * width }, (_, i) => (i * 7 + (i >> 3)) % limit);

/** The weights after two epochs, and the predictions. */
async function trained(layers: readonly Layer[], set: GivenSet, deviceBytes?: number): Promise<number[][]> {
  const { model: done } = await model({
    network: network("whole", layers),
    data: data([set, set]),
    hyperparameters: { batchSize: 5, nEpochs: 2, learningRate: 0.1 },
    ...!(set.y instanceof Uint8Array) && { objective: categoricalCrossentropyFromLogits },
  }).train(deviceBytes === undefined ? {} : { deviceBytes });
  const parameters = Object.values(done.network.params).flatMap((own) => Object.values(own as Record<string, never>));
  const tensors = [...parameters, done.getOutput(done.data.training.x)] as { data(): Promise<ArrayLike<number>> }[];
  return await Promise.all(tensors.map(async (one) => Array.from(await one.data())));
}

/** Checks that sets with the same numbers give the same bits, also if they are streamed. */
async function assertSame(layers: readonly Layer[], given: GivenSet, floats: GivenSet): Promise<void> {
  const wanted = await trained(layers, floats);
  assertEquals(await trained(layers, given), wanted);
  assertEquals(await trained(layers, given, 100), wanted);
}

const asFloats = ({ values, shape }: AnySamples) => samples(Float32Array.from(values), shape);

testOnEveryDevice("tokens that are whole numbers train an embedding like floats", async () => {
  const input = inputLayer({ shape: [null, 4] });
  const flat = flattenLayer(embedding(input, { nTokens: 9, nUnits: 3 }));
  const layers = [input, flat.incoming[0], flat, logisticRegression(flat, { nClass: 3 })];
  const x = samples(numbers(4, 9), [COUNT, 4]);
  await assertSame(layers, { x, y: classes }, { x: asFloats(x), y: classes });
});

testOnEveryDevice("whole numbers become floats for layers that do not look them up", async () => {
  const input = inputLayer({ shape: [null, 4] });
  const hidden = denseLayer(input, { nUnits: 5 });
  const x = samples(numbers(4, 5), [COUNT, 4]);
  const layers = [input, hidden, logisticRegression(hidden, { nClass: 3 })];
  await assertSame(layers, { x, y: classes }, { x: asFloats(x), y: classes });
});

testOnEveryDevice("gray levels of any rank keep their shape when they are packed", async () => {
  const input = inputLayer({ shape: [null, 3, 8] });
  const recurrent = rnn(input, { nUnits: 4 });
  const layers = [input, recurrent, logisticRegression(recurrent, { nClass: 3 })];
  const bytes = numbers(24, 256);
  const x = samples(bytes, [COUNT, 3, 8], { greyLevels: true });
  const wanted = { x: asFloats(x), y: classes };
  await assertSame(layers, { x, y: classes }, wanted);
  const source: SampleSource = {
    shape: x.shape,
    read: (rows, target) => rows.forEach((row, i) => target.set(x.values.subarray(24 * row, 24 * row + 24), 24 * i)),
    readLevels: (rows, target) => rows.forEach((row, i) => target.set(bytes.subarray(24 * row, 24 * row + 24), 24 * i)),
  };
  await assertSame(layers, { x: source, y: classes }, wanted);
});

testOnEveryDevice("classes of each time step may be whole numbers", async () => {
  const input = inputLayer({ shape: [null, 4] });
  const embedded = embedding(input, { nTokens: 9, nUnits: 6 });
  const each = denseLayer(embedded, { nUnits: 5, leadingAxes: 2, activation: "linear" });
  const x = samples(numbers(4, 9), [COUNT, 4]);
  const y = samples(numbers(4, 5), [COUNT, 4]);
  await assertSame([input, embedded, each], { x, y }, { x: asFloats(x), y: asFloats(y) });
});
