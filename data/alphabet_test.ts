import { assertEquals, assertThrows } from "@std/assert";
import { alphabet, alphabetLoader } from "./alphabet.ts";

Deno.test("alphabetLoader returns every run of letters and the letter that follows", () => {
  const [{ x, y }] = alphabetLoader(2);
  assertEquals(x.shape, [24, 2, 26]);
  for (let run = 0; run < 24; run++) {
    const letters = [0, 1].map((time) =>
      x.values.subarray((2 * run + time) * 26, (2 * run + time + 1) * 26).indexOf(1)
    );
    assertEquals(letters, [run, run + 1]);
  }
  assertEquals([alphabet[y[0]], alphabet[y[23]]], ["C", "Z"]);
});

Deno.test("alphabetLoader refuses runs that no letter follows", () => {
  assertEquals(alphabetLoader(25)[0].y, Int32Array.of(25));
  for (const length of [0, 26, 1.5]) {
    const message =
      `Cannot make runs of letters: expected sequenceLength to be a whole number from 1 to 25, got ${length}`;
    assertThrows(() => alphabetLoader(length), RangeError, message);
  }
});
