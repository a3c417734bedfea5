import { assertEquals, assertThrows } from "@std/assert";
import {
  checkConfiguration,
  decodeConfiguration,
  encodeConfiguration,
  type ModelConfiguration,
  readConfiguration,
  writeConfiguration,
} from "./configuration.ts";
import { FileFormatError } from "./errors.ts";

const layer = (kind: string, name: string, incoming: string[], configuration = {}) => ({
  kind,
  name,
  incoming,
  configuration,
});

const configuration: ModelConfiguration = {
  name: "two towers",
  network: {
    name: "mlp",
    layers: [
      layer("InputLayer", "input", [], { shape: [null, 784] }),
      layer("DenseLayer", "left", ["input"], { nUnits: 500, activation: ["elu", { alpha: 0.5 }], l2: 1e-4 }),
      layer("DenseLayer", "right", ["input"], { nUnits: 300, name: null }),
      layer("ConcatenateLayer", "both", ["left", "right"]),
    ],
  },
  hyperparameters: { batchSize: 500, learningRate: [0.1, [0.001, 0.01]], patience: Infinity },
  updates: ["nesterovMomentum", { momentum: 0.5 }],
  objective: "categoricalCrossentropyError",
  evaluationMetric: "categoricalError",
};

/** The configuration with one field replaced, in the form that a file has. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy: unknown = structuredClone(configuration);
  let place = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  if (value === undefined) delete place[path[path.length - 1]];
  else place[path[path.length - 1]] = value;
  return copy;
}

Deno.test("a configuration is the same after writing and reading its text and its file", async () => {
  assertEquals(decodeConfiguration(encodeConfiguration(configuration)), configuration);
  const { network } = configuration;
  assertEquals(decodeConfiguration(encodeConfiguration({ network })), { network });
  const path = await Deno.makeTempFile({ suffix: ".yc" });
  writeConfiguration(path, configuration);
  assertEquals(readConfiguration(path), configuration);
  await Deno.remove(path);
});

Deno.test("the text is indented JSON that starts with its format and version", () => {
  const lines = encodeConfiguration(configuration).split("\n");
  assertEquals(lines.slice(0, 4), [
    "{",
    '  "format": "yadll configuration",',
    '  "version": 1,',
    '  "name": "two towers",',
  ]);
});

Deno.test("each error is refused with its place, and what was expected and found", () => {
  const layers = ["network", "layers"];
  const cases: [readonly (string | number)[], unknown, string][] = [
    [
      ["hyperparamters"],
      {},
      'expected known fields at the top level, got "hyperparamters": did you mean hyperparameters?',
    ],
    [[...layers, 1, "activation"], "relu", "known fields in network.layers[1], got"],
    [[...layers, 1, "incomming"], [], '"incomming": did you mean incoming?'],
    [["network"], undefined, 'expected the field "network" at the top'],
    [["network", "name"], undefined, 'expected the field "name" as network'],
    [["network", "name"], 5, "expected a nonempty string as network.name, got 5"],
    [["network", "name"], "", 'expected a nonempty string as network.name, got ""'],
    [layers, {}, "expected a list as network.layers, got {}"],
    [layers, [], "expected at least one layer in network.layers, got none"],
    [[...layers, 2], null, "expected a record as network.layers[2], got null"],
    [[...layers, 1, "incoming", 0], 3, "expected a nonempty string as network.layers[1].incoming[0], got 3"],
    [
      [...layers, 1, "incoming", 0],
      "inptu",
      'layers before network.layers[1] as its incoming, got "inptu": did you mean input?',
    ],
    [[...layers, 0, "incoming"], ["left"], 'got "left", but there is none'],
    [[...layers, 1, "incoming"], ["right"], 'got "right": expected one of input'],
    [[...layers, 2, "name"], "left", 'expected another name for network.layers[2], got "left" again'],
    [["updates"], ["adam"], 'expected a name, or a name and its options, as updates, got ["adam"]'],
    [["updates"], ["adam", 3], "expected a record as updates, got 3"],
    [["hyperparameters"], [1], "expected a record as hyperparameters, got [1]"],
    [["objective"], null, "expected a nonempty string as objective, got null"],
    [["objective"], {}, "expected a nonempty string as objective, got {}"],
  ];
  for (const [path, value, message] of cases) {
    assertThrows(() => checkConfiguration(changed(path, value), "mlp.yc"), FileFormatError, message);
    assertThrows(() => checkConfiguration(changed(path, value), "mlp.yc"), FileFormatError, "Cannot read mlp.yc");
  }
});

Deno.test("other kinds of files and later formats are refused", () => {
  const text = encodeConfiguration(configuration);
  const later = text.replace('"version": 1', '"version": 2');
  assertThrows(() => decodeConfiguration(later), FileFormatError, "got format 2: it was written by a newer version");
  assertThrows(() => decodeConfiguration("[]"), FileFormatError, "expected a record at the top level, got []");
  assertThrows(
    () => decodeConfiguration("{}"),
    FileFormatError,
    'expected "yadll configuration" as format, got undefined',
  );
  assertThrows(() => decodeConfiguration("yes"), FileFormatError, "expected JSON");
});

Deno.test("a configuration that cannot be read back is not written", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yc" });
  const { network } = configuration;
  const twice = { network: { ...network, layers: [...network.layers, network.layers[0]] } };
  assertThrows(() => writeConfiguration(path, twice), FileFormatError, '"input" again');
  assertEquals(await Deno.readTextFile(path), "");
  await Deno.remove(path);
});
