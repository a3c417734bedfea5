import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../errors.ts";
import { isGiven, refuseUnused } from "./unused.ts";

Deno.test("an option that would have no effect is refused with the reason", () => {
  const reasons = { trainSize: "needs --examples" };
  refuseUnused({ trainSize: undefined, data: "digits" }, reasons);
  assertThrows(() => refuseUnused({ trainSize: 0 }, reasons), UsageError, "option --train-size needs --examples");
});

Deno.test("switches that are off, and repeated options without values, are not given", () => {
  assertEquals([undefined, false, [], true, 0, "", ["a"]].map(isGiven), [false, false, false, true, true, true, true]);
});
