import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { softmax as coreSoftmax, tensor } from "../../core/mod.ts";
import { data } from "../../data/data.ts";
import { samples, type SampleSet } from "../../data/samples.ts";
import {
  type Activation,
  activationLayer,
  addLayer,
  batchNormalization,
  denseLayer,
  dropout,
  flattenLayer,
  inputLayer,
  type Layer,
  logisticRegression,
  lstm,
  type LstmOptions,
  reshapeLayer,
} from "../../layers/mod.ts";
import { key } from "../../core/random/bits.ts";
import { softmax as rootSoftmax } from "../../mod.ts";
import type { Objective } from "../../optim/objectives.ts";
import { categoricalCrossentropyFromLogits } from "../../optim/objectives_from_logits.ts";
import { getObjective } from "../../optim/registry.ts";
import { perplexity } from "../../optim/set_metrics/mean_objective.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { type Network, network } from "../network.ts";

const input = inputLayer({ shape: [null, 2] });
const x = [[1, 2], [2, -1], [0, 1], [3, 3]];
const classes = [0, 1, 1, 0];
const softmaxes: Record<string, Network> = {
  "logistic regression": network("softmax", [input, logisticRegression(input, { nClass: 2 })]),
  "a dense layer": network("softmax", [input, denseLayer(input, { nUnits: 2, activation: "softmax" })]),
};

function modelOf(
  network: Network,
  objective?: Objective | string,
  y: Int32Array | number[][] = Int32Array.from(classes),
) {
  const set = { x: samples(x), y: y instanceof Int32Array ? y : samples(y) };
  return model({
    ...{ network, data: data([set, set, set]), hyperparameters: { batchSize: 2, nEpochs: 3 } },
    ...objective !== undefined && { objective },
  });
}

const ending = (activation: Activation, nUnits = 2): Network =>
  network("net", [input, denseLayer(input, { nUnits, activation })]);

testOnEveryDevice(
  "A network that ends in a softmax is judged by its logits, if the objective takes logits",
  async () => {
    const given = [
      categoricalCrossentropyFromLogits,
      "categoricalCrossentropyFromLogits",
      getObjective("categoricalCrossentropyFromLogits", { labelSmoothing: 0 }),
      getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 7 }),
    ];
    for (const net of Object.values(softmaxes)) {
      const expected = await modelOf(net).train();
      for (const objective of given) {
        const { report } = await modelOf(net, objective).train();
        assertAlmostEquals(report.testLoss!, expected.report.testLoss!, 1e-6);
      }
    }
  },
);

Deno.test("Objectives of probabilities are refused for outputs that are none, with the cure", async () => {
  const rows = classes.map((one) => [1 - one, one]);
  const cases = [
    ["categoricalCrossentropyError", "softmax, or use categoricalCrossentropyFromLogits"],
    ["kullbackLeiblerDivergence", "softmax, or use categoricalCrossentropyFromLogits"],
    ["binaryCrossentropyError", "sigmoid, or use binaryCrossentropyFromLogits"],
  ];
  for (const [objective, cure] of cases) {
    for (const activation of ["linear", "relu", "tanh", ["relu", { alpha: 0.1 }]] satisfies Activation[]) {
      const name = typeof activation === "string" ? activation : activation[0];
      await assertRejects(
        () => modelOf(ending(activation), objective, rows).train(),
        TypeError,
        `with ${objective}: expected probabilities as outputs, got the activation ${name}; ` +
          `end the network in the activation ${cure}`,
      );
    }
    const sumTo1: Activation[] = objective === "binaryCrossentropyError" ? ["sigmoid"] : [];
    for (const activation of [...sumTo1, "softmax", (one) => one.sigmoid()] satisfies Activation[]) {
      await modelOf(ending(activation), objective, rows).train();
    }
  }
});

Deno.test("Two units of a sigmoid are no probabilities that sum to 1", async () => {
  const rows = classes.map((one) => [1 - one, one]);
  await assertRejects(
    () => modelOf(ending("sigmoid"), "categoricalCrossentropyError", rows).train(),
    TypeError,
    "expected probabilities that sum to 1 as outputs",
  );
});

Deno.test("An objective with a sigmoid is refused for outputs that went through one", async () => {
  const objective = "binaryCrossentropyFromLogits";
  const rows = classes.map((one) => [one]);
  await assertRejects(
    () => modelOf(ending("sigmoid", 1), objective, rows).train(),
    TypeError,
    "expected outputs before the sigmoid, which it computes, got the activation sigmoid; use binaryCrossentropyError",
  );
  await modelOf(ending("linear", 1), objective, rows).train();
});

