import { assert, assertEquals, assertRejects } from "@std/assert";
import { compareRuns } from "./compare_runs.ts";
import { assertReadable } from "./test_layout.ts";
import { cornersOf, historyOf, partsOf, textsOf } from "./testing.ts";
import { seriesStyle } from "./theme.ts";

const runOf = (...errors: number[]) => ({ errorUnit: "%" as const, history: historyOf(...errors) });

Deno.test("each training has a line and a name, in the order of the record", async () => {
  const { svg } = await compareRuns({ sgd: runOf(40, 20), adam: runOf(20, 10) }, { measures: ["validationError"] });
  const texts = textsOf(svg);
  assert(texts.indexOf("sgd") < texts.indexOf("adam"));
  assert(texts.includes("validation error (%)"));
  const [[sgd], [adam]] = [0, 1].map((i) => cornersOf(svg, seriesStyle(i).color));
  assertEquals(sgd[1], adam[0].with(0, sgd[1][0]));
});

Deno.test("as many trainings as there are update rules have different styles", async () => {
  const names = ["sgd", "momentum", "nesterovMomentum", "adagrad", "rmsprop", "adadelta", "adam", "adamax", "nadam"];
  const styles = names.map((_, i) => JSON.stringify(seriesStyle(i)));
  assertEquals(new Set(styles).size, names.length);
  const { svg, width } = await compareRuns(Object.fromEntries(names.map((name) => [name, runOf(2, 1)])));
  const labels = partsOf(svg, "svg > text").filter(({ textContent }) => names.includes(textContent));
  assertEquals(labels.length, names.length);
  assert(labels.every((label) => Number(label.getAttribute("x")) < width - 50));
});

Deno.test("validation losses are compared if a training has no errors", async () => {
  const errors = runOf(40, 20);
  const losses = {
    errorUnit: "" as const,
    history: errors.history.map((one) => ({ ...one, trainError: NaN, validationError: null, validationLoss: 0.5 })),
  };
  const bare = { ...losses, history: losses.history.map((one) => ({ ...one, validationLoss: null })) };
  const labelsOf = async (...runs: readonly Parameters<typeof compareRuns>[0][string][]) =>
    textsOf((await compareRuns(Object.fromEntries(runs.map((one, i) => [`run ${i}`, one])))).svg);
  assert((await labelsOf(errors, losses)).includes("validation loss"));
  assert((await labelsOf(losses)).includes("validation loss"));
  assert((await labelsOf(errors)).includes("validation error (%)"));
  assert((await labelsOf(errors, bare)).includes("validation error (%)"));
});

Deno.test("two measures are side by side if the width allows it, otherwise below each other", async () => {
  const sizeOf = async (width: number, ...measures: ("validationError" | "validationLoss")[]) => {
    const picture = await compareRuns({ sgd: runOf(40, 20) }, { measures, width });
    return [picture.width, picture.height];
  };
  const [wide, high] = await sizeOf(720, "validationError");
  assertEquals(await sizeOf(720, "validationError", "validationLoss"), [wide, high]);
  const [narrow, one] = await sizeOf(500, "validationError");
  assert(narrow < wide);
  const [, two] = await sizeOf(500, "validationError", "validationLoss");
  assert(two > 1.5 * one, `${two} and ${one}`);
});

Deno.test("a comparison of no trainings is refused", async () => {
  await assertRejects(() => compareRuns({}), RangeError, "expected at least one, got none");
});

Deno.test("names of any length and number have space, one column or two", async () => {
  for (const count of [1, 3, 9]) {
    for (
      const name of [
        "a",
        "a training with a name of many words ",
        "aTrainingWithOneVeryLongWordAsItsNameThatDoesNotEnd",
      ]
    ) {
      const runs = Object.fromEntries(
        Array.from(
          { length: count },
          (_, i) => [`${name}${i}`, { history: historyOf(40, 20 / (i + 1)), errorUnit: "%" as const }],
        ),
      );
      for (const width of [320, 720]) {
        assertReadable((await compareRuns(runs, { width })).svg, `${count} ${name} ${width}`);
      }
    }
  }
});
