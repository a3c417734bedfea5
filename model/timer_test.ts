import { assertEquals, assertMatch } from "@std/assert";
import { timer } from "./timer.ts";

Deno.test("a timed function gives its result, and says how long it took once it is there", async () => {
  const lines: string[] = [];
  const wait = timer("Waiting", async (value: number) => {
    await new Promise((done) => setTimeout(done, 5));
    return value;
  }, (line) => lines.push(line));
  const promise = wait(7);
  assertEquals(lines, []);
  assertEquals(await promise, 7);
  assertMatch(lines.join(), /^Waiting took 0\.\d{3} s$/);
});
