/**
 * The results of loading a saved file. They are recorded when the file is written, and compared from then on.
 *
 * @module
 */

import { join } from "@std/path";
import type { Tensor } from "../../core/mod.ts";
import { run } from "../../cli/testing.ts";
import { readRun } from "../../cli/runs/read.ts";
import {
  entriesOf,
  formatTable,
  importModel,
  loadModel,
  mergeJournals,
  type Model,
  model,
  readModel,
  type Report,
} from "../../model/mod.ts";
import type { Json } from "../../layers/mod.ts";
import { readJournal } from "../../model/search/journal.ts";
import { TablePreprocessing } from "../../data/mod.ts";
import { inFolder } from "../in_folder.ts";
import { everyColumn, everyInput, everyKind, oneHotData, smallData } from "./samples.ts";

/** The folder of the files. */
export const folder: string = import.meta.dirname!;

/** The images on which the runs were trained. */
export const imageFolder: string = join(folder, "images");

/** The maximum number of values that are kept of a layer's output. */
const MOST = 20;

/** Numbers without the digits that are not compared. */
function short(values: Iterable<number>): number[] {
  return Array.from(values, (one) => Number(one.toPrecision(7)));
}

async function numbersOf(tensor: Tensor): Promise<number[]> {
  return short(await tensor.data() as Iterable<number>);
}

async function weightsOf({ network: { weights } }: Model): Promise<{ [name: string]: Json }> {
  const entries = await entriesOf(weights ?? {});
  return Object.fromEntries(Object.entries(entries).map(([name, { values }]) => [name, short(values)]));
}

async function predictionsOf(one: Model): Promise<number[]> {
  return await numbersOf(one.getOutput(smallData().test!.x));
}

/** What the preprocessing of a model makes of a table, if there is one. */
function preprocessedBy({ preprocessing }: Model): { readonly preprocessed?: Json } {
  if (!(preprocessing instanceof TablePreprocessing)) return {};
  const { x, y } = preprocessing.apply(everyColumn());
  return {
    preprocessed: {
      features: [...preprocessing.features],
      x: short(x.values),
      y: short(y instanceof Int32Array ? y : y.values),
    },
  };
}

function figuresOf({ updates, epochs, iterations, stop, validationError, testError }: Report): Json {
  return { updates, epochs, iterations, stop, validationError, testError };
}

async function ofModel(path: string): Promise<Json> {
  const loaded = loadModel(path, { data: smallData() });
  const { training } = readModel(path).state;
  return {
    network: loaded.network.name,
    figures: loaded.report ? figuresOf(loaded.report) : null,
    predictions: await predictionsOf(loaded),
    resumed: training ? await resumed(loaded, path) : null,
    ...preprocessedBy(loaded),
  };
}

/** The result of a training that is resumed to its end; the file itself is unchanged. */
async function resumed(loaded: Model, resume: string): Promise<Json> {
  const { model: trained, report } = await loaded.train({ resume });
  return { figures: figuresOf(report), weights: await weightsOf(trained) };
}

async function ofConfiguration(path: string): Promise<Json> {
  const made = model({ data: oneHotData() }).fromConf(path);
  const { layers } = made.network;
  const facts = {
    configuration: JSON.parse(JSON.stringify(made.toConf())) as Json,
    shapes: Object.fromEntries(layers.map(({ name, layer }) => [name, layer.outputShape])),
  };
  if (made.parts.updates === undefined) return facts;
  const { model: trained, report } = await made.train();
  return { ...facts, figures: figuresOf(report), predictions: await predictionsOf(trained) };
}

async function ofParameters(path: string): Promise<Json> {
  const network = everyKind().loadParams(path);
  const outputs = Object.entries(network.outputs(network.weights!, everyInput()));
  const computed = outputs.filter(([name]) => network.getLayer(name).incoming.length > 0);
  const numbers = computed.map(async ([name, one]) => [name, (await numbersOf(one)).slice(0, MOST)] as const);
  return { network: network.name, outputs: Object.fromEntries(await Promise.all(numbers)) };
}

async function ofExported(path: string): Promise<Json> {
  const imported = importModel(path);
  return { network: imported.network.name, predictions: await predictionsOf(imported) };
}

function ofJournal(path: string): Promise<Json> {
  const rows = JSON.parse(JSON.stringify(readJournal(path).rows)) as Json;
  return Promise.resolve({ rows, table: formatTable(mergeJournals([path]), "csv") });
}

async function ofRun(path: string): Promise<Json> {
  const onImages = ["--data", imageFolder, "--device", "wasm"];
  const [listed] = linesOf(await run("runs", "list", path, "--json"));
  const { state, network, updates, hyperparameters, history, validationError, testError } = listed;
  const [evaluated] = linesOf(await run("evaluate", path, ...onImages, "--quiet", "--json"));
  let end: Json = null;
  await inFolder(async (copy) => {
    for (const { name } of Deno.readDirSync(path)) {
      Deno.writeFileSync(join(copy, name), Deno.readFileSync(join(path, name)));
    }
    linesOf(await run("train", "--resume", copy, ...onImages, "--epochs", "4", "--quiet", "--json"));
    const { state, report } = readRun(copy);
    end = { state, figures: figuresOf(report!), weights: await weightsOf(loadModel(join(copy, "model.ym"))) };
  });
  return {
    ...{ state, network, updates, hyperparameters, validationError, testError },
    errors: (history as { validationError: number }[]).map(({ validationError }) => validationError),
    evaluated: evaluated.sets,
    resumed: end,
  };
}

/** The lines of JSON that a command wrote. */
function linesOf({ code, out, err }: Awaited<ReturnType<typeof run>>): { readonly [name: string]: Json }[] {
  if (code === 0) return out.split("\n").map((line) => JSON.parse(line));
  throw new Error(`Cannot run the command: it ended with ${code}: ${err}`);
}

/** The results of files of each kind; their names start with the kind. */
export const observers: Readonly<Record<string, (path: string) => Promise<Json>>> = {
  model: ofModel,
  configuration: ofConfiguration,
  parameters: ofParameters,
  exported: ofExported,
  journal: ofJournal,
  run: ofRun,
};
