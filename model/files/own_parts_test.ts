import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { full, random, type Shape, Tensor } from "../../core/mod.ts";
import { data, digitsLoader } from "../../data/mod.ts";
import { denseLayer, inputLayer, type Layer, logisticRegression } from "../../layers/mod.ts";
import {
  categoricalCrossentropyError,
  categoricalError,
  constantRate,
  momentum,
  sgd,
  type UpdateRule,
} from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { FileFormatError } from "./errors.ts";
import { exportModel, importModel } from "./model_folder.ts";
import { loadModel } from "./load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { networkFromConf } from "./network_configuration.ts";
import type { OwnParts } from "./own_parts.ts";

/** x if x > 0, otherwise α x; α, [features], is learned. */
function learnedRectifier(incoming: Layer, { slope = 0.25, name }: { slope?: number; name?: string } = {}): Layer {
  return {
    kind: "LearnedRectifier",
    name,
    incoming: [incoming],
    outputShape: incoming.outputShape,
    configuration: { slope },
    init: () => ({ params: { alpha: full([incoming.outputShape.at(-1)!], slope) }, state: {} }),
    apply: ({ alpha }, x, { state }) => {
      if (!(x instanceof Tensor)) throw new TypeError("expected one input");
      return { output: x.greater(0).where(x, x.mul(alpha)), state };
    },
  };
}

const swish = (x: Tensor): Tensor => x.mul(x.sigmoid());
const small = (key: Tensor, shape: Shape): Tensor => random.uniform(key, shape, { low: -0.01, high: 0.01 });
const doubled = (p: Tensor, t: Tensor): Tensor => categoricalCrossentropyError(p, t).mul(2);
const share = (p: Tensor, t: Tensor): Tensor => categoricalError(p, t);
const makeSlow = (): UpdateRule => ({ ...sgd({ learningRate: 0.01 }), name: "slow", options: undefined });

const input = inputLayer({ shape: [null, 784], name: "pixels" });
const hidden = denseLayer(input, { nUnits: 6, activation: swish, W: small, name: "hidden" });
const rectified = learnedRectifier(hidden, { slope: 0.5, name: "rectifier" });
const digits = data(digitsLoader({ sizes: [40, 20, 20] }), { name: "digits" });
const untrained = model({
  network: network("mine", [input, hidden, rectified, logisticRegression(rectified, { nClass: 10 })]),
  data: digits,
  objective: doubled,
  evaluationMetric: share,
  updates: makeSlow,
  hyperparameters: { batchSize: 10, nEpochs: 1 },
});
const own = {
  layers: { LearnedRectifier: learnedRectifier },
  objectives: { doubled },
  metrics: { share },
  rules: { makeSlow },
  functions: { swish, small },
} satisfies OwnParts;
const lists = { layers: [learnedRectifier], objectives: [doubled], metrics: [share], rules: [makeSlow] };

testOnEveryDevice(
  "a file with layers and functions of your own is loaded with them, by name or from lists",
  async () => {
    await inFolder(async (folder) => {
      const { model: trained } = await untrained.train();
      await trained.saveModel(`${folder}/mine.ym`);
      await exportModel(trained, `${folder}/exported`);
      const { x } = digits.test!;
      const expected = await trained.getOutput(x).data();
      for (const given of [own, { ...lists, functions: [swish, small] }]) {
        for (
          const load of [() => loadModel(`${folder}/mine.ym`, given), () => importModel(`${folder}/exported`, given)]
        ) {
          const loaded = load();
          assertEquals(await loaded.getOutput(x).data(), expected);
          assertEquals(loaded.toConf(), trained.toConf());
          const { objective, evaluationMetric, updates } = loaded.parts;
          assertStrictEquals(objective, doubled);
          assertStrictEquals(evaluationMetric, share);
          assertStrictEquals(updates, makeSlow);
        }
      }
      // The loaded model trains like the saved one.
      const [again, like] = await Promise.all([
        loadModel(`${folder}/mine.ym`, { data: digits, ...own }).train(),
        trained.train(),
      ]);
      assertEquals(again.report.history[0].trainLoss, like.report.history[0].trainLoss);
    });
  },
);

