import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { exists } from "../cli/files/check_writable.ts";
import { run } from "../cli/testing.ts";
import type { Json } from "../layers/mod.ts";
import { runModels } from "./hostile_models/run_models.ts";
import { inFolder } from "./in_folder.ts";

const SEEDS = Array.from({ length: 800 }, (_, i) => i + 1);

for (const suffix of [".ym", ".yc"] as const) {
  const name =
    `crafted ${suffix} files with right checksums are read, or refused with errors that name them in one line`;
  const fn = async () => {
    const { loaded, refused, faults } = await runModels(SEEDS, suffix);
    assertEquals(faults, []);
    assert(loaded > 20 && refused > 200, `${loaded} loaded, ${refused} refused`);
  };
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

Deno.test("a batch size beyond all examples takes all of them, in streamed sets too", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "large.yc");
    const losses: string[] = [];
    for (const batchSize of [400, 1e9, 5e10]) {
      Deno.writeTextFileSync(file, configuration({ top: { hyperparameters: { batchSize, nEpochs: 2 } } }));
      for (const size of ["400", "4000"].slice(0, batchSize === 400 ? 1 : 2)) {
        const data = ["--data", "digits", "--train-size", size];
        const { code, out, err } = await run("train", "--config", file, ...data, "--device", "wasm", "--quiet");
        assertEquals(code, 0, err);
        if (size === "400") losses.push(out.split("\n")[1]);
      }
    }
    assertEquals(losses, [losses[0], losses[0], losses[0]]);
  });
});

Deno.test("pictures of another size and labels beyond the outputs are errors of the data, before a run is begun", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "run");
    for (
      const [side, classes, message] of [[14, 10, "expected samples of [784]"], [
        28,
        12,
        "expected at most 10",
      ]] as const
    ) {
      const data = join(folder, `${side}`);
      writeImages(data, side, classes);
      for (const network of ["mlp", "lenet5", "rbm"]) {
        const { code, err } = await run("train", network, "--data", data, "--device", "wasm", "--quiet", "--out", out);
        assertEquals(code, 3, err);
        assertEquals(err.trimEnd().split("\n").length, 1, err);
        assertStringIncludes(err, `error: Cannot train "${network}" on ${data}: ${message}`);
        assert(!exists(join(out, "events.jsonl")));
      }
    }
  });
});

/** Writes a data set of square pictures. */
function writeImages(folder: string, side: number, classes: number): void {
  Deno.mkdirSync(folder);
  for (const [name, count] of [["train", 60], ["t10k", 20]] as const) {
    const [images, labels] = [count * side * side, count].map((length) => new Uint8Array(length));
    labels.forEach((_, i) => labels[i] = i % classes);
    Deno.writeFileSync(join(folder, `${name}-images-idx3-ubyte`), encodeIdx([count, side, side], images));
    Deno.writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), encodeIdx([count], labels));
  }
}

function encodeIdx(shape: readonly number[], values: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((extent, i) => header.setUint32(4 + 4 * i, extent));
  return new Uint8Array([...new Uint8Array(header.buffer), ...values]);
}

interface Changes {
  /** Changes of the second layer. */
  readonly layer?: { readonly [name: string]: Json };
  /** Changes of the top level. */
  readonly top?: { readonly [name: string]: Json };
}

/** The text of a configuration for pictures of digits, with changes. */
function configuration({ layer, top }: Changes): string {
  const layers = [
    { kind: "InputLayer", name: "input", incoming: [], configuration: { shape: [null, 784] } },
    { kind: "DenseLayer", name: "hidden", incoming: ["input"], configuration: { nUnits: 3 }, ...layer },
    { kind: "LogisticRegression", name: "output", incoming: ["hidden"], configuration: { nClass: 10 } },
  ];
  return JSON.stringify({ format: "yadll configuration", version: 1, network: { name: "small", layers }, ...top });
}

const notANumber = { $number: "NaN" };

const wrong: readonly (readonly [title: string, changes: Changes, message: string])[] = [
  ["an unknown kind of layer", { layer: { kind: "EvilLayer" } }, "network.layers[1]"],
  [
    "a kind with control characters",
    { layer: { kind: "\u001b[2J\nerror: x\u202e" } },
    '"\\u001b[2J\\nerror: x\\u202e"',
  ],
  ["a kind of a million letters", { layer: { kind: "x".repeat(1_000_000) } }, "network.layers[1]"],
  ["more units than a tensor has elements", { layer: { configuration: { nUnits: 1e12 } } }, "network.layers[1]"],
  ["units that are no number", { layer: { configuration: { nUnits: "3" } } }, "nUnits to be a whole number"],
  ["an unknown update rule", { top: { updates: "evil" } }, "updates"],
  ["an option of a rule out of bounds", { top: { updates: ["adam", { beta1: 2 }] } }, "beta1"],
  ["an unknown objective", { top: { objective: "evil" } }, "objective"],
  ["a learning rate of NaN", { top: { hyperparameters: { learningRate: notANumber } } }, "learningRate to be a number"],
  [
    "a range with NaN",
    { top: { hyperparameters: { learningRate: [0.1, [notANumber]] } } },
    "hyperparameter learningRate: expected [0] to be a number",
  ],
  ["a batch size of -1", { top: { hyperparameters: { batchSize: -1 } } }, "batchSize to be a whole number"],
  ["an unknown field with a line end", { top: { "a\nerror: b": 1 } }, '"a\\nerror: b"'],
];

Deno.test("the command line refuses each wrong configuration with one line that names file and place", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "wrong.yc");
    for (const [title, changes, place] of wrong) {
      Deno.writeTextFileSync(file, configuration(changes));
      const { code, err } = await run("train", "--config", file, "--data", "digits", "--device", "wasm", "--quiet");
      assertEquals(code, 3, `${title}: ${err}`);
      assertEquals(err.trimEnd().split("\n").length, 1, err);
      assert(err.startsWith(`error: Cannot read ${file}: `) && err.length < 1200, err.slice(0, 2000));
      assertStringIncludes(err, place);
    }
  });
});
