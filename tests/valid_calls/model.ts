/**
 * A valid call of each function of the entry `model`, and of each method of networks and models.
 *
 * @module
 */

import { ones, random } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import * as entry from "../../model/mod.ts";
import { sgd } from "../../optim/mod.ts";
import type { ValidCall } from "../hostile_arguments.ts";
import { validCall } from "./core.ts";
import type { FunctionNames } from "./function_names.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const folder = temporaryFolder();
const input = inputLayer({ shape: [null, 2], name: "input" });
const hidden = denseLayer(input, { nUnits: 3, name: "hidden" });
const output = logisticRegression(hidden, { nClass: 2, name: "output" });
const untrained = entry.network("net", [input, hidden, output]);
const net = untrained.withWeights(untrained.init(random.key(1)));
const set = { x: samples([[1, 2], [3, 4], [5, 6]]), y: Int32Array.of(0, 1, 0) };
const sets = data([set, set, set]);
const hyper = { batchSize: 2, nEpochs: 1, learningRate: 0.1, patience: 10 };
const made = entry.model({ network: net, data: sets, hyperparameters: hyper });
await made.saveModel(`${folder}/m.ym`);
await net.saveParams(`${folder}/p.yp`);
const conf = made.toConf();
await entry.writeParameters(`${folder}/w0.yp`, { network: "x", params: { W: ones([2]) } });
const card = { summary: "x", task: "y", license: "z", tags: [], figures: [], data: { name: "d" }, training: {} };
await entry.exportModel(made, `${folder}/exported`, {} as never);
entry.writeConfiguration(`${folder}/c.yc`, conf);
const bytes = Deno.readFileSync(`${folder}/m.ym`);
const file = entry.readModel(`${folder}/m.ym`);
const entries = await entry.entriesOf({ W: ones([2]) });
const hps = entry.hyperparameters({ ...hyper, learningRate: [0.1, [0.1, 0.2]] });
const build = () => ({ network: untrained, data: sets });
const found = await entry.finish(entry.gridSearch(hps, build));
const trained = await made.train();
const named = entry.network("named", { kind: output, size: hidden });
const own = entry.trainStep({ network: net, rule: sgd() });
let n = 0;

