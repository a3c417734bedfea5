/**
 * The objectives that a training chooses stay those of the trained model, whatever the targets of a set look like.
 */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { tensor } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { adam } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { loadModel } from "../files/load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";

type Numbers = readonly (readonly number[])[];

const input = inputLayer({ shape: [null, 1], name: "input" });
const kind = logisticRegression(input, { nClass: 2, name: "kind" });
const position = denseLayer(input, { nUnits: 2, activation: "linear", name: "position" });
const tags = denseLayer(input, { nUnits: 2, activation: "sigmoid", name: "tags" });
const yes = denseLayer(input, { nUnits: 1, activation: "sigmoid", name: "yes" });

/** A set whose inputs are 1, 2, 3, … */
function setOf(targets: Readonly<Record<"position" | "tags" | "yes", Numbers>>) {
  const inputs = targets.yes.map((_, i) => [i + 1]);
  return {
    x: samples(inputs),
    y: {
      kind: Int32Array.from(inputs, (_, i) => i % 2),
      position: samples(targets.position),
      tags: samples(targets.tags),
      yes: samples(targets.yes),
    },
  };
}

const learned = setOf({
  position: [[1, 2], [2, 0.5], [0.3, 4], [4, 1]],
  tags: [[1, 1], [0, 0], [1, 0], [0, 1]],
  yes: [[1], [0], [1], [0]],
});
const net = network("net", { kind, position, tags, yes });
const untrained = model({
  network: net,
  data: data([learned, learned]),
  updates: adam,
  hyperparameters: { batchSize: 2, nEpochs: 1 },
});
const quiet = { progress: false } as const;

const squares = (outputs: Numbers, targets: Numbers): number =>
  meanOf(outputs, targets, (output, target) => (output - target) ** 2);
const entropy = (outputs: Numbers, targets: Numbers): number =>
  meanOf(
    outputs,
    targets,
    (output, target) => -target * Math.log(output) - (1 - target) * Math.log(1 - output),
  );

function meanOf(outputs: Numbers, targets: Numbers, cost: (output: number, target: number) => number): number {
  const costs = outputs.flatMap((row, i) => row.map((output, j) => cost(output, targets[i][j])));
  return costs.reduce((sum, one) => sum + one, 0) / costs.length;
}

/** The targets of a set that look like those of other objectives, and these objectives. */
const others = {
  position: [[0, 1], [1, 0]],
  tags: [[1, 0], [0, 1]],
  yes: [[0.9], [0.2]],
};

/** The losses of the outputs for {@linkcode others}, by their definitions. */
async function expectedLosses(trained: typeof untrained) {
  const outputs = trained.getOutput({ input: tensor([[1], [2]]) });
  const read = async (name: string) => await outputs[name].toArray() as Numbers;
  return {
    "position/loss": squares(await read("position"), others.position),
    "tags/loss": entropy(await read("tags"), others.tags),
    "yes/loss": entropy(await read("yes"), others.yes),
  };
}

/** Throws unless the losses of {@linkcode others} are those of the objectives that were learned. */
async function checkLosses(evaluated: typeof untrained): Promise<void> {
  const found = await evaluated.evaluate(setOf(others));
  for (const [name, loss] of Object.entries(await expectedLosses(evaluated))) {
    assertAlmostEquals(found[name], loss, 1e-4, name);
  }
}

testOnEveryDevice("a set whose targets look different is evaluated with the objectives of the training", async () => {
  const { model: trained } = await untrained.train(quiet);
  await checkLosses(trained);
  const path = await Deno.makeTempFile({ suffix: ".ym" });
  try {
    await trained.saveModel(path);
    await checkLosses(loadModel(path));
    // Other data do not change what was learned.
    await checkLosses(loadModel(path, { data: data([setOf(others), setOf(others)]) }));
    await checkLosses(untrained.fromConf(trained.toConf()).with({ network: trained.network, data: undefined }));
  } finally {
    await Deno.remove(path);
  }
});

testOnEveryDevice("a file of a training that was stopped has its objectives, and it is resumed with them", async () => {
  const path = await Deno.makeTempFile({ suffix: ".ym" });
  const stop = new AbortController();
  try {
    await untrained.train({
      ...quiet,
      file: path,
      signal: stop.signal,
      onEvent: ({ event }) => event === "start" && stop.abort(),
    });
    await checkLosses(loadModel(path));
    const { model: resumed } = await untrained.train({ ...quiet, file: path, resume: true });
    const { model: whole } = await untrained.train(quiet);
    await checkLosses(resumed);
    assertEquals(await resumed.evaluate(setOf(others)), await whole.evaluate(setOf(others)));
    // The trained model resumes its own training, too.
    const { report } = await resumed.with({ hyperparameters: { batchSize: 2, nEpochs: 2 } })
      .train({ ...quiet, file: path, resume: true });
    assertEquals(report.epochs, 2);
  } finally {
    await Deno.remove(path);
  }
});

testOnEveryDevice("a model with weights that were not trained is evaluated as it would be trained", async () => {
  const { model: trained } = await untrained.train(quiet);
  await checkLosses(untrained.with({ network: trained.network }));
});

testOnEveryDevice(
  "several sigmoid units with 0 and 1 learn the binary cross-entropy, also if rows have one 1",
  async () => {
    for (const rows of [[[1, 1], [0, 0], [1, 0], [0, 1]], [[1, 0], [0, 1], [1, 0], [0, 1]]]) {
      const set = { ...learned, y: { ...learned.y, tags: samples(rows) } };
      const { model: trained, report } = await untrained.with({ data: data([set, set]) })
        .train({ ...quiet, restoreBest: false });
      const outputs = trained.getOutput({ input: tensor(set.x.values, [4, 1]) });
      const expected = entropy(await outputs.tags.toArray() as Numbers, rows);
      assertAlmostEquals(report.metrics!.validation!["tags/loss"], expected, 1e-4);
    }
  },
);

Deno.test("an objective of the user's own choice replaces that of the training", async () => {
  const { model: trained } = await untrained.train(quiet);
  const changed = trained.with({ objective: { tags: "meanSquaredError" } });
  const outputs = trained.getOutput({ input: tensor([[1], [2]]) });
  const found = await changed.evaluate(setOf(others));
  assertAlmostEquals(found["tags/loss"], squares(await outputs.tags.toArray() as Numbers, others.tags), 1e-4);
  assertAlmostEquals(found["position/loss"], (await expectedLosses(trained))["position/loss"], 1e-4);
});

Deno.test("units of a softmax are not yes and no by themselves, and classes stay classes", async () => {
  const shares = denseLayer(input, { nUnits: 2, activation: "softmax", name: "shares" });
  const rows = [[1, 0], [0, 1], [1, 0], [0, 1]];
  const set = { x: learned.x, y: { yes: learned.y.yes, shares: samples(rows) } };
  const { model: trained } = await untrained.with({ network: network("net", { yes, shares }), data: data([set, set]) })
    .train(quiet);
  assertEquals(trained.parts.chosenObjectives, {
    yes: "binaryCrossentropyError",
    shares: "categoricalCrossentropyError",
  });
});
