// What a page does with files: every function that takes a path takes a file of the web, or says what to do instead.

import * as yadll from "@yadll/yadll";
import { HtmlReport, jsonLinesWriter, Picture, tensorBoardWriter } from "@yadll/yadll/views";

const folder = await navigator.storage.getDirectory();
/** A file of the browser's private file system. */
const file = (name) => folder.getFileHandle(name, { create: true });
const textOf = async (name) => (await (await file(name)).getFile()).text();

function expectSame(what, got, expected) {
  const [one, other] = [got, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${what}: expected ${other}, got ${one}`);
}

const images = yadll.inputLayer({ shape: [null, 784] });
const hidden = yadll.denseLayer(images, { nUnits: 10 });
const net = yadll.network("digits", [images, hidden, yadll.logisticRegression(hidden, { nClass: 10 })]);
const untrained = yadll.model({
  network: net,
  data: yadll.data(yadll.digitsLoader({ sizes: [200, 50, 50] })),
  hyperparameters: { batchSize: 20, nEpochs: 3, learningRate: 0.1 },
});
const x = untrained.data.test.x;
const outputOf = async (model) => await model.getOutput(x).toArray();

/** A training that is stopped, and resumed from the file, ends like one that is not. */
async function trainings() {
  const controller = new AbortController();
  const saved = [];
  await untrained.train({
    file: await file("digits.ym"),
    signal: controller.signal,
    onEvent(event) {
      if (event.event === "save") saved.push(event.file);
      if (event.event === "step" && event.iteration === 13) controller.abort();
    },
  });
  expectSame("saves", saved, ["digits.ym"]);
  const expected = await outputOf((await untrained.train()).model);
  // A blob of the file itself cannot be read once the file has changed.
  const copy = new Blob([await (await (await file("digits.ym")).getFile()).arrayBuffer()]);
  const resumed = await untrained.train({ file: await file("digits.ym"), resume: true });
  expectSame("resumed training", await outputOf(resumed.model), expected);
  expectSame("training resumed from a blob", await outputOf((await untrained.train({ resume: copy })).model), expected);
  expectSame("loaded model", await outputOf(await yadll.loadModel(await file("digits.ym"))), expected);
  return resumed.model;
}

async function parameters(trained) {
  await trained.saveModel(await file("model.ym"));
  expectSame("model", await outputOf(await yadll.loadModel(await file("model.ym"))), await outputOf(trained));
  await trained.network.saveParams(await file("digits.yp"));
  const loaded = trained.with({ network: await net.loadParams(await file("digits.yp")) });
  expectSame("parameters", await outputOf(loaded), await outputOf(trained));
}

async function dataFiles() {
  const { columns, values } = await yadll.readCsv(new File(["a,b\n1,2\n"], "table.csv"));
  expectSame("CSV", [columns, [...values]], [["a", "b"], [1, 2]]);
  const header = `${"{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117)}\n`;
  const npy = new Blob([Uint8Array.of(0x93), `NUMPY\x01`, Uint8Array.of(0, 118, 0), header, Uint8Array.of(1, 2, 3, 4)]);
  expectSame("NPY", [...(await yadll.readNpy(new Response(npy))).values], [1, 2, 3, 4]);
  const idx = new Blob([Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9)]);
  expectSame("IDX", [...(await yadll.readIdx(idx)).values], [7, 8, 9]);
  const packed = await new Response(idx.stream().pipeThrough(new CompressionStream("gzip"))).blob();
  expectSame("packed IDX", [...(await yadll.readIdx(packed)).values], [7, 8, 9]);
  const wrong = await yadll.readNpz(new File(["no archive"], "a.npz")).catch(String);
  if (!wrong.startsWith("DataError: Cannot read a.npz")) throw new Error(wrong);
}

async function pages() {
  await new Picture({ svg: "<svg/>", width: 1, height: 1, description: "none" }).save(await file("a.svg"));
  await new HtmlReport("<p>", "page").save(await file("a.html"));
  expectSame("pages", [await textOf("a.svg"), await textOf("a.html")], ["<svg/>\n", "<p>"]);
}

const build = () => Promise.reject(new RangeError("Cannot build it"));

/** Uses of paths by models. */
const usesByModels = (trained) => ({
  train: () => untrained.train({ file: "a.ym" }),
  "train without a file": () => untrained.train({ saveMode: "end" }),
  resume: () => untrained.train({ resume: "a.ym" }),
  saveModel: () => yadll.saveModel(trained, "a.ym"),
  loadModel: () => yadll.loadModel("a.ym"),
  saveParams: () => trained.network.saveParams("a.yp"),
  loadParams: () => trained.network.loadParams("a.yp"),
  toConf: () => trained.toConf("a.yc"),
  fromConf: () => trained.fromConf("a.yc"),
  exportModel: () => yadll.exportModel(trained, "folder"),
  importModel: () => yadll.importModel("folder"),
  gridSearch: () =>
    yadll.finish(yadll.gridSearch(yadll.hyperparameters({ nUnits: [5, [5, 10]] }), build, { journal: "a.jsonl" })),
  mergeJournals: () => yadll.mergeJournals(["a.jsonl"]),
});

/** Uses of paths by functions for single files. */
const usesByFunctions = (trained) => ({
  writeParameters: () => yadll.writeParameters("a.yp", { network: "digits", params: trained.network.params }),
  readParameters: () => yadll.readParameters("a.yp", { network: "digits", params: trained.network.params }),
  writeModel: () => yadll.writeModel("a.ym", { configuration: {}, state: {}, groups: {} }),
  readModel: () => yadll.readModel("a.ym"),
  writeFolder: () => yadll.writeFolder("folder", { tensors: {}, configuration: trained.toConf() }, { summary: "none" }),
  readFolder: () => yadll.readFolder("folder"),
  readWhole: () => yadll.readWhole("a"),
  writeAtomically: () => yadll.writeAtomically("a", []),
  checkWritable: () => yadll.checkWritable("a"),
  readCsv: () => yadll.readCsv("a.csv"),
  readNpy: () => yadll.readNpy("a.npy"),
  readNpz: () => yadll.readNpz("a.npz"),
  readIdx: () => yadll.readIdx("a.idx"),
  openNpy: () => yadll.openNpy("a.npy"),
  openNpySet: () => yadll.openNpySet("a.npy", "b.npy"),
  mnistLoader: () => yadll.mnistLoader(),
  jsonLinesWriter: () => jsonLinesWriter("a.jsonl"),
  tensorBoardWriter: () => tensorBoardWriter("folder"),
  "Picture.save": () => new Picture({ svg: "", width: 1, height: 1, description: "" }).save("a.svg"),
  "HtmlReport.save": () => new HtmlReport("", "").save("a.html"),
});

/** Functions that got a path name the way that works. */
async function refusals(trained) {
  for (const [name, use] of Object.entries({ ...usesByModels(trained), ...usesByFunctions(trained) })) {
    let said = "nothing was refused";
    try {
      await use();
    } catch (error) {
      said = String(error);
    }
    if (!/^TypeError: Cannot [^:]+: browsers have no paths; \w/.test(said)) throw new Error(`${name}: ${said}`);
  }
}

async function check() {
  const trained = await trainings();
  await parameters(trained);
  await dataFiles();
  await pages();
  await refusals(trained);
  return "files work";
}

const report = (body) => fetch("/report", { method: "POST", body });
check().catch((error) => `error ${error}`).then(report);
