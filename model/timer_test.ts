import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { timer } from "./timer.ts";

Deno.test("a timed function returns its result, and reports how long it took when it is finished", async () => {
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

Deno.test("a result is returned even if the time cannot be written", async () => {
  const { error } = console;
  console.error = () => {
    throw new Error("No space left on device (os error 28)");
  };
  try {
    assertEquals(timer("Adding", (a: number, b: number) => a + b)(1, 2), 3);
    assertEquals(await timer("Waiting", () => Promise.resolve(7))(), 7);
  } finally {
    console.error = error;
  }
});

Deno.test("a time is in seconds, and what cannot be timed is refused at once", () => {
  const lines: string[] = [];
  const { now } = performance;
  const times = [1000, 13_500];
  performance.now = () => times.shift()!;
  try {
    assertEquals(timer("Adding", (a: number, b: number) => a + b, (line) => lines.push(line))(1, 2), 3);
  } finally {
    performance.now = now;
  }
  assertEquals(lines, ["Adding took 12.500 s"]);
  const odd: (string | ((line: string) => void))[][] = [[], ["name"], ["name", "f"], ["name", () => {}, "log"]];
  for (const parts of odd) {
    assertThrows(() => Reflect.apply(timer, undefined, parts), TypeError, "Cannot time a function");
  }
  assertThrows(
    () => Reflect.apply(timer, undefined, [5, () => {}]),
    TypeError,
    "Cannot time a function: expected name",
  );
});
