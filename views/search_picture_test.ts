import { assertEquals } from "@std/assert";
import { resultOf } from "../model/search/result.ts";
import type { SearchRow } from "../model/search/row.ts";
import { searchPicture } from "./search_picture.ts";
import { partsOf } from "./testing.ts";

const rows = [3, 2].map((validationError, number): SearchRow => ({
  ...{ number, hyperparameters: { "<rate>": number }, outcome: "trained", validationError, testError: null },
  ...{ errorUnit: "%", bestIteration: 1, epochs: 1, errors: [], seconds: 1, device: "", failure: null },
}));

Deno.test("the picture of a search is in good form, on a ground of its own, and as large as it says", () => {
  const { svg, width, height, description } = searchPicture(resultOf(["<rate>"], rows, 3));
  assertEquals([width, height], [220, 228]);
  assertEquals(description, "2 of 2 combinations have a validation error; the least is 2 %");
  const [ground] = partsOf(svg, "rect.ground");
  assertEquals([ground.getAttribute("width"), ground.getAttribute("height")], ["220", "228"]);
  const [worse, best] = partsOf(svg, "circle").map((dot) => Number(dot.getAttribute("cy")));
  assertEquals(worse < best, true);
  assertEquals(partsOf(svg, ".title")[0].textContent, "<rate>");
});
