import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { type Tensor, tensor } from "../../core/mod.ts";
import { data } from "../../data/data.ts";
import { type AnySamples, samples } from "../../data/samples.ts";
import { type Activation, denseLayer, inputLayer } from "../../layers/mod.ts";
import { accuracy, getMetric, getObjective, type Objective } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import {
  type Answering,
  countsAnswers,
  misfitOfAnswers,
  thresholdOf,
  wholeWithThreshold,
  withThreshold,
  yesFrom,
} from "./binary_threshold.ts";
import { unitOf } from "./task.ts";

const input = inputLayer({ shape: [null, 1] });
const x = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * 1.7));

/** A column that is yes where x is above 0. */
const answers = (no: 0 | -1) => Float32Array.from(x, (one) => one > 0 ? 1 : no);

interface Case {
  readonly activation: Activation;
  readonly objective: Objective | string;
  readonly no: 0 | -1;
  readonly threshold: number;
}

const cases: readonly Case[] = [
  { activation: "sigmoid", objective: "binaryCrossentropyError", no: 0, threshold: 0.5 },
  { activation: "linear", objective: "binaryCrossentropyFromLogits", no: 0, threshold: 0 },
  { activation: "linear", objective: "binaryHingeError", no: -1, threshold: 0 },
  { activation: "linear", objective: "binaryHingeError", no: 0, threshold: 0 },
  { activation: "tanh", objective: "binaryHingeError", no: -1, threshold: 0 },
  { activation: "tanh", objective: "meanSquaredError", no: -1, threshold: 0 },
  { activation: "linear", objective: "mse", no: 0, threshold: 0.5 },
  { activation: (one) => one.sigmoid(), objective: "bce", no: 0, threshold: 0.5 },
  { activation: "linear", objective: (p, t) => p.sub(t).square().mean({ axis: -1 }), no: -1, threshold: 0 },
];

function modelOf({ activation, objective, no }: Omit<Case, "threshold">, evaluationMetric: Objective | string) {
  const set = { x: samples(x, [40, 1]), y: samples(answers(no), [40, 1]) };
  // The bias makes the outputs of the threshold 0 and 0.5 differ.
  const layer = denseLayer(input, { nUnits: 1, activation, W: tensor([[0.4]]), b: tensor([0.2]) });
  return model({
    ...{ network: network("answers", [input, layer]), data: data([set, set, set]), objective, evaluationMetric },
    hyperparameters: { batchSize: 10, nEpochs: 1, learningRate: 0.001 },
  });
}

testOnEveryDevice("Yes/no answers are counted from the output on that means yes under the objective", async () => {
  const errors = new Set<number>();
  for (const { threshold, ...one } of cases) {
    const wanted = answers(0);
    for (const metric of ["binaryError", "binaryAccuracy"]) {
      const metrics = ["binaryError", "binaryAccuracy"];
      const { model: trained, report } = await modelOf(one, metric).train({ metrics });
      const outputs = [...await trained.getOutput(tensor([...x], [40, 1])).data()];
      const wrong = outputs.filter((output, i) => Number(output >= threshold) !== wanted[i]).length;
      assertAlmostEquals(report.testError!, 100 * wrong / 40, 1e-4, JSON.stringify(one));
      assertEquals(report.errorUnit, "%");
      for (const found of [report.metrics!.test!, await trained.evaluate(undefined, { metrics })]) {
        assertAlmostEquals(found.binaryError, wrong / 40, 1e-6, JSON.stringify(one));
        assertAlmostEquals(found.binaryAccuracy, 1 - wrong / 40, 1e-6, JSON.stringify(one));
      }
      errors.add(wrong);
    }
  }
  assert(errors.size > 1);
});

Deno.test("A threshold that is given stays, and the accuracy of an error has the same", async () => {
  const [one] = cases;
  for (const metric of ["binaryError", "binaryAccuracy"]) {
    const { report } = await modelOf(one, getObjective(metric, { threshold: 0 })).train();
    // All probabilities are above 0, so all answers are yes.
    assertEquals(report.testError, 100 * answers(0).filter((answer) => answer === 0).length / 40);
  }
  assertEquals(unitOf(getObjective("binaryError", { threshold: 0.3 })), "%");
});