Deno.test("a configuration takes layers and functions of your own, too, and parts that it does not name are not used", () => {
  const conf = untrained.toConf();
  const unused = {
    ...own,
    layers: { ...own.layers, Another: learnedRectifier },
    objectives: { doubled, unused: share },
  };
  const read = model().fromConf(conf, unused);
  assertEquals(read.toConf(), conf);
  assertEquals(networkFromConf(conf.network, { layers: own.layers, functions: own.functions }).toConf(), conf.network);
  // Parts of the model take precedence, and a metric may be among the objectives.
  const other = (p: Tensor, t: Tensor): Tensor => doubled(p, t);
  assertStrictEquals(model({ objective: other }).fromConf(conf, own).parts.objective, other);
  const { metrics: _, ...others } = own;
  const measured = model().fromConf(conf, { ...others, objectives: { doubled, share } });
  assertStrictEquals(measured.parts.evaluationMetric, share);
  // Made rules and schedules.
  const made = { ...momentum({ learningRate: 0.1 }), name: "mine", options: undefined };
  const scheduled = untrained.with({ updates: made }).toConf();
  assertStrictEquals(model().fromConf(scheduled, { ...own, rules: [made] }).parts.updates, made);
  const halving = Object.assign(constantRate(0.5), {});
  const rate = untrained.with({ hyperparameters: { learningRate: halving } }).toConf();
  const { hyperparameters } =
    model().fromConf(rate, { ...own, functions: { ...own.functions, [halving.name]: halving } })
      .parts;
  assertStrictEquals((hyperparameters as { values: Record<string, unknown> }).values.learningRate, halving);
});

