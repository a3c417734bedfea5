import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("all nine update rules are compared, best first, and drawn", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const printed = await runExample("updates", ["2", "digits"], folder);
    assertEquals(wordsOf(printed).toSorted(), wordsOf(await promisedOutput("updates")).toSorted());
    const testErrors = printed.trim().split("\n").slice(1, -1).map((line) => parseFloat(line.slice(-12)));
    assertEquals(testErrors.length, 9);
    assertEquals(testErrors, testErrors.toSorted((a, b) => a - b));
    assert(testErrors[0] < 50, printed);
    const svg = await Deno.readTextFile(`${folder}/updates.svg`);
    for (const name of ["sgd", "nesterovMomentum", "adadelta", "nadam"]) assertStringIncludes(svg, `>${name}</text>`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
