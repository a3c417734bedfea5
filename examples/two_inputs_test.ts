import { assert, assertEquals } from "@std/assert";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("both outputs learn from both inputs", async () => {
  const printed = await runExample("two_inputs", ["--quick"]);
  const [epoch, test] = wordsOf(await promisedOutput("two_inputs"));
  assertEquals(wordsOf(printed), [...Array<string>(5).fill(epoch), test, ""]);
  const [first, ...others] = [...printed.matchAll(/digit\/loss ([\d.]+), ink\/loss ([\d.]+)/g)].map(([, ...numbers]) =>
    numbers.map(Number)
  );
  const [digit, ink] = others.at(-1)!;
  assert(digit < 0.8 * first[0] && ink < 0.5 * first[1], printed);
});