Deno.test("Answers are refused where nothing says from which output on they are yes", async () => {
  const refused: readonly (readonly [Omit<Case, "threshold">, string])[] = [
    [
      {
        activation: "linear",
        objective: function focal(p, t) {
          return p.sub(t).square().mean({ axis: -1 });
        },
        no: 0,
      },
      "says from which output on the answer is yes, got the activation linear and focal; " +
      'pass getObjective("binaryError", { threshold }) as evaluationMetric',
    ],
    [{ activation: "tanh", objective: (p, t) => p.sub(t).abs().mean({ axis: -1 }), no: 0 }, "got the activation tanh"],
    [
      { activation: (one) => one.mul(2), objective: (p, t) => p.sub(t).abs().mean({ axis: -1 }), no: 0 },
      "got the output of DenseLayer",
    ],
  ];
  for (const [one, message] of refused) {
    await assertRejects(() => modelOf(one, "binaryError").train(), TypeError, message);
    await modelOf(one, getObjective("binaryError", { threshold: 0 })).train();
  }
});

Deno.test("Metrics of whole sets do not count answers from 0.5 on where other outputs mean yes", async () => {
  const [, logits, , , , signs] = cases;
  for (const one of [logits, signs]) {
    for (const name of ["binaryError", "accuracy"]) {
      if (name === "accuracy" && one.no < 0) continue; // It takes targets 0 and 1.
      const train = () => modelOf(one, "binaryError").train({ metrics: [name] });
      // The binary metrics find their threshold; others must be told it.
      if (name === "binaryError") {
        const { report } = await train();
        assertAlmostEquals(report.metrics!.test!.binaryError, report.testError! / 100, 1e-6);
      } else {
        await assertRejects(train, TypeError, "pass threshold: 0 to the metric, from which on outputs mean yes");
      }
      const metrics = [getMetric(name, { threshold: 0 })];
      const { report } = await modelOf(one, "binaryError").train({ metrics });
      const value = report.metrics?.test?.[name] as number;
      assertAlmostEquals(name === "accuracy" ? 1 - value : value, report.testError! / 100, 1e-6);
    }
  }
});

Deno.test("without any targets, yes begins halfway between 0 and 1", () => {
  const net = network("one", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
  assertEquals(yesFrom({ network: net, answers: [], objective: getObjective("meanSquaredError") }), 0.5);
});

Deno.test("targets that are only yes are the reason why no threshold is known, if their halfway would be one", () => {
  const net = network("one", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]);
  const y = samples([[1], [1]]);
  const set = { x: samples([[0], [1]]), y };
  const answers = [data([set, set]).training];
  const misfit = (objective: string) => misfitOfAnswers({ network: net, answers, objective: getObjective(objective) });
  assertEquals(misfit("meanSquaredError"), "expected targets of both answers, got only 1");
  assertStringIncludes(misfit("binaryCrossentropyFromLogits"), "an objective that says from which output on");
});

/** An activation, an objective, and targets, from which the answer yes follows. */
function answering(activation: Activation, objective: Objective | string, y?: Int32Array | AnySamples): Answering {
  const set = y && { x: samples([[0], [1]]), y };
  return {
    network: network("one", [input, denseLayer(input, { nUnits: 1, activation })]),
    answers: set ? [data([set, set]).training] : [],
    objective: typeof objective === "string" ? getObjective(objective) : objective,
  };
}

const unnamed = (): Objective => (p) => p.mean({ axis: -1 });
const [both, onlyYes, signs] = [samples([[0], [1]]), samples([[1], [1]]), samples([[1], [-1]])];

Deno.test("where yes begins follows from the outputs, then the objective, then the targets", () => {
  const from = (...parts: Parameters<typeof answering>) => yesFrom(answering(...parts));
  assertEquals(from("sigmoid", unnamed(), signs), 0.5);
  assertEquals(from("sigmoid", "binaryHingeError", signs), 0.5);
  for (const name of ["binaryCrossentropyError", "categoricalCrossentropyError", "kullbackLeiblerDivergence"]) {
    assertEquals(from((x) => x.sigmoid(), name, signs), 0.5);
  }
  for (const name of ["binaryCrossentropyFromLogits", "binaryHingeError"]) assertEquals(from("linear", name, both), 0);
  assertEquals(from("linear", unnamed(), signs), 0);
  assertEquals(from("linear", unnamed(), both), undefined);
  for (const name of ["meanSquaredError", "rootMeanSquaredError", "meanAbsoluteError", "huberError"]) {
    assertEquals([both, signs, onlyYes].map((y) => from("linear", name, y)), [0.5, 0, undefined]);
  }
  assertEquals(from("linear", "mse", Int32Array.of(1, 1)), 0.5);
  assertEquals(from("linear", "mse", samples(Float32Array.of(1, 1), [2])), undefined);
  assertEquals(from("linear", "mse", samples(Int32Array.of(1, 1), [2, 1])), undefined);
  const some = answering("linear", "mse", onlyYes);
  const other = answering("linear", "mse", both);
  assertEquals(yesFrom({ ...some, answers: [...some.answers, ...other.answers] }), 0.5);
});