Deno.test("A metric that takes logits gets those of a network that ends in a softmax; others must fit, too", async () => {
  const net = softmaxes["logistic regression"];
  const evaluationMetric = "categoricalCrossentropyFromLogits";
  const ignoring = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 7 });
  for (const objective of ["categoricalCrossentropyError", "categoricalHingeError", ignoring]) {
    const { report } = await modelOf(net, objective).with({ evaluationMetric }).train();
    const probable = { evaluationMetric: "categoricalCrossentropyError" };
    const expected = await modelOf(net, objective).with(probable).train();
    assertAlmostEquals(report.testError!, expected.report.testError!, 1e-6);
    const linear = modelOf(ending("linear"), "categoricalHingeError").with(probable);
    await assertRejects(() => linear.train(), TypeError, "with categoricalCrossentropyError: expected probabilities");
  }
});

/** Networks that end in what a layer makes of the layers before it. */
const endings: Readonly<Record<string, Network>> = {
  linearDropout: after("linear", dropout),
  linearReshape: after("linear", (one) => reshapeLayer(one, { outputShape: [null, 2] })),
  sum: after("softmax", (one) => addLayer([one, one])),
  normalized: after("softmax", batchNormalization),
  softmaxRelu: after("softmax", (one) => activationLayer(one, { activation: "relu" })),
  softmaxElu: after("softmax", (one) => activationLayer(one, { activation: "elu" })),
  softmaxDropout: after("softmax", (one) => dropout(one, { corruptionLevel: 0.1 })),
  sigmoidFlatten: after("sigmoid", flattenLayer),
  sigmoid: ending("sigmoid"),
  ownDropout: after((one) => one.sigmoid(), dropout),
};

function after(activation: Activation, make: (incoming: Layer) => Layer): Network {
  const first = denseLayer(input, { nUnits: 2, activation });
  return network("net", [input, first, make(first)]);
}

Deno.test("Objectives are judged by what the last layer returns, also if it only passes values on or mixes them", async () => {
  const refused: readonly (readonly [ending: string, objective: string | undefined, message: string])[] = [
    ["linearDropout", undefined, "expected probabilities as outputs, got the activation linear"],
    ["linearReshape", undefined, "expected probabilities as outputs, got the activation linear"],
    ["sum", undefined, "got the numbers of any size of AddLayer; end the network in the activation softmax"],
    ["normalized", "binaryCrossentropyError", "got the numbers of any size of BatchNormalization; end the network"],
    ["softmaxRelu", "categoricalCrossentropyFromLogits", "expected outputs before the softmax, which it computes"],
    ["softmaxElu", "categoricalCrossentropyFromLogits", "expected outputs before the softmax, which it computes"],
    [
      "softmaxDropout",
      "categoricalCrossentropyFromLogits",
      "got the activation softmax; use categoricalCrossentropyErr",
    ],
    [
      "sigmoidFlatten",
      "binaryCrossentropyFromLogits",
      "expected outputs before the sigmoid, which it computes, got the",
    ],
    ["sigmoid", "categoricalCrossentropyFromLogits", "expected outputs before the softmax, which it computes, got the"],
    ["sigmoid", undefined, "expected probabilities that sum to 1 as outputs, got the activation sigmoid"],
  ];
  const binary = classes.map((one) => [1 - one, one]);
  for (const [ending, objective, message] of refused) {
    const y = objective?.startsWith("binary") ? binary : undefined;
    await assertRejects(() => modelOf(endings[ending], objective, y).train(), TypeError, message, ending);
  }
  for (const ending of ["softmaxRelu", "softmaxDropout", "ownDropout"]) await modelOf(endings[ending]).train();
  for (const ending of ["linearDropout", "sum", "ownDropout"]) {
    await modelOf(endings[ending], "categoricalCrossentropyFromLogits").train();
  }
});

const sequence = inputLayer({ shape: [null, 2, 1] });
const recurrent = (options: Omit<LstmOptions, "nUnits">): Network =>
  network("recurrent", [sequence, lstm(sequence, { nUnits: 3, ...options })]);

