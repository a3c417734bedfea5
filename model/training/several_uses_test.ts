import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { random, setDevice } from "../../core/mod.ts";
import { gaussianNoise, mixup } from "../../data/augment/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { autoEncoder, concatenateLayer, gru, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { run } from "../../cli/testing.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { confusionOf, htmlReport } from "../../views/mod.ts";
import { hyperparameters } from "../hyperparameters.ts";
import { loadModel } from "../files/load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { finish } from "../search/finish.ts";
import { gridSearch } from "../search/grid_search.ts";
import { refitBest } from "../search/refit.ts";
import { quiet, severalModel, twoOutputs, weightsOf } from "./test_several.ts";

testOnEveryDevice("a layer learns from the input behind it as in a network that has only this input", async () => {
  const image = inputLayer({ shape: [null, 4], name: "image" });
  const table = inputLayer({ shape: [null, 2], name: "table" });
  const hyper = { epochs: 2, batchSize: 10, learningRate: 0.1 };
  const code = autoEncoder(image, { nUnits: 3, name: "code", hyperparameters: hyper });
  const coded = network("coded", { kind: logisticRegression(concatenateLayer([code, table]), { nClass: 2 }) });
  const x = {
    image: samples(Float32Array.from({ length: 80 }, (_, i) => i % 7 / 7), [20, 4]),
    table: samples(Float32Array.from({ length: 40 }, (_, i) => i - 20), [20, 2]),
  };
  const y = Int32Array.from({ length: 20 }, (_, i) => i % 2);
  const values = { batchSize: 10, nEpochs: 1 };
  const first = network("alone", [image, code]).init(random.key(4));
  const { params, state } = coded.init(random.key(5));
  const begun = coded.withWeights({ params: { ...params, code: first.params.code }, state });
  const several = model({ network: begun, data: data([{ x, y }, { x, y }]), hyperparameters: values });
  const set = { x: x.image, y };
  const alone = model({
    network: network("alone", [image, code]).withWeights(first),
    data: data([set, set]),
    hyperparameters: values,
  });
  const [found, expected] = [await several.pretrain(quiet), await alone.pretrain(quiet)];
  assertEquals(await found.network.params.code.W.data(), await expected.network.params.code.W.data());
  const odd = { ...x, image: samples(x.image.values.map((one) => 3 * one), [20, 4]) };
  await assertRejects(
    () => several.with({ network: coded, data: data([{ x: odd, y }, { x: odd, y }]) }).train(quiet),
    TypeError,
    "of x.image of the training set",
  );
});

testOnEveryDevice("sequences have their lengths as an input of one number per example", async () => {
  const words = inputLayer({ shape: [null, 3, 2], name: "words" });
  const lengths = inputLayer({ shape: [null], name: "lengths" });
  const net = network("padded", logisticRegression(gru([words, lengths], { nUnits: 3 }), { nClass: 2 }));
  const set = {
    x: {
      words: samples(Float32Array.from({ length: 36 }, (_, i) => Math.sin(i)), [6, 3, 2]),
      lengths: samples(Int32Array.of(1, 2, 3, 3, 2, 1), [6]),
    },
    y: Int32Array.of(0, 1, 0, 1, 0, 1),
  };
  const { model: trained, report } = await model({
    network: net,
    data: data([set, set], { preprocessing: "standardize" }),
    hyperparameters: { batchSize: 4, nEpochs: 2 },
  }).train(quiet);
  assertAlmostEquals((await trained.evaluate(set)).error, report.validationError!, 1e-9);
});

testOnEveryDevice(
  "augmentations change the examples of several inputs and outputs, and metrics judge the targets",
  async () => {
    const two = twoOutputs({ noise: false });
    const options = {
      ...quiet,
      augment: [gaussianNoise({ input: "image", sigma: 0.1 })],
      metrics: ["kind/accuracy"],
      seed: 2,
    };
    const { report } = await severalModel({ network: two }).train(options);
    const { report: plain } = await severalModel({ network: two }).train({ ...options, augment: [] });
    assert(report.history[0].trainLoss !== plain.history[0].trainLoss);
    const mixed = await severalModel({ network: two }).train({
      ...quiet,
      augment: mixup(),
      metrics: ["kind/accuracy"],
    });
    assert(Number.isFinite(mixed.report.metrics!.test!["kind/accuracy"]));
  },
);

Deno.test("searches train networks of several outputs, and pages show their results", async () => {
  await setDevice("wasm");
  const hps = hyperparameters({ batchSize: 16, nEpochs: 2, learningRate: [0.1, [0.001, 0.1]] });
  const build = () => severalModel().parts;
  const result = await finish(gridSearch(hps, ({ ...values }) => ({ ...build(), hyperparameters: values })));
  assertEquals(result.rows.map(({ outcome, validationError }) => [outcome, validationError]), [
    ["trained", null],
    ["trained", null],
  ]);
  assert(result.rows[0].validationLoss! < result.rows[1].validationLoss!);
  const { model: best, report } = await refitBest(
    result,
    ({ ...values }) => ({ ...build(), hyperparameters: values }),
    quiet,
  );
  assertEquals(report.validationLoss, result.best?.validationLoss);
  const { html } = await htmlReport(report, { model: best });
  for (const name of ["kind/loss", "age/loss"]) assertStringIncludes(html, name);
  await assertRejects(() => confusionOf(best), TypeError, "Cannot count confusions of network");
});

Deno.test("the command line refuses models of several inputs and outputs by their names", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/named.ym`;
    const { model: trained } = await severalModel().train({ ...quiet, file });
    assertEquals(await weightsOf(loadModel(file)), await weightsOf(trained));
    const small = ["--data", "digits", "--train-size", "60", "--device", "wasm"];
    for (const args of [["evaluate", file, ...small], ["predict", file, ...small, "--examples", "2"]]) {
      const { code, err } = await run(...args);
      assertEquals(code, 3, err);
      assertStringIncludes(err, "expected x by the names of its inputs image, table, got one x without a name");
    }
  });
});
