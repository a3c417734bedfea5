import { assert, assertEquals } from "@std/assert";
import { assertReadable } from "../../views/test_layout.ts";
import { partsOf, textsOf } from "../../views/testing.ts";
import { curves } from "./curves.ts";

const errors = [80, 41.5, 20, 12, 9.5, 8, 7.25, 7].map((validation) => ({ training: validation / 2, validation }));

Deno.test("the page's curves have numbers at both axes, titles and a legend", () => {
  const svg = curves(errors, { width: 348, epochs: 8 });
  const texts = textsOf(svg);
  for (const text of ["0", "20", "40", "60", "80", "1", "8", "epoch", "error (%)", "training", "validation"]) {
    assert(texts.includes(text), text);
  }
  const [training, validation] = partsOf(svg, ".curve").map((line) => line.getAttribute("d")!.split("L"));
  assertEquals([training.length, validation.length], [8, 8]);
  // The lines differ in more than their color.
  const dashes = partsOf(svg, ".curve").map((line) => line.getAttribute("stroke-dasharray"));
  assertEquals(dashes, ["6 4", "none"]);
});

Deno.test("nothing of the page's curves overlaps or is cut off, at any width and after any epoch", () => {
  for (const width of [320, 348, 700, 1000]) {
    for (const epochs of [1, 2, 8]) {
      for (const error of [0, 5, 100, NaN]) {
        for (let done = 0; done <= epochs; done++) {
          const svg = curves(Array(done).fill({ training: error, validation: error }), { width, epochs });
          assert(!/NaN|undefined|Infinity/.test(svg), svg);
          assertReadable(svg, `${width}, ${epochs}, ${error}`);
        }
      }
    }
  }
});
