import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { key } from "../../core/random/bits.ts";
import { logisticRegression } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import { FileError, FileFormatError } from "../../model/files/errors.ts";
import { saveModel } from "../../model/files/save_model.ts";
import { model } from "../../model/model.ts";
import type { ModelParts } from "../../model/model_options.ts";
import { network } from "../../model/network.ts";
import "../../core/wasm/default_device.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { knownData, modelFileOf, openModel, readFacts, savedElsewhere } from "./saved_model.ts";

const input = inputLayer({ shape: [null, 4] });
const softmax = network("softmax", [input, logisticRegression(input, { nClass: 3 })]);

/** A folder with a saved model, `model.ym`, like a run folder. */
function withModel(parts: ModelParts, work: (folder: string, file: string) => Promise<void> | void): Promise<void> {
  return inFolder(async (folder) => {
    const file = join(folder, "model.ym");
    await saveModel(model({ network: softmax.withWeights(softmax.init(key(1))), ...parts }), file);
    await work(folder, file);
  });
}

Deno.test("a path is a file, or stands for the model of a run folder", async () => {
  await withModel({}, (folder, file) => {
    assertEquals(modelFileOf(file), file);
    assertEquals(modelFileOf(folder), file);
    assertEquals(openModel(folder).network.name, "softmax");
    assertThrows(() => modelFileOf(join(folder, "other.ym")), FileError, "there is no such file or run folder");
    Deno.removeSync(file);
    assertThrows(() => modelFileOf(folder), FileError, "the folder contains no model.ym");
  });
});

Deno.test("the file of a run that was saved elsewhere is its last option --save", async () => {
  await inFolder((folder) => {
    const savedOf = (...given: unknown[]) => {
      const start = JSON.stringify({ event: "start", version: 1, arguments: given });
      Deno.writeTextFileSync(join(folder, "events.jsonl"), `${start}\n`);
      return savedElsewhere(folder);
    };
    assertEquals(savedOf("--save", "/a.ym", "mlp"), "/a.ym");
    assertEquals(savedOf("mlp", "--save", "/a.ym", "--save=/b.ym"), "/b.ym");
    assertEquals(savedOf("mlp", "--out", "/a"), undefined);
    // What no command line could have been is not used.
    for (const odd of ["\x1b[2J", 3, null]) assertEquals(savedOf("--save", "/a.ym", odd), undefined);
  });
});

Deno.test("configuration and report of a saved model are read without using its weights", async () => {
  await withModel({ name: "my model" }, (_folder, file) => {
    const { configuration, report } = readFacts(file);
    assertEquals([configuration.name, configuration.network.name, report], ["my model", "softmax", null]);
  });
});

Deno.test("a file that is not a model is reported as damaged", async () => {
  await inFolder((folder) => {
    const file = join(folder, "model.ym");
    Deno.writeTextFileSync(file, "not a model");
    assertThrows(() => openModel(file), FileFormatError, `Cannot read ${file}`);
  });
});

Deno.test("a model with an unknown layer is refused with the name of the file", async () => {
  const own = { ...softmax.layers[1].layer, kind: "myLayer" };
  const net = network("own", [input, own]);
  await withModel({ network: net.withWeights(net.init(key(1))) }, (_folder, file) => {
    const { message } = assertThrows(() => openModel(file), FileFormatError, "myLayer");
    assertStringIncludes(message, `Cannot read ${file}: expected a valid configuration as network.layers[1], got`);
  });
});

Deno.test("data are found by a known name or a directory only", async () => {
  assertEquals([undefined, "mnist", "digits", "no/such/folder"].map(knownData), [
    undefined,
    "mnist",
    "digits",
    undefined,
  ]);
  await inFolder((folder) => assertEquals(knownData(folder), folder));
});
