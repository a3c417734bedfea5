import { assertEquals } from "@std/assert";
import { root } from "./pages.ts";

Deno.test("the page on the tests names every file and folder of theirs, and nothing else", async () => {
  const page = await Deno.readTextFile(`${root}tests/README.md`);
  const named = [...page.matchAll(/^\| `([\w/.]+)`/gm)].map(([, name]) => name.replace(/\/$/, ""));
  const there = (await Array.fromAsync(Deno.readDir(`${root}tests`))).map(({ name }) => name);
  assertEquals(named.toSorted(), there.filter((name) => name !== "README.md").toSorted());
});