testOnEveryDevice("A recurrent layer with outputs of its own is judged by their activation", async () => {
  const x = samples(Float32Array.of(1, 2, 2, -1, 0, 1, 3, 3), [4, 2, 1]);
  const train = (net: Network, objective: string | undefined, y: SampleSet["y"]) =>
    model({
      ...{ network: net, data: data([{ x, y }, { x, y }]), hyperparameters: { batchSize: 2, nEpochs: 1 } },
      ...objective !== undefined && { objective },
    }).train();
  const yes = samples(classes.map((one) => [one]));
  const [softmax, sigmoid] = [
    recurrent({ nOut: 2, outActivation: "softmax" }),
    recurrent({ nOut: 1, outActivation: "sigmoid" }),
  ];
  const inner = recurrent({ nOut: 1, activation: "sigmoid" });
  assert(softmax.hasLogits && !sigmoid.hasLogits && !inner.hasLogits);
  const y = Int32Array.from(classes);
  const { model: trained, report } = await train(softmax, undefined, y);
  assertEquals([report.monitor, trained.predict(tensor([...x.values], [4, 2, 1])).dtype], ["validationError", "i32"]);
  assertAlmostEquals((await train(softmax, "cce", y)).report.validationLoss!, report.validationLoss!, 1e-6);
  const fromLogits = await train(softmax, "categoricalCrossentropyFromLogits", y);
  assertAlmostEquals(fromLogits.report.validationLoss!, report.validationLoss!, 1e-6);
  await train(sigmoid, "binaryCrossentropyError", yes);
  await train(inner, "binaryCrossentropyFromLogits", yes);
  await assertRejects(() => train(sigmoid, "binaryCrossentropyFromLogits", yes), TypeError, "before the sigmoid");
  await assertRejects(() => train(inner, "bce", yes), TypeError, "got the activation linear");
});

testOnEveryDevice("The softmax of every entry point is the activation", async () => {
  const expected = await modelOf(softmaxes["a dense layer"]).train();
  assertEquals(rootSoftmax, coreSoftmax);
  for (const activation of [rootSoftmax, coreSoftmax, [rootSoftmax, {}]] satisfies Activation[]) {
    for (const objective of [undefined, "cce", "categoricalCrossentropyFromLogits"]) {
      const net = ending(activation);
      assert(net.hasLogits);
      const { model: trained, report } = await modelOf(net, objective).train();
      assertAlmostEquals(report.testLoss!, expected.report.testLoss!, 1e-6);
      assertEquals(trained.predict(tensor(x)).dtype, "i32");
    }
  }
});

testOnEveryDevice("A softmax whose rows are only passed on has logits and predicts classes", async () => {
  const W = tensor([[1, -2], [0.5, 1]]);
  const first = denseLayer(input, { nUnits: 2, activation: "softmax", W, name: "rows" });
  const reshaped = reshapeLayer(first, { outputShape: [null, 1, 2] });
  const plain = network("plain", [input, first]);
  const views: Record<string, readonly Layer[]> = {
    reshaped: [first, reshapeLayer(first, { outputShape: [null, 2] })],
    flattened: [first, reshaped, flattenLayer(reshaped)],
    linear: [first, activationLayer(first, { activation: "linear" })],
  };
  for (const [name, layers] of Object.entries(views)) {
    const net = network(name, [input, ...layers]);
    assert(net.hasLogits, name);
    const { params, state } = net.init(key(1));
    for (const train of [false, true]) {
      const logits = net.logits(params, tensor(x), { train, state }).output;
      assertEquals(await logits.toArray(), await plain.logits(params, tensor(x), { train, state }).output.toArray());
    }
    for (const objective of [undefined, "categoricalCrossentropyFromLogits"]) {
      const expected = await modelOf(plain, objective).train();
      const { model: trained, report } = await modelOf(net, objective).train();
      assertAlmostEquals(report.testLoss!, expected.report.testLoss!, 1e-6);
      assertEquals(report.testError, expected.report.testError);
      const predicted = trained.predict(tensor(x));
      assertEquals([predicted.dtype, await predicted.toArray()], [
        "i32",
        await expected.model.predict(tensor(x)).toArray(),
      ]);
      const { perplexity: found } = await trained.evaluate(undefined, { metrics: [perplexity({ fromLogits: true })] });
      assertAlmostEquals(found, Math.exp(report.testLoss!), 1e-4);
    }
  }
});

Deno.test("Layers beside the path of the logits get the softmax, and other shapes of its rows have no logits", async () => {
  const first = denseLayer(input, { nUnits: 2, activation: "softmax", name: "rows" });
  const doubled = addLayer([first, first], { name: "doubled" });
  const net = network("both", [input, first, doubled, reshapeLayer(first, { outputShape: [null, 2], name: "end" })]);
  const { params, state } = net.init(key(1));
  const { output } = net.logits(params, tensor(x), { train: false, state });
  const { doubled: sums, end } = net.outputs({ params, state }, tensor(x));
  assertEquals(await sums.toArray(), await end.mul(2).toArray());
  assertEquals(await rootSoftmax(output).toArray(), await end.toArray());
  const wide = denseLayer(input, { nUnits: 4, activation: "softmax" });
  const others = [reshapeLayer(wide, { outputShape: [null, 2, 2] }), dropout(first), addLayer([first, first])];
  for (const layer of others) assert(!network("other", layer).hasLogits, layer.kind);
});
