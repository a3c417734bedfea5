import { assertEquals, assertThrows } from "@std/assert";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import {
  type Activation,
  concatenateLayer,
  denseLayer,
  inputLayer,
  type Layer,
  logisticRegression,
} from "../../layers/mod.ts";
import { f1, getMetric, getObjective, type Metric, type Objective } from "../../optim/mod.ts";
import { network } from "../network.ts";
import { actionFor, checkOutputNames, chooseOutputs, chosenObjectives, type JudgedModel } from "./choose_outputs.ts";

const input = inputLayer({ shape: [null, 1], name: "input" });
const kind = logisticRegression(input, { nClass: 2, name: "kind" });
const size = denseLayer(input, { nUnits: 1, activation: "linear", name: "size" });
const net = network("net", { kind, size });

/** The objectives that two outputs get for targets of the second one. */
function chosen(ofSize: Int32Array | ReturnType<typeof samples>): readonly (string | undefined)[] {
  const set = { x: samples([[1], [2]]), y: { kind: Int32Array.of(0, 1), size: ofSize } };
  const { training } = data([set, set]);
  const outputs = chooseOutputs("train", { network: net }, { set: training, answers: [training], metrics: [] });
  return outputs.map(({ names }) => names?.objective);
}

Deno.test("an output without an objective learns numbers, and refuses class numbers that it has no units for", () => {
  assertEquals(chosen(samples([[3], [5]])), ["categoricalCrossentropyError", "meanSquaredError"]);
  const message = "expected outputs of at least 2 classes for class numbers";
  assertThrows(() => chosen(Int32Array.of(0, 1)), TypeError, message);
});

const one = network("one", [input, size]);
const rows = (...given: readonly (readonly number[])[]) => samples(given);

/** What the second output learns by default, and by its activation. */
function defaultOf(nUnits: number, activation: Activation, y: Int32Array | ReturnType<typeof samples>) {
  return defaultOfLayer(denseLayer(input, { nUnits, activation, name: "size" }), y);
}

function defaultOfLayer(layer: Layer, y: Int32Array | ReturnType<typeof samples>) {
  const set = { x: samples([[1], [2]]), y: { kind: Int32Array.of(0, 1), size: y } };
  const { training } = data([set, set]);
  const judged = { network: network("net", { kind, size: layer }) };
  return chooseOutputs("train", judged, { set: training, answers: [training], metrics: [] })[1].names?.objective;
}

Deno.test("the default objective of an output is a cross-entropy of its values for classes and answers", () => {
  const classes = Int32Array.of(0, 1);
  const [probabilities, logits] = ["categoricalCrossentropyError", "categoricalCrossentropyFromLogits"];
  const oneOfTwo = rows([0, 1], [1, 0]);
  assertEquals(defaultOf(2, "softmax", classes), probabilities);
  assertEquals(defaultOf(2, "linear", classes), logits);
  assertEquals(defaultOf(2, (x) => x.mul(2), classes), probabilities);
  assertEquals(defaultOf(2, "sigmoid", classes), probabilities);
  assertEquals(defaultOf(2, "softmax", oneOfTwo), probabilities);
  assertEquals(defaultOf(2, "linear", oneOfTwo), logits);
  assertEquals(defaultOf(2, "sigmoid", oneOfTwo), "binaryCrossentropyError");
  assertEquals(defaultOf(2, "sigmoid", rows([1, 1], [0, 0])), "binaryCrossentropyError");
  assertEquals(defaultOf(1, "sigmoid", rows([1], [0])), "binaryCrossentropyError");
  assertEquals(defaultOf(1, "sigmoid", classes), "binaryCrossentropyError");
  for (const other of [rows([1], [0.5]), rows([1], [-1]), rows([1], [2])]) {
    assertEquals(defaultOf(1, "sigmoid", other), "meanSquaredError");
  }
  assertEquals(defaultOf(1, "linear", rows([1], [0])), "meanSquaredError");
  assertEquals(defaultOf(2, "softmax", rows([1, 1], [0, 0])), "meanSquaredError");
  assertEquals(defaultOf(2, "sigmoid", rows([1, 1, 0], [0, 0, 1])), "meanSquaredError");
  assertEquals(defaultOf(1, "linear", samples(Int32Array.of(3, 4), [2, 1])), "meanSquaredError");
  assertEquals(defaultOf(1, "linear", samples(Float32Array.of(3, 4), [2])), "meanSquaredError");
  // Two rows of a softmax side by side: all their values are shares, and may or may not exclude each other.
  const halves = ["left", "right"].map((name) => denseLayer(input, { nUnits: 2, activation: "softmax", name }));
  const side = concatenateLayer(halves, { name: "size" });
  assertEquals(defaultOfLayer(side, rows([1, 0, 0, 0], [0, 0, 1, 0])), probabilities);
  assertEquals(defaultOfLayer(side, rows([1, 0, 0, 1], [0, 1, 1, 0])), "binaryCrossentropyError");
  assertEquals(defaultOf(2, "linear", rows([1, 1], [0, 0])), "meanSquaredError");
});

