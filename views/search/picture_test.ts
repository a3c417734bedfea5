import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { resultOf } from "../../model/search/result.ts";
import { result, row } from "../../model/search/test_rows.ts";
import { partsOf } from "../testing.ts";
import { searchPicture, searchSvg } from "./picture.ts";

const rows = [3, 2].map((validationError, number) =>
  row(number, { validationError, hyperparameters: { "<rate>": number } })
);

Deno.test("the picture of a search is well-formed, has a background, and is as large as it says", () => {
  const { svg, width, height, description } = searchPicture(resultOf(["<rate>"], rows, 3));
  assertEquals([width, height], [220, 228]);
  assertEquals(description, "2 of 2 combinations have a validation error; the best is 2 %");
  const [ground] = partsOf(svg, "rect.ground");
  assertEquals([ground.getAttribute("width"), ground.getAttribute("height")], ["220", "228"]);
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
  assertEquals(svg.split("</svg>").length, 2);
});
