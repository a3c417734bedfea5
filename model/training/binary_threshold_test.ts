import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { tensor } from "../../core/mod.ts";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import { type Activation, denseLayer, inputLayer } from "../../layers/mod.ts";
import { getMetric, getObjective, type Objective } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { misfitOfAnswers, yesFrom } from "./binary_threshold.ts";
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