Deno.test("values for outputs have their names, and need none if there is only one", () => {
  const check = (net: typeof one, given: Readonly<Record<string, unknown>>) => checkOutputNames("train", net, given);
  check(one, { objective: "mse", evaluationMetric: undefined });
  check(one, { objective: { size: "mse" } });
  check(net, { objective: undefined, evaluationMetric: { kind: "a", size: "b" }, lossWeights: { size: 2 } });
  assertThrows(
    () => check(net, { evaluationMetric: undefined, objective: "mse" }),
    TypeError,
    "with objective: expected a record by the names of the outputs kind, size, got one value for several outputs; " +
      "pass objective: { kind: … }",
  );
  assertThrows(() => check(one, { lossWeights: { size: 1 } }), TypeError, "the network has only one output");
  assertThrows(() => check(one, { objective: "mse", lossWeights: { size: 1 } }), TypeError, "only one output");
  const message = "with objective: expected names of the outputs kind, size, got ";
  const unknown = (given: object) =>
    assertThrows(() => check(net, { a: { kind: 1 }, objective: given }), RangeError).message;
  assertEquals(unknown({ kind: 1, siz: 2 }), `Cannot train ${message}"siz"; did you mean size?`);
  assertEquals(unknown({ somethingElse: 2 }), `Cannot train ${message}"somethingElse"`);
});

const two = { x: samples([[1], [2]]), y: { kind: Int32Array.of(0, 1), size: rows([3], [5]) } };
const single = { x: two.x, y: two.y.size };
const objective = { kind: getObjective("categoricalCrossentropyError"), size: getObjective("meanSquaredError") };

function choose(part: Omit<JudgedModel, "network">, metrics: readonly Metric[] = []) {
  const { training } = data([two, two]);
  return chooseOutputs("train", { network: net, ...part }, { set: training, answers: [training], metrics });
}

function chooseOne(part: Omit<JudgedModel, "network">, metrics: readonly Metric[] = []) {
  const { training } = data([single, single]);
  const judged = { network: one, objective: objective.size, ...part };
  return chooseOutputs("train", judged, { set: training, answers: [training], metrics })[0];
}

Deno.test("the losses of outputs have the weight 1 by default, and not all have the weight 0", () => {
  const weights = (lossWeights?: Readonly<Record<string, number>>) =>
    choose({ lossWeights }).map(({ weight }) => weight);
  assertEquals(weights(), [1, 1]);
  assertEquals(weights({ size: 0 }), [1, 0]);
  assertEquals(weights({ kind: 0, size: 3 }), [0, 3]);
  assertThrows(() => weights({ kind: 0, size: 0 }), RangeError, "expected at least one above 0, got only zeros");
  const absolute = choose({ objective: { size: getObjective("meanAbsoluteError") } });
  assertEquals(absolute.map(({ names }) => names?.objective), ["categoricalCrossentropyError", "meanAbsoluteError"]);
  assertThrows(() => choose({ objective: objective.size }), TypeError, "one value for several outputs");
});

