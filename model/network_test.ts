import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { ones, random, tensor } from "../core/mod.ts";
import {
  addLayer,
  batchNormalization,
  denseLayer,
  dropout,
  inputLayer,
  type Layer,
  logisticRegression,
} from "../layers/mod.ts";
import { TensorMismatchError } from "./files/errors.ts";
import { Network, network } from "./network.ts";

const input = inputLayer({ shape: [null, 4], name: "Input" });
const dropped = dropout(input, { corruptionLevel: 0.5 });
const first = denseLayer(dropped, { nUnits: 3, l2: 0.5 });
const second = denseLayer(first, { nUnits: 3, name: "Hidden" });
const third = denseLayer(second, { nUnits: 3, l1: 1 });
const output = logisticRegression(third, { nClass: 2 });
const net = network("mlp", [input, dropped, first, second, third, output]);
const x = ones([2, 4]);

Deno.test("unnamed layers get their kind and a number as name", () => {
  const names = ["Input", "Dropout 1", "DenseLayer 1", "Hidden", "DenseLayer 3", "LogisticRegression 1"];
  assertEquals(net.layers.map(({ name }) => name), names);
});

Deno.test("adding a layer does not change the network", () => {
  const start = network("mlp", [input]);
  assertEquals([start.add(dropped).layers.length, start.layers.length], [2, 1]);
});

Deno.test("layers are found by name, and errors suggest the nearest name", () => {
  assertEquals(net.getLayer("Hidden"), second);
  assertThrows(
    () => net.getLayer("hiden"),
    RangeError,
    'Cannot find layer "hiden" in network "mlp": did you mean Hidden?',
  );
});

Deno.test("duplicate names, repeated layers and missing inputs are refused", () => {
  assertThrows(
    () => net.add(denseLayer(third, { nUnits: 1, name: "Hidden" })),
    RangeError,
    'Cannot add DenseLayer "Hidden"',
  );
  assertThrows(() => net.add(second), RangeError, "it already has a layer of this name");
  assertThrows(() => net.add(third), TypeError, "the network already contains it");
  assertThrows(() => network("mlp", [input, first]), TypeError, "it takes its input from Dropout");
  assertThrows(() => network("empty").apply({}, x, { train: false, state: {} }), TypeError, "Cannot apply network");
  assertThrows(() => network("empty").outputShape, TypeError, "it has no layers yet");
});

Deno.test("a list of layers with holes is refused", () => {
  const holes = Object.assign(new Array<Layer>(3), { 0: inputLayer({ shape: [null, 2] }) });
  assertThrows(() => network("holes", holes), TypeError, "Cannot make a network: expected a list of layers");
});

Deno.test("parameters are a function of the key, and layers without any are left out", async () => {
  const { params, state } = net.init(random.key(1));
  assertEquals(Object.keys(params), ["DenseLayer 1", "Hidden", "DenseLayer 3", "LogisticRegression 1"]);
  assertEquals(state, {});
  const values = (seed: number) => net.init(random.key(seed)).params["Hidden"].W.toArray();
  assertEquals(await values(1), await params["Hidden"].W.toArray());
  assertNotEquals(await values(2), await values(1));
});

Deno.test("layers of the same shape have different initial parameters and different noise", async () => {
  const { params, state } = net.init(random.key(1));
  assertNotEquals(await params["Hidden"].W.toArray(), await params["DenseLayer 3"].W.toArray());
  const wide = inputLayer({ shape: [null, 100] });
  const noises = [0, 1].map(() => dropout(wide, { corruptionLevel: 0.5 }));
  const both = network("both", [wide, ...noises]);
  const outputs = both.outputs({ params: {}, state }, ones([1, 100]), { train: true, key: random.key(2) });
  assertNotEquals(await outputs["Dropout 1"].toArray(), await outputs["Dropout 2"].toArray());
});

Deno.test("a network with weights has its parameters and its state", () => {
  const normal = batchNormalization(input);
  const untrained = network("normal", [input, normal]);
  const weights = untrained.init(random.key(1));
  const trained = untrained.withWeights(weights);
  assertEquals([trained.params, trained.state], [weights.params, weights.state]);
  assert(Object.keys(trained.state).length === 1);
  assertThrows(() => untrained.state, TypeError, "it was neither trained nor loaded");
});

