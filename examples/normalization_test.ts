import { assert, assertEquals } from "@std/assert";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("all four variants are trained, and scaled inputs give better results than raw ones", async () => {
  const printed = await runExample("normalization", ["4", "digits"]);
  assertEquals(wordsOf(printed), wordsOf(await promisedOutput("normalization")));
  const testErrors = printed.trim().split("\n").slice(1).map((line) => Number(line.slice(-6)));
  assertEquals(testErrors.length, 4);
  const [raw, ...scaled] = testErrors;
  assert(scaled.every((error) => error < raw), printed);
});
