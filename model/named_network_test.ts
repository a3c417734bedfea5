import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ones, random, zeros } from "../core/mod.ts";
import { data, samples } from "../data/mod.ts";
import {
  batchNormalization,
  concatenateLayer,
  denseLayer,
  inputLayer,
  logisticRegression,
  sequential,
} from "../layers/mod.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { FileFormatError } from "./files/errors.ts";
import { loadModel } from "./files/load_model.ts";
import { networkFromConf } from "./files/network_configuration.ts";
import { saveModel } from "./files/save_model.ts";
import { model } from "./model.ts";
import { Network, network } from "./network.ts";

const image = inputLayer({ shape: [null, 4], name: "image" });
const table = inputLayer({ shape: [null, 2], name: "table" });
const picture = denseLayer(image, { nUnits: 3, activation: "relu", name: "picture" });
const both = concatenateLayer([picture, table], { name: "both" });
const kind = logisticRegression(both, { nClass: 3, name: "classes" });
const age = sequential(both, [
  (previous) => batchNormalization(previous),
  (previous) => denseLayer(previous, { nUnits: 1 }),
]);
const named = network("named", { kind, age });
const names = ["image", "picture", "table", "both", "classes", "BatchNormalization 1", "DenseLayer 2"];

Deno.test("a network finds the layers that its outputs need, each after its inputs", () => {
  assertEquals(named.layers.map(({ name }) => name), names);
  assertEquals([named.inputNames, named.outputNames], [["image", "table"], ["kind", "age"]]);
  const one = network("one", kind);
  assertEquals(one.layers.map(({ name }) => name), names.slice(0, 5));
  assertEquals([one.outputNames, one.hasLogits, one.outputShape], [["classes"], true, [null, 3]]);
  const list = network("one", [image, picture, table, both, kind]);
  assertEquals(one.toConf(), list.toConf());
  const deep = sequential(image, Array.from({ length: 5000 }, () => (previous) => denseLayer(previous, { nUnits: 1 })));
  assertEquals(network("deep", deep).layers.length, 5001);
});

testOnEveryDevice("inputs and outputs have names, and each output is that of its own network", async () => {
  const { params, state } = named.init(random.key(1));
  const input = { table: ones([2, 2]), image: ones([2, 4]) };
  const { outputs, state: after } = named.applyLayers(params, input, { train: true, state });
  assertEquals(Object.keys(outputs), ["kind", "age"]);
  assertEquals(
    await outputs.kind.data(),
    await network("one", kind).apply(params, input, { train: false, state: {} }).output.data(),
  );
  const only = network("only", { kind }).apply(params, input, { train: false, state: {} });
  assertEquals(await only.output.data(), await outputs.kind.data());
  for (const output of ["kind", "age"]) {
    const own = named.withOutput(output).apply(params, [input.image, input.table], { train: true, state });
    assertEquals(await own.output.data(), await outputs[output].data());
  }
  assertEquals(named.withOutput("kind").hasLogits, true);
  assertEquals(named.withOutput("age").outputShape, [null, 1]);
  assertEquals(Object.keys(after), ["BatchNormalization 1"]);
  const { state: kept } = named.applyLayers(params, input, { train: true, state, layers: ["picture"] });
  assertEquals(kept["BatchNormalization 1"], state["BatchNormalization 1"]);
});

Deno.test("a configuration has the names of the outputs, and one without them is that of before", () => {
  const conf = named.toConf();
  assertEquals(conf.outputs, { kind: "classes", age: "DenseLayer 2" });
  assertEquals(networkFromConf(conf).outputNames, ["kind", "age"]);
  assertEquals("outputs" in network("one", kind).toConf(), false);
  assertThrows(
    () => networkFromConf({ ...conf, outputs: { kind: "clases" } }),
    FileFormatError,
    'expected the name of a layer as network.outputs.kind, got "clases": did you mean classes?',
  );
  assertThrows(() => networkFromConf({ ...conf, outputs: {} }), FileFormatError, "at least one output");
});

