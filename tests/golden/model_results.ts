/**
 * Small trainings and searches, event by event.
 *
 * @module
 */

import { setDevice } from "../../core/device.ts";
import { data, samples } from "../../data/mod.ts";
import * as layers from "../../layers/mod.ts";
import * as entry from "../../model/mod.ts";
import * as optim from "../../optim/mod.ts";
import { describe } from "./describe.ts";
import { atPinnedTime } from "./pinned_time.ts";
import type { Recording } from "./recording.ts";
import { withoutMachine } from "./without_machine.ts";

/** Examples of five features in three classes that overlap. */
function examples(count: number, seed: number) {
  const y = Int32Array.from({ length: count }, (_, i) => (i * 7 + seed) % 3);
  const values = Float32Array.from({ length: 5 * count }, (_, i) => {
    const example = Math.floor(i / 5);
    return (i % 5 === y[example] ? 1 : 0) + ((i * 37 + seed * 11) % 53 - 26) / 32;
  });
  return { x: samples(values, [count, 5]), y };
}

/** Numbers to predict. */
function regression(count: number, seed: number) {
  const { x, y } = examples(count, seed);
  return { x, y: samples(Array.from(y, (one, i) => [one / 3 + i / 50, one - 1])) };
}

const sets = data([examples(23, 1), examples(11, 2), examples(7, 3)], {
  name: "classes",
  preprocessing: "standardize",
});
const numbers = data([regression(17, 1), regression(9, 2)], { name: "numbers" });

function classifier(...more: ((before: layers.Layer) => layers.Layer)[]): entry.Network {
  const all: layers.Layer[] = [layers.inputLayer({ shape: [null, 5] })];
  for (const make of more) all.push(make(all.at(-1)!));
  return entry.network("classifier", [
    ...all,
    layers.logisticRegression(all.at(-1)!, { nClass: 3, W: "glorotUniform" }),
  ]);
}

const hidden = (before: layers.Layer) => layers.denseLayer(before, { nUnits: 4, activation: "tanh", l2: 0.01 });
/** Hyperparameters of a rule that has its own options. */
const lengths = { batchSize: 4, nEpochs: 3, patience: 100 };
const settings = { batchSize: 4, nEpochs: 3, learningRate: 0.3, momentum: 0.5, patience: 100 };

function regressor(): entry.Network {
  const input = layers.inputLayer({ shape: [null, 5] });
  const inner = layers.denseLayer(input, { nUnits: 3, activation: "relu", l1: 0.01 });
  return entry.network("regressor", [input, inner, layers.denseLayer(inner, { nUnits: 2, activation: "linear" })]);
}

/** A training: the parts of the model, and options. */
interface Case {
  readonly parts: entry.ModelParts;
  readonly options?: entry.ModelTrainOptions;
}

const cases: Readonly<Record<string, Case>> = {
  "momentum": { parts: { network: classifier(hidden), data: sets, hyperparameters: settings } },
  "adam in order": {
    parts: {
      network: classifier(hidden),
      data: sets,
      hyperparameters: { ...settings, learningRate: 0.05, beta1: 0.8 },
      updates: optim.adam,
    },
    options: { shuffle: false, seed: 7, restoreBest: false },
  },
  "early stopping": {
    parts: {
      network: classifier(),
      data: sets,
      hyperparameters: { ...settings, nEpochs: 30, patience: 7, learningRate: 2 },
    },
  },
  "without early stopping": {
    parts: {
      network: classifier(),
      data: sets,
      hyperparameters: { ...settings, nEpochs: 6, patience: 4, learningRate: 2 },
    },
    options: { earlyStop: false },
  },
  "dropout and batch normalization": {
    parts: {
      network: classifier(
        (before) => layers.dropout(before, { corruptionLevel: 0.3 }),
        hidden,
        (before) => layers.batchNormalization(before),
        (before) => layers.dropconnect(before, { nUnits: 3, corruptionLevel: 0.2 }),
      ),
      data: sets,
      hyperparameters: lengths,
      updates: optim.chain(optim.rmsprop({ learningRate: 0.02 }), optim.average(0.8)),
    },
  },
  "regression": {
    parts: { network: regressor(), data: numbers, hyperparameters: settings, objective: "meanSquaredError" },
  },
  "regression by Huber, streamed": {
    parts: {
      network: regressor(),
      data: numbers,
      hyperparameters: { ...lengths, batchSize: 5 },
      objective: optim.getObjective("huberError", { delta: 0.3 }),
      updates: optim.clipByGlobalNorm(
        optim.sgd({ learningRate: optim.stepDecay({ learningRate: 0.4, factor: 0.5, every: 3 }) }),
        0.5,
      ),
    },
    options: { deviceBytes: 100 },
  },
  "all in one batch": {
    parts: { network: classifier(hidden), data: sets, hyperparameters: { ...settings, batchSize: 99 } },
  },
  "accuracy": {
    parts: {
      network: classifier(hidden),
      data: sets,
      hyperparameters: { ...settings, nEpochs: 1 },
      evaluationMetric: "categoricalAccuracy",
    },
  },
  "auto-encoder": {
    parts: {
      network: classifier(
        (before) =>
          layers.autoEncoder(before, {
            nUnits: 4,
            corruptionLevel: 0.2,
            hyperparameters: { epochs: 2, batchSize: 6, learningRate: 0.2 },
          }),
        (before) => layers.autoEncoder(before, { nUnits: 3, contractionLevel: 0.1, hyperparameters: { epochs: 1 } }),
      ),
      data: data([examples(23, 1), examples(11, 2)], { preprocessing: "normalize" }),
      hyperparameters: { ...settings, nEpochs: 2 },
    },
  },
  "RBM": {
    parts: {
      network: classifier((before) =>
        layers.rbm(before, {
          nUnits: 3,
          k: 2,
          persistent: true,
          monitor: "pseudoLikelihood",
          hyperparameters: { epochs: 2, batchSize: 5, learningRate: 0.1 },
        })
      ),
      data: data([examples(23, 1), examples(11, 2)], { preprocessing: "normalize" }),
      hyperparameters: { ...settings, nEpochs: 2 },
    },
    options: { seed: 3 },
  },
};

