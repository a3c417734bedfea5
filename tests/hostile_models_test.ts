import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { run } from "../cli/testing.ts";
import type { Json } from "../layers/mod.ts";
import { runModels } from "./hostile_files/run_models.ts";
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
    "learningRate to be a number",
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