Deno.test("what a file names and nobody passed is refused with its name, its kind and the option to pass", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/mine.ym`;
    const net = untrained.network;
    await untrained.with({ network: net.withWeights(net.init(random.key(1))) }).saveModel(file);
    const without = (part: keyof OwnParts) => () => loadModel(file, { ...own, [part]: undefined });
    const { message } = assertThrows(
      without("layers"),
      FileFormatError,
      'Cannot find layer of kind "LearnedRectifier": it is none of this library; if it is your own, pass the function that makes it in layers',
    );
    assert(message.startsWith(`Cannot read ${file}: expected a valid configuration as network.layers[2]`), message);
    const named = "Cannot make the model: its configuration names your own function";
    const cannot = "which a file cannot contain; pass it again as";
    for (
      const [part, expected] of [
        ["objectives", `${named} "doubled", ${cannot} objective, or by name in objectives`],
        ["metrics", `${named} "share", ${cannot} evaluationMetric, or by name in metrics`],
        ["rules", `${named} "makeSlow", ${cannot} updates, or by name in rules`],
        [
          "functions",
          `${named} "small" as W of DenseLayer "hidden", which a file cannot contain; a function of your own`,
        ],
      ] as const
    ) assertThrows(without(part), TypeError, expected);
    // A misspelled name is suggested.
    assertThrows(() => loadModel(file, { ...own, objectives: { doubledd: doubled } }), TypeError, "mean doubledd?");
    assertThrows(() => loadModel(file, { ...own, layers: { LearnedRectifer: learnedRectifier } }), Error, "mean Learn");
  });
});

Deno.test("names of this library, functions without names, and other values are refused", () => {
  const conf = untrained.toConf();
  const read = (given: object) => () => model().fromConf(conf, given);
  const taken = "to be named like none of this library, got";
  for (
    const [given, text] of [
      [{ layers: { DenseLayer: learnedRectifier } }, `expected layers.DenseLayer ${taken} "DenseLayer"`],
      [{ layers: [denseLayer] }, `expected layers[0] ${taken} "denseLayer"`],
      [{ objectives: { mse: doubled } }, `expected objectives.mse ${taken} "mse"`],
      [{ metrics: { categoricalError: share } }, `expected metrics.categoricalError ${taken}`],
      [{ rules: { chain: makeSlow } }, `expected rules.chain ${taken} "chain"`],
      [{ rules: [sgd] }, `expected rules[0] ${taken} "sgd"`],
      [{ functions: { relu: swish } }, `expected functions.relu ${taken} "relu"`],
      [{ functions: { orthogonal: small } }, `expected functions.orthogonal ${taken} "orthogonal"`],
      [{ objectives: [(p: Tensor) => p] }, "expected objectives[0] to be a function that has a name"],
      [{ objectives: [doubled, doubled] }, "expected objectives[1] to be named like no other of the list"],
    ] as const
  ) assertThrows(read(given), RangeError, text);
  assertThrows(
    read({ objectives: { doubled: 2 } }),
    TypeError,
    "objectives.doubled to be one of the objectives, got 2",
  );
  assertThrows(read({ layers: [rectified] }), TypeError, "layers[0] to be one of the functions that make layers");
  assertThrows(
    read({ rules: 3 }),
    TypeError,
    "a record of update rules, or functions that make them by name, or a list",
  );
  assertThrows(read({ layer: {} }), RangeError, 'unknown option "layer"; did you mean layers?');
});

Deno.test("a function of your own must make the layer that the file describes", () => {
  const conf = untrained.toConf();
  const make = (make: unknown) => () => model().fromConf(conf, { ...own, layers: { LearnedRectifier: make as never } });
  const action = 'Cannot make LearnedRectifier "rectifier": expected its function to return a layer';
  assertThrows(make(() => 3), TypeError, `${action}, got 3`);
  assertThrows(make(denseLayer), RangeError, "unknown option");
  const change = (change: object) =>
    make((from: Layer, options: object) => ({ ...learnedRectifier(from, options), ...change }));
  assertThrows(change({ kind: "Other" }), TypeError, `${action} of kind "LearnedRectifier", got "Other"`);
  assertThrows(change({ name: undefined }), TypeError, `${action} of name "rectifier", got undefined`);
  assertThrows(change({ incoming: [] }), TypeError, `${action} with the incoming layers that it gets, got none`);
  assertThrows(change({ incoming: [input] }), TypeError, "with the incoming layers that it gets, got others");
});

Deno.test("a function of your own gets several incoming layers as a list, and none as an empty one", () => {
  const got: unknown[] = [];
  const meet = (incoming: readonly Layer[], { name }: { name: string }): Layer => {
    got.push(incoming);
    const [{ outputShape } = { outputShape: [null, 2] }] = incoming;
    const apply: Layer["apply"] = (_, x, { state }) => ({ output: x instanceof Tensor ? x : x[0], state });
    return {
      kind: "Meet",
      name,
      incoming,
      outputShape,
      configuration: {},
      init: () => ({ params: {}, state: {} }),
      apply,
    };
  };
  const source = meet([], { name: "source" });
  const second = inputLayer({ shape: [null, 2], name: "second" });
  const conf = network("both", [source, second, meet([source, second], { name: "both" })]).toConf();
  got.length = 0;
  const made = networkFromConf(conf, { layers: [meet] });
  assertEquals(got, [[], made.layers.slice(0, 2).map(({ layer }) => layer)]);
});

Deno.test("a rule is found by the name of its function if the record has the name of the variable", () => {
  const renamed = Object.assign(makeSlow, { options: {} });
  const conf = untrained.toConf();
  const { rules: _, ...others } = own;
  assertStrictEquals(model().fromConf(conf, { ...others, rules: { slow: renamed } }).parts.updates, renamed);
  // A function without a name is named as the rule that it makes.
  const [unnamed] = [() => ({ ...momentum({ learningRate: 0.1 }), name: "slow", options: undefined })];
  const arrow = untrained.with({ updates: unnamed }).toConf();
  assertEquals(arrow.updates, ["function", { name: "slow" }]);
  assertStrictEquals(model().fromConf(arrow, { ...others, rules: { slow: unnamed } }).parts.updates, unnamed);
});

Deno.test("all that is missing is said in one error", () => {
  const error = assertThrows(() => model().fromConf(untrained.toConf(), { layers: own.layers }), TypeError);
  for (const name of ["makeSlow", "doubled", "share", "small"]) {
    assert(error.message.includes(`"${name}"`), error.message);
  }
  assertEquals(error.message.split("Cannot").length, 2);
});

Deno.test("a function of several incoming layers that takes them one by one is told that it gets a list", () => {
  const pair = (a: Layer, b: Layer, { name }: { name?: string } = {}): Layer => ({
    kind: "Pair",
    name,
    incoming: [a, b],
    outputShape: [null, 2],
    configuration: {},
    init: () => ({ params: {}, state: {} }),
    apply: (_, x, { state }) => ({ output: x instanceof Tensor ? x : x[0], state }),
  });
  const [a, b] = ["a", "b"].map((name) => inputLayer({ shape: [null, 2], name }));
  const conf = network("both", [a, b, pair(a, b, { name: "p" })]).toConf();
  assertThrows(
    () => networkFromConf(conf, { layers: { Pair: pair } }),
    TypeError,
    'of name "p", got undefined; the function gets its 2 incoming layers as one list, then the options with the name',
  );
});
