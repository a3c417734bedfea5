import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { deviceInfo, deviceStatistics, random, type Tensor } from "../../core/mod.ts";
import { join } from "@std/path";
import {
  type Data,
  data,
  DataError,
  digitsLoader,
  oneHotEncoding,
  openNpySet,
  samples,
  type SampleSource,
} from "../../data/mod.ts";
import { headerOf, npy } from "../../data/formats/test_npy.ts";
import { autoEncoder, denseLayer, dropout, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { meanSquaredError, momentum } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { fairShares } from "./device_bytes.ts";
import type { Feed } from "./feed.ts";
import { makeFeed } from "./make_feed.ts";
import { type Model, model } from "../model.ts";
import type { ModelTrainOptions } from "./train_options.ts";
import { network } from "../network.ts";
import { targetOf } from "../target_data.ts";
import { onlyOutput } from "./outputs.ts";
import { makePrograms, trainingFeed } from "./programs.ts";

const sets = digitsLoader({ sizes: [610, 130, 70] });
const images = data(sets, { name: "images" });
const input = inputLayer({ shape: [null, 784] });
const noisy = dropout(input, { corruptionLevel: 0.2 });
const hidden = denseLayer(noisy, { nUnits: 20, activation: "relu", l2: 0.001 });
const mlp = network("mlp", [input, noisy, hidden, logisticRegression(hidden, { nClass: 10 })]);
const softmax = network("softmax", [input, logisticRegression(input, { nClass: 10 })]);
// 16 batches per epoch, the last one of 10 examples; chunks of three batches leave one for the last chunk.
const hyperparameters = { batchSize: 40, nEpochs: 3, learningRate: 0.05, momentum: 0.9 };
const untrained = model({ network: mlp, data: images, hyperparameters, updates: momentum, name: "mlp model" });
/** Bytes of an image with its class and its entry in the order. */
const imageBytes = 784 + 4 + 4;
/** Three shares, one per set. */
const threeBatches = 3 * (3 * 40 + 5) * imageBytes;

async function numbersOf({ network: { params, weights } }: Model): Promise<string> {
  const tensors = [...Object.values(params), ...Object.values(weights!.state)]
    .flatMap((layer): Tensor[] => Object.values(layer));
  return (await Promise.all(tensors.map((tensor) => tensor.data()))).map((values) => values.join()).join(";");
}

/** All results of a training: the weights of the model, and the reported numbers. */
async function outcomeOf(trained: Model, options: ModelTrainOptions): Promise<readonly unknown[]> {
  const { model, report } = await trained.train(options);
  const history = report.history.map(({ trainLoss, trainError, validationError }) =>
    [trainLoss, trainError, validationError].join()
  );
  return [await numbersOf(model), report.validationError, report.testError, ...history];
}

/** A feed with chunks of this many batches of training images. */
function feedOf(batches: number, order?: (epoch: number) => Tensor): Feed {
  const bytes = batches * 40 * imageBytes;
  return makeFeed({ set: images.training, bytes, batchSize: 40, batches: 16, order });
}

testOnEveryDevice("streamed training has the same bits as resident training", async () => {
  const resident = await outcomeOf(untrained, {});
  for (const deviceBytes of [threeBatches, 1]) {
    assertEquals(await outcomeOf(untrained, { deviceBytes }), resident, `${deviceBytes}`);
  }
  const [ordered, streamed] = [{}, { deviceBytes: threeBatches }].map((options) =>
    outcomeOf(untrained, { ...options, shuffle: false, restoreBest: false })
  );
  assertEquals(await streamed, await ordered);
  assertNotEquals(await ordered, resident);
});

testOnEveryDevice(
  "streamed training has the same bits for scaled inputs and targets that are not classes",
  async () => {
    const oneHot = data(sets.map((set) => ({ x: set.x, y: oneHotEncoding(set.y, 9) })), {
      preprocessing: "standardize",
    });
    const other = untrained.with({ network: softmax, data: oneHot, objective: meanSquaredError });
    const resident = await outcomeOf(other, {});
    assertEquals(await outcomeOf(other, { deviceBytes: 3 * 200 * (794 + 1) * 4 }), resident);
  },
);

testOnEveryDevice("a streamed training resumes in the middle of a chunk, as if it had never stopped", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const through = await outcomeOf(untrained, {});
    const file = join(folder, "stopped.ym");
    const controller = new AbortController();
    let steps = 0;
    await untrained.train({
      file,
      saveMode: "end",
      deviceBytes: threeBatches,
      signal: controller.signal,
      onEvent: ({ event }) => event === "step" && ++steps === 21 && controller.abort(),
    });
    assertEquals(steps, 21);
    assertEquals(await outcomeOf(untrained, { resume: file, deviceBytes: threeBatches }), through);
    assertEquals(await outcomeOf(untrained, { resume: file }), through);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

testOnEveryDevice("files are streamed with the same bits", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [training, validation] = sets.map(({ pixels, y }, i) => {
      const [xFile, yFile] = [join(folder, `x${i}.npy`), join(folder, `y${i}.npy`)];
      Deno.writeFileSync(xFile, npy(headerOf("|u1", `(${y.length}, 28, 28)`), pixels));
      Deno.writeFileSync(yFile, npy(headerOf("<i4", `(${y.length},)`), new Uint8Array(y.slice().buffer)));
      return openNpySet(xFile, yFile, { greyLevels: true });
    });
    using _ = training;
    using __ = validation;
    const ofFiles = untrained.with({ data: data([training, validation], { name: "images" }) });
    const ofArrays = untrained.with({ data: data(sets.slice(0, 2), { name: "images" }) });
    const resident = await outcomeOf(ofArrays, {});
    assertEquals(await outcomeOf(ofFiles, { deviceBytes: threeBatches }), resident);
    assertEquals(await outcomeOf(ofFiles, {}), resident);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

testOnEveryDevice("if a source cannot be read, training ends with its error, and the memory is released", async () => {
  const { x, y } = sets[0];
  let readings = 0;
  const failing: SampleSource = {
    shape: x.shape,
    read: (numbers, target) => {
      if (++readings > 20) throw new DataError("Cannot read the disk: it is gone");
      numbers.forEach((number, i) => target.set(x.values.subarray(number * 784, (number + 1) * 784), i * 784));
    },
  };
  const container = data([{ x: failing, y }, { x: sets[1].x, y: sets[1].y }]);
  const checked = readings;
  const training = untrained.with({ network: softmax, data: container });
  await assertRejects(() => training.train({ deviceBytes: 2 * 200_000 }), DataError, "the disk: it is gone");
  assert(checked > 0 && readings === 21, `${readings} readings`);
  const feed = makeFeed({ set: container.validation, bytes: 1, batchSize: 40, batches: 4 });
  await feed.chunk(1, 2);
  const { liveBytes } = deviceStatistics();
  feed[Symbol.dispose]();
  assert(liveBytes - deviceStatistics().liveBytes >= 40 * container.validation.exampleBytes);
});

testOnEveryDevice("sets are also evaluated in chunks, each example once", async () => {
  // Validation takes batches of 20 here: seven, in chunks of four, the last one with 10 of 20 examples.
  const input = inputLayer({ shape: [20, 784] });
  const net = network("fixed", [input, logisticRegression(input, { nClass: 10 })]);
  const fixed = untrained.with({ network: net, hyperparameters: { ...hyperparameters, batchSize: 20 } });
  const resident = await outcomeOf(fixed, {});
  assertEquals(await outcomeOf(fixed, { deviceBytes: 3 * 4 * 20 * imageBytes }), resident);
});

testOnEveryDevice("streamed pre-training has the same bits as resident pre-training", async () => {
  const first = autoEncoder(input, {
    nUnits: 12,
    corruptionLevel: 0.2,
    hyperparameters: { epochs: 2, batchSize: 50, learningRate: 0.05 },
  });
  const net = network("encoder", [input, first, logisticRegression(first, { nClass: 10 })]);
  const encoder = untrained.with({ network: net });
  const resident = await numbersOf(await encoder.pretrain());
  assertEquals(await numbersOf(await encoder.pretrain({ deviceBytes: threeBatches })), resident);
});

const outputs = onlyOutput({ network: mlp, objective: meanSquaredError, error: meanSquaredError });

testOnEveryDevice("an epoch has every example once, in its own order, which is the same for the same key", async () => {
  const { rows } = images.training;
  const all = await images.training.y.data();
  assertEquals(rows.x.shape, [610, 196]);
  const programs = makePrograms(
    { network: mlp, outputs, rule: momentum(), batchSize: 40 },
    610,
  );
  const orderOf = async (seed: number, epoch: number) => {
    using order = programs.shuffle(random.key(seed), epoch);
    return [...await order.data()];
  };
  const first = await orderOf(1, 1);
  assertEquals(first.toSorted((a, b) => a - b), Array.from({ length: 610 }, (_, i) => i));
  assertNotEquals(await orderOf(1, 2), first);
  assertNotEquals(await orderOf(2, 1), first);
  const fed = async (epoch: number) => {
    using feed = trainingFeed(programs, { set: images.training, bytes: 120 * imageBytes, key: random.key(1) });
    const classes: number[] = [];
    for (let batch = 0; batch < 16; batch += 3) {
      classes.push(...await targetOf((await feed.chunk(epoch, batch)).parts[0].y, "").data());
    }
    return classes.slice(0, 610);
  };
  assertEquals(await fed(1), first.map((example) => all[example]));
  assertEquals(await fed(2), (await orderOf(1, 2)).map((example) => all[example]));
});

testOnEveryDevice("a feed can start at any batch of any epoch", async () => {
  const programs = makePrograms(
    { network: mlp, outputs, rule: momentum(), batchSize: 40 },
    610,
  );
  const order = (epoch: number): Tensor => programs.shuffle(random.key(3), epoch);
  using through = feedOf(3, order);
  const classesOf = async (feed: Feed, epoch: number, batch: number) => {
    const { batches, parts } = await feed.chunk(epoch, batch);
    assertEquals(batches, 3);
    const at = batch % batches * 40;
    return (await targetOf(parts[0].y, "").data()).slice(at, at + (batch === 15 ? 10 : 40));
  };
  for (const epoch of [1, 2]) {
    for (let batch = 0; batch < 16; batch++) {
      const classes = await classesOf(through, epoch, batch);
      using there = feedOf(3, order);
      assertEquals(await classesOf(there, epoch, batch), classes);
    }
  }
  assertEquals(await classesOf(through, 1, 7), await classesOf(feedOf(3, order), 1, 7));
});

testOnEveryDevice("a set of some megabytes is not copied on a device that uses the host's memory", async () => {
  const { training } = noise(10_000);
  const before = deviceStatistics().liveBytes;
  using feed = makeFeed({ set: training, bytes: 2 ** 30, batchSize: 40, batches: 250 });
  const { parts } = await feed.chunk(1, 0);
  assertEquals((await targetOf(parts[0].y, "").data()).slice(0, 3), Int32Array.of(0, 1, 2));
  const { kind } = deviceInfo();
  assertEquals(feed.form.batches < feed.batches, kind === "wasm");
  if (kind === "wasm") assert(deviceStatistics().liveBytes - before <= 1.1 * 2 ** 20);
});

/** Images of noise, far more than are allowed on the device. */
function noise(count: number): Data {
  const values = Float32Array.from({ length: count * 64 }, (_, i) => Math.sin(i * 12.9898) % 1);
  const set = { x: samples(values, [count, 64]), y: Int32Array.from({ length: count }, (_, i) => i % 10) };
  return data([set, { x: samples(values.subarray(0, 6400), [100, 64]), y: set.y.subarray(0, 100) }]);
}

testOnEveryDevice(
  "data of ten times the memory they may take need no more, however many chunks there are",
  async () => {
    const many = noise(20_000);
    const deviceBytes = 20_000 * 64 * 4 / 10;
    const input = inputLayer({ shape: [null, 64] });
    const net = network("softmax", [input, logisticRegression(input, { nClass: 10 })]);
    const streamed = model({ network: net, data: many, hyperparameters: { ...hyperparameters, nEpochs: 2 } });
    const before = deviceStatistics();
    const bytes: number[] = [];
    const reads = new Set<number>();
    await streamed.train({
      deviceBytes,
      onEvent: (event) => {
        if (event.event !== "step" || event.epoch < 2 || event.batch < 2) return;
        bytes.push(deviceStatistics().liveBytes);
        reads.add(deviceStatistics().reads);
      },
    });
    assertEquals(bytes.length, 499);
    // Objects of other tests may be collected meanwhile.
    assertEquals(bytes, bytes.toSorted((a, b) => b - a));
    const taken = bytes[0] - before.liveBytes;
    assert(taken < 1.5 * deviceBytes, `${taken} of ${deviceBytes} bytes`);
    assert(reads.size < 15, `${reads.size} reads in 499 steps`);
  },
);

Deno.test("small sets stay on the device, the others share what is left", () => {
  assertEquals(fairShares([100, 20, 10], 200), [100, 20, 10]);
  assertEquals(fairShares([100, 20, 10], 100), [70, 20, 10]);
  assertEquals(fairShares([100, 80, 10], 110), [50, 50, 10]);
  assertEquals(fairShares([100, 80, 90], 3), [1, 1, 1]);
});

Deno.test("invalid numbers of bytes are refused", async () => {
  for (const deviceBytes of [0, -1, NaN]) {
    await assertRejects(
      () => untrained.train({ deviceBytes }),
      RangeError,
      `expected deviceBytes to be a number of at least 1, got ${deviceBytes}`,
    );
  }
});
