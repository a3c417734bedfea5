import { assertEquals } from "@std/assert";
import { LeastRecentlyUsed } from "./least_recently_used.ts";

/** A value that records its disposal. */
function valueIn(disposed: string[], name: string) {
  return { name, dispose: () => void disposed.push(name) };
}

Deno.test("the least recently used value is disposed if there is one too many", () => {
  const disposed: string[] = [];
  const table = new LeastRecentlyUsed<ReturnType<typeof valueIn>>(2);
  table.set("a", valueIn(disposed, "a"));
  table.set("b", valueIn(disposed, "b"));
  assertEquals(table.get("a")?.name, "a");
  table.set("c", valueIn(disposed, "c"));
  assertEquals(disposed, ["b"]);
  assertEquals([table.size, table.get("b")], [2, undefined]);
});

Deno.test("a value that is taken out is not disposed, and all others are when the table is cleared", () => {
  const disposed: string[] = [];
  const table = new LeastRecentlyUsed<ReturnType<typeof valueIn>>(3);
  for (const name of ["a", "b", "c"]) table.set(name, valueIn(disposed, name));
  assertEquals(table.take("b")?.name, "b");
  table.clear();
  assertEquals([disposed, table.size], [["a", "c"], 0]);
});
