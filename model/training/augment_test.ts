import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { arange, explain, jit, leavesOf, random, setDevice, type Tensor, tensor, zeros } from "../../core/mod.ts";
import { versionOf } from "../../core/jit.ts";
import {
  type AnyAugmentation,
  type Augmentation,
  chainAugmentations,
  cutmix,
  gaussianNoise,
  mixup,
  randomBrightness,
  randomCrop,
  randomErasing,
  randomFlip,
} from "../../data/augment/mod.ts";
import { configured, type Recipe } from "../../data/augment/augmentation.ts";
import { mixTargets } from "../../data/augment/mixing.ts";
import { data, samples } from "../../data/mod.ts";
import { networks } from "../../examples/networks.ts";
import { autoEncoder, flattenLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import {
  categoricalCrossentropyError,
  categoricalCrossentropyFromLogits,
  categoricalError,
  categoricalHingeError,
  getObjective,
  momentum,
  sgd,
} from "../../optim/mod.ts";
import { kernelsOf } from "../../tests/kernels_of_plan.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { pretendGpu } from "../../tests/pretended_gpu.ts";
import { readModel, writeModel } from "../files/container.ts";
import { FileFormatError, ResumeError } from "../files/errors.ts";
import { loadModel } from "../files/load_model.ts";
import { type Model, model } from "../model.ts";
import { network } from "../network.ts";
import type { Batch } from "./loss.ts";
import { onlyOutput } from "./outputs.ts";
import { compileStep, emptySums } from "./step.ts";
import type { Task } from "./task.ts";
import { input as rows, smallDigits } from "./test_resuming.ts";
import { severalModel, twoOutputs } from "./test_several.ts";
import { trainStep } from "./train_step.ts";

const imageShape = [1, 8, 7];
const flat = network("softmax", [rows, logisticRegression(rows, { nClass: 10, W: "glorotNormal" })]);
const digits = smallDigits(1);
const values = { batchSize: 20, nEpochs: 2, learningRate: 0.05 };
const learner = model({ network: flat, data: digits, hyperparameters: values, updates: sgd });
/** A model that keeps its first weights. */
const still = learner.with({ hyperparameters: { ...values, learningRate: 1e-30 } });

async function numbersOf(tree: unknown): Promise<number[][]> {
  return await Promise.all(leavesOf(tree).map(async (leaf) => [...await leaf.data()]));
}

const weightsOf = ({ network: { weights } }: Pick<Model, "network">): Promise<number[][]> => numbersOf(weights);

testOnEveryDevice(
  "a step with augmentations is a step on the augmented batch, with another key in each step",
  async () => {
    const images = inputLayer({ shape: [null, 1, 4, 5] });
    const flattened = flattenLayer(images);
    const net = network("net", [images, flattened, logisticRegression(flattened, { nClass: 3 })]);
    const augment = [randomCrop({ padding: 1 }), randomFlip(), gaussianNoise()];
    const rule = momentum({ learningRate: 0.1 });
    const batch: Batch = { x: random.normal(random.key(1), [6, 1, 4, 5]), y: tensor(Int32Array.of(0, 1, 2, 0, 1, 2)) };
    const augmented = trainStep({ network: net, rule, augment });
    const plain = trainStep({ network: net, rule });
    const chain = chainAugmentations<Batch>(augment);
    const [step, stepOn] = [
      jit(augmented.step),
      jit((state: ReturnType<typeof plain.init>, at: number) => {
        const key = random.fold(random.fold(state.key, at), 2 ** 32 - 1);
        return plain.step(state, chain(key, batch));
      }),
    ];
    let [found, expected] = [augmented.init(random.key(2)), plain.init(random.key(2))];
    const losses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const [after, { loss }] = step(found, batch);
      const [wanted, figures] = stepOn(expected, i);
      losses.push(await loss.item());
      assertAlmostEquals(losses[i], await figures.loss.item(), 1e-6);
      [found, expected] = [after, wanted];
    }
    const [ours, theirs] = [await numbersOf(found.params), await numbersOf(expected.params)].map((one) => one.flat());
    ours.forEach((one, i) => assertAlmostEquals(one, theirs[i], 1e-6));
    const frozen = trainStep({ network: net.withWeights(found), rule: sgd({ learningRate: 1e-30 }), augment });
    const [second, first] = frozen.step(frozen.init(random.key(2)), batch);
    const [, next] = frozen.step(second, batch);
    assertNotEquals(await first.loss.item(), await next.loss.item());
  },
);

