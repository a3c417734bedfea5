import { assert, assertEquals } from "@std/assert";
import { cut, cutMiddle, wrapText } from "./wrap_text.ts";

Deno.test("lines end between words, or between the parts of a long word", () => {
  assertEquals(wrapText("2 of 3 combinations failed", 15, 3), ["2 of 3", "combinations", "failed"]);
  assertEquals(wrapText("learningRateOfTheFirstLayer", 14, 3), ["learningRateOf", "TheFirstLayer"]);
  assertEquals(wrapText("weight_decay_of_layer", 14, 3), ["weight_decay_", "of_layer"]);
  assertEquals(wrapText("abcdefghij", 4, 9), ["abcd", "efgh", "ij"]);
  assertEquals([wrapText("", 4, 2), wrapText("abcd", 4, 1), wrapText("ab", 0, 9)], [[""], ["abcd"], ["a", "b"]]);
});

Deno.test("a rest that just fits is one line, and no line ends in its first half or before its first letter", () => {
  assertEquals(wrapText("abcdefg one two", 7, 3), ["abcdefg", "one two"]);
  assertEquals(wrapText("a-bcdefg", 4, 9), ["a-bc", "defg"]);
  assertEquals(wrapText(" abcdefgh", 4, 9), [" abc", "defg", "h"]);
});

Deno.test("what does not fit the last line is cut off", () => {
  assertEquals(wrapText("one two three four", 7, 2), ["one two", "three…"]);
  for (const length of [1, 2, 9, 30]) {
    const lines = wrapText("a long text with averyverylongwordinit and more", length, 3);
    assert(lines.length <= 3 && lines.every((line) => line.length <= Math.max(2, length)), String(lines));
  }
});

Deno.test("texts that are too long are cut off at their end or in their middle", () => {
  assertEquals([cut("abcdef", 6), cut("abcdef", 4), cut("abcdef", 1)], ["abcdef", "abc…", "a…"]);
  assertEquals([cutMiddle("abcdefgh", 8), cutMiddle("abcdefgh", 6), cutMiddle("abcdefgh", 5)], [
    ...["abcdefgh", "abc…gh", "ab…gh"],
  ]);
});