Deno.test("only metrics of answers count them", () => {
  assertEquals(["binaryError", "binaryAccuracy", "accuracy", undefined].map(countsAnswers), [true, true, false, false]);
});

Deno.test("the reason why no threshold is known names the outputs and the objective", () => {
  const told = (objective: Objective) => misfitOfAnswers(answering("tanh", objective, both));
  assertStringIncludes(told(unnamed()), "got the activation tanh and an objective of your own");
  assertStringIncludes(
    told(function focal(p: Tensor) {
      return p.mean({ axis: -1 });
    }),
    "got the activation tanh and focal",
  );
  const named = answering("tanh", "mse", both);
  assertStringIncludes(misfitOfAnswers(named), "got the activation tanh and meanSquaredError");
});

Deno.test("a metric per example gets a threshold if it counts answers, has none, and 0.5 is wrong", () => {
  const logits = answering("linear", "binaryCrossentropyFromLogits", both);
  const error = getObjective("binaryError");
  const found = withThreshold("train", error, logits);
  assertEquals("configuration" in found && found.configuration, ["binaryError", { threshold: 0 }]);
  assertStrictEquals(withThreshold("train", error, answering("sigmoid", "mse", both)), error);
  const given = getObjective("binaryError", { threshold: 0.25 });
  for (const metric of [given, getObjective("meanAbsoluteError"), unnamed()]) {
    assertStrictEquals(withThreshold("train", metric, logits), metric);
    assertStrictEquals(withThreshold("train", metric, answering("linear", unnamed(), both)), metric);
  }
  assertThrows(
    () => withThreshold("train", error, answering("linear", unnamed(), both)),
    TypeError,
    "Cannot train with binaryError: expected outputs from 0 to 1, or targets -1 and 1",
  );
});

Deno.test("a metric of whole sets gets a threshold if it counts answers, has none, and 0.5 is wrong", () => {
  const logits = answering("linear", "binaryCrossentropyFromLogits", both);
  const metric = { ...getMetric("binaryAccuracy"), name: "mine" };
  const found = wholeWithThreshold(metric, logits);
  assertEquals([found.name, found.configuration], ["mine", ["binaryAccuracy", { threshold: 0 }]]);
  assertStrictEquals(wholeWithThreshold(metric, answering("sigmoid", "mse", both)), metric);
  assertStrictEquals(wholeWithThreshold(metric, answering("linear", unnamed(), both)), metric);
  const own = { ...metric, configuration: undefined };
  for (const one of [getMetric("binaryAccuracy", { threshold: 0.25 }), accuracy(), own]) {
    assertStrictEquals(wholeWithThreshold(one, logits), one);
  }
});

Deno.test("the class of a single unit begins at the threshold of the metric, or where yes begins", () => {
  const logits = answering("linear", "binaryCrossentropyFromLogits");
  const from = (metric: Objective | undefined, parts = logits) => thresholdOf("predict", parts, metric);
  assertEquals(from(getObjective("binaryError", { threshold: 0.25 })), 0.25);
  assertEquals(from(getObjective("binaryAccuracy", { threshold: 0.5 })), 0.5);
  assertEquals(from(getObjective("binaryError")), 0);
  assertEquals(from(getObjective("huberError", { delta: 2 })), 0);
  assertEquals([from(unnamed()), from(undefined)], [0, 0]);
  assertEquals(from(undefined, answering("sigmoid", "mse")), 0.5);
  const unknown = (objective: Objective) => () => from(undefined, answering("tanh", objective));
  assertThrows(unknown(unnamed()), TypeError, "got the activation tanh and an objective of your own; pass");
  assertThrows(
    unknown(function focal(p: Tensor) {
      return p.mean({ axis: -1 });
    }),
    TypeError,
    "got the activation tanh and focal; pass",
  );
});