Deno.test("dropout drops in training only, by the key", async () => {
  const { params, state } = net.init(random.key(1));
  const drop = (train: boolean, key?: ReturnType<typeof random.key>) =>
    network("drop", [input, dropped]).apply(params, x, { train, key, state }).output.toArray();
  assertEquals(await drop(false), await x.toArray());
  assertNotEquals(await drop(true, random.key(3)), await x.toArray());
  assertEquals(await drop(true, random.key(3)), await drop(true, random.key(3)));
});

Deno.test("logits are the values before the softmax", async () => {
  const { params, state } = net.init(random.key(1));
  const biased = { ...params, "LogisticRegression 1": { ...params["LogisticRegression 1"], b: tensor([0, 3]) } };
  assertEquals(await net.logits(biased, x, { train: false, state }).output.toArray(), [[0, 3], [0, 3]]);
  assert(net.hasLogits);
  const headless = network("headless", [input]);
  assertThrows(() => headless.logits({}, x, { train: false, state }), TypeError, "expected a softmax at its end");
});

Deno.test("the penalty is the sum over all layers that have one", async () => {
  const { params } = net.init(random.key(1));
  const mean = async (name: string, of: "abs" | "square") => await params[name].W[of]().mean().item();
  const expected = 0.5 * await mean("DenseLayer 1", "square") + await mean("DenseLayer 3", "abs");
  assert(Math.abs(await net.penalty(params)!.item() - expected) < 1e-6);
  assertEquals(network("input", [input]).penalty({}), null);
});

Deno.test("a network may have several inputs and take a layer's output twice", async () => {
  const other = inputLayer({ shape: [null, 4] });
  const both = network("both", [input, other]);
  assertEquals(both.inputShapes, [[null, 4], [null, 4]]);
  assertEquals(
    await both.apply({}, [x, x.mul(2)], { train: false, state: {} }).output.toArray(),
    await x.mul(2).toArray(),
  );
  assertThrows(() => both.apply({}, x, { train: false, state: {} }), TypeError, "expected 2 inputs, got 1");
});

Deno.test("the summary shows an input layer behind others without an input", () => {
  const [a, b] = ["a", "b"].map((name) => inputLayer({ shape: [null, 2], name }));
  const both = network("both", [a, b, addLayer([a, b], { name: "sum" })]);
  const first = both.summary().split("\n").slice(2, 5).map((line) => line.split("  ")[0]);
  assertEquals(first, ["a", "b", "sum ← a, b"]);
  // One of several inputs is the layer above.
  const last = network("both", [a, b, addLayer([b, a], { name: "sum" })]).summary();
  assertEquals(last.split("\n")[4].split("  ")[0], "sum ← b, a");
});

Deno.test("the summary shows layers, shapes and numbers of parameters", () => {
  assertEquals(
    net.summary(),
    `mlp
layer                 output    parameters
Input                 [any, 4]           0
Dropout 1             [any, 4]           0
DenseLayer 1          [any, 3]          15
Hidden                [any, 3]          12
DenseLayer 3          [any, 3]          12
LogisticRegression 1  [any, 2]           8
47 parameters`,
  );
});

Deno.test("parameters are saved to a file and loaded into a network of the same name", async () => {
  const file = await Deno.makeTempFile({ suffix: ".yp" });
  await assertRejects(() => net.saveParams(file), TypeError, "it was neither trained nor loaded");
  const trained = net.withWeights(net.init(random.key(5)));
  await trained.saveParams(file);
  const loaded = net.loadParams(file);
  assertEquals(await loaded.getOutput(x).toArray(), await trained.getOutput(x).toArray());
  const other = new Network("other", net.layers);
  assertThrows(() => other.loadParams(file), TensorMismatchError, 'expected "other", got "mlp"');
  await Deno.remove(file);
});

Deno.test("a name that a file could not contain is refused", () => {
  assertThrows(() => network("", []), RangeError, "Cannot make a network: expected name to be a nonempty string");
});

Deno.test("layers with the names of members that every object has are refused at once", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    const refusal = `expected name to be a name that not every object has, got "${name}"`;
    assertThrows(() => denseLayer(input, { nUnits: 2, name }), RangeError, refusal);
    // Layers of the user's own need not be made by a function of this library.
    const own = { ...denseLayer(input, { nUnits: 2 }), name };
    assertThrows(
      () => network("net", [input, own]),
      RangeError,
      "expected its name to be a name that not every object",
    );
  }
});
