import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import type { ModelConfiguration } from "./configuration.ts";
import { FileError, FileFormatError } from "./errors.ts";
import { foreignFile, readFolder, writeFolder } from "./folder.ts";
import { type ModelCard, modelCard } from "./model_card.ts";
import { encodeSafetensors } from "./safetensors.ts";

const configuration: ModelConfiguration = {
  network: {
    name: 'digits: "a|b"',
    layers: [
      { kind: "InputLayer", name: "input", incoming: [], configuration: { shape: [null, 4] } },
      { kind: "DenseLayer", name: "out|put", incoming: ["input"], configuration: { nUnits: 2 } },
    ],
  },
};

const tensors = { "out|put/b": { dtype: "f32", shape: [2], values: Float32Array.of(1, 2) } } as const;

const card: ModelCard = {
  summary: "Recognizes digits.",
  data: { name: "MNIST", sha256: "ab12" },
  figures: [
    { metric: "error", set: "validation", value: 1.26, unit: "%" },
    { metric: "error", set: "test", value: 1.32, unit: "%" },
  ],
  training: { epochs: 466, device: "wasm" },
  license: "mit",
  tags: ["digits"],
};

Deno.test("a folder contains three files, and is read as it was written", async () => {
  const parent = await Deno.makeTempDir();
  try {
    const path = `${parent}/made/mlp`;
    for (let time = 0; time < 2; time++) writeFolder(path, { tensors, configuration }, card);
    const names = Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
    assertEquals(names, ["README.md", "config.json", "model.safetensors"]);
    assertEquals(readFolder(path), { tensors, configuration });
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});

Deno.test("a folder that lacks a file, or cannot be created, is a FileError", async () => {
  const path = await Deno.makeTempDir();
  try {
    assertThrows(() => readFolder(path), FileError, "model.safetensors");
    await Deno.writeTextFile(`${path}/taken`, "");
    assertThrows(() => writeFolder(`${path}/taken`, { tensors, configuration }, card), FileError, "cannot be created");
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test("nothing is written if the configuration cannot be read back", async () => {
  const path = await Deno.makeTempDir();
  try {
    const empty = { network: { name: "mlp", layers: [] } };
    assertThrows(
      () => writeFolder(path, { tensors, configuration: empty }, card),
      FileFormatError,
      "at least one layer",
    );
    assertEquals([...Deno.readDirSync(path)], []);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test("the card shows the figures, the training and the layers, with any characters in names", () => {
  const text = modelCard(card, configuration);
  for (
    const line of [
      '# digits: "a\\|b"',
      "| error | validation | 1.26 % |",
      "| error | test | 1.32 % |",
      "| data | MNIST |",
      "| SHA-256 of the data | ab12 |",
      "| epochs | 466 |",
      "| out\\|put | DenseLayer | input | nUnits: 2 |",
    ]
  ) assertStringIncludes(text, `\n${line}\n`);
});

Deno.test("the header of the card is YAML that the hub reads", () => {
  const [, head] = modelCard(card, configuration).split("---\n");
  const fields = Object.fromEntries(head.trim().split("\n").map((line) => line.split(/: (.*)/)));
  assertEquals(fields.library_name, "yadll");
  assertEquals(JSON.parse(fields.tags), ["yadll", "digits"]);
  assertEquals(JSON.parse(fields.license), "mit");
  const [{ name, results: [{ dataset, metrics }] }] = JSON.parse(fields["model-index"]);
  assertEquals([name, dataset.name], ['digits: "a|b"', "MNIST"]);
  assertEquals(metrics[1], { name: "test error", type: "error", value: 1.32 });
});

Deno.test("a card of something else than a configuration is refused", () => {
  const empty = { network: { name: "mlp", layers: [] } };
  assertThrows(() => modelCard(card, empty), FileFormatError, "at least one layer");
});

Deno.test("a card without figures has no section for them", () => {
  const text = modelCard({ ...card, figures: [] }, configuration);
  assert(!text.includes("model-index") && !text.includes("## Figures"));
  assert(!text.includes("\n\n\n"), "an empty line for each missing section");
  assertMatch(text, /^---\n/);
});

Deno.test("a model card is written anew, unless somebody edited it", async () => {
  const path = await Deno.makeTempDir();
  try {
    const write = (summary: string) => writeFolder(path, { tensors, configuration }, { ...card, summary }).keptCard;
    const text = () => Deno.readTextFileSync(`${path}/README.md`);
    assertEquals([write("One."), write("Two.")], [false, false]);
    assertStringIncludes(text(), "Two.");
    Deno.writeTextFileSync(`${path}/README.md`, "My own words.");
    assertEquals([write("Three."), write("Four.")], [true, true]);
    assertEquals(text(), "My own words.");
    Deno.removeSync(`${path}/README.md`);
    assertEquals(write("Five."), false);
    assertStringIncludes(text(), "Five.");
    // Nothing says who wrote the card if the parameters are missing or damaged.
    Deno.writeTextFileSync(`${path}/model.safetensors`, "damaged");
    assertEquals(write("Six."), true);
    Deno.removeSync(`${path}/model.safetensors`);
    assertEquals(write("Seven."), true);
    assertStringIncludes(text(), "Five.");
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test("files of other programs are found before a folder would replace them, those of any version are its own", async () => {
  const path = await Deno.makeTempDir();
  const [file, conf] = ["model.safetensors", "config.json"].map((name) => `${path}/${name}`);
  const write = (metadata: Record<string, string>) =>
    Deno.writeFileSync(file, new Uint8Array(encodeSafetensors(tensors, metadata).flatMap((part) => [...part])));
  try {
    assertEquals(foreignFile(path), undefined);
    writeFolder(path, { tensors, configuration }, card);
    assertEquals(foreignFile(path), undefined);
    write({ format: "yadll parameters", version: "99" });
    assertEquals(foreignFile(path), undefined, "of a later version");
    write({});
    assertEquals(foreignFile(path), file, "without a format");
    Deno.writeTextFileSync(file, "damaged");
    assertEquals(foreignFile(path), file);
    Deno.removeSync(file);
    assertEquals(foreignFile(path), undefined);
    Deno.writeTextFileSync(conf, '{ "architectures": ["BertModel"] }');
    assertEquals(foreignFile(path), conf);
    // What cannot be read is no answer.
    Deno.mkdirSync(file);
    assertThrows(() => foreignFile(path), FileError);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test("the card names the task of the figures: that of the objective, or of the unit of the errors", () => {
  const taskOf = (objective: ModelConfiguration["objective"], unit?: string): unknown => {
    const figures = [{ metric: "error", set: "test", value: 1, ...(unit !== undefined && { unit }) }] as const;
    const [, head] = modelCard({ ...card, figures }, { ...configuration, ...objective && { objective } }).split(
      "---\n",
    );
    return JSON.parse(/^model-index: (.*)$/m.exec(head)![1])[0].results[0].task.type;
  };
  const [classes, numbers] = ["tabular-classification", "tabular-regression"];
  assertEquals([taskOf(undefined, "%"), taskOf(undefined)], [classes, numbers]);
  assertEquals([taskOf("meanSquaredError", "%"), taskOf("binaryCrossentropyError")], [numbers, classes]);
  assertEquals(taskOf(["categoricalCrossentropyFromLogits", { ignoreIndex: 0 }]), classes);
  // The first of several outputs decides.
  assertEquals(taskOf({ a: "meanSquaredError", b: "binaryCrossentropyError" }, "%"), numbers);
  assertEquals(taskOf({ a: "binaryCrossentropyError", b: "meanSquaredError" }), classes);
});
