import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { HyperparameterValue } from "../../model/hyperparameters.ts";
import { resultOf } from "../../model/search/result.ts";
import { failure, result, row } from "../../model/search/test_rows.ts";
import { assertReadable } from "../test_layout.ts";
import { partsOf, textsOf } from "../testing.ts";
import { drawSearch, searchPicture, searchSvg } from "./picture.ts";

const rows = [3, 2].map((validationError, number) =>
  row(number, { validationError, hyperparameters: { "<rate>": number } })
);

Deno.test("the picture of a search is well-formed, has a background, and is as large as it says", () => {
  const { svg, width, height, description } = searchPicture(resultOf(["<rate>"], rows, 3));
  assertEquals(description, "2 of 2 combinations have a validation error; the best is 2 %");
  const [ground] = partsOf(svg, "rect");
  for (const part of [ground, partsOf(svg, "svg")[0]]) {
    assertEquals([part.getAttribute("width"), part.getAttribute("height")], [String(width), String(height)]);
  }
  const [worse, best] = partsOf(svg, "circle").map((dot) => Number(dot.getAttribute("cy")));
  assertEquals(worse < best, true);
  assertEquals(partsOf(svg, ".title")[0].textContent, "<rate>");
});

Deno.test("the picture has a panel for each hyperparameter and a dot for each row that has an error", () => {
  const svg = searchSvg(result);
  assertEquals(svg.match(/<circle/g)?.length, 4);
  assertEquals(svg.match(/class="best"/g)?.length, 2);
  assertEquals(svg.match(/class="title"/g)?.length, 2);
  assertStringIncludes(svg, "2 of 3 combinations have a validation error; the best is 3 %");
  assert(!/NaN|Infinity|undefined/.test(svg));
});

Deno.test("one row, equal errors and none at all can be drawn", () => {
  for (const errors of [[], [5], [5, 5], [0], [-1, 1e9]]) {
    const svg = searchSvg(resultOf(["rate"], errors.map((error, i) => row(i, { validationError: error })), 9));
    assertEquals(svg.match(/<circle/g)?.length ?? 0, errors.length);
    assert(!/NaN|Infinity|undefined/.test(svg), svg);
  }
});

Deno.test("names of hyperparameters are escaped", () => {
  const svg = searchSvg(resultOf(["<x>"], [row(0, { validationError: 1, hyperparameters: { "<x>": "</svg>" } })], 1));
  assertStringIncludes(svg, "&lt;x&gt;");
  assertEquals(partsOf(svg, "svg").length, 2);
});

/** A search of some combinations, the first of which failed; values come from the functions, by the row's number. */
function searched(
  values: Readonly<Record<string, (i: number) => HyperparameterValue>>,
  { count, failed = 0 }: { readonly count: number; readonly failed?: number },
) {
  const rows = Array.from({ length: count }, (_, i) =>
    row(i, {
      hyperparameters: Object.fromEntries(Object.entries(values).map(([name, valueOf]) => [name, valueOf(i)])),
      ...i < failed ? { outcome: "failed", failure } : { validationError: 2 + (i * 7919 % 101) / 13 },
    }));
  return resultOf(Object.keys(values), rows, count);
}

/** A number between 0 and 1 that follows from an index. */
const fraction = (i: number): number => (i * 0.6180339887 + 0.137) % 1;
const long = "unsupervisedPretrainingLearningRateOfTheVeryFirstLayerAfterTheInput";
const kinds = {
  learningRate: (i: number) => 10 ** (-5 * fraction(i)),
  nUnits: (i: number) => 3 + Math.floor(500 * fraction(i + 3)),
  activation: (i: number) => ["tanh", "leakyRectifiedLinearUnit0.2", "sigmoid"][i % 3],
  shuffle: (i: number) => i % 2 === 0,
  [long]: (i: number) => 0.1 * fraction(i),
  word: (i: number) => `initializer_${i}`,
  l2: (i: number) => i % 3 === 0 ? 0 : 10 ** -(i % 5),
  seed: (i: number) => 123456789 + 10 ** 12 + i,
  mixed: (i: number) => [null, 3, "auto"][i % 3],
};

Deno.test("in pictures of searches of all sizes and kinds nothing overlaps or is cut off", () => {
  for (const count of [1, 2, 3, 5, 8, 40]) {
    for (const failed of [0, 1, 2]) {
      for (const [name, valueOf] of Object.entries(kinds)) {
        assertReadable(searchSvg(searched({ [name]: valueOf }, { count, failed })), `${count} rows of ${name}`);
      }
      assertReadable(searchSvg(searched(kinds, { count, failed })), `${count} rows of all`);
    }
  }
});

Deno.test("a few random numbers are drawn to scale, not side by side, with round labels", () => {
  for (const count of [3, 5, 8]) {
    const values = Array.from({ length: count }, (_, i) => kinds.learningRate(i));
    const svg = searchSvg(searched({ learningRate: (i) => values[i] }, { count }));
    const places = partsOf(svg, "circle[cx]:not([fill=none])").map((dot) => [
      Number(dot.querySelectorAll("title")[Symbol.iterator]().next().value!.textContent.match(/\d+/)![0]),
      Number(dot.getAttribute("cx")),
    ]);
    const [[a, at], [b, bt], [c, ct]] = places;
    const log = (i: number): number => Math.log10(values[i]);
    assertEquals(((bt - at) / (ct - at)).toFixed(1), ((log(b) - log(a)) / (log(c) - log(a))).toFixed(1));
    const labels = textsOf(svg).filter((text) => /^10[⁻⁰¹²³⁴⁵]+$/.test(text));
    assert(labels.length >= 2, String(textsOf(svg)));
  }
});

Deno.test("axes have titles with units, and failed combinations have a mark and an entry in the legend", () => {
  const svg = searchSvg(searched({ learningRate: kinds.learningRate }, { count: 5, failed: 2 }));
  const texts = textsOf(svg);
  for (const text of ["validation error (%)", "learningRate", "best", "failed (2)"]) assert(texts.includes(text), text);
  const failures = partsOf(svg, "path.failed");
  assertEquals(failures.length, 2);
  assertStringIncludes(failures[0].textContent, "combination 0: TypeError");
  const complete = searchSvg(searched({ learningRate: kinds.learningRate }, { count: 5 }));
  assertEquals(partsOf(complete, "path.failed").length, 0);
  const losses = [1, 2].map((validationLoss, i) => row(i, { validationLoss, errorUnit: "" }));
  assert(textsOf(searchSvg(resultOf(["rate"], losses, 2))).includes("validation loss"));
});

Deno.test("long names of hyperparameters take several lines", () => {
  const [title] = partsOf(searchSvg(searched({ [long]: fraction, b: fraction, c: fraction }, { count: 3 })), ".title");
  const lines = [...title.querySelectorAll("tspan")].map(({ textContent }) => textContent.trim());
  assert(lines.length > 1);
  assertEquals(lines.join(""), long);
});

Deno.test("panels are narrower if more than two are side by side", () => {
  const widthOf = (names: readonly string[], most: number): number => {
    const hyperparameters = Object.fromEntries(names.map((name) => [name, 1]));
    const some = [0, 1].map((number) => row(number, { validationError: number, hyperparameters }));
    return drawSearch(resultOf(names, some, 2), most).width;
  };
  const [one, two, three] = [["a"], ["a", "b"], ["a", "b", "c"]].map((names) => widthOf(names, 9));
  assert(two > 1.8 * one && three < 2.5 * one, `${one}, ${two}, ${three}`);
  assertEquals(widthOf(["a", "b", "c"], 1), one);
});