/** The functions of the entry. */
export const modelCalls: Readonly<Record<FunctionNames<typeof entry>, ValidCall>> = {
  between: validCall(entry.between, 1, 2),
  checkConfiguration: validCall(entry.checkConfiguration, conf as unknown, "file"),
  checkWritable: validCall((p: string) => entry.checkWritable(p), `${folder}/new`),
  decodeConfiguration: validCall(entry.decodeConfiguration, entry.encodeConfiguration(conf), "file"),
  decodeModel: validCall(entry.decodeModel, bytes, "file", {}),
  decodeSafetensors: validCall(
    entry.decodeSafetensors,
    Deno.readFileSync(`${folder}/exported/model.safetensors`),
    "file",
    {},
  ),
  encodeConfiguration: validCall(entry.encodeConfiguration, conf),
  encodeModel: validCall(entry.encodeModel, file),
  encodeSafetensors: validCall(entry.encodeSafetensors, entries, { a: "b" }),
  entriesOf: validCall(entry.entriesOf, { W: ones([2]) } as unknown),
  exportModel: validCall(
    (m: entry.Model, f: string, c: entry.CardOptions) =>
      entry.exportModel(m, typeof f === "string" && f.startsWith("/") ? `${f}${n++}` : f, c),
    made,
    `${folder}/e`,
    { summary: "x", task: "y", license: "z", tags: ["a"] } as never,
  ),
  finish: validCall(
    (s: unknown, f: never) => entry.finish(s === undefined ? entry.gridSearch(hps, build) : s as never, f),
    undefined as unknown,
    (() => {}) as never,
  ),
  formatError: validCall(entry.formatError, 0.5, "%" as never),
  formatSec: validCall(entry.formatSec, 5),
  formatTable: validCall(entry.formatTable, found as never, "csv" as never, {} as never),
  gridSearch: validCall(
    (h: typeof hps, b: typeof build, o: entry.SearchOptions) => entry.gridSearch(h, b, o),
    hps,
    build,
    { shard: "0/2", train: { seed: 1 }, parallel: 1, retryFailed: false, about: { a: 1 } } as never,
  ),
  historyCsv: validCall(entry.historyCsv, trained.report),
  hyperparameters: validCall(entry.hyperparameters, { learningRate: [0.1, [0.1, 0.2]], nEpochs: 1 } as never),
  importModel: validCall(entry.importModel, `${folder}/exported`, { name: "mine" }),
  learningRateRange: validCall(entry.learningRateRange, made, {
    ...{ from: 0.1, to: 0.2, steps: 2, smoothing: 0.5, divergence: 2, seed: 1, deviceBytes: 1e6 },
  }),
  loadModel: validCall((file: string, parts: { name: string }) => entry.loadModel(file, parts), `${folder}/m.ym`, {
    name: "mine",
  }),
  logBetween: validCall(entry.logBetween, 1, 2),
  logLines: validCall(entry.logLines, { event: "end", report: trained.report } as never),
  mergeJournals: validCall((f: string[]) => {
    try {
      return entry.mergeJournals(f);
    } catch (e) {
      if (Array.isArray(f) && f[0] === "/nowhere") return;
      throw e;
    }
  }, ["/nowhere"]),
  mismatches: validCall(entry.mismatches, entries, { W: ones([2]) } as unknown),
  model: validCall(entry.model, {
    network: net,
    data: sets,
    hyperparameters: hyper,
    name: "x",
    updates: "sgd",
    objective: "meanSquaredError",
    evaluationMetric: "categoricalError",
    file: "x",
  }),
  modelCard: validCall(entry.modelCard, card as never, conf),
  network: validCall((name: string, layers: never) => entry.network(name, layers), "net", [input, hidden] as never),
  networkFromConf: validCall(entry.networkFromConf, net.toConf()),
  parseShard: validCall(entry.parseShard, "0/2"),
  randomSearch: validCall(
    (h: typeof hps, b: typeof build, o: never) => entry.randomSearch(h, b, o),
    hps,
    build,
    { count: 2, seed: 1, distributions: { learningRate: entry.between(0.1, 0.2) } } as never,
  ),
  readConfiguration: validCall(entry.readConfiguration, `${folder}/c.yc`),
  readFolder: validCall(entry.readFolder, `${folder}/exported`),
  readModel: validCall(entry.readModel, `${folder}/m.ym`),
  readParameters: validCall(
    (file: string, like: entry.NamedParameters<unknown>) => entry.readParameters(file, like),
    `${folder}/w0.yp`,
    { network: "x", params: { W: ones([2]) } },
  ),
  readWhole: validCall((p: string) => entry.readWhole(p), `${folder}/p.yp`),
  refitBest: validCall(entry.refitBest, found as never, build as never, { seed: 1 } as never),
  saveModel: validCall(entry.saveModel, made, `${folder}/s.ym`),
  transferWeights: validCall(
    (from: entry.Network | string, to: entry.Network, o: entry.TransferOptions) => entry.transferWeights(from, to, o),
    net as entry.Network | string,
    untrained,
    { layers: ["hidden"], rename: { output: "output" }, seed: 1, limitBytes: 1e6 },
  ),
  summaryLines: validCall(entry.summaryLines, trained.report),
  tensorOf: validCall(entry.tensorOf, Object.values(entries)[0]),
  timer: validCall(
    (a: string, f: () => number, l: (s: string) => void) => entry.timer(a, f, l)(),
    "x",
    () => 1,
    () => {},
  ),
  trainStep: validCall(
    entry.trainStep,
    {
      network: net,
      rule: sgd(),
      objective: "categoricalCrossentropyError",
      classWeights: [1, 2],
      labelSmoothing: 0.1,
    } as never,
  ),
  treeOf: validCall(entry.treeOf, entries, { W: ones([2]) }),
  versions: validCall(entry.versions),
  wholeBetween: validCall(entry.wholeBetween, 1, 2),
  writeAtomically: validCall((p: string, c: Uint8Array[]) => entry.writeAtomically(p, c), `${folder}/w`, [
    new Uint8Array(2),
  ]),
  writeConfiguration: validCall(entry.writeConfiguration, `${folder}/w.yc`, conf),
  writeFolder: validCall(
    (path: string, content: entry.ModelFolder, given: entry.ModelCard) =>
      entry.writeFolder(typeof path === "string" && path.startsWith("/") ? `${path}${n++}` : path, content, given),
    `${folder}/folder`,
    entry.readFolder(`${folder}/exported`),
    { summary: "x", data: { name: "d" }, figures: [{ metric: "error", set: "test", value: 1, unit: "%" }] },
  ),
  writeModel: validCall(entry.writeModel, `${folder}/w.ym`, file),
  writeParameters: validCall(entry.writeParameters, `${folder}/w.yp`, { network: "x", params: net.params }),
};

