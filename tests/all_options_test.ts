/**
 * Every type of options that an entry of the package exports is compared with its definition in some test.
 */

import { assert, assertEquals } from "@std/assert";

const entries = ["core", "optim", "layers", "data", "data/augment", "model"];

/** Types whose options belong to another type or are enumerated from declarations, with the tests of these. */
const elsewhere: Readonly<Record<string, string>> = {
  AdamOptions: "tests/rule_options_test.ts",
  AdamwOptions: "tests/rule_options_test.ts",
  AdaptiveOptions: "tests/rule_options_test.ts",
  AverageOptions: "tests/rule_options_test.ts",
  ClippingOptions: "tests/augment_options_test.ts", // of RandomBrightnessOptions
  ConfigurationOptions: "model/files/own_parts_test.ts", // of ReadOptions and OwnParts
  ContrastiveOptions: "layers/unsupervised/test_options.ts", // of RbmOptions
  ConvolvePoolOptions: "layers/convolution/test_options.ts", // of ConvPoolOptions
  EmphasisOptions: "tests/train_options_test.ts", // of ModelTrainOptions
  FillOptions: "tests/augment_options_test.ts", // of RandomCropOptions
  HeadsOptions: "layers/attention/test_options.ts", // of MultiHeadAttentionOptions
  InputOptions: "tests/augment_options_test.ts", // of GaussianNoiseOptions
  InitializerOptions: "tests/initializer_options_test.ts",
  MeasuringOptions: "tests/train_options_test.ts", // of ModelTrainOptions
  MixingOptions: "tests/augment_options_test.ts", // of MixupOptions
  MomentumOptions: "tests/rule_options_test.ts",
  NamedOptions: "tests/rule_options_test.ts", // a name with options, in a configuration
  PenaltyOptions: "layers/test_dense_options.ts", // of DenseOptions
  PlateauOptions: "tests/train_options_test.ts", // of ModelTrainOptions
  PretrainOptions: "model/training/pretraining_test.ts", // of ModelTrainOptions
  ReadOptions: "tests/hostile_sizes_test.ts",
  SaveOptions: "tests/train_options_test.ts", // of ModelTrainOptions
  TrainOptions: "tests/train_options_test.ts", // of ModelTrainOptions
  UpdateOptions: "tests/rule_options_test.ts",
};

const root = new URL("../", import.meta.url);
const read = (path: string): string => Deno.readTextFileSync(new URL(path, root));

/** The names of exported types of options, with those of files whose exports are passed on. */
function optionsOf(path: string): string[] {
  const text = read(path);
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) =>
    [...names.matchAll(/\b[A-Z]\w*Options\b(?! as)/g)].map(([name]) => name)
  );
  const own = [...text.matchAll(/^export (?:interface|type) (\w+Options)\b/gm)].map(([, name]) => name);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const others = [...text.matchAll(/^export \* from "(\.\/[^"]+)"/gm)].flatMap(([, file]) =>
    optionsOf(folder + file.slice(2))
  );
  return [...listed, ...own, ...others];
}

/** The sources of the tests of options. */
function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory) yield* sources(`${folder}${name}/`);
    else if (/^test_.*options\.ts$|_options_test\.ts$|^test_bn_lstm\.ts$/.test(name)) yield read(`${folder}${name}`);
  }
}

Deno.test("the options of each exported type are compared with their definitions", () => {
  const names = new Set(entries.flatMap((entry) => optionsOf(`${entry}/mod.ts`)));
  assert(names.size > 50, "types of options must be found for this to test anything");
  const tests = [...sources("tests/"), ...sources("layers/")].filter((text) =>
    /OptionTests|testOptions|Others<|Record<keyof/.test(text)
  );
  const tested = (name: string): boolean => tests.some((text) => new RegExp(`\\b${name}\\b`).test(text));
  assertEquals([...names].filter((name) => !tested(name) && !(name in elsewhere)).sort(), []);
  for (const [name, file] of Object.entries(elsewhere)) assert(names.has(name) && read(file) !== "", name);
});
