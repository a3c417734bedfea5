/**
 * The model that the tests of resuming train: small and fast, with every kind of state that a step may have. Run as a
 * program, it starts or resumes a training of some epochs and kills itself at a step.
 *
 * @module
 */

import { data, digitsLoader, samples } from "../../data/mod.ts";
import { batchNormalization, denseLayer, dropout, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { momentum } from "../../optim/mod.ts";
import { type ModelFile, readModel } from "../files/container.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";

/** Small images, because the tests measure resuming and not learning. */
export const smallDigits = (seed: number) =>
  data(
    digitsLoader({ sizes: [190, 40, 30], seed }).map(({ x, y }) => ({
      x: samples(x.values.filter((_, i) => i % 14 === 0), [y.length, 56]),
      y,
    })),
    { name: "digits" },
  );

export const input = inputLayer({ shape: [null, 56] });
const noisy = dropout(input, { corruptionLevel: 0.2 });
const hidden = denseLayer(noisy, { nUnits: 12, activation: "relu", l2: 0.001 });
const normal = batchNormalization(hidden);
export const mlp = network("mlp", [input, noisy, hidden, normal, logisticRegression(normal, { nClass: 10 })]);
export const values = { batchSize: 20, nEpochs: 5, learningRate: 0.05, momentum: 0.9, patience: 14 };
const untrainedOf = (nEpochs: number) =>
  model({
    name: "mlp",
    network: mlp,
    data: smallDigits(1),
    hyperparameters: { ...values, nEpochs },
    updates: momentum,
  });
export const untrained = untrainedOf(values.nEpochs);

/** Options of the training that is killed. */
export const savingOptions = { saveMode: "epoch", earlyStop: false } as const;

/** The content of a file, except times. */
export function contentOf(file: string): unknown {
  const { state, groups, ...others } = readModel(file);
  const timeless = JSON.stringify(
    state,
    (key, value) => ["seconds", "epochSeconds", "samplesPerSecond"].includes(key) ? undefined : value,
  );
  return { ...others, groups: withoutTimes(groups), state: timeless };
}

/** The tensors of a file, except the times in the history. */
export function withoutTimes({ history = {}, ...groups }: ModelFile["groups"]): ModelFile["groups"] {
  const { seconds: _seconds, samplesPerSecond: _speed, ...columns } = history;
  return { ...groups, history: columns };
}

if (import.meta.main) {
  const [file, resume, killedAt, epochs = String(values.nEpochs)] = Deno.args;
  await untrainedOf(Number(epochs)).train({
    ...savingOptions,
    file,
    resume: resume === "resume",
    onEvent: (event) => {
      if (event.event === "step" && event.iteration === Number(killedAt)) Deno.kill(Deno.pid, "SIGKILL");
    },
  });
}