Deno.test("a network of one of several outputs keeps it in its configuration, wherever its layer is", () => {
  for (const output of ["kind", "age"]) {
    const own = named.withOutput(output);
    const again = networkFromConf(own.toConf());
    assertEquals([again.outputNames, again.outputShape], [own.outputNames, own.outputShape]);
    assertEquals([again.namedOutputs, again.toConf()], [undefined, own.toConf()]);
  }
  const renamed = networkFromConf({ ...named.toConf(), outputs: { kind: "classes" } });
  assertEquals([renamed.outputNames, renamed.outputShape, renamed.hasLogits], [["kind"], [null, 3], true]);
});

Deno.test("a saved model has the output with which it was trained", async () => {
  const one = inputLayer({ shape: [null, 1], name: "one" });
  const layer = (name: string) => denseLayer(one, { nUnits: 2, activation: "softmax", name });
  const set = { x: samples([[1], [2], [3], [4]]), y: Int32Array.of(0, 0, 1, 1) };
  const { model: trained } = await model({
    network: network("two", { kind: layer("k"), other: layer("o") }).withOutput("kind"),
    data: data([set, set, set]),
    hyperparameters: { nEpochs: 2, batchSize: 2 },
  }).train({ progress: false });
  const file = await Deno.makeTempFile({ suffix: ".ym" });
  try {
    await saveModel(trained, file);
    const loaded = loadModel(file);
    assertEquals(loaded.network.outputNames, ["k"]);
    const x = ones([1, 1]);
    assertEquals(await loaded.predict(x).data(), await trained.predict(x).data());
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("unknown and missing names are refused with the nearest ones", () => {
  assertThrows(() => network("none", {}), TypeError, "Cannot make a network: expected a list of layers, got {}");
  const { params, state } = named.init(random.key(1));
  const mode = { train: false, state };
  const apply = (input: Record<string, ReturnType<typeof ones>>) => named.applyLayers(params, input, mode);
  assertThrows(
    () => apply({ imag: ones([2, 4]), table: ones([2, 2]) }),
    RangeError,
    'Cannot apply network "named": expected the inputs "image", "table", got "imag": did you mean image?',
  );
  assertThrows(() => apply({ image: ones([2, 4]) }), RangeError, 'but "table" is missing');
  assertThrows(
    () => named.apply(params, [zeros([2, 4]), zeros([2, 2])], mode),
    TypeError,
    'Cannot apply network "named": it has the outputs kind, age; use applyLayers, or withOutput',
  );
  assertThrows(
    () => named.withOutput("kinds"),
    RangeError,
    'Cannot find output "kinds" of network "named": did you mean kind?',
  );
  assertThrows(
    () => named.applyLayers(params, ones([2, 4]), { ...mode, layers: ["pictur"] }),
    RangeError,
    "did you mean picture?",
  );
  assertThrows(
    () => new Network("x", named.layers, undefined, { outputs: { a: "b" } }),
    RangeError,
    'Cannot find layer "b"',
  );
  assertThrows(() => network("x", { a: 1 as never }), TypeError, "a list of layers");
});

testOnEveryDevice(
  "a network of one named output is applied as any other, and several need targets by name",
  async () => {
    const one = network("one", { kind });
    const { params, state } = one.init(random.key(1));
    assertEquals(one.apply(params, [ones([2, 4]), ones([2, 2])], { train: false, state }).output.shape, [2, 3]);
    const set = { x: samples(new Float32Array(8), [2, 4]), y: Int32Array.of(0, 1) };
    const pictures = denseLayer(image, { nUnits: 2, activation: "softmax" });
    const two = network("two", { kind: pictures, age: denseLayer(image, { nUnits: 1 }) });
    await assertRejects(
      () => model({ network: two, data: data([set, set]) }).train(),
      TypeError,
      'Cannot train "two" on data: expected y by the names of its outputs kind, age, got one y without a name; pass a ' +
        "record by these names",
    );
  },
);
