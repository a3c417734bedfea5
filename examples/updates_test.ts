import { assert, assertEquals } from "@std/assert";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("all nine update rules are compared, the best one first", async () => {
  const printed = await runExample("updates", ["2", "digits"]);
  assertEquals(wordsOf(printed).toSorted(), wordsOf(await promisedOutput("updates")).toSorted());
  const testErrors = printed.trim().split("\n").slice(1).map((line) => parseFloat(line.slice(-12)));
  assertEquals(testErrors.length, 9);
  assertEquals(testErrors, testErrors.toSorted((a, b) => a - b));
  assert(testErrors[0] < 50, printed);
});
