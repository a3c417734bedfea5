import { assertEquals, assertRejects } from "@std/assert";
import { followEvents } from "./follow_events.ts";

/** Yields 1 and 2 and returns 3; notes when it ends. */
async function* three(ended: string[]): AsyncGenerator<number, number> {
  try {
    yield await Promise.resolve(1);
    yield 2;
    return 3;
  } finally {
    ended.push("ended");
  }
}

Deno.test("events are followed to the end, and no further than a callback that throws", async () => {
  const [seen, ended]: [number[], string[]] = [[], []];
  assertEquals(await followEvents(three(ended), (event) => seen.push(event)), 3);
  await assertRejects(
    () =>
      followEvents(three(ended), (event) => {
        seen.push(event);
        throw new Error("enough");
      }),
    Error,
    "enough",
  );
  assertEquals(seen, [1, 2, 1]);
  assertEquals(ended, ["ended", "ended"]);
});

Deno.test("generators that cannot be disposed are followed, as those of Node 22", async () => {
  const events = three([]);
  const plain = { next: () => events.next(), return: () => events.return(0), [Symbol.asyncIterator]: () => events };
  assertEquals(await followEvents<number, number>(plain, () => {}), 3);
});
