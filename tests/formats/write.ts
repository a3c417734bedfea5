/**
 * Writes files of the current formats, and records their results:
 *
 *     deno run -A tests/formats/write.ts model_1_adam.ym run_1 …
 *
 * A name is a kind, the number of its format, and optionally a remark. Existing files are never overwritten.
 *
 * @module
 */

import { join, relative } from "@std/path";
import { random, setDevice } from "../../core/mod.ts";
import { runFiles } from "../../cli/runs/folder.ts";
import { run } from "../../cli/testing.ts";
import {
  exportModel,
  finish,
  gridSearch,
  hyperparameters,
  logBetween,
  type Model,
  type ModelParts,
  type ModelTrainOptions,
  randomSearch,
  type TrainingEvent,
  writeConfiguration,
} from "../../model/mod.ts";
import type { Json } from "../../layers/mod.ts";
import * as optim from "../../optim/mod.ts";
import { writeImages } from "./images.ts";
import { folder, imageFolder, observers } from "./observe.ts";
import { everyInput, everyKind, everyStep, pretrainedModel, smallData, smallModel } from "./samples.ts";

/** Writes a file of a kind to a path; the remark determines its content. */
type Writer = (path: string, remark: string) => Promise<void>;

const expectedFile = join(folder, "expected.json");

async function writeModelFile(path: string, remark: string): Promise<void> {
  if (remark === "") {
    const { model: trained } = await smallModel("sgd").train();
    return await trained.saveModel(path);
  }
  if (remark === "tables") {
    const { model: trained } = await smallModel("sgd").train();
    return await trained.with({ preprocessing: everyStep() }).saveModel(path);
  }
  if (remark === "ended") return void await smallModel("momentum").train({ file: path });
  if (remark === "choices") return await stopped(smallModel("momentum"), path, isMiddle, otherChoices);
  if (remark === "pretraining") return await stopped(pretrainedModel(), path, isMiddleOfPretraining);
  await stopped(smallModel(remark), path, isMiddle);
}

const otherChoices = { earlyStop: false, shuffle: false, restoreBest: false };

/** A step within the second epoch. */
function isMiddle(event: TrainingEvent): boolean {
  return event.event === "step" && event.iteration === 6;
}

function isMiddleOfPretraining(event: TrainingEvent): boolean {
  return event.event === "pretraining" && event.layer === "machine" && event.epoch === 1;
}

/** Trains until an event, and saves at that point. */
async function stopped(
  one: Model,
  file: string,
  ends: (event: TrainingEvent) => boolean,
  choices: ModelTrainOptions = {},
): Promise<void> {
  const controller = new AbortController();
  await one.train({
    ...{ ...choices, file, seed: 7 },
    signal: controller.signal,
    onEvent: (event) => ends(event) && controller.abort(),
  });
}

/** One objective for each rule, so that the files cover all rules and all objectives. */
const objectiveNames = Object.keys(optim.objectives);

function writeConfigurationFile(path: string, remark: string): Promise<void> {
  if (remark === "network") writeConfiguration(path, { network: everyKind().toConf() });
  else if (remark === "tables") smallModel("sgd").with({ preprocessing: everyStep() }).toConf(path);
  else {
    const i = Object.keys(optim.updates).indexOf(remark);
    const objective = optim.objectives[objectiveNames[i % objectiveNames.length]];
    const rule = optim.getUpdate(remark);
    smallModel(remark).with({
      objective,
      hyperparameters: hyperparameters({ batchSize: 10, nEpochs: 1, learningRate: [0.05, [0.01, 0.05]] }),
      evaluationMetric: Object.values(optim.metrics)[i % 4],
      // Every second rule is given with its options, the others by name.
      updates: i % 2 === 0 ? rule : rule({ learningRate: 0.05 }),
    }).toConf(path);
  }
  return Promise.resolve();
}

async function writeParametersFile(path: string): Promise<void> {
  const net = everyKind();
  const { params, state } = net.init(random.key(1));
  const applied = net.apply(params, everyInput(), { train: true, key: random.key(2), state });
  await net.withWeights({ params, state: applied.state }).saveParams(path);
}

async function writeExported(path: string): Promise<void> {
  const { model: trained } = await smallModel("momentum").train();
  await exportModel(trained, path, { license: "mit", tags: ["test"] });
}

const rates = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 9, 0.02, 0.01];

function buildSmall({ learningRate }: { readonly learningRate: number }): ModelParts {
  if (learningRate === 9) throw new RangeError("Cannot build it: the learning rate is 9");
  return { name: "small", data: smallData(), network: smallModel("sgd").network };
}

/** Rows of all outcomes: some combinations are given up, and one fails. */
async function writeJournal(path: string, remark: string): Promise<void> {
  const about = { data: "small" };
  const fixed = { nEpochs: 3, batchSize: 10 };
  const search = remark === "random"
    ? randomSearch(hyperparameters({ ...fixed, learningRate: 0.1 }), buildSmall, {
      ...{ journal: path, about, count: 3, seed: 7 },
      distributions: { learningRate: logBetween(0.01, 1) },
    })
    : gridSearch(hyperparameters({ ...fixed, learningRate: [0.9, rates] }), buildSmall, {
      ...{ journal: path, about, giveUp: { epochs: 1 }, train: { seed: 7 } },
    });
  await finish(search);
}

async function writeRun(path: string, remark: string): Promise<void> {
  if (!exists(imageFolder)) await writeImages(imageFolder);
  const images = relative(Deno.cwd(), imageFolder);
  const small = ["nFilters1=2", "nFilters2=2", "nUnits=3"].flatMap((one) => ["--set", one]);
  const epochs = remark === "killed" ? "1" : "2";
  const training = ["--epochs", epochs, "--batch-size", "10", "--seed", "7", "--device", "wasm", "--quiet"];
  const { code, err } = await run(
    "lenet5",
    "--data",
    images,
    "--out",
    relative(Deno.cwd(), path),
    ...small,
    ...training,
  );
  if (code !== 0) throw new Error(`Cannot write ${path}: ${err}`);
  if (remark === "killed") takeEnd(path);
}

/** Turns a run into one that was killed: without its report and the last line of its events. */
function takeEnd(path: string): void {
  Deno.removeSync(join(path, runFiles.report));
  const events = join(path, runFiles.events);
  Deno.writeTextFileSync(events, Deno.readTextFileSync(events).replace(/.*\n$/, ""));
}

/** The writers of each kind of file. */
export const writers: Readonly<Record<string, Writer>> = {
  model: writeModelFile,
  configuration: writeConfigurationFile,
  parameters: writeParametersFile,
  exported: writeExported,
  journal: writeJournal,
  run: writeRun,
};

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
}

async function write(name: string): Promise<void> {
  const path = join(folder, name);
  if (exists(path)) throw new Error(`Cannot write ${name}: it is there, and must stay as it is`);
  const [kind, , remark = ""] = name.replace(/\.\w+$/, "").split("_");
  await writers[kind](path, remark);
  const expected: Record<string, Json> = exists(expectedFile) ? JSON.parse(Deno.readTextFileSync(expectedFile)) : {};
  const lines = Object.entries({ ...expected, [name]: await observers[kind](path) })
    .map(([name, one]) => `  ${JSON.stringify(name)}: ${JSON.stringify(one)}`);
  Deno.writeTextFileSync(expectedFile, `{\n${lines.join(",\n")}\n}\n`);
}

if (import.meta.main) {
  await setDevice("wasm");
  for (const name of Deno.args) await write(name);
}