/** The plan of a step of LeNet-5 on gray levels in bytes. */
function planOf(augment: Task["augment"]): string {
  const net = networks.lenet5.build(networks.lenet5.hyperparameters);
  const rule = momentum({ learningRate: 0.1 });
  const objective = categoricalCrossentropyError;
  const outputs = onlyOutput({ network: net, objective, error: categoricalError });
  const task: Task = { network: net, outputs, rule, batchSize: 100, augment };
  const weights = net.init(random.key(1));
  const state = { ...weights, updates: rule.init(weights.params), key: random.key(2), sums: emptySums(task) };
  const chunk = {
    order: arange(300, undefined, 1, { dtype: "i32" }),
    parts: [{ x: zeros([300, 196], { dtype: "u32" }), y: zeros([300], { dtype: "i32" }) }],
    batches: 3,
  };
  const step = compileStep(task, 3, 100);
  versionOf(step, state, chunk);
  return explain(step);
}

for (const device of ["wasm", "hardware", "software"] as const) {
  Deno.test({
    name: `crop, flip, noise and brightness of LeNet-5 take at most two kernels more [${device}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const pretended = device === "wasm" ? undefined : pretendGpu(device);
      try {
        await setDevice(device === "wasm" ? "wasm" : "webgpu");
        const whole = [1, 28, 28];
        const plain = planOf(undefined);
        const crop = randomCrop({ imageShape: whole });
        const flip = randomFlip({ imageShape: whole });
        const added = (...augment: Augmentation<Batch>[]): number => kernelsOf(planOf(augment)) - kernelsOf(plain);
        const found = [
          added(crop, flip, gaussianNoise(), randomBrightness()),
          added(flip, crop, randomBrightness(), gaussianNoise()),
          added(crop),
          added(gaussianNoise()),
        ];
        assert(kernelsOf(plain) > 20 && found.every((count) => count > 0 && count <= 2), `${found}`);
        assertEquals(planOf([]), plain);
      } finally {
        pretended?.[Symbol.dispose]();
        await setDevice("wasm");
      }
    },
  });
}

testOnEveryDevice("only steps use augmentations: validation, test and pre-training do not", async () => {
  const dark: Augmentation<Batch> = (_key, batch) => ({ ...batch, x: batch.x.mul(0) });
  const [plain, augmented] = [await still.train({}), await still.train({ augment: dark })];
  assertEquals(augmented.report.validationLoss, plain.report.validationLoss);
  assertEquals(augmented.report.testLoss, plain.report.testLoss);
  assertNotEquals(augmented.report.history[0].trainLoss, plain.report.history[0].trainLoss);
  // Without pixels and with biases of 0, all classes are equally likely.
  assertAlmostEquals(augmented.report.history[0].trainLoss, Math.log(10), 1e-5);
  const first = autoEncoder(rows, { nUnits: 4, hyperparameters: { epochs: 1, batchSize: 50, learningRate: 0.1 } });
  const deep = still.with({ network: network("deep", [rows, first, logisticRegression(first, { nClass: 10 })]) });
  const [before, after] = [await deep.train({}), await deep.train({ augment: dark })];
  const learnedBy = ({ network: { params } }: Model): Promise<number[][]> =>
    numbersOf(params[deep.network.layers[1].name]);
  assertEquals(await learnedBy(after.model), await learnedBy(before.model));
  assertNotEquals(await learnedBy(after.model), await numbersOf(deep.network.init(random.key(1)).params));
});

testOnEveryDevice("augmented examples are the same whether streamed or on the device", async () => {
  const augment = [randomCrop({ padding: 1, imageShape }), randomErasing({ imageShape }), mixup()];
  const [whole, streamed] = [await learner.train({ augment }), await learner.train({ augment, deviceBytes: 30_000 })];
  assertEquals(await weightsOf(streamed.model), await weightsOf(whole.model));
  assertNotEquals(await weightsOf(whole.model), await weightsOf((await learner.train({})).model));
});

testOnEveryDevice("gray levels in bytes are augmented as the same numbers", async () => {
  const x = Uint8Array.from({ length: 12 * 8 }, (_, i) => i * 37 % 256);
  const y = Int32Array.from({ length: 12 }, (_, i) => i % 3);
  const images = inputLayer({ shape: [null, 1, 2, 4] });
  const flattened = flattenLayer(images);
  const net = network("net", [images, flattened, logisticRegression(flattened, { nClass: 3 })]);
  const results: number[][][] = [];
  const floats = samples(Float32Array.from(x, (one) => one / 255), [12, 1, 2, 4]);
  for (const given of [samples(x, [12, 1, 2, 4], { greyLevels: true }), floats]) {
    const set = { x: given, y };
    const hyperparameters = { batchSize: 5, nEpochs: 2, learningRate: 0.5 };
    const one = model({ network: net, data: data([set, set]), hyperparameters, updates: sgd });
    results.push(await weightsOf((await one.train({ augment: [randomFlip(), randomBrightness()] })).model));
  }
  assertEquals(results[0], results[1]);
});

testOnEveryDevice("metrics and errors of mixed classes judge the class with the greatest share", async () => {
  // Shares of nearly 1, and nearly 0: each mixture is one of the two examples.
  const { report } = await still.train({ augment: mixup({ alpha: 0.001 }), metrics: ["accuracy"] });
  const [{ metrics, trainError }] = report.history;
  assertAlmostEquals(metrics!.training.accuracy, 1 - trainError / 100, 1e-6);
});

testOnEveryDevice(
  "metrics are those without augmentations if these change nothing, in class numbers and in rows",
  async () => {
    const change: Recipe["change"] = (_words, batch, context) => {
      const { shape: [examples] } = batch.y as Tensor;
      const share = zeros([examples]).add(1);
      return mixTargets("mix", batch, {
        partners: zeros([examples], { dtype: "i32" }),
        share,
        nClass: undefined,
        context,
      });
    };
    const unmixed = configured({ name: "mixture", declaration: {}, values: {} }, { words: 0, mixes: true, change });
    const metricsWith = async (augment: Parameters<Model["train"]>[0]) => {
      const { report } = await learner.train({ ...augment, metrics: ["f1", "topKAccuracy", "accuracy"], seed: 4 });
      return report.history.map(({ metrics }) => metrics!.training);
    };
    const expected = await metricsWith({});
    for (const augment of [randomFlip({ imageShape, p: 0 }), unmixed]) {
      const found = await metricsWith({ augment });
      found.forEach((epoch, i) =>
        Object.entries(epoch).forEach(([name, one]) => assertAlmostEquals(one, expected[i][name], 1e-6, name))
      );
    }
  },
);

testOnEveryDevice("costs of mixed classes with class weights are the mixed costs, as in PyTorch", async () => {
  const logits = [[0.5, -1, 2], [1, 0.25, -0.5], [-1, 0, 1], [0, 2, 1]];
  const table = inputLayer({ shape: [null, 4] });
  const net = network("table", [table, logisticRegression(table, { nClass: 3, W: tensor(logits), b: zeros([3]) })]);
  const [classWeights, given, y] = [[0.5, 2, 3], [1, 2, 0.5, 4], [0, 1, 2, 1]];
  const x = tensor([0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => i === j ? 1 : 0)));
  const share = [0.75, 0.25, 0.5, 1];
  // Mixes the targets of neighbors, and not the inputs, so that the costs are those of the rows.
  const change: Recipe["change"] = (_words, batch, context) =>
    mixTargets("mix", batch, {
      partners: tensor(Int32Array.of(1, 2, 3, 0)),
      share: tensor(share),
      nClass: undefined,
      context,
    });
  const mixed = configured({ name: "mixture", declaration: {}, values: {} }, { words: 0, mixes: true, change });
  const log = (row: number[], c: number): number => Math.log(row.reduce((sum, one) => sum + Math.exp(one), 0)) - row[c];
  const cost = (i: number, c: number): number => classWeights[c] * log(logits[i], c);
  const next = (i: number): number => (i + 1) % 4;
  const sum = (of: (i: number) => number): number => [0, 1, 2, 3].reduce((total, i) => total + of(i), 0);
  const total = sum((i) => share[i] * given[i] * cost(i, y[i]) + (1 - share[i]) * given[next(i)] * cost(i, y[next(i)]));
  const divisor = sum((i) =>
    share[i] * given[i] * classWeights[y[i]] + (1 - share[i]) * given[next(i)] * classWeights[y[next(i)]]
  );
  for (const objective of [categoricalCrossentropyError, categoricalCrossentropyFromLogits]) {
    const { init, step } = trainStep({ network: net, rule: sgd(), objective, classWeights, augment: mixed });
    const batch = { x, y: tensor(Int32Array.from(y)), weights: tensor(given) };
    const [, { loss }] = step(init(random.key(1)), batch);
    assertAlmostEquals(await loss.item(), total / divisor, 1e-5);
  }
});

Deno.test("augmentations that do not fit an objective, and other values, are refused before training starts", async () => {
  await setDevice("wasm");
  const refuse = (options: Parameters<Model["train"]>[0], text: string, one = learner, kind = TypeError) =>
    assertRejects(() => one.train(options), kind, text);
  await refuse(
    { augment: mixup(), classWeights: "balanced" },
    'Cannot train "softmax" on digits with mixup and classWeights: expected a categorical cross-entropy as objective, got ' +
      "categoricalHingeError",
    learner.with({ objective: categoricalHingeError }),
  );
  await refuse(
    { augment: [randomFlip({ imageShape }), cutmix({ imageShape })] },
    "with cutmix and ignoreIndex: expected an objective that counts all classes",
    learner.with({ objective: getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 3 }) }),
  );
  await refuse({ augment: "flip" as never }, "expected augment to be a function, or a list of augmentations");
  await refuse({ augment: [3 as never] }, "expected augment to be a function, or a list of augmentations, got [3]");
  await refuse({ augment: randomFlip() }, "Cannot augment with randomFlip: expected images");
});

Deno.test("a function of one's own must return a batch of the same form", async () => {
  await setDevice("wasm");
  const refuse = (augment: unknown, text: string) =>
    assertRejects(() => learner.train({ augment: augment as Augmentation<Batch> }), TypeError, text);
  await refuse(
    function halve(_key: Tensor, { x, y }: Batch) {
      return { x: x.slice([0, 0], [20, 28]), y };
    },
    "Cannot augment with halve: expected x of f32[20, 56], got f32[20, 28]",
  );
  await refuse((_key: Tensor, { x }: Batch) => ({ x }), "expected a batch with x, y, got x");
  await refuse((_key: Tensor, batch: Batch) => ({ ...batch, weights: zeros([20]) }), "got x, y, weights");
  await refuse((_key: Tensor, { x, y }: Batch) => ({ x, y: y.slice([1]) }), "expected y of i32[20], got i32[19]");
  await refuse((_key: Tensor, { y }: Batch) => ({ x: 3, y }), "expected x to stay a tensor, got 3");
  await refuse(() => 3, "expected it to return a batch, got 3");
  const { init, step } = trainStep({
    network: flat,
    rule: sgd(),
    loss: ({ network, params, ...mode }, { image }: { image: Tensor }) => ({
      cost: network.apply(params, image, mode).output.sum({ axis: 1 }),
    }),
    augment: (_key, { image }) => ({ image: image.cast("i32") }),
  });
  assertThrows(
    () => step(init(random.key(1)), { image: zeros([2, 56]) }),
    TypeError,
    "expected image of f32[2, 56], got",
  );
});

testOnEveryDevice("files keep augmentations with their options, and a training resumes with them", async () => {
  const augment = [randomCrop({ padding: 1, imageShape }), gaussianNoise({ sigma: 0.2 })];
  const few = (nEpochs: number): Model => learner.with({ hyperparameters: { ...values, nEpochs } });
  await inFolder(async (folder) => {
    const file = `${folder}/a.ym`;
    const { report } = await few(1).train({ augment, file });
    assertEquals(report.augment, ["randomCrop", "gaussianNoise"]);
    assertEquals(loadModel(file).report, report);
    const resumed = await loadModel(file, { data: digits }).with({ hyperparameters: { ...values, nEpochs: 2 } }).train({
      resume: file,
    });
    const whole = await few(2).train({ augment });
    assertEquals(await weightsOf(resumed.model), await weightsOf(whole.model));
    const refuse = (given: Parameters<Model["train"]>[0], text: string, kind: typeof ResumeError | typeof TypeError) =>
      assertRejects(() => few(2).train({ resume: file, ...given }), kind, text);
    await refuse({ augment: [] }, 'expected augment.0: {"name":"randomCrop",', ResumeError);
    await refuse(
      { augment: [augment[0], gaussianNoise({ sigma: 0.3 })] },
      "expected augment.1.options.sigma: 0.2, not 0.3",
      ResumeError,
    );
    const { state, ...others } = readModel(file);
    for (const [wanted, damaged] of [["gaussianNoise", "gaussianVoice"], ['"sigma":0.2', '"sigma":-2']]) {
      const text = JSON.stringify(state).replace(wanted, damaged);
      writeModel(`${folder}/b.ym`, { ...others, state: JSON.parse(text) });
      await assertRejects(
        () => few(2).train({ resume: `${folder}/b.ym` }),
        FileFormatError,
        'expected an augmentation of this library, got {"name":"gaussian',
      );
    }
    const own: Augmentation<Batch> = (key, batch) => randomFlip({ imageShape })(key, batch);
    await few(1).train({ augment: own, file });
    await refuse({}, `Cannot resume from ${file} without its augmentation "own"`, TypeError);
    assertEquals((await few(1).train({ augment: own })).report.augment, ["own"]);
    const again = await few(2).train({ resume: file, augment: own });
    assertEquals(await weightsOf(again.model), await weightsOf((await few(2).train({ augment: own })).model));
    await few(1).train({ file });
    await refuse({ augment }, 'expected augment.0: none, not {"name":"randomCrop",', ResumeError);
  });
});

testOnEveryDevice("models of several inputs and outputs are augmented by the names of these", async () => {
  const several = severalModel({ network: twoOutputs({ noise: false }) });
  const flip = randomFlip({ input: "image", imageShape: [1, 2, 2], p: 1 });
  /** The same flip, by hand. */
  const own: AnyAugmentation = (_key, batch) => {
    const { image, ...others } = batch.x as Readonly<Record<string, Tensor>>;
    return { ...batch, x: { ...others, image: image.reshape([-1, 2, 2]).flip(-1).reshape([-1, 4]) } };
  };
  const trained = async (augment: Parameters<typeof several.train>[0]): Promise<number[][]> =>
    weightsOf((await several.train(augment)).model);
  const [found, byHand] = [(await trained({ augment: flip })).flat(), (await trained({ augment: own })).flat()];
  found.forEach((one, i) => assertAlmostEquals(one, byHand[i], 1e-5));
  const plain = (await trained({})).flat();
  assert(found.some((one, i) => Math.abs(one - plain[i]) > 1e-3));
  const { report } = await several.train({ augment: mixup({ alpha: 1 }), metrics: { kind: ["accuracy"] } });
  const { metrics, trainLoss } = report.history[0];
  assert(trainLoss > 0 && metrics!.training["kind/accuracy"] > 0.2, JSON.stringify(report.history[0]));
  await assertRejects(
    () => several.train({ augment: randomFlip({ imageShape: [1, 2, 2] }) }),
    TypeError,
    "Cannot augment with randomFlip: expected option input, one of image, table, got nothing",
  );
});
