import { assertEquals, assertThrows } from "@std/assert";
import { count } from "../../core/options/numbers.ts";
import { oneOf } from "../../core/options/values.ts";
import { UsageError } from "../errors.ts";
import { augmentationNames, augmentIn, makeAugmentations } from "./augment.ts";
import { metricsIn } from "./metrics.ts";
import { networkName } from "./network.ts";
import { dashed, optional, repeated, section, signature, switchOption, valued } from "./option.ts";
import { readOptionText } from "./read_text.ts";
import { oneWord, refuseWords } from "./words.ts";

const refused = (body: () => unknown): string => assertThrows(body, UsageError).message;

Deno.test("names of metrics are separated by commas, known, and different", () => {
  assertEquals(metricsIn(undefined), undefined);
  assertEquals(metricsIn(" f1, auc,,"), ["f1", "auc"]);
  assertEquals(metricsIn("mae,auc"), ["meanAbsoluteError", "auc"]);
  assertEquals(
    refused(() => metricsIn("mae,meanAbsoluteError")),
    "option --metrics cannot be mae,meanAbsoluteError: expected each metric once, got meanAbsoluteError twice",
  );
  assertEquals(refused(() => metricsIn("f1,acuracy")), "unknown metric acuracy: did you mean accuracy?");
  assertEquals(
    refused(() => metricsIn("f1,auc,f1")),
    "option --metrics cannot be f1,auc,f1: expected each metric once, got f1 twice",
  );
});

Deno.test("names of augmentations are separated by commas and known, and all of them can be made", async () => {
  assertEquals(augmentIn(undefined), undefined);
  assertEquals(augmentIn("crop, flip,"), ["crop", "flip"]);
  assertEquals(augmentIn("mixup,mixup"), ["mixup", "mixup"]);
  assertEquals(refused(() => augmentIn("crop,rotatoin")), "unknown augmentation rotatoin: did you mean rotation?");
  const made = await makeAugmentations(augmentationNames);
  assertEquals(made.length, augmentationNames.length);
  const [name, { imageShape }] = made[0].configuration;
  assertEquals([name, imageShape], ["randomCrop", [1, 28, 28]]);
  assertEquals(made[augmentationNames.indexOf("noise")].configuration[0], "gaussianNoise");
});

Deno.test("a command names one network, with hyphens or underscores", () => {
  const example = { title: "", hyperparameters: {}, build: () => {} };
  const examples: Parameters<typeof networkName>[1] = Object(
    { deep_net: example, other: example },
  );
  assertEquals(networkName(["deep_net"], examples), "deep_net");
  assertEquals(networkName(["deep-net"], examples), "deep_net");
  assertEquals(refused(() => networkName([], examples)), "no network given: expected one of deep_net, other");
  assertEquals(
    refused(() => networkName(["other", "more"], examples)),
    "unexpected argument more after other: expected one network",
  );
  assertEquals(
    refused(() => networkName(["othr"], examples, (word) => `; or ${word}`)),
    "unknown network othr: did you mean other?; or othr",
  );
});

Deno.test("a command has as many words as it takes", () => {
  refuseWords("doctor", []);
  assertEquals(refused(() => refuseWords("doctor", ["a", "b"])), "unexpected argument a: doctor takes only options");
  assertEquals(oneWord(["a"], "a model"), "a");
  assertEquals(refused(() => oneWord([], "a model")), "missing argument: expected a model");
  assertEquals(refused(() => oneWord(["a", "b"], "a model")), "unexpected argument b after a: expected a model");
});

Deno.test("texts become values, and are refused with what is expected or with the nearest name", () => {
  const [number, name] = [count({ help: "" }), oneOf(["dark", "light"], { help: "" })];
  assertEquals([readOptionText(number, "5", "option --n"), readOptionText(name, "dark", "option --ink")], [5, "dark"]);
  assertEquals(
    /^option --n cannot be x: expected /.test(refused(() => readOptionText(number, "x", "option --n"))),
    true,
  );
  assertEquals(refused(() => readOptionText(name, "dork", "option --ink")), "unknown ink dork: did you mean dark?");
});

Deno.test("options are shown with dashes and their values", () => {
  const number = count({ help: "a number" });
  assertEquals([dashed("batchSize"), dashed("aBC"), dashed("x")], ["--batch-size", "--a-b-c", "--x"]);
  assertEquals(signature("dryRun", switchOption("try")), "--dry-run");
  assertEquals(signature("nUnits", valued("N", number)), "--n-units N");
  assertEquals(signature("nUnits", optional("N", number, true)), "--n-units [N]");
  assertEquals(signature("set", repeated("N", number)), "--set N");
  const { a } = section("Title", { a: switchOption("try", { letter: "t" }) });
  assertEquals(a, { kind: "switch", help: "try", letter: "t", section: "Title" } as typeof a);
});