/** All events with their numbers, the log, and the weights at the end. */
async function trainingAsText({ parts, options }: Case): Promise<string> {
  const events: string[] = [];
  const log: string[] = [];
  const waiting: Promise<void>[] = [];
  const onEvent = (event: entry.TrainingEvent): void => {
    const { event: kind, ...facts } = event;
    const shown = kind === "checkpoint" ? { ...facts, weights: undefined } : facts;
    const at = events.push("") - 1;
    waiting.push(describe(shown).then((text) => void (events[at] = `${kind}: ${text.replaceAll(/\s*\n\s*/g, "; ")}`)));
  };
  const made = entry.model(parts);
  const { model, report } = await made.train({ onEvent, log: (line) => log.push(line), progress: false, ...options });
  await Promise.all(waiting);
  return [
    ...[made.summary(), ...events, ...log, ...entry.summaryLines(report)],
    await describe(model.network.weights),
    await describe(model.predict((parts.data ?? sets).validation.x)),
  ].join("\n");
}

async function trainingTexts(): Promise<Record<string, string>> {
  await setDevice("wasm");
  const found: Record<string, string> = {};
  for (const [name, one] of Object.entries(cases)) {
    found[name] = withoutMachine(await atPinnedTime(() => trainingAsText(one)));
  }
  return found;
}

const ranges = entry.hyperparameters({
  ...settings,
  nEpochs: 1,
  learningRate: [0.1, [0.1, 0.5, 1]],
  batchSize: [4, [4, 9]],
});

const build: entry.Build<typeof ranges.values> = () => ({ network: classifier(), data: sets });

const drawn: Readonly<Record<string, entry.Distribution>> = {
  learningRate: entry.logBetween(0.001, 1),
  momentum: entry.between(0.2, 0.9),
  batchSize: entry.wholeBetween(3, 9),
};

async function searchTexts(): Promise<Record<string, string>> {
  await setDevice("wasm");
  const found: Record<string, string> = {};
  found["combinations"] = JSON.stringify([...ranges]);
  const searches: Readonly<Record<string, () => ReturnType<typeof entry.gridSearch>>> = {
    "grid": () => entry.gridSearch(ranges, build),
    "second of three shards": () => entry.gridSearch(ranges, build, { shard: "1/3" }),
    "random": () => entry.randomSearch(ranges, build, { count: 5, seed: 4, distributions: drawn }),
    "random of ranges": () => entry.randomSearch(ranges, build, { count: 4, seed: 2 }),
    "given up": () => entry.gridSearch(ranges.with("nEpochs", 4), build, { giveUp: { epochs: 1 } }),
  };
  for (const [name, make] of Object.entries(searches)) {
    await atPinnedTime(async () => {
      const events: string[] = [];
      const result = await entry.finish(make(), (event) => void events.push(JSON.stringify(event)));
      found[`${name}, events`] = withoutMachine(events.join("\n"));
      for (const form of ["csv", "json", "markdown"] as const) {
        found[`${name}, ${form}`] = withoutMachine(entry.formatTable(result, form, { seconds: true }));
      }
    });
  }
  return found;
}

/** Trainings. */
export const modelRecording: Recording = { name: "models", texts: trainingTexts };

/** Searches. */
export const modelSearchRecording: Recording = { name: "searches", texts: searchTexts };
