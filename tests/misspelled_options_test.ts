import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { conv2d, ones, random, type Tensor, tensor } from "../core/mod.ts";
import { data, samples } from "../data/mod.ts";
import { denseLayer, inputLayer } from "../layers/mod.ts";
import { model, modelCard, network, trainStep } from "../model/mod.ts";
import { adam, f1 } from "../optim/mod.ts";
import { confusionMatrix, confusionOf, countConfusion, htmlReport, imageGrid } from "../views/mod.ts";

Deno.test("a misspelled option is refused with the nearest name, wherever it is given", async () => {
  const input = inputLayer({ shape: [null, 2] });
  const call = (f: (...args: never[]) => unknown, ...args: unknown[]) => Reflect.apply(f, undefined, args);
  const refuse = (f: () => unknown, message: string) => assertThrows(f, RangeError, message);
  refuse(
    () => call(denseLayer, input, { nUnits: 2, activaton: "relu" }),
    'Cannot make DenseLayer: unknown option "activaton"; did you mean activation?',
  );
  refuse(
    () => call(conv2d, ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), { stride: [2, 2] }),
    'Cannot convolve: unknown option "stride"; did you mean strides?',
  );
  refuse(
    () => call((options: never) => tensor([1]).sum(options), { axes: 0 }),
    'Cannot take the sum: unknown option "axes"; did you mean axis?',
  );
  refuse(() => call(adam, { learningrate: 1 }), 'unknown option "learningrate"; did you mean learningRate?');
  const untrained = model({ network: network("net", [input]) });
  const train = (options: object) => call((given: never) => untrained.train(given), options);
  await assertRejects(
    () => Promise.resolve(train({ sed: 1 })),
    RangeError,
    'Cannot train: unknown option "sed"; did you mean seed?',
  );
});

Deno.test("misspelled entries of records are refused with the nearest name, also in records within options", async () => {
  const input = inputLayer({ shape: [null, 2] });
  const net = network("net", [input, denseLayer(input, { nUnits: 2, activation: "softmax" })]);
  const x = tensor([[1, 2], [3, 4]]);
  const set = { x: samples([[1, 2], [3, 4]]), y: Int32Array.of(0, 1) };
  const sets = data([set, set]);
  const untrained = model({ network: net, data: sets, hyperparameters: { batchSize: 2, nEpochs: 1 } });
  const { model: trained, report } = await untrained.train();
  const confusion = countConfusion([0, 1], [0, 1]);
  const weighted = { x, y: tensor([0, 1], [2], { dtype: "i32" }), weights: tensor([1, 0]) };
  const card = { summary: "s", data: { name: "d" }, figures: [{ metric: "error", set: "test", value: 1 }] };
  const configuration = { network: net.toConf() };
  const loss = () => ({ cost: x.sum({ axis: 1 }), figure: { a: x.sum() } });
  const { init, step } = trainStep<{ x: Tensor }>({ network: net, rule: adam(), loss });
  const cases: readonly (readonly [call: () => unknown, message: string])[] = [
    [() => imageGrid([{ images: x, ...{ lable: "a" } }]), 'unknown option "lable" of [0]; did you mean label?'],
    [() => imageGrid([{ images: x, ...{ strech: true } }]), 'unknown option "strech" of [0]; did you mean stretch?'],
    [() => confusionMatrix({ ...confusion, ...{ worng: 1 } }), 'unknown option "worng"; did you mean wrong?'],
    [
      () => htmlReport(report, { confusion: { ...confusion, ...{ worng: 1 } } }),
      'unknown option "worng" of confusion; did you mean wrong?',
    ],
    [
      () => confusionOf(trained, weighted),
      'Cannot count confusions: expected the set to have only x, y, got "weights"',
    ],
    [() => trained.evaluate({ ...set, ...{ wieghts: [1, 0] } }), 'got "wieghts"; did you mean weights?'],
    [() => model({ data: { ...sets, ...{ validaton: sets.training } } }), 'got "validaton"; did you mean validation?'],
    [() => untrained.with({ data: { ...sets, ...{ tets: sets.training } } }), 'got "tets"; did you mean test?'],
    [
      () => untrained.train({ metrics: [{ ...f1(), ...{ nmae: "macro" } }] }),
      "Cannot use metric f1: expected it to have only name, direction, unit, configuration, takes, objective, init, " +
      'update, result, got "nmae"; did you mean name?',
    ],
    [() => modelCard({ ...card, data: { name: "d", ...{ sha265: "" } } }, configuration), "did you mean sha256?"],
    [
      () => modelCard({ ...card, figures: [{ ...card.figures[0], ...{ units: "%" } }] }, configuration),
      'unknown option "units" of figures[0]; did you mean unit?',
    ],
    [
      () => step(init(random.key(1)), { x }),
      'Cannot train "net": expected what the loss returns to have only cost, divisor, state, figures, got "figure"; did',
    ],
  ];
  for (const [call, message] of cases) {
    await assertRejects(() => new Promise((resolve) => resolve(call())), RangeError, message, message);
  }
  assertEquals((await confusionOf(trained, sets.validation)).total, 2);
  await imageGrid([{ images: x.reshape([2, 2, 1]), label: "", stretch: false }], { imageShape: [2, 1] });
});