/** The methods. */
export const methodCalls: Readonly<Record<string, ValidCall>> = {
  "model.with": validCall((p: never) => made.with(p), { name: "x", updates: sgd } as never),
  "model.compile": validCall((p: never) => made.compile(p), "train" as never),
  "model.train": validCall((p: never) => made.train(p), {
    seed: 1,
    earlyStop: true,
    shuffle: true,
    restoreBest: true,
    deviceBytes: 1e6,
    classWeights: [1, 2],
    labelSmoothing: 0.1,
    metrics: ["accuracy"],
    monitor: "accuracy",
    unsupervisedTraining: false,
    onEvent: () => {},
    log: () => {},
    progress: false,
  } as never),
  "model.saveMode": validCall(
    (p: never, q: never) => made.train({ saveMode: p, file: q }),
    "end" as never,
    `${folder}/t.ym` as never,
  ),
  "model.resume": validCall((p: never) => made.train({ resume: p, file: `${folder}/t.ym` }), false as never),
  "model.signal": validCall((p: never) => made.train({ signal: p }), new AbortController().signal as never),
  "model.events": validCall((p: never) => made.events(p), { seed: 1 } as never),
  "model.pretrain": validCall((p: never) => made.pretrain(p), { seed: 1 } as never),
  "model.evaluate": validCall(
    (p: never, q: never) => trained.model.evaluate(p, q),
    trained.model.data.validation as never,
    { metrics: ["accuracy"], deviceBytes: 1e6 } as never,
  ),
  "model.predict": validCall((p: never) => trained.model.predict(p), ones([1, 2]) as never),
  "model.getOutput": validCall((p: never) => trained.model.getOutput(p), ones([1, 2]) as never),
  "model.toConf": validCall((p: never) => made.toConf(p), `${folder}/x.yc` as never),
  "model.fromConf": validCall((p: never) => made.fromConf(p), conf as never),
  "model.saveModel": validCall((p: never) => made.saveModel(p), `${folder}/q.ym` as never),
  "net.add": validCall((p: never) => untrained.add(p), denseLayer(output, { nUnits: 2 }) as never),
  "net.getLayer": validCall((p: never) => net.getLayer(p), "input" as never),
  "net.withWeights": validCall((p: never) => net.withWeights(p), net.weights as never),
  "net.init": validCall((p: never) => net.init(p), random.key(1) as never),
  "net.apply": validCall(
    (p: never, x: never, m: never) => net.apply(p, x, m).output,
    net.params as never,
    ones([1, 2]) as never,
    { train: false, state: net.state } as never,
  ),
  "net.applyTrain": validCall(
    (m: never) => net.apply(net.params, ones([1, 2]), m).output,
    { train: true, state: net.state, key: random.key(1) } as never,
  ),
  "net.logits": validCall(
    (p: never, x: never, m: never) => net.logits(p, x, m).output,
    net.params as never,
    ones([1, 2]) as never,
    { train: false, state: net.state } as never,
  ),
  "net.getOutput": validCall((p: never) => net.getOutput(p), ones([1, 2]) as never),
  "net.getOutputs": validCall((p: never) => Object.values(net.getOutputs(p)), ones([1, 2]) as never),
  "model.predictNamed": validCall((p: never) => trained.model.predict(p), { input: ones([1, 2]) } as never),
  "model.parts": validCall((p: never) => entry.model(p), {
    network: named,
    objective: { kind: "categoricalCrossentropyError" },
    chosenObjectives: { size: "meanSquaredError" },
    lossWeights: { kind: 1, size: 0.1 },
    evaluationMetric: { kind: "categoricalError" },
  } as never),
  "net.outputs": validCall(
    (p: never, x: never, m: never) => Object.values(net.outputs(p, x, m)),
    net.weights as never,
    ones([1, 2]) as never,
    { train: false } as never,
  ),
  "net.applyLayers": validCall(
    (p: never, x: never, m: never) => Object.values(net.applyLayers(p, x, m).outputs),
    net.params as never,
    ones([1, 2]) as never,
    { train: false, state: net.state, layers: ["hidden", "output"] } as never,
  ),
  "step.init": validCall((key: never) => own.init(key).key, random.key(1) as never),
  "step.step": validCall(
    (state: never, batch: never) => own.step(state, batch)[1].loss,
    own.init(random.key(1)) as never,
    { x: ones([1, 2]), y: ones([1], { dtype: "i32" }) } as never,
  ),
  "net.withOutput": validCall((name: never) => net.withOutput(name), "output" as never),
  "named.applyLayers": validCall(
    (p: never, x: never) => Object.values(named.applyLayers(p, x, { train: false, state: {} }).outputs),
    named.init(random.key(1)).params as never,
    { input: ones([1, 2]) } as never,
  ),
  "net.penalty": validCall((p: never) => net.penalty(p), net.params as never),
  "net.saveParams": validCall((p: never) => net.saveParams(p), `${folder}/q.yp` as never),
  "net.loadParams": validCall((p: never) => net.loadParams(p), `${folder}/p.yp` as never),
  "hps.with": validCall(
    (a: never, b: never, c: never) => hps.with(a, b, c),
    "learningRate" as never,
    0.2 as never,
    [0.2, 0.3] as never,
  ),
  "new Hyperparameters": validCall(
    (a: never, b: never) => new entry.Hyperparameters(a, b),
    { a: 1 } as never,
    { a: [1, 2] } as never,
  ),
  "new Network": validCall((a: never, b: never) => new entry.Network(a, b), "x" as never, net.layers as never),
  "new Model": validCall((a: never) => new entry.Model(a), { name: "x" } as never),
};
