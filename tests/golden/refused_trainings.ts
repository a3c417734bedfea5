/**
 * Which networks, data, functions and hyperparameters fit together, how a training judges its predictions, and why
 * others are refused.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { data, samples } from "../../data/mod.ts";
import * as layers from "../../layers/mod.ts";
import * as entry from "../../model/mod.ts";
import { checkTraining, taskOf, type TrainedParts } from "../../model/training/task_of.ts";
import * as optim from "../../optim/mod.ts";
import { outcomeOf } from "./reader_results.ts";
import type { Recording } from "./recording.ts";

const features = samples([[1, 0.5], [0, 1], [0.2, 0.3], [1, 1]]);
const words = samples([[1, 0], [0, 1], [0, 0], [1, 1]]);
const input = layers.inputLayer({ shape: [null, 2] });

const networks: Readonly<Record<string, entry.Network>> = {
  "1 output": dense(1, "linear"),
  "1 probability": dense(1, "sigmoid"),
  "2 outputs": dense(2, "linear"),
  "3 classes": entry.network("classes", [input, layers.logisticRegression(input, { nClass: 3 })]),
  "3 shares": dense(3, "softmax"),
  "3 outputs": dense(3, "linear"),
  "fixed batches of 2": fixedBatches(),
  "another input": entry.network(
    "other",
    [
      layers.inputLayer({ shape: [null, 3] }),
      layers.denseLayer(layers.inputLayer({ shape: [null, 3] }), { nUnits: 3 }),
    ].slice(0, 1),
  ),
  "tokens": tokens(),
};

function dense(nUnits: number, activation: "linear" | "sigmoid" | "softmax"): entry.Network {
  return entry.network("dense", [input, layers.denseLayer(input, { nUnits, activation })]);
}

function fixedBatches(): entry.Network {
  const input = layers.inputLayer({ shape: [2, 2] });
  return entry.network("fixed", [input, layers.logisticRegression(input, { nClass: 3 })]);
}

function tokens(): entry.Network {
  const input = layers.inputLayer({ shape: [null, 2] });
  const table = layers.embedding(input, { nTokens: 2, nUnits: 3 });
  const flat = layers.flattenLayer(table);
  return entry.network("tokens", [input, table, flat, layers.logisticRegression(flat, { nClass: 3 })]);
}

/** Targets of several kinds. */
const targets = {
  "2 classes": Int32Array.of(0, 1, 1, 0),
  "3 classes": Int32Array.of(0, 1, 2, 0),
  "4 classes": Int32Array.of(0, 1, 3, 0),
  "numbers": samples([[0.5], [1], [-2], [3]]),
  "two numbers": samples([[0.5, 1], [1, 2], [-2, 4], [3, 0]]),
  "shares": samples([[0.5, 0.5, 0], [1, 0, 0], [0, 0, 1], [0.2, 0.3, 0.5]]),
  "nearly shares": samples([[0.5, 0.6, 0], [1, 0, 0], [0, 0, 1], [0.2, 0.3, 0.5]]),
  "one-hot": samples([[0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]]),
  "0 and 1": samples([[0], [1], [1], [0]]),
};

const own: optim.Objective = (prediction, target) => prediction.sub(target).abs().mean({ axis: -1 });

/** Functions by which predictions are judged. */
const judgments: Readonly<Record<string, Pick<entry.ModelParts, "objective" | "evaluationMetric">>> = {
  "by default": {},
  "meanSquaredError": { objective: "meanSquaredError" },
  "binaryCrossentropyError": { objective: "binaryCrossentropyError", evaluationMetric: "binaryError" },
  "categoricalCrossentropyError": { objective: optim.categoricalCrossentropyError },
  "ignoring 3": { objective: optim.getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 3 }) },
  "own": { objective: own },
  "own metric": { objective: own, evaluationMetric: own },
  "accuracy": { evaluationMetric: optim.categoricalAccuracy },
};

const settings = { batchSize: 2, nEpochs: 1, learningRate: 0.1, patience: 10 };

/** How a training judges, or why it is refused. */
async function judged(parts: entry.ModelParts): Promise<string> {
  return await outcomeOf(async () => {
    const { network, data, hyperparameters = settings, ...others } = entry.model(parts).parts;
    const trained = { network, data, hyperparameters, ...others } as TrainedParts;
    checkTraining(trained);
    const { outputs: [{ objective, error }], rule, batchSize } = taskOf(trained, { judge: true });
    const values = await outcomeOf(() =>
      [objective, error].map((one) => one?.(tensor([[0.2, 0.3, 0.5]]), tensor([[0, 1, 0]])))
    );
    return `${objective.name}, ${error?.name}, ${rule.name}, ${batchSize}: ${values}`;
  });
}

async function texts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, network] of Object.entries(networks)) {
    const lines: string[] = [];
    for (const [title, y] of Object.entries(targets)) {
      const set = { x: name === "tokens" ? words : features, y };
      for (const [judgment, functions] of Object.entries(judgments)) {
        lines.push(`${title}, ${judgment}: ${await judged({ network, data: data([set, set]), ...functions })}`);
      }
    }
    found[name] = lines.join("\n");
  }
  const set = { x: features, y: targets["3 classes"] };
  const parts = { network: networks["3 classes"], data: data([set, set]) };
  const hyperparameters: readonly object[] = [
    ...[0, 1, 2, 4, 5, 1.5].map((batchSize) => ({ batchSize })),
    ...[0, 1, 2.5, -1].map((nEpochs) => ({ nEpochs })),
    ...[0, 1, -1].map((patience) => ({ patience })),
    ...[-0.1, 0, NaN, "0.1"].map((learningRate) => ({ learningRate })),
    ...[{ momentum: 0.9 }, { momentum: 2 }, { beta1: 0.5 }, { rho: 0.5 }, { nUnits: 3 }, { nClass: 3 }, {
      epsilon: null,
    }],
  ];
  for (
    const updates of [
      optim.sgd,
      optim.momentum,
      optim.adam,
      optim.adam(),
      optim.chain(optim.sgd(), optim.accumulate(3)),
    ]
  ) {
    const lines: string[] = [];
    for (const one of hyperparameters) {
      const given = { ...settings, ...one };
      lines.push(
        `${JSON.stringify(one)}: ${await judged({ ...parts, updates, hyperparameters: given } as entry.ModelParts)}`,
      );
    }
    found[`${updates.name}${typeof updates === "function" ? "" : ", made"}`] = lines.join("\n");
  }
  return found;
}

/** Trainings that are possible, and the reasons why others are not. */
export const refusedTrainingRecording: Recording = { name: "refused_trainings", texts };
