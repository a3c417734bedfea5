import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { run, runInterrupted } from "../testing.ts";

const model = join("tests", "formats", "run_1"); // ten classes, and sets of 50, 10 and 20 images
const evaluate = (...args: string[]) => run("evaluate", model, "--device", "wasm", ...args);

Deno.test("a model is evaluated on the validation set and the test set, or on the one that is named", async () => {
  const { code, out, err } = await evaluate();
  assertEquals([code, out.split("\n")], [0, [
    "validation error 70.000 %, loss 2.2220, 10 examples",
    "test error 70.000 %, loss 2.2220, 20 examples",
  ]]);
  assertEquals(err.split("\n").map((line) => line.split(":")[0]), ["Device", ""]);
  const json = await evaluate("--on", "test", "--json", "--quiet");
  const { event, network, data, sets: { test: { loss, ...others }, ...more } } = JSON.parse(json.out);
  assertEquals([event, network, data, more], ["evaluation", "lenet5", "tests/formats/images", {}]);
  assertEquals([loss.toFixed(4), others], ["2.2220", { examples: 20, error: 70, errorUnit: "%" }]);
  const one = await evaluate("--on", "training", "--metrics", "accuracy", "--quiet");
  assertEquals([one.out, one.err], ["training error 70.000 %, loss 2.2220, accuracy 0.3000, 50 examples", ""]);
});

Deno.test("a picture shows the mistakes on the set that is evaluated, by default the test set", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "mistakes.svg");
    await evaluate("--confusion", file, "--quiet");
    assertStringIncludes(Deno.readTextFileSync(file), "14 of 20 examples misclassified, 70.00 %");
    await evaluate("--confusion", file, "--on", "validation", "--quiet");
    assertStringIncludes(Deno.readTextFileSync(file), "7 of 10 examples misclassified, 70.00 %");
  });
});

Deno.test("other data than those of the training are noted, with the warning that digits are synthetic", async () => {
  const { code, err } = await evaluate("--data", "digits", "--train-size", "50");
  const warning = "BUILT-IN SYNTHETIC DIGITS, NOT MNIST: errors cannot be compared with those on MNIST";
  const other =
    "The model was trained on other data (tests/formats/images); if not, use the same --data and --train-size";
  const lines = err.split("\n").filter((line) => !line.startsWith("Device"));
  assertEquals([code, lines], [0, [warning, other, warning, ""]]);
});

Deno.test("options that have no effect on the data are refused", async () => {
  const refused = {
    "--data houses.csv --on test": "option --on has no effect on a CSV file",
    "--data houses.TSV --confusion a.svg": "option --confusion has no effect on a CSV file",
    "--data houses.csv --train-size 5": "option --train-size has no effect on a CSV file",
    "--delimiter ;": "option --delimiter needs a CSV file as --data",
  };
  for (const [words, message] of Object.entries(refused)) {
    const { code, err } = await evaluate(...words.split(" "));
    assertEquals([code, err.split("\n")[0]], [2, `error: ${message}`]);
  }
});

Deno.test("an evaluation that is interrupted prints no result", async () => {
  const { code, out, err } = await runInterrupted("Device", ["evaluate", model, "--device", "wasm"]);
  assertEquals([code, out, err.split("\n").slice(-2)], [130, "", ["Interrupted", ""]]);
});
