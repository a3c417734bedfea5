/**
 * A program that uses every function that takes a path, in the folder that its argument names, and prints what came of
 * each. A test runs it in Deno and in Node, and compares.
 *
 * @module
 */

import process from "node:process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { random, tensor } from "@yadll/yadll/core";
import { data, digitsLoader, mnistLoader, openNpySet, readCsv, readIdx, readNpy, readNpz } from "@yadll/yadll/data";
import { denseLayer, inputLayer, logisticRegression } from "@yadll/yadll/layers";
import {
  exportModel,
  finish,
  gridSearch,
  hyperparameters,
  importModel,
  loadModel,
  mergeJournals,
  model,
  network,
  readConfiguration,
  readModel,
  readParameters,
  saveModel,
  writeConfiguration,
  writeParameters,
} from "@yadll/yadll/model";
import { HtmlReport, jsonLinesWriter, Picture, tensorBoardWriter } from "@yadll/yadll/views";

const folder = process.argv[2];
const at = (name: string): string => `${folder}/${name}`;
/** What came of each use. */
const outcomes: Record<string, unknown> = {};

// Models and parameters.
const input = inputLayer({ shape: [null, 4] });
const softmax = network("softmax", [input, denseLayer(input, { nUnits: 2, activation: "softmax" })]);
const saved = model({ network: softmax.withWeights(softmax.init(random.key(1))) });
const x = tensor([[1, 2, 3, 4]]);
outcomes.output = await saved.getOutput(x).toArray();
for (const round of ["saved", "saved again"]) {
  await saveModel(saved, at("ä model 100%.ym"));
  outcomes[round] = await loadModel(at("ä model 100%.ym")).getOutput(x).toArray();
}
outcomes.byUrl = await loadModel(pathToFileURL(at("ä model 100%.ym"))).getOutput(x).toArray();
outcomes.groups = Object.keys(readModel(at("ä model 100%.ym")).groups);
await writeParameters(at("softmax.yp"), { network: "softmax", params: saved.network.params });
const params = readParameters(at("softmax.yp"), { network: "softmax", params: saved.network.params });
const { state } = saved.network.weights!;
const restored = saved.with({ network: softmax.withWeights({ params, state }) });
outcomes.parameters = await restored.getOutput(x).toArray();
await saved.network.saveParams(at("params.yp"));
outcomes.loadParams = await saved.with({ network: softmax.loadParams(at("params.yp")) }).getOutput(x).toArray();

// Configurations and folders.
writeConfiguration(at("softmax.yc"), saved.toConf());
outcomes.configuration = readConfiguration(at("softmax.yc")).network.name;
outcomes.fromConf = model().fromConf(at("softmax.yc")).network.name;
await exportModel(saved, at("exported"));
outcomes.keptCard = (await exportModel(saved, at("exported"))).keptCard;
outcomes.imported = await importModel(at("exported")).getOutput(x).toArray();

// Trainings.
const images = inputLayer({ shape: [null, 784] });
const untrained = model({
  network: network("digits", [images, logisticRegression(images, { nClass: 10 })]),
  data: data(digitsLoader({ sizes: [200, 50, 50] })),
  hyperparameters: { batchSize: 20, nEpochs: 3, learningRate: 0.1 },
});
const controller = new AbortController();
{
  using lines = jsonLinesWriter(at("events.jsonl"));
  using board = tensorBoardWriter(at("board"), { now: () => 1000 });
  await untrained.train({
    file: at("digits.ym"),
    signal: controller.signal,
    onEvent: (event) => {
      lines.write(event);
      board.write(event);
      if (event.event === "step" && event.iteration === 13) controller.abort();
    },
  });
}
using appended = jsonLinesWriter(at("events.jsonl"), { append: true });
const resumed = await untrained.train({ file: at("digits.ym"), resume: true, onEvent: appended.write });
const whole = await untrained.train();
outcomes.trained = await whole.model.predict(untrained.data.test!.x).toArray();
outcomes.resumed = await resumed.model.predict(untrained.data.test!.x).toArray();
outcomes.events = readFileSync(at("events.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line).event);
outcomes.board = readdirSync(at("board")).length;

// Searches.
const hps = hyperparameters({ nUnits: [5, [5, 10]] });
const build = () => Promise.reject(new RangeError("Cannot build it"));
for (const shard of ["0/2", "1/2", "1/2"]) {
  await finish(gridSearch(hps, build, { shard, journal: at(`${shard[0]}.jsonl`) }));
}
const { rows, missing } = mergeJournals([at("0.jsonl"), at("1.jsonl")], { into: at("all.jsonl") });
outcomes.search = [rows.map(({ number }) => number), missing];

// Data files.
const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117) + "\n";
const npy = new Uint8Array([0x93, ...new TextEncoder().encode(`NUMPY\x01\x00v\x00${header}`), 1, 2, 3, 4]);
const idx = (kind: number, ...bytes: number[]) => Uint8Array.of(0, 0, 8, kind, ...bytes);
const pixels = idx(3, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 1, 10, 20, 30, 40, 50, 60);
const classes = idx(1, 0, 0, 0, 6, 0, 1, 0, 1, 0, 1);
mkdirSync(at("mnist"));
for (const part of ["train", "t10k"]) {
  writeFileSync(at(`mnist/${part}-images-idx3-ubyte`), pixels);
  writeFileSync(at(`mnist/${part}-labels-idx1-ubyte`), classes);
}
writeFileSync(at("x.npy"), npy);
writeFileSync(at("table.csv"), "\ufeffa,b\n1,2\n");
const { columns, values } = await readCsv(at("table.csv"));
outcomes.csv = [columns, [...values]];
outcomes.npy = [...(await readNpy(pathToFileURL(at("x.npy")))).values];
outcomes.idx = [...(await readIdx(at("mnist/train-labels-idx1-ubyte"))).values];
outcomes.mnist = (await mnistLoader({ data: at("mnist") })).map(({ length }) => length);
{
  using rows = openNpySet(at("x.npy"), at("x.npy"));
  outcomes.rows = await data([rows, rows]).training.x.slice([1], [2]).toArray();
}

// Pictures and pages.
await new Picture({ svg: "<svg/>", width: 1, height: 1, description: "nothing" }).save(at("picture.svg"));
await new HtmlReport("<p>", "page").save(at("page.html"));
outcomes.pages = ["picture.svg", "page.html"].map((name) => readFileSync(at(name), "utf8"));

// What is wrong.
const refused: [string, () => unknown][] = [
  ["missing csv", () => readCsv(at("nowhere.csv"))],
  ["folder as npy", () => readNpy(folder)],
  ["no npz", () => readNpz(at("x.npy"))],
  ["missing rows", () => openNpySet(at("nowhere.npy"), at("x.npy"))],
  ["missing images", () => mnistLoader({ data: at("nowhere") })],
  ["missing model", () => readModel(at("nowhere.ym"))],
  ["missing folder", () => untrained.train({ file: at("nowhere/a.ym") })],
  ["other training", () => untrained.train({ resume: at("ä model 100%.ym") })],
  ["missing folder of events", () => jsonLinesWriter(at("nowhere/a.jsonl"))],
  ["address", () => readCsv("https://example.org/a.csv")],
];
for (const [name, action] of refused) {
  try {
    await action();
    outcomes[name] = "not refused";
  } catch (error) {
    outcomes[name] = String(error).replaceAll(folder, "FOLDER");
  }
}
outcomes.files = readdirSync(folder).sort();
console.log(JSON.stringify(outcomes));