Deno.test("metrics belong to the output whose name they begin with", () => {
  const named = (name: string): Metric => ({ ...f1(), name });
  const names = (outputs: ReturnType<typeof choose>) => outputs.map(({ metrics }) => metrics?.map(({ name }) => name));
  assertEquals(names(choose({}, [named("size/f1"), named("kind/f1"), named("size/b")])), [["kind/f1"], [
    "size/f1",
    "size/b",
  ]]);
  assertEquals(names(choose({})), [undefined, undefined]);
  for (const order of [["a", "a/b"], ["a/b", "a"]]) {
    const layers = order.map((name) => [name, denseLayer(input, { nUnits: 1, activation: "linear", name })] as const);
    const y = Object.fromEntries(order.map((name) => [name, rows([3], [5])]));
    const { training } = data([{ x: two.x, y }, { x: two.x, y }]);
    const metrics = [{ ...getMetric("r2"), name: "a/b/r2" }, { ...getMetric("r2"), name: "a/r2" }];
    const nested = { network: network("nested", Object.fromEntries(layers)) };
    const chosen = chooseOutputs("train", nested, { set: training, answers: [training], metrics });
    assertEquals(names(chosen), order.map((name) => [`${name}/r2`]));
  }
  const unnamed = (name: string) => assertThrows(() => choose({}, [named(name)]), RangeError).message;
  assertEquals(
    unnamed("f1"),
    "Cannot train with metric f1: expected the name of an output before that of the metric, such as kind/f1 or size/f1",
  );
  assertEquals(unnamed("siz/f1").slice(-27), "/f1; did you mean size/f1?".padStart(27, "e"));
  assertEquals(names([chooseOne({}, [named("size/f1"), named("f1")])]), [["f1", "f1"]]);
  assertEquals(chooseOne({}).metrics, undefined);
  assertThrows(
    () => chooseOne({}, [named("kind/f1")]),
    RangeError,
    "with metric kind/f1: expected the name of a metric, or of one of the output size, as the network has no other; " +
      "did you mean f1?",
  );
  assertEquals(names([chooseOne({}, [named("my/name")])]), [["my/name"]]);
});

Deno.test("the metric per example of one of several outputs is the first of its metrics", () => {
  const evaluationMetric = { kind: getObjective("categoricalError"), size: getObjective("meanAbsoluteError") };
  const [first, second] = choose({ evaluationMetric }, [{ ...f1(), name: "kind/f1" }]);
  assertEquals(first.metrics?.map(({ name }) => name), ["kind/categoricalError", "kind/f1"]);
  assertEquals(second.metrics?.map(({ name }) => name), ["size/meanAbsoluteError"]);
  const unnamed = (): Objective => (p) => p.mean({ axis: -1 });
  const own = choose({ objective, evaluationMetric: { size: unnamed() } });
  assertEquals(own.map(({ metrics }) => metrics?.map(({ name }) => name)), [undefined, ["size/error"]]);
  assertEquals([first.error, second.error, ...choose({}).map(({ error }) => error)], [null, null, null, null]);
  const judged = chooseOne({ evaluationMetric: evaluationMetric.size });
  assertEquals([judged.error, judged.metrics], [evaluationMetric.size, undefined]);
});

Deno.test("metrics of answers get the threshold of the objective of their output", () => {
  const metric = getMetric("binaryAccuracy");
  const y = rows([0], [1]);
  const { training } = data([{ x: two.x, y }, { x: two.x, y }]);
  const judged = { network: one, objective: getObjective("binaryCrossentropyFromLogits") };
  const [{ metrics }] = chooseOutputs("train", judged, { set: training, answers: [training], metrics: [metric] });
  assertEquals(metrics?.[0].configuration, ["binaryAccuracy", { threshold: 0 }]);
});

Deno.test("outputs of a model that is evaluated keep the objectives of their training", () => {
  const { training } = data([two, two]);
  const chosen = (learned: object) =>
    chooseOutputs("evaluate", { network: net }, { set: training, answers: [training], metrics: [], learned })
      .map(({ names }) => names?.objective);
  const before = ["categoricalCrossentropyError", "meanAbsoluteError"];
  assertEquals(chosen({ objectives: { size: "meanAbsoluteError" } }), before);
  const sigmoid = network("net", { kind, size: denseLayer(input, { nUnits: 1, activation: "sigmoid", name: "size" }) });
  const answers = { ...two, y: { ...two.y, size: rows([0], [1]) } };
  const learned = { set: data([answers, answers]).training };
  const [, of] = chooseOutputs("evaluate", { network: sigmoid }, { set: training, answers: [], metrics: [], learned });
  assertEquals(of.names?.objective, "binaryCrossentropyError");
});

Deno.test("only of several outputs the objectives are noted that were chosen", () => {
  const output = (name: string) => ({ name, names: { objective: `of ${name}`, metric: null } });
  const outputs = [output("kind"), { name: "size" }];
  assertEquals(chosenObjectives(outputs, undefined), { kind: "of kind", size: "" });
  assertEquals(chosenObjectives(outputs, { size: objective.size }), { kind: "of kind" });
  assertEquals(chosenObjectives(outputs, objective), undefined);
  assertEquals(chosenObjectives(outputs.slice(0, 1), undefined), undefined);
});

Deno.test("actions name one of several outputs", () => {
  assertEquals(actionFor("train", { name: "kind" }, [0]), "train");
  assertEquals(actionFor("train", { name: "kind" }, [0, 1]), "train (output kind)");
});
