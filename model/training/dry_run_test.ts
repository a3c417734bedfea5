import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { data, digitsLoader } from "../../data/mod.ts";
import { autoEncoder, denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { accumulate, adam, chain, sgd } from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { FileError } from "../files/errors.ts";
import { loadModel } from "../files/load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { TrainingEvent } from "./events.ts";
import { summaryLines } from "./log_lines.ts";

const pixels = inputLayer({ shape: [null, 784] });
const hidden = denseLayer(pixels, { nUnits: 8, activation: "relu" });
const digits = data(digitsLoader({ sizes: [90, 40, 30] }), { name: "digits" });
const classifier = model({
  name: "mine",
  network: network("mlp", [pixels, hidden, logisticRegression(hidden, { nClass: 10 })]),
  data: digits,
  hyperparameters: { batchSize: 20, nEpochs: 7 },
  updates: adam,
});

testOnEveryDevice("a dry run tries everything once, writes nothing, and says what a training would do", async () => {
  await inFolder(async (folder) => {
    const events: TrainingEvent[] = [];
    const file = `${folder}/best.ym`;
    const options = {
      file,
      saveMode: "each",
      metrics: ["f1"],
      onEvent: (event: TrainingEvent) => events.push(event),
    } as const;
    const { model: same, report } = await classifier.train({ ...options, dryRun: true });
    assertEquals([...Deno.readDirSync(folder)], []);
    assertStrictEquals(same, classifier);
    const { dryRun, iterations, epochs, validationError, testError, metrics } = report;
    assertEquals([iterations, epochs], [1, 1]);
    assertEquals({ ...dryRun, bytes: 0 }, {
      examples: { training: 20, validation: 40, test: 30 },
      epochs: 7,
      batches: 5,
      file,
      bytes: 0,
    });
    assert(typeof validationError === "number" && typeof testError === "number");
    assert(Object.keys(metrics!.validation!).length > 0 && Object.keys(metrics!.test!).length > 0);
    const kinds = events.map(({ event }) => event);
    assertEquals(kinds, ["start", "step", "validation", "checkpoint", "epoch", "end"]);
    // As many bytes as the save of one step of a training with these examples.
    const few = data(
      [digits.training, digits.validation, digits.test!].map((set, i) => ({
        x: { values: Float32Array.from(new Float32Array(784 * [20, 40, 30][i])), shape: [[20, 40, 30][i], 784] },
        y: new Int32Array([20, 40, 30][i]),
        length: set.length,
      })).map(({ x, y }) => ({ x, y })),
    );
    await classifier.with({ data: few, hyperparameters: { batchSize: 20, nEpochs: 1 } }).train({
      file,
      metrics: ["f1"],
    });
    const { size } = Deno.statSync(file);
    assert(Math.abs(dryRun!.bytes! - size) < 1500, `${dryRun!.bytes} and ${size}`);
    await Deno.remove(file);
    const line = summaryLines(report)[0];
    assert(
      line.startsWith("Dry run, nothing was written: a step of 20 examples, validation of 40, test of 30; the "),
      line,
    );
    assert(line.includes(`up to 7 epochs of 5 steps, and it would be saved in ${file} (`), line);
    // Afterwards, the training itself is the same as without it.
    const [after, before] = [await classifier.train(), await classifier.with({}).train()];
    assertEquals(
      after.report.history.map(({ trainLoss }) => trainLoss),
      before.report.history.map((one) => one.trainLoss),
    );
  });
});

Deno.test("a dry run without a file says that nothing would be saved, and one of a model names its file", async () => {
  await inFolder(async (folder) => {
    const { report } = await classifier.train({ dryRun: true });
    assertEquals([report.dryRun?.file, report.dryRun?.bytes], [null, null]);
    assert(summaryLines(report)[0].endsWith("and nothing would be saved"));
    const named = await classifier.with({ file: `${folder}/own.ym` }).train({ dryRun: true });
    assertEquals(named.report.dryRun?.file, `${folder}/own.ym`);
    assert(named.report.dryRun!.bytes! > 1000);
    const dated = await classifier.train({ dryRun: true, saveMode: "end" });
    assertEquals(dated.report.dryRun?.file, "mine_yyyymmddhhmmss.ym");
    assertEquals([...Deno.readDirSync(folder)], []);
    // The report can be kept with a model.
    const weights = classifier.network.withWeights((await classifier.train()).model.network.weights!);
    await classifier.with({ network: weights, report: named.report }).saveModel(`${folder}/kept.ym`);
    assertEquals(loadModel(`${folder}/kept.ym`).report?.dryRun, named.report.dryRun);
  });
});

Deno.test("a dry run finds what a training would find at its end, before anything is computed", async () => {
  await inFolder(async (folder) => {
    const refuse = (file: string, text: string) =>
      assertRejects(() => classifier.train({ dryRun: true, file }), FileError, text);
    await refuse(`${folder}/no/best.ym`, "create the folder");
    await refuse(folder, "folder");
    await Deno.writeTextFile(`${folder}/text`, "");
    await refuse(`${folder}/text/best.ym`, "Not a directory");
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["text"]);
  });
  const resume = () => classifier.train({ dryRun: true, resume: "best.ym" });
  await assertRejects(
    resume,
    RangeError,
    "Cannot train with dryRun and resume: a dry run is a step from the beginning",
  );
  await assertRejects(() => classifier.train({ dryRun: true, overfit: 5 }), RangeError, "with overfit and dryRun");
  const { report } = await classifier.train({ dryRun: false, resume: false });
  assertEquals([report.dryRun, report.epochs], [undefined, 7]);
});

Deno.test("a dry run makes one update of rules that accumulate, and tries pre-training and fixed batches", async () => {
  const rule = chain(accumulate(3), sgd({ learningRate: 0.1 }));
  const { report } = await classifier.with({ updates: rule, hyperparameters: { batchSize: 10 } }).train({
    dryRun: true,
  });
  assertEquals([report.iterations, report.dryRun?.examples.training], [3, 30]);
  const code = autoEncoder(pixels, { nUnits: 5, hyperparameters: { epochs: 2 } });
  const deep = network("deep", [pixels, code, logisticRegression(code, { nClass: 10 })]);
  const events: TrainingEvent["event"][] = [];
  await classifier.with({ network: deep }).train({ dryRun: true, onEvent: ({ event }) => events.push(event) });
  assert(events.includes("pretraining"));
  const ofTen = inputLayer({ shape: [10, 784] });
  const fixed = network("fixed", [ofTen, logisticRegression(ofTen, { nClass: 10 })]);
  const found = await classifier.with({ network: fixed, hyperparameters: { batchSize: 10 } }).train({ dryRun: true });
  assertEquals(found.report.dryRun?.examples, { training: 10, validation: 10, test: 10 });
});
