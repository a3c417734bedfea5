import { assertEquals } from "@std/assert";
import { promisedOutput, runExample, wordsOf } from "./test_running.ts";

Deno.test("the network learns the alphabet and prints the promised output", async () => {
  const printed = await runExample("lstm_alphabet");
  assertEquals(printed.split("\n")[1], "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  assertEquals(wordsOf(printed), wordsOf(await promisedOutput("lstm_alphabet")));
});
