import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { data } from "../../data/data.ts";
import { type AnySamples, samples } from "../../data/samples.ts";
import { type Activation, denseLayer, inputLayer } from "../../layers/mod.ts";
import { categoricalCrossentropyError, categoricalError, getObjective, type Objective } from "../../optim/mod.ts";
import { type Network, network } from "../network.ts";
import { chooseJudgment, isCategorical, type JudgedParts } from "./choose_task.ts";
import { wholeMetric } from "./ignored_class.ts";

const input = inputLayer({ shape: [null, 1] });
const layerOf = (nUnits: number, activation: Activation) => denseLayer(input, { nUnits, activation });
const netOf = (nUnits: number, activation: Activation) => network("net", layerOf(nUnits, activation));
const sequence = network("steps", inputLayer({ shape: [null, null, 3] }));
const rows = (...given: readonly (readonly number[])[]) => samples(given);
const classes = Int32Array.of(0, 1);

function parts(net: Network, y: Int32Array | AnySamples, more: Partial<JudgedParts> = {}): JudgedParts {
  const set = { x: samples([[1], [2]]), y };
  return { network: net, set: data([set, set]).training, action: "train", ...more };
}

/** The names of the objective and of the metric that are chosen. */
function chosen(...given: Parameters<typeof parts>): readonly (string | null | undefined)[] {
  const { objective, error, names } = chooseJudgment(parts(...given));
  assertEquals(error === null, names.metric === null);
  assertEquals(objective.name === names.objective || objective.name === "", true);
  return [names.objective, names.metric];
}

const refusal = (...given: Parameters<typeof parts>): string =>
  assertThrows(() => chooseJudgment(parts(...given)), TypeError).message;

const [cross, squares, error] = ["categoricalCrossentropyError", "meanSquaredError", "categoricalError"];
const ofNumbers = getObjective(squares);

Deno.test("categorical measures are known by their names, also if they ignore a class", () => {
  const categorical = [
    "categoricalAccuracy",
    error,
    "categoricalHingeError",
    cross,
    "categoricalCrossentropyFromLogits",
  ];
  assertEquals(categorical.map((name) => isCategorical(getObjective(name))), categorical.map(() => true));
  assertEquals([squares, "binaryError"].map((name) => isCategorical(getObjective(name))), [false, false]);
  const ignoring = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 5 });
  assertEquals([isCategorical(ignoring), isCategorical((p) => p.mean({ axis: -1 }))], [true, false]);
});

Deno.test("classes are learned with a cross-entropy and judged by their errors, and numbers by their objective", () => {
  const [softmax, linear, sigmoid] = [netOf(2, "softmax"), netOf(2, "linear"), netOf(2, "sigmoid")];
  assertEquals(chosen(softmax, classes), [cross, error]);
  assertEquals(chosen(linear, classes), [cross, error]);
  assertEquals(chosen(softmax, rows([1, 1], [0, 1])), [cross, error]);
  assertEquals(chosen(linear, classes, { objective: ofNumbers }), [squares, null]);
  assertEquals(chosen(softmax, classes, { objective: ofNumbers }), [squares, error]);
  assertEquals(chosen(softmax, rows([0.5, 0.5], [0, 1]), { objective: ofNumbers }), [squares, null]);
  assertEquals(chosen(sigmoid, rows([0, 1], [1, 0]), { objective: ofNumbers }), [squares, null]);
  assertEquals(chosen(softmax, rows([-3, 1], [0, 1]), { objective: ofNumbers }), [squares, null]);
  const objective = getObjective("categoricalCrossentropyFromLogits");
  assertEquals(chosen(linear, classes, { objective }), ["categoricalCrossentropyFromLogits", error]);
  // Rows that may have several classes are of one class if the objective says so, but are not counted by default.
  assertEquals(chosen(linear, rows([1, 1], [0, 1]), { objective }), ["categoricalCrossentropyFromLogits", null]);
  const evaluationMetric = getObjective("meanAbsoluteError");
  assertEquals(chosen(softmax, classes, { evaluationMetric }), [cross, "meanAbsoluteError"]);
  assertEquals(chosen(netOf(1, "linear"), rows([3], [5]), { objective: ofNumbers, evaluationMetric }), [
    ...[squares, "meanAbsoluteError"],
  ]);
  assertStrictEquals(chooseJudgment(parts(softmax, classes)).objective, categoricalCrossentropyError);
});

Deno.test("a metric of classes ignores the class that the objective ignores", () => {
  const net = netOf(2, "linear");
  const objective = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 0 });
  const judged = chooseJudgment(parts(net, classes, { objective }));
  assertEquals(judged.error === categoricalError, false);
  assertStrictEquals(wholeMetric(judged.error as Objective), categoricalError);
  const plain = chooseJudgment(parts(net, classes, { objective, evaluationMetric: getObjective("mae") }));
  assertStrictEquals(wholeMetric(plain.error as Objective), plain.error);
});

Deno.test("categorical functions are refused for targets or outputs without classes, with what to do", () => {
  const numbers = rows([3.5], [5]);
  assertEquals(
    refusal(netOf(1, "linear"), classes),
    "Cannot train with the default objective, categoricalCrossentropyError: expected outputs of at least 2 classes for " +
      "class numbers, got outputs [any, 1]; give the last layer one unit per class, such as logisticRegression(input, " +
      "{ nClass: 2 }), or use one sigmoid unit with binaryCrossentropyError and binaryError",
  );
  const usual =
    "expected class numbers in an Int32Array, or rows with one column per class, got outputs [any, 2] and " +
    "targets [2, 1] that are not classes";
  const cure = "pass another objective, such as meanSquaredError";
  assertEquals(
    refusal(netOf(2, "linear"), numbers, { advice: "; or so" }),
    `Cannot train with the default objective, categoricalCrossentropyError: ${usual}; ${cure}; or so`,
  );
  assertEquals(
    refusal(netOf(2, "linear"), numbers, { objective: getObjective(cross) }),
    `Cannot train with ${cross}: ${usual}; ${cure}`,
  );
  assertEquals(
    refusal(netOf(2, "linear"), rows([0], [1]), { objective: ofNumbers, evaluationMetric: getObjective(error) }),
    `Cannot train with ${error}: ${usual}; pass class numbers as samples(values, [2]), without the last axis, or pass ` +
      "another evaluationMetric, or none to watch the objective",
  );
  assertEquals(refusal(netOf(1, "linear"), rows([0], [1])).includes("without the last axis"), false);
  const odd = refusal(netOf(2, "linear"), samples(Float32Array.of(0, 1.5), [2]));
  assertEquals(odd.includes("targets [2] that are not classes, such as 1.5 in row 1; pass another"), true, odd);
});

Deno.test("targets of sequences are refused with the shapes that they may have", () => {
  const targets = (y: Int32Array | AnySamples) => refusal(sequence, y).split(": ").slice(1).join(": ");
  const expected = (steps: string) =>
    `expected a class number for each output of a sequence, [2, ${steps}], or rows with one column per class, ` +
    `[2, ${steps}, 3], got outputs [any, any, 3] and targets `;
  const usual = (steps: string) => `; pass samples(Float32Array.from(classes), [2, ${steps}]) as targets, or `;
  assertEquals(
    targets(classes),
    `${expected("time")}[2] that are not${
      usual("time")
    }end the network in one output per example, such as that of the ` +
      "last step",
  );
  assertEquals(
    targets(samples(Float32Array.of(0, 1, 2.5, 1), [2, 2])),
    `${expected("2")}[2, 2] that are not, such as 2.5 in row 1${usual("2")}pass another objective, such as ` +
      "meanSquaredError",
  );
});
